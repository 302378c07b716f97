/* Interactive mode: reads keys, captures packets and draws the screen. */
#include "config.h"

#include <string.h>

#include "app/actions.h"
#include "app/loop.h"
#include "app/options.h"
#include "app/run.h"
#include "control/keymap.h"
#include "control/prompt.h"
#include "control/state.h"
#include "ext/resolver.h"
#include "platform/clock.h"
#include "serve/server.h"
#include "util/die.h"
#include "util/text.h"

#define NS 1e9

/* A key is answered after this time with the old rows, even if folding or ranking is not done. */
#define ANSWER UINT64_C(20000000)

/* The first rows are shown early, however long the delay. */
#define FIRST_TICK UINT64_C(300000000)

struct interactive {
	const struct options *o;
	struct feed *feed;
	struct loop loop;
	struct term *term;
	struct state state;
	struct canvas canvas;
	struct redraw_limit redraw_limit;
	struct snapshot snapshot;
	struct config_save config_save;
	struct filter_job *filter_job;   /* NULL: no filter is being compiled */
	struct record_pictures pictures; /* of the recording shown */
	struct buf err;                  /* errors of sources */
	char err_text[512];
	uint64_t next_tick; /* ns, monotonic */
	uint64_t started;
	uint64_t listed;    /* when the interfaces were listed */
	uint64_t halted_at; /* ns, wall: when capturing was stopped; 0: it was not */
	unsigned requests;  /* still to be done */
	bool asked;         /* a key waits for the next redraw */
	uint64_t asked_at;
	struct reset reset;
	bool folding, ranking;
	unsigned extras; /* of the ledger that are always kept, whatever HTTP clients ask for */
	bool offline;    /* files at full speed */
	bool clear;      /* redraw the whole screen */
	bool quit;
	char names[256];
};

static void
interactive_show_errors(struct interactive *s)
{
	struct buf *news = &s->feed->recorder->status;
	char *rest = s->err.s;

	if (news->len > 0) {
		status_message(&s->state, false, "%s", news->s);
		buf_clear(news);
		s->requests |= REQ_PAINT;
	}
	if (s->err.len == 0)
		return;
	while (rest != NULL)
		status_message(&s->state, true, "%s", strsep(&rest, "\n"));
	buf_clear(&s->err);
	s->requests |= REQ_PAINT;
}

static void
interactive_start_snapshot(struct interactive *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (snapshot_start(&s->snapshot, s->feed->ledger, s->o->snapshot_dir, clock_wall(), &err))
		status_message(&s->state, false, "writing a snapshot ...");
	else
		status_message(&s->state, true, "%s", err.s);
	s->requests |= REQ_PAINT;
}

static void
interactive_read_snapshot(struct interactive *s)
{
	char text[600];
	struct buf result;
	bool ok;

	buf_init(&result, text, sizeof(text));
	if (!snapshot_read(&s->snapshot, &result, &ok))
		return;
	status_message(&s->state, !ok, "%s", result.s);
	s->requests |= REQ_PAINT;
}

/* Keeps a wrong filter on the prompt for editing, and shows the error above it. */
static void
interactive_filter_refused(struct interactive *s, const char *why)
{
	prompt_line_open(&s->state, PROMPT_CAPTURE);
	buf_setf(&s->state.error, "%s", why);
	strlcpy(s->state.capture_filter, s->feed->filter, sizeof(s->state.capture_filter));
}

static void
interactive_start_filter(struct interactive *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	filter_job_del(s->filter_job);
	s->filter_job = feed_compile(s->feed, s->state.capture_filter, &err);
	if (s->filter_job == NULL)
		interactive_filter_refused(s, err.s);
	else
		status_message(&s->state, false, "compiling the capture filter ...");
}

static void
interactive_finish_filter(struct interactive *s)
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
		interactive_filter_refused(s, err.s);
	s->requests |= REQ_PAINT;
}

static void
interactive_name_sources(struct interactive *s)
{
	struct buf names;

	buf_init(&names, s->names, sizeof(s->names));
	if (s->o->recording != NULL)
		text_clean(&names, s->o->file[0], strlen(s->o->file[0]));
	feed_names(s->feed, &names);
}

