/*
 * What the files of src/core/ share and nobody else needs.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct addr;
struct flow;
struct flow_ends;
struct host;
struct ledger;

/* With the kind of a flow's addresses: what it speaks within TLS, beside its server's name. */
#define NAME_ALPN  0x80
#define NAME_OWNER 0x40

/* What a flow is called by in the table of servers' names: no other has or had it. */
struct addr flow_name_key(const struct ledger *l, const struct flow *f);

/* True for an address of ours alone, not for one of many. */
bool ledger_is_local(const struct ledger *l, uint8_t kind, const struct addr *a);

/* Notes which ends of f are ours. */
void flow_set_local(const struct ledger *l, struct flow *f);

/* Notes whether the host is ours. */
void host_set_local(const struct ledger *l, struct host *h);

/* The host at an end of f, made if need be. */
struct host *flow_get_host(struct ledger *l, struct flow *f, int end);

/* Fetches what flow_fold() will need; the flow's first cache line is there already. */
void flow_prefetch_ends(struct ledger *l, const struct flow *f, struct flow_ends *e);

/* Brings what is pending in f into its meter, its hosts and its port. */
void flow_fold(struct ledger *l, struct flow *f);

/* The same for a flow that leaves: into the meter of those that left. */
void flow_fold_evicted(struct ledger *l, struct flow *f, const struct flow_ends *e);

/* The row of a flow that had to leave; there must be one. */
uint32_t flows_evict_one(struct ledger *l);

#endif
