/*
 * Traffic over time as a graph over the whole screen: what comes in against
 * what goes out, over a minute, ten, an hour or a day.
 */
#ifndef VIEW_GRAPH_DATA_H
#define VIEW_GRAPH_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/time.h"
#include "view/summary.h"

struct ledger;

/* The data of the graph, of the same moment as the rest of the screen. */
struct graph_data {
	double byte_rate[SERIES_WAYS][SUMMARY_SAMPLES];   /* a second, newest last */
	double packet_rate[SERIES_WAYS][SUMMARY_SAMPLES]; /* likewise */
	unsigned n_columns;
	unsigned max_columns;  /* columns of the whole span */
	unsigned column_cells; /* cells of the screen for each column */
	bool has_direction;    /* some traffic is in or out */
	bool has_other;        /* some traffic is neither, or its direction is not known */
	struct bursts bursts;  /* since the start */
};

struct graph_span {
	const char *name, *title; /* "1m", "1 minute" */
	uint64_t n_samples;       /* of the series */
	unsigned sample_seconds;  /* that each is over */
	const struct sample *(*get_sample)(const struct time_series *s, uint64_t ago);
};

extern const struct graph_span graph_spans[];
extern const unsigned n_graph_spans;

/* Samples a span, the number of a row of graph_spans, for a graph `width` cells wide, up to
 * `before` whole seconds ago. */
void graph_data_update(
    struct graph_data *t, const struct ledger *l, unsigned span, unsigned width, uint64_t before);

#endif
