#include "config.h"

#include "control/layout.h"

#include "control/state.h"
#include "util/hash.h"
#include "util/text.h"

#define FOLD_CELLS 4 /* of the mark behind a folded row */

#define PANEL_WIDTH     38 /* cells of the panel; plus a sixth of the width above PANEL_MIN_COLS */
#define PANEL_MAX_WIDTH 52

int
panel_width(const struct state *st)
{
	int more = (st->cols - PANEL_MIN_COLS) / 6;

	if (!st->panel_shown || st->cols < PANEL_MIN_COLS || views[st->view]->is_graph)
		return 0;
	return PANEL_WIDTH + more < PANEL_MAX_WIDTH ? PANEL_WIDTH + more : PANEL_MAX_WIDTH;
}

void
table_layout_columns(const struct state *st, struct column_layout *fit)
{
	const struct view *v = views[st->view];
	bool desc;

	column_layout_make(fit, v, &st->column_prefs[st->view], state_get_sort(st, &desc),
	    TABLE_MARGIN, st->cols - panel_width(st) - TABLE_MARGIN);
	if (st->column_needs.known && st->column_needs.view == st->view)
		column_layout_fit_texts(fit, v, &st->column_prefs[st->view], &st->column_needs);
}

/* A hash of a row's addresses and ports.  It needs no key: no table is indexed by it. */
static uint64_t
table_layout_hash_ends(const struct view *v, const struct table_row *row)
{
	static const struct hashkey unkeyed;
	uint64_t hash = 0;

	for (unsigned c = 0; c < v->n_cols; c++) {
		const struct value *cell = &row->cell[c];

		if (cell->type == V_ADDR)
			hash = hash * 31 + hash_bytes(&unkeyed, &cell->addr, sizeof(cell->addr));
		else if (cell->type == V_PORT)
			hash = hash * 31 + cell->n;
	}
	return hash;
}

void
table_layout_measure(struct state *st)
{
	const struct view *v = views[st->view];
	uint32_t top = st->per_view[st->view].top, page = state_page_rows(st);
	const struct table_row *row;
	char text[VALUE_TEXT];
	struct buf b;
	bool desc;

	column_needs_begin(&st->column_needs, st->view, state_get_sort(st, &desc), st->ranked_at);
	for (uint32_t i = top; i < top + page && (row = state_row(st, i)) != NULL; i++) {
		column_needs_add_row(&st->column_needs, table_layout_hash_ends(v, row));
		for (unsigned c = 0; c < v->n_cols; c++) {
			bool tree = c == 0 && v->parent_slot != NULL;

			if (!v->cols[c].left || row->cell[c].type == V_NONE)
				continue;
			buf_init(&b, text, sizeof(text));
			value_text(&b, &row->cell[c], &st->units);
			column_needs_add_text(
			    &st->column_needs, c, text_width(text) + (tree ? FOLD_CELLS : 0));
		}
	}
}
