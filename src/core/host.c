#include "config.h"

#include "core/host.h"

#include <stdlib.h>
#include <string.h>

#include "core/network.h"
#include "core/victim.h"
#include "util/die.h"

void
hosts_init(struct hosts *hs, uint32_t max, const struct hashkey *key)
{
	memset(hs, 0, sizeof(*hs));
	hs->row = xcalloc(max, sizeof(*hs->row));
	hs->max = max;
	hs->hashkey = *key;
	hs->other.other = true;
	index_init(&hs->index, max);
}

void
hosts_fini(struct hosts *hs)
{
	free(hs->row);
	index_fini(&hs->index);
}

void
hosts_clear(struct hosts *hs)
{
	uint32_t max = hs->max;
	struct hashkey key = hs->hashkey;
	struct networks *networks = hs->networks;

	hosts_fini(hs);
	hosts_init(hs, max, &key);
	hs->networks = networks;
}

size_t
hosts_memory(uint32_t max)
{
	return max * sizeof(struct host) + index_memory(max);
}

static uint32_t
hash_of(const struct hosts *hs, uint8_t kind, const struct addr *a)
{
	uint64_t words[3] = { a->w[0], a->w[1], kind };

	return (uint32_t)hash_words(&hs->hashkey, words, kind == ADDR_IP6 ? 3 : 2);
}

static bool
is(const struct host *h, uint8_t kind, const struct addr *a)
{
	return h->kind == kind && addr_equal(&h->addr, a);
}

static uint32_t
find(const struct hosts *hs, uint32_t hash, uint8_t kind, const struct addr *a)
{
	uint32_t row;

	for (uint32_t slot = index_first(&hs->index, hash);
	     (row = index_at(&hs->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&hs->index, slot))
		if (row != INDEX_SKIP && is(&hs->row[row], kind, a))
			return row;
	return INDEX_NONE;
}

const struct host *
hosts_find(const struct hosts *hs, uint8_t kind, const struct addr *a)
{
	uint32_t row = find(hs, hash_of(hs, kind, a), kind, a);

	return row == INDEX_NONE ? NULL : &hs->row[row];
}

static uint64_t
packets_of(const struct host *h)
{
	uint64_t n = 0;

	for (int c = 0; c < CLASSES; c++)
		n += meter_sum(&h->meter[c]).packets;
	return n;
}

static uint64_t
claim(const void *table, uint32_t row)
{
	const struct host *h = &((const struct hosts *)table)->row[row];

	return victim_claim(h->last, packets_of(h));
}

static uint32_t
make_room(struct hosts *hs, uint32_t interval)
{
	uint32_t row = victim_choose(hs, hs->used, &hs->hand, claim);
	struct host *h = &hs->row[row];

	if (hs->networks != NULL && hs->networks->watched && row >= hs->networks->taken)
		networks_lose(hs->networks, h, interval);
	for (int c = 0; c < CLASSES; c++)
		meter_merge(&hs->other.meter[c], &h->meter[c], interval);
	hs->other.flows += h->flows;
	hs->other.health.retransmissions += h->health.retransmissions;
	hs->other.health.out_of_order += h->health.out_of_order;
	hs->other.health.duplicate_acks += h->health.duplicate_acks;
	hs->other.health.zero_windows += h->health.zero_windows;
	hs->other.health.resets += h->health.resets;
	hs->evicted++;
	index_remove(&hs->index, h->hash, row);
	return row;
}

static uint32_t
add(struct hosts *hs, uint32_t hash, uint8_t kind, const struct addr *a, uint32_t interval)
{
	uint32_t row = hs->used < hs->max ? hs->used++ : make_room(hs, interval);
	struct host *h = &hs->row[row];

	*h = (struct host){ .addr = *a, .kind = kind, .hash = hash };
	for (int c = 0; c < CLASSES; c++)
		meter_init(&h->meter[c], interval);
	index_add(&hs->index, hash, row);
	return row;
}

struct host *
hosts_get(struct hosts *hs, uint8_t kind, const struct addr *a, uint32_t *hint, uint32_t interval)
{
	uint32_t hash, row = *hint;

	if (row < hs->used && is(&hs->row[row], kind, a))
		return &hs->row[row];
	hash = hash_of(hs, kind, a);
	row = find(hs, hash, kind, a);
	if (row == INDEX_NONE)
		row = add(hs, hash, kind, a, interval);
	*hint = row;
	return &hs->row[row];
}
