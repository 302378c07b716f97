/*
 * Reassembly of ClientHellos (TLS, DTLS, QUIC) and HTTP heads that do not fit one packet; and the
 * parser of hello messages, which have the server name.
 *
 *	hello_buffers_init(&hs, &cipher);	NULL: QUIC is not decrypted
 *	said.hellos = &hs;		before dissect_with_meta(d, &frame, &pkt, &said)
 *
 * Memory is fixed; a newer hello replaces an older one.  The number of QUIC packets decrypted per
 * tenth of a second of packet time is limited.
 */
#ifndef DISSECT_HELLO_REASSEMBLY_H
#define DISSECT_HELLO_REASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "dissect/cursor.h"
#include "dissect/pkt.h"

struct cipher;

#define HELLO_SLOTS        64   /* a bit each; see hello_slot() */
#define HELLO_MAX          4096 /* bytes kept of each */
#define HELLO_DECRYPTS_MAX 100  /* QUIC packets decrypted per tenth of a second */
#define HELLO_DATAGRAM_MAX 1600 /* bytes of a datagram that may be decrypted */
#define HELLO_SHORT        5  /* a first segment of up to so many bytes is too short to classify */
#define HELLO_PARSES_MAX   64 /* parse attempts of an incomplete hello before it is given up */

struct hello_buffer {
	struct addr src, dst;
	uint64_t started;   /* when its slot was allocated, ns since the epoch */
	uint32_t start_seq; /* TCP sequence number of its first byte */
	uint16_t sport, dport;
	uint8_t proto; /* IP protocol number; 0: the slot is free */
	uint8_t app;   /* enum proto that parses it; PROTO_NONE: not known yet */
	bool done;
	uint8_t n_parses;    /* parse attempts */
	uint16_t contiguous; /* contiguous bytes from its start, see hello_contiguous() */
	uint16_t parse_at;   /* bytes needed before the next parse attempt */
	uint64_t received[HELLO_MAX / 64];
	uint8_t bytes[HELLO_MAX];
};

/* A SYN whose stream has no data yet. */
struct hello_syn {
	uint64_t started; /* when it came, ns since the epoch */
	struct addr src, dst;
	uint32_t start_seq; /* sequence number of the first byte */
};

struct hello_buffers {
	const struct cipher *cipher; /* or NULL */
	uint64_t decrypt_period;     /* current tenth of a second of packet time */
	unsigned decrypts;           /* decryptions within it */
	uint64_t pending;            /* bitmap of slots with incomplete hellos */
	uint8_t plaintext[HELLO_MAX];
	uint32_t expected[HELLO_SLOTS]; /* hello_ports() of each start; 0: there is none */
	struct hello_syn syn[HELLO_SLOTS];
	struct hello_buffer slot[HELLO_SLOTS];
};

void hello_buffers_init(struct hello_buffers *hs, const struct cipher *cipher);

/* True if a packet with this timestamp may be decrypted; counts it. */
bool hello_may_decrypt(struct hello_buffers *hs, uint64_t ts);

/* The recent hello of p's ends, or NULL. */
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

/* True if hello_add_segment() may need the payload of p. */
static inline bool
hello_may_join(const struct hello_buffers *hs, const struct pkt *p)
{
	uint32_t ports = hello_ports(p);
	unsigned slot = hello_slot(ports);

	return hs->expected[slot] == ports || hs->pending >> slot & 1;
}

/* The incomplete hello of p's ends if the payload at c is near its start; else NULL. */
struct hello_buffer *hello_find_pending(
    struct hello_buffers *hs, const struct pkt *p, const struct cursor *c);

/* p is a SYN: from now on early out-of-order segments of its stream are kept. */
void hello_note_syn(struct hello_buffers *hs, const struct pkt *p);

/*
 * Adds the payload at c to the hello of p's ends if it belongs there.  Starts a new one if the
 * payload is out of order after a SYN, or is the first and too short to classify.  Returns the
 * hello or NULL.
 */
struct hello_buffer *hello_add_segment(
    struct hello_buffers *hs, const struct pkt *p, const struct cursor *c);

/* TCP sequence number of the byte at c, in the payload of p. */
static inline uint32_t
hello_payload_seq(const struct pkt *p, const struct cursor *c)
{
	return p->seq + ((p->tcp_flags & TCP_SYN) != 0) + p->payload - (uint32_t)cur_reported(c);
}

/* True if a continuation of c can be reassembled: not if the snap length cut it off. */
static inline bool
hello_may_continue(const struct cursor *c, const struct pkt_meta *s)
{
	return s->hello_buffers != NULL && c->uncaptured == 0;
}

/* Marks a hello as finished. */
void hello_finish(struct hello_buffers *hs, struct hello_buffer *h);

/* Starts a hello of p's ends, replacing the one in its slot. */
struct hello_buffer *hello_new(
    struct hello_buffers *hs, const struct pkt *p, uint32_t begin, uint8_t app);

/* Stores n bytes at an offset; bytes past HELLO_MAX are dropped. */
void hello_store(struct hello_buffer *h, size_t at, const uint8_t *bytes, size_t n);

/* The number of contiguous bytes from its start. */
size_t hello_contiguous(struct hello_buffer *h);

/*
 * hello_should_parse() is true if enough bytes came since the last parse attempt.  If parsing finds
 * the hello incomplete, hello_parse_later() sets the size for the next attempt.  After
 * HELLO_PARSES_MAX attempts it is given up, which limits the cost of senders of single bytes.
 */
bool hello_should_parse(struct hello_buffer *h);
void hello_parse_later(struct hello_buffers *hs, struct hello_buffer *h, size_t at);

/*
 * Parses the handshake message at c: server name and offered ALPN protocols of a ClientHello, or
 * the selected protocol of a ServerHello.  Returns false if it is incomplete.
 */
bool tls_hello_read(struct cursor *c, bool datagram, struct pkt_meta *s);

#endif
