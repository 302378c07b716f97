/*
 * Bursts: the maximum of bytes within 1, 10 and 100 ms.
 *
 * A link that is used to a tenth over a second may still overflow a queue within a millisecond.
 * Bytes are summed by the millisecond of their timestamp, in ledger time.  Windows slide over these
 * sums with a delay, so that late packets of other sources are included.
 */
#ifndef CORE_BURST_H
#define CORE_BURST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/time_series.h"

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
