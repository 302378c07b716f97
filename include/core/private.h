/*
 * What the files of src/core/ share and nobody else needs.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

struct flow;
struct ledger;

static inline void *
align_up(void *p, size_t to)
{
	return (void *)(((uintptr_t)p + to - 1) / to * to);
}

/* Notes which ends of f are ours. */
void flow_locate(const struct ledger *l, struct flow *f);

/* Brings what is pending in f into its meter, its hosts and its port. */
void flow_fold(struct ledger *l, struct flow *f);

#endif
