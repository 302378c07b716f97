/* Batch mode: a report per delay, or one at the end of a file. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/loop.h"
#include "app/run.h"
#include "capture/source.h"
#include "export/report.h"
#include "feed/recording.h"
#include "platform/clock.h"
#include "serve/server.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define NS           1e9
#define DEFAULT_ROWS 10
#define REPORT_WIDTH 100

struct batch {
	const struct options *o;
	struct feed *feed;
	struct loop loop;
	struct report_output out;
	struct buf err;
	char err_text[512];
	uint64_t started, end, next;  /* ns, monotonic */
	uint64_t last_report;         /* ns, monotonic: when the last interval ended */
	uint64_t ticked, ticked_wall; /* when the interval of the due report ended */
	bool folding;                 /* the report waits until all is folded */
	uint64_t reports;
	struct progress progress;
	bool broken; /* the reader has closed */
};

/* A closed pipe ends the run without a message. */
static void
batch_note_error(struct batch *b, int error)
{
	if (error == 0)
		return;
	if (error != EPIPE)
		warn_line("standard output: %s", strerror(error));
	b->feed->failed |= error != EPIPE;
	b->broken = true;
}

/* Ends an interval; its report is due when all is folded. */
static void
batch_tick(struct batch *b)
{
	struct ledger *l = b->feed->ledger;

	feed_tick(b->feed, b->loop.monotonic);
	ledger_tick(l, feed_is_offline(b->feed) ? ledger_time(l) : b->loop.wall);
	b->ticked = b->loop.monotonic;
	b->ticked_wall = feed_is_replay(b->feed) ? b->loop.wall : clock_wall();
	b->folding = true;
}

static struct report
batch_describe(const struct batch *b, bool last)
{
	const struct options *o = b->o;
	const struct totals *t = &b->feed->ledger->totals;
	bool offline = feed_is_offline(b->feed);
	uint32_t default_rows = o->format == REPORT_TEXT ? DEFAULT_ROWS : 0;
	uint64_t elapsed = b->ticked - b->started, interval = b->ticked - b->last_report;

	if (offline || feed_is_replay(b->feed))
		elapsed = t->last - t->first;
	if (feed_is_replay(b->feed))
		interval = b->feed->ledger->interval_ns;
	return (struct report){
		.format = o->format,
		.top = o->top >= 0 ? (uint32_t)o->top : default_rows,
		.now = offline ? t->last : b->ticked_wall,
		.elapsed = elapsed,
		.interval = offline ? elapsed : interval,
		.linktype_name = linktype_name,
		.show = o->show != NULL ? o->show : "",
		.view = o->view,
		.sort = o->sort,
		.units = o->units,
		.width = REPORT_WIDTH,
		.rates = !offline,
		.header = b->reports == 0,
		.repeating = !offline,
		.last = last,
	};
}

static struct scope
batch_scope(const struct batch *b)
{
	return scope_of_all(b->feed->ledger, feed_is_offline(b->feed));
}

/* Exits with a line that names the view or column that is wrong, or the error in the filter. */
static void ATTR_NORETURN
batch_fail(const struct batch *b, const char *why)
{
	if (errno == ENOMEM)
		die("%s", why);
	if (b->o->show == NULL)
		die_usage("%s", why);
	die_usage("--show=%s: %s", b->o->show, why);
}

static void
batch_print_report(struct batch *b, bool last)
{
	struct report r = batch_describe(b, last);
	struct scope s = batch_scope(b);
	char text[256];
	struct buf err;
	int error;

	buf_init(&err, text, sizeof(text));
	/* Invalid reports were refused at the start: memory has run out. */
	if (!report_output_write(&b->out, &r, &s, b->feed->ledger, &err, &error)) {
		buf_setf(&b->err, "no report: %s", err.s);
		b->feed->failed = true;
	}
	batch_note_error(b, error);
	if (last)
		batch_note_error(b, report_output_finish(&b->out, &b->err));
}

/* Writes a report to nowhere, so that an invalid one is refused before the first packet. */
static void
batch_dry_run(const struct batch *b)
{
	struct report r = batch_describe(b, false);
	struct scope s = batch_scope(b);
	struct buf out, err;
	char text[256];

	buf_new(&out);
	buf_init(&err, text, sizeof(text));
	errno = 0;
	if (!report_write(&out, &r, &s, &err))
		batch_fail(b, err.s);
	buf_del(&out);
}

/* A log on standard output excludes reports there. */
static void
batch_report(struct batch *b, bool last)
{
	b->folding = false;
	if (!recording_uses_stdout(b->o))
		batch_print_report(b, last);
	b->reports++;
	server_tick(b->loop.server);
	recording_take_picture(b->feed->recorder);
	b->last_report = b->ticked;
}

