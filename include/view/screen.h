/*
 * Paints the whole screen: header, sparkline, table, bottom line; or help.
 */
#ifndef VIEW_SCREEN_H
#define VIEW_SCREEN_H

#include "view/canvas.h"
#include "view/state.h"

/* What the painter shows but neither the ledger nor the state knows. */
struct facts {
	const char *source; /* "eth0", "eth0 wlan0", "trace.pcap" */
	const char *mode;   /* "LIVE", "FILE", "DEMO" */
	uint64_t elapsed;   /* ns since the start */
	uint64_t now; /* ns since the epoch, for the wall clock; 0: not shown (tests, files) */
	uint64_t monotonic;    /* ns, for messages that go by themselves */
	const char *recording; /* "log", "log pcap": what is on; NULL or "": nothing */
	bool loss_grows;       /* drops have grown within the last interval */
	bool merged_sizes;     /* frames larger than the link's MTU were seen */
	bool tty_known;        /* and how many bytes a second the terminal is sent */
	double tty_rate;
	unsigned stretched; /* s between pictures, as the line is slow; 0: as asked for */
};

void screen_paint(
    struct canvas *c, struct state *st, const struct ledger *l, const struct facts *f);

/* Does what a key of the mouse stands for on the canvas that is seen.  Returns wishes. */
unsigned screen_mouse(const struct canvas *c, struct state *st, uint32_t key);

#endif
