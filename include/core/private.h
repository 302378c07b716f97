/*
 * Private to src/core/.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr;
struct baseline;
struct flow;
struct flow_ends;
struct host;
struct ledger;

/* Added to the address kind in keys of the name cache: ALPN protocols and process owners of flows.
 */
#define NAME_ALPN  0x80
#define NAME_OWNER 0x40

/* The unique key of a flow in the name cache. */
struct addr flow_name_key(const struct ledger *l, const struct flow *f);

/* True for a local unicast address. */
bool ledger_is_local(const struct ledger *l, uint8_t kind, const struct addr *a);

/* Sets the local flags of f's ends. */
void flow_set_local(const struct ledger *l, struct flow *f);

/* Sets the local flag of a host. */
void host_set_local(const struct ledger *l, struct host *h);

/* The host at an end of f; adds it if needed. */
struct host *flow_get_host(struct ledger *l, struct flow *f, int end);

/* Prefetches what flow_fold() will need.  The flow's first cache line must be in the cache. */
void flow_prefetch_ends(struct ledger *l, const struct flow *f, struct flow_ends *e);

/* Adds the pending counts of f to its meter, its hosts and its port. */
void flow_fold(struct ledger *l, struct flow *f);

/* The same for an evicted flow, whose counts go to the meter of "(other)". */
void flow_fold_evicted(struct ledger *l, struct flow *f, const struct flow_ends *e);

/* Makes z the baseline, instead of the old one; NULL: there is none any more. */
void ledger_put_baseline(struct ledger *l, struct baseline *z);

/* Removes the baseline, and the one that is being taken. */
void ledger_drop_baseline(struct ledger *l);

/* Evicts a flow and returns its row; the table must not be empty. */
uint32_t flows_evict_one(struct ledger *l);

#endif
