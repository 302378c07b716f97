#include "config.h"

#include "view/fit.h"

#define GAP 2

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

/* The column that leaves first; where none may, the last one.  At least one stays. */
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
	return worst < fit->n ? worst : fit->n - 1;
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

void
fit_columns(struct fit *fit, const struct view *v, unsigned sorted, int x, int width)
{
	fit->n = v->n_cols;
	for (unsigned i = 0; i < v->n_cols; i++)
		fit->col[i] = (struct fit_column){ .column = i, .width = v->cols[i].min };
	while (fit->n > 1 && needed(fit) > width)
		take_out(fit, next_to_leave(fit, v, sorted));
	if (needed(fit) > width)
		fit->col[0].width = width > GAP ? width - GAP : 1;
	grow(fit, v, width - needed(fit));
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}
