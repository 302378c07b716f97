/*
 * How the flow of a packet is found: the part of the flow table that every
 * packet goes through, and therefore inline.
 */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/flow.h"
#include "dissect/pkt.h"
#include "util/hash.h"

/* True when the source of p comes first in the order that makes both directions hash alike. */
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
 * The same for both directions of p.  Which way a packet goes is a toss of a coin, so nothing here
 * and in flow_matches() branches on it.
 */
static ATTR_INLINE uint32_t
flow_hash(const struct pairkey *k, const struct pkt *p, uint8_t domain)
{
	uint64_t turn = -(uint64_t)!lookup_source_first(p);
	uint64_t w0 = (p->src.w[0] ^ p->dst.w[0]) & turn;
	uint64_t w1 = (p->src.w[1] ^ p->dst.w[1]) & turn;
	uint64_t port = (uint64_t)(p->sport ^ p->dport) & turn;
	uint64_t words[PAIR_WORDS] = {
		p->src.w[0] ^ w0,
		p->src.w[1] ^ w1,
		p->dst.w[0] ^ w0,
		p->dst.w[1] ^ w1,
		(p->sport ^ port) << 48 | (p->dport ^ port) << 32 | (uint64_t)p->proto << 16 |
		    (uint64_t)p->kind << 8 | domain,
	};

	return hash_pairs(k, words);
}

/* 0 where the ends of a flow are those. */
static ATTR_INLINE uint64_t
lookup_differ(const struct flowkey *k, const struct addr *a, const struct addr *b, uint16_t a_port,
    uint16_t b_port)
{
	return (k->a.w[0] ^ a->w[0]) | (k->a.w[1] ^ a->w[1]) | (k->b.w[0] ^ b->w[0]) |
	    (k->b.w[1] ^ b->w[1]) | (uint64_t)(k->a_port ^ a_port) | (uint64_t)(k->b_port ^ b_port);
}

/* True for the flow of p, either way; *way: 0 where p goes from a to b.  Flows of the past do not
 * match. */
static ATTR_INLINE bool
flow_matches(const struct flow *f, const struct pkt *p, uint8_t domain, int *way)
{
	const struct flowkey *k = &f->key;
	uint64_t there = lookup_differ(k, &p->src, &p->dst, p->sport, p->dport);
	uint64_t back = lookup_differ(k, &p->dst, &p->src, p->dport, p->sport);
	unsigned other = (unsigned)(k->proto ^ p->proto) | (unsigned)(k->kind ^ p->kind) |
	    (unsigned)(k->domain ^ domain);

	*way = there != 0;
	return ((there != 0) & (back != 0)) == 0 && other == 0 && !(f->bits & FLOW_PAST);
}

static inline bool
pkt_is_syn(const struct pkt *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

/* True when p opens a new connection on the 5-tuple of f. */
static inline bool
flow_is_reopened(const struct flow *f, const struct pkt *p)
{
	return flow_ended(f) && pkt_is_syn(p) && !((f->bits & FLOW_SYN_SEEN) && f->isn == p->seq);
}

#endif
