/*
 * The data of the side panel of a wide screen: what all traffic consists of.  Everything in it is
 * in other views, too.
 *
 * It is of the same moment as the rows.  Shares are over the last 10 s and whole percents, which is
 * cheaper on a slow line.
 */
#ifndef VIEW_PANEL_DATA_H
#define VIEW_PANEL_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp_stats.h"
#include "core/traffic_class.h"
#include "view/view.h"

#define PANE_KINDS   8
#define PANE_SIZES   16
#define PANE_SOURCES 4
#define PANE_NAME    16

struct pane_room { /* of a table of the ledger */
	uint32_t used, max;
	uint64_t evicted;
};

struct pane {
	bool known;            /* there was traffic to compute shares of */
	double class[CLASSES]; /* shares of all bytes */
	struct pane_kind {
		const char *name; /* of a protocol */
		double share;
	} kind[PANE_KINDS]; /* the greatest first */
	unsigned n_kinds;
	double size[PANE_SIZES]; /* shares of all packets, by number in size_ranges */
	bool has_tcp;
	double tcp[TCP_STATS_KINDS]; /* a second, over the last 10 s or the whole time */
	uint32_t trip, long_trip;    /* us: median and 95th percentile of handshake times */
	bool timed;                  /* there was a handshake */
	struct pane_source {
		char name[PANE_NAME];
		double bytes; /* a second; negative while it is not known */
		double use;   /* share of the link's speed; negative if not known */
		uint64_t dropped;
		bool drops_known;
		uint8_t state; /* enum source_state */
	} source[PANE_SOURCES];
	unsigned n_sources; /* all sources, also those beyond PANE_SOURCES */
	struct pane_room flows, hosts;
};

/* Updates them for all traffic, whatever is hidden; rates as the scope defines them. */
void pane_take(struct pane *p, const struct scope *s);

#endif
