/*
 * The first message of TLS, DTLS and QUIC, which names the server; and those (and the
 * heads of HTTP) that do not fit one packet, put together from the packets that carry them.
 *
 *	hello_buffers_init(&hs, &cipher);	NULL: what QUIC hides stays hidden
 *	said.hellos = &hs;		before dissect_with_meta(d, &frame, &pkt, &said)
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

#define HELLO_SLOTS        64   /* a bit each; see hello_slot() */
#define HELLO_MAX          4096 /* bytes of one that are kept */
#define HELLO_DECRYPTS_MAX 100  /* packets of QUIC that are opened in a tenth of a second */
#define HELLO_DATAGRAM_MAX 1600 /* bytes of one that may be opened */
#define HELLO_SHORT        5    /* bytes of a first segment that are too few to show what it is */
#define HELLO_PARSES_MAX   64   /* at one that is not whole, before it is given up */

struct hello_buffer {
	struct addr src, dst;
	uint64_t started;   /* when its slot was taken, ns since the epoch */
	uint32_t start_seq; /* TCP's sequence number of its first byte */
	uint16_t sport, dport;
	uint8_t proto; /* IP protocol number; 0: the slot is free */
	uint8_t app;   /* enum proto that alone reads it; PROTO_NONE: too little is there to tell */
	bool done;
	uint8_t n_parses;    /* that were taken at it */
	uint16_t contiguous; /* bytes from its beginning on, see hello_contiguous() */
	uint16_t parse_at;   /* so many bytes must be ready before another look is worth while */
	uint64_t received[HELLO_MAX / 64];
	uint8_t bytes[HELLO_MAX];
};

/* A SYN whose stream has not begun. */
struct hello_syn {
	uint64_t started; /* when it came, ns since the epoch */
	struct addr src, dst;
	uint32_t start_seq; /* sequence number of the first byte */
};

struct hello_buffers {
	const struct cipher *cipher; /* or NULL */
	uint64_t decrypt_period;     /* of a second of the packets' time */
	unsigned decrypts;           /* within it */
	uint64_t pending;            /* slots of hellos that are not whole */
	uint8_t plaintext[HELLO_MAX];
	uint32_t expected[HELLO_SLOTS]; /* hello_ports() of each start; 0: there is none */
	struct hello_syn syn[HELLO_SLOTS];
	struct hello_buffer slot[HELLO_SLOTS];
};

void hello_buffers_init(struct hello_buffers *hs, const struct cipher *cipher);

/* True when a packet of this time may be opened; it counts as opened then. */
bool hello_may_decrypt(struct hello_buffers *hs, uint64_t ts);

/* The hello of p's ends that was begun a short while ago, or NULL. */
struct hello_buffer *hello_find(struct hello_buffers *hs, const struct pkt *p);

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

/* True if hello_add_segment() may have use for the payload of p. */
static inline bool
hello_may_join(const struct hello_buffers *hs, const struct pkt *p)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);

	return hs->expected[slot] == ports || hs->pending >> slot & 1;
}

/* The hello of p's ends that waits for more, if the payload at c is near its beginning; or NULL. */
struct hello_buffer *hello_find_pending(
    struct hello_buffers *hs, const struct pkt *p, const struct cursor *c);

/* p is a SYN: pieces of its stream that overtake the first one are kept from now on. */
void hello_note_syn(struct hello_buffers *hs, const struct pkt *p);

/*
 * Adds the payload at c to the hello of p's ends, if it belongs there.  Begins one if a SYN has
 * shown that the payload has overtaken another, or if it is the first and too short to show what
 * it is.  Returns the hello, or NULL.
 */
struct hello_buffer *hello_add_segment(
    struct hello_buffers *hs, const struct pkt *p, const struct cursor *c);

/* TCP's sequence number of the byte at c, which is in the payload of p. */
static inline uint32_t
hello_payload_seq(const struct pkt *p, const struct cursor *c)
{
	return p->seq + ((p->tcp_flags & TCP_SYN) != 0) + p->payload - (uint32_t)cur_reported(c);
}

/* True where what c has begun may be waited for: behind what the snap length took comes nothing. */
static inline bool
hello_may_continue(const struct cursor *c, const struct pkt_meta *s)
{
	return s->hello_buffers != NULL && c->uncaptured == 0;
}

/* There is nothing more to learn of it. */
void hello_finish(struct hello_buffers *hs, struct hello_buffer *h);

/* A new one of p's ends, in the place of another. */
struct hello_buffer *hello_new(
    struct hello_buffers *hs, const struct pkt *p, uint32_t begin, uint8_t app);

/* n bytes that belong at an offset; what is past HELLO_MAX is left out. */
void hello_store(struct hello_buffer *h, size_t at, const uint8_t *bytes, size_t n);

/* Bytes from its beginning on that are there without a gap. */
size_t hello_contiguous(struct hello_buffer *h);

/*
 * True if so much more is there than at the last look that a look is worth while.  Whoever looks,
 * and finds it not whole, says from how many bytes on the next look is.  After HELLO_PARSES_MAX it
 * is given up, so that no sender of single bytes costs much.
 */
bool hello_should_parse(struct hello_buffer *h);
void hello_parse_later(struct hello_buffers *hs, struct hello_buffer *h, size_t at);

/*
 * Reads the handshake message at c: of a ClientHello the server's name and the offered
 * protocols, of a ServerHello the chosen one.  False where more of it is to come.
 */
bool tls_hello_read(struct cursor *c, bool datagram, struct pkt_meta *s);

#endif
