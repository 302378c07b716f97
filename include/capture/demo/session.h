/*
 * Private to src/capture/demo/: sessions, and the packets that they send.
 */
#ifndef CAPTURE_DEMO_SESSION_H
#define CAPTURE_DEMO_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Builds a frame. The content is written first, then each header in front of it, so that nothing is
 * moved:
 *
 *	wire_start(&w);
 *	wire_u16(&w, 7); ...		the content
 *	wire_udp(&w, &route);		UDP, IP and Ethernet, with lengths and checksums
 *	w.b + w.at, w.end - w.at	the frame
 *
 * Private to the synthetic network.
 */

#define WIRE_HEADERS 96 /* room for Ethernet, VLAN, IPv6, TCP with options */
#define WIRE_CONTENT 1480
#define WIRE_MTU     1500

struct wire {
	uint8_t b[WIRE_HEADERS + WIRE_CONTENT];
	size_t at, end; /* the frame so far */
	uint16_t id;    /* of the next IPv4 datagram */
};

struct demo_end {
	uint8_t mac[6];
	uint8_t ip[16]; /* the first 4 of IPv4 */
	uint16_t port;
	uint8_t ttl; /* of its packets, as captured */
};

struct demo_route {
	const struct demo_end *src, *dst;
	bool six;
	uint8_t vlan; /* 0: untagged */
};

struct demo_segment {
	uint32_t seq, ack;
	uint8_t flags; /* bits of RFC 9293, 3.1 */
	uint16_t window;
};

enum wire_tcp_flag { WIRE_FIN = 1, WIRE_SYN = 2, WIRE_RST = 4, WIRE_PSH = 8, WIRE_ACK = 16 };

void wire_start(struct wire *w);

void wire_u8(struct wire *w, unsigned v);
void wire_u16(struct wire *w, unsigned v);
void wire_u32(struct wire *w, uint32_t v);
void wire_bytes(struct wire *w, const void *bytes, size_t n);
void wire_zeros(struct wire *w, size_t n);
void wire_text(struct wire *w, const char *s); /* without its NUL */

/* Reserves a 16-bit length, which wire_close() sets to the number of bytes after it. */
size_t wire_open(struct wire *w);
void wire_close(struct wire *w, size_t opened);

static inline size_t
wire_length(const struct wire *w)
{
	return w->end - w->at;
}

/* Adds headers down to Ethernet; a SYN gets the usual options. */
void wire_tcp(struct wire *w, const struct demo_route *r, const struct demo_segment *g);
void wire_udp(struct wire *w, const struct demo_route *r);

/* The content is an ICMP, ICMPv6 or IGMP message with a zero checksum at byte 2. */
void wire_icmp(struct wire *w, const struct demo_route *r);
void wire_igmp(struct wire *w, const struct demo_route *r);

/* Ethernet (with the VLAN's tag), padded to the minimum of 60 bytes. */
void wire_eth(struct wire *w, const struct demo_route *r, unsigned type);

/*
 * The synthetic network's internals. A fixed number of sessions, each of a kind (a row in kinds.c),
 * each a small state machine. Its step function makes one frame, sets the next step and returns the
 * delay until then. The session with the earliest time steps next; a finished one is replaced by
 * another of its kind.
 *
 * Private to the synthetic network.
 */

#define DEMO_SESSIONS 128  /* maximum; kinds.c has the number in use */
#define DEMO_POOL     4096 /* bytes of filler content */

enum demo_site { /* external services, one name each */
	SITE_VIDEO,
	SITE_MIRROR,
	SITE_MAIL,
	SITE_TIME,
	SITE_SHELL,
	SITE_VOICE,
	SITE_BACKUP,
	SITE_NAMES,
	SITE_WEB, /* the first web site, also the most frequent one */
	SITES = 24,
	SITE_ANY = 255,
};

enum demo_place { /* where an endpoint is; other numbers: that host of the local network */
	PLACE_ROUTER = 1,
	PLACE_RESOLVER = 2,
	PLACE_MAIL = 3,
	PLACE_DATABASE = 5,
	PLACE_CLIENTS = 20, /* any of the clients */
	PLACE_PHONES = 120, /* any on a VLAN of their own */
	PLACE_SITE = 200,
	PLACE_SCANNER,
	PLACE_MDNS,
};

