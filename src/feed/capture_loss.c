#include "config.h"

#include "feed/private.h"

#include <string.h>

#include "feed/feed.h"
#include "platform/clock.h"
#include "platform/net.h"
#include "util/attr.h"

#define BESIDE_MTU 22 /* bytes of Ethernet and two VLAN tags */

/* On a loopback interface a packet is both sent and received, but captured once. */
static struct tally
capture_loss_link_counters(const struct link *l)
{
	struct tally t = l->received;

	if (!l->loopback)
		tally_add(&t, l->sent.packets, l->sent.bytes);
	return t;
}

/* "any" is several interfaces, and has no counters. */
static bool
capture_loss_find_link(const struct feed_source *s, struct link *l)
{
	return s->config.kind == SOURCE_LIVE && strcmp(s->config.name, "any") != 0 &&
	    links_find(s->config.name, l);
}

static bool
capture_loss_is_comparable(const struct feed_source *s)
{
	return s->config.promiscuous && *feed_source_filter(s) == '\0';
}

static uint64_t
capture_loss_sum_drops(const struct source_stats *st)
{
	return st->kernel_dropped + st->interface_dropped;
}

static void
capture_loss_publish(struct feed *f, const struct feed_source *s)
{
	f->ledger->source[s->config.number].coverage = coverage_get(&s->trust);
}

/* Sets feed->longest to the smallest limit of all sources. */
static void
capture_loss_update_limit(struct feed *f)
{
	f->longest = UINT32_MAX;
	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].longest != 0 && f->source[i].longest < f->longest)
			f->longest = f->source[i].longest;
}

static void
capture_loss_set_mtu(struct feed *f, struct feed_source *s, unsigned mtu)
{
	s->mtu = mtu;
	s->longest = mtu != 0 ? mtu + BESIDE_MTU : 0;
	capture_loss_update_limit(f);
}

void
capture_loss_begin(struct feed *f, struct feed_source *s)
{
	struct tally counters;
	struct link l;

	coverage_stop(&s->trust);
	s->captured = (struct tally){ 0, 0 };
	s->drops_seen = capture_loss_sum_drops(&f->ledger->source[s->config.number]);
	if (!capture_loss_find_link(s, &l))
		return;
	capture_loss_set_mtu(f, s, l.mtu);
	counters = capture_loss_link_counters(&l);
	if (capture_loss_is_comparable(s))
		coverage_start(&s->trust, &counters, clock_monotonic());
	capture_loss_publish(f, s);
}

void
capture_loss_end(struct feed *f, struct feed_source *s)
{
	coverage_stop(&s->trust);
	capture_loss_publish(f, s);
}

void
capture_loss_tick(struct feed *f, struct feed_source *s, uint64_t monotonic)
{
	uint64_t dropped = capture_loss_sum_drops(&f->ledger->source[s->config.number]);
	struct tally counters;
	struct link l;

	/* After --count is reached, missing packets are not losses. */
	if (f->packets_left == 0 || !capture_loss_find_link(s, &l)) {
		capture_loss_end(f, s);
		return;
	}
	capture_loss_set_mtu(f, s, l.mtu);
	counters = capture_loss_link_counters(&l);
	coverage_add(&s->trust, &counters, &s->captured,
	    dropped > s->drops_seen ? dropped - s->drops_seen : 0, monotonic);
	s->captured = (struct tally){ 0, 0 };
	s->drops_seen = dropped;
	capture_loss_publish(f, s);
}

void
capture_loss_note_long(struct feed *f, const struct frame *frame)
{
	struct feed_source *s = f->reading;
	struct tally as;

	if (s->longest == 0 || frame->len <= s->longest)
		return;
	f->merged = true;
	s->trust.estimated = true;
	as = coverage_count_merged(frame->len, s->mtu);
	tally_add(&s->captured, as.packets - 1, as.bytes - frame->len);
}
