/*
 * Asks reverse DNS for the addresses on the screen that have no name, if lookups are on.
 */
#ifndef APP_DNS_LOOKUP_H
#define APP_DNS_LOOKUP_H

#include <stdint.h>

struct ledger;
struct resolver;
struct state;

/* Asks for the addresses on the screen now. *r is created on the first call. */
void dns_lookup_start(
    struct resolver **r, const struct state *st, struct ledger *l, uint64_t monotonic);

#endif
