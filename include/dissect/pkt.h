/*
 * A packet: its context, its fields, and the names found in it.
 */
#ifndef DISSECT_PKT_H
#define DISSECT_PKT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dissect/addr.h"
#include "util/text.h"

struct buf;
struct hello_buffers;
struct pkt_meta;

/*
 * The context of an address: the network it belongs to, as far as the frame shows. 10.0.0.1 on VLAN
 * 10 and on VLAN 20 may be two hosts.
 *
 * A context consists of the numbers between the link and the IP header that has the packet's
 * ends: VLAN tags, the MPLS label, the PPPoE session, and the identity of a tunnel that was
 * entered.  A tunnel with an identity is a network of its own, so the tags around it no longer
 * count.
 */

enum context_tunnel { /* what identifies the innermost tunnel */
	TUNNEL_NONE,
	TUNNEL_VNI,     /* VXLAN, Geneve; LISP's instance */
	TUNNEL_GRE_KEY, /* RFC 2890; the call of version 1 */
	TUNNEL_TEID,    /* GTP-U */
	TUNNEL_L2TP,    /* tunnel (16 bits), session (16) */
	TUNNEL_ISID,    /* IEEE 802.1ah */
	TUNNELS
};

#define CONTEXT_WORDS 2

struct context {
	union {
		struct {
			uint16_t vlan[2]; /* outermost and innermost; 0: none */
			uint16_t session; /* PPPoE; 0: none */
			uint8_t tunnel;   /* enum context_tunnel */
			uint8_t zone;   /* for hosts only: capture point of a link-local address */
			uint32_t label; /* bottom MPLS label; 0: none */
			uint32_t id;    /* of the tunnel */
		};
		uint64_t w[CONTEXT_WORDS];
	};
};

static inline bool
context_is_empty(const struct context *c)
{
	return (c->w[0] | c->w[1]) == 0;
}

/* A tag with VLAN 0 has only a priority. */
static inline void
context_add_vlan(struct context *c, uint16_t id)
{
	c->vlan[c->vlan[0] != 0] = id;
}

static inline void
context_enter_tunnel(struct context *c, enum context_tunnel tunnel, uint32_t id)
{
	*c = (struct context){ .tunnel = (uint8_t)tunnel, .id = id };
}

/* The fields of a context. */
enum context_field {
	CONTEXT_VNI,
	CONTEXT_GRE_KEY,
	CONTEXT_TEID,
	CONTEXT_L2TP,
	CONTEXT_ISID,
	CONTEXT_VLAN,
	CONTEXT_INNER_VLAN,
	CONTEXT_LABEL,
	CONTEXT_SESSION,
	CONTEXT_FIELDS
};

/* The field's name in reports: "vni", "inner_vlan" ... */
const char *context_field_name(enum context_field fact);

/* Returns false if c does not have that field. */
bool context_field(const struct context *c, enum context_field fact, uint32_t *n);

#define CONTEXT_TEXT 160

/* Adds the fields of c as text: "vni 100 vlan 10 vlan 20 label 16 session 3". */
void context_text(struct buf *b, const struct context *c);

/*
 * The fields of one packet after dissection, without pointers into the frame.  Used by the ledger,
 * the packet log and filters.
 */

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
	uint32_t ts_value, ts_echo; /* TCP's timestamps (RFC 7323); 0: none */
	uint32_t payload;           /* transport payload in bytes, by the length fields */
	uint32_t frag_id;           /* of a fragment */
	uint16_t source;            /* number of the source */
	uint8_t dir;                /* enum pkt_dir by the link: in, out or unknown */
	uint8_t flags;              /* enum pkt_flag */
	uint8_t icmp_type, icmp_code;
	bool ends_final; /* addresses and transport are final: inner headers are only added to the
			    stack */
	uint8_t app;     /* enum proto above the transport, or PROTO_NONE */
	uint8_t app_confidence;   /* enum app_confidence */
	uint8_t bpf_gaps;         /* enum bpf_gap: what a capture filter reads differently */
	uint8_t depth;            /* layers in stack */
	uint8_t stack[PKT_DEPTH]; /* enum proto, outermost first; deeper layers are not stored */
	uint8_t outer_kind;       /* enum addr_kind of outer, or ADDR_NONE if outer is not set */
	uint32_t context_id;      /* of context, see core/packet.h; filled in by ledger_count() */
	uint16_t payload_at;      /* bytes of the frame before the transport payload; 0: unknown */
	struct context context;   /* of src and dst */
	struct context pending_context; /* built up while dissecting; private to the dissectors */
	struct pkt_outer outer;         /* only set if outer_kind is */
	uint8_t mac[6];                 /* with PKT_UNSPECIFIED_SRC */
};

/*
 * Names found in a packet: the server name that a client sends, or the addresses of a DNS name.
 * Few packets have any, so they are stored outside struct pkt, in memory of the caller of
 * dissect_with_meta().
 */