static void
interactive_list_interfaces(struct interactive *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (!iface_action_list(&s->state.ifaces, s->feed, &err))
		status_message(&s->state, true, "%s", err.s);
}

static void
interactive_switch_interface(struct interactive *s)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (!iface_action_switch(s->feed, s->state.ifaces.request, &err)) {
		status_message(&s->state, true, "%s", err.s);
		return;
	}
	interactive_name_sources(s);
	status_message(
	    &s->state, false, "capturing on %s%s%s", s->names, err.len > 0 ? "; " : "", err.s);
	interactive_list_interfaces(s);
}

static void
interactive_restart(struct interactive *s)
{
	if (!reset_start(&s->reset, &s->err))
		return;
	history_clear(&s->state);
	s->folding = s->ranking = false;
	s->requests |= REQ_RANK;
	s->loop.ended = false;
	s->started = s->loop.monotonic;
}

/* Drops an unfinished list: it would mix old and new counters. */
static void
interactive_set_zero(struct interactive *s)
{
	reset_request_zero(&s->reset, s->state.since_baseline);
	s->ranking = false;
	s->requests |= REQ_RANK;
}

static void
interactive_update_processes(struct interactive *s)
{
	if (!s->asked)
		s->asked_at = s->loop.monotonic;
	s->asked = true;
}

static void
interactive_resize(struct interactive *s)
{
	term_size(s->term, &s->state.cols, &s->state.rows);
	canvas_resize(&s->canvas, s->state.cols, s->state.rows);
	s->requests |= REQ_PAINT | REQ_RANK;
	interactive_update_processes(s);
}

static void
interactive_suspend(struct interactive *s)
{
	term_suspend(s->term);
	signals_stop_self();
}

/* Resumed in the background (bg), capturing continues without the terminal. */
static void
interactive_regain_terminal(struct interactive *s)
{
	if (!term_resume(s->term))
		return;
	interactive_resize(s);
	s->clear = true;
}

static void
interactive_set_next_tick(struct interactive *s)
{
	uint64_t delay = (uint64_t)(s->state.delay * NS);

	s->next_tick = s->loop.monotonic + delay;
}

/* The interval in which capturing stops goes on when it resumes. */
static void
interactive_stop_capture(struct interactive *s)
{
	record_action_pause(&s->state, s->feed, &s->err);
	if (feed_is_offline(s->feed) || s->feed->stopped == (s->halted_at != 0))
		return;
	if (s->halted_at != 0)
		ledger_skip_time(s->feed->ledger, s->loop.wall - s->halted_at);
	s->halted_at = s->feed->stopped ? s->loop.wall : 0;
}

/* An HTTP client has started a stream. */
static void
interactive_note_start(struct interactive *s)
{
	if (!s->state.record.stopped || s->feed->stopped)
		return;
	s->state.record.stopped = false;
	interactive_stop_capture(s);
}

/* Does the requests of commands, except ranking and painting, which have their own times. */
static void
interactive_handle_requests(struct interactive *s)
{
	unsigned w = s->requests;

	if (w & REQ_QUIT)
		s->quit = true;
	if (w & REQ_SNAPSHOT)
		interactive_start_snapshot(s);
	if (w & REQ_PACKET_LOG)
		record_action_toggle(&s->state, s->o, s->feed, RECORD_PACKETS);
	if (w & REQ_STOP_CAPTURE)
		interactive_stop_capture(s);
	if (w & REQ_FLOW_LOG)
		record_action_toggle(&s->state, s->o, s->feed, RECORD_FLOWS);
	if (w & REQ_PCAP)
		record_action_toggle(&s->state, s->o, s->feed, RECORD_CAPTURE);
	if (w & REQ_COPY_ROW)
		row_action_copy_command(&s->state, s->feed, s->term);
	if (w & REQ_RECORD_ROW)
		row_action_record(&s->state, s->o, s->feed);
	if (w & REQ_CAPTURE_FILTER)
		interactive_start_filter(s);
	if (w & REQ_MOUSE)
		term_set_mouse(s->term, s->state.mouse);
	if (w & REQ_THEME)
		term_set_theme(s->term, s->state.theme);
	if (w & REQ_SAVE_SETTINGS)
		config_save_start(&s->config_save, &s->state);
	if (w & REQ_CAPTURE_ON)
		interactive_switch_interface(s);
	if (w & REQ_LIST_INTERFACES)
		interactive_list_interfaces(s);
	if (w & REQ_MARK)
		record_action_mark(&s->state, s->feed);
	if (w & REQ_REDRAW)
		s->clear = true;
	if (w & REQ_EVENTS) {
		detect_set_limits(s->feed->ledger->detect, &s->state.event_limits);
		detect_set_limits(s->feed->ledger->detect, &s->o->events);
	}
	if (w & REQ_DELAY)
		interactive_set_next_tick(s);
	if (w & REQ_RESTART)
		reset_request_restart(&s->reset);
	if (w & REQ_ZERO)
		interactive_set_zero(s);
	if (w & REQ_INNER)
		dissector_set_decap(s->feed->dissector, s->state.inner);
	s->requests &= REQ_PAINT | REQ_RANK;
	if (w & REQ_SUSPEND)
		interactive_suspend(s);
}

