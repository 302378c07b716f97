#include "config.h"

#include "feed/feed.h"

#include <string.h>
#include <unistd.h>

#include "capture/source.h"
#include "feed/private.h"
#include "feed/recording.h"
#include "platform/clock.h"
#include "platform/file_ops.h"
#include "platform/net.h"
#include "util/attr.h"
#include "util/buf.h"

/* Frames read from all sources together before other work is done; each source has a share. */
#define TURN       4096
#define TURN_LEAST 256

/* Stamps that differ less from the clock are of now. */
#define PIPE_NEAR (60 * UINT64_C(1000000000)) /* ns */

/* Independent of the refresh and report intervals. */
#define HOUSEKEEPING UINT64_C(1000000000) /* ns */

static void
feed_count(struct feed *f, struct pkt *pkts, unsigned n)
{
	ledger_count(f->ledger, pkts, n);
	if (f->recorder != NULL)
		recording_batch(f->recorder, pkts, n);
}

static void
feed_count_stream(struct feed *f)
{
	struct pkt counted[LEDGER_BATCH];
	unsigned n = feed_stream_count(f, counted);

	feed_count(f, counted, n);
	f->skipped += f->n_batch - n;
}

static void
feed_flush(struct feed *f)
{
	if (UNLIKELY(f->reading->stream != NULL))
		feed_count_stream(f);
	else
		feed_count(f, f->batch, f->n_batch);
	if (UNLIKELY(f->tap != NULL))
		f->tap->batch(f->tap->arg, f->batch, f->n_batch);
	f->n_batch = f->n_meta = 0;
	f->elsewhere = 0;
}

static void
feed_on_frame(const struct frame *frame, void *arg)
{
	struct feed *f = arg;
	struct pkt *p;

	if (UNLIKELY(f->recorder != NULL && recording_is_next_second(f->recorder, frame->ts))) {
		feed_flush(f);
		recording_begin_second(f->recorder, frame->ts);
	}
	p = &f->batch[f->n_batch++];

	if (UNLIKELY(frame->len > f->longest))
		capture_loss_note_long(f, frame);
	dissect_with_meta(f->dissector, frame, p, &f->meta[f->n_meta]);
	if (UNLIKELY(p->meta != NULL))
		f->n_meta++;
	if (UNLIKELY(p->bpf_gaps & BPF_WRONG_ADDRS))
		mistaken_add(&f->ledger->mistaken, frame);
	if (UNLIKELY(f->recorder != NULL && recording_wants_frames(f->recorder) &&
		!feed_is_counted_elsewhere(f)))
		recording_frame(f->recorder, frame);
	if (UNLIKELY(f->tap != NULL))
		f->tap->frame(f->tap->arg, frame);
	if ((f->apps != NULL && flow_apps_note(f->apps, p, frame)) || f->n_batch == LEDGER_BATCH)
		feed_flush(f);
}

/* The source sees the same packets more than once, or another one sees them too. */
static void
feed_on_shared_frame(const struct frame *frame, void *arg)
{
	struct feed *f = arg;
	struct frame as = *frame;

	if (f->reading->topology != NULL && !any_device_map_frame(f, f->reading, frame, &as)) {
		f->skipped++;
		return;
	}
	if (f->reading->stream != NULL)
		feed_stream_note_frame(f, frame);
	feed_on_frame(&as, f);
}

/* Reads and discards packets while capturing is stopped. */
static void
feed_discard_frame(const struct frame *frame ATTR_UNUSED, void *arg)
{
	struct feed *f = arg;

	f->skipped++;
}

/* Files that are read at full speed wait while capturing is stopped. */
static bool
feed_files_wait(const struct feed *f)
{
	return f->paused || (f->stopped && feed_is_offline(f));
}

/* A file that is stopped stays open. */
static bool
feed_reads_source(const struct feed *f, const struct feed_source *s)
{
	return s->source != NULL && !s->stopped && !(f->stopped && s->config.folder != NULL);
}

/* True if packets are to be read from any source now. */
static bool
feed_wants_packets(const struct feed *f)
{
	return !feed_files_wait(f) && f->packets_left > 0;
}

unsigned
feed_poll(const struct feed *f, struct pollfd *fds)
{
	unsigned n = 0;

	if (f->waiting != NULL)
		fds[n++] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	for (unsigned i = 0; i < f->n && feed_wants_packets(f); i++)
		if (feed_reads_source(f, &f->source[i]) && source_fd(f->source[i].source) >= 0)
			fds[n++] = (struct pollfd){ .fd = source_fd(f->source[i].source),
				.events = POLLIN };
	if (f->owners.child != NULL)
		fds[n++] = (struct pollfd){ .fd = f->owners.child->fd, .events = POLLIN };
	return n;
}

int
feed_timeout(const struct feed *f)
{
	int least = -1;

	for (unsigned i = 0; i < f->n && feed_wants_packets(f); i++) {
		int ms =
		    feed_reads_source(f, &f->source[i]) ? source_timeout(f->source[i].source) : -1;

		if (ms >= 0 && (least < 0 || ms < least))
			least = ms;
	}
	return least;
}

