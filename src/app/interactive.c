/* On a screen: keys in, pictures out, packets all the while. */
#include "config.h"

#include <string.h>

#include "app/config_file.h"
#include "app/config_save.h"
#include "app/dns_lookup.h"
#include "app/iface_actions.h"
#include "app/loop.h"
#include "app/process_lookup.h"
#include "app/record_actions.h"
#include "app/redraw_limit.h"
#include "app/reset.h"
#include "app/row_actions.h"
#include "app/run.h"
#include "control/follow.h"
#include "control/keymap.h"
#include "control/prompt.h"
#include "ext/resolver.h"
#include "platform/process_owner.h"
#include "util/die.h"

#define NS 1e9

/* A key is answered after that long though rows are still folded or ranked: with those of before.
 */
#define ANSWER UINT64_C(20000000)

/* The first rows come soon, however long the delay. */
#define FIRST_TICK UINT64_C(300000000)

struct session {
	const struct opts *o;
	struct feed *feed;
	struct loop loop;
	struct term *term;
	struct state state;
	struct canvas canvas;
	struct budget budget;
	struct snapshot snapshot;
	struct save save;
	struct filter_job *filter_job; /* NULL: no filter is being compiled */
	struct owning owning;
	struct buf err; /* what sources say */
	char err_text[512];
	uint64_t next_tick; /* ns, monotonic */
	uint64_t started;
	uint64_t listed; /* when the list was made */
	unsigned wishes; /* still to be fulfilled */
	bool asked;      /* somebody waits for the next picture */
	uint64_t asked_at;
	struct fresh fresh;
	bool folding, ranking;
	bool clear; /* everything is to be sent again */
	bool quit;
	char names[256];
};

static void
say_errors(struct session *s)
{
	struct buf *news = &s->feed->records->news;
	char *rest = s->err.s;

	if (news->len > 0) {
		status_message(&s->state, false, "%s", news->s);
		buf_clear(news);
		s->wishes |= REQ_PAINT;
	}
	if (s->err.len == 0)
		return;
	while (rest != NULL)
		status_message(&s->state, true, "%s", strsep(&rest, "\n"));
	buf_clear(&s->err);
	s->wishes |= REQ_PAINT;
}

static void
take_snapshot(struct session *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (snapshot_start(&s->snapshot, s->feed->ledger, s->o->snapshot_dir, clock_wall(), &err))
		status_message(&s->state, false, "writing a snapshot ...");
	else
		status_message(&s->state, true, "%s", err.s);
	s->wishes |= REQ_PAINT;
}

static void
read_snapshot(struct session *s)
{
	char text[600];
	struct buf result;
	bool ok;

	buf_init(&result, text, sizeof(text));
	if (!snapshot_read(&s->snapshot, &result, &ok))
		return;
	status_message(&s->state, !ok, "%s", result.s);
	s->wishes |= REQ_PAINT;
}

/* A wrong filter stays on the line to be edited, with the reason above it. */
static void
refuse_capture(struct session *s, const char *why)
{
	prompt_line_open(&s->state, PROMPT_CAPTURE);
	buf_setf(&s->state.error, "%s", why);
	strlcpy(s->state.capture_filter, s->feed->filter, sizeof(s->state.capture_filter));
}

static void
change_capture(struct session *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	filter_job_del(s->filter_job);
	s->filter_job = feed_compile(s->feed, s->state.capture_filter, &err);
	if (s->filter_job == NULL)
		refuse_capture(s, err.s);
	else
		status_message(&s->state, false, "compiling the capture filter ...");
}

static void
finish_capture(struct session *s)
{
	char text[512];
	struct buf err;
	enum filter_job_state state;

	buf_init(&err, text, sizeof(text));
	state = filter_job_read(s->filter_job, &err);
	if (state == FILTER_WAITS)
		return;
	strlcpy(s->state.capture_filter, filter_job_text(s->filter_job),
	    sizeof(s->state.capture_filter));
	filter_job_del(s->filter_job);
	s->filter_job = NULL;
	if (state == FILTER_READY && feed_set_filter(s->feed, s->state.capture_filter, &err))
		status_message(&s->state, false,
		    *s->feed->filter != '\0' ? "capture filter: %s" : "no capture filter%s",
		    s->feed->filter);
	else
		refuse_capture(s, err.s);
	s->wishes |= REQ_PAINT;
}

