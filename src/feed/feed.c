#include "config.h"

#include "feed/feed.h"

#include <string.h>

#include "app/loop.h"
#include "feed/any_device.h"
#include "feed/capture_loss.h"
#include "feed/feed_files.h"
#include "feed/feed_source.h"
#include "feed/recording.h"
#include "platform/netif.h"
#include "util/attr.h"
#include "util/buf.h"

/* Frames taken before anything else has its turn, by all sources together; a source has a few. */
#define TURN       4096
#define TURN_LEAST 256

/* However long pictures and reports are apart. */
#define HOUSEKEEPING UINT64_C(1000000000) /* ns */

static void
flush(struct feed *f)
{
	ledger_count(f->ledger, f->batch, f->n_batch);
	if (f->records != NULL)
		records_batch(f->records, f->batch, f->n_batch);
	f->n_batch = f->n_said = 0;
}

static void
on_frame(const struct frame *frame, void *arg)
{
	struct feed *f = arg;
	struct pkt *p = &f->batch[f->n_batch++];

	if (UNLIKELY(frame->len > f->longest))
		audit_long(f, frame);
	dissect_with_meta(f->dissector, frame, p, &f->said[f->n_said]);
	if (UNLIKELY(p->meta != NULL))
		f->n_said++;
	if (UNLIKELY(p->bpf_gaps & BPF_WRONG_ADDRS))
		mistaken_add(&f->ledger->mistaken, frame);
	if (UNLIKELY(f->records != NULL && records_want_frames(f->records)))
		records_frame(f->records, frame);
	if (f->n_batch == LEDGER_BATCH)
		flush(f);
}

/* Of a source that hears the same packets more than once. */
static void
on_frame_of_stack(const struct frame *frame, void *arg)
{
	struct feed *f = arg;
	struct frame as;

	if (members_take(f, f->reading, frame, &as))
		on_frame(&as, f);
	else
		f->skipped++;
}

/* While all is stopped. */
static void
on_passing(const struct frame *frame ATTR_UNUSED, void *arg)
{
	struct feed *f = arg;

	f->skipped++;
}

/* Files that are read as fast as can be wait while all is stopped. */
static bool
waits(const struct feed *f)
{
	return f->held || (f->stopped && feed_is_offline(f));
}

/* True when packets of any source are wanted now. */
static bool
wants(const struct feed *f)
{
	return !waits(f) && f->left > 0;
}

unsigned
feed_poll(const struct feed *f, struct pollfd *fds)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n && wants(f); i++)
		if (f->source[i].source != NULL && source_fd(f->source[i].source) >= 0)
			fds[n++] = (struct pollfd){ .fd = source_fd(f->source[i].source),
				.events = POLLIN };
	return n;
}

int
feed_timeout(const struct feed *f)
{
	int least = -1;

	for (unsigned i = 0; i < f->n && wants(f); i++) {
		int ms = f->source[i].source != NULL ? source_timeout(f->source[i].source) : -1;

		if (ms >= 0 && (least < 0 || ms < least))
			least = ms;
	}
	return least;
}

/* The interfaces of a file have drops of their own. */
static void
keep_counts(struct feed *f, const struct feed_source *s)
{
	for (unsigned i = 0; i < f->ledger->n_sources; i++) {
		struct source_counts c;

		source_counts(s->source, (uint16_t)i, &c);
		source_counts_add(&f->gone[i], &c);
	}
}

void
feed_source_is(struct feed *f, const struct feed_source *s, enum source_state state)
{
	struct ledger *l = f->ledger;

	/* Each file has a state of its own. */
	for (unsigned i = 0; i < l->n_sources && !s->of_files; i++)
		if (l->source[i].domain == l->source[s->config.number].domain)
			l->source[i].state = (uint8_t)state;
}

void
feed_source_ends(struct feed *f, struct feed_source *s, enum source_state state)
{
	uint64_t done;

	keep_counts(f, s);
	source_progress(s->source, &done, &s->size);
	source_del(s->source);
	s->source = NULL;
	s->close_at = 0;
	audit_end(f, s);
	feed_source_is(f, s, state);
	if (s->config.kind == SOURCE_FILE && state != SOURCE_ENDED)
		f->failed = true;
}

enum source_state
feed_source_state_after(enum source_outcome end)
{
	static const enum source_state after[] = {
		[SOURCE_DONE] = SOURCE_ENDED,
		[SOURCE_SHORT] = SOURCE_CUT,
		[SOURCE_ERROR] = SOURCE_FAILED,
	};

	return after[end];
}