#define META_ADDRS_MAX 24
#define META_ALPN_MAX  63 /* bytes of the protocol list, without the NUL */

/* Where the name of an address is from; the name of a higher one is shown. */
enum name_origin {
	NAME_UNKNOWN,
	NAME_ALIAS, /* a file of the user or of the system */
	NAME_PTR,   /* reverse DNS */
	NAME_DHCP,
	NAME_NETBIOS,
	NAME_LLMNR,
	NAME_MDNS,
	NAME_HTTP, /* asked for by a client of that server, in HTTP or in TLS */
	NAME_TLS,
	NAME_DNS,
	NAME_ORIGINS
};

enum pkt_meta_type {
	META_NONE,
	META_SNI,        /* name is the server name of a TLS or DTLS ClientHello, or HTTP's Host */
	META_ALPN,       /* only alpn is set */
	META_DNS_ERROR,  /* rcode is the error of a DNS response */
	META_DNS_ANSWER, /* the name of the addresses, from a DNS, mDNS or LLMNR answer */
	META_DNS_QUESTION, /* only the question, of a query, or of an answer without addresses */
	META_ARP,          /* these three: claim */
	META_DHCP,
	META_ROUTER,
	META_LOGIN_FAILED,
	META_PASSWORD,  /* only has_password is set */
	META_HOST_NAME, /* the name of the addresses, from DHCP or NetBIOS */
};

#define DNS_TEXT_MAX (4 * 253) /* bytes of a clean name, if all its bytes are escaped */

/* The name that a DNS message is about, with all three DNS types. */
struct pkt_question {
	bool known;                  /* the rest is set */
	bool is_answer;              /* the message answers it */
	uint8_t rcode;               /* then: RFC 1035, 4.1.1 */
	uint16_t id;                 /* of the message */
	uint16_t type;               /* of the records asked for: RFC 1035, 3.2.2 */
	char name[DNS_TEXT_MAX + 1]; /* clean, in lower case, because DNS ignores the case */
	uint16_t domain_at; /* where its last labels begin: "example.com" or "example.co.uk" */
	uint16_t below;     /* bytes of the labels before them */
	uint32_t hash;      /* of these bytes */
	uint32_t domain_hash;
};

/* What a host of the link claims. */
struct pkt_claim {
	uint8_t op;       /* ARP: its operation; DHCP: the message's type */
	uint8_t mac[6];   /* ARP: the sender's; DHCP: the client's */
	struct addr addr; /* ARP: the sender's; DHCP: the server's */
	/* ARP: the target's; DHCP: the router, from b[8] on the name server; router: the prefix */
	struct addr target;
};

struct pkt_meta {
	struct hello_buffers
	    *hello_buffers; /* set by the caller: buffers for reassembly, or NULL */
	uint8_t type;       /* enum pkt_meta_type */
	bool alpn_chosen;   /* alpn is the server's choice, not the client's offer */
	uint8_t n_addrs;    /* addresses */
	uint8_t origin;     /* enum name_origin, of the name of the addresses */
	uint8_t rcode;      /* RFC 1035, 4.1.1; not 0 with META_DNS_ERROR */
	bool has_password;  /* a request of HTTP with a password (RFC 7617, 7616) */
	struct pkt_claim claim;
	struct pkt_question question;
	uint8_t kind[META_ADDRS_MAX]; /* ADDR_IP4 or ADDR_IP6 */
	struct addr addr[META_ADDRS_MAX];
	/* clean text; empty with META_ALPN, unused with META_DNS_ERROR */
	char name[TEXT_MAX + 1];
	char alpn[META_ALPN_MAX + 1]; /* clean: "h2,http/1.1" (RFC 7301), or empty */
};

/* Stores n foreign bytes, cleaned, in s->name, unless it is set.  Returns false and stores nothing
 * if they are empty. */
bool pkt_meta_set_name(struct pkt_meta *s, enum pkt_meta_type what, const void *bytes, size_t n);

/* Stores the error code of a DNS response. */
void pkt_meta_set_dns_error(struct pkt_meta *s, uint8_t rcode);

/* Makes it a claim of that type, all zeros. */
struct pkt_claim *pkt_meta_set_claim(struct pkt_meta *s, enum pkt_meta_type type);

/* The caller stores s->question. */
void pkt_meta_set_question(struct pkt_meta *s);

/* A server refuses a login. */
void pkt_meta_set_login_failed(struct pkt_meta *s);

/* A password is sent; keeps the name that is stored. */
void pkt_meta_set_password(struct pkt_meta *s);

/* Adds a protocol to s->alpn if it fits.  GREASE values (RFC 8701) are skipped. */
void pkt_meta_add_alpn(struct pkt_meta *s, bool chosen, const uint8_t *bytes, size_t n);

#endif
