#include "config.h"

#include "control/table_layout.h"

#include "control/state.h"
#include "util/hash.h"
#include "util/text.h"

#define FOLD_CELLS 4 /* of the mark behind a folded row */

#define PANE_CELLS 38 /* cells of the panel; plus a sixth of the width above PANE_LEAST */
#define PANE_MOST  52

int
pane_cells(const struct state *st)
{
	int more = (st->cols - PANE_LEAST) / 6;

	if (!st->pane_shown || st->cols < PANE_LEAST || views[st->view]->graph)
		return 0;
	return PANE_CELLS + more < PANE_MOST ? PANE_CELLS + more : PANE_MOST;
}

void
choose_fit(const struct state *st, struct fit *fit)
{
	const struct view *v = views[st->view];
	bool desc;

	fit_columns(fit, v, &st->arrange[st->view], state_sort(st, &desc), FIT_MARGIN,
	    st->cols - pane_cells(st) - FIT_MARGIN);
	if (st->needs.known && st->needs.view == st->view)
		fit_names(fit, v, &st->arrange[st->view], &st->needs);
}

/* A hash of a row's addresses and ports.  It needs no key: no table is indexed by it. */
static uint64_t
hash_ends(const struct view *v, const struct list_row *row)
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
choose_look(struct state *st)
{
	const struct view *v = views[st->view];
	uint32_t top = st->per[st->view].top, page = state_page(st);
	const struct list_row *row;
	char text[VALUE_TEXT];
	struct buf b;
	bool desc;

	fit_needs_begin(&st->needs, st->view, state_sort(st, &desc), st->ranked_at);
	for (uint32_t i = top; i < top + page && (row = state_row(st, i)) != NULL; i++) {
		fit_needs_row(&st->needs, hash_ends(v, row));
		for (unsigned c = 0; c < v->n_cols; c++) {
			bool tree = c == 0 && v->parent != NULL;

			if (!v->cols[c].left || row->cell[c].type == V_NONE)
				continue;
			buf_init(&b, text, sizeof(text));
			value_text(&b, &row->cell[c], &st->units);
			fit_needs_add(&st->needs, c, text_width(text) + (tree ? FOLD_CELLS : 0));
		}
	}
}
