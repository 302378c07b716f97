/*
 * Traffic over time as a graph over the whole screen: what comes in against
 * what goes out, over a minute, ten, an hour or a day.
 */
#ifndef VIEW_GRAPH_DATA_H
#define VIEW_GRAPH_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/burst.h"
#include "core/time_series.h"
#include "view/summary.h"

struct ledger;

/* The data of the graph, of the same moment as the rest of the screen. */
struct trend {
	double bytes[SERIES_WAYS][SUMMARY_SAMPLES];   /* a second, newest last */
	double packets[SERIES_WAYS][SUMMARY_SAMPLES]; /* likewise */
	unsigned n;
	unsigned columns;     /* columns of the whole span */
	unsigned cells;       /* cells of the screen for each column */
	bool directed;        /* some traffic is in or out */
	bool other;           /* some traffic is neither, or its direction is not known */
	struct bursts bursts; /* since the start */
};

struct trend_span {
	const char *name, *text; /* "1m", "1 minute" */
	uint64_t samples;        /* of the series */
	unsigned seconds;        /* that each is over */
	const struct sample *(*sample)(const struct time_series *s, uint64_t ago);
};

extern const struct trend_span trend_spans[];
extern const unsigned n_trend_spans;

/* Samples a span, the number of a row of trend_spans, for a graph `width` cells wide, up to
 * `before` whole seconds ago. */
void trend_take(
    struct trend *t, const struct ledger *l, unsigned span, unsigned width, uint64_t before);

#endif
