#include "config.h"

#include "control/history.h"

#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/detail.h"
#include "control/state.h"
#include "util/attr.h"
#include "util/fmt.h"
#include "view/history_store.h"

#define NS_PER_S UINT64_C(1000000000)

void
travel_keep(struct state *st)
{
	st->travel.past = past_new(TRAVEL_MEMORY);
	st->travel.list = list_new();
}

void
travel_leave(struct state *st)
{
	if (travel_is_past(st))
		order_clear(&st->order);
	st->travel.at = 0;
	st->travel.missing = false;
}

void
travel_forget(struct state *st)
{
	travel_leave(st);
	st->travel.mark = 0;
	st->travel.recording = false;
	if (st->travel.past != NULL)
		past_clear(st->travel.past);
}

/* Views whose data the ledger always has. */
static bool
is_kept(const struct view *v)
{
	return !v->graph && v->extras == 0;
}

/* A scope of all traffic, as other things may be hidden later. */
static struct scope
scope_of_all(const struct state *st, const struct ledger *l)
{
	struct scope s = state_scope(st, l);

	s.classes = SCOPE_ALL;
	s.ip4 = s.ip6 = true;
	return s;
}

/* A tree needs all of its rows. */
static uint32_t
rows_kept(const struct view *v)
{
	return v->parent != NULL ? 0 : TRAVEL_ROWS;
}

static void
begin_view(struct state *st, const struct ledger *l)
{
	struct travel *t = &st->travel;
	struct scope s = scope_of_all(st, l);
	const char *by;
	const struct view *v;

	while (t->view < n_views && !is_kept(views[t->view]))
		t->view++;
	if (t->view == n_views)
		return;
	v = views[t->view];
	by = st->average ? v->sort_average : v->sort;
	t->credit -= v->slots(l);
	list_begin(t->list, v, (unsigned)(view_column(v, by) - v->cols), view_column(v, by)->desc,
	    NULL, &s, rows_kept(v));
}

void
travel_record(struct state *st, const struct ledger *l)
{
	struct travel *t = &st->travel;
	struct scope s = scope_of_all(st, l);
	struct summary summary;
	struct pane pane;

	if (t->past == NULL)
		return;
	/* An unfinished picture is dropped: it would mix two moments. */
	t->recording = false;
	t->credit += TRAVEL_WORK;
	if (t->credit > TRAVEL_WORK)
		t->credit = TRAVEL_WORK;
	if (t->credit < 0)
		return;
	summary_take(&summary, &s, 0);
	pane_take(&pane, &s);
	past_begin(t->past, l->now, &summary, &pane);
	t->recording = true;
	t->view = 0;
	begin_view(st, l);
}

bool
travel_step(struct state *st, const struct ledger *l, uint32_t n)
{
	struct travel *t = &st->travel;

	if (!t->recording)
		return false;
	if (list_step(t->list, n))
		return true;
	past_add(t->past, t->view++, t->list);
	begin_view(st, l);
	if (t->view < n_views)
		return true;
	past_end(t->past);
	t->recording = false;
	return false;
}

/* The sparkline and the graph are made of the time series up to that moment. */
static void
load_graphs(struct state *st, const struct ledger *l)
{
	uint64_t then = st->travel.at / NS_PER_S, now = l->series.second;
	uint64_t before = now > then ? now - then : 0;

	summary_spark(&st->summary, l, (unsigned)st->cols, before);
	if (views[st->view]->graph)
		trend_take(
		    &st->trend, l, st->span, st->cols > 2 ? (unsigned)st->cols - 2 : 1, before);
}

void
travel_load(struct state *st, const struct ledger *l)
{
	struct past_wish w = { .view = st->view, .filter = st->per[st->view].filter };
	struct travel *t = &st->travel;
	uint64_t found;

	w.column = state_sort(st, &w.desc);
	w.as_was = !st->per[st->view].chosen;
	if (past_find(t->past, t->at, &found))
		t->at = found;
	t->missing = !past_load(t->past, t->at, &w, st->list, &st->summary, &st->pane) &&
	    !views[st->view]->graph;
	load_graphs(st, l);
	order_clear(&st->order);
	st->ranked_at = t->at;
	st->ranking = st->view;
}

void
travel_ago(struct buf *b, const struct state *st, uint64_t now)
{
	uint64_t ago = now > st->travel.at ? now - st->travel.at : 0;

	buf_adds(b, "-");
	fmt_clock(b, ago - ago % NS_PER_S);
}

/* The moment that steps start from. */
static uint64_t
moment(const struct state *st)
{
	return travel_is_past(st) ? st->travel.at : st->ranked_at;
}

unsigned
travel_live(struct state *st)
{
	travel_leave(st);
	st->frozen = false;
	return WISH_RANK;
}

/* Shows the picture of that moment, or the nearest one. */
static unsigned
go_to(struct state *st, uint64_t at)
{
	struct travel *t = &st->travel;
	uint64_t found;

	if (t->past == NULL || !past_find(t->past, at, &found)) {
		state_say(st, false, "there is no past yet that one could go to");
		return 0;
	}
	if (found > at || found == t->at)
		state_say(st, false, "nothing older is kept");
	detail_shut(st);
	t->at = found;
	return WISH_RANK;
}

static unsigned
go_forward(struct state *st, uint64_t ns)
{
	struct travel *t = &st->travel;
	uint64_t found;

	if (!travel_is_past(st)) {
		state_say(st, false, "this is the present");
		return 0;
	}
	/* If pictures are further apart than one step, takes the next one. */
	for (uint64_t to = t->at + ns; to <= past_extent(t->past).last; to += ns) {
		if (past_find(t->past, to, &found) && found > t->at) {
			t->at = found;
			return WISH_RANK;
		}
	}
	return travel_live(st);
}

unsigned
cmd_time(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	static const struct {
		const char *name;
		uint64_t seconds;
		bool back;
	} steps[] = {
		{ "back", 1, true },
		{ "forward", 1, false },
		{ "back-minute", 60, true },
		{ "forward-minute", 60, false },
	};
	const char *name = argv[1] != NULL ? argv[1] : "";
	uint64_t at = moment(st);

	if (strcmp(name, "live") == 0)
		return travel_live(st);
	if (strcmp(name, "mark") == 0 && st->travel.mark != 0)
		return go_to(st, st->travel.mark);
	if (strcmp(name, "mark") == 0) {
		state_say(st, false, "no moment is marked; m marks one");
		return 0;
	}
	for (size_t i = 0; i < NITEMS(steps); i++) {
		uint64_t ns = steps[i].seconds * NS_PER_S;

		if (strcmp(name, steps[i].name) != 0)
			continue;
		if (!steps[i].back)
			return go_forward(st, ns);
		return go_to(st, at > ns ? at - ns : 0);
	}
	return command_refuse(
	    st, argv, 1, "back, forward, back-minute, forward-minute, mark or live");
}

unsigned
cmd_mark(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	st->travel.mark = moment(st);
	if (st->travel.mark == 0)
		state_say(st, false, "there is no moment yet to be marked");
	else
		state_say(st, false, "this moment is marked; ' goes back to it");
	return 0;
}
