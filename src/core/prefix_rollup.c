#include "config.h"

#include "core/prefix_rollup.h"

#include <assert.h>

#include "core/host.h"
#include "util/attr.h"
#include "util/pages.h"

#define LEVELS 4

/* Bits of the prefixes, from all down to a host. */
static const uint8_t levels[2][LEVELS] = { { 0, 16, 24, 32 }, { 0, 48, 64, 128 } };

/* Slots of the index that are wiped for the price of one step. */
#define WIPED 16

/* What a pass goes over. */
struct task {
	struct hosts *hosts;
	const struct beats *beats;
	bool told;
	unsigned level;
};

void
rollup_begin(struct rollup *r, uint64_t now)
{
	r->busy = true;
	r->begun = now != 0 ? now : 1; /* 0: never */
	r->n = r->at = r->pass = 0;
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
weigh(const struct host *h, const struct task *t)
{
	uint64_t sum = 0;

	for (int c = 0; c < CLASSES; c++) {
		if (!(h->classes & (1u << c)))
			continue;
		sum += t->told ? (uint64_t)meter_rate(&h->meter[c], t->beats, METER_60S)
			       : meter_sum(&h->meter[c]).bytes;
	}
	return sum;
}

/* Room for all hosts that there can be, from the first time on. */
static void
make_room(struct rollup *r, const struct hosts *hs)
{
	if (r->room >= hs->most)
		return;
	pages_del(r->item);
	index_fini(&r->index);
	r->item = pages_new(hs->most * sizeof(*r->item));
	index_reserve(&r->index, hs->most);
	r->room = hs->most;
}

static void
gather(struct rollup *r, const struct task *t, uint32_t i)
{
	const struct host *h = &t->hosts->row[i];

	if (!h->counted || (h->kind != ADDR_IP4 && h->kind != ADDR_IP6) || r->n == r->room)
		return;
	r->item[r->n] = (struct rollup_item){
		.addr = h->addr,
		.weight = weigh(h, t),
		.row = i,
		.kind = h->kind,
		.was = h->level,
	};
	r->total += r->item[r->n++].weight;
}

static uint8_t
bits_of(const struct rollup_item *it, unsigned level)
{
	return levels[it->kind == ADDR_IP6][level];
}

static void
place(struct rollup_item *it, unsigned level)
{
	it->level = bits_of(it, level);
	it->placed = true;
}

/* A host that stands for itself goes on to, till it has half of what it then needed. */
static void
place_alone(struct rollup *r, const struct task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];
	uint64_t least = r->total / ROLLUP_PARTS;

	if (it->was == bits_of(it, t->level))
		least /= 2;
	if (it->weight >= least && it->weight > 0)
		place(it, t->level);
}

static void
wipe(struct rollup *r, const struct task *t ATTR_UNUSED, uint32_t i)
{
	index_clear_slots(&r->index, i * WIPED, WIPED);
}

/* The item that stands for all that share a prefix: the first one of them. */
static uint32_t
get_first(struct rollup *r, const struct task *t, uint32_t i)
{
	const struct rollup_item *it = &r->item[i];
	struct net n = { .addr = it->addr, .kind = it->kind, .bits = bits_of(it, t->level) };
	struct host_key k = { .addr = &n.addr, .kind = n.kind };
	uint32_t hash, row;

	addr_mask(&n.addr, n.bits);
	hash = hosts_hash(t->hosts, &k);
	for (uint32_t slot = index_first(&r->index, hash);
	     (row = index_at(&r->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&r->index, slot))
		if (row != INDEX_SKIP &&
		    net_contains(&n, (enum addr_kind)r->item[row].kind, &r->item[row].addr))
			return row;
	index_add(&r->index, hash, i);
	r->item[i].sum = 0;
	return i;
}

static void
join(struct rollup *r, const struct task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];

	if (it->placed)
		return;
	it->first = get_first(r, t, i);
	r->item[it->first].sum += it->weight;
}

static void
place_together(struct rollup *r, const struct task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];
	uint64_t sum;

	if (it->placed)
		return;
	sum = r->item[it->first].sum;
	if (sum >= r->total / ROLLUP_PARTS && sum > 0)
		place(it, t->level);
}

/* Rows that have come to be other hosts' meanwhile keep the level that those have. */
static void
apply(struct rollup *r, const struct task *t, uint32_t i)
{
	struct rollup_item *it = &r->item[i];
	struct host *h = &t->hosts->row[it->row];

	if (!it->placed)
		place(it, t->level);
	if (h->kind != it->kind || !addr_equal(&h->addr, &it->addr))
		return;
	r->changed |= h->level != it->level;
	h->level = it->level;
}

enum over { HOSTS, ITEMS, SLOTS };

/* From the hosts down to what is left, each over all in turn: no pass has more to do for one. */
static const struct {
	void (*each)(struct rollup *r, const struct task *t, uint32_t i);
	enum over over;
	unsigned level;
} passes[] = {
	{ gather, HOSTS, 3 },
	{ place_alone, ITEMS, 3 },
	{ wipe, SLOTS, 2 },
	{ join, ITEMS, 2 },
	{ place_together, ITEMS, 2 },
	{ wipe, SLOTS, 1 },
	{ join, ITEMS, 1 },
	{ place_together, ITEMS, 1 },
	{ apply, ITEMS, 0 },
};

static uint32_t
end_of(const struct rollup *r, const struct hosts *hs, enum over over)
{
	if (over == HOSTS)
		return hs->used;
	return over == ITEMS ? r->n : index_slots(&r->index) / WIPED;
}

bool
rollup_step(struct rollup *r, struct hosts *hs, const struct beats *b, bool told, unsigned steps,
    bool *changed)
{
	struct task t = { .hosts = hs, .beats = b, .told = told };

	*changed = false;
	if (r->busy)
		make_room(r, hs);
	while (r->busy && steps > 0) {
		uint32_t end = end_of(r, hs, passes[r->pass].over);

		t.level = passes[r->pass].level;
		for (; steps > 0 && r->at < end; steps--)
			passes[r->pass].each(r, &t, r->at++);
		if (r->at < end)
			break;
		r->at = 0;
		r->busy = ++r->pass < NITEMS(passes);
	}
	if (!r->busy)
		*changed = r->changed;
	return r->busy;
}
