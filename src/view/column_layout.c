#include "config.h"

#include "util/number.h"
#include "view/column_layout.h"

#include <string.h>

#include "util/text.h"

#define GAP        1   /* cells between columns: numbers rarely fill theirs, so more is seen */
#define ROOMY      60  /* from this width on the first column gets half of it */
#define WIDE       170 /* from this width on columns of DROP_DETAIL are shown */
#define NAME_LEAST 8   /* least useful width of the first column */

/* The input of the layout. */
struct column_layout_job {
	const struct view *v;
	const struct column_prefs *a;
	unsigned sorted;
	int width;
};

static int
column_layout_total_width(const struct column_layout *fit)
{
	int sum = 0;

	for (unsigned i = 0; i < fit->n; i++)
		sum += fit->col[i].width + GAP;
	return sum;
}

static void
column_layout_remove(struct column_layout *fit, unsigned at)
{
	fit->n--;
	for (unsigned i = at; i < fit->n; i++)
		fit->col[i] = fit->col[i + 1];
}

/* The column with that visibility to drop first; fit->n if none may be dropped. */
static unsigned
column_layout_next_to_drop(const struct column_layout *fit, const struct column_layout_job *w,
    enum column_visibility arranged)
{
	unsigned worst = fit->n, most = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		unsigned column = fit->col[i].column;
		unsigned drop = w->v->cols[column].drop;

		if (column == w->sorted || w->a->visibility[column] != arranged)
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
column_layout_first_index(const struct column_layout *fit)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == 0)
			return i;
	return 0;
}

/* Shrinks the first column, if that is enough. */
static bool
column_layout_shrink_first(struct column_layout *fit, int excess, int least)
{
	struct column_slot *c = &fit->col[column_layout_first_index(fit)];

	if (c->column != 0 || c->width - excess < least)
		return false;
	c->width -= excess;
	return true;
}

/* True for a text that is still useful when it is shortened in the middle. */
static bool
column_layout_can_shorten(const struct column *c)
{
	return c->left && (c->type == V_TEXT || c->type == V_ADDR);
}

/* Shrinks the widest texts until the row fits, if that is enough. */
static bool
column_layout_shrink_texts(struct column_layout *fit, const struct view *v, int excess)
{
	int room = 0;

	for (unsigned i = 0; i < fit->n; i++)
		if (column_layout_can_shorten(&v->cols[fit->col[i].column]) &&
		    fit->col[i].width > NAME_LEAST)
			room += fit->col[i].width - NAME_LEAST;
	if (room < excess)
		return false;
	for (; excess > 0; excess--) {
		struct column_slot *widest = NULL;

		for (unsigned i = 0; i < fit->n; i++)
			if (column_layout_can_shorten(&v->cols[fit->col[i].column]) &&
			    (widest == NULL || fit->col[i].width >= widest->width))
				widest = &fit->col[i];
		widest->width--;
	}
	return true;
}

/* If even the columns that are never dropped do not fit: the last one that is not sorted by. */
static unsigned
column_layout_last_resort(const struct column_layout *fit, unsigned sorted)
{
	unsigned last = fit->n - 1, kept = column_layout_first_index(fit);

	while (last > 0 && (last == kept || fit->col[last].column == sorted))
		last--;
	return last != kept ? last : fit->n - 1;
}

/* Shrinks or drops one column. */
static void
column_layout_drop_one(struct column_layout *fit, const struct column_layout_job *w)
{
	int excess = column_layout_total_width(fit) - w->width;
	unsigned leaves = column_layout_next_to_drop(fit, w, COLUMN_AUTO);

	/* The last text to be dropped is shortened first. */
	if (leaves < fit->n && w->v->cols[fit->col[leaves].column].drop == 1 &&
	    column_layout_can_shorten(&w->v->cols[fit->col[leaves].column]) &&
	    column_layout_shrink_texts(fit, w->v, excess))
		return;
	if (leaves < fit->n) {
		column_layout_remove(fit, leaves);
		return;
	}
	leaves = column_layout_next_to_drop(fit, w, COLUMN_SHOWN);
	if (column_layout_shrink_first(
		fit, excess, leaves < fit->n ? column_prefs_min_width(w->a, w->v, 0) : NAME_LEAST))
		return;
	if (leaves == fit->n && column_layout_shrink_texts(fit, w->v, excess))
		return;
	column_layout_remove(
	    fit, leaves < fit->n ? leaves : column_layout_last_resort(fit, w->sorted));
}

