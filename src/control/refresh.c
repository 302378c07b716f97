/* The rows of the view shown, from one list to the next. */
#include "config.h"

#include "control/state.h"
#include "view/columns.h"

#define KEEP_MIN    200  /* rows, so that one can scroll while the screen is frozen */
#define KEEP_LOG    1024 /* rows of a log, which does not change while it is scrolled */
#define KEEP_TO_END 4096 /* rows, so that the last one can be reached */

bool
refresh_watch_extras(const struct state *st, struct ledger *l)
{
	if (views[st->view] == &view_processes)
		processes_group(&l->processes, (enum process_level)st->per_view[st->view].group);
	return ledger_enable(l, views[st->view]->extras | drilldown_extras(st) | st->extras,
	    st->prefix4, st->prefix6);
}

void
refresh_begin(struct state *st, const struct ledger *l)
{
	struct state_view *p = &st->per_view[st->view];
	uint32_t keep = p->top + 2 * state_page_rows(st) + 1;
	unsigned column;
	bool desc;

	st->log_is_held_back = false;
	state_compile_filter(st);
	if (history_is_shown(st)) {
		history_load(st, l);
		return;
	}
	if (keep < KEEP_MIN)
		keep = KEEP_MIN;
	if ((p->go_to_bottom || p->follows_row || st->order_held) && keep < KEEP_TO_END)
		keep = KEEP_TO_END;
	st->scope = state_scope(st, l);
	st->scope.own_apart = state_keeps_own_apart(st);
	st->ranking_view = st->view;
	st->ranked_at = l->now;
	st->logged_at_rank = l->packet_log.n_logged;
	summary_update(&st->summary, &st->scope, (unsigned)st->cols);
	panel_data_update(&st->panel, &st->scope);
	if (views[st->view]->is_graph)
		graph_data_update(
		    &st->graph, l, st->graph_span, st->cols > 2 ? (unsigned)st->cols - 2 : 1, 0);
	if (views[st->view]->is_log && keep < KEEP_LOG)
		keep = KEEP_LOG;
	if (views[st->view]->parent_slot != NULL)
		keep = 0; /* a tree needs all of its rows */
	column = state_get_sort(st, &desc);
	row_list_begin(st->list, views[st->view], column, desc, p->filter, &st->scope, keep);
	if (st->list_filter_stale)
		filter_del(st->list_filter);
	st->list_filter = p->filter;
	st->list_filter_stale = false;
}

bool
refresh_step(struct state *st, uint32_t n)
{
	/* The rows come last: once they are listed nothing else may be painted until they are in
	 * order. */
	return detail_related_step(st, n) || row_list_step(st->list, n);
}

void
refresh_order(struct state *st)
{
	const struct view *v = views[st->view];
	unsigned column;
	bool desc;

	column = state_get_sort(st, &desc);
	if (st->order_held && st->order.n != 0)
		row_order_hold(&st->order, st->list);
	else
		row_order_smooth(&st->order, st->list, column, desc);
	if (v->parent_slot != NULL)
		tree_shape(&st->tree, &st->order, v, st->list);
}

void
refresh_finish(struct state *st)
{
	struct state_view *p = &st->per_view[st->view];
	int64_t at;

	st->listed_view = (int)st->ranking_view;
	if (st->ranking_view != st->view)
		return;
	refresh_order(st);
	at = p->cursor;
	if (p->stays_on_top)
		at = 0;
	else if (p->go_to_bottom)
		at = INT64_MAX;
	else if (p->has_selected && (at = state_find_row(st, &p->selected_key)) < 0) {
		at = p->cursor;
		follow_row_lost(st);
	}
	p->go_to_bottom = false;
	state_select(st, at);
	drilldown_refresh(st);
}
