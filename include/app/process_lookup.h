/*
 * Asks the system for the processes of the flows on the screen, if lookups are on.
 */
#ifndef APP_PROCESS_LOOKUP_H
#define APP_PROCESS_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

struct feed;
struct ledger;
struct options;
struct owners;
struct state;

struct process_lookup {
	struct owners *owners; /* NULL: no lookup yet */
	uint32_t next_hidden;  /* the next hidden flow to ask for, if the filter tests processes */
};

/* Stores in the state which processes can be known, and applies --processes. Returns requests. */
unsigned process_lookup_setup(struct state *st, const struct options *o, const struct feed *f);

/*
 * Asks for the flows on the screen. If the display filter tests processes, also asks for a few
 * hundred of the flows that it hides, in rotation. *o starts zeroed. True if something new is
 * known.
 */
bool process_lookup_ask(struct process_lookup *o, const struct state *st, struct ledger *l);

/* The same for all flows at once, however long it takes. */
void process_lookup_settle(const struct state *st, struct ledger *l);

#endif
