#include "config.h"

#include "core/coverage.h"

#include <assert.h>

#include "util/number.h"

#define ARRIVAL_MAX_NS UINT64_C(1000000000) /* the longest delay between counting and capture \ */

/* Ethernet, IPv4, and TCP with a time stamp. */
#define LINK_HEADER 14
#define OVER_LINK   52

void
coverage_start(struct coverage_counter *t, const struct tally *counters, uint64_t now)
{
	assert(counters != NULL);
	*t = (struct coverage_counter){
		.started = true,
		.last = *counters,
		.newer = { .at = now },
		.older = { .at = now },
	};
}

void
coverage_stop(struct coverage_counter *t)
{
	t->started = false;
}

void
coverage_add(struct coverage_counter *t, const struct tally *counters, const struct tally *captured,
    uint64_t dropped, uint64_t now)
{
	struct tally more;

	assert(counters != NULL && captured != NULL);
	if (!t->started)
		return;
	if (!counter_step(counters->packets, &t->last.packets, &more.packets) ||
	    !counter_step(counters->bytes, &t->last.bytes, &more.bytes)) {
		coverage_start(t, counters, now);
		return;
	}
	tally_add(&t->counted, more.packets, more.bytes);
	tally_add(&t->captured, captured->packets, captured->bytes);
	t->dropped += dropped;
	if (now - t->newer.at < ARRIVAL_MAX_NS)
		return;
	t->older = t->newer;
	t->newer = (struct coverage_mark){ .at = now, .counted = t->counted };
}

struct tally
coverage_count_merged(uint32_t len, uint32_t mtu)
{
	uint32_t headers = LINK_HEADER + OVER_LINK, whole = mtu - OVER_LINK, segments;

	if (mtu <= OVER_LINK || len <= mtu + headers)
		return (struct tally){ 1, len };
	segments = (len - headers + whole - 1) / whole;
	return (struct tally){ segments, (uint64_t)len + (uint64_t)(segments - 1) * headers };
}

/* How many of `counted` are certainly missing. */
static uint64_t
coverage_missing(uint64_t counted, uint64_t captured, uint64_t before)
{
	uint64_t arrives = counted - before;

	return counted > captured + arrives ? counted - captured - arrives : 0;
}

static double
coverage_fraction(uint64_t some, uint64_t all)
{
	return all != 0 ? (double)some / (double)all : 0;
}

struct coverage
coverage_get(const struct coverage_counter *t)
{
	const struct tally *all = &t->counted, *got = &t->captured, *before = &t->older.counted;
	struct coverage w = { t->started && all->packets != 0, t->estimated, all->packets, 0 };
	double packets, bytes;

	w.missing = coverage_missing(all->packets, got->packets, before->packets);
	/* If frames were merged, use the better match of packets and bytes: some interfaces count
	 * the headers of each segment, others the frame checksums. */
	if (t->estimated) {
		packets = coverage_fraction(w.missing, all->packets);
		bytes = coverage_fraction(
		    coverage_missing(all->bytes, got->bytes, before->bytes), all->bytes);
		w.missing = (uint64_t)((bytes < packets ? bytes : packets) * (double)all->packets);
	}
	if (w.missing < t->dropped)
		w.missing = t->dropped;
	if (w.missing > w.counted)
		w.missing = w.counted;
	return w;
}

struct coverage
coverage_sum(struct coverage x, struct coverage y)
{
	return (struct coverage){
		.known = x.known && y.known,
		.estimated = x.estimated || y.estimated,
		.counted = x.counted + y.counted,
		.missing = x.missing + y.missing,
	};
}

unsigned
coverage_percent(struct coverage w)
{
	double share = 100 - 100 * coverage_fraction(w.missing, w.counted);

	assert(w.missing <= w.counted);
	return (unsigned)(w.estimated ? share + 0.5 : share);
}