static void
name_sources(struct session *s)
{
	struct buf names;

	buf_init(&names, s->names, sizeof(s->names));
	feed_names(s->feed, &names);
}

static void
list_taps(struct session *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (!taps_list(&s->state.ifaces, s->feed, &err))
		status_message(&s->state, true, "%s", err.s);
}

static void
switch_tap(struct session *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (!taps_switch(s->feed, s->state.ifaces.request, &err)) {
		status_message(&s->state, true, "%s", err.s);
		return;
	}
	name_sources(s);
	status_message(
	    &s->state, false, "capturing on %s%s%s", s->names, err.len > 0 ? "; " : "", err.s);
	list_taps(s);
}

static void
restart(struct session *s)
{
	if (!fresh_begins(&s->fresh, &s->err))
		return;
	history_clear(&s->state);
	s->folding = s->ranking = false;
	s->wishes |= REQ_RANK;
	s->loop.ended = false;
	s->started = s->loop.monotonic;
}

/* A list that is being made would be half of the old counts and half of the new. */
static void
zero(struct session *s)
{
	fresh_zero(&s->fresh, s->state.since_baseline);
	s->ranking = false;
	s->wishes |= REQ_RANK;
}

static void
ask(struct session *s)
{
	if (!s->asked)
		s->asked_at = s->loop.monotonic;
	s->asked = true;
}

static void
resize(struct session *s)
{
	term_size(s->term, &s->state.cols, &s->state.rows);
	canvas_resize(&s->canvas, s->state.cols, s->state.rows);
	s->wishes |= REQ_PAINT | REQ_RANK;
	ask(s);
}

static void
suspend(struct session *s)
{
	term_suspend(s->term);
	loop_stop_self();
}

/* Let go on in the background, the terminal stays with the shell, and the capture goes on. */
static void
take_back(struct session *s)
{
	if (!term_resume(s->term))
		return;
	resize(s);
	s->clear = true;
}

static void
set_next_tick(struct session *s)
{
	uint64_t delay = (uint64_t)(s->state.delay * NS);

	s->next_tick = s->loop.monotonic + delay;
}

/* Does what commands wished for, but ranking and painting, which come when their time is there. */
static void
fulfil(struct session *s)
{
	unsigned w = s->wishes;

	if (w & REQ_QUIT)
		s->quit = true;
	if (w & REQ_SNAPSHOT)
		take_snapshot(s);
	if (w & REQ_PACKET_LOG)
		recording_switch(&s->state, s->o, s->feed, RECORD_PACKETS);
	if (w & REQ_STOP_CAPTURE)
		recording_stop(&s->state, s->feed, &s->err);
	if (w & REQ_FLOW_LOG)
		recording_switch(&s->state, s->o, s->feed, RECORD_FLOWS);
	if (w & REQ_PCAP)
		recording_switch(&s->state, s->o, s->feed, RECORD_CAPTURE);
	if (w & REQ_COPY_ROW)
		row_copy(&s->state, s->feed, s->term);
	if (w & REQ_RECORD_ROW)
		row_record(&s->state, s->o, s->feed);
	if (w & REQ_CAPTURE_FILTER)
		change_capture(s);
	if (w & REQ_MOUSE)
		term_set_mouse(s->term, s->state.mouse);
	if (w & REQ_THEME)
		term_set_theme(s->term, s->state.theme);
	if (w & REQ_SAVE_SETTINGS)
		save_start(&s->save, &s->state);
	if (w & REQ_CAPTURE_ON)
		switch_tap(s);
	if (w & REQ_LIST_INTERFACES)
		list_taps(s);
	if (w & REQ_REDRAW)
		s->clear = true;
	if (w & REQ_DELAY)
		set_next_tick(s);
	if (w & REQ_RESTART)
		fresh_restart(&s->fresh);
	if (w & REQ_ZERO)
		zero(s);
	if (w & REQ_INNER)
		dissector_set_decap(s->feed->dissector, s->state.inner);
	s->wishes &= REQ_PAINT | REQ_RANK;
	if (w & REQ_SUSPEND)
		suspend(s);
}

static void
take_keys(struct session *s)
{
	uint32_t key;
	bool gone = false;

	while (!s->quit && term_key(s->term, &key, &gone)) {
		if (key == KEYC_RESIZE)
			resize(s);
		else if ((key & KEYC_MOUSE) != 0)
			s->wishes |= screen_mouse(&s->canvas, &s->state, key) | REQ_PAINT;
		else
			s->wishes |= input_key(&s->state, key) | REQ_PAINT;
		ask(s);
		fulfil(s);
	}
	if (gone)
		s->quit = true;
}

