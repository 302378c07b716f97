#include "config.h"

#include "app/loop.h"

#include <poll.h>
#include <time.h>

#include "ext/resolver.h"
#include "feed/recording.h"
#include "platform/clock.h"
#include "platform/file_ops.h"
#include "serve/server.h"
#include "util/alloc.h"

#define NS UINT64_C(1000000000)
#define MS UINT64_C(1000000)

void
loop_init(struct loop *l, struct feed *f, struct term *t, struct snapshot *s, struct buf *err)
{
	*l = (struct loop){ .feed = f,
		.term = t,
		.snapshot = s,
		.err = err,
		.out_fd = -1,
		.helper_fd = -1,
		.filter_fd = -1 };
	signals_open(t != NULL);
	l->wall_anchor = l->wall = clock_wall();
	l->monotonic_anchor = l->monotonic = clock_monotonic();
}

static int
loop_wait_ms(const struct loop *l, uint64_t until, bool busy)
{
	uint64_t now = clock_monotonic(), ms;
	const int waits[] = { feed_timeout(l->feed), resolver_timeout(l->resolver),
		server_timeout(l->server, now),
		l->feed->recorder != NULL ? recording_timeout(l->feed->recorder, now) : -1 };

	if (!feed_is_offline(l->feed) && until > l->feed->housekeep_at)
		until = l->feed->housekeep_at;
	if (busy || until <= now)
		return 0;
	ms = (until - now + MS - 1) / MS;
	if (ms > 3600000)
		ms = 3600000;
	for (unsigned i = 0; i < NITEMS(waits); i++)
		if (waits[i] >= 0 && (uint64_t)waits[i] < ms)
			ms = (uint64_t)waits[i];
	return (int)ms;
}

static void
loop_read_clock(struct loop *l)
{
	l->monotonic = clock_monotonic();
	l->wall = l->wall_anchor + (l->monotonic - l->monotonic_anchor);
	if (feed_is_offline(l->feed))
		return;
	if (feed_is_replay(l->feed))
		l->wall = feed_replay_time(l->feed, l->monotonic);
	if (l->wall != 0)
		ledger_set_time(l->feed->ledger, l->wall);
	if (!feed_is_replay(l->feed))
		ledger_set_wall_time(l->feed->ledger, clock_wall());
}

/* Positions of the fixed descriptors in the poll set; those of records and sources follow. */
enum { AT_SIGNAL, AT_INPUT, AT_OUTPUT, AT_SNAPSHOT, AT_HELPER, AT_FILTER, AT_SOURCES };

static unsigned
loop_fill_pollfds(const struct loop *l, struct pollfd *fds)
{
	const struct term *t = l->term;
	int out = t != NULL && term_pending(t) ? term_output_fd(t) : l->out_fd;
	unsigned n = AT_SOURCES;
	bool snap = l->snapshot != NULL && l->snapshot->fd >= 0;

	/* poll() ignores negative descriptors. */
	fds[AT_SIGNAL] = (struct pollfd){ .fd = signals_fd(), .events = POLLIN };
	fds[AT_INPUT] =
	    (struct pollfd){ .fd = t != NULL ? term_input_fd(t) : -1, .events = POLLIN };
	fds[AT_OUTPUT] = (struct pollfd){ .fd = out, .events = POLLOUT };
	fds[AT_SNAPSHOT] = (struct pollfd){ .fd = snap ? l->snapshot->fd : -1, .events = POLLIN };
	fds[AT_HELPER] = (struct pollfd){ .fd = l->helper_fd, .events = POLLIN };
	fds[AT_FILTER] = (struct pollfd){ .fd = l->filter_fd, .events = POLLIN };
	if (l->feed->recorder != NULL)
		n += recording_poll_fds(l->feed->recorder, fds + n);
	n += resolver_poll(l->resolver, fds + n);
	n += server_fds(l->server, fds + n);
	return n + feed_poll(l->feed, fds + n);
}

/* True while there is more work of low priority, which no redraw waits for. */
static bool
loop_service_recorder(struct loop *l)
{
	struct recorder *r = l->feed->recorder;
	uint64_t began = clock_monotonic();
	bool more;

	recording_poll_writers(r, l->err);
	do
		more = recording_step(r, LOOP_STEPS);
	while (more && clock_monotonic() - began < LOOP_WORK / 2);
	return more;
}

/* Offline, the packets' stamps are the clock. */
static void
loop_housekeep(struct loop *l)
{
	if (!feed_is_offline(l->feed) && l->monotonic >= l->feed->housekeep_at)
		feed_housekeep(l->feed, l->monotonic, l->err);
}

/* After the last packet nothing will be answered any more. Clients may add live sources. */
static void
loop_read_feed(struct loop *l)
{
	bool may_grow = l->server != NULL && !feed_is_offline(l->feed);

	l->ended = !feed_read(l->feed, l->err) && !may_grow;
	if (l->ended)
		ledger_end(l->feed->ledger);
}

/* Without a use for it, SIGHUP means that the terminal is gone. */
static unsigned
loop_translate(const struct loop *l, unsigned got)
{
	return l->reloads || !(got & GOT_RELOAD) ? got : (got & ~(unsigned)GOT_RELOAD) | GOT_QUIT;
}

unsigned
loop_turn(struct loop *l, uint64_t until, bool busy, bool *gone)
{
	struct pollfd fds[AT_SOURCES + RECORDING_FDS + RESOLVER_FDS + SERVER_FDS + FEED_FDS];
	unsigned n = loop_fill_pollfds(l, fds);
	int got = fd_poll(fds, n, loop_wait_ms(l, until, busy || l->busy));

	loop_read_clock(l);
	if (got < 0)
		for (unsigned i = 0; i < n; i++)
			fds[i].revents = 0;
	l->input_ready = fds[AT_INPUT].revents != 0;
	l->snapshot_ready = fds[AT_SNAPSHOT].revents != 0;
	l->helper_ready = fds[AT_HELPER].revents != 0;
	l->filter_ready = fds[AT_FILTER].revents != 0;
	*gone = l->term != NULL && (fds[AT_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
	if (l->term != NULL && term_pending(l->term) && !term_flush(l->term))
		*gone = true;
	if (!l->ended)
		loop_read_feed(l);
	feed_ask_owners(l->feed);
	loop_housekeep(l);
	resolver_step(l->resolver, l->monotonic);
	server_step(l->server, l->monotonic);
	l->busy = l->feed->recorder != NULL && loop_service_recorder(l);
	l->busy |= ledger_apply_local(l->feed->ledger, LOOP_STEPS);
	l->busy |= pages_rebuild_huge();
	return loop_translate(l, signals_take());
}
