#include "config.h"

#include "control/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/detail.h"
#include "control/state.h"
#include "util/attr.h"
#include "util/text.h"
#include "view/history_store.h"

#define DAY_S    UINT64_C(86400)
#define NS_PER_S UINT64_C(1000000000)

/* Pictures may be a little more than their interval apart. */
#define STEP_SLACK 10

#define HISTORY_PRESENT (5 * NS_PER_S) /* what is not older is shown as it is now */

void
history_start(struct state *st)
{
	st->past.store = history_store_new(HISTORY_MEMORY);
}

bool
history_open(struct state *st, struct history_store *store, uint64_t at)
{
	history_store_del(st->past.store);
	st->past.store = store;
	return history_store_find(store, at, &st->past.shown_at);
}

/* A recording has no present: its newest picture is shown. */
void
history_leave(struct state *st)
{
	if (history_store_is_file(st->past.store)) {
		st->past.shown_at = history_store_extent(st->past.store).last;
		row_order_clear(&st->order);
		return;
	}
	if (history_is_shown(st))
		row_order_clear(&st->order);
	st->past.shown_at = 0;
	st->past.missing = false;
}

void
history_clear(struct state *st)
{
	history_leave(st);
	st->past.n_marks = 0;
	st->past.maker.busy = false;
	if (st->past.store != NULL)
		history_store_clear(st->past.store);
}

void
history_record(struct state *st, const struct ledger *l)
{
	struct scope s = state_scope(st, l);

	if (st->past.store == NULL || history_store_is_file(st->past.store))
		return;
	for (unsigned i = 0; i < n_views; i++)
		st->past.maker.group[i] = st->per_view[i].group;
	history_maker_begin(&st->past.maker, st->past.store, &s);
}

bool
history_record_step(struct state *st, const struct ledger *l, uint32_t n)
{
	struct scope s;

	if (!st->past.maker.busy)
		return false;
	s = state_scope(st, l);
	return history_maker_step(&st->past.maker, st->past.store, &s, n);
}

/* The sparkline and the graph are made of the time series up to that moment. */
static void
history_load_graphs(struct state *st, const struct ledger *l)
{
	uint64_t then = st->past.shown_at / NS_PER_S, now = l->series.second;
	uint64_t before = now > then ? now - then : 0;

	summary_update_samples(&st->summary, l, (unsigned)st->cols, before);
	if (views[st->view]->is_graph)
		graph_data_update(&st->graph, l, st->graph_span,
		    st->cols > 2 ? (unsigned)st->cols - 2 : 1, before);
}

void
history_load(struct state *st, const struct ledger *l)
{
	struct history_query w = { .view = st->view, .filter = st->per_view[st->view].filter };
	struct history_cursor *t = &st->past;
	uint64_t found;

	w.column = state_get_sort(st, &w.desc);
	w.keep_order = !st->per_view[st->view].sort_chosen && st->detail.sort == NULL;
	w.own_apart = state_keeps_own_apart(st);
	if (history_store_find(t->store, t->shown_at, &found))
		t->shown_at = found;
	t->missing =
	    !history_store_load(t->store, t->shown_at, &w, st->list, &st->summary, &st->panel) &&
	    !views[st->view]->is_graph;
	history_load_graphs(st, l);
	row_order_clear(&st->order);
	st->ranked_at = t->shown_at;
	st->ranking_view = st->view;
}

void
history_ago_text(struct buf *b, const struct state *st, uint64_t now)
{
	uint64_t ago = now > st->past.shown_at ? now - st->past.shown_at : 0;

	buf_adds(b, "-");
	fmt_clock(b, ago - ago % NS_PER_S);
}

/* Steps start from it. */
uint64_t
history_base_time(const struct state *st)
{
	return history_is_shown(st) ? st->past.shown_at : st->ranked_at;
}

unsigned
history_go_live(struct state *st)
{
	history_leave(st);
	st->frozen = false;
	return REQ_RANK;
}

/* Shows the picture of that moment, or the nearest one. */
static unsigned
history_go_to(struct state *st, uint64_t at)
{
	struct history_cursor *t = &st->past;
	uint64_t found;

	if (t->store == NULL || !history_store_find(t->store, at, &found)) {
		status_message(st, false, "no history yet");
		return 0;
	}
	if (found > at || found == t->shown_at)
		status_message(st, false, "no older history");
	detail_close(st);
	t->shown_at = found;
	return REQ_RANK;
}

void
history_visit(struct state *st, uint64_t at)
{
	uint64_t found, now = history_base_time(st);

	if (at == 0 || st->whole_time || at + HISTORY_PRESENT >= now || st->past.store == NULL)
		return;
	if (history_store_find(st->past.store, at, &found) && found <= at)
		st->past.shown_at = found;
}

/* If pictures of a recording are further apart than one step, takes the next one. */
static unsigned
history_go_to_next(struct state *st, uint64_t ns)
{
	struct history_cursor *t = &st->past;
	uint64_t found;

	if (!history_store_find_next(t->store, t->shown_at, &found)) {
		status_message(st, false, "this is the end of the recording");
		return 0;
	}
	if (found < t->shown_at + ns)
		(void)history_store_find(t->store, t->shown_at + ns + ns / STEP_SLACK, &found);
	t->shown_at = found;
	return REQ_RANK;
}

unsigned
history_play(struct state *st, uint64_t ns)
{
	struct history_cursor *t = &st->past;
	uint64_t found, last;

	if (!(t->speed > 0))
		return 0;
	last = history_store_extent(t->store).last;
	t->played_to = t->played_to > t->shown_at ? t->played_to : t->shown_at;
	t->played_to += (uint64_t)((double)ns * t->speed);
	if (t->played_to > last)
		t->played_to = last;
	if (!history_store_find(t->store, t->played_to, &found) || found == t->shown_at)
		return 0;
	t->shown_at = found;
	return REQ_RANK;
}

