/*
 * The fields of one packet after dissection, without pointers into the frame.  Used by the ledger,
 * the packet log and filters.
 */
#ifndef DISSECT_PKT_H
#define DISSECT_PKT_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "dissect/context.h"

struct pkt_meta;

#define PKT_DEPTH 12 /* layers stored in the stack, see dissect.h */

enum pkt_dir { /* relative to the capturing machine or --local */
	DIR_UNKNOWN,
	DIR_IN,
	DIR_OUT,
	DIR_THROUGH, /* neither end is local */
	DIR_INSIDE,  /* both ends are local */
};

enum pkt_flag {
	PKT_MALFORMED = 1 << 0,       /* an invalid header */
	PKT_TRUNCATED = 1 << 1,       /* a header cut off by the snap length */
	PKT_FRAGMENT = 1 << 2,        /* a fragment, including the first one */
	PKT_LATER_FRAGMENT = 1 << 3,  /* a fragment that is not the first: no ports */
	PKT_PORTS = 1 << 4,           /* sport and dport were seen */
	PKT_TUNNEL = 1 << 5,          /* an IP header was found inside another one */
	PKT_UNSPECIFIED_SRC = 1 << 6, /* its IP source is unspecified; mac is the sender's */
};

/* How certain the application is, in increasing order. */
enum app_confidence {
	APP_UNKNOWN,
	APP_DOUBTED, /* by port, but this payload does not begin like that protocol */
	APP_BY_PORT,
	APP_REFUTED, /* flows only: the port is wrong, and nothing else was found */
	APP_GUESSED, /* by content that could match by chance */
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

/* The outer IP header of a tunnel packet that came in fragments. */
struct pkt_outer {
	struct addr src, dst;
	uint32_t frag_id;
	uint16_t proto;
};

/*
 * Without an IP header src and dst are link-layer addresses (zero if the link does not have them),
 * and proto is the link's protocol number: the ethertype; in an LLC frame the DSAP (below 0x100),
 * with SNAP the ethertype or protocol in it; the PPP protocol number on a link that has nothing but
 * PPP; else 0.
 */
struct pkt {
	/* Laid out as in struct flowkey. */
	struct addr src, dst;  /* the outermost IP header's; else the link's */
	uint16_t sport, dport; /* TCP, UDP, SCTP; else 0 */
	uint16_t proto;        /* IP: protocol number after extension headers; else see above */
	uint8_t kind;          /* enum addr_kind of src and dst */
	uint8_t domain;        /* capture point; filled in by ledger_count() */

	struct pkt_meta
	    *meta; /* names found in it, owned by the caller of dissect_with_meta(), or NULL */
	/* Laid out as in struct recent_packet. */
	uint64_t ts;       /* ns since the epoch */
	uint32_t len;      /* bytes on the link */
	uint32_t net_len;  /* bytes from the IP header on, by its length field; 0 without one */
	uint32_t seq, ack; /* TCP; RTP: sequence number and source */
	uint16_t checksum; /* TCP, UDP, ICMP; of a later fragment its offset */
	uint16_t ip_id;    /* IPv4 identification; of an IPv6 fragment its lower half */
	uint16_t window;   /* TCP, unscaled */
	uint8_t tcp_flags; /* enum tcp_flag */
	uint8_t ttl;       /* or hop limit */
	uint32_t payload;  /* transport payload in bytes, by the length fields */
	uint32_t frag_id;  /* of a fragment */
	uint16_t source;   /* number of the source */
	uint8_t dir;       /* enum pkt_dir by the link: in, out or unknown */
	uint8_t flags;     /* enum pkt_flag */
	uint8_t icmp_type, icmp_code;
	bool ends_final; /* addresses and transport are final: inner headers are only added to the
			    stack */
	uint8_t app;     /* enum proto above the transport, or PROTO_NONE */
	uint8_t app_confidence;   /* enum app_confidence */
	uint8_t bpf_gaps;         /* enum bpf_gap: what a capture filter reads differently */
	uint8_t depth;            /* layers in stack */
	uint8_t stack[PKT_DEPTH]; /* enum proto, outermost first; deeper layers are not stored */
	uint8_t outer_kind;       /* enum addr_kind of outer, or ADDR_NONE if outer is not set */
	uint32_t context_id; /* of context, see core/context_table.h; filled in by ledger_count() */
	struct context context;         /* of src and dst */
	struct context pending_context; /* built up while dissecting; private to the dissectors */
	struct pkt_outer outer;         /* only set if outer_kind is */
	uint8_t mac[6];                 /* with PKT_UNSPECIFIED_SRC */
};

#endif
