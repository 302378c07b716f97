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
	if (p->src.w[0] != p->dst.w[0])
		return p->src.w[0] < p->dst.w[0];
	if (p->src.w[1] != p->dst.w[1])
		return p->src.w[1] < p->dst.w[1];
	return p->sport < p->dport;
}

/* The same for both directions of p. */
static ATTR_INLINE uint32_t
flow_hash(const struct hashkey *k, const struct pkt *p, uint8_t domain)
{
	bool straight = lookup_source_first(p);
	const struct addr *x = straight ? &p->src : &p->dst;
	const struct addr *y = straight ? &p->dst : &p->src;
	uint64_t xport = straight ? p->sport : p->dport;
	uint64_t yport = straight ? p->dport : p->sport;
	uint64_t last =
	    xport << 48 | yport << 32 | (uint64_t)p->proto << 16 | (uint64_t)p->kind << 8 | domain;

	if (p->kind == ADDR_IP4) {
		uint64_t words[2] = { x->w[0] << 32 | (y->w[0] & UINT32_MAX), last };

		return (uint32_t)hash_words(k, words, 2);
	}
	uint64_t words[5] = { x->w[0], x->w[1], y->w[0], y->w[1], last };

	return (uint32_t)hash_words(k, words, 5);
}

/* True for the flow of p, either way; *way: 0 where p goes from a to b.  Flows of the past do not
 * match. */
static ATTR_INLINE bool
flow_matches(const struct flow *f, const struct pkt *p, uint8_t domain, int *way)
{
	const struct flowkey *k = &f->key;

	if (k->proto != p->proto || k->kind != p->kind || k->domain != domain ||
	    (f->bits & FLOW_PAST))
		return false;
	if (k->a_port == p->sport && k->b_port == p->dport && addr_equal(&k->a, &p->src) &&
	    addr_equal(&k->b, &p->dst)) {
		*way = 0;
		return true;
	}
	*way = 1;
	return k->a_port == p->dport && k->b_port == p->sport && addr_equal(&k->a, &p->dst) &&
	    addr_equal(&k->b, &p->src);
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
