/*
 * What the files of src/core/ share and nobody else needs.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

struct addr;
struct flow;
struct ledger;

static inline void *
align_up(void *p, size_t to)
{
	return (void *)(((uintptr_t)p + to - 1) / to * to);
}

/* What a flow is called by in the table of servers' names: no other has or had it. */
struct addr flow_name_key(const struct ledger *l, const struct flow *f);

/* Notes which ends of f are ours. */
void flow_locate(const struct ledger *l, struct flow *f);

/* Brings what is pending in f into its meter, its hosts and its port. */
void flow_fold(struct ledger *l, struct flow *f);

#endif
