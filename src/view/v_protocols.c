/* Protocols: the tree of what was found inside what. */
#include "config.h"

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"

#define NO_PARENT PROTO_TREE_MAX

static const uint8_t class_of_layer[PROTO_MAX] = {
	[PROTO_TCP] = CLASS_TCP + 1,
	[PROTO_UDP] = CLASS_UDP + 1,
	[PROTO_ICMP] = CLASS_ICMP + 1,
	[PROTO_ICMPV6] = CLASS_ICMP + 1,
};

static const struct proto_tree *
v_protocols_tree(const struct scope *s)
{
	return &s->ledger->proto_tree;
}

static uint16_t
v_protocols_index(const struct scope *s, const struct proto_node *p)
{
	return (uint16_t)(p - v_protocols_tree(s)->node);
}

/*
 * True if the packets that end at node i are shown.  As in flows, the outermost IP layer and the
 * layer above it decide.
 */
static bool
v_protocols_shows_node(const struct scope *s, uint16_t i)
{
	const struct proto_node *node = v_protocols_tree(s)->node;
	unsigned class = CLASS_OTHER, above = 0;
	bool family = true;

	for (; i != NO_PARENT; i = node[i].parent) {
		uint8_t proto = node[i].proto;

		if (proto == PROTO_IP || proto == PROTO_IPV6) {
			class =
			    class_of_layer[above] != 0 ? class_of_layer[above] - 1u : CLASS_OTHER;
			family = proto == PROTO_IP ? s->ip4 : s->ip6;
		}
		above = proto;
	}
	return family && (s->classes & (1u << class));
}

static bool
v_protocols_is_within(const struct proto_node *node, uint16_t i, uint16_t top)
{
	while (node[i].depth > node[top].depth)
		i = node[i].parent;
	return i == top;
}

typedef struct tally v_protocols_tally_fn(const struct scope *s, const struct proto_node *p);

static struct tally
v_protocols_count_node(const struct scope *s, const struct proto_node *p)
{
	return scope_count(s, &p->meter, 0);
}

static struct tally
v_protocols_interval_node(const struct scope *s, const struct proto_node *p)
{
	return scope_rate_tally(s, &p->meter, 0);
}

/* Bytes a second instead of bytes, so that they can be summed alike. */
static struct tally
v_protocols_rate_10s(const struct scope *s, const struct proto_node *p)
{
	return (
	    struct tally){ 0, (uint64_t)meter_rate(&p->meter, &s->ledger->intervals, METER_10S) };
}

static struct tally
v_protocols_rate_60s(const struct scope *s, const struct proto_node *p)
{
	return (
	    struct tally){ 0, (uint64_t)meter_rate(&p->meter, &s->ledger->intervals, METER_60S) };
}

/*
 * The traffic shown of p and all below.  A node's meter includes the nodes below it: a shown node
 * below a hidden one is added, a hidden one below a shown one is subtracted.
 */
static struct tally
v_protocols_sum_shown(
    const struct scope *s, const struct proto_node *p, v_protocols_tally_fn *tally)
{
	const struct proto_tree *ps = v_protocols_tree(s);
	uint16_t top = v_protocols_index(s, p);
	struct tally sum = { 0, 0 };

	if (scope_shows_all(s))
		return tally(s, p);
	for (uint16_t i = top; i < ps->used; i++) {
		const struct proto_node *node = &ps->node[i];
		bool in, out;
		struct tally t;

		if (!v_protocols_is_within(ps->node, i, top))
			continue;
		in = v_protocols_shows_node(s, i);
		out = i != top && v_protocols_shows_node(s, node->parent);
		t = tally(s, node);
		if (in && !out)
			tally_add(&sum, t.packets, t.bytes);
		else if (out && !in)
			tally_add(&sum, -t.packets, -t.bytes);
	}
	return sum;
}

static struct tally
v_protocols_count(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	return v_protocols_sum_shown(s, row, v_protocols_count_node);
}

static struct tally
v_protocols_interval(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	return v_protocols_sum_shown(s, row, v_protocols_interval_node);
}

