#include "config.h"

#include "view/row_list.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "view/columns.h"

#define NOWHERE      UINT32_MAX
#define MAX_SMOOTHED 256 /* rows that are smoothed: more than any screen has */
#define SMOOTH_LISTS 10  /* lists that a rate is averaged over */
#define CHANGE_RATIO 2.5 /* a larger change counts at once, */
#define CHANGE_LISTS 3   /* if it lasts for so many lists */
#define CLOSE_RATIO  1.1 /* rates within this ratio keep their order */

struct keyed_place {
	struct row_key key;
	uint32_t list_index;
};

struct rate_columns { /* the columns that are smoothed; n_cols of the view: none */
	unsigned sorted, of[ROW_RATES];
};

struct smoothed_row {         /* a row while its place is decided */
	struct row_rate rate; /* what it is ordered by */
	uint32_t list_index;  /* its place in the list */
	uint32_t old_place;   /* its place on the screen before, or NOWHERE */
};

void
row_order_init(struct row_order *o)
{
	*o = (struct row_order){ 0 };
}

void
row_order_fini(struct row_order *o)
{
	free(o->key);
	free(o->list_index);
	free(o->rate);
	row_order_init(o);
}

void
row_order_clear(struct row_order *o)
{
	o->n = 0;
	o->is_tree = false;
}

void
row_order_reserve(struct row_order *o, uint32_t n)
{
	if (n <= o->max_rows)
		return;
	row_order_fini(o);
	o->key = xcalloc(n, sizeof(*o->key));
	o->list_index = xcalloc(n, sizeof(*o->list_index));
	o->rate = xcalloc(n, sizeof(*o->rate));
	o->max_rows = n;
}

static void
row_order_append(struct row_order *o, const struct row_list *l, uint32_t at, struct row_rate rate)
{
	o->key[o->n] = row_list_get(l, at)->key;
	o->list_index[o->n] = at;
	o->rate[o->n] = rate;
	o->n++;
}

static int
row_order_compare_keys(const void *x, const void *y)
{
	const struct keyed_place *a = x, *b = y;

	return memcmp(&a->key, &b->key, sizeof(a->key));
}

/* Fills in the rows of l sorted by key, without "(other)".  Returns how many. */
static uint32_t
row_order_sort_places(struct keyed_place *p, const struct row_list *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < row_list_count(l); i++) {
		const struct table_row *row = row_list_get(l, i);

		if (!row->other)
			p[n++] = (struct keyed_place){ .key = row->key, .list_index = i };
	}
	qsort(p, n, sizeof(*p), row_order_compare_keys);
	return n;
}

/* Fills in the place of each row of the order in l, NOWHERE for rows that are gone. */
static void
row_order_find_rows(const struct row_order *o, const struct row_list *l, uint32_t *now)
{
	struct keyed_place *sorted = xcalloc((size_t)row_list_count(l) + 1, sizeof(*sorted)),
			   *found;
	uint32_t n = row_order_sort_places(sorted, l);

	for (uint32_t i = 0; i < o->n; i++) {
		struct keyed_place wanted = { .key = o->key[i] };

		found = bsearch(&wanted, sorted, n, sizeof(*sorted), row_order_compare_keys);
		now[i] = found != NULL ? found->list_index : NOWHERE;
	}
	free(sorted);
}

