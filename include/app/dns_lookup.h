/*
 * Asks reverse DNS for the addresses on the screen that have no name, while that is wished for.
 */
#ifndef APP_DNS_LOOKUP_H
#define APP_DNS_LOOKUP_H

#include <stdint.h>

struct ledger;
struct resolver;
struct state;

/* Asks for what is on the screen now.  *r is made the first time. */
void dns_lookup_start(
    struct resolver **r, const struct state *st, struct ledger *l, uint64_t monotonic);

#endif
