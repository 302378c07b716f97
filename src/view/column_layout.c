#include "config.h"

#include "view/column_layout.h"

#include <string.h>

#include "util/text.h"

#define GAP        1   /* cells between columns: numbers rarely fill theirs, so more is seen */
#define ROOMY      60  /* from this width on the first column gets half of it */
#define WIDE       170 /* from this width on columns of DROP_DETAIL are shown */
#define NAME_LEAST 8   /* least useful width of the first column */

/* The input of the layout. */
struct want {
	const struct view *v;
	const struct arrange *a;
	unsigned sorted;
	int width;
};

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

/* The column with that visibility to drop first; fit->n if none may be dropped. */
static unsigned
next_to_leave(const struct fit *fit, const struct want *w, enum arranged arranged)
{
	unsigned worst = fit->n, most = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		unsigned column = fit->col[i].column;
		unsigned drop = w->v->cols[column].drop;

		if (column == w->sorted || w->a->shown[column] != arranged)
			continue;
		if (drop != 0 && drop >= most) {
			most = drop;
			worst = i;
		}
	}
	return worst;
}

/* The index of the view's first column, which identifies the row; else 0. */
static unsigned
lead(const struct fit *fit)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == 0)
			return i;
	return 0;
}

/* Shrinks the first column, if that is enough. */
static bool
shrink_lead(struct fit *fit, int excess, int least)
{
	struct fit_column *c = &fit->col[lead(fit)];

	if (c->column != 0 || c->width - excess < least)
		return false;
	c->width -= excess;
	return true;
}

/* True for a text that is still useful when it is shortened in the middle. */
static bool
is_name(const struct column *c)
{
	return c->left && (c->type == V_TEXT || c->type == V_ADDR);
}

/* Shrinks the widest texts until the row fits, if that is enough. */
static bool
shrink_names(struct fit *fit, const struct view *v, int excess)
{
	int room = 0;

	for (unsigned i = 0; i < fit->n; i++)
		if (is_name(&v->cols[fit->col[i].column]) && fit->col[i].width > NAME_LEAST)
			room += fit->col[i].width - NAME_LEAST;
	if (room < excess)
		return false;
	for (; excess > 0; excess--) {
		struct fit_column *widest = NULL;

		for (unsigned i = 0; i < fit->n; i++)
			if (is_name(&v->cols[fit->col[i].column]) &&
			    (widest == NULL || fit->col[i].width >= widest->width))
				widest = &fit->col[i];
		widest->width--;
	}
	return true;
}

/* If even the columns that are never dropped do not fit: the last one that is not sorted by. */
static unsigned
last_resort(const struct fit *fit, unsigned sorted)
{
	unsigned last = fit->n - 1, kept = lead(fit);

	while (last > 0 && (last == kept || fit->col[last].column == sorted))
		last--;
	return last != kept ? last : fit->n - 1;
}

/* Shrinks or drops one column. */
static void
give_way(struct fit *fit, const struct want *w)
{
	int excess = needed(fit) - w->width;
	unsigned leaves = next_to_leave(fit, w, ARRANGED_BY_ROOM);

	/* The last text to be dropped is shortened first. */
	if (leaves < fit->n && w->v->cols[fit->col[leaves].column].drop == 1 &&
	    is_name(&w->v->cols[fit->col[leaves].column]) && shrink_names(fit, w->v, excess))
		return;
	if (leaves < fit->n) {
		take_out(fit, leaves);
		return;
	}
	leaves = next_to_leave(fit, w, ARRANGED_SHOWN);
	if (shrink_lead(fit, excess, leaves < fit->n ? arrange_min(w->a, w->v, 0) : NAME_LEAST))
		return;
	if (leaves == fit->n && shrink_names(fit, w->v, excess))
		return;
	take_out(fit, leaves < fit->n ? leaves : last_resort(fit, w->sorted));
}

/* Drops columns until the rest fits; one always stays. */
static void
make_fit(struct fit *fit, const struct want *w)
{
	while (fit->n > 1 && needed(fit) > w->width)
		give_way(fit, w);
	if (needed(fit) > w->width)
		fit->col[0].width = w->width > GAP ? w->width - GAP : 1;
}

