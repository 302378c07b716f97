/*
 * Paints the whole screen: header, sparkline, table, bottom line; or help.
 */
#ifndef SCREEN_SCREEN_H
#define SCREEN_SCREEN_H

#include "control/state.h"
#include "screen/canvas.h"

/* Displayed data that is neither in the ledger nor in the state. */
struct screen_info {
	const char *source;    /* "eth0", "eth0 wlan0", "trace.pcap" */
	const char *mode;      /* "LIVE", "FILE", "DEMO" */
	uint64_t elapsed;      /* ns since the start */
	uint64_t now;          /* ns since the epoch, for the clock; 0: not shown (tests) */
	bool waiting;          /* for the first byte of standard input */
	bool stopped;          /* nothing is captured now */
	bool dated;            /* with the date: it is not today */
	uint64_t monotonic;    /* ns, for messages that expire */
	const char *recording; /* "log", "log pcap": what is on; NULL or "": nothing */
	bool loss_growing;     /* drops have grown within the last interval */
	bool merged_sizes;     /* frames larger than the link's MTU were seen */
	bool tty_rate_known;   /* tty_rate, bytes a second sent to the terminal, is known */
	double tty_rate;
	unsigned redraw_delay; /* s between redraws on a slow line; 0: as requested */
};

void screen_paint(
    struct canvas *c, struct state *st, const struct ledger *l, const struct screen_info *f);

/* Handles a mouse event on the canvas that is displayed.  Returns requests. */
unsigned screen_mouse(const struct canvas *c, struct state *st, uint32_t key);

#endif
