#include "config.h"

#include "core/host.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/baseline.h"
#include "core/network.h"
#include "core/private.h"
#include "util/pages.h"

static_assert(offsetof(struct host, meter) == 64, "the first cache line ends before the meters");

static void
begin(struct hosts *hs, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(hs, 0, sizeof(*hs));
	hs->row = pages_new(most * sizeof(*hs->row));
	hs->max = max;
	hs->most = most;
	hs->hashkey = *key;
	pairkey_init(&hs->pairkey, key);
	hs->other.other = true;
	victims_init(&hs->victims, most);
}

void
hosts_init(struct hosts *hs, uint32_t max, uint32_t most, const struct hashkey *key)
{
	begin(hs, max, most, key);
	index_init_growing(&hs->index, max, most);
}

void
hosts_fini(struct hosts *hs)
{
	pages_del(hs->row);
	index_fini(&hs->index);
	victims_fini(&hs->victims);
}

void
hosts_clear(struct hosts *hs)
{
	struct hosts was = *hs;

	pages_del(was.row);
	victims_fini(&was.victims);
	begin(hs, was.max, was.most, &was.hashkey);
	hs->index = was.index;
	hs->all = was.all;
	hs->networks = was.networks;
}

size_t
hosts_memory(uint32_t max)
{
	return max * (sizeof(struct host) + sizeof(struct standing)) + index_memory(max);
}

uint32_t
hosts_hash(const struct hosts *hs, const struct host_key *k)
{
	uint64_t words[3] = { k->addr->w[0], k->addr->w[1], (uint64_t)k->context << 32 | k->kind };

	return hash_pairs(&hs->pairkey, words, NITEMS(words));
}

static uint32_t
find(const struct hosts *hs, uint32_t hash, const struct host_key *k)
{
	uint32_t row;

	for (uint32_t slot = index_first(&hs->index, hash);
	     (row = index_at(&hs->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&hs->index, slot))
		if (row != INDEX_SKIP && hosts_is_at(hs, row, k))
			return row;
	return INDEX_NONE;
}

const struct host *
hosts_find(const struct hosts *hs, uint8_t kind, const struct addr *a)
{
	struct host_key k = { .addr = a, .kind = kind };
	uint32_t row = find(hs, hosts_hash(hs, &k), &k);

	return row == INDEX_NONE ? NULL : &hs->row[row];
}

struct meter *
host_meter(struct host *h, enum traffic_class c, const struct beats *b)
{
	h->classes |= (uint8_t)(1u << c);
	meter_turn(&h->meter[c], b);
	return &h->meter[c];
}

/* Of those whose bits are set; the next one: of left & (left - 1).  Most hosts have one. */
static inline int
first_class(unsigned left)
{
	static const uint8_t first[] = { 0, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0 };

	static_assert(NITEMS(first) == 1 << CLASSES, "one for each set");
	return first[left];
}

static uint32_t
claim(const void *table, uint32_t row)
{
	const struct hosts *hs = table;
	const struct host *h = &hs->row[row];
	struct tally sum = { 0, 0 }, more;

	for (unsigned left = h->classes; left != 0; left &= left - 1) {
		more = meter_sum(&h->meter[first_class(left)]);
		tally_add(&sum, more.packets, more.bytes);
	}
	return claim_of(h->seen, claim_weight(sum.packets)) + claim_heavy(&sum, hs->all);
}

/* How many evictions ahead a row, and then what it says is needed besides, is fetched. */
#define FAR  8
#define NEXT 3

/* What the next evictions will look at is on its way while others are counted. */
static ATTR_INLINE void
look_ahead(const struct hosts *hs)
{
	uint32_t far = victims_peek(&hs->victims, FAR);
	const struct host *next = &hs->row[victims_peek(&hs->victims, NEXT)];

	PREFETCH_WRITE(&hs->row[far]);
	index_prefetch(&hs->index, hs->victims.of[far].hash);
	for (unsigned left = next->classes; left != 0; left &= left - 1) {
		int c = first_class(left);

		PREFETCH_WRITE(&next->meter[c]);
		PREFETCH_WRITE(&next->meter[c].interval);
	}
}

void
host_health_add(struct host_health *to, const struct host_health *more)
{
	to->retransmissions += more->retransmissions;
	to->out_of_order += more->out_of_order;
	to->duplicate_acks += more->duplicate_acks;
	to->zero_windows += more->zero_windows;
	to->resets += more->resets;
	to->duplicates += more->duplicates;
	to->unanswered += more->unanswered;
	to->refused += more->refused;
	to->unreachable += more->unreachable;
	to->no_such_name += more->no_such_name;
	to->dns_failures += more->dns_failures;
}

/* Of the row that leaves, all is left as zeros that was not. */
static uint32_t
make_room(struct hosts *hs, const struct beats *b)
{
	uint32_t row = victims_choose(&hs->victims, hs->used, hs, claim);
	struct host *h = &hs->row[row];

	look_ahead(hs);
	if (hs->networks != NULL && hs->networks->watched && row >= hs->networks->taken)
		networks_lose(hs->networks, h, b);
	for (unsigned left = h->classes; left != 0; left &= left - 1) {
		int c = first_class(left);

		other_merge(&hs->other.meter[c], &hs->other_sums[c], b, &h->meter[c]);
		meter_clear(&h->meter[c]);
	}
	hs->other.flows += h->flows;
	if (h->ails)
		host_health_add(&hs->other.health, &h->health);
	baseline_host_leaves(hs->baseline, h);
	hs->evicted++;
	index_remove(&hs->index, hs->victims.of[row].hash, row);
	return row;
}

static uint32_t
add(struct hosts *hs, uint32_t hash, const struct beats *b, uint32_t seen)
{
	bool room = hs->used < hs->max ||
	    victims_grow(&hs->victims, &hs->index, hs->used, &hs->max, hs->most);
	uint32_t row = room ? hs->used++ : make_room(hs, b);

	hs->victims.of[row] = (struct standing){ .claim = claim_of(seen, 0), .hash = hash };
	index_add(&hs->index, hash, row);
	return row;
}

uint32_t
hosts_get(
    struct hosts *hs, uint32_t hash, const struct host_key *k, const struct beats *b, uint32_t seen)
{
	uint32_t row = find(hs, hash, k);
	struct host *h;

	if (row != INDEX_NONE)
		return row;
	row = add(hs, hash, b, seen);
	h = &hs->row[row];
	h->addr = *k->addr;
	h->first = h->last = h->flows = 0;
	h->seen = seen;
	h->network = 0;
	h->peak = (struct peak){ 0 };
	h->kind = k->kind;
	h->tagged = k->context != 0;
	if (h->tagged)
		h->context = k->context;
	h->classes = h->level = 0;
	h->local = h->counted = false;
	if (h->ails)
		h->health = (struct host_health){ 0 };
	h->ails = h->timed = false;
	return row;
}