static void
batch_draw_progress(const struct batch *b)
{
	const struct totals *t = &b->feed->ledger->totals;

	char text[128];
	struct buf line;

	buf_init(&line, text, sizeof(text));
	buf_addf(&line, "%llu packets, %llu bytes", (unsigned long long)t->all.packets,
	    (unsigned long long)t->all.bytes);
	if (ledger_knows_drops(b->feed->ledger))
		buf_addf(&line, ", %llu dropped", (unsigned long long)b->feed->drops);
	warn_line("%s", line.s);
}

static void
batch_show_progress(struct batch *b)
{
	uint64_t done, all;

	if (!feed_is_offline(b->feed) || !b->progress.wanted)
		return;
	feed_progress(b->feed, &done, &all);
	progress_show(
	    &b->progress, b->loop.monotonic, done, all, b->feed->ledger->totals.all.packets);
}

static void
batch_print_errors(struct batch *b)
{
	char *rest = b->err.s;

	if (b->err.len == 0)
		return;
	progress_end(&b->progress);
	while (rest != NULL)
		warn_line("%s", strsep(&rest, "\n"));
	buf_clear(&b->err);
}

static bool
batch_may_continue(const struct batch *b)
{
	if (b->broken || b->loop.ended || b->feed->recorder->closed)
		return false;
	if (b->o->reports > 0 && b->reports >= b->o->reports)
		return false;
	return b->end == 0 || b->loop.monotonic < b->end;
}

static uint64_t
batch_deadline(const struct batch *b)
{
	uint64_t d = feed_is_offline(b->feed) ? UINT64_MAX : b->next;

	return b->end > 0 && b->end < d ? b->end : d;
}

static void
batch_poll_status(struct batch *b)
{
	uint64_t delay = (uint64_t)(b->o->delay * NS);
	bool gone;

	while (batch_may_continue(b)) {
		unsigned got;

		b->loop.out_fd = stdout_stream_fd(&b->out.out);
		got = loop_turn(&b->loop, batch_deadline(b), b->folding, &gone);
		if (got & GOT_QUIT)
			break;
		batch_note_error(b, report_output_poll(&b->out, &b->err));
		if (got & GOT_INFO) {
			progress_end(&b->progress);
			batch_draw_progress(b);
		}
		batch_print_errors(b);
		batch_show_progress(b);
		if (b->folding && !ledger_fold(b->feed->ledger, LOOP_STEPS))
			batch_report(b, false);
		if (feed_is_offline(b->feed) || b->loop.ended || b->loop.monotonic < b->next)
			continue;
		/* The report that --reports or --duration ends with is the final one. */
		if ((b->o->reports > 0 && b->reports + 1 >= b->o->reports) ||
		    (b->end > 0 && b->loop.monotonic >= b->end))
			break;
		/* No report is made while the reader is slow; the next one covers more time. */
		if (!b->folding && !report_output_busy(&b->out))
			batch_tick(b);
		while (b->next <= b->loop.monotonic)
			b->next += delay;
	}
}

/* With --snapshot, writes the final counters there too. */
static void
batch_take_snapshot(struct batch *b)
{
	const char *dir = b->o->snapshot_dir;
	struct snapshot s;
	char text[1200];
	struct buf said;
	bool ok;

	if (dir == NULL)
		return;
	buf_init(&said, text, sizeof(text));
	snapshot_init(&s);
	ok = snapshot_start(&s, b->feed->ledger, dir, clock_wall(), &said);
	if (ok && snapshot_wait(&s, SNAPSHOT_WAIT_S, &said, &ok) && ok)
		return;
	warn_line("%s", said.s);
	b->feed->failed = true;
}

int
batch_run(const struct options *o, struct feed *f, struct server *server)
{
	struct batch b = { .o = o, .feed = f };

	report_output_open(&b.out);
	buf_init(&b.err, b.err_text, sizeof(b.err_text));
	loop_init(&b.loop, f, NULL, NULL, &b.err);
	b.loop.server = server;
	b.started = b.last_report = b.ticked = b.loop.monotonic;
	b.next = b.started + (uint64_t)(o->delay * NS);
	b.end = o->duration > 0 ? b.started + (uint64_t)(o->duration * NS) : 0;
	progress_init(&b.progress, b.started);
	f->ledger->started = feed_is_offline(f) || feed_is_replay(f) ? 0 : b.loop.wall;
	if (!recording_uses_stdout(o))
		batch_dry_run(&b);
	batch_poll_status(&b);
	progress_end(&b.progress);
	batch_note_error(&b, report_output_finish(&b.out, &b.err));
	if (!b.broken && !f->recorder->closed) {
		feed_settle_owners(f);
		batch_tick(&b);
		batch_report(&b, true);
	}
	batch_take_snapshot(&b);
	batch_print_errors(&b);
	report_output_close(&b.out);
	return feed_has_failed(f) ? EXIT_FAILED : EXIT_DONE;
}
