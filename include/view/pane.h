/*
 * The side panel of a wide screen: what all traffic is made of, beside every
 * table.  Nothing is only to be seen there; it saves the way to other views.
 *
 * Its numbers are taken at one moment, as the summary is, so that they stand still together with
 * the rows.  Shares are over the last 10 s and whole percents: a slow line need not carry more.
 */
#ifndef VIEW_PANE_H
#define VIEW_PANE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/class.h"
#include "core/tcpsum.h"
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
	bool known;            /* there was something to have a share of */
	double class[CLASSES]; /* shares of all bytes */
	struct pane_kind {
		const char *name; /* of a protocol */
		double share;
	} kind[PANE_KINDS]; /* the greatest first */
	unsigned n_kinds;
	double size[PANE_SIZES]; /* shares of all packets, by number in size_ranges */
	bool has_tcp;
	double tcp[TCPSUM_KINDS]; /* a second, over the last 10 s or the whole time */
	uint32_t trip, long_trip; /* us: half and 95 % of the handshakes took no longer, */
	bool timed;               /* if there was any */
	struct pane_source {
		char name[PANE_NAME];
		double bytes; /* a second; negative while it is not known */
		double use;   /* of what its link can do; negative where nobody knows */
		uint64_t dropped;
		bool drops_known;
		uint8_t state; /* enum source_state */
	} source[PANE_SOURCES];
	unsigned n_sources; /* also those that there is no room for */
	struct pane_room flows, hosts;
};

/* Takes them as the scope sees rates, of all traffic, whatever is hidden. */
void pane_take(struct pane *p, const struct scope *s);

#endif
