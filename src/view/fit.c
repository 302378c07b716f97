#include "config.h"

#include "view/fit.h"

#define GAP        1   /* cells between columns: numbers rarely fill theirs, so more is seen */
#define ROOMY      60  /* cells from which on the first column has half of them */
#define WIDE       170 /* cells from which on columns of DROP_DETAIL come in */
#define NAME_LEAST 8   /* cells below which the first column says too little */

static int
needed(const struct fit *fit)
{
	int sum = 0;

	for (unsigned i = 0; i < fit->n; i++)
		sum += fit->col[i].width + GAP;
	return sum;
}

static void
take_out(struct fit *fit, unsigned at)
{
	fit->n--;
	for (unsigned i = at; i < fit->n; i++)
		fit->col[i] = fit->col[i + 1];
}

/* The column that leaves first, or fit->n where none may. */
static unsigned
next_to_leave(const struct fit *fit, const struct view *v, unsigned sorted)
{
	unsigned worst = fit->n, most = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		const struct column *c = &v->cols[fit->col[i].column];

		if (fit->col[i].column != sorted && c->drop != 0 && c->drop >= most) {
			most = c->drop;
			worst = i;
		}
	}
	return worst;
}

/* Makes the first column narrower, if that is enough. */
static bool
shrink_first(struct fit *fit, int excess)
{
	if (fit->col[0].width - excess < NAME_LEAST)
		return false;
	fit->col[0].width -= excess;
	return true;
}

/* Where there is no room for what never leaves: the last column but the one sorted by. */
static unsigned
last_resort(const struct fit *fit, unsigned sorted)
{
	unsigned last = fit->n - 1;

	return last > 1 && fit->col[last].column == sorted ? last - 1 : last;
}

/* Takes out columns until the rest fits; the first one stays. */
static void
make_fit(struct fit *fit, const struct view *v, unsigned sorted, int width)
{
	while (fit->n > 1 && needed(fit) > width) {
		unsigned leaves = next_to_leave(fit, v, sorted);

		if (leaves < fit->n)
			take_out(fit, leaves);
		else if (!shrink_first(fit, needed(fit) - width))
			take_out(fit, last_resort(fit, sorted));
	}
	if (needed(fit) > width)
		fit->col[0].width = width > GAP ? width - GAP : 1;
}

/* Gives out `room` cells, one to each column in turn. */
static void
grow(struct fit *fit, const struct view *v, int room)
{
	bool grew = true;

	while (room > 0 && grew) {
		grew = false;
		for (unsigned i = 0; i < fit->n && room > 0; i++) {
			if (fit->col[i].width >= v->cols[fit->col[i].column].max)
				continue;
			fit->col[i].width++;
			room--;
			grew = true;
		}
	}
}

/*
 * What a row is comes first: its column has half of the width before others come in beside it, on a
 * narrow screen two fifths.
 */
static int
first_width(const struct column *c, int width)
{
	int part = width < ROOMY ? width * 2 / 5 : width / 2;

	return part < c->min ? c->min : part > c->max ? c->max : part;
}

void
fit_columns(struct fit *fit, const struct view *v, unsigned sorted, int x, int width)
{
	fit->n = 0;
	for (unsigned i = 0; i < v->n_cols; i++)
		if (width >= WIDE || v->cols[i].drop < DROP_DETAIL || i == sorted)
			fit->col[fit->n++] =
			    (struct fit_column){ .column = i, .width = v->cols[i].min };
	fit->col[0].width = first_width(&v->cols[0], width);
	make_fit(fit, v, sorted, width);
	grow(fit, v, width - needed(fit));
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}
