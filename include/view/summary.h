/*
 * The numbers above the table, of the same moment as the rows.
 */
#ifndef VIEW_SUMMARY_H
#define VIEW_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "view/view.h"

#define SUMMARY_STEP    2    /* s that one sample of the sparkline is over */
#define SUMMARY_SAMPLES 1000 /* as many as a screen may have columns */

struct summary {
	bool rates_known;              /* the rates are */
	bool has_direction;            /* some traffic is in or out */
	bool has_other;                /* some traffic is neither, or its direction is not known */
	double byte_rate[SERIES_WAYS]; /* a second, by enum series_way */
	double packet_rate;            /* a second, all ways */
	struct tally total;
	uint64_t since;    /* ns: start of total; 0: of all the time */
	double burst_rate; /* highest recent rate over 10 ms, bytes a second; 0: not known */
	double sample[SUMMARY_SAMPLES]; /* packets a second, oldest first */
	unsigned n_samples;
};

/* Updates them, with at most `samples` samples, as the scope defines rates. */
void summary_update(struct summary *m, const struct scope *s, unsigned samples);

/* The sparkline alone, up to `before` whole seconds ago. */
void summary_update_samples(
    struct summary *m, const struct ledger *l, unsigned samples, uint64_t before);

/* True while capturing: the newest second is not complete yet. */
bool summary_is_live(const struct ledger *l);

/* Bytes a second within a window of bursts, or 0. */
double summary_burst_rate(const struct bursts *b, enum burst_window w, enum burst_kind k);

/* Bytes a second, all ways. */
double summary_total_rate(const struct summary *m);

#endif
