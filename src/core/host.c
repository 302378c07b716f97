#include "config.h"

#include "core/host.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/baseline.h"
#include "core/network.h"
#include "core/private.h"
#include "util/alloc.h"

static_assert(offsetof(struct host, meter) == 64, "the first cache line ends before the meters");

static void
hosts_clear_other(struct hosts *hs)
{
	hs->other = (struct host){ .other = true };
	memset(hs->other_sums, 0, sizeof(hs->other_sums));
}

void
hosts_init(struct hosts *hs, const struct table_room *room)
{
	memset(hs, 0, sizeof(*hs));
	hs->row = table_init(&hs->table, sizeof(*hs->row), room->max, room->most, room->key);
	hs->wait = pages_new(room->most * sizeof(*hs->wait));
	hosts_clear_other(hs);
}

void
hosts_fini(struct hosts *hs)
{
	table_fini(&hs->table);
	pages_del(hs->wait);
}

void
hosts_clear(struct hosts *hs)
{
	hs->row = table_clear(&hs->table);
	pages_del(hs->wait);
	hs->wait = pages_new(hs->table.max_grown * sizeof(*hs->wait));
	hosts_clear_other(hs);
}

size_t
hosts_memory(uint32_t max)
{
	return table_memory(sizeof(struct host) + sizeof(struct wait_histogram), max);
}

void
hosts_add_wait(struct hosts *hs, uint32_t row, uint32_t us, uint32_t n)
{
	hs->row[row].has_wait = true;
	wait_histogram_add(&hs->wait[row], us, n);
}

uint32_t
hosts_hash(const struct hosts *hs, const struct host_key *k)
{
	uint64_t words[3] = { k->addr->w[0], k->addr->w[1], (uint64_t)k->context << 32 | k->kind };

	return hash_pairs(&hs->table.key, words, NITEMS(words));
}

static uint32_t
hosts_find_row(const struct hosts *hs, uint32_t hash, const struct host_key *k)
{
	INDEX_EACH (&hs->table.index, hash, row)
		if (hosts_row_matches(hs, row, k))
			return row;
	return INDEX_NONE;
}

const struct host *
hosts_find(const struct hosts *hs, uint8_t kind, const struct addr *a)
{
	struct host_key k = { .addr = a, .kind = kind };
	uint32_t row = hosts_find_row(hs, hosts_hash(hs, &k), &k);

	assert(a != NULL);
	return row == INDEX_NONE ? NULL : &hs->row[row];
}

struct meter *
host_meter(struct host *h, enum traffic_class c, const struct intervals *b)
{
	h->classes |= (uint8_t)(1u << c);
	meter_advance(&h->meter[c], b);
	return &h->meter[c];
}

/* Index of the lowest set bit of `left`; continue with left & (left - 1).  Most hosts have one
 * class. */
static inline int
hosts_lowest_class(unsigned left)
{
	static const uint8_t first[] = { 0, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0 };

	static_assert(NITEMS(first) == 1 << CLASSES, "one for each set");
	return first[left];
}

static uint32_t
hosts_lru_score(const void *table, uint32_t row)
{
	const struct hosts *hs = table;
	const struct host *h = &hs->row[row];
	struct tally sum = { 0, 0 }, more;

	for (unsigned left = h->classes; left != 0; left &= left - 1) {
		more = meter_sum(&h->meter[hosts_lowest_class(left)]);
		tally_add(&sum, more.packets, more.bytes);
	}
	return lru_score(h->score_time, lru_log2(sum.packets)) + tally_heavy_bonus(&sum, hs->total);
}

/* How many evictions ahead a row is prefetched (FAR), and then the meters it uses (EVICTION_AHEAD).
 */
#define FAR            8
#define EVICTION_AHEAD 3

/* Prefetches what the next evictions will need. */
static ATTR_INLINE void
hosts_prefetch_evictions(const struct hosts *hs)
{
	uint32_t far = lru_peek(&hs->table.lru, FAR);
	const struct host *next = &hs->row[lru_peek(&hs->table.lru, EVICTION_AHEAD)];

	PREFETCH_WRITE(&hs->row[far]);
	index_prefetch(&hs->table.index, hs->table.lru.entry[far].hash);
	for (unsigned left = next->classes; left != 0; left &= left - 1) {
		int c = hosts_lowest_class(left);

		PREFETCH_WRITE(&next->meter[c]);
		PREFETCH_WRITE(&next->meter[c].interval);
	}
}

/* Evicts a row.  Clears every meter that was used, so they are all zeros again. */
static uint32_t
hosts_evict(struct hosts *hs, const struct intervals *b)
{
	uint32_t row = table_evict(&hs->table, hs, hosts_lru_score);
	struct host *h = &hs->row[row];

	hosts_prefetch_evictions(hs);
	if (hs->networks != NULL && hs->networks->enabled && row >= hs->networks->n_added)
		networks_drop_host(hs->networks, h, b);
	for (unsigned left = h->classes; left != 0; left &= left - 1) {
		int c = hosts_lowest_class(left);

		overflow_meter_add_meter(&hs->other.meter[c], &hs->other_sums[c], b, &h->meter[c]);
		meter_clear(&h->meter[c]);
	}
	hs->other.flows += h->flows;
	if (h->has_errors)
		host_errors_add(&hs->other.errors, &h->errors);
	baseline_evict_host(hs->baseline, h);
	return row;
}

static uint32_t
hosts_add_row(struct hosts *hs, uint32_t hash, const struct intervals *b, uint32_t seen)
{
	uint32_t row = table_has_room(&hs->table) ? hs->table.used++ : hosts_evict(hs, b);

	table_put(&hs->table, row, hash, lru_score(seen, 0));
	return row;
}

uint32_t
hosts_get(struct hosts *hs, uint32_t hash, const struct host_key *k, const struct intervals *b,
    uint32_t seen)
{
	uint32_t row = hosts_find_row(hs, hash, k);
	struct host *h;

	if (row != INDEX_NONE)
		return row;
	row = hosts_add_row(hs, hash, b, seen);
	h = &hs->row[row];
	h->addr = *k->addr;
	h->first = h->last = h->flows = 0;
	h->score_time = seen;
	h->network = 0;
	h->peak = (struct peak){ 0 };
	h->kind = k->kind;
	h->has_context = k->context != 0;
	if (h->has_context)
		h->context = k->context;
	h->classes = h->prefix_bits = 0;
	h->local = h->has_traffic = false;
	if (h->has_errors)
		h->errors = (struct host_errors){ 0 };
	h->has_errors = h->has_rtt = false;
	if (h->has_wait)
		hs->wait[row] = (struct wait_histogram){ .n = { 0 } };
	h->has_wait = false;
	return row;
}

unsigned
hosts_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->hosts, l->hosts.row, meter[0], CLASSES);
	of[0].other = l->hosts.other.meter;
	of[0].owner = &l->hosts.baseline;
	return 1;
}
