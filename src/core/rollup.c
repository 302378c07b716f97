#include "config.h"

#include "core/rollup.h"

#include <stdlib.h>
#include <string.h>

#include "core/host.h"
#include "util/attr.h"
#include "util/die.h"

#define LEVELS 4

/* Bits of the prefixes, from all down to a host. */
static const uint8_t levels[2][LEVELS] = { { 0, 16, 24, 32 }, { 0, 48, 64, 128 } };

void
rollup_begin(struct rollup *r, uint64_t now)
{
	r->busy = true;
	r->begun = now != 0 ? now : 1; /* 0: never */
	r->n = r->at = 0;
	r->total = 0;
}

void
rollup_fini(struct rollup *r)
{
	free(r->item);
	*r = (struct rollup){ .item = NULL };
}

static uint64_t
weigh(const struct host *h, const struct beats *b, bool told)
{
	uint64_t sum = 0;

	for (int c = 0; c < CLASSES; c++) {
		if (!(h->classes & (1u << c)))
			continue;
		sum += told ? (uint64_t)meter_rate(&h->meter[c], b, METER_60S)
			    : meter_sum(&h->meter[c]).bytes;
	}
	return sum;
}

/* Room for all hosts that there can be, from the first time on. */
static void
make_room(struct rollup *r, const struct hosts *hs)
{
	if (r->room >= hs->max)
		return;
	free(r->item);
	r->item = xcalloc(hs->max, sizeof(*r->item));
	r->room = hs->max;
}

/* True while there are more hosts. */
static bool
gather(struct rollup *r, const struct hosts *hs, const struct beats *b, bool told, unsigned steps)
{
	make_room(r, hs);
	for (; steps > 0 && r->at < hs->used; steps--, r->at++) {
		const struct host *h = &hs->row[r->at];

		if (!h->counted || (h->kind != ADDR_IP4 && h->kind != ADDR_IP6))
			continue;
		r->item[r->n] = (struct rollup_item){
			.addr = h->addr,
			.weight = weigh(h, b, told),
			.row = r->at,
			.kind = h->kind,
			.was = h->level,
		};
		r->total += r->item[r->n++].weight;
	}
	return r->at < hs->used;
}

static int
compare(const void *x, const void *y)
{
	const struct rollup_item *a = x, *b = y;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return addr_compare(&a->addr, &b->addr);
}

static bool
is_within(const struct rollup_item *x, const struct rollup_item *y, unsigned bits)
{
	struct net n = { .addr = x->addr, .kind = x->kind, .bits = (uint8_t)bits };

	return x->kind == y->kind && net_has(&n, (enum addr_kind)y->kind, &y->addr);
}

static void
place(struct rollup_item *it, uint32_t n, uint8_t level)
{
	for (uint32_t i = 0; i < n; i++) {
		if (it[i].placed)
			continue;
		it[i].level = level;
		it[i].placed = true;
	}
}

/* A host that stands for itself goes on to, till it has half of what it then needed. */
static bool
is_enough(const struct rollup_item *it, uint32_t n, uint64_t sum, uint64_t least, uint8_t bits)
{
	if (n == 1 && it->was == bits && bits >= 32)
		least /= 2;
	return sum >= least && sum > 0;
}

/*
 * The n items, in order, share a prefix of that depth.  Gives levels to those below it that have
 * enough, and to the rest together, if that has.  Returns the weight of what was given none.
 */
static uint64_t
roll(struct rollup_item *it, uint32_t n, unsigned depth, uint64_t least)
{
	uint8_t bits = levels[it->kind == ADDR_IP6][depth];
	uint64_t sum = 0;

	if (depth == LEVELS - 1) {
		sum = it->weight;
	} else {
		unsigned inner = levels[it->kind == ADDR_IP6][depth + 1];

		for (uint32_t from = 0, to; from < n; from = to) {
			for (to = from + 1; to < n && is_within(&it[from], &it[to], inner); to++)
				;
			sum += roll(it + from, to - from, depth + 1, least);
		}
	}
	if (depth != 0 && !is_enough(it, n, sum, least, bits))
		return sum;
	place(it, n, bits);
	return 0;
}

/* Rows that have come to be other hosts' meanwhile keep the level that those have. */
static bool
apply(const struct rollup *r, struct hosts *hs)
{
	bool changed = false;

	for (uint32_t i = 0; i < r->n; i++) {
		const struct rollup_item *it = &r->item[i];
		struct host *h = &hs->row[it->row];

		if (h->kind != it->kind || !addr_equal(&h->addr, &it->addr))
			continue;
		changed |= h->level != it->level;
		h->level = it->level;
	}
	return changed;
}

bool
rollup_step(struct rollup *r, struct hosts *hs, const struct beats *b, bool told, unsigned steps,
    bool *changed)
{
	uint32_t ip4 = 0;

	*changed = false;
	if (!r->busy || gather(r, hs, b, told, steps))
		return r->busy;
	r->busy = false;
	if (r->n == 0)
		return false;
	qsort(r->item, r->n, sizeof(*r->item), compare);
	while (ip4 < r->n && r->item[ip4].kind == ADDR_IP4)
		ip4++;
	if (ip4 > 0)
		roll(r->item, ip4, 0, r->total / ROLLUP_PARTS);
	if (ip4 < r->n)
		roll(r->item + ip4, r->n - ip4, 0, r->total / ROLLUP_PARTS);
	*changed = apply(r, hs);
	return false;
}