/* Gives `room` cells away, each to the column that is furthest below its maximum. */
static void
grow(struct fit *fit, const struct want *w, int room)
{
	for (; room > 0; room--) {
		struct fit_column *most = NULL;
		int lacks = 0;

		for (unsigned i = 0; i < fit->n; i++) {
			struct fit_column *c = &fit->col[i];
			int more = arrange_max(w->a, w->v, c->column) - c->width;

			if (more > lacks) {
				lacks = more;
				most = c;
			}
		}
		if (most == NULL)
			return;
		most->width++;
	}
}

/*
 * The first column, which identifies the row, gets half of the width before others are added; two
 * fifths on a narrow screen.
 */
static int
lead_width(const struct want *w)
{
	int part = w->width < ROOMY ? w->width * 2 / 5 : w->width / 2;
	int min = arrange_min(w->a, w->v, 0), max = arrange_max(w->a, w->v, 0);

	return part < min ? min : part > max ? max : part;
}

/* The least width of a column; the sorted one needs room for the mark behind its title. */
static int
least_width(const struct want *w, unsigned column)
{
	int min = column == 0 ? lead_width(w) : arrange_min(w->a, w->v, column);
	int title = (int)text_width(w->v->cols[column].title) + 1;

	return column == w->sorted && min < title && w->a->wider[column] >= 0 ? title : min;
}

/* True if the column is shown while there is room. */
static bool
is_wanted(const struct want *w, unsigned column)
{
	if (column == w->sorted || w->a->shown[column] == ARRANGED_SHOWN)
		return true;
	return w->a->shown[column] != ARRANGED_HIDDEN && !w->v->cols[column].rare &&
	    (w->width >= WIDE || w->v->cols[column].drop < DROP_DETAIL);
}

void
fit_columns(struct fit *fit, const struct view *v, const struct arrange *a, unsigned sorted, int x,
    int width)
{
	const struct want w = { .v = v, .a = a, .sorted = sorted, .width = width };

	fit->n = 0;
	for (unsigned i = 0; i < v->n_cols; i++) {
		unsigned column = a->order[i];

		if (is_wanted(&w, column))
			fit->col[fit->n++] = (struct fit_column){ .column = column,
				.width = least_width(&w, column) };
	}
	make_fit(fit, &w);
	grow(fit, &w, width - needed(fit));
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}

/* Cells that a text column needs (>0) or can give away (<0). */
static int
lacks(const struct fit_column *c, const struct view *v, const struct arrange *a,
    const struct fit_needs *needs)
{
	int need = needs->now[c->column], min = arrange_min(a, v, c->column),
	    max = arrange_max(a, v, c->column);

	if (!v->cols[c->column].left)
		return 0;
	need = need < min ? min : need > max ? max : need;
	return need - c->width;
}

/* Takes a cell from the column with most cells to spare. */
static bool
take_cell(
    struct fit *fit, const struct view *v, const struct arrange *a, const struct fit_needs *needs)
{
	struct fit_column *from = NULL;
	int least = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		int more = lacks(&fit->col[i], v, a, needs);

		if (more < least) {
			least = more;
			from = &fit->col[i];
		}
	}
	if (from != NULL)
		from->width--;
	return from != NULL;
}

static int
spare_cells(const struct fit *fit, const struct view *v, const struct arrange *a,
    const struct fit_needs *needs)
{
	int sum = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		int more = lacks(&fit->col[i], v, a, needs);

		sum -= more < 0 ? more : 0;
	}
	return sum;
}

static void
put_in(struct fit *fit, const struct view *v, const struct arrange *a, unsigned column, int width)
{
	unsigned place = arrange_place(a, v, column), i = fit->n++;

	for (; i > 0 && arrange_place(a, v, fit->col[i - 1].column) > place; i--)
		fit->col[i] = fit->col[i - 1];
	fit->col[i] = (struct fit_column){ .column = column, .width = width };
}

/* The least important column that may be dropped before `drop`, other than the sorted one; -1 if
 * none. */
