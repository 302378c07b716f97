/*
 * Packets that a capture filter takes for others than they are, as it sees them: where a header is
 * broken, or within a tunnel.  A few different ones are kept; of more, nothing is told.
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
