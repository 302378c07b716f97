/*
 * Asks the system for the processes of the flows on the screen, while that is wished for.
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
	struct owners *owners; /* NULL: nobody has asked */
	uint32_t next_hidden;  /* flow that is asked for where the filter is about processes */
};

/* What can be known, said in the state; and --processes.  Returns requests. */
unsigned process_lookup_setup(struct state *st, const struct options *o, const struct feed *f);

/*
 * Asks for what is on the screen now; where the display filter is about processes also for some
 * hundreds of the flows that it hides, others each time.  *o is zeros at first.  True when more
 * is known.
 */
bool process_lookup_ask(struct process_lookup *o, const struct state *st, struct ledger *l);

/* The same, with all the time that it takes. */
void process_lookup_settle(const struct state *st, struct ledger *l);

#endif