static struct value
v_protocols_window(const struct scope *s, const void *row, enum meter_window w)
{
	v_protocols_tally_fn *rate = w == METER_10S ? v_protocols_rate_10s : v_protocols_rate_60s;

	return scope_live_rate(s, (double)v_protocols_sum_shown(s, row, rate).bytes);
}

static struct value
v_protocols_peak(const struct scope *s, const void *row)
{
	const struct proto_node *p = row;

	/* The peak of only some of the nodes below is not known. */
	return scope_shows_all(s) ? scope_peak(s, &p->meter) : value_none();
}

static const struct row_traffic v_protocols_traffic = {
	.one_way = true,
	.count = v_protocols_count,
	.interval = v_protocols_interval,
	.window = v_protocols_window,
	.peak = v_protocols_peak,
};

static struct value
v_protocols_get_name(const struct scope *s, const void *row)
{
	const struct proto_node *p = row;

	(void)s;
	return value_textf("%*s%s", 2 * p->depth, "", proto_name(p->proto));
}

static void
v_protocols_path(struct buf *b, const struct scope *s, const void *row)
{
	proto_tree_path_text(b, v_protocols_tree(s), v_protocols_index(s, row));
}

/* The depth-first order of the tree, larger siblings first. */
static struct value
v_protocols_get_rank(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_COUNT, ((const struct proto_node *)row)->preorder);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "name", .title = "PROTOCOL", .help = "Protocol, indented by its depth; sorts as the tree.",
	  .type = V_TEXT, .min = 14, .max = 30, .left = true, .identifies = true, .get = v_protocols_get_name, .sort_key = v_protocols_get_rank },
	{ .name = "path", .title = "PATH", .help = "All layers, starting with the outermost one.",
	  .type = V_TEXT, .min = 20, .max = 79, .drop = 4, .left = true, .text = v_protocols_path },
	{ TRAFFIC_PACKETS(v_protocols_traffic), .drop = 2, .help = "Packets with these layers." },
	{ TRAFFIC_BYTES(v_protocols_traffic), .help = "Bytes of these packets." },
	{ TRAFFIC_BPS(v_protocols_traffic), .help = "Bits per second." },
	TRAFFIC_WINDOWS(v_protocols_traffic, ""),
	{ TRAFFIC_PPS(v_protocols_traffic), .drop = 3, .help = "Packets per second." },
	{ TRAFFIC_SHARE(v_protocols_traffic, 6), .drop = 1, .help = "Share of all traffic." },
};
/* clang-format on */

static uint32_t
v_protocols_slots(const struct ledger *l)
{
	return l->proto_tree.used;
}

static const void *
v_protocols_row(const struct scope *s, uint32_t i)
{
	const struct proto_node *p = &v_protocols_tree(s)->node[i];

	return traffic_count(&v_protocols_traffic, s, p).packets > 0 ? p : NULL;
}

/* There is no such row: packets without a node of their own are counted at its parent. */
static const void *
v_protocols_other(const struct scope *s)
{
	(void)s;
	return NULL;
}

/* A node is identified by its parent and its protocol; parents are before their children. */
static void
v_protocols_key(const void *row, struct row_key *k)
{
	const struct proto_node *p = row;
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put(k, 0, p->depth, 1);
	at = row_key_put(k, at, p->parent, 2);
	row_key_put(k, at, p->proto, 1);
}

static uint32_t
v_protocols_parent(const struct row_key *k)
{
	uint32_t number = (uint32_t)k->b[1] << 8 | k->b[2];

	return number == NO_PARENT ? UINT32_MAX : number;
}

const struct view view_protocols = {
	.name = "protocols",
	.title = "Protocols",
	.short_title = "Proto",
	.help = "The tree of protocols.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "name",
	.sort_whole_time = "name",
	.slots = v_protocols_slots,
	.row = v_protocols_row,
	.other_row = v_protocols_other,
	.row_key = v_protocols_key,
	.parent_slot = v_protocols_parent,
};
