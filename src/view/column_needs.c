#include "config.h"

#include <assert.h>
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
	memset(n->numeric, 0, sizeof(n->numeric));
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
	assert(column < COLUMN_BITS);
	n->held.required |= UINT64_C(1) << column;
	n->recent.required |= UINT64_C(1) << column;
}

void
column_needs_add_uncut(struct column_needs *n, unsigned column)
{
	assert(column < COLUMN_BITS);
	n->held.uncut |= UINT64_C(1) << column;
	n->recent.uncut |= UINT64_C(1) << column;
}

/* The bit of a row in n->numeric.  It needs no key: no table is indexed by it. */
static unsigned
column_needs_row_bit(const struct table_row *row)
{
	static const struct hashkey unkeyed;

	return (unsigned)(hash_bytes(&unkeyed, row->key.b, sizeof(row->key.b)) % COLUMN_NEEDS_KEYS);
}

static bool
column_needs_is_numeric(const struct column_needs *n, const struct table_row *row)
{
	unsigned bit = column_needs_row_bit(row);

	return (n->numeric[bit / 64] >> bit % 64 & 1) != 0;
}

/* Returns true if that is new. */
static bool
column_needs_make_numeric(struct column_needs *n, const struct table_row *row)
{
	unsigned bit = column_needs_row_bit(row);
	bool is_new = !column_needs_is_numeric(n, row);

	n->numeric[bit / 64] |= UINT64_C(1) << bit % 64;
	return is_new;
}

const struct value *
column_shown_cell(const struct column_needs *n, const struct view *v, const struct table_row *row,
    unsigned column)
{
	const struct column *names = view_find_names(v, &v->cols[column]);
	const struct value *name = names != NULL ? &row->cell[names - v->cols] : NULL;

	if (name == NULL || name->type != V_TEXT || row->cell[column].type != V_ADDR ||
	    column_needs_is_numeric(n, row))
		return &row->cell[column];
	return name;
}

/* As in the line above the table; nothing if the rate has no direction. */
static const char *
column_rate_arrow(const struct value *v)
{
	if (v->type != V_BYTE_RATE || v->x <= 0)
		return "";
	if (v->kind == VALUE_RECEIVED)
		return "▼";
	return v->kind == VALUE_SENT ? "▲" : "";
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
	if (c->cut_end) {
		text_cut(b, whole, width);
		return;
	}
	if (c->left) {
		text_shorten(b, whole, width);
		return;
	}
	if (text_width(whole) < (size_t)width)
		buf_adds(b, column_rate_arrow(v));
	buf_adds(b, text_width(whole) <= (size_t)width ? whole : "…");
}

static void
column_needs_measure_row(struct column_needs *n, const struct units *u, const struct table_row *row)
{
	char text[VALUE_TEXT + 8];
	struct buf b;

	for (unsigned i = 0; i < n->v->n_cols; i++) {
		const struct value *cell = column_shown_cell(n, n->v, row, i);
		size_t cells = 1, fold = i == 0 && n->v->parent_slot != NULL ? FOLD_CELLS : 0;

		if (cell->type == V_NONE)
			continue;
		if (n->v->cols[i].left) {
			buf_init(&b, text, sizeof(text));
			value_text(&b, cell, u);
			cells = text_width(text);
		}
		column_needs_add_text(n, i, cells + fold);
	}
}

/* A hash of what the screen shows of the columns that identify a row.  It needs no key: no table is
 * indexed by it. */
static uint32_t
column_needs_hash_shown(const struct column_needs *n, const struct column_layout *fit,
    const struct units *u, const struct table_row *row)
{
	static const struct hashkey unkeyed;
	const struct view *v = n->v;
	char text[VIEW_COLUMNS * VALUE_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < fit->n; i++) {
		const struct column_slot *slot = &fit->col[i];

		if (v->cols[slot->column].identifies)
			column_cell_text(&b, &v->cols[slot->column],
			    column_shown_cell(n, v, row, slot->column), u, slot->width);
		buf_addc(&b, '\n');
	}
	return (uint32_t)hash_bytes(&unkeyed, text, b.len);
}

/* Shows addresses in both rows if these differ, but not their names.  False if that does not help.
 */
static bool
column_needs_distinguish_names(
    struct column_needs *n, const struct table_row *x, const struct table_row *y)
{
	bool differ = false;

	for (unsigned i = 0; i < n->v->n_cols; i++)
		differ |= n->v->cols[i].identifies &&
		    value_compare(&x->cell[i], &y->cell[i]) != 0 &&
		    column_shown_cell(n, n->v, x, i) != &x->cell[i];
	if (!differ)
		return false;
	differ = column_needs_make_numeric(n, x);
	return column_needs_make_numeric(n, y) || differ;
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

		if (!c->identifies ||
		    value_compare(
			column_shown_cell(n, s->v, x, i), column_shown_cell(n, s->v, y, i)) == 0 ||
		    s->prefs->visibility[i] == COLUMN_HIDDEN || (noted >> i & 1) != 0)
			continue;
		if (best == VIEW_COLUMNS || c->drop < s->v->cols[best].drop)
			best = i;
	}
	if (best == VIEW_COLUMNS)
		return column_needs_distinguish_names(n, x, y);
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
		hash[i] = column_needs_hash_shown(n, &fit, u, row[i]);
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
