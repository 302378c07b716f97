/*
 * Commands that start and stop capturing, and what is written while packets come in: the packet
 * log, the flow log and the capture file.
 */
#ifndef VIEW_RECORD_H
#define VIEW_RECORD_H

#include <stdbool.h>

#include "view/filter.h"

struct state;

struct state_record {
	bool stopped;              /* nothing is captured */
	char path[FILTER_MAX + 1]; /* that the one started last is to have; "": a name of its own */
};

/* "stop [on|off]", "start": capturing itself. */
unsigned record_stop(struct state *st, int argc, char **argv);
unsigned record_start(struct state *st, int argc, char **argv);

/* "log [FILE]", "flow-log [FILE]", "write [FILE]". */
unsigned record_packets(struct state *st, int argc, char **argv);
unsigned record_flows(struct state *st, int argc, char **argv);
unsigned record_capture(struct state *st, int argc, char **argv);

#endif
