/*
 * Packets that a capture filter misreads, because a header is broken or because they are in a
 * tunnel. Stores what the filter reads. A few different ones are kept; more are dropped.
 */
#ifndef CORE_MISTAKEN_H
#define CORE_MISTAKEN_H

#include <stdbool.h>

#include "dissect/bpf_gaps.h"

#define MISTAKEN_MOST 16

struct mistaken {
	struct seen of[MISTAKEN_MOST];
	unsigned n;
	bool more; /* than these */
};

/* A packet that has BPF_WRONG_ADDRS. */
void mistaken_add(struct mistaken *m, const struct frame *f);

#endif
