/*
 * Ports and protocols.
 */
#ifndef CORE_PORT_H
#define CORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/meter.h"
#include "dissect/pkt.h"
#include "util/attr.h"
#include "util/table.h"

/*
 * Services: flows are counted by protocol and server port; flows without ports by protocol only.
 * t[0] of the meter is towards the server, t[1] from it.
 */

struct port_key {
	uint16_t proto; /* as in struct flowkey */
	uint16_t port;
	uint8_t kind; /* ADDR_IP4 for both kinds of IP, else as in struct flowkey */
	bool has_port;
};

struct port {
	struct meter meter;
	uint64_t flows;
	uint64_t last;
	uint32_t score_time; /* see util/table.h */
	uint16_t proto;      /* these as in struct port_key */
	uint16_t port;
	uint8_t kind;
	bool has_port;
	bool other;
	bool has_wait; /* its histogram is not all zero */
};

struct baseline;
struct baseline_meters;
struct ledger;

struct ports {
	struct port *row;
	struct wait_histogram *wait; /* by row */
	struct table table;
	const struct tally *total; /* traffic */
	struct port other;
	struct overflow_sums other_sums;
	struct baseline *baseline; /* is notified of evictions; may be NULL */
};

/* Allocates room for max rows, growing up to `most`. */
void ports_init(struct ports *ps, const struct table_room *room);
void ports_fini(struct ports *ps);
unsigned ports_meters(struct ledger *l, struct baseline_meters *of);

/* Clears the table; the caller must clear the index. */
void ports_clear(struct ports *ps);

size_t ports_memory(uint32_t max);

/* Adds n answers of the service of that row; each took `us`. */
void ports_add_wait(struct ports *ps, uint32_t row, uint32_t us, uint32_t n);

/*
 * The row of a service.  Adds it if it is new; evicts another if the table is full. hint: its last
 * known row or any number; it is updated.
 */
struct port *ports_get(struct ports *ps, const struct port_key *k, uint32_t *hint,
    const struct intervals *b, uint32_t seen);

/*
 * The protocol tree: a node for every stack of layers seen, such as eth, eth/ip, eth/ip/tcp.  A
 * packet is counted at its deepest node only; proto_tree_fold() adds each node's counts to its
 * parents.  If the tree is full, the packet is counted at the deepest existing node.
 */

#define PROTO_TREE_MAX   1024
#define PROTO_TREE_MEMOS 256

#define PROTO_TREE_MEMO_SHIFT 56 /* 64 minus the bits of a memo number */

struct buf;

struct proto_node {
	struct meter meter; /* t[0] only: this node and all below it, as of the last fold */
	struct tally self;  /* packets counted at this node; always current */
	uint16_t parent;    /* PROTO_TREE_MAX: none */
	uint16_t preorder;  /* preorder position in the tree, as of the last fold */
	uint8_t proto;      /* enum proto */
	uint8_t depth;      /* 0 for the first layer */
};

/* Cache entry: a recent stack and its node.  Most packets have a recent stack. */
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

/* Exits if out of memory. */
void proto_tree_init(struct proto_tree *ps);
void proto_tree_fini(struct proto_tree *ps);
void proto_tree_clear(struct proto_tree *ps);

/* The slow path of proto_tree_get(). */
uint16_t proto_tree_make(struct proto_tree *ps, const uint8_t stack[PKT_DEPTH], unsigned depth);

/* The cache entry for a stack, by a hash of its bytes. */
static inline struct proto_tree_memo *
proto_tree_memo_at(struct proto_tree *ps, uint64_t low, uint32_t high)
{
	return &ps->memo[((low ^ high) * UINT64_C(0x9e3779b97f4a7c15)) >> PROTO_TREE_MEMO_SHIFT];
}

/* The node of a packet's stack; adds it if needed.  Bytes beyond depth must be zero. */
static inline uint16_t
proto_tree_get(struct proto_tree *ps, const uint8_t stack[PKT_DEPTH], unsigned depth)
{
	const struct proto_tree_memo *m;
	uint64_t low;
	uint32_t high;

	memcpy(&low, stack, sizeof(low));
	memcpy(&high, stack + sizeof(low), sizeof(high));
	m = proto_tree_memo_at(ps, low, high);
	/* An empty entry matches no stack, because every stack has a first layer. */
	return LIKELY(m->low == low && m->high == high) ? m->node
							: proto_tree_make(ps, stack, depth);
}

/* Updates the meters with the sums. */
void proto_tree_fold(struct proto_tree *ps, const struct intervals *b);

/* "eth/ip/tcp". */
void proto_tree_path_text(struct buf *b, const struct proto_tree *ps, uint16_t node);

#endif