static void
tick(struct session *s)
{
	struct ledger *l = s->feed->ledger;

	feed_tick(s->feed, s->loop.monotonic);
	ledger_tick(l, feed_is_offline(s->feed) ? ledger_time(l) : s->loop.wall);
	s->folding = true;
	set_next_tick(s);
}

/* An interval has ended: a new list, unless the picture or the log stands still. */
static void
renew(struct session *s)
{
	s->wishes |= REQ_PAINT;
	history_record(&s->state, s->feed->ledger);
	if (s->state.frozen || history_is_shown(&s->state))
		return;
	if (follow_is_paused(&s->state) ||
	    follow_is_held_back(&s->state, s->feed->ledger, s->loop.monotonic - s->listed))
		follow_update_summary(&s->state, s->feed->ledger);
	else
		s->wishes |= REQ_RANK;
}

/* Who has learnt more of the processes shows it, unless the picture is to stand still. */
static void
own(struct session *s)
{
	if (owning_ask(&s->owning, &s->state, s->feed->ledger) && !s->state.frozen &&
	    !follow_is_paused(&s->state))
		s->wishes |= REQ_RANK;
}

/* A slice of folding, then of what begins anew, then of ranking: never all at once. */
static void
work_step(struct session *s)
{
	if (s->folding) {
		s->folding = ledger_fold(s->feed->ledger, LOOP_STEPS);
		if (!s->folding)
			renew(s);
		return;
	}
	if (fresh_works(&s->fresh)) {
		if (!fresh_step(&s->fresh, LOOP_STEPS))
			s->wishes |= REQ_PAINT;
		return;
	}
	if (s->ranking) {
		s->ranking = refresh_step(&s->state, LOOP_STEPS);
		if (!s->ranking) {
			refresh_finish(&s->state);
			s->listed = s->loop.monotonic;
			naming_ask(
			    &s->loop.resolver, &s->state, s->feed->ledger, s->loop.monotonic);
			s->wishes |= REQ_PAINT;
			own(s);
		}
	}
	if (!s->ranking && (s->wishes & REQ_RANK)) {
		s->folding = refresh_watch_extras(&s->state, s->feed->ledger);
		if (s->folding)
			return;
		refresh_begin(&s->state, s->feed->ledger);
		s->wishes &= ~(unsigned)REQ_RANK;
		s->ranking = true;
	}
	if (!s->ranking)
		history_record_step(&s->state, s->feed->ledger, LOOP_STEPS);
}

static bool
is_working(const struct session *s)
{
	return s->folding || fresh_works(&s->fresh) || s->ranking;
}

static void
work(struct session *s)
{
	uint64_t began = clock_monotonic();

	do
		work_step(s);
	while (is_working(s) && clock_monotonic() - began < LOOP_WORK);
}

static void
paint(struct session *s)
{
	const struct totals *t = &s->feed->ledger->totals;
	bool offline = feed_is_offline(s->feed);
	char recording[32];
	struct buf b;
	struct screen_info f = {
		.source = s->names,
		.mode = mode_name(s->o, s->feed),
		.elapsed = offline ? t->last - t->first : s->loop.monotonic - s->started,
		.now = clock_wall(),
		.monotonic = s->loop.monotonic,
		.recording = recording,
		.loss_growing = s->feed->drops_grow,
		.merged_sizes = s->feed->merged,
		.tty_rate_known = s->budget.rate >= 0,
		.tty_rate = s->budget.rate,
		.redraw_delay = budget_stretch(&s->budget, s->state.delay),
	};

	buf_init(&b, recording, sizeof(recording));
	recording_text(&b, s->feed->records);
	screen_paint(&s->canvas, &s->state, s->feed->ledger, &f);
	term_show(s->term, &s->canvas, s->clear);
	budget_show(&s->budget, s->loop.monotonic);
	s->clear = false;
	s->asked = s->asked && is_working(s);
	s->wishes &= ~(unsigned)REQ_PAINT;
}

static bool
is_done(const struct session *s)
{
	if (s->quit)
		return true;
	return s->o->duration > 0 &&
	    s->loop.monotonic >= s->started + (uint64_t)(s->o->duration * NS);
}

