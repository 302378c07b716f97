/*
 * Time: that of packets, series of seconds, and bursts within a second.
 */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "dissect/pkt.h"

/*
 * Packet time: monotonic, with implausible timestamps rejected.
 *
 * If the time is never set, packets come from a file: every timestamp is accepted, and the time is
 * the greatest one.  If the time is set regularly, packets are live, and a timestamp far from now
 * is rejected: its packet counts as of now.  If a source continues with such timestamps, its clock
 * was set, and an offset is applied from then on.  Time never goes back.  Files that are replayed
 * are live too; the time that is set is that of their timestamps, which are accepted.
 */

#define PACKET_TIME_SOURCES 16

struct source_time {
	uint64_t offset;        /* source time minus ledger time, ns modulo 2^64; whole seconds */
	uint64_t last_rejected; /* the last rejected timestamp */
	uint64_t newest;        /* the newest accepted timestamp, in ledger time */
	uint8_t n_rejected;     /* consecutive rejected timestamps that agree */
	uint8_t n_late;         /* consecutive ticks at which `newest` lagged behind */
};

struct packet_time {
	uint64_t start; /* ns since the epoch */
	uint64_t now;
	bool has_time;  /* the time is known */
	bool is_live;   /* packet_time_set_now() is called: packets are live */
	bool is_replay; /* files are replayed, and the time set is that of their timestamps */
	uint64_t wall_offset; /* wall clock minus `now`, see packet_time_set_wall() */
	struct source_time source[PACKET_TIME_SOURCES];
};

/* Sets the current time, from a clock that is never adjusted.  Call it often. */
void packet_time_set_now(struct packet_time *c, uint64_t now);

/*
 * Sets the wall clock's time at the time set last.  If the wall clock was adjusted, sources that
 * use it get the new offset at once.
 */
void packet_time_set_wall(struct packet_time *c, uint64_t wall);

/* An interval ends at now.  For live packets, sources whose clocks lag get a new offset. */
void packet_time_tick(struct packet_time *c, uint64_t now);

/* Converts a packet timestamp to ledger time.  Sets *believed if the timestamp is plausible. */
uint64_t packet_time_to_ledger(
    struct packet_time *c, unsigned source, uint64_t stamp, bool *believed);

/* An old timestamp as an eviction score, see lru.h; 0 if it is in the future. */
uint32_t packet_time_score(const struct packet_time *c, unsigned source, uint64_t stamp);

/*
 * Traffic over time: a sample per second for an hour, and one per minute for a day, by packet
 * timestamps.
 *
 * Samples are in time order.  A short pause is filled with empty samples; a pause of more than 10
 * minutes (10 hours for the minutes) takes no room, so older samples are kept.
 */

#define SERIES_SECONDS 3600
#define SERIES_MINUTES 1440
#define SERIES_WAYS    3 /* see series_way() */

enum series_way { WAY_IN, WAY_OUT, WAY_OTHER };

struct sample {
	uint64_t number; /* number of its second or minute since the epoch */
	struct tally way[SERIES_WAYS];
};

struct samples {
	uint32_t first, n; /* the samples are at[first] and following, oldest first */
	struct sample at[2 * SERIES_SECONDS]; /* the minutes use fewer */
};

struct time_series {
	uint64_t second; /* the newest second since the epoch; see series_is_empty() */
	uint64_t oldest; /* the oldest second ever */
	struct samples seconds, minutes;
};

static inline enum series_way
series_way(enum pkt_dir d)
{
	if (d == DIR_IN)
		return WAY_IN;
	return d == DIR_OUT ? WAY_OUT : WAY_OTHER;
}

static inline bool
series_is_empty(const struct time_series *s)
{
	return s->seconds.n == 0;
}

void series_clear(struct time_series *s);

/* Advances to `second`; the samples in between are empty. */
void series_advance(struct time_series *s, uint64_t second);

/* Adds to that second.  Data older than the series is dropped. */
void series_add(struct time_series *s, uint64_t second, const struct sample *more);

/* The sample `ago` seconds (minutes) before the newest, or NULL if there is none. */
const struct sample *series_second(const struct time_series *s, uint64_t ago);
const struct sample *series_minute(const struct time_series *s, uint64_t ago);

/* The i-th sample of the seconds, oldest first. */
static inline const struct sample *
series_sample(const struct time_series *s, uint32_t i)
{
	return &s->seconds.at[s->seconds.first + i];
}

/* The sum over all directions. */
struct tally series_sample_sum(const struct sample *s);

/*
 * Bursts: the maximum of bytes within 1, 10 and 100 ms.
 *
 * A link that is used to a tenth over a second may still overflow a queue within a millisecond.
 * Bytes are summed by the millisecond of their timestamp, in ledger time.  Windows slide over these
 * sums with a delay, so that late packets of other sources are included.
 */

#define BURST_MS_NS   UINT64_C(1000000)
#define BURST_RING    1024 /* ms in the ring */
#define BURST_LATE    512  /* ms by which packets may be late */
#define BURST_SECONDS 64   /* seconds whose maxima are kept */

enum burst_window { BURST_1MS, BURST_10MS, BURST_100MS, BURST_WINDOWS };
enum burst_kind { BURST_IN, BURST_OUT, BURST_ALL, BURST_KINDS };

extern const unsigned burst_ms[BURST_WINDOWS]; /* 1, 10, 100 */

struct bursts { /* the maximum of bytes within each window */
	uint32_t bytes[BURST_WINDOWS][BURST_KINDS];
};

struct burst {
	uint64_t head;                          /* the newest ms; 0: none yet */
	uint64_t newest;                        /* the newest ms with any bytes */
	uint64_t scanned;                       /* the ms up to which windows were scanned */
	uint32_t ring[BURST_RING][SERIES_WAYS]; /* by ms modulo its size */
	struct bursts current;                  /* in the windows that end at `scanned` */
	struct bursts second[BURST_SECONDS];    /* maxima of the windows that end in each second; by
						   number modulo size */
	struct bursts max_past;                 /* maxima of the seconds before that of `scanned` */
};

/* The current ms, not in the ring yet: its bytes are what the sum has grown by. */
struct burst_open {
	uint64_t start;                     /* ns, by packet timestamps */
	uint64_t bytes_before[SERIES_WAYS]; /* the sums of bytes at its start */
};

void burst_clear(struct burst *b);

/* Adds bytes to a ms, in ledger time. */
void burst_add(struct burst *b, uint64_t ms, const uint32_t bytes[SERIES_WAYS]);

/* Advances to `now` (ns). */
void burst_advance(struct burst *b, uint64_t now);

/* The next bytes belong to that ms.  If it is long before the newest one, time was set back, and
 * the windows restart. */
void burst_rewind(struct burst *b, uint64_t ms);

/* Includes all windows so far in the maxima.  Late packets may still increase them. */
void burst_finish(struct burst *b);

/* The maxima since the start. */
struct bursts burst_max_final(const struct burst *b);

/* The same, including windows to which late packets may still add. */
struct bursts burst_max_so_far(const struct burst *b);

/* The maxima of the last whole seconds, at most BURST_SECONDS - 1 of them. */
struct bursts burst_max_recent(const struct burst *b, unsigned seconds);

/* True if a packet with that timestamp belongs to the current ms. */
static inline bool
burst_contains(const struct burst_open *o, uint64_t ts)
{
	return ts - o->start < BURST_MS_NS;
}

#endif
