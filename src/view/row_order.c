#include "config.h"

#include "view/row_order.h"

#include <stdlib.h>
#include <string.h>

#include "util/die.h"

#define NOWHERE UINT32_MAX
#define SETTLED 256  /* rows that are smoothed: more than any screen has */
#define LISTS   5    /* lists that a rate is averaged over */
#define LEAP    2.5  /* a larger change is taken at once */
#define NEARLY  1.25 /* rates within this ratio keep their order */

struct place {
	struct rowkey key;
	uint32_t at;
};

struct seat {                   /* a row while its place is decided */
	struct order_rate rate; /* what it is ordered by */
	uint32_t at;            /* its place in the list */
	uint32_t before;        /* its place on the screen before, or NOWHERE */
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
	free(o->rate);
	order_init(o);
}

void
order_clear(struct order *o)
{
	o->n = 0;
	o->tree = false;
}

void
order_reserve(struct order *o, uint32_t n)
{
	if (n <= o->room)
		return;
	order_fini(o);
	o->key = xcalloc(n, sizeof(*o->key));
	o->place = xcalloc(n, sizeof(*o->place));
	o->rate = xcalloc(n, sizeof(*o->rate));
	o->room = n;
}

static void
add(struct order *o, const struct list *l, uint32_t at, struct order_rate rate)
{
	o->key[o->n] = list_get(l, at)->key;
	o->place[o->n] = at;
	o->rate[o->n] = rate;
	o->n++;
}

static int
compare(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return memcmp(&a->key, &b->key, sizeof(a->key));
}

/* Fills in the rows of l sorted by key, without "(other)".  Returns how many. */
static uint32_t
sort_places(struct place *p, const struct list *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < list_count(l); i++) {
		const struct list_row *row = list_get(l, i);

		if (!row->other)
			p[n++] = (struct place){ .key = row->key, .at = i };
	}
	qsort(p, n, sizeof(*p), compare);
	return n;
}

/* Fills in the place of each row of the order in l, NOWHERE for rows that are gone. */
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
	const struct order_rate none = { 0 };
	struct order next;

	find_again(o, l, now);
	order_init(&next);
	order_reserve(&next, count);
	for (uint32_t i = 0; i < o->n; i++) {
		if (now[i] == NOWHERE || taken[now[i]])
			continue;
		taken[now[i]] = true;
		add(&next, l, now[i], o->rate[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		if (!taken[i])
			add(&next, l, i, none);
	free(taken);
	free(now);
	order_fini(o);
	*o = next;
	o->rows = count;
}

/* The rate that a row is sorted by: smoothed, but a large change counts at once. */
static struct order_rate
smooth(struct order_rate before, double now)
{
	if (before.n == 0 || now > before.x * LEAP || now < before.x / LEAP)
		return (struct order_rate){ .x = now, .n = 1 };
	if (before.n < LISTS)
		before.n++;
	before.x += (now - before.x) / before.n;
	return before;
}

static bool
is_rate(const struct value *v)
{
	return v->type == V_BYTE_RATE || v->type == V_PACKET_RATE;
}

/* Fills in the first rows of the list that have a rate.  Returns how many. */
static uint32_t
fill_seats(const struct order *o, const struct list *l, unsigned column, struct seat *seats)
{
	uint32_t count = list_count(l), *now = xcalloc((size_t)o->n + 1, sizeof(*now)), n;

	for (n = 0; n < count && n < SETTLED; n++) {
		const struct list_row *row = list_get(l, n);

		if (row->other || !is_rate(&row->cell[column]))
			break;
		seats[n] = (struct seat){
			.rate = { .x = row->cell[column].x, .n = 1 }, .at = n, .before = NOWHERE
		};
	}
	find_again(o, l, now);
	for (uint32_t i = 0; i < o->n; i++) {
		if (now[i] >= n)
			continue;
		seats[now[i]].rate = smooth(o->rate[i], seats[now[i]].rate.x);
		seats[now[i]].before = i;
	}
	free(now);
	return n;
}

static int
least_first(const void *x, const void *y)
{
	const struct seat *a = x, *b = y;

	if (a->rate.x != b->rate.x)
		return a->rate.x < b->rate.x ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

static int
most_first(const void *x, const void *y)
{
	const struct seat *a = x, *b = y;

	return a->rate.x != b->rate.x ? least_first(y, x) : least_first(x, y);
}

static bool
nearly_same(const struct seat *x, const struct seat *y)
{
	return x->rate.x <= y->rate.x * NEARLY && y->rate.x <= x->rate.x * NEARLY;
}

/* Rows that were above others with nearly the same rate stay above them. */
static void
settle(struct seat *seats, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct seat row = seats[i];
		uint32_t at = i;

		for (; at > 0 && seats[at - 1].before > row.before; at--) {
			if (!nearly_same(&seats[at - 1], &row))
				break;
			seats[at] = seats[at - 1];
		}
		seats[at] = row;
	}
}

void
order_settle(struct order *o, const struct list *l, unsigned column, bool desc)
{
	struct seat *seats = xcalloc(SETTLED, sizeof(*seats));
	uint32_t n = fill_seats(o, l, column, seats), count = list_count(l);

	qsort(seats, n, sizeof(*seats), desc ? most_first : least_first);
	settle(seats, n);
	order_clear(o);
	order_reserve(o, count);
	for (uint32_t i = 0; i < n; i++)
		add(o, l, seats[i].at, seats[i].rate);
	for (uint32_t i = n; i < count; i++)
		add(o, l, i, (struct order_rate){ 0 });
	o->rows = count;
	free(seats);
}
