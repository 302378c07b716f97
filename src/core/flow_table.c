/* The table of flows, with what is kept for each row apart from it. */
#include "config.h"

#include <string.h>

#include "core/baseline.h"
#include "core/private.h"
#include "util/alloc.h"

static void
flows_alloc_apart(struct flows *fs)
{
	fs->dirty = pages_new(fs->table.max_grown * sizeof(*fs->dirty));
	fs->wait = pages_new(fs->table.max_grown * sizeof(*fs->wait));
	fs->use = pages_new(fs->table.max_grown * sizeof(*fs->use));
	fs->found = pages_new(fs->table.max_grown * sizeof(*fs->found));
}

void
flows_init(struct flows *fs, const struct table_room *room)
{
	memset(fs, 0, sizeof(*fs));
	fs->row = table_init(&fs->table, sizeof(*fs->row), room->max, room->most, room->key);
	flows_alloc_apart(fs);
}

void
flows_fini(struct flows *fs)
{
	table_fini(&fs->table);
	pages_del(fs->dirty);
	pages_del(fs->wait);
	pages_del(fs->use);
	pages_del(fs->found);
}

void
flows_clear(struct flows *fs)
{
	fs->row = table_clear(&fs->table);
	pages_del(fs->dirty);
	pages_del(fs->wait);
	pages_del(fs->use);
	pages_del(fs->found);
	flows_alloc_apart(fs);
	fs->n_dirty = fs->n_candidates = fs->next_candidate = 0;
	fs->other = (struct meter){ 0 };
	fs->other_sums = (struct overflow_sums){ 0 };
}

size_t
flows_memory(uint32_t max)
{
	return table_memory(
	    sizeof(struct flow) + sizeof(struct flow_wait) + 2 * sizeof(uint32_t), max);
}

unsigned
flows_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->flows, l->flows.row, meter, 1);
	of[0].other = &l->flows.other;
	return 1;
}
