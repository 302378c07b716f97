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
 * nothing.  It is asked only for those that may be copies: see count_may_be_duplicate() in
 *ledger_count.c.
 */
#ifndef CORE_DUPLICATE_H
#define CORE_DUPLICATE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dissect/pkt.h"
#include "util/attr.h"

#define DUPLICATE_RING   1024              /* packets that are remembered */
#define DUPLICATE_MAX_NS UINT64_C(5000000) /* that a copy comes later */

struct recent_packet {
	/* as in struct pkt; what stands from net_len to tcp_flags is the same in a copy */
	uint64_t ts;
	uint32_t len, net_len;
	uint32_t seq, ack;
	uint16_t checksum, ip_id, window;
	uint8_t tcp_flags, ttl;

	uint32_t sender; /* its flow and which end of it: a hash */
	uint32_t before; /* number of the packet before it in its chain */
};

#define DUPLICATE_FACTS offsetof(struct recent_packet, sender)
static_assert(offsetof(struct pkt, ttl) + 1 - offsetof(struct pkt, ts) == DUPLICATE_FACTS,
    "the facts of a packet are copied in one piece");

struct duplicates {
	struct recent_packet packet[DUPLICATE_RING];
	uint32_t newest[DUPLICATE_RING]; /* the last packet of each chain */
	uint32_t n;                      /* packets so far, modulo 2^32 */
	uint32_t evidence;               /* of late copies, when packet evidence_at came */
	uint32_t evidence_at;
};

/* True if p comes so soon after (or before) the time ts that one may be a copy of the other. */
static inline bool
duplicate_is_near(const struct pkt *p, uint64_t ts)
{
	return p->ts - ts + DUPLICATE_MAX_NS <= 2 * DUPLICATE_MAX_NS;
}

/* What is the same in a copy of number n, hashed. */
static inline uint32_t
duplicates_fingerprint(const struct duplicates *d, uint32_t n)
{
	const struct recent_packet *r = &d->packet[n % DUPLICATE_RING];
	uint32_t ids = (uint32_t)r->ip_id << 16 | r->checksum;

	return r->sender + ids * UINT32_C(0x9e3779b1) +
	    (r->seq ^ r->ack ^ r->net_len) * UINT32_C(0x85ebca6b);
}

/* True if p, number n, is a copy of one before.  doubted: duplicate ACKs have asked for it, or,
 * without TCP, its flow has many packets, so that two of them may well have the same checksum. */
bool duplicates_is_duplicate(struct duplicates *d, const struct pkt *p, uint32_t n, bool doubted);

/* Remembers n packets, which go on from number d->n; hash: those of their flows. */
void duplicates_note(
    struct duplicates *d, const struct pkt *pkts, const uint32_t *hash, unsigned n);

/* Forgets all packets. */
void duplicates_clear(struct duplicates *d);

#endif
