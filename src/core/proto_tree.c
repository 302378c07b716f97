#include "config.h"

#include "core/port.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/dissect.h"
#include "dissect/pkt.h"
#include "util/alloc.h"
#include "util/buf.h"

#define ROOT    PROTO_TREE_MAX /* row of child[] for the first layers */
#define NOWHERE UINT16_MAX

/* Nodes reserved for first layers, more than there are link types: so every packet has a node. */
#define LINK_NODES_MAX 128

void
proto_tree_init(struct proto_tree *ps)
{
	memset(ps, 0, sizeof(*ps));
	ps->child = xcalloc(PROTO_TREE_MAX + 1, sizeof(*ps->child));
}

void
proto_tree_fini(struct proto_tree *ps)
{
	free(ps->child);
	ps->child = NULL;
}

void
proto_tree_clear(struct proto_tree *ps)
{
	uint16_t(*child)[256] = ps->child;

	memset(child, 0, (PROTO_TREE_MAX + 1) * sizeof(*child));
	memset(ps, 0, sizeof(*ps));
	ps->child = child;
}

static uint16_t
proto_tree_add_node(struct proto_tree *ps, uint16_t parent, uint8_t proto)
{
	uint16_t n = ps->used++;

	ps->node[n] = (struct proto_node){
		.parent = parent,
		.proto = proto,
		.depth = parent == ROOT ? 0 : (uint8_t)(ps->node[parent].depth + 1),
	};
	ps->child[parent][proto] = (uint16_t)(n + 1);
	return n;
}

static uint16_t
proto_tree_walk(struct proto_tree *ps, const uint8_t *stack, unsigned depth)
{
	uint16_t at = ROOT, next;

	assert(depth > 0 && ps->used < PROTO_TREE_MAX);
	for (unsigned i = 0; i < depth; i++) {
		next = ps->child[at][stack[i]];
		if (UNLIKELY(next == 0)) {
			if (at != ROOT && ps->used >= PROTO_TREE_MAX - LINK_NODES_MAX)
				break;
			next = (uint16_t)(proto_tree_add_node(ps, at, stack[i]) + 1);
		}
		at = (uint16_t)(next - 1);
	}
	return at;
}

static_assert(PKT_DEPTH == sizeof(uint64_t) + sizeof(uint32_t), "a memo holds a whole stack");
static_assert(PROTO_TREE_MEMOS == 1 << (64 - PROTO_TREE_MEMO_SHIFT), "a number of that many bits");

uint16_t
proto_tree_make(struct proto_tree *ps, const uint8_t stack[PKT_DEPTH], unsigned depth)
{
	struct proto_tree_memo m = { .node = proto_tree_walk(ps, stack, depth) };

	memcpy(&m.low, stack, sizeof(m.low));
	memcpy(&m.high, stack + sizeof(m.low), sizeof(m.high));
	*proto_tree_memo_at(ps, m.low, m.high) = m;
	return m.node;
}

static int
proto_tree_compare_bytes(const void *xp, const void *yp)
{
	const struct proto_node *x = *(const struct proto_node *const *)xp,
				*y = *(const struct proto_node *const *)yp;

	if (x->meter.t[0].bytes != y->meter.t[0].bytes)
		return x->meter.t[0].bytes < y->meter.t[0].bytes ? -1 : 1;
	return x < y ? 1 : -1;
}

/*
 * Numbers the nodes in preorder: parents before children, and siblings by bytes, largest first.
 */
static void
proto_tree_number_preorder(struct proto_tree *ps)
{
	struct proto_node *order[PROTO_TREE_MAX];
	uint16_t below[PROTO_TREE_MAX + 1], beside[PROTO_TREE_MAX], n = 0, at;

	for (unsigned i = 0; i <= ps->used; i++)
		below[i == ps->used ? ROOT : i] = NOWHERE;
	for (unsigned i = 0; i < ps->used; i++)
		order[i] = &ps->node[i];
	qsort(order, ps->used, sizeof(order[0]), proto_tree_compare_bytes);
	/* From smallest to largest, each node is put in front of its siblings. */
	for (unsigned i = 0; i < ps->used; i++) {
		uint16_t number = (uint16_t)(order[i] - ps->node);

		beside[number] = below[order[i]->parent];
		below[order[i]->parent] = number;
	}
	at = below[ROOT];
	while (at != NOWHERE) {
		ps->node[at].preorder = n++;
		if (below[at] != NOWHERE) {
			at = below[at];
			continue;
		}
		while (at != ROOT && beside[at] == NOWHERE)
			at = ps->node[at].parent;
		at = at == ROOT ? NOWHERE : beside[at];
	}
}

void
proto_tree_fold(struct proto_tree *ps, const struct intervals *b)
{
	struct tally sum[PROTO_TREE_MAX];

	for (unsigned i = 0; i < ps->used; i++)
		sum[i] = ps->node[i].self;
	for (unsigned i = ps->used; i-- > 0;) {
		const struct proto_node *n = &ps->node[i];

		if (n->parent != ROOT)
			tally_add(&sum[n->parent], sum[i].packets, sum[i].bytes);
	}
	for (unsigned i = 0; i < ps->used; i++)
		meter_set_total(&ps->node[i].meter, b, 0, &sum[i]);
	proto_tree_number_preorder(ps);
}

void
proto_tree_path_text(struct buf *b, const struct proto_tree *ps, uint16_t node)
{
	uint16_t up[256];
	unsigned n = 0;

	assert(node < ps->used);
	for (uint16_t i = node; i != ROOT && n < 256; i = ps->node[i].parent)
		up[n++] = i;
	while (n-- > 0) {
		buf_adds(b, proto_name(ps->node[up[n]].proto));
		if (n > 0)
			buf_addc(b, '/');
	}
}
