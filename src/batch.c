/* Batch mode: a report per delay, or one at the end of a file. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "progress.h"
#include "run.h"
#include "util/buf.h"
#include "util/die.h"

#define NS           1e9
#define DEFAULT_ROWS 10
#define REPORT_WIDTH 100

struct batch {
	const struct opts *o;
	struct feed *feed;
	struct loop loop;
	struct buf out, err;
	char err_text[512];
	uint64_t started, end, next; /* ns, monotonic */
	uint64_t last_report;        /* ns, monotonic: when the last interval ended */
	uint64_t reports;
	struct progress progress;
	bool broken; /* nobody reads any more */
};

/* Whole reports only; a reader that has gone ends the run quietly. */
static void
write_out(struct batch *b)
{
	size_t at = 0;

	while (at < b->out.len) {
		ssize_t n = write(STDOUT_FILENO, b->out.s + at, b->out.len - at);

		if (n > 0) {
			at += (size_t)n;
		} else if (errno != EINTR) {
			if (errno != EPIPE)
				warn_line("standard output: %s", strerror(errno));
			b->feed->failed |= errno != EPIPE;
			b->broken = true;
			return;
		}
	}
}

static void
tick(struct batch *b)
{
	struct ledger *l = b->feed->ledger;

	feed_tick(b->feed, b->loop.monotonic, &b->err);
	ledger_tick(l, feed_is_offline(b->feed) ? l->totals.last : b->loop.wall);
	ledger_settle(l);
}

static struct report
describe(const struct batch *b, bool last)
{
	const struct opts *o = b->o;
	const struct totals *t = &b->feed->ledger->totals;
	bool offline = feed_is_offline(b->feed);
	uint64_t elapsed = b->loop.monotonic - b->started;

	if (offline)
		elapsed = t->last - t->first;
	return (struct report){
		.format = o->format,
		.top = o->top >= 0             ? (uint32_t)o->top
		    : o->format == REPORT_TEXT ? DEFAULT_ROWS
					       : 0,
		.now = offline ? t->last : b->loop.wall,
		.elapsed = elapsed,
		.interval = offline ? elapsed : b->loop.monotonic - b->last_report,
		.linktype_name = linktype_name,
		.show = o->show != NULL ? o->show : "",
		.view = o->view,
		.sort = o->sort,
		.units = o->units,
		.width = REPORT_WIDTH,
		.rates = !offline,
		.header = b->reports == 0,
		.repeated = !offline,
		.last = last,
	};
}

static void
report(struct batch *b, bool last)
{
	struct report r;
	struct scope s = { .ledger = b->feed->ledger,
		.classes = SCOPE_ALL,
		.ip4 = true,
		.ip6 = true,
		.average = feed_is_offline(b->feed) };
	char text[256];
	struct buf err;

	tick(b);
	r = describe(b, last);
	buf_init(&err, text, sizeof(text));
	buf_clear(&b->out);
	if (!report_write(&b->out, &r, &s, &err))
		die_usage("%s", err.s);
	write_out(b);
	b->reports++;
	b->last_report = b->loop.monotonic;
}

static void
say_progress(const struct batch *b)
{
	const struct totals *t = &b->feed->ledger->totals;

	warn_line("%llu packets, %llu bytes, %llu dropped", (unsigned long long)t->all.packets,
	    (unsigned long long)t->all.bytes, (unsigned long long)b->feed->drops);
}

static void
show_progress(struct batch *b)
{
	uint64_t done, all;

	if (!feed_is_offline(b->feed) || !b->progress.wanted)
		return;
	feed_progress(b->feed, &done, &all);
	progress_show(&b->progress, b->loop.monotonic, done, all,
	    b->feed->ledger->totals.all.packets);
}

static bool
wants_more(const struct batch *b)
{
	if (b->broken || b->loop.ended)
		return false;
	if (b->o->reports > 0 && b->reports >= b->o->reports)
		return false;
	return b->end == 0 || b->loop.monotonic < b->end;
}

static uint64_t
deadline(const struct batch *b)
{
	uint64_t d = feed_is_offline(b->feed) ? UINT64_MAX : b->next;

	return b->end > 0 && b->end < d ? b->end : d;
}

static void
watch(struct batch *b)
{
	uint64_t delay = (uint64_t)(b->o->delay * NS);
	bool gone;

	while (wants_more(b)) {
		unsigned got = loop_turn(&b->loop, deadline(b), false, &gone);

		if (got & GOT_QUIT)
			break;
		if (got & GOT_INFO)
			say_progress(b);
		show_progress(b);
		if (feed_is_offline(b->feed) || b->loop.ended || b->loop.monotonic < b->next)
			continue;
		/* The report that --reports or --duration would end with is the last one. */
		if ((b->o->reports > 0 && b->reports + 1 >= b->o->reports) ||
		    (b->end > 0 && b->loop.monotonic >= b->end))
			break;
		report(b, false);
		while (b->next <= b->loop.monotonic)
			b->next += delay;
	}
}

int
run_batch(const struct opts *o, struct feed *f)
{
	struct batch b = { .o = o, .feed = f };

	buf_new(&b.out);
	buf_init(&b.err, b.err_text, sizeof(b.err_text));
	loop_init(&b.loop, f, NULL, NULL, &b.err);
	b.started = b.last_report = b.loop.monotonic;
	b.next = b.started + (uint64_t)(o->delay * NS);
	b.end = o->duration > 0 ? b.started + (uint64_t)(o->duration * NS) : 0;
	progress_init(&b.progress, b.started);
	f->ledger->started = feed_is_offline(f) ? 0 : b.loop.wall;
	watch(&b);
	progress_end(&b.progress);
	if (!b.broken)
		report(&b, true);
	if (b.err.len > 0)
		warn_line("%s", b.err.s);
	buf_del(&b.out);
	return f->failed ? EXIT_FAILED : EXIT_DONE;
}
