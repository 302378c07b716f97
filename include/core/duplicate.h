/*
 * Packets that are seen twice, for example if a SPAN port mirrors both directions, or if the
 * capture sees them before and behind a router.  A duplicate has the same addresses, ports and
 * transport header as an earlier packet, a TTL that differs by at most one, and comes within a few
 * ms.
 *
 * Hosts also retransmit the same bytes.  A packet is certainly a duplicate if
 *
 *	the IPv4 identification is the same, and the sender's packet before had another one
 *	the hop limit differs by one
 *	TCP: it has SYN, FIN or data, and comes within 2 ms: too early for a retransmission,
 *		unless duplicate ACKs have requested it
 *	IPv6: the checksum is the same (there is no identification), within 2 ms, and the flow
 *		has few packets
 *
 * Any other packet that looks the same (mostly pure ACKs without identification) is a duplicate if
 * many packets before it were.
 *
 * A fingerprint of each packet is stored in a ring, which is cheap.  The ring is searched only for
 * packets that may be duplicates: see count_may_be_duplicate() in ledger_count.c.
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

#define DUPLICATE_RING   1024              /* packets in the ring */
#define DUPLICATE_MAX_NS UINT64_C(5000000) /* the greatest delay of a duplicate */

struct recent_packet {
	/* like struct pkt; the fields from net_len to tcp_flags are the same in a copy */
	uint64_t ts;
	uint32_t len, net_len;
	uint32_t seq, ack;
	uint16_t checksum, ip_id, window;
	uint8_t tcp_flags, ttl;

	uint32_t sender; /* hash of its flow and end */
	uint32_t before; /* number of the previous packet in its chain */
};

#define DUPLICATE_FACTS offsetof(struct recent_packet, sender)
static_assert(offsetof(struct pkt, ttl) + 1 - offsetof(struct pkt, ts) == DUPLICATE_FACTS,
    "the facts of a packet are copied in one piece");

struct duplicates {
	struct recent_packet packet[DUPLICATE_RING];
	uint32_t newest[DUPLICATE_RING]; /* the last packet of each chain */
	uint32_t n;                      /* packets so far, modulo 2^32 */
	uint32_t evidence;               /* score of recent duplicates, as of packet evidence_at */
	uint32_t evidence_at;
};

/* True if p is so close to time ts that one packet may be a duplicate of the other. */
static inline bool
duplicate_is_near(const struct pkt *p, uint64_t ts)
{
	return p->ts - ts + DUPLICATE_MAX_NS <= 2 * DUPLICATE_MAX_NS;
}

/* Hash of the fields that are the same in a copy of number n. */
static inline uint32_t
duplicates_fingerprint(const struct duplicates *d, uint32_t n)
{
	const struct recent_packet *r = &d->packet[n % DUPLICATE_RING];
	uint32_t ids = (uint32_t)r->ip_id << 16 | r->checksum;

	return r->sender + ids * UINT32_C(0x9e3779b1) +
	    (r->seq ^ r->ack ^ r->net_len) * UINT32_C(0x85ebca6b);
}

/* True if p, packet number n, is a duplicate of an earlier one. doubted: duplicate ACKs have
 * requested it, or, without TCP, its flow has so many packets that equal checksums are likely. */
bool duplicates_is_duplicate(struct duplicates *d, const struct pkt *p, uint32_t n, bool doubted);

/* Stores n packets, numbered from d->n on; hash: those of their flows. */
void duplicates_note(
    struct duplicates *d, const struct pkt *pkts, const uint32_t *hash, unsigned n);

/* Clears the ring. */
void duplicates_clear(struct duplicates *d);

#endif
