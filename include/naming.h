/*
 * Asks reverse DNS for the addresses on the screen that have no name, while that is wished for.
 */
#ifndef NAMING_H
#define NAMING_H

#include <stdint.h>

struct ledger;
struct resolver;
struct state;

/* Asks for what is on the screen now.  *r is made the first time. */
void naming_ask(struct resolver **r, const struct state *st, struct ledger *l, uint64_t monotonic);

#endif
