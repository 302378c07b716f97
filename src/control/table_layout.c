#include "config.h"

#include "control/layout.h"

#include "control/state.h"

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

static struct column_space
table_layout_space(const struct state *st)
{
	int panel = panel_width(st), margin = panel > 0 ? 1 : 0;
	bool desc;

	return (struct column_space){
		.v = views[st->view],
		.prefs = &st->column_prefs[st->view],
		.needs = &st->column_needs,
		.sorted = state_get_sort(st, &desc),
		.x = TABLE_MARGIN,
		.width = st->cols - panel - margin - TABLE_MARGIN,
	};
}

void
table_layout_columns(const struct state *st, struct column_layout *fit)
{
	const struct column_space space = table_layout_space(st);

	column_layout_make(fit, &space);
}

void
table_layout_measure(struct state *st)
{
	const struct column_space space = table_layout_space(st);
	const struct table_row *rows[COLUMN_NEEDS_ROWS], *row;
	uint32_t top = st->per_view[st->view].top, page = state_page_rows(st);
	unsigned n = 0;

	while (n < page && n < COLUMN_NEEDS_ROWS && (row = state_row(st, top + n)) != NULL)
		rows[n++] = row;
	column_needs_begin(&st->column_needs, space.v, space.sorted, st->ranked_at);
	column_needs_measure(&st->column_needs, &space, &st->units, rows, n);
}
