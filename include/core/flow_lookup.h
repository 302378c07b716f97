/*
 * Flow look-up.  Inline, because every packet takes this path.
 */
#ifndef CORE_FLOW_LOOKUP_H
#define CORE_FLOW_LOOKUP_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/flow.h"
#include "dissect/pkt.h"
#include "util/hash.h"

static_assert(offsetof(struct pkt, sport) - offsetof(struct pkt, src) ==
	    offsetof(struct flowkey, a_port) - offsetof(struct flowkey, a) &&
	offsetof(struct pkt, dport) == offsetof(struct pkt, sport) + 2 &&
	offsetof(struct pkt, domain) == offsetof(struct pkt, proto) + 3 &&
	offsetof(struct flowkey, domain) == offsetof(struct flowkey, proto) + 3,
    "packets and keys compare by words");

/* Loads the two adjacent ports of a key or packet, or the four bytes after them. */
static inline uint32_t
lookup_load32(const void *at)
{
	uint32_t w;

	memcpy(&w, at, sizeof(w));
	return w;
}

/* Swaps two ports if bits is 16, in either byte order; leaves them if it is 0. */
static inline uint32_t
lookup_swap_ports(uint32_t ports, unsigned bits)
{
	return ports << bits | ports >> (-bits & 31);
}

/* 1 if any bit is set, else 0.  Written so that compilers do not make it a branch. */
static inline uint64_t
lookup_is_nonzero(uint64_t bits)
{
	return (bits | -bits) >> 63;
}

/* True if the source of p is the smaller end.  Ordering the ends makes both directions hash alike.
 */
static inline bool
lookup_source_first(const struct pkt *p)
{
	if (LIKELY(p->src.w[0] != p->dst.w[0]))
		return p->src.w[0] < p->dst.w[0];
	if (p->src.w[1] != p->dst.w[1])
		return p->src.w[1] < p->dst.w[1];
	return p->sport < p->dport;
}

/*
 * The hash is the same for both directions.  The direction cannot be predicted, so this and
 * flow_matches() do not branch on it.
 */
static ATTR_INLINE uint32_t
flow_hash(const struct pairkey *k, const struct pkt *p)
{
	uint64_t turn = -(uint64_t)!lookup_source_first(p);
	uint64_t w0 = (p->src.w[0] ^ p->dst.w[0]) & turn;
	uint64_t w1 = (p->src.w[1] ^ p->dst.w[1]) & turn;
	uint64_t words[PAIR_WORDS] = {
		p->src.w[0] ^ w0,
		p->src.w[1] ^ w1,
		p->dst.w[0] ^ w0,
		p->dst.w[1] ^ w1,
		(uint64_t)lookup_swap_ports(lookup_load32(&p->sport), turn & 16) << 32 |
		    lookup_load32(&p->proto),
	};

	return hash_pairs(k, words, PAIR_WORDS) ^ p->context_id;
}

/* True if f is between the ends of p, in any context, and not superseded.  Sets *way to 0 if p goes
 * from a to b, else to 1. */
static ATTR_INLINE bool
flow_is_between(const struct flow *f, const struct pkt *p, int *way)
{
	const struct flowkey *k = &f->key;
	const uint64_t *a = k->a.w, *b = k->b.w, *s = p->src.w, *d = p->dst.w;
	uint32_t kept = lookup_load32(&k->a_port), ports = lookup_load32(&p->sport);
	uint64_t there =
	    (a[0] ^ s[0]) | (a[1] ^ s[1]) | (b[0] ^ d[0]) | (b[1] ^ d[1]) | (kept ^ ports);
	uint64_t back = (a[0] ^ d[0]) | (a[1] ^ d[1]) | (b[0] ^ s[0]) | (b[1] ^ s[1]) |
	    (kept ^ lookup_swap_ports(ports, 16));
	uint32_t kind = lookup_load32(&k->proto);

	*way = there != 0;
	return ((lookup_is_nonzero(there) & lookup_is_nonzero(back)) |
		   (kind ^ lookup_load32(&p->proto)) | (f->bits & FLOW_SUPERSEDED)) == 0;
}

/* True if f is the flow of p, in either direction; core/packet.h explains contexts. */
static ATTR_INLINE bool
flow_matches(const struct flow *f, const struct pkt *p, int *way)
{
	if (!flow_is_between(f, p, way))
		return false;
	return LIKELY((p->context_id | (f->bits & FLOW_HAS_CONTEXT)) == 0) ||
	    f->context[*way ^ f->first_sender] == p->context_id;
}

/* The hash by which the answers of a flow in another context are found. */
static inline uint32_t
flow_reply_hash(const struct flows *fs, uint32_t row)
{
	const struct flow *f = &fs->row[row];

	return fs->table.lru.entry[row].hash ^ f->context[0] ^ f->context[1];
}

static inline bool
pkt_is_syn(const struct pkt *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

/* True if p opens a new connection on the 5-tuple of f. */
static inline bool
flow_is_reopened(const struct flow *f, const struct pkt *p, int way)
{
	return UNLIKELY((p->tcp_flags & (TCP_SYN | TCP_RST)) == TCP_SYN) &&
	    flow_is_new_connection(f, p, way);
}

#endif
