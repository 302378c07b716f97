#include "config.h"

#include "view/column_prefs.h"

#include <assert.h>
#include <string.h>

#define TEXT_LEAST 4 /* least useful width of a text */

void
arrange_default(struct arrange *a)
{
	memset(a, 0, sizeof(*a));
	for (unsigned i = 0; i < VIEW_COLUMNS; i++)
		a->order[i] = (uint8_t)i;
}

unsigned
arrange_place(const struct arrange *a, const struct view *v, unsigned column)
{
	unsigned i = 0;

	assert(column < v->n_cols);
	while (a->order[i] != column)
		i++;
	return i;
}

/* Moves the column to place `to`. */
static void
put_at(struct arrange *a, unsigned from, unsigned to)
{
	uint8_t column = a->order[from];

	if (from < to)
		memmove(&a->order[from], &a->order[from + 1], to - from);
	else
		memmove(&a->order[to + 1], &a->order[to], from - to);
	a->order[to] = column;
}

static bool
is_hidden(const struct arrange *a, unsigned place)
{
	return a->shown[a->order[place]] == ARRANGED_HIDDEN;
}

void
arrange_move(struct arrange *a, const struct view *v, unsigned column, int by)
{
	int from = (int)arrange_place(a, v, column), to = from, step = by < 0 ? -1 : 1;

	for (int at = from + step; by != 0 && at >= 0 && at < (int)v->n_cols; at += step) {
		if (is_hidden(a, (unsigned)at))
			continue;
		to = at;
		by -= step;
	}
	put_at(a, (unsigned)from, (unsigned)to);
}

void
arrange_first(struct arrange *a, const struct view *v, const uint8_t *columns, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		put_at(a, arrange_place(a, v, columns[i]), i);
}

unsigned
arrange_beside(const struct arrange *a, const struct view *v, unsigned column, int step)
{
	unsigned at = arrange_place(a, v, column), n = v->n_cols;

	for (unsigned i = 0; i < n; i++) {
		at = (at + (step < 0 ? n - 1 : 1)) % n;
		if (!is_hidden(a, at))
			break;
	}
	return a->order[at];
}

unsigned
arrange_visible(const struct arrange *a, const struct view *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_cols; i++)
		n += !is_hidden(a, i);
	return n;
}

/* Numbers are never cut, so they keep their least width. */
int
arrange_min(const struct arrange *a, const struct view *v, unsigned column)
{
	const struct column *c = &v->cols[column];
	int min = c->min + a->wider[column], least = c->left ? TEXT_LEAST : c->min;

	if (least > c->min)
		least = c->min;
	return min < least ? least : min;
}

int
arrange_max(const struct arrange *a, const struct view *v, unsigned column)
{
	int max = v->cols[column].max + a->wider[column], min = arrange_min(a, v, column);

	return max < min ? min : max;
}

/* How many columns have to be listed so that the others follow in their default order. */
static unsigned
moved(const struct arrange *a, const struct view *v)
{
	unsigned n = v->n_cols;

	while (n > 1 && a->order[n - 2] < a->order[n - 1])
		n--;
	return n > 1 ? n - 1 : 0;
}

static void
add_names(struct buf *b, const struct arrange *a, const struct view *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_addf(b, "%s%s", i > 0 ? "," : "columns order ", v->cols[a->order[i]].name);
	if (n > 0)
		buf_addc(b, '\n');
}

static void
add_shown(struct buf *b, const struct arrange *a, const struct view *v)
{
	bool any = false;

	for (unsigned i = 0; i < v->n_cols; i++) {
		if (a->shown[i] == ARRANGED_BY_ROOM)
			continue;
		buf_addf(b, "%s%c%s", any ? "," : "columns ",
		    a->shown[i] == ARRANGED_SHOWN ? '+' : '-', v->cols[i].name);
		any = true;
	}
	if (any)
		buf_addc(b, '\n');
}

void
arrange_text(const struct arrange *a, const struct view *v, struct buf *b)
{
	add_names(b, a, v, moved(a, v));
	add_shown(b, a, v);
	for (unsigned i = 0; i < v->n_cols; i++)
		if (a->wider[i] != 0)
			buf_addf(b, "column %s %s %d\n", v->cols[i].name,
			    a->wider[i] > 0 ? "wider" : "narrower",
			    a->wider[i] > 0 ? a->wider[i] : -a->wider[i]);
}
