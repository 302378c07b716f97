/*
 * The numbers above the table, taken at one moment, so that they stand still together with the
 * rows.
 */
#ifndef VIEW_SUMMARY_H
#define VIEW_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "view/view.h"

#define SUMMARY_STEP    2    /* s that one sample of the sparkline is over */
#define SUMMARY_SAMPLES 1000 /* as many as a screen may have columns */

struct summary {
	bool known;                /* the rates are */
	bool directed;             /* some traffic is known to go in or out */
	bool other;                /* and some goes neither way, or nobody knows */
	double bytes[SERIES_WAYS]; /* a second, by enum series_way */
	double packets;            /* a second, all ways */
	struct tally total;
	uint64_t since; /* ns: total is of what came later; 0: of all the time */
	double burst;   /* bytes a second within the fullest 10 ms of late; 0: not known */
	double spark[SUMMARY_SAMPLES]; /* packets a second, oldest first */
	unsigned n_spark;
};

/* Takes them, and at most `samples` samples, as the scope sees rates. */
void summary_take(struct summary *m, const struct scope *s, unsigned samples);

/* The sparkline alone, up to `before` whole seconds ago. */
void summary_spark(struct summary *m, const struct ledger *l, unsigned samples, uint64_t before);

/* True while packets may still come into the newest second, so that it is no whole sample yet. */
bool summary_goes_on(const struct ledger *l);

/* Bytes a second within a window of bursts, or 0. */
double summary_burst(const struct bursts *b, enum burst_window w, enum burst_kind k);

/* Bytes a second, all ways. */
double summary_bytes(const struct summary *m);

#endif
