#include "config.h"

#include "core/duplicate.h"

#include <string.h>

#include "core/ledger.h"

#define NUMBER_TCP      6
#define UNSENT_NS       UINT64_C(2000000) /* nobody sends a segment again so soon, unasked */
#define REACH           (DUPLICATE_RING - LEDGER_BATCH) /* a whole batch is noted first */
#define NEIGHBOURS      256 /* among which the packet before is looked for */
#define EVIDENCE_SURE   16  /* of a copy; each packet takes 1 away */
#define EVIDENCE_LIKELY 4
#define EVIDENCE_ENOUGH 24
#define EVIDENCE_MOST   255

void
duplicates_clear(struct duplicates *d)
{
	memset(d, 0, sizeof(*d));
}

/* The number of the newest packet before n that p looks like, else n. */
static uint32_t
find(const struct duplicates *d, const struct pkt *p, uint32_t n)
{
	uint32_t tag = d->tag[n % DUPLICATE_RING], from = d->packet[n % DUPLICATE_RING].from;
	uint32_t i = d->before[n % DUPLICATE_RING];

	/* A chain ends at what is older than all that is kept, or at a place that was empty. */
	for (uint32_t age = 0; n - i > age && n - i <= REACH; i = d->before[i % DUPLICATE_RING]) {
		const struct recent_packet *r = &d->packet[i % DUPLICATE_RING];

		age = n - i;
		if (d->tag[i % DUPLICATE_RING] == tag && r->from == from &&
		    duplicate_is_near(p, r->ts))
			return i;
	}
	return n;
}

/* True if the packet before of the same sender has another identification. */
static bool
has_new_id(const struct duplicates *d, uint32_t n)
{
	const struct recent_packet *r = &d->packet[n % DUPLICATE_RING], *before;

	for (uint32_t i = n - 1; n - i < NEIGHBOURS; i--) {
		before = &d->packet[i % DUPLICATE_RING];
		if (before->from == r->from &&
		    d->tag[i % DUPLICATE_RING] != d->tag[n % DUPLICATE_RING])
			return before->ip_id != r->ip_id;
	}
	return true;
}

/* True if its sender would not have sent the same again so soon. */
static bool
is_unrepeated(const struct pkt *p, bool doubted)
{
	if (doubted)
		return false;
	if (p->proto == NUMBER_TCP)
		return p->payload > 0 || (p->tcp_flags & (TCP_SYN | TCP_FIN));
	return p->kind == ADDR_IP6 && p->checksum != 0;
}

/* p looks like number n. */
static bool
is_sure(const struct duplicates *d, uint32_t n, const struct pkt *p, bool doubted)
{
	const struct recent_packet *r = &d->packet[n % DUPLICATE_RING];
	uint64_t apart = p->ts > r->ts ? p->ts - r->ts : r->ts - p->ts;

	if (p->ttl != r->ttl || (apart <= UNSENT_NS && is_unrepeated(p, doubted)))
		return true;
	return p->ip_id != 0 && ((p->flags & PKT_FRAGMENT) || has_new_id(d, n));
}

/* Returns all the evidence that many packets before n are copies. */
static uint32_t
add_evidence(struct duplicates *d, uint32_t n, uint32_t more)
{
	uint32_t since = n - d->evidence_at;

	d->evidence = (d->evidence > since ? d->evidence - since : 0) + more;
	if (d->evidence > EVIDENCE_MOST)
		d->evidence = EVIDENCE_MOST;
	d->evidence_at = n;
	return d->evidence;
}

bool
duplicates_has(struct duplicates *d, const struct pkt *p, uint32_t n, bool doubted)
{
	uint32_t before = find(d, p, n);
	int hops = p->ttl - d->packet[before % DUPLICATE_RING].ttl;
	bool sure;

	if (before == n || p->kind == ADDR_MAC || p->kind == ADDR_NONE || hops < -1 || hops > 1)
		return false;
	sure = is_sure(d, before, p, doubted);
	return add_evidence(d, n, sure ? EVIDENCE_SURE : EVIDENCE_LIKELY) >= EVIDENCE_ENOUGH ||
	    sure;
}
