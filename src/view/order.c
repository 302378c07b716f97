#include "config.h"

#include "view/order.h"

#include <stdlib.h>
#include <string.h>

#include "util/die.h"

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
order_hold(struct order *o, const struct list *l)
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

void
order_follow(struct order *o, const struct list *l)
{
	uint32_t count = list_count(l), n, held = o->n;
	struct place *sorted = xcalloc((size_t)count + 1, sizeof(*sorted)), *found;
	bool *taken = xcalloc((size_t)count + 1, sizeof(*taken));
	struct order next;

	n = sort_places(sorted, l);
	order_init(&next);
	make_room(&next, count);
	for (uint32_t i = 0; i < held; i++) {
		struct place wanted = { .key = o->key[i] };

		found = bsearch(&wanted, sorted, n, sizeof(*sorted), compare);
		if (found == NULL || taken[found->at])
			continue;
		taken[found->at] = true;
		add(&next, l, found->at);
	}
	for (uint32_t i = 0; i < count; i++)
		if (!taken[i])
			add(&next, l, i);
	free(sorted);
	free(taken);
	order_fini(o);
	*o = next;
}
