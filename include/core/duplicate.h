/*
 * Packets that are seen twice, as where a SPAN port mirrors both directions, or where the
 * capture sees them before and behind a router.  A copy has the addresses, ports and transport
 * header of the packet before, and its hop limit or one next to it, and comes a few ms later.
 *
 * Hosts send the same bytes again too.  It is a copy for sure if
 *
 *	the IPv4 identification is the same, and the packet before of this sender had another one
 *	the hop limit differs by one
 *	TCP: it begins, ends or carries data, and 2 ms have not passed, in which nobody sends it
 *		again unless duplicate ACKs have asked for it
 *	IPv6: the checksum is the same (there is no identification), within 2 ms, and the flow
 *		has few packets
 *
 * All else that looks the same (acknowledgements without an identification above all) is a copy
 * if many packets before it were.
 *
 * What a packet looks like is noted in a ring, in the order of their coming, which costs next to
 * nothing.  It is asked only for those that may be copies: see may_be_copy() in count.c.
 */
#ifndef CORE_DUPLICATE_H
#define CORE_DUPLICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lookup.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define DUPLICATE_RING    1024              /* packets that are remembered */
#define DUPLICATE_MOST_NS UINT64_C(5000000) /* that a copy comes later */

struct recent_packet {
	uint64_t ts;
	uint32_t from; /* its flow's hash, and which of the ends sent it */
	uint16_t ip_id;
	uint8_t ttl;
};

struct duplicates {
	uint32_t tag[DUPLICATE_RING];    /* what is the same in a copy, hashed */
	uint32_t newest[DUPLICATE_RING]; /* by tag: the last packet whose tag belongs there */
	uint32_t before[DUPLICATE_RING]; /* that one as each packet found it */
	struct recent_packet packet[DUPLICATE_RING];
	uint32_t n;        /* packets so far, modulo 2^32 */
	uint32_t evidence; /* of late copies, when packet evidence_at came */
	uint32_t evidence_at;
};

/* True if p comes so soon after (or before) the time ts that one may be a copy of the other. */
static inline bool
duplicate_is_near(const struct pkt *p, uint64_t ts)
{
	return p->ts - ts + DUPLICATE_MOST_NS <= 2 * DUPLICATE_MOST_NS;
}

/* Remembers a packet of the flow of that hash, as number n. */
static ATTR_INLINE void
duplicates_add(struct duplicates *d, uint32_t n, const struct pkt *p, uint32_t hash)
{
	uint32_t at = n % DUPLICATE_RING, from = hash + lookup_source_first(p);
	uint32_t ids = (uint32_t)p->ip_id << 16 | p->checksum;
	uint32_t rest = p->net_len << 8 ^ (uint32_t)p->window << 16 ^ p->tcp_flags;
	uint32_t tag = from + ids * UINT32_C(0x9e3779b1) + rest * UINT32_C(0x27d4eb2f) +
	    (p->seq + p->ack) * UINT32_C(0x85ebca6b);

	d->tag[at] = tag;
	d->before[at] = d->newest[tag % DUPLICATE_RING];
	d->newest[tag % DUPLICATE_RING] = n;
	d->packet[at] = (struct recent_packet){
		.ts = p->ts,
		.from = from,
		.ip_id = p->ip_id,
		.ttl = p->ttl,
	};
}

static inline uint32_t
duplicates_tag(const struct duplicates *d, uint32_t n)
{
	return d->tag[n % DUPLICATE_RING];
}

/* True if p, number n, is a copy of one before.  doubted: duplicate ACKs have asked for it, or,
 * without TCP, its flow has many packets, so that two of them may well have the same checksum. */
bool duplicates_has(struct duplicates *d, const struct pkt *p, uint32_t n, bool doubted);

/* Forgets all packets. */
void duplicates_clear(struct duplicates *d);

#endif