/* All packets that the source has given. */
static const struct tally *
feed_captured(const struct feed *f, const struct feed_source *s)
{
	return s->stream != NULL ? &s->stream->ledger->totals.all
				 : &f->ledger->source[s->config.number].totals.all;
}

static void
feed_read_source(struct feed *f, struct feed_source *s, struct buf *err)
{
	const struct tally *all = feed_captured(f, s);
	struct tally before = *all;
	unsigned max = TURN / f->n < TURN_LEAST ? TURN_LEAST : TURN / f->n, n = 0;
	bool shared = s->topology != NULL || s->stream != NULL;
	source_fn *fn = shared ? feed_on_shared_frame : feed_on_frame;
	enum source_outcome o;

	if (f->packets_left < max)
		max = (unsigned)f->packets_left;
	f->reading = s;
	f->skipped = 0;
	o = source_read(s->source, max, f->stopped ? feed_discard_frame : fn, f, &n, err);
	feed_flush(f);
	f->packets_left -= n - f->skipped;
	s->empty = n == 0;
	tally_add(&s->captured, all->packets - before.packets, all->bytes - before.bytes);
	if (o == SOURCE_LOST)
		feed_source_drain(f, s, clock_monotonic());
	else if (o != SOURCE_READ)
		feed_source_ended(f, s, feed_source_state_after(o));
}

/* A pipe is live if its packets are of now: "ssh router tcpdump -w - | pkttop -r -". */
static void
feed_judge_pipe(struct feed *f)
{
	uint64_t wall = clock_wall(), last = f->ledger->totals.last;

	if (!f->pipe_is_new || f->ledger->totals.all.packets == 0)
		return;
	f->pipe_is_new = false;
	f->live_pipe = last < wall + PIPE_NEAR && wall < last + PIPE_NEAR;
}

/* The first bytes of standard input have come. */
static void
feed_open_waiting(struct feed *f, struct buf *err)
{
	struct feed_source *s = f->waiting;

	if (s == NULL || fd_can_read(STDIN_FILENO) == 0)
		return;
	f->waiting = NULL;
	s->source = feed_source_open(s, err);
	if (s->source != NULL) {
		feed_source_started(f, s);
		return;
	}
	feed_source_set_state(f, s, SOURCE_FAILED);
	f->failed = true;
}

static bool
feed_is_link_reported(const struct feed *f, uint16_t linktype)
{
	for (unsigned i = 0; i < f->n_unread; i++)
		if (f->unread_links[i] == linktype)
			return true;
	return f->n_unread == LEDGER_SOURCES;
}

/* Counts only packets and bytes of a link type without a dissector; its first packet produces a
 * message. */
static void
feed_report_unread_link(struct feed *f, struct buf *err)
{
	const struct ledger *l = f->ledger;

	for (unsigned i = 0; i < l->n_sources && err->len == 0; i++) {
		const struct source_stats *s = &l->source[i];

		if (s->totals.all.packets == 0 || dissector_knows_link(f->dissector, s->linktype) ||
		    feed_is_link_reported(f, s->linktype))
			continue;
		f->unread_links[f->n_unread++] = s->linktype;
		buf_setf(err,
		    "%s: frames of link type %s cannot be read, only packets and bytes are counted",
		    s->name, linktype_name(s->linktype));
	}
}

bool
feed_read(struct feed *f, struct buf *err)
{
	bool more = f->stopped;

	if (feed_files_wait(f))
		return true;
	feed_open_waiting(f, err);
	more |= f->waiting != NULL;
	for (unsigned i = 0; i < f->n && f->packets_left > 0; i++) {
		struct feed_source *s = &f->source[i];

		if (feed_reads_source(f, s))
			feed_read_source(f, s, err);
		more |= s->source != NULL || (s->config.kind == SOURCE_LIVE && !s->deselected);
	}
	feed_judge_pipe(f);
	feed_report_unread_link(f, err);
	more &= f->packets_left > 0;
	if (!more && f->apps != NULL)
		flow_apps_end(f->apps);
	return more;
}

static void
feed_add_drops(const struct feed *f, struct source_stats *st)
{
	struct source_counts sum = feed_counts(f, st->number);

	st->kernel_dropped = sum.kernel_dropped;
	st->interface_dropped = sum.interface_dropped;
	st->stamps_back = sum.stamps_back;
	st->stamps_wild = sum.stamps_wild;
	st->drops_known = sum.known;
}

static uint64_t
feed_update_drops(struct feed *f)
{
	uint64_t drops = 0;

	for (unsigned i = 0; i < f->ledger->n_sources; i++) {
		struct source_stats *st = &f->ledger->source[i];

		feed_add_drops(f, st);
		drops += st->kernel_dropped + st->interface_dropped;
	}
	return drops;
}

void
feed_tick(struct feed *f, uint64_t monotonic)
{
	uint64_t drops = feed_update_drops(f);

	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].source != NULL)
			capture_loss_tick(f, &f->source[i], monotonic);
	if (f->recorder != NULL)
		recording_tick(f->recorder);
	f->drops_growing = drops > f->drops;
	f->drops = drops;
}

