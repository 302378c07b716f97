/*
 * The first message of TLS, DTLS and QUIC, which names the server; and those (and the
 * heads of HTTP) that do not fit one packet, put together from the packets that carry them.
 *
 *	hellos_init(&hs, &cipher);	NULL: what QUIC hides stays hidden
 *	said.hellos = &hs;		before dissect_said(d, &frame, &pkt, &said)
 *
 * Memory is fixed, a newer hello takes the place of an older one, and of a second
 * of the packets' own time only so much goes into what is hidden.
 */
#ifndef DISSECT_HELLO_REASSEMBLY_H
#define DISSECT_HELLO_REASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "dissect/cursor.h"
#include "dissect/pkt.h"
#include "dissect/pkt_meta.h"

struct cipher;

#define HELLO_SLOTS    64   /* a bit each; see hello_slot() */
#define HELLO_MOST     4096 /* bytes of one that are kept */
#define HELLO_OPENINGS 100  /* packets of QUIC that are opened in a tenth of a second */
#define HELLO_DATAGRAM 1600 /* bytes of one that may be opened */
#define HELLO_SHORT    5    /* bytes of a first segment that are too few to show what it is */
#define HELLO_LOOKS    64   /* at one that is not whole, before it is given up */

struct hello {
	struct addr src, dst;
	uint64_t since; /* when its slot was taken, ns since the epoch */
	uint32_t begin; /* TCP's sequence number of its first byte */
	uint16_t sport, dport;
	uint8_t proto; /* IP protocol number; 0: the slot is free */
	uint8_t app;   /* enum proto that alone reads it; PROTO_NONE: too little is there to tell */
	bool done;
	uint8_t looks;    /* that were taken at it */
	uint16_t ready;   /* bytes from its beginning on, see hello_ready() */
	uint16_t look_at; /* so many bytes must be ready before another look is worth while */
	uint64_t got[HELLO_MOST / 64];
	uint8_t bytes[HELLO_MOST];
};

/* A SYN whose stream has not begun. */
struct hello_start {
	uint64_t since; /* when it came, ns since the epoch */
	struct addr src, dst;
	uint32_t begin; /* sequence number of the first byte */
};

struct hellos {
	const struct cipher *cipher; /* or NULL */
	uint64_t tenth;              /* of a second of the packets' time */
	unsigned openings;           /* within it */
	uint64_t waiting;            /* slots of hellos that are not whole */
	uint8_t plain[HELLO_MOST];
	uint32_t expected[HELLO_SLOTS]; /* hello_ports() of each start; 0: there is none */
	struct hello_start start[HELLO_SLOTS];
	struct hello slot[HELLO_SLOTS];
};

void hellos_init(struct hellos *hs, const struct cipher *cipher);

/* True when a packet of this time may be opened; it counts as opened then. */
bool hellos_may_open(struct hellos *hs, uint64_t ts);

/* The hello of p's ends that was begun a short while ago, or NULL. */
struct hello *hello_find(struct hellos *hs, const struct pkt *p);

/* The ports of p, from its source to its destination.  They choose the slot. */
static inline uint32_t
hello_ports(const struct pkt *p)
{
	return (uint32_t)p->sport << 16 | p->dport;
}

static inline unsigned
hello_slot(uint32_t ports)
{
	return ports * UINT32_C(0x9e3779b1) >> 26;
}

/* True if hello_join() may have use for the payload of p. */
static inline bool
hello_is_near(const struct hellos *hs, const struct pkt *p)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);

	return hs->expected[slot] == ports || hs->waiting >> slot & 1;
}

/* The hello of p's ends that waits for more, if the payload at c is near its beginning; or NULL. */
struct hello *hello_waiting(struct hellos *hs, const struct pkt *p, const struct cursor *c);

/* p is a SYN: pieces of its stream that overtake the first one are kept from now on. */
void hello_expect(struct hellos *hs, const struct pkt *p);

/*
 * Adds the payload at c to the hello of p's ends, if it belongs there.  Begins one if a SYN has
 * shown that the payload has overtaken another, or if it is the first and too short to show what
 * it is.  Returns the hello, or NULL.
 */
struct hello *hello_join(struct hellos *hs, const struct pkt *p, const struct cursor *c);

/* TCP's sequence number of the byte at c, which is in the payload of p. */
static inline uint32_t
hello_seq(const struct pkt *p, const struct cursor *c)
{
	return p->seq + ((p->tcp_flags & TCP_SYN) != 0) + p->payload - (uint32_t)cur_rest(c);
}

/* True where what c has begun may be waited for: behind what the snap length took comes nothing. */
static inline bool
hello_may_go_on(const struct cursor *c, const struct said *s)
{
	return s->hellos != NULL && c->cut == 0;
}

/* There is nothing more to learn of it. */
void hello_done(struct hellos *hs, struct hello *h);

/* A new one of p's ends, in the place of another. */
struct hello *hello_begin(struct hellos *hs, const struct pkt *p, uint32_t begin, uint8_t app);

/* n bytes that belong at an offset; what is past HELLO_MOST is left out. */
void hello_put(struct hello *h, size_t at, const uint8_t *bytes, size_t n);

/* Bytes from its beginning on that are there without a gap. */
size_t hello_ready(struct hello *h);

/*
 * True if so much more is there than at the last look that a look is worth while.  Whoever looks,
 * and finds it not whole, says from how many bytes on the next look is.  After HELLO_LOOKS it is
 * given up, so that no sender of single bytes costs much.
 */
bool hello_grew(struct hello *h);
void hello_look_again(struct hellos *hs, struct hello *h, size_t at);

/*
 * Reads the handshake message at c: of a ClientHello the server's name and the offered
 * protocols, of a ServerHello the chosen one.  False where more of it is to come.
 */
bool hello_read(struct cursor *c, bool datagram, struct said *s);

#endif