static void
interactive_take_keys(struct interactive *s)
{
	uint32_t key;
	bool gone = false;

	while (!s->quit && term_key(s->term, &key, &gone)) {
		if (key == KEYC_RESIZE)
			interactive_resize(s);
		else if ((key & KEYC_MOUSE) != 0)
			s->requests |= screen_mouse(&s->canvas, &s->state, key) | REQ_PAINT;
		else
			s->requests |= input_key(&s->state, key) | REQ_PAINT;
		interactive_update_processes(s);
		interactive_handle_requests(s);
	}
	if (gone)
		s->quit = true;
}

static void
interactive_play(struct interactive *s)
{
	s->requests |= history_play(&s->state, (uint64_t)(s->state.delay * NS)) | REQ_PAINT;
	s->feed->ledger->now = history_store_extent(s->state.past.store).last;
	interactive_set_next_tick(s);
}

static void
interactive_tick(struct interactive *s)
{
	struct ledger *l = s->feed->ledger;

	if (s->o->recording != NULL) {
		interactive_play(s);
		return;
	}
	/* Halts do not count, nor does the time before the first packet of a replay, and after its
	 * end. */
	if (s->halted_at != 0 || (feed_is_replay(s->feed) && s->loop.wall <= l->now)) {
		s->requests |= REQ_PAINT;
		interactive_set_next_tick(s);
		return;
	}
	feed_tick(s->feed, s->loop.monotonic);
	ledger_tick(l, feed_is_offline(s->feed) ? ledger_time(l) : s->loop.wall);
	s->folding = true;
	interactive_set_next_tick(s);
}

/* Ends an interval: makes a new list unless the screen or the log is paused. */
static void
interactive_refresh(struct interactive *s)
{
	s->requests |= REQ_PAINT;
	history_record(&s->state, s->feed->ledger);
	recording_take_picture(s->feed->recorder);
	server_tick(s->loop.server);
	if (s->state.frozen || history_is_shown(&s->state))
		return;
	if (follow_is_paused(&s->state) ||
	    follow_is_held_back(&s->state, s->feed->ledger, s->loop.monotonic - s->listed))
		follow_update_summary(&s->state, s->feed->ledger);
	else
		s->requests |= REQ_RANK;
}

/* One slice of work: folding, then a reset, then ranking. */
static void
interactive_work_step(struct interactive *s)
{
	if (s->folding) {
		s->folding = ledger_fold(s->feed->ledger, LOOP_STEPS);
		if (!s->folding)
			interactive_refresh(s);
		return;
	}
	if (reset_is_running(&s->reset)) {
		if (!reset_step(&s->reset, LOOP_STEPS))
			s->requests |= REQ_PAINT;
		return;
	}
	if (s->ranking) {
		s->ranking = refresh_step(&s->state, LOOP_STEPS);
		if (!s->ranking) {
			refresh_finish(&s->state);
			s->listed = s->loop.monotonic;
			dns_lookup_start(
			    &s->loop.resolver, &s->state, s->feed->ledger, s->loop.monotonic);
			s->requests |= REQ_PAINT;
		}
	}
	if (!s->ranking && (s->requests & REQ_RANK)) {
		s->state.extras = s->extras | server_extras(s->loop.server);
		s->folding = refresh_watch_extras(&s->state, s->feed->ledger);
		if (s->folding)
			return;
		refresh_begin(&s->state, s->feed->ledger);
		s->requests &= ~(unsigned)REQ_RANK;
		s->ranking = true;
	}
	if (!s->ranking)
		history_record_step(&s->state, s->feed->ledger, LOOP_STEPS);
}

