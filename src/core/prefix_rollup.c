#include "config.h"

#include "core/network.h"

#include <assert.h>

#include "core/host.h"
#include "util/alloc.h"
#include "util/attr.h"

#define LEVELS 4

/* Prefix lengths, from everything down to a host. */
static const uint8_t rollup_prefix_bits[2][LEVELS] = { { 0, 16, 24, 32 }, { 0, 48, 64, 128 } };

/* Index slots cleared per step. */
#define WIPED 16

/* The arguments of a pass. */
struct rollup_task {
	struct hosts *hosts;
	const struct intervals *intervals;
	bool is_live;
	unsigned level;
};

void
rollup_begin(struct rollup *r, uint64_t now)
{
	r->busy = true;
	r->started = now != 0 ? now : 1; /* 0: never */
	r->n = r->position = r->pass = 0;
	r->total = 0;
	r->changed = false;
}

void
rollup_fini(struct rollup *r)
{
	pages_del(r->item);
	index_fini(&r->index);
	*r = (struct rollup){ .item = NULL };
}

static uint64_t
rollup_host_weight(const struct host *h, const struct rollup_task *t)
{
	uint64_t sum = 0;

	for (int c = 0; c < CLASSES; c++) {
		if (!(h->classes & (1u << c)))
			continue;
		sum += t->is_live ? (uint64_t)meter_rate(&h->meter[c], t->intervals, METER_60S)
				  : meter_sum(&h->meter[c]).bytes;
	}
	return sum;
}

/* Allocates, on first use, for the maximum number of hosts. */
static void
rollup_reserve(struct rollup *r, const struct hosts *hs)
{
	if (r->max >= hs->table.max_grown)
		return;
	pages_del(r->item);
	index_fini(&r->index);
	r->item = pages_new(hs->table.max_grown * sizeof(*r->item));
	index_reserve(&r->index, hs->table.max_grown);
	r->max = hs->table.max_grown;
}

static void
rollup_add_host(struct rollup *r, const struct rollup_task *t, uint32_t i)
{
	const struct host *h = &t->hosts->row[i];

	if (!h->has_traffic || (h->kind != ADDR_IP4 && h->kind != ADDR_IP6) || r->n == r->max)
		return;
	r->item[r->n] = (struct rollup_item){
		.addr = h->addr,
		.weight = rollup_host_weight(h, t),
		.row = i,
		.kind = h->kind,
		.old_bits = h->prefix_bits,
	};
	r->total += r->item[r->n++].weight;
}

static uint8_t
rollup_bits(const struct rollup_item *it, unsigned level)
{
	return rollup_prefix_bits[it->kind == ADDR_IP6][level];
}

static void
rollup_assign(struct rollup_item *it, unsigned level)
{
	it->prefix_bits = rollup_bits(it, level);
	it->is_assigned = true;
}

/* Hysteresis: a host keeps its own row until it falls below half of the threshold. */
static void
rollup_assign_host(struct rollup *r, const struct rollup_task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];
	uint64_t least = r->total / ROLLUP_SHARE;

	if (it->old_bits == rollup_bits(it, t->level))
		least /= 2;
	if (it->weight >= least && it->weight > 0)
		rollup_assign(it, t->level);
}

static void
rollup_wipe_slots(struct rollup *r, const struct rollup_task *t ATTR_UNUSED, uint32_t i)
{
	index_clear_slots(&r->index, i * WIPED, WIPED);
}

/* The first item with the same prefix, which represents its group. */
static uint32_t
rollup_find_group(struct rollup *r, const struct rollup_task *t, uint32_t i)
{
	const struct rollup_item *it = &r->item[i];
	struct net n = { .addr = it->addr, .kind = it->kind, .bits = rollup_bits(it, t->level) };
	struct host_key k = { .addr = &n.addr, .kind = n.kind };
	uint32_t hash;

	addr_mask(&n.addr, n.bits);
	hash = hosts_hash(t->hosts, &k);
	INDEX_EACH (&r->index, hash, row)
		if (net_contains(&n, (enum addr_kind)r->item[row].kind, &r->item[row].addr))
			return row;
	index_add(&r->index, hash, i);
	r->item[i].sum = 0;
	return i;
}

static void
rollup_join_group(struct rollup *r, const struct rollup_task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];

	if (it->is_assigned)
		return;
	it->group = rollup_find_group(r, t, i);
	r->item[it->group].sum += it->weight;
}

static void
rollup_assign_group(struct rollup *r, const struct rollup_task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];
	uint64_t sum;

	if (it->is_assigned)
		return;
	sum = r->item[it->group].sum;
	if (sum >= r->total / ROLLUP_SHARE && sum > 0)
		rollup_assign(it, t->level);
}

/* Rows that were reused by other hosts meanwhile are skipped. */
static void
rollup_apply(struct rollup *r, const struct rollup_task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];
	struct host *h = &t->hosts->row[it->row];

	if (!it->is_assigned)
		rollup_assign(it, t->level);
	if (h->kind != it->kind || !addr_equal(&h->addr, &it->addr))
		return;
	r->changed |= h->prefix_bits != it->prefix_bits;
	h->prefix_bits = it->prefix_bits;
}

enum rollup_scope { ROLLUP_HOSTS, ROLLUP_ITEMS, ROLLUP_SLOTS };

/* The passes, from single hosts to the rest; each visits all items once, with constant work per
 * item. */
static const struct {
	void (*each)(struct rollup *r, const struct rollup_task *t, uint32_t i);
	enum rollup_scope over;
	unsigned level;
} rollup_passes[] = {
	{ rollup_add_host, ROLLUP_HOSTS, 3 },
	{ rollup_assign_host, ROLLUP_ITEMS, 3 },
	{ rollup_wipe_slots, ROLLUP_SLOTS, 2 },
	{ rollup_join_group, ROLLUP_ITEMS, 2 },
	{ rollup_assign_group, ROLLUP_ITEMS, 2 },
	{ rollup_wipe_slots, ROLLUP_SLOTS, 1 },
	{ rollup_join_group, ROLLUP_ITEMS, 1 },
	{ rollup_assign_group, ROLLUP_ITEMS, 1 },
	{ rollup_apply, ROLLUP_ITEMS, 0 },
};

static uint32_t
rollup_pass_end(const struct rollup *r, const struct hosts *hs, enum rollup_scope over)
{
	if (over == ROLLUP_HOSTS)
		return hs->table.used;
	return over == ROLLUP_ITEMS ? r->n : index_slots(&r->index) / WIPED;
}

bool
rollup_step(struct rollup *r, struct hosts *hs, const struct intervals *b, bool told,
    unsigned steps, bool *changed)
{
	struct rollup_task t = { .hosts = hs, .intervals = b, .is_live = told };

	*changed = false;
	if (r->busy)
		rollup_reserve(r, hs);
	while (r->busy && steps > 0) {
		uint32_t end = rollup_pass_end(r, hs, rollup_passes[r->pass].over);

		t.level = rollup_passes[r->pass].level;
		for (; steps > 0 && r->position < end; steps--)
			rollup_passes[r->pass].each(r, &t, r->position++);
		if (r->position < end)
			break;
		r->position = 0;
		r->busy = ++r->pass < NITEMS(rollup_passes);
	}
	if (!r->busy)
		*changed = r->changed;
	return r->busy;
}
