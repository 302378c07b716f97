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
paths_of(const struct scope *s)
{
	return &s->ledger->proto_tree;
}

static uint16_t
number_of(const struct scope *s, const struct proto_node *p)
{
	return (uint16_t)(p - paths_of(s)->node);
}

/*
 * True if the packets that end at node i are shown.  As in flows, the outermost IP layer and the
 * layer above it decide.
 */
static bool
shows_own(const struct scope *s, uint16_t i)
{
	const struct proto_node *node = paths_of(s)->node;
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
is_within(const struct proto_node *node, uint16_t i, uint16_t top)
{
	while (node[i].depth > node[top].depth)
		i = node[i].parent;
	return i == top;
}

typedef struct tally tally_fn(const struct scope *s, const struct proto_node *p);

static struct tally
counted_all(const struct scope *s, const struct proto_node *p)
{
	return scope_counted(s, &p->meter, 0);
}

static struct tally
moved_all(const struct scope *s, const struct proto_node *p)
{
	return scope_tally(s, &p->meter, 0);
}

/* Bytes a second instead of bytes, so that they can be summed alike. */
static struct tally
over_10s(const struct scope *s, const struct proto_node *p)
{
	return (
	    struct tally){ 0, (uint64_t)meter_rate(&p->meter, &s->ledger->intervals, METER_10S) };
}

static struct tally
over_60s(const struct scope *s, const struct proto_node *p)
{
	return (
	    struct tally){ 0, (uint64_t)meter_rate(&p->meter, &s->ledger->intervals, METER_60S) };
}

/*
 * The traffic shown of p and all below.  A node's meter includes the nodes below it: a shown node
 * below a hidden one is added, a hidden one below a shown one is subtracted.
 */
static struct tally
shown(const struct scope *s, const struct proto_node *p, tally_fn *tally)
{
	const struct proto_tree *ps = paths_of(s);
	uint16_t top = number_of(s, p);
	struct tally sum = { 0, 0 };

	if (scope_all(s))
		return tally(s, p);
	for (uint16_t i = top; i < ps->used; i++) {
		const struct proto_node *node = &ps->node[i];
		bool in, out;
		struct tally t;

		if (!is_within(ps->node, i, top))
			continue;
		in = shows_own(s, i);
		out = i != top && shows_own(s, node->parent);
		t = tally(s, node);
		if (in && !out)
			tally_add(&sum, t.packets, t.bytes);
		else if (out && !in)
			tally_add(&sum, -t.packets, -t.bytes);
	}
	return sum;
}

static struct tally
counted(const struct scope *s, const void *row)
{
	return shown(s, row, counted_all);
}

static struct tally
moved(const struct scope *s, const void *row)
{
	return shown(s, row, moved_all);
}

static struct value
get_name(const struct scope *s, const void *row)
{
	const struct proto_node *p = row;

	(void)s;
	return value_textf("%*s%s", 2 * p->depth, "", proto_name(p->proto));
}

static struct value
get_path(const struct scope *s, const void *row)
{
	struct value v = value_textf("%s", "");
	struct buf b;

	buf_init(&b, v.text, sizeof(v.text));
	proto_tree_path_text(&b, paths_of(s), number_of(s, row));
	return v;
}

static struct value
get_packets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, counted(s, row).packets);
}

static struct value
get_bytes(const struct scope *s, const void *row)
{
	return value_n(V_BYTES, counted(s, row).bytes);
}

static struct value
get_bps(const struct scope *s, const void *row)
{
	return scope_rate(s, V_BYTE_RATE, moved(s, row).bytes);
}

static struct value
get_bps_10s(const struct scope *s, const void *row)
{
	return scope_bytes_rate(s, (double)shown(s, row, over_10s).bytes);
}

static struct value
get_bps_60s(const struct scope *s, const void *row)
{
	return scope_bytes_rate(s, (double)shown(s, row, over_60s).bytes);
}

static struct value
get_bps_peak(const struct scope *s, const void *row)
{
	const struct proto_node *p = row;

	/* The peak of only some of the nodes below is not known. */
	return scope_all(s) ? scope_peak(s, &p->meter) : value_none();
}

static struct value
get_pps(const struct scope *s, const void *row)
{
	return scope_rate(s, V_PACKET_RATE, moved(s, row).packets);
}

static struct value
get_share(const struct scope *s, const void *row)
{
	return scope_share(s, moved(s, row).bytes);
}

/* The depth-first order of the tree, larger siblings first. */
static struct value
get_rank(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_COUNT, ((const struct proto_node *)row)->preorder);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "name", .title = "PROTOCOL", .help = "The protocol, set in by its depth; sorts as the tree.",
	  .type = V_TEXT, .min = 14, .max = 30, .left = true, .get = get_name, .order = get_rank },
	{ .name = "path", .title = "PATH", .help = "All layers from the outermost one on.",
	  .type = V_TEXT, .min = 20, .max = 79, .drop = 4, .left = true, .get = get_path },
	{ .name = "packets", .title = "PACKETS", .help = "Packets with these layers.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 2, .desc = true, .get = get_packets },
	{ .name = "bytes", .title = "BYTES", .help = "Bytes of those packets.",
	  .type = V_BYTES, .min = 6, .max = 6, .desc = true, .get = get_bytes },
	{ .name = "bps", .title = "RATE", .help = "Bits a second.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .desc = true, .get = get_bps },
	{ .name = "bps_10s", .title = "10S", .help = "Bits a second over the last 10 s.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = DROP_DETAIL + 7, .desc = true, .get = get_bps_10s },
	{ .name = "bps_60s", .title = "60S", .help = "Bits a second over the last minute.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = DROP_DETAIL + 7, .desc = true, .get = get_bps_60s },
	{ .name = "bps_peak", .title = "PEAK",
	  .help = "Bits a second in the interval that had most.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = DROP_DETAIL + 7, .desc = true, .get = get_bps_peak },
	{ .name = "pps", .title = "PPS", .help = "Packets a second.",
	  .type = V_PACKET_RATE, .min = 6, .max = 6, .drop = 3, .desc = true, .get = get_pps },
	{ .name = "share", .title = "SHARE", .help = "Their part of all traffic.",
	  .type = V_SHARE, .min = 6, .max = 16, .drop = 1, .desc = true, .bar = true,
	  .get = get_share },
};
/* clang-format on */

static uint32_t
slots(const struct ledger *l)
{
	return l->proto_tree.used;
}

static const void *
row_at(const struct scope *s, uint32_t i)
{
	const struct proto_node *p = &paths_of(s)->node[i];

	return counted(s, p).packets > 0 ? p : NULL;
}

/* There is no such row: packets without a node of their own are counted at its parent. */
static const void *
other(const struct scope *s)
{
	(void)s;
	return NULL;
}

/* A node is identified by its parent and its protocol; parents are before their children. */
static void
key(const void *row, struct rowkey *k)
{
	const struct proto_node *p = row;
	unsigned at;

	*k = (struct rowkey){ { 0 } };
	at = key_put(k, 0, p->depth, 1);
	at = key_put(k, at, p->parent, 2);
	key_put(k, at, p->proto, 1);
}

static uint32_t
parent(const struct rowkey *k)
{
	uint32_t number = (uint32_t)k->b[1] << 8 | k->b[2];

	return number == NO_PARENT ? UINT32_MAX : number;
}

const struct view view_protocols = {
	.name = "protocols",
	.title = "Protocols",
	.help = "The tree of protocols.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "name",
	.sort_average = "name",
	.slots = slots,
	.row = row_at,
	.other = other,
	.key = key,
	.parent = parent,
};