static bool
interactive_is_working(const struct interactive *s)
{
	return s->folding || reset_is_running(&s->reset) || s->ranking;
}

static void
interactive_work(struct interactive *s)
{
	uint64_t began = clock_monotonic();

	do
		interactive_work_step(s);
	while (interactive_is_working(s) && clock_monotonic() - began < LOOP_WORK);
}

/* The newest time that is known, of packets or of a recording. */
static uint64_t
interactive_now(const struct interactive *s)
{
	if (s->o->recording != NULL)
		return s->feed->ledger->now;
	return feed_is_live(s->feed) ? clock_wall() : ledger_time(s->feed->ledger);
}

static void
interactive_paint(struct interactive *s)
{
	const struct totals *t = &s->feed->ledger->totals;
	bool offline = feed_is_offline(s->feed);
	char recording[32];
	struct buf b;
	struct screen_info f = {
		.source = s->names,
		.mode = setup_mode_name(s->o, s->feed),
		.stopped = s->feed->stopped,
		.elapsed = offline || feed_is_replay(s->feed) ? t->last - t->first
							      : s->loop.monotonic - s->started,
		.now = interactive_now(s),
		.dated = !feed_is_live(s->feed),
		.waiting = s->feed->waiting != NULL,
		.monotonic = s->loop.monotonic,
		.recording = recording,
		.loss_growing = s->feed->drops_growing,
		.merged_sizes = s->feed->merged,
		.tty_rate_known = s->redraw_limit.rate >= 0,
		.tty_rate = s->redraw_limit.rate,
		.redraw_delay = redraw_limit_delay(&s->redraw_limit, s->state.delay),
	};

	buf_init(&b, recording, sizeof(recording));
	record_action_text(&b, s->feed->recorder);
	screen_paint(&s->canvas, &s->state, s->feed->ledger, &f);
	term_show(s->term, &s->canvas, s->clear);
	redraw_limit_start(&s->redraw_limit, s->loop.monotonic);
	s->clear = false;
	s->asked = s->asked && interactive_is_working(s);
	s->requests &= ~(unsigned)REQ_PAINT;
}

static bool
interactive_is_done(const struct interactive *s)
{
	if (s->quit)
		return true;
	return s->o->duration > 0 &&
	    s->loop.monotonic >= s->started + (uint64_t)(s->o->duration * NS);
}

/* Answers a key with the current rows if new ones take long, and with the new ones later. */
static bool
interactive_may_paint(const struct interactive *s)
{
	if (!(s->requests & REQ_PAINT) || !term_ready(s->term))
		return false;
	if (interactive_is_working(s))
		return s->asked && s->loop.monotonic - s->asked_at >= ANSWER;
	return s->asked || redraw_limit_allows(&s->redraw_limit, s->loop.monotonic);
}

/* The first packets of a pipe are of now. */
static void
interactive_become_live(struct interactive *s)
{
	s->offline = false;
	s->state.whole_time = false;
	s->requests |= REQ_RANK;
}