static void
read_one(struct feed *f, struct feed_source *s, struct buf *err)
{
	struct tally *all = &f->ledger->source[s->config.number].totals.all, before = *all;
	unsigned max = TURN / f->n < TURN_LEAST ? TURN_LEAST : TURN / f->n, n = 0;
	source_fn *fn = s->stack != NULL ? on_frame_of_stack : on_frame;
	enum source_outcome o;

	if (f->left < max)
		max = (unsigned)f->left;
	f->reading = s;
	f->skipped = 0;
	o = source_read(s->source, max, f->stopped ? on_passing : fn, f, &n, err);
	flush(f);
	f->left -= n - f->skipped;
	tally_add(&s->taken, all->packets - before.packets, all->bytes - before.bytes);
	if (o == SOURCE_LOST)
		feed_source_lose(f, s, clock_monotonic());
	else if (o != SOURCE_READ)
		feed_source_ends(f, s, feed_source_state_after(o));
}

static bool
was_said(const struct feed *f, uint16_t linktype)
{
	for (unsigned i = 0; i < f->n_unread; i++)
		if (f->unread[i] == linktype)
			return true;
	return f->n_unread == LEDGER_SOURCES;
}

/* Of a link that cannot be read only packets and bytes are known: that is said once, when the first
 * packet has come. */
static void
say_unread_link(struct feed *f, struct buf *err)
{
	const struct ledger *l = f->ledger;

	for (unsigned i = 0; i < l->n_sources && err->len == 0; i++) {
		const struct source_stats *s = &l->source[i];

		if (s->totals.all.packets == 0 || dissector_knows_link(f->dissector, s->linktype) ||
		    was_said(f, s->linktype))
			continue;
		f->unread[f->n_unread++] = s->linktype;
		buf_setf(err,
		    "%s: frames of link type %s cannot be read, only packets and bytes are counted",
		    s->name, linktype_name(s->linktype));
	}
}

bool
feed_read(struct feed *f, struct buf *err)
{
	bool more = f->stopped;

	if (waits(f))
		return true;
	for (unsigned i = 0; i < f->n && f->left > 0; i++) {
		struct feed_source *s = &f->source[i];

		if (s->source != NULL)
			read_one(f, s, err);
		more |= s->source != NULL || (s->config.kind == SOURCE_LIVE && !s->left);
	}
	say_unread_link(f, err);
	return more && f->left > 0;
}

void
feed_source_runs(struct feed *f, struct feed_source *s)
{
	struct source_stats *st = &f->ledger->source[s->config.number];

	feed_source_is(f, s, SOURCE_RUNNING);
	st->linktype = source_linktype(s->source);
	audit_begin(f, s);
	members_begin(s);
}

struct source_counts
feed_counts(const struct feed *f, uint16_t number)
{
	struct source_counts sum = f->gone[number], c;

	for (unsigned i = 0; i < f->n; i++) {
		if (f->source[i].source == NULL)
			continue;
		source_counts(f->source[i].source, number, &c);
		source_counts_add(&sum, &c);
	}
	return sum;
}

static void
take_drops(const struct feed *f, struct source_stats *st)
{
	struct source_counts sum = feed_counts(f, st->number);

	st->kernel_dropped = sum.kernel_dropped;
	st->interface_dropped = sum.interface_dropped;
	st->stamps_back = sum.stamps_back;
	st->stamps_wild = sum.stamps_wild;
	st->drops_known = sum.known;
}

static uint64_t
take_all_drops(struct feed *f)
{
	uint64_t drops = 0;

	for (unsigned i = 0; i < f->ledger->n_sources; i++) {
		struct source_stats *st = &f->ledger->source[i];

		take_drops(f, st);
		drops += st->kernel_dropped + st->interface_dropped;
	}
	return drops;
}

void
feed_tick(struct feed *f, uint64_t monotonic)
{
	uint64_t drops = take_all_drops(f);

	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].source != NULL)
			audit_tick(f, &f->source[i], monotonic);
	if (f->records != NULL)
		records_tick(f->records);
	f->drops_grow = drops > f->drops;
	f->drops = drops;
}

static void
housekeep_one(struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said)
{
	if (s->config.kind != SOURCE_LIVE || s->left)
		return;
	if (!f->stopped)
		feed_follow(f, s, monotonic, said);
	if (s->source != NULL)
		audit_tick(f, s, monotonic);
	f->ledger->source[s->config.number].link_bps = netif_speed(s->config.name);
	members_tick(f, s);
}