/* Who asked sees the rows that there are, if the new ones take long, and then those. */
static bool
may_paint(const struct session *s)
{
	if (!(s->wishes & REQ_PAINT) || !term_ready(s->term))
		return false;
	if (is_working(s))
		return s->asked && s->loop.monotonic - s->asked_at >= ANSWER;
	return s->asked || budget_allows(&s->budget, s->loop.monotonic);
}

static void
turn(struct session *s)
{
	bool busy = is_working(s) || s->state.past.recording || (s->wishes & REQ_RANK) != 0 ||
	    owners_busy(s->owning.owners) || fresh_hurries(&s->fresh);
	bool gone;
	unsigned got;

	s->loop.helper_fd = s->save.fd;
	s->loop.filter_fd = s->filter_job != NULL ? filter_job_fd(s->filter_job) : -1;
	got = loop_turn(&s->loop, s->next_tick, busy, &gone);

	if ((got & GOT_QUIT) || gone)
		s->quit = true;
	if (got & GOT_RESIZE)
		resize(s);
	if (got & GOT_CONT)
		take_back(s);
	if (s->loop.readable)
		take_keys(s);
	if ((got & GOT_STOP) && !s->quit)
		suspend(s);
	if (s->loop.said)
		read_snapshot(s);
	if (s->loop.helped) {
		save_end(&s->save, &s->state);
		s->wishes |= REQ_PAINT;
	}
	if (s->loop.filtered)
		finish_capture(s);
	say_errors(s);
	restart(s);
	if (s->loop.monotonic >= s->next_tick && !s->folding && !fresh_works(&s->fresh))
		tick(s);
	work(s);
	if (owners_step(s->owning.owners) && !s->ranking)
		own(s);
	budget_look(&s->budget, term_pending(s->term), term_sent(s->term), s->loop.monotonic);
	if (may_paint(s))
		paint(s);
}

static void
greet(struct session *s)
{
	char text[RCFILE_PATH];
	struct buf path;

	buf_init(&path, text, sizeof(text));
	if (!s->o->no_config && rcfile_path(&path) && rcfile_first_time(path.s))
		status_message(&s->state, false,
		    "Welcome.  h shows the keys, Enter what is in a row, "
		    "/ filters, q leaves.");
}

static void
begin(struct session *s)
{
	name_sources(s);
	loop_init(&s->loop, s->feed, s->term, &s->snapshot, &s->err);
	snapshot_init(&s->snapshot);
	save_init(&s->save);
	budget_init(&s->budget);
	s->wishes |= setup_state(&s->state, s->o, s->feed);
	history_start(&s->state);
	canvas_init(&s->canvas, s->state.ascii);
	term_set_theme(s->term, s->state.theme);
	term_set_mouse(s->term, s->state.mouse);
	resize(s);
	s->started = s->loop.monotonic;
	if (!feed_is_offline(s->feed))
		s->feed->ledger->started = s->loop.wall;
	greet(s);
	if (s->o->keys != NULL)
		s->wishes |= type_keys(&s->state, s->feed, s->o->keys) | REQ_PAINT;
	fulfil(s);
	s->next_tick = s->started + FIRST_TICK;
}

/* Nobody sees the screen any more. */
static void
end_saving(struct session *s)
{
	if (s->save.pid == 0)
		return;
	save_end(&s->save, &s->state);
	if (s->state.message_bad)
		warn_line("%s", s->state.message.s);
}

static void
restore_terminal(void *arg)
{
	term_del(arg);
}

int
run_screen(const struct opts *o, struct feed *f)
{
	struct session s = { .o = o, .feed = f, .fresh = { .feed = f } };
	char text[600];
	struct buf err;
	bool ok;

	buf_init(&err, text, sizeof(text));
	buf_init(&s.err, s.err_text, sizeof(s.err_text));
	s.term = term_new(o->color, &err);
	if (s.term == NULL)
		die("%s", err.s);
	die_set_hook(restore_terminal, s.term);
	begin(&s);
	while (!is_done(&s))
		turn(&s);
	die_set_hook(NULL, NULL);
	filter_job_del(s.filter_job);
	term_del(s.term);
	end_saving(&s);
	if (snapshot_wait(&s.snapshot, &err, &ok))
		warn_line("%s", err.s);
	resolver_del(s.loop.resolver);
	owners_del(s.owning.owners);
	canvas_fini(&s.canvas);
	state_fini(&s.state);
	return EXIT_DONE;
}