static void
interactive_turn(struct interactive *s)
{
	bool busy = interactive_is_working(s) || s->state.past.maker.busy ||
	    (s->requests & REQ_RANK) != 0 || reset_is_pending(&s->reset);
	bool gone;
	unsigned got;

	if (s->offline && !feed_is_offline(s->feed))
		interactive_become_live(s);
	s->loop.helper_fd = s->config_save.fd;
	s->loop.filter_fd = s->filter_job != NULL ? filter_job_fd(s->filter_job) : -1;
	got = loop_turn(&s->loop, s->next_tick, busy, &gone);

	interactive_note_start(s);
	if ((got & GOT_QUIT) || gone)
		s->quit = true;
	if (got & GOT_RESIZE)
		interactive_resize(s);
	if (got & GOT_CONT)
		interactive_regain_terminal(s);
	if (s->loop.input_ready)
		interactive_take_keys(s);
	if ((got & GOT_STOP) && !s->quit)
		interactive_suspend(s);
	if (s->loop.snapshot_ready)
		interactive_read_snapshot(s);
	if (s->loop.helper_ready) {
		config_save_finish(&s->config_save, &s->state);
		s->requests |= REQ_PAINT;
	}
	if (s->loop.filter_ready)
		interactive_finish_filter(s);
	interactive_show_errors(s);
	interactive_restart(s);
	if (s->loop.monotonic >= s->next_tick && !s->folding && !reset_is_running(&s->reset))
		interactive_tick(s);
	interactive_work(s);
	redraw_limit_update(
	    &s->redraw_limit, term_pending(s->term), term_sent(s->term), s->loop.monotonic);
	if (interactive_may_paint(s))
		interactive_paint(s);
}

static void
interactive_greet(struct interactive *s)
{
	char text[CONFIG_FILE_PATH];
	struct buf path;

	buf_init(&path, text, sizeof(text));
	if (!s->o->no_config && config_file_path(&path, CONFIG_SETTINGS) &&
	    config_file_is_first_run(path.s))
		status_message(&s->state, false,
		    "Welcome.  h shows the keys, Enter the details of a row, / filters, q exits.");
}

static void
interactive_init(struct interactive *s)
{
	interactive_name_sources(s);
	loop_init(&s->loop, s->feed, s->term, &s->snapshot, &s->err);
	snapshot_init(&s->snapshot);
	config_save_init(&s->config_save);
	redraw_limit_init(&s->redraw_limit);
	s->requests |= setup_state(&s->state, s->o, s->feed);
	s->extras = s->state.extras;
	if (s->o->recording == NULL)
		history_start(&s->state);
	setup_recording(&s->pictures, &s->state, s->o, s->feed);
	canvas_init(&s->canvas, s->state.ascii);
	term_set_theme(s->term, s->state.theme);
	term_set_mouse(s->term, s->state.mouse);
	interactive_resize(s);
	s->offline = feed_is_offline(s->feed);
	s->started = s->loop.monotonic;
	if (!feed_is_offline(s->feed) && !feed_is_replay(s->feed))
		s->feed->ledger->started = s->loop.wall;
	interactive_greet(s);
	if (s->o->keys != NULL)
		s->requests |= setup_type_keys(&s->state, s->feed, s->o->keys) | REQ_PAINT;
	interactive_handle_requests(s);
	s->next_tick = s->started + FIRST_TICK;
}

/* The terminal is gone. */
static void
interactive_finish_saving(struct interactive *s)
{
	if (s->config_save.pid == 0)
		return;
	config_save_finish(&s->config_save, &s->state);
	if (s->state.message_bad)
		warn_line("%s", s->state.message.s);
}

static void
interactive_restore_terminal(void *arg)
{
	term_del(arg);
}

int
interactive_run(const struct options *o, struct feed *f, struct server *server)
{
	struct interactive s = { .o = o, .feed = f, .reset = { .feed = f } };
	char text[600];
	struct buf err;
	bool ok;

	buf_init(&err, text, sizeof(text));
	buf_init(&s.err, s.err_text, sizeof(s.err_text));
	s.term = term_new(o->color, &err);
	if (s.term == NULL)
		die("%s", err.s);
	exit_hook_set(interactive_restore_terminal, s.term);
	interactive_init(&s);
	s.loop.server = server;
	while (!interactive_is_done(&s))
		interactive_turn(&s);
	exit_hook_set(NULL, NULL);
	filter_job_del(s.filter_job);
	term_del(s.term);
	interactive_finish_saving(&s);
	if (snapshot_wait(&s.snapshot, SNAPSHOT_WAIT_S, &err, &ok))
		warn_line("%s", err.s);
	resolver_del(s.loop.resolver);
	canvas_fini(&s.canvas);
	state_fini(&s.state);
	if (o->recording != NULL)
		record_pictures_close(&s.pictures);
	return EXIT_DONE;
}