unsigned
history_pause(struct state *st)
{
	st->past.speed = st->past.speed > 0 ? 0 : 1;
	st->past.played_to = 0;
	return REQ_PAINT;
}

unsigned
cmd_play(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	char *end = NULL;
	double speed = argv[1] != NULL ? strtod(argv[1], &end) : 1;

	if (!history_store_is_file(st->past.store)) {
		status_message(st, true, "only a recording can be played");
		return 0;
	}
	if (!(speed >= 0 && speed <= HISTORY_SPEED_MOST) || (end != NULL && *end != '\0'))
		return command_error(st, argv, 1, "a speed from 0 to 86400");
	st->past.speed = speed;
	st->past.played_to = 0;
	return 0;
}

static unsigned
history_go_forward(struct state *st, uint64_t ns)
{
	struct history_cursor *t = &st->past;
	uint64_t found;

	if (!history_is_shown(st)) {
		status_message(st, false, "already live");
		return 0;
	}
	if (history_store_is_file(t->store))
		return history_go_to_next(st, ns);
	/* If pictures are further apart than one step, takes the next one. */
	for (uint64_t to = t->shown_at + ns; to <= history_store_extent(t->store).last; to += ns) {
		if (history_store_find(t->store, to, &found) && found > t->shown_at) {
			t->shown_at = found;
			return REQ_RANK;
		}
	}
	return history_go_live(st);
}

/* The newest picture's time. */
static uint64_t
history_newest(const struct state *st)
{
	const struct history_store *store = st->past.store;

	return store != NULL ? history_store_extent(store).last : 0;
}

/* "-40s", "-5m": before now, in ns. */
static bool
history_read_span(const char *s, uint64_t *ns)
{
	static const struct {
		const char *unit;
		unsigned seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 } };
	char *end;
	unsigned long n;

	if (*s != '-' || s[1] < '0' || s[1] > '9')
		return false;
	n = strtoul(s + 1, &end, 10);
	for (size_t i = 0; i < NITEMS(units); i++) {
		if (strcmp(end, units[i].unit) != 0 || n > DAY_S)
			continue;
		*ns = n * units[i].seconds * NS_PER_S;
		return true;
	}
	return false;
}

/* "12:16" or "12:16:30": the latest such moment up to `now`. */
static bool
history_read_time_of_day(const char *s, uint64_t now, uint64_t *at)
{
	unsigned hour, minute, second = 0;
	int end = 0;

	if (sscanf(s, "%2u:%2u%n:%2u%n", &hour, &minute, &end, &second, &end) < 2 ||
	    s[end] != '\0' || hour > 23 || minute > 59 || second > 59)
		return false;
	*at = now - now % (DAY_S * NS_PER_S) + (hour * 3600 + minute * 60 + second) * NS_PER_S;
	if (*at > now && *at >= DAY_S * NS_PER_S)
		*at -= DAY_S * NS_PER_S;
	return true;
}

/* The newest mark, or from a mark the one before it. */
static unsigned
history_go_to_mark(struct state *st)
{
	struct history_cursor *t = &st->past;
	unsigned i = t->n_marks;

	while (i > 0 && history_is_shown(st) && t->mark[i - 1].at != t->shown_at)
		i--;
	i = i > 1 && history_is_shown(st) ? i - 1 : t->n_marks;
	if (i == 0) {
		status_message(st, false, "no mark set; m sets one");
		return 0;
	}
	if (t->mark[i - 1].note[0] != '\0')
		status_message(st, false, "mark: %s", t->mark[i - 1].note);
	return history_go_to(st, t->mark[i - 1].at);
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
		{ "back-ten", 10, true },
		{ "forward-ten", 10, false },
		{ "back-minute", 60, true },
		{ "forward-minute", 60, false },
	};
	const char *name = argv[1] != NULL ? argv[1] : "";
	uint64_t at = history_base_time(st), now = history_newest(st), to;

	if (history_read_span(name, &to))
		return history_go_to(st, now > to ? now - to : 0);
	if (history_read_time_of_day(name, now, &to))
		return history_go_to(st, to);
	if (strcmp(name, "live") == 0)
		return history_go_live(st);
	if (strcmp(name, "mark") == 0)
		return history_go_to_mark(st);
	for (size_t i = 0; i < NITEMS(steps); i++) {
		uint64_t ns = steps[i].seconds * NS_PER_S;

		if (strcmp(name, steps[i].name) != 0)
			continue;
		if (!steps[i].back)
			return history_go_forward(st, ns);
		ns -= ns / STEP_SLACK;
		return history_go_to(st, at > ns ? at - ns : 0);
	}
	return command_error(st, argv, 1, "back, forward, back-minute, mark, live, -40s or 12:16");
}

/* The oldest mark makes room. */
static struct history_mark *
history_add_mark(struct history_cursor *t)
{
	if (t->n_marks == HISTORY_MARKS)
		memmove(&t->mark[0], &t->mark[1], --t->n_marks * sizeof(t->mark[0]));
	return &t->mark[t->n_marks++];
}

unsigned
history_mark(struct state *st, uint64_t at, const char *note)
{
	struct history_mark *m;
	struct buf b;

	if (at == 0) {
		status_message(st, false, "no moment to mark yet");
		return 0;
	}
	m = history_add_mark(&st->past);
	m->at = at;
	buf_init(&b, m->note, sizeof(m->note));
	text_clean(&b, note, strlen(note));
	status_message(st, false, "moment marked; ' returns to it");
	return REQ_MARK;
}

unsigned
cmd_mark(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	return history_mark(st, history_base_time(st), argv[1] != NULL ? argv[1] : "");
}
