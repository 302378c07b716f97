/*
 * Bursts: the most bytes that came within 1, 10 and 100 ms.
 *
 * A link that is a tenth full over a second may still overrun a queue within one of its
 * milliseconds.  Bytes are summed up by the millisecond of their stamp, in the ledger's time, and a
 * window slides over these once packets that are late, of another source, have come too.
 */
#ifndef CORE_BURST_H
#define CORE_BURST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/time_series.h"

#define BURST_MS_NS   UINT64_C(1000000)
#define BURST_RING    1024 /* ms that are kept */
#define BURST_LATE    512  /* ms that packets may be late */
#define BURST_SECONDS 64   /* whose greatest are kept each */

enum burst_window { BURST_1MS, BURST_10MS, BURST_100MS, BURST_WINDOWS };
enum burst_kind { BURST_IN, BURST_OUT, BURST_ALL, BURST_KINDS };

extern const unsigned burst_ms[BURST_WINDOWS]; /* 1, 10, 100 */

struct bursts { /* the most bytes within a window */
	uint32_t bytes[BURST_WINDOWS][BURST_KINDS];
};

struct burst {
	uint64_t head;                          /* the newest ms; 0: there is none yet */
	uint64_t newest;                        /* the last ms in which something came */
	uint64_t scanned;                       /* the ms up to which windows were looked at */
	uint32_t ring[BURST_RING][SERIES_WAYS]; /* by ms modulo its size */
	struct bursts current;                  /* in the windows that end at `done` */
	struct bursts second[BURST_SECONDS];    /* of windows that end in it; by number modulo */
	struct bursts max_past;                 /* in seconds before that of `done` */
};

/* A ms whose bytes are not in the ring yet: those that a sum has grown by. */
struct burst_open {
	uint64_t start;                     /* ns, as it is stamped */
	uint64_t bytes_before[SERIES_WAYS]; /* the sum of bytes when it began */
};

void burst_clear(struct burst *b);

/* Adds to a ms, in the ledger's time. */
void burst_add(struct burst *b, uint64_t ms, const uint32_t bytes[SERIES_WAYS]);

/* Time has come to `now` (ns). */
void burst_advance(struct burst *b, uint64_t now);

/* What is added next is of that ms: where that is long before the newest one, time was set back,
 * and windows begin anew. */
void burst_rewind(struct burst *b, uint64_t ms);

/* The greatest have it all from now on, though packets that are late may still add to it. */
void burst_finish(struct burst *b);

/* The greatest since the start. */
struct bursts burst_max_final(const struct burst *b);

/* Likewise, with what packets that are late may still add to. */
struct bursts burst_max_so_far(const struct burst *b);

/* The greatest of the last so many whole seconds, at most BURST_SECONDS - 1. */
struct bursts burst_max_recent(const struct burst *b, unsigned seconds);

/* True when a packet of that stamp belongs to what is open. */
static inline bool
burst_contains(const struct burst_open *o, uint64_t ts)
{
	return ts - o->start < BURST_MS_NS;
}

#endif