/* Drops columns until the rest fits; one always stays. */
static void
column_layout_drop_until_fits(struct column_layout *fit, const struct column_layout_job *w)
{
	while (fit->n > 1 && column_layout_total_width(fit) > w->width)
		column_layout_drop_one(fit, w);
	if (column_layout_total_width(fit) > w->width)
		fit->col[0].width = w->width > GAP ? w->width - GAP : 1;
}

/* Gives `room` cells away, each to the column that is furthest below its maximum. */
static void
column_layout_grow(struct column_layout *fit, const struct column_layout_job *w, int room)
{
	for (; room > 0; room--) {
		struct column_slot *most = NULL;
		int lacks = 0;

		for (unsigned i = 0; i < fit->n; i++) {
			struct column_slot *c = &fit->col[i];
			int more = column_prefs_max_width(w->a, w->v, c->column) - c->width;

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
column_layout_first_width(const struct column_layout_job *w)
{
	int part = w->width < ROOMY ? w->width * 2 / 5 : w->width / 2;
	int min = column_prefs_min_width(w->a, w->v, 0),
	    max = column_prefs_max_width(w->a, w->v, 0);

	return (int)clamp(part, min, max);
}

/* The least width of a column; the sorted one needs room for the mark behind its title. */
static int
column_layout_min_width(const struct column_layout_job *w, unsigned column)
{
	int min =
	    column == 0 ? column_layout_first_width(w) : column_prefs_min_width(w->a, w->v, column);
	int title = (int)text_width(w->v->cols[column].title) + 1;

	return column == w->sorted && min < title && w->a->extra_width[column] >= 0 ? title : min;
}

/* True if the column is shown while there is room. */
static bool
column_layout_is_wanted(const struct column_layout_job *w, unsigned column)
{
	if (column == w->sorted || w->a->visibility[column] == COLUMN_SHOWN)
		return true;
	return w->a->visibility[column] != COLUMN_HIDDEN && !w->v->cols[column].when_used &&
	    (w->width >= WIDE || w->v->cols[column].drop < DROP_DETAIL);
}

void
column_layout_make(struct column_layout *fit, const struct view *v, const struct column_prefs *a,
    unsigned sorted, int x, int width)
{
	const struct column_layout_job w = { .v = v, .a = a, .sorted = sorted, .width = width };

	fit->n = 0;
	for (unsigned i = 0; i < v->n_cols; i++) {
		unsigned column = a->order[i];

		if (column_layout_is_wanted(&w, column))
			fit->col[fit->n++] = (struct column_slot){ .column = column,
				.width = column_layout_min_width(&w, column) };
	}
	column_layout_drop_until_fits(fit, &w);
	column_layout_grow(fit, &w, width - column_layout_total_width(fit));
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}

/* Cells that a text column needs (>0) or can give away (<0). */
static int
column_layout_missing_cells(const struct column_slot *c, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs)
{
	int need = needs->cells[c->column], min = column_prefs_min_width(a, v, c->column),
	    max = column_prefs_max_width(a, v, c->column);

	if (!v->cols[c->column].left)
		return 0;
	return (int)clamp(need, min, max) - c->width;
}

/* Takes a cell from the column with most cells to spare. */
static bool
column_layout_take_spare_cell(struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs)
{
	struct column_slot *from = NULL;
	int least = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		int more = column_layout_missing_cells(&fit->col[i], v, a, needs);

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
column_layout_spare_cells(const struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs)
{
	int sum = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		int more = column_layout_missing_cells(&fit->col[i], v, a, needs);

		sum -= more < 0 ? more : 0;
	}
	return sum;
}

static void
column_layout_insert(struct column_layout *fit, const struct view *v, const struct column_prefs *a,
    unsigned column, int width)
{
	unsigned place = column_prefs_position(a, v, column), i = fit->n++;

	for (; i > 0 && column_prefs_position(a, v, fit->col[i - 1].column) > place; i--)
		fit->col[i] = fit->col[i - 1];
	fit->col[i] = (struct column_slot){ .column = column, .width = width };
}

/* The least important column that may be dropped before `drop`, other than the sorted one; -1 if
 * none. */
static int
column_layout_least_important(const struct column_layout *fit, const struct view *v,
    const struct column_needs *needs, int drop)
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
column_layout_drop(struct column_layout *fit, unsigned i)
{
	int cells = fit->col[i].width + GAP;

	column_layout_remove(fit, i);
	return cells;
}

/* If rows look the same without a rare column, drops less important columns for it.  Returns the
 * cells that they had. */
static int
column_layout_make_space(struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs, unsigned column, int cells)
{
	int freed = 0, i;

	while (v->cols[column].when_used && needs->ambiguous &&
	    column_layout_spare_cells(fit, v, a, needs) + freed < cells &&
	    (i = column_layout_least_important(fit, v, needs, v->cols[column].drop)) >= 0)
		freed += column_layout_drop(fit, (unsigned)i);
	return freed;
}

/* A text column that was dropped comes back if the others have cells to spare. */
static void
column_layout_restore_texts(struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs)
{
	for (unsigned column = 0; column < v->n_cols; column++) {
		const struct column *c = &v->cols[column];
		int width = column_prefs_min_width(a, v, column),
		    max = column_prefs_max_width(a, v, column), freed;

		if (!column_layout_can_shorten(c) || c->drop >= DROP_DETAIL ||
		    needs->cells[column] == 0 || a->visibility[column] == COLUMN_HIDDEN ||
		    column_layout_has(fit, column))
			continue;
		freed = column_layout_make_space(fit, v, a, needs, column, width + GAP);
		if (column_layout_spare_cells(fit, v, a, needs) + freed < width + GAP)
			continue;
		for (int i = freed; i < width + GAP; i++)
			column_layout_take_spare_cell(fit, v, a, needs);
		if (freed > width + GAP)
			width = freed - GAP < max ? freed - GAP : max;
		column_layout_insert(fit, v, a, column, width);
	}
}

void
column_layout_fit_texts(struct column_layout *fit, const struct view *v,
    const struct column_prefs *a, const struct column_needs *needs)
{
	int x = fit->col[0].x;

	column_layout_restore_texts(fit, v, a, needs);
	for (;;) {
		struct column_slot *to = NULL;
		int most = 0;

		for (unsigned i = 0; i < fit->n; i++) {
			int more = column_layout_missing_cells(&fit->col[i], v, a, needs);

			if (more > most) {
				most = more;
				to = &fit->col[i];
			}
		}
		if (to == NULL || !column_layout_take_spare_cell(fit, v, a, needs))
			break;
		to->width++;
	}
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}

void
column_needs_begin(struct column_needs *n, unsigned view, unsigned sorted, uint64_t now_ns)
{
	if (!n->known || n->view != view || n->sorted != sorted || now_ns < n->since) {
		*n = (struct column_needs){ .view = view, .sorted = sorted, .since = now_ns };
		n->known = true;
	}
	n->n_rows = 0;
	if (now_ns - n->since < COLUMN_NEEDS_HOLD_NS)
		return;
	n->ambiguous = n->recent_ambiguous;
	n->recent_ambiguous = false;
	memcpy(n->cells, n->recent_cells, sizeof(n->cells));
	memset(n->recent_cells, 0, sizeof(n->recent_cells));
	n->since = now_ns;
}

void
column_needs_add_row(struct column_needs *n, uint64_t hash)
{
	for (unsigned i = 0; i < n->n_rows && !n->recent_ambiguous; i++)
		n->recent_ambiguous = n->row_hash[i] == hash;
	n->ambiguous |= n->recent_ambiguous;
	if (n->n_rows < COLUMN_NEEDS_ROWS)
		n->row_hash[n->n_rows++] = hash;
}

void
column_needs_add_text(struct column_needs *n, unsigned column, size_t cells)
{
	uint8_t need = cells < UINT8_MAX ? (uint8_t)cells : UINT8_MAX;

	if (need > n->cells[column])
		n->cells[column] = need;
	if (need > n->recent_cells[column])
		n->recent_cells[column] = need;
}

bool
column_layout_has(const struct column_layout *fit, unsigned column)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == column)
			return true;
	return false;
}