enum demo_bits {
	DEMO_WAVES = 1 << 0,        /* its rate follows the network's load */
	DEMO_TLS = 1 << 1,          /* content is sent in TLS records */
	DEMO_SERVER_FIRST = 1 << 2, /* the server speaks first */
	DEMO_SWEEPS = 1 << 3,       /* another host and port for each probe */
	DEMO_SAME_PORT = 1 << 4,    /* the client uses the server's port number too */
};

struct demo;
struct demo_session;

/* Makes one frame in d->wire; returns the ns until the session's next step. */
typedef uint64_t demo_step_fn(struct demo *d, struct demo_session *s);

/*
 * For a TCP kind: starts a message of s->left bytes, which it may change, in d->wire; the rest is
 * filled. For other kinds: makes the whole frame. s->from: 0 client, 1 server.
 */
typedef void demo_make_fn(struct demo *d, struct demo_session *s);

struct demo_range {
	uint32_t least, most;
};

struct demo_kind {
	demo_step_fn *first;
	demo_make_fn *make;
	uint16_t port;
	uint8_t sessions;         /* at the same time */
	uint8_t client, server;   /* enum demo_place */
	uint8_t site;             /* enum demo_site */
	uint8_t six;              /* percent that are IPv6 */
	uint8_t vlan, bits;       /* enum demo_bits */
	uint8_t resets;           /* percent that end in a reset; of probes: that are refused */
	struct demo_range turns;  /* requests and responses in a session */
	struct demo_range ask;    /* bytes (TCP) */
	struct demo_range answer; /* bytes (TCP), frames (others) */
	struct demo_range think;  /* us between turns */
	struct demo_range pause;  /* us between sessions */
	uint32_t rtt_us, gap_us;  /* round trip to the server; between frames of an answer */
};

extern const struct demo_kind demo_kinds[];
extern const unsigned n_demo_kinds;

struct demo_session {
	const struct demo_kind *kind;
	demo_step_fn *step;
	uint64_t at; /* ns since the epoch: time of the next step */
	struct demo_end end[2];
	uint32_t turn, turns;
	uint32_t left;   /* of the message: bytes (TCP), frames (others) */
	uint32_t seq[2]; /* next of each end; others keep an identifier in seq[0] */
	uint32_t lost_seq;
	uint16_t lost;   /* bytes of a lost segment; 0: none */
	uint8_t site;    /* enum demo_site */
	uint8_t from;    /* the message's sender */
	uint8_t unacked; /* segments */
	bool six;
	bool message_unsent; /* nothing of the message has been sent yet */
};

struct demo {
	uint64_t now; /* ns since the epoch */
	uint64_t random;
	struct wire wire;
	struct demo_session session[DEMO_SESSIONS];
	uint8_t heap[DEMO_SESSIONS]; /* ordered by time */
	unsigned n;
	uint8_t pool[DEMO_POOL];
};

/* 64 random bits. */
uint64_t demo_random_word(struct demo *d);

/* 0 to n - 1. */
uint32_t demo_random(struct demo *d, uint32_t n);
uint32_t demo_between(struct demo *d, struct demo_range r);

/* A random time around us microseconds, in ns. */
uint64_t demo_about(struct demo *d, uint32_t us);

/* Ends the session: starts another one of its kind after the returned pause (ns). */
uint64_t demo_renew(struct demo *d, struct demo_session *s);

struct demo_route demo_route(const struct demo_session *s, unsigned from);

/* The endpoints of sessions (place.c). */
void demo_place_session(struct demo *d, struct demo_session *s);
void demo_local(struct demo_end *e, unsigned host, bool six);
void demo_remote(struct demo_end *e, unsigned site, unsigned host, bool six);
void demo_group(struct demo_end *e, const uint8_t *ip, bool six);
const char *demo_site_name(unsigned site);

/* First steps. */
demo_step_fn demo_tcp_open, demo_tcp_probe, demo_exchange;

/* Contents. */
demo_make_fn demo_tls, demo_http, demo_ssh, demo_smtp, demo_pgsql;
demo_make_fn demo_dns, demo_ntp, demo_rtp, demo_sip, demo_quic;
demo_make_fn demo_mdns, demo_dhcp, demo_echo, demo_igmp, demo_arp, demo_neighbour;

#endif
