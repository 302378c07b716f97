#include "config.h"

#include <string.h>

#include "util/hash.h"
#include "util/text.h"
#include "view/column_layout.h"
#include "view/row_list.h"

#define FOLD_CELLS 4 /* of the mark behind a folded row */

void
column_needs_begin(struct column_needs *n, const struct view *v, unsigned sorted, uint64_t now_ns)
{
	if (n->v != v || n->sorted != sorted || now_ns < n->since)
		*n = (struct column_needs){ .v = v, .sorted = sorted, .since = now_ns };
	if (now_ns - n->since < COLUMN_NEEDS_HOLD_NS)
		return;
	n->held = n->recent;
	n->recent = (struct column_demand){ .has_rows = false };
	n->since = now_ns;
}

void
column_needs_add_text(struct column_needs *n, unsigned column, size_t cells)
{
	uint8_t need = cells < UINT8_MAX ? (uint8_t)cells : UINT8_MAX;

	n->held.has_rows = n->recent.has_rows = true;
	if (need > n->held.cells[column])
		n->held.cells[column] = need;
	if (need > n->recent.cells[column])
		n->recent.cells[column] = need;
}

void
column_needs_add_required(struct column_needs *n, unsigned column)
{
	n->held.required |= UINT64_C(1) << column;
	n->recent.required |= UINT64_C(1) << column;
}

void
column_needs_add_uncut(struct column_needs *n, unsigned column)
{
	n->held.uncut |= UINT64_C(1) << column;
	n->recent.uncut |= UINT64_C(1) << column;
}

void
column_cell_text(
    struct buf *b, const struct column *c, const struct value *v, const struct units *u, int width)
{
	const struct units exact = { .numeric = true };
	char whole[VALUE_TEXT + 8];
	struct buf text;

	buf_init(&text, whole, sizeof(whole));
	value_text(&text, v, u);
	if (v->type == V_PORT && text_width(whole) > (size_t)width) {
		buf_clear(&text);
		value_text(&text, v, &exact);
	}
	if (c->left)
		text_shorten(b, whole, width);
	else
		buf_adds(b, text_width(whole) <= (size_t)width ? whole : "…");
}

static void
column_needs_measure_row(struct column_needs *n, const struct units *u, const struct table_row *row)
{
	char text[VALUE_TEXT];
	struct buf b;

	for (unsigned i = 0; i < n->v->n_cols; i++) {
		size_t cells = 1, fold = i == 0 && n->v->parent_slot != NULL ? FOLD_CELLS : 0;

		if (row->cell[i].type == V_NONE)
			continue;
		if (n->v->cols[i].left) {
			buf_init(&b, text, sizeof(text));
			value_text(&b, &row->cell[i], u);
			cells = text_width(text);
		}
		column_needs_add_text(n, i, cells + fold);
	}
}

/* A hash of what the screen shows of the columns that identify a row.  It needs no key: no table is
 * indexed by it. */
static uint32_t
column_needs_hash_shown(const struct column_layout *fit, const struct view *v,
    const struct units *u, const struct table_row *row)
{
	static const struct hashkey unkeyed;
	char text[VIEW_COLUMNS * VALUE_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < fit->n; i++) {
		const struct column_slot *slot = &fit->col[i];

		if (v->cols[slot->column].identifies)
			column_cell_text(
			    &b, &v->cols[slot->column], &row->cell[slot->column], u, slot->width);
		buf_addc(&b, '\n');
	}
	return (uint32_t)hash_bytes(&unkeyed, text, b.len);
}

/* Notes a column in which two rows that look alike differ.  False if there is none that
 * could be shown. */
static bool
column_needs_distinguish(struct column_needs *n, const struct column_space *s,
    const struct column_layout *fit, const struct table_row *x, const struct table_row *y)
{
	unsigned best = VIEW_COLUMNS;

	for (unsigned i = 0; i < s->v->n_cols; i++) {
		const struct column *c = &s->v->cols[i];
		uint64_t noted = column_layout_has(fit, i) ? n->held.uncut : n->held.required;

		if (!c->identifies || value_compare(&x->cell[i], &y->cell[i]) == 0 ||
		    s->prefs->visibility[i] == COLUMN_HIDDEN || (noted >> i & 1) != 0)
			continue;
		if (best == VIEW_COLUMNS || c->drop < s->v->cols[best].drop)
			best = i;
	}
	if (best == VIEW_COLUMNS)
		return false;
	if (column_layout_has(fit, best))
		column_needs_add_uncut(n, best);
	else
		column_needs_add_required(n, best);
	return true;
}

/* Compares all rows as they would be shown.  True if a column was noted. */
static bool
column_needs_compare(struct column_needs *n, const struct column_space *s, const struct units *u,
    const struct table_row *const *row, unsigned n_rows)
{
	uint32_t hash[COLUMN_NEEDS_ROWS];
	struct column_layout fit;

	column_layout_make(&fit, s);
	for (unsigned i = 0; i < n_rows && i < COLUMN_NEEDS_ROWS; i++) {
		hash[i] = column_needs_hash_shown(&fit, s->v, u, row[i]);
		for (unsigned k = 0; k < i; k++)
			if (hash[k] == hash[i] &&
			    column_needs_distinguish(n, s, &fit, row[k], row[i]))
				return true;
	}
	return false;
}

void
column_needs_measure(struct column_needs *n, const struct column_space *s, const struct units *u,
    const struct table_row *const *row, unsigned n_rows)
{
	struct column_space space = *s;

	space.needs = n;
	for (unsigned i = 0; i < n_rows; i++)
		column_needs_measure_row(n, u, row[i]);
	if (s->v->parent_slot != NULL) /* rows of a tree differ by their parents */
		return;
	while (column_needs_compare(n, &space, u, row, n_rows))
		continue;
}
