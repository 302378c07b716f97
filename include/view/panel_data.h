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

#include "core/tcp.h"
#include "core/traffic_class.h"
#include "view/view.h"

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

#endif
