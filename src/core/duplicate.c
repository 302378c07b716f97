#include "config.h"

#include "core/packet.h"

#include <string.h>

#include "core/ledger.h"

#define IP_PROTO_TCP    6
#define RESEND_MIN_NS   UINT64_C(2000000) /* no retransmission comes so early unless requested */
#define REACH           (DUPLICATE_RING - LEDGER_BATCH) /* a whole batch is stored first */
#define NEIGHBOURS      256 /* packets searched for the sender's previous one */
#define EVIDENCE_SURE   16  /* added per duplicate; each packet subtracts 1 */
#define EVIDENCE_LIKELY 4
#define EVIDENCE_ENOUGH 24
#define EVIDENCE_MOST   255

void
duplicates_clear(struct duplicates *d)
{
	memset(d, 0, sizeof(*d));
}

/* hash: of its flow. */
static inline uint32_t
sender_of(const struct pkt *p, uint32_t hash)
{
	uint64_t address = p->src.w[0] ^ p->src.w[1];

	return hash ^ (uint32_t)(address ^ address >> 32) ^ p->sport;
}

void
duplicates_note(struct duplicates *d, const struct pkt *pkts, const uint32_t *hash, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct pkt *p = &pkts[i];
		struct recent_packet *r = &d->packet[(d->n + i) % DUPLICATE_RING];
		uint32_t chain = hash[i] + p->seq + p->ack + p->checksum;
		uint32_t *newest = &d->newest[chain % DUPLICATE_RING];

		memcpy(r, &p->ts, DUPLICATE_FACTS);
		r->sender = sender_of(p, hash[i]);
		r->before = *newest;
		*newest = d->n + i;
	}
	d->n += n;
}

static const struct recent_packet *
packet_at(const struct duplicates *d, uint32_t n)
{
	return &d->packet[n % DUPLICATE_RING];
}

static bool
are_alike(const struct recent_packet *x, const struct recent_packet *y)
{
	const size_t first = offsetof(struct recent_packet, net_len);
	const size_t end = offsetof(struct recent_packet, ttl);

	return memcmp((const char *)x + first, (const char *)y + first, end - first) == 0;
}

/* The number of the newest earlier packet with the fingerprint of p, else n. */
static uint32_t
duplicates_find(const struct duplicates *d, const struct pkt *p, uint32_t n)
{
	const struct recent_packet *r, *last = packet_at(d, n);
	uint32_t i = last->before;

	/* A chain ends at an overwritten or an empty entry. */
	for (uint32_t age = 0; n - i > age && n - i <= REACH; i = r->before) {
		r = packet_at(d, i);
		age = n - i;
		if (r->sender == last->sender && are_alike(r, last) && duplicate_is_near(p, r->ts))
			return i;
	}
	return n;
}

/* True if the sender's previous packet has another IP identification. */
static bool
duplicates_id_changed(const struct duplicates *d, uint32_t n)
{
	const struct recent_packet *r = packet_at(d, n), *before;

	for (uint32_t i = n - 1; n - i < NEIGHBOURS; i--) {
		before = packet_at(d, i);
		if (before->sender == r->sender && !are_alike(before, r))
			return before->ip_id != r->ip_id;
	}
	return true;
}

/* True if the sender would not resend the same bytes so early. */
static bool
duplicates_is_not_resent(const struct pkt *p, bool doubted)
{
	if (doubted)
		return false;
	if (p->proto == IP_PROTO_TCP)
		return p->payload > 0 || (p->tcp_flags & (TCP_SYN | TCP_FIN));
	return p->kind == ADDR_IP6 && p->checksum != 0;
}

/* True if p, which looks like packet n, is certainly a duplicate of it. */
static bool
duplicates_is_certain(const struct duplicates *d, uint32_t n, const struct pkt *p, bool doubted)
{
	const struct recent_packet *r = packet_at(d, n);
	uint64_t apart = p->ts > r->ts ? p->ts - r->ts : r->ts - p->ts;

	if (p->ttl != r->ttl || (apart <= RESEND_MIN_NS && duplicates_is_not_resent(p, doubted)))
		return true;
	return p->ip_id != 0 && ((p->flags & PKT_FRAGMENT) || duplicates_id_changed(d, n));
}

/* Adds to the score of recent duplicates and returns it. */
static uint32_t
duplicates_add_evidence(struct duplicates *d, uint32_t n, uint32_t more)
{
	uint32_t since = n - d->evidence_at;

	d->evidence = (d->evidence > since ? d->evidence - since : 0) + more;
	if (d->evidence > EVIDENCE_MOST)
		d->evidence = EVIDENCE_MOST;
	d->evidence_at = n;
	return d->evidence;
}

bool
duplicates_is_duplicate(struct duplicates *d, const struct pkt *p, uint32_t n, bool doubted)
{
	uint32_t before = duplicates_find(d, p, n);
	int hops = p->ttl - packet_at(d, before)->ttl;
	bool sure;

	if (before == n || p->kind == ADDR_MAC || p->kind == ADDR_NONE || hops < -1 || hops > 1)
		return false;
	sure = duplicates_is_certain(d, before, p, doubted);
	return duplicates_add_evidence(d, n, sure ? EVIDENCE_SURE : EVIDENCE_LIKELY) >=
	    EVIDENCE_ENOUGH ||
	    sure;
}
