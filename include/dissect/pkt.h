/*
 * What is known of one packet after dissection: facts only, no pointers into
 * the frame.  The ledger counts it; the packet log and the filters read it.
 */
#ifndef DISSECT_PKT_H
#define DISSECT_PKT_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "dissect/context.h"

struct pkt_meta;

#define PKT_DEPTH 12 /* layers that are noted, see ../dissect/dissect.h */

enum pkt_dir { /* relative to the capturing machine or --local */
	DIR_UNKNOWN,
	DIR_IN,
	DIR_OUT,
	DIR_THROUGH, /* neither end is ours */
	DIR_INSIDE,  /* both ends are ours */
};

enum pkt_flag {
	PKT_MALFORMED = 1 << 0,       /* an impossible header */
	PKT_TRUNCATED = 1 << 1,       /* a header cut off by the snap length */
	PKT_FRAGMENT = 1 << 2,        /* of a fragmented datagram, the first included */
	PKT_LATER_FRAGMENT = 1 << 3,  /* a fragment that is not the first: no ports */
	PKT_PORTS = 1 << 4,           /* sport and dport were seen */
	PKT_TUNNEL = 1 << 5,          /* an IP header was found inside another one */
	PKT_UNSPECIFIED_SRC = 1 << 6, /* its IP source is unspecified, mac is who sent it */
};

/* How the application is known, the surest last. */
enum app_confidence {
	APP_UNKNOWN,
	APP_DOUBTED, /* by its port; this payload does not begin as that protocol's first one does
		      */
	APP_BY_PORT,
	APP_REFUTED, /* of flows alone: the port is wrong, and nothing else was found */
	APP_GUESSED, /* by content that chance could look like */
	APP_BY_CONTENT,
};

enum tcp_flag { /* RFC 9293, 3.1, with RFC 3168 */
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
};

/* The IP header of a tunnel whose packet came in fragments. */
struct pkt_outer {
	struct addr src, dst;
	uint32_t frag_id;
	uint16_t proto;
};

/*
 * Without an IP header src and dst are the link's addresses (an end that it does not name is all
 * zeros), and proto is what the link calls its content: the ethertype; in an LLC frame the DSAP
 * (below 0x100), with SNAP the ethertype or protocol in it; the PPP protocol number on a link that
 * has nothing but PPP; else 0.
 */
struct pkt {
	/* Laid out as in struct flowkey. */
	struct addr src, dst;  /* the outermost IP header's; else the link's */
	uint16_t sport, dport; /* TCP, UDP, SCTP; else 0 */
	uint16_t proto;        /* IP: protocol number after extension headers; else see above */
	uint8_t kind;          /* enum addr_kind of src and dst */
	uint8_t domain;        /* capture point; filled in by ledger_count() */

	struct pkt_meta
	    *meta; /* names that it tells, lent by dissect_with_meta()'s caller, or NULL */
	/* Laid out as in struct recent_packet. */
	uint64_t ts;       /* ns since the epoch */
	uint32_t len;      /* bytes on the link */
	uint32_t net_len;  /* bytes from that header on, as it says; 0 without one */
	uint32_t seq, ack; /* TCP; RTP: sequence number and source */
	uint16_t checksum; /* TCP, UDP, ICMP; of a later fragment its offset */
	uint16_t ip_id;    /* IPv4 identification; of an IPv6 fragment its lower half */
	uint16_t window;   /* TCP, unscaled */
	uint8_t tcp_flags; /* enum tcp_flag */
	uint8_t ttl;       /* or hop limit */
	uint32_t payload;  /* transport payload in bytes, as the headers say */
	uint32_t frag_id;  /* of a fragment */
	uint16_t source;   /* number of the source */
	uint8_t dir;       /* enum pkt_dir, as the link says it: in, out or unknown */
	uint8_t flags;     /* enum pkt_flag */
	uint8_t icmp_type, icmp_code;
	bool ends_final; /* ends and transport are final: what is inside only adds to the stack */
	uint8_t app;     /* enum proto above the transport, or PROTO_NONE */
	uint8_t app_confidence;   /* enum app_confidence */
	uint8_t bpf_gaps;         /* enum bpf_gap: what a capture filter does not see as it is */
	uint8_t depth;            /* layers in stack */
	uint8_t stack[PKT_DEPTH]; /* enum proto, outermost first; deeper ones are read, not noted */
	uint8_t
	    outer_kind; /* enum addr_kind of outer, whose first fragment this is, or ADDR_NONE */
	uint32_t context_id; /* of context, see core/context_table.h; filled in by ledger_count() */
	struct context context;         /* of src and dst */
	struct context pending_context; /* all that was met with so far: the dissectors' own */
	struct pkt_outer outer;         /* not set without that */
	uint8_t mac[6];                 /* with PKT_UNSPECIFIED_SRC */
};

#endif