static int
least_important(
    const struct fit *fit, const struct view *v, const struct fit_needs *needs, int drop)
{
	int found = -1;

	for (unsigned i = 0; i < fit->n; i++) {
		if (v->cols[fit->col[i].column].drop <= drop || fit->col[i].column == needs->sorted)
			continue;
		drop = v->cols[fit->col[i].column].drop;
		found = (int)i;
	}
	return found;
}

static int
take_away(struct fit *fit, unsigned i)
{
	int cells = fit->col[i].width + GAP;

	take_out(fit, i);
	return cells;
}

/* If rows look the same without a rare column, drops less important columns for it.  Returns the
 * cells that they had. */
static int
make_space(struct fit *fit, const struct view *v, const struct arrange *a,
    const struct fit_needs *needs, unsigned column, int cells)
{
	int freed = 0, i;

	while (v->cols[column].rare && needs->alike &&
	    spare_cells(fit, v, a, needs) + freed < cells &&
	    (i = least_important(fit, v, needs, v->cols[column].drop)) >= 0)
		freed += take_away(fit, (unsigned)i);
	return freed;
}

/* A text column that was dropped comes back if the others have cells to spare. */
static void
bring_back(
    struct fit *fit, const struct view *v, const struct arrange *a, const struct fit_needs *needs)
{
	for (unsigned column = 0; column < v->n_cols; column++) {
		const struct column *c = &v->cols[column];
		int width = arrange_min(a, v, column), max = arrange_max(a, v, column), freed;

		if (!is_name(c) || c->drop >= DROP_DETAIL || needs->now[column] == 0 ||
		    a->shown[column] == ARRANGED_HIDDEN || fit_has(fit, column))
			continue;
		freed = make_space(fit, v, a, needs, column, width + GAP);
		if (spare_cells(fit, v, a, needs) + freed < width + GAP)
			continue;
		for (int i = freed; i < width + GAP; i++)
			take_cell(fit, v, a, needs);
		if (freed > width + GAP)
			width = freed - GAP < max ? freed - GAP : max;
		put_in(fit, v, a, column, width);
	}
}

void
fit_names(
    struct fit *fit, const struct view *v, const struct arrange *a, const struct fit_needs *needs)
{
	int x = fit->col[0].x;

	bring_back(fit, v, a, needs);
	for (;;) {
		struct fit_column *to = NULL;
		int most = 0;

		for (unsigned i = 0; i < fit->n; i++) {
			int more = lacks(&fit->col[i], v, a, needs);

			if (more > most) {
				most = more;
				to = &fit->col[i];
			}
		}
		if (to == NULL || !take_cell(fit, v, a, needs))
			break;
		to->width++;
	}
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}

void
fit_needs_begin(struct fit_needs *n, unsigned view, unsigned sorted, uint64_t now_ns)
{
	if (!n->known || n->view != view || n->sorted != sorted || now_ns < n->since) {
		*n = (struct fit_needs){ .view = view, .sorted = sorted, .since = now_ns };
		n->known = true;
	}
	n->n_rows = 0;
	if (now_ns - n->since < FIT_HOLD_NS)
		return;
	n->alike = n->alike_recent;
	n->alike_recent = false;
	memcpy(n->now, n->recent, sizeof(n->now));
	memset(n->recent, 0, sizeof(n->recent));
	n->since = now_ns;
}

void
fit_needs_row(struct fit_needs *n, uint64_t hash)
{
	for (unsigned i = 0; i < n->n_rows && !n->alike_recent; i++)
		n->alike_recent = n->row[i] == hash;
	n->alike |= n->alike_recent;
	if (n->n_rows < FIT_ROWS)
		n->row[n->n_rows++] = hash;
}

void
fit_needs_add(struct fit_needs *n, unsigned column, size_t cells)
{
	uint8_t need = cells < UINT8_MAX ? (uint8_t)cells : UINT8_MAX;

	if (need > n->now[column])
		n->now[column] = need;
	if (need > n->recent[column])
		n->recent[column] = need;
}

bool
fit_has(const struct fit *fit, unsigned column)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == column)
			return true;
	return false;
}