void
feed_housekeep(struct feed *f, uint64_t monotonic, struct buf *said)
{
	f->housekeep_at = monotonic + HOUSEKEEPING;
	/* What is being cleared is not to be changed meanwhile. */
	if (f->held)
		return;
	(void)take_all_drops(f);
	for (unsigned i = 0; i < f->n; i++)
		housekeep_one(f, &f->source[i], monotonic, said);
	if (f->records != NULL)
		records_tick(f->records);
	if (f->live)
		feed_locals(f);
}

/* What arrives through a pipe cannot come again, and an interface has no beginning. */
static bool
can_begin_again(const struct feed_source *s)
{
	if (s->of_files)
		return files_can_begin_again(s->feed);
	return s->config.kind == SOURCE_DEMO ||
	    (s->config.kind == SOURCE_FILE && strcmp(s->config.name, "-") != 0);
}

/* What the kernel counts goes on; modulo 2^64 the sum is zero now. */
static void
forget_counts(struct feed *f, const struct feed_source *s)
{
	for (unsigned i = 0; s->source != NULL && i < f->ledger->n_sources; i++) {
		struct source_counts c;

		source_counts(s->source, (uint16_t)i, &c);
		f->gone[i].kernel_dropped -= c.kernel_dropped;
		f->gone[i].interface_dropped -= c.interface_dropped;
		f->gone[i].stamps_back -= c.stamps_back;
		f->gone[i].stamps_wild -= c.stamps_wild;
	}
}

static void
restart_one(struct feed *f, struct feed_source *s, struct buf *err)
{
	struct source *again;

	if (!can_begin_again(s)) {
		forget_counts(f, s);
		return;
	}
	again = feed_source_open(s, err);
	if (again == NULL)
		return;
	if (s->source != NULL)
		source_del(s->source);
	s->source = again;
	s->interfaces = 0;
	s->size = 0;
	feed_source_is(f, s, SOURCE_RUNNING);
	if (s->of_files)
		files_begin_again(f);
}

void
feed_restart(struct feed *f, struct buf *err)
{
	f->left = f->opts->count > 0 ? f->opts->count : UINT64_MAX;
	memset(f->gone, 0, sizeof(f->gone));
	for (unsigned i = 0; i < f->n; i++)
		restart_one(f, &f->source[i], err);
}

void
feed_stop(struct feed *f, bool stop, struct buf *err)
{
	f->stopped = stop;
	for (unsigned i = 0; i < f->n; i++) {
		struct feed_source *s = &f->source[i];

		if (s->config.kind != SOURCE_LIVE || s->left)
			continue;
		if (stop) {
			if (s->source != NULL)
				feed_source_ends(f, s, SOURCE_STOPPED);
			feed_source_is(f, s, SOURCE_STOPPED);
		} else if (s->source == NULL) {
			s->source = feed_source_open(s, err);
			feed_source_is(f, s, SOURCE_GONE);
			if (s->source != NULL)
				feed_source_runs(f, s);
		}
	}
}

void
feed_hold(struct feed *f, bool hold)
{
	f->held = hold;
}

struct filter_job *
feed_compile(struct feed *f, const char *filter, struct buf *err)
{
	struct source *sources[OPTS_SOURCES];
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].source != NULL)
			sources[n++] = f->source[i].source;
	return filter_job_new(sources, n, filter, FILTER_JOB_SECONDS, err);
}

bool
feed_set_filter(struct feed *f, const char *filter, struct buf *err)
{
	unsigned i;

	for (i = 0; i < f->n; i++)
		if (f->source[i].source != NULL &&
		    !source_set_filter(f->source[i].source, filter, err))
			break;
	if (i == f->n) {
		strlcpy(f->filter, filter, sizeof(f->filter));
		for (i = 0; i < f->n; i++)
			if (f->source[i].source != NULL)
				audit_begin(f, &f->source[i]);
		return true;
	}
	/* The sources before this one go back to the filter that they had. */
	while (i-- > 0)
		if (f->source[i].source != NULL)
			source_set_filter(f->source[i].source, f->filter, NULL);
	return false;
}

bool
feed_is_offline(const struct feed *f)
{
	return !f->live && f->opts->replay <= 0;
}

void
feed_progress(const struct feed *f, uint64_t *done, uint64_t *all)
{
	*done = *all = 0;
	for (unsigned i = 0; i < f->n; i++) {
		uint64_t d = f->source[i].size, a = d;

		if (f->source[i].source != NULL)
			source_progress(f->source[i].source, &d, &a);
		*done += d;
		*all += a;
	}
}
