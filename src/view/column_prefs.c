#include "config.h"

#include "view/column_layout.h"

#include <assert.h>
#include <string.h>

#define TEXT_LEAST 4 /* least useful width of a text */

void
column_prefs_default(struct column_prefs *a)
{
	memset(a, 0, sizeof(*a));
	for (unsigned i = 0; i < VIEW_COLUMNS; i++)
		a->order[i] = (uint8_t)i;
}

unsigned
column_prefs_position(const struct column_prefs *a, const struct view *v, unsigned column)
{
	unsigned i = 0;

	assert(column < v->n_cols);
	while (a->order[i] != column)
		i++;
	return i;
}

/* Moves the column to place `to`. */
static void
column_prefs_move_to(struct column_prefs *a, unsigned from, unsigned to)
{
	uint8_t column = a->order[from];

	if (from < to)
		memmove(&a->order[from], &a->order[from + 1], to - from);
	else
		memmove(&a->order[to + 1], &a->order[to], from - to);
	a->order[to] = column;
}

static bool
column_prefs_is_hidden(const struct column_prefs *a, unsigned place)
{
	return a->visibility[a->order[place]] == COLUMN_HIDDEN;
}

void
column_prefs_move(struct column_prefs *a, const struct view *v, unsigned column, int by)
{
	int from = (int)column_prefs_position(a, v, column), to = from, step = by < 0 ? -1 : 1;

	for (int at = from + step; by != 0 && at >= 0 && at < (int)v->n_cols; at += step) {
		if (column_prefs_is_hidden(a, (unsigned)at))
			continue;
		to = at;
		by -= step;
	}
	column_prefs_move_to(a, (unsigned)from, (unsigned)to);
}

void
column_prefs_move_first(
    struct column_prefs *a, const struct view *v, const uint8_t *columns, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		column_prefs_move_to(a, column_prefs_position(a, v, columns[i]), i);
}

unsigned
column_prefs_next(const struct column_prefs *a, const struct view *v, unsigned column, int step)
{
	unsigned at = column_prefs_position(a, v, column), n = v->n_cols;

	for (unsigned i = 0; i < n; i++) {
		at = (at + (step < 0 ? n - 1 : 1)) % n;
		if (!column_prefs_is_hidden(a, at))
			break;
	}
	return a->order[at];
}

static unsigned
column_prefs_n_visible(const struct column_prefs *a, const struct view *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_cols; i++)
		n += !column_prefs_is_hidden(a, i);
	return n;
}

bool
column_prefs_set_visibility(
    struct column_prefs *a, const struct view *v, unsigned column, unsigned to)
{
	if (to == COLUMN_HIDDEN && a->visibility[column] != COLUMN_HIDDEN &&
	    column_prefs_n_visible(a, v) == 1)
		return false;
	a->visibility[column] = (uint8_t)to;
	return true;
}

/* Numbers are never cut, so they keep their least width. */
int
column_prefs_min_width(const struct column_prefs *a, const struct view *v, unsigned column)
{
	const struct column *c = &v->cols[column];
	int min = c->min + a->extra_width[column], least = c->left ? TEXT_LEAST : c->min;

	if (least > c->min)
		least = c->min;
	return min < least ? least : min;
}

int
column_prefs_max_width(const struct column_prefs *a, const struct view *v, unsigned column)
{
	int max = v->cols[column].max + a->extra_width[column],
	    min = column_prefs_min_width(a, v, column);

	return max < min ? min : max;
}

/* How many columns have to be listed so that the others follow in their default order. */
static unsigned
column_prefs_count_moved(const struct column_prefs *a, const struct view *v)
{
	unsigned n = v->n_cols;

	while (n > 1 && a->order[n - 2] < a->order[n - 1])
		n--;
	return n > 1 ? n - 1 : 0;
}

static void
column_prefs_add_order(
    struct buf *b, const struct column_prefs *a, const struct view *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_addf(b, "%s%s", i > 0 ? "," : "columns order ", v->cols[a->order[i]].name);
	if (n > 0)
		buf_addc(b, '\n');
}

static void
column_prefs_add_visibility(struct buf *b, const struct column_prefs *a, const struct view *v)
{
	bool any = false;

	for (unsigned i = 0; i < v->n_cols; i++) {
		if (a->visibility[i] == COLUMN_AUTO)
			continue;
		buf_addf(b, "%s%c%s", any ? "," : "columns ",
		    a->visibility[i] == COLUMN_SHOWN ? '+' : '-', v->cols[i].name);
		any = true;
	}
	if (any)
		buf_addc(b, '\n');
}

void
column_prefs_commands(const struct column_prefs *a, const struct view *v, struct buf *b)
{
	column_prefs_add_order(b, a, v, column_prefs_count_moved(a, v));
	column_prefs_add_visibility(b, a, v);
	for (unsigned i = 0; i < v->n_cols; i++)
		if (a->extra_width[i] != 0)
			buf_addf(b, "column %s %s %d\n", v->cols[i].name,
			    a->extra_width[i] > 0 ? "wider" : "narrower",
			    a->extra_width[i] > 0 ? a->extra_width[i] : -a->extra_width[i]);
}
