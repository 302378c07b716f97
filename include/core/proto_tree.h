/*
 * The protocol tree: a node for every stack of layers that was met, as
 * eth, eth/ip, eth/ip/tcp.  A packet is counted at its deepest node only;
 * proto_tree_fold() sums the nodes up, so that each holds all packets below it too.
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

#define PROTO_TREE_MAX   1024
#define PROTO_TREE_MEMOS 256

#define PROTO_TREE_MEMO_SHIFT 56 /* 64 bits less those of a memo's number */

struct buf;

struct proto_node {
	struct meter meter; /* t[0] only: this node and all below, as of the last fold */
	struct tally self;  /* packets that end here; always current */
	uint16_t parent;    /* PROTO_TREE_MAX: none */
	uint16_t preorder;  /* place in the tree as it is written down, as of the last fold */
	uint8_t proto;      /* enum proto */
	uint8_t depth;      /* 0 for the first layer */
};

/* A stack that was met lately, and its node: most packets are like one of the last. */
struct proto_tree_memo {
	uint64_t low;  /* stack[0..7] */
	uint32_t high; /* stack[8..11] */
	uint16_t node;
};

struct proto_tree {
	struct proto_node node[PROTO_TREE_MAX]; /* parents before children */
	uint16_t used;
	uint16_t (*child)[256]; /* [PROTO_TREE_MAX + 1][proto]; 0: none, else number + 1; last row:
				   first layers */
	struct proto_tree_memo memo[PROTO_TREE_MEMOS];
};

/* Dies when there is no memory. */
void proto_tree_init(struct proto_tree *ps);
void proto_tree_fini(struct proto_tree *ps);
void proto_tree_clear(struct proto_tree *ps);

/* The slow half of proto_tree_get(). */
uint16_t proto_tree_make(struct proto_tree *ps, const uint8_t stack[PKT_DEPTH], unsigned depth);

/* The memo that a stack may be in; its bytes alone tell one stack from another. */
static inline struct proto_tree_memo *
proto_tree_memo_at(struct proto_tree *ps, uint64_t low, uint32_t high)
{
	return &ps->memo[((low ^ high) * UINT64_C(0x9e3779b97f4a7c15)) >> PROTO_TREE_MEMO_SHIFT];
}

/* The node of a stack (struct pkt has one), made if need be; what is past its depth is zero. */
static inline uint16_t
proto_tree_get(struct proto_tree *ps, const uint8_t stack[PKT_DEPTH], unsigned depth)
{
	const struct proto_tree_memo *m;
	uint64_t low;
	uint32_t high;

	memcpy(&low, stack, sizeof(low));
	memcpy(&high, stack + sizeof(low), sizeof(high));
	m = proto_tree_memo_at(ps, low, high);
	/* A stack has a first layer, so that what was never filled in is none. */
	return LIKELY(m->low == low && m->high == high) ? m->node
							: proto_tree_make(ps, stack, depth);
}

/* Sums up into the meters. */
void proto_tree_fold(struct proto_tree *ps, const struct intervals *b);

/* "eth/ip/tcp". */
void proto_tree_path_text(struct buf *b, const struct proto_tree *ps, uint16_t node);

#endif
