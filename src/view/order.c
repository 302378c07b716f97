#include "config.h"

#include "view/order.h"

#include <stdlib.h>
#include <string.h>

#include "util/die.h"

#define NOWHERE UINT32_MAX
#define NEARLY  1.2 /* times as much: one rate that is nearly the same as another */
#define SETTLED 256 /* rows: more are on no screen, and they would take too long */

struct place {
	struct rowkey key;
	uint32_t at;
};

void
order_init(struct order *o)
{
	*o = (struct order){ 0 };
}

void
order_fini(struct order *o)
{
	free(o->key);
	free(o->place);
	order_init(o);
}

void
order_clear(struct order *o)
{
	o->n = 0;
}

/* Room for n rows; what was held is lost. */
static void
make_room(struct order *o, uint32_t n)
{
	if (n <= o->room)
		return;
	order_fini(o);
	o->key = xcalloc(n, sizeof(*o->key));
	o->place = xcalloc(n, sizeof(*o->place));
	o->room = n;
}

static void
add(struct order *o, const struct list *l, uint32_t at)
{
	o->key[o->n] = list_row(l, at)->key;
	o->place[o->n] = at;
	o->n++;
}

void
order_take(struct order *o, const struct list *l)
{
	uint32_t n = list_count(l);

	order_clear(o);
	make_room(o, n);
	for (uint32_t i = 0; i < n; i++)
		add(o, l, i);
}

static int
compare(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return memcmp(&a->key, &b->key, sizeof(a->key));
}

/* The rows of l sorted by key; "(other)" is not among them.  Returns how many. */
static uint32_t
sort_places(struct place *p, const struct list *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < list_count(l); i++) {
		const struct list_row *row = list_row(l, i);

		if (!row->other)
			p[n++] = (struct place){ .key = row->key, .at = i };
	}
	qsort(p, n, sizeof(*p), compare);
	return n;
}

/* Fills in where each row of the order stands in l now, NOWHERE for those that are gone. */
static void
find_again(const struct order *o, const struct list *l, uint32_t *now)
{
	struct place *sorted = xcalloc((size_t)list_count(l) + 1, sizeof(*sorted)), *found;
	uint32_t n = sort_places(sorted, l);

	for (uint32_t i = 0; i < o->n; i++) {
		struct place wanted = { .key = o->key[i] };

		found = bsearch(&wanted, sorted, n, sizeof(*sorted), compare);
		now[i] = found != NULL ? found->at : NOWHERE;
	}
	free(sorted);
}

void
order_follow(struct order *o, const struct list *l)
{
	uint32_t count = list_count(l), *now = xcalloc((size_t)o->n + 1, sizeof(*now));
	bool *taken = xcalloc((size_t)count + 1, sizeof(*taken));
	struct order next;

	find_again(o, l, now);
	order_init(&next);
	make_room(&next, count);
	for (uint32_t i = 0; i < o->n; i++) {
		if (now[i] == NOWHERE || taken[now[i]])
			continue;
		taken[now[i]] = true;
		add(&next, l, now[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		if (!taken[i])
			add(&next, l, i);
	free(taken);
	free(now);
	order_fini(o);
	*o = next;
}

static bool
nearly_same(const struct value *x, const struct value *y)
{
	if (x->type != y->type || (x->type != V_BYTE_RATE && x->type != V_PACKET_RATE))
		return false;
	return x->x <= y->x * NEARLY && y->x <= x->x * NEARLY;
}

/* Puts row `at` of l behind those that the order has already, or above some that were below it. */
static void
settle(struct order *o, const struct list *l, unsigned column, const uint32_t *before, uint32_t at)
{
	const struct value *cell = &list_row(l, at)->cell[column];
	uint32_t place = o->n;

	for (; at < SETTLED && place > 0; place--) {
		uint32_t above = o->place[place - 1];

		if (before[above] <= before[at] ||
		    !nearly_same(cell, &list_row(l, above)->cell[column]))
			break;
		o->place[place] = above;
	}
	o->place[place] = at;
	o->n++;
}

void
order_settle(struct order *o, const struct list *l, unsigned column)
{
	uint32_t count = list_count(l), *now = xcalloc((size_t)o->n + 1, sizeof(*now));
	uint32_t *before = xcalloc((size_t)count + 1, sizeof(*before));
	uint32_t held = o->n;

	find_again(o, l, now);
	for (uint32_t i = 0; i < count; i++)
		before[i] = NOWHERE;
	for (uint32_t i = 0; i < held; i++)
		if (now[i] != NOWHERE)
			before[now[i]] = i;
	order_clear(o);
	make_room(o, count);
	for (uint32_t i = 0; i < count; i++)
		settle(o, l, column, before, i);
	for (uint32_t i = 0; i < count; i++)
		o->key[i] = list_row(l, o->place[i])->key;
	free(before);
	free(now);
}