void
row_order_hold(struct row_order *o, const struct row_list *l)
{
	uint32_t count = row_list_count(l), *now = xcalloc((size_t)o->n + 1, sizeof(*now));
	bool *taken = xcalloc((size_t)count + 1, sizeof(*taken));
	const struct row_rate none = { 0 };
	struct row_order next;

	row_order_find_rows(o, l, now);
	row_order_init(&next);
	row_order_reserve(&next, count);
	for (uint32_t i = 0; i < o->n; i++) {
		if (now[i] == NOWHERE || taken[now[i]])
			continue;
		taken[now[i]] = true;
		row_order_append(&next, l, now[i], o->rate[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		if (!taken[i])
			row_order_append(&next, l, i, none);
	free(taken);
	free(now);
	row_order_fini(o);
	*o = next;
	o->n_listed = count;
}

/* Lists in which the rate was far above what it is smoothed to (>0), or far below (<0). */
static int
row_order_count_changes(struct row_rate before, double now)
{
	if (now > before.x * CHANGE_RATIO)
		return before.n_changes > 0 ? before.n_changes + 1 : 1;
	if (now < before.x / CHANGE_RATIO)
		return before.n_changes < 0 ? before.n_changes - 1 : -1;
	return 0;
}

/* The rate that a row is sorted by: smoothed, until a large change lasts. */
static struct row_rate
row_order_smooth_rate(struct row_rate before, const struct row_rate *now)
{
	before.n_changes = row_order_count_changes(before, now->x);
	if (before.n_lists == 0 || abs(before.n_changes) == CHANGE_LISTS)
		return *now;
	if (before.n_lists < SMOOTH_LISTS)
		before.n_lists++;
	before.x += (now->x - before.x) / before.n_lists;
	for (unsigned r = 0; r < ROW_RATES; r++)
		before.of_column[r] += (now->of_column[r] - before.of_column[r]) / before.n_lists;
	return before;
}

static bool
row_order_is_rate(const struct value *v)
{
	return v->type == V_BYTE_RATE || v->type == V_PACKET_RATE;
}

/* The columns of a view that show rates of the last interval. */
static struct rate_columns
row_order_find_rates(const struct view *v, unsigned sorted)
{
	traffic_getter *const getters[] = { traffic_get_bps_in, traffic_get_bps_out,
		traffic_get_bps, traffic_get_pps, traffic_get_share };
	struct rate_columns columns = { .sorted = sorted };

	static_assert(NITEMS(getters) == ROW_RATES, "each has a place");
	for (unsigned r = 0; r < ROW_RATES; r++) {
		columns.of[r] = v->n_cols;
		for (unsigned c = 0; c < v->n_cols; c++)
			if (v->cols[c].get_traffic == getters[r])
				columns.of[r] = c;
	}
	return columns;
}

static struct row_rate
row_order_read_rates(
    const struct table_row *row, const struct view *v, const struct rate_columns *columns)
{
	struct row_rate now = { .x = row->cell[columns->sorted].x, .n_lists = 1 };

	for (unsigned r = 0; r < ROW_RATES; r++)
		if (columns->of[r] < v->n_cols && row->cell[columns->of[r]].type != V_NONE)
			now.of_column[r] = row->cell[columns->of[r]].x;
	return now;
}

/* Fills in the first rows of the list that have a rate.  Returns how many. */
static uint32_t
row_order_smooth_rows(const struct row_order *o, const struct row_list *l,
    const struct rate_columns *columns, struct smoothed_row *seats)
{
	uint32_t count = row_list_count(l), *now = xcalloc((size_t)o->n + 1, sizeof(*now)), n;

	for (n = 0; n < count && n < MAX_SMOOTHED; n++) {
		const struct table_row *row = row_list_get(l, n);

		if (row->other || !row_order_is_rate(&row->cell[columns->sorted]))
			break;
		seats[n] = (struct smoothed_row){ .rate = row_order_read_rates(
						      row, row_list_view(l), columns),
			.list_index = n,
			.old_place = NOWHERE };
	}
	row_order_find_rows(o, l, now);
	for (uint32_t i = 0; i < o->n; i++) {
		if (now[i] >= n)
			continue;
		seats[now[i]].rate = row_order_smooth_rate(o->rate[i], &seats[now[i]].rate);
		seats[now[i]].old_place = i;
	}
	free(now);
	return n;
}

static int
row_order_compare_ascending(const void *x, const void *y)
{
	const struct smoothed_row *a = x, *b = y;

	if (a->rate.x != b->rate.x)
		return a->rate.x < b->rate.x ? -1 : 1;
	return (a->list_index > b->list_index) - (a->list_index < b->list_index);
}

static int
row_order_compare_descending(const void *x, const void *y)
{
	const struct smoothed_row *a = x, *b = y;

	return a->rate.x != b->rate.x ? row_order_compare_ascending(y, x)
				      : row_order_compare_ascending(x, y);
}

static bool
row_order_is_close(const struct smoothed_row *x, const struct smoothed_row *y)
{
	return x->rate.x <= y->rate.x * CLOSE_RATIO && y->rate.x <= x->rate.x * CLOSE_RATIO;
}

/* Rows that were above others with nearly the same rate stay above them. */
static void
row_order_keep_close_rows(struct smoothed_row *seats, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++) {
		struct smoothed_row row = seats[i];
		uint32_t at = i;

		for (; at > 0 && seats[at - 1].old_place > row.old_place; at--) {
			if (!row_order_is_close(&seats[at - 1], &row))
				break;
			seats[at] = seats[at - 1];
		}
		seats[at] = row;
	}
}

static void
row_order_show_rates(
    struct row_list *l, const struct smoothed_row *seat, const struct rate_columns *columns)
{
	row_list_set_rate(l, seat->list_index, columns->sorted, seat->rate.x);
	for (unsigned r = 0; r < ROW_RATES; r++)
		if (columns->of[r] < row_list_view(l)->n_cols)
			row_list_set_rate(
			    l, seat->list_index, columns->of[r], seat->rate.of_column[r]);
}

void
row_order_smooth(struct row_order *o, struct row_list *l, unsigned column, bool desc)
{
	struct smoothed_row *seats = xcalloc(MAX_SMOOTHED, sizeof(*seats));
	struct rate_columns columns = row_order_find_rates(row_list_view(l), column);
	uint32_t n = row_order_smooth_rows(o, l, &columns, seats), count = row_list_count(l);

	qsort(seats, n, sizeof(*seats),
	    desc ? row_order_compare_descending : row_order_compare_ascending);
	row_order_keep_close_rows(seats, n);
	row_order_clear(o);
	row_order_reserve(o, count);
	for (uint32_t i = 0; i < n; i++) {
		row_order_append(o, l, seats[i].list_index, seats[i].rate);
		row_order_show_rates(l, &seats[i], &columns);
	}
	for (uint32_t i = n; i < count; i++)
		row_order_append(o, l, i, (struct row_rate){ 0 });
	o->n_listed = count;
	free(seats);
}
