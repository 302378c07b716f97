/*
 * What is shown next to the rows: summary, panel, graph.
 */
#ifndef VIEW_SUMMARY_H
#define VIEW_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp.h"
#include "core/time.h"
#include "core/traffic_class.h"
#include "view/view.h"

/*
 * The numbers above the table, of the same moment as the rows.
 */

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
	/* a second, oldest first */
	double packet_sample[SUMMARY_SAMPLES], byte_sample[SUMMARY_SAMPLES];
	unsigned n_samples;
};

/* Updates them, with at most `samples` samples, as the scope defines rates. */
void summary_update(struct summary *m, const struct scope *s, unsigned samples);

/* The sparkline alone, up to `before` whole seconds ago. */
void summary_update_samples(
    struct summary *m, const struct ledger *l, unsigned samples, uint64_t before);

/* Reverses n values. */
void samples_reverse(double *v, unsigned n);

/* Bytes a second within a window of bursts, or 0. */
double summary_burst_rate(const struct bursts *b, enum burst_window w, enum burst_kind k);

/* Bytes a second, all ways. */
double summary_total_rate(const struct summary *m);

/*
 * The data of the side panel of a wide screen: what all traffic consists of.  Everything in it is
 * in other views, too.
 *
 * It is of the same moment as the rows.  Shares are over the last 10 s and whole percents, which is
 * cheaper on a slow line.
 */

#define PANEL_PROTOS  8
#define PANEL_SIZES   16
#define PANEL_SOURCES 4
#define PANEL_NAME    16

struct panel_table { /* of a table of the ledger */
	uint32_t used, max;
	uint64_t evicted;
};

struct panel {
	bool known;            /* there was traffic to compute shares of */
	double class[CLASSES]; /* shares of all bytes */
	struct panel_proto {
		const char *name; /* of a protocol */
		double share;
	} proto[PANEL_PROTOS]; /* the greatest first */
	unsigned n_protos;
	double size[PANEL_SIZES]; /* shares of all packets, by number in size_ranges */
	bool has_tcp;
	double tcp[TCP_STATS_KINDS];        /* a second, over the last 10 s or the whole time */
	uint32_t rtt_median_us, rtt_p95_us; /* us: median and 95th percentile of handshake times */
	bool has_rtt;                       /* there was a handshake */
	struct panel_source {
		char name[PANEL_NAME];
		double byte_rate;  /* a second; negative while it is not known */
		double link_share; /* share of the link's speed; negative if not known */
		uint64_t dropped;
		bool drops_known;
		uint8_t state; /* enum source_state */
	} source[PANEL_SOURCES];
	unsigned n_sources; /* all sources, also those beyond PANEL_SOURCES */
	struct panel_table flows, hosts;
};

/* Updates them for all traffic, whatever is hidden; rates as the scope defines them. */
void panel_data_update(struct panel *p, const struct scope *s);

/*
 * Traffic over time as a graph over the whole screen: what comes in against
 * what goes out, over a minute, ten, an hour or a day.
 */

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
