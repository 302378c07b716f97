/* The rows of the view shown, from one list to the next. */
#include "config.h"

#include "control/state.h"

#include "control/follow.h"

#define KEEP_LEAST 200  /* rows, so that one can scroll while the screen is frozen */
#define KEEP_LOG   1024 /* rows of a log, which does not change while it is scrolled */
#define KEEP_DEEP  4096 /* rows, so that the last one can be reached */

bool
state_watch(const struct state *st, struct ledger *l)
{
	return ledger_enable(
	    l, views[st->view]->extras | detail_extras(st) | st->extras, st->prefix4, st->prefix6);
}

void
state_rank(struct state *st, const struct ledger *l)
{
	struct state_view *p = &st->per[st->view];
	uint32_t keep = p->top + 2 * state_page(st) + 1;
	unsigned column;
	bool desc;

	st->log_waits = false;
	state_refilter(st);
	if (travel_is_past(st)) {
		travel_load(st, l);
		return;
	}
	if (keep < KEEP_LEAST)
		keep = KEEP_LEAST;
	if ((p->to_bottom || p->follow || st->hold) && keep < KEEP_DEEP)
		keep = KEEP_DEEP;
	st->scope = state_scope(st, l);
	st->ranking = st->view;
	st->ranked_at = l->now;
	st->logged = l->packet_log.n_logged;
	summary_take(&st->summary, &st->scope, (unsigned)st->cols);
	pane_take(&st->pane, &st->scope);
	if (views[st->view]->graph)
		trend_take(&st->trend, l, st->span, st->cols > 2 ? (unsigned)st->cols - 2 : 1, 0);
	if (views[st->view]->log && keep < KEEP_LOG)
		keep = KEEP_LOG;
	if (views[st->view]->parent != NULL)
		keep = 0; /* a tree needs all of its rows */
	column = state_sort(st, &desc);
	list_begin(st->list, views[st->view], column, desc, p->filter, &st->scope, keep);
	if (st->lent_is_old)
		filter_del(st->lent);
	st->lent = p->filter;
	st->lent_is_old = false;
}

bool
state_step(struct state *st, uint32_t n)
{
	/* The rows come last: once they are listed nothing else may be painted until they are in
	 * order. */
	return detail_step(st, n) || list_step(st->list, n);
}

void
state_reorder(struct state *st)
{
	const struct view *v = views[st->view];
	unsigned column;
	bool desc;

	column = state_sort(st, &desc);
	if (st->hold && st->order.n != 0)
		order_follow(&st->order, st->list);
	else
		order_settle(&st->order, st->list, column, desc);
	if (v->parent != NULL)
		tree_shape(&st->tree, &st->order, v, st->list);
}

void
state_ranked(struct state *st)
{
	struct state_view *p = &st->per[st->view];
	int64_t at;

	st->listed = (int)st->ranking;
	if (st->ranking != st->view)
		return;
	state_reorder(st);
	at = p->at;
	if (p->at_top)
		at = 0;
	else if (p->to_bottom)
		at = INT64_MAX;
	else if (p->has_selected && (at = state_find(st, &p->selected)) < 0) {
		at = p->at;
		follow_lost(st);
	}
	p->to_bottom = false;
	state_select(st, at);
	detail_take(st);
}