static void
feed_check_source(struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said)
{
	if (s->config.kind != SOURCE_LIVE || s->deselected || s->stopped)
		return;
	if (!f->stopped)
		feed_source_check_link(f, s, monotonic, said);
	if (s->source != NULL)
		capture_loss_tick(f, s, monotonic);
	f->ledger->source[s->config.number].link_bps = netif_speed(s->config.name);
	f->ledger->source[s->config.number].link_errors = netif_errors(s->config.name);
	any_device_tick(f, s);
}

void
feed_housekeep(struct feed *f, uint64_t monotonic, struct buf *said)
{
	f->housekeep_at = monotonic + HOUSEKEEPING;
	/* The counters must not change during a reset. */
	if (f->paused)
		return;
	(void)feed_update_drops(f);
	for (unsigned i = 0; i < f->n; i++)
		feed_check_source(f, &f->source[i], monotonic, said);
	if (f->recorder != NULL)
		recording_tick(f->recorder);
	if (f->live)
		feed_update_local(f);
	if (f->apps != NULL)
		flow_apps_expire(f->apps, ledger_time(f->ledger));
}

/* A pipe cannot be read twice, and an interface has no beginning. */
static bool
feed_source_can_restart(const struct feed_source *s)
{
	if (s->open != NULL)
		return feed_files_can_restart(s->feed);
	return s->config.kind == SOURCE_DEMO ||
	    (s->config.kind == SOURCE_FILE && strcmp(s->config.name, "-") != 0);
}

/* The kernel's counters cannot be reset; modulo 2^64 the sum is zero now. */
static void
feed_clear_counts(struct feed *f, const struct feed_source *s)
{
	for (unsigned i = 0; s->source != NULL && i < f->ledger->n_sources; i++) {
		struct source_counts c;

		source_counts(s->source, (uint16_t)i, &c);
		f->closed_counts[i].kernel_dropped -= c.kernel_dropped;
		f->closed_counts[i].interface_dropped -= c.interface_dropped;
		f->closed_counts[i].stamps_back -= c.stamps_back;
		f->closed_counts[i].stamps_wild -= c.stamps_wild;
	}
}

static void
feed_restart_source(struct feed *f, struct feed_source *s, struct buf *err)
{
	struct source *again;

	if (s->deselected)
		return;
	feed_stream_clear_counts(s);
	if (!feed_source_can_restart(s)) {
		feed_clear_counts(f, s);
		return;
	}
	again = feed_source_open(s, err);
	if (again == NULL)
		return;
	if (s->source != NULL)
		source_del(s->source);
	s->source = again;
	s->interfaces = 0;
	s->stopped = false;
	s->size = 0;
	feed_source_set_state(f, s, SOURCE_RUNNING);
	if (s->open != NULL)
		feed_files_restart(f);
}

void
feed_restart(struct feed *f, struct buf *err)
{
	f->packets_left = f->opts->count > 0 ? f->opts->count : UINT64_MAX;
	memset(f->closed_counts, 0, sizeof(f->closed_counts));
	f->replayed_until = 0;
	for (unsigned i = 0; i < f->n; i++)
		feed_restart_source(f, &f->source[i], err);
}

/* Files and the demo stay open. */
static void
feed_hold_source(struct feed *f, struct feed_source *s, bool hold)
{
	const enum source_state from = hold ? SOURCE_RUNNING : SOURCE_STOPPED;

	if (f->ledger->source[s->config.number].state == from)
		feed_source_set_state(f, s, hold ? SOURCE_STOPPED : SOURCE_RUNNING);
}

void
feed_stop(struct feed *f, bool stop, struct buf *err)
{
	f->stopped = stop;
	for (unsigned i = 0; i < f->n; i++) {
		struct feed_source *s = &f->source[i];

		if (s->deselected || s->stopped)
			continue;
		if (s->config.kind != SOURCE_LIVE) {
			feed_hold_source(f, s, stop);
		} else if (stop) {
			if (s->source != NULL)
				feed_source_ended(f, s, SOURCE_STOPPED);
			feed_source_set_state(f, s, SOURCE_STOPPED);
		} else if (s->source == NULL) {
			s->source = feed_source_open(s, err);
			feed_source_set_state(f, s, SOURCE_GONE);
			if (s->source != NULL)
				feed_source_started(f, s);
		}
	}
}

void
feed_pause(struct feed *f, bool hold)
{
	f->paused = hold;
}

bool
feed_is_replay(const struct feed *f)
{
	return !f->live && f->opts->replay > 0;
}

uint64_t
feed_replay_time(struct feed *f, uint64_t monotonic)
{
	/* If no frame waits, the newest one is due. */
	if (f->ledger->totals.last > f->replayed_until)
		f->replayed_until = f->ledger->totals.last;
	for (unsigned i = 0; i < f->n; i++) {
		uint64_t at = f->source[i].source != NULL
		    ? source_replay_time(f->source[i].source, monotonic)
		    : 0;

		if (at > f->replayed_until)
			f->replayed_until = at;
	}
	return f->replayed_until;
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
