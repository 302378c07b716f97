/*
 * The protocol tree: a node for every stack of layers that was met, as
 * eth, eth/ip, eth/ip/tcp.  A packet is counted at its deepest node only;
 * paths_fold() sums the nodes up, so that each holds all packets below it too.
 * When there is no room for a new node, the packet is counted at the deepest
 * node that there is.
 */
#ifndef CORE_PROTO_TREE_H
#define CORE_PROTO_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/meter.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define PATHS_MAX   1024
#define PATHS_MEMOS 256

#define PATHS_MEMO_SHIFT 56 /* 64 bits less those of a memo's number */

struct buf;

struct path {
	struct meter meter; /* t[0] only: this node and all below, as of the last fold */
	struct tally own;   /* packets that end here; always current */
	uint16_t parent;    /* PATHS_MAX: none */
	uint16_t rank;      /* place in the tree as it is written down, as of the last fold */
	uint8_t proto;      /* enum proto */
	uint8_t depth;      /* 0 for the first layer */
};

/* A stack that was met lately, and its node: most packets are like one of the last. */
struct path_memo {
	uint64_t low;  /* stack[0..7] */
	uint32_t high; /* stack[8..11] */
	uint16_t node;
};

struct paths {
	struct path node[PATHS_MAX]; /* parents before children */
	uint16_t used;
	uint16_t (*child)[256]; /* [PATHS_MAX + 1][proto]; 0: none, else number + 1; last row: first
				   layers */
	struct path_memo memo[PATHS_MEMOS];
};

/* Dies when there is no memory. */
void paths_init(struct paths *ps);
void paths_fini(struct paths *ps);
void paths_clear(struct paths *ps);

/* The slow half of paths_get(). */
uint16_t paths_make(struct paths *ps, const uint8_t stack[PKT_DEPTH], unsigned depth);

/* The memo that a stack may be in; its bytes alone tell one stack from another. */
static inline struct path_memo *
path_memo_of(struct paths *ps, uint64_t low, uint32_t high)
{
	return &ps->memo[((low ^ high) * UINT64_C(0x9e3779b97f4a7c15)) >> PATHS_MEMO_SHIFT];
}

/* The node of a stack (struct pkt has one), made if need be; what is past its depth is zero. */
static inline uint16_t
paths_get(struct paths *ps, const uint8_t stack[PKT_DEPTH], unsigned depth)
{
	const struct path_memo *m;
	uint64_t low;
	uint32_t high;

	memcpy(&low, stack, sizeof(low));
	memcpy(&high, stack + sizeof(low), sizeof(high));
	m = path_memo_of(ps, low, high);
	/* A stack has a first layer, so that what was never filled in is none. */
	return LIKELY(m->low == low && m->high == high) ? m->node : paths_make(ps, stack, depth);
}

/* Sums up into the meters. */
void paths_fold(struct paths *ps, const struct beats *b);

/* "eth/ip/tcp". */
void path_text(struct buf *b, const struct paths *ps, uint16_t node);

#endif
