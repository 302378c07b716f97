/* Pairs: what two hosts send each other, over all ports. */
#include "config.h"

#include "util/attr.h"
#include "view/columns.h"
#include "view/own_session.h"

/* The hidden SSH session counts as TCP. */
static bool
v_pairs_has_hidden(const struct scope *s, const struct pair *p)
{
	return (s->classes & (1u << CLASS_TCP)) && own_session_has_pair(s, p);
}

static struct tally
v_pairs_count(const struct scope *s, const void *row, int way)
{
	const struct pair *p = row;
	struct tally sum = scope_class_count(s, p->meter, way);

	return v_pairs_has_hidden(s, p) ? tally_subtract(sum, own_session_of_pair(s, p, way, false))
					: sum;
}

static struct tally
v_pairs_interval(const struct scope *s, const void *row, int way)
{
	const struct pair *p = row;
	struct tally sum = scope_class_interval(s, p->meter, way);

	return v_pairs_has_hidden(s, p) ? tally_subtract(sum, own_session_of_pair(s, p, way, true))
					: sum;
}

static struct value
v_pairs_window(const struct scope *s, const void *row, enum meter_window w)
{
	const struct pair *p = row;
	struct value v = scope_class_window(s, p->meter, w);

	if (v.type == V_BYTE_RATE && v_pairs_has_hidden(s, p))
		v.x = v.x > s->own.rate[w] ? v.x - s->own.rate[w] : 0;
	return v;
}

/* Peaks of evicted pairs were at other times, so they cannot be added. */
static struct value
v_pairs_peak(const struct scope *s, const void *row)
{
	const struct pair *p = row;
	struct value v;

	if (p->other)
		return value_none();
	v = scope_class_peak(s, p->meter, &p->peak);
	if (v.type == V_BYTE_RATE && own_session_has_pair(s, p))
		v.kind = VALUE_APPROXIMATE;
	return v;
}

static enum pkt_dir
v_pairs_dir(const struct scope *s ATTR_UNUSED, const void *row)
{
	return ((const struct pair *)row)->one_local ? DIR_OUT : DIR_UNKNOWN;
}

static const struct row_traffic v_pairs_traffic = {
	.dir = v_pairs_dir,
	.count = v_pairs_count,
	.interval = v_pairs_interval,
	.window = v_pairs_window,
	.peak = v_pairs_peak,
};

static struct value
v_pairs_get_address(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct pair *p = row;

	return p->other ? value_textf(OTHER_TEXT) : value_addr(p->kind, &p->end[0]);
}

static struct value
v_pairs_get_peer(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct pair *p = row;

	return p->other ? value_none() : value_addr(p->kind, &p->end[1]);
}

static struct value
v_pairs_name(const struct scope *s, const struct pair *p, int end)
{
	return p->other ? value_none() : value_name(scope_host_name(s, p->kind, &p->end[end]));
}

static struct value
v_pairs_get_name(const struct scope *s, const void *row)
{
	return v_pairs_name(s, row, 0);
}

static struct value
v_pairs_get_peer_name(const struct scope *s, const void *row)
{
	return v_pairs_name(s, row, 1);
}

static struct value
v_pairs_get_flows(const struct scope *s, const void *row)
{
	const struct pair *p = row;
	uint64_t hidden = own_session_has_pair(s, p) ? s->own.flows : 0;

	return value_n(V_COUNT, p->flows > hidden ? p->flows - hidden : 0);
}

static struct value
v_pairs_get_retransmissions(const struct scope *s, const void *row)
{
	const struct pair *p = row;
	struct tally n = scope_count(s, &p->meter[PAIR_RETRANSMISSIONS], 0);
	uint64_t hidden = own_session_has_pair(s, p)
	    ? (uint64_t)s->own.tcp[0].retransmissions + s->own.tcp[1].retransmissions
	    : 0;

	if (p->other)
		return value_none();
	return value_n(V_COUNT, n.packets > hidden ? n.packets - hidden : 0);
}

static struct value
v_pairs_get_rtt(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct pair *p = row;

	return p->has_rtt ? value_n(V_DURATION, (uint64_t)p->rtt * 1000) : value_none();
}

static struct value
v_pairs_get_first(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_time(((const struct pair *)row)->first);
}

static struct value
v_pairs_get_last(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_time(((const struct pair *)row)->last);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "address", .title = "HOST", .help = "The local host; of two, the one that began.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_pairs_get_address },
	{ .name = "peer", .title = "PEER", .help = "The host that it exchanges packets with.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_pairs_get_peer },
	{ TRAFFIC_BPS_IN(v_pairs_traffic), .drop = 1, .help = "Bits per second that the host receives from the peer." },
	{ TRAFFIC_BPS_OUT(v_pairs_traffic), .drop = 1, .help = "Bits per second that the host sends to the peer." },
	{ TRAFFIC_BPS(v_pairs_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_pairs_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_pairs_traffic), .drop = 9, .help = "Packets per second, both directions." },
	{ TRAFFIC_BYTES_IN(v_pairs_traffic), .drop = DROP_DETAIL + 2, .help = "Bytes that the host received from the peer." },
	{ TRAFFIC_BYTES_OUT(v_pairs_traffic), .drop = DROP_DETAIL + 2, .help = "Bytes that the host sent to the peer." },
	{ TRAFFIC_BYTES(v_pairs_traffic), .drop = 5, .help = "Bytes, both directions." },
	{ TRAFFIC_PACKETS_IN(v_pairs_traffic), .drop = DROP_DETAIL + 3, .help = "Packets that the host received from the peer." },
	{ TRAFFIC_PACKETS_OUT(v_pairs_traffic), .drop = DROP_DETAIL + 3, .help = "Packets that the host sent to the peer." },
	{ TRAFFIC_PACKETS(v_pairs_traffic), .drop = 10, .help = "Packets, both directions." },
	{ TRAFFIC_SHARE(v_pairs_traffic, 6), .drop = 6, .help = "Share of all traffic." },
	{ .name = "flows", .title = "FLOWS", .help = "Flows between the two, of any class; of a pair that was evicted and returns, again.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 2, .desc = true, .get = v_pairs_get_flows },
	{ .name = "rtt", .title = "RTT", .help = "Round-trip time of their TCP connections, smoothed.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = 4, .desc = true, .get = v_pairs_get_rtt },
	{ .name = "retransmissions", .title = "RETX", .help = "Retransmitted TCP segments, both directions.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 3, .desc = true, .get = v_pairs_get_retransmissions },
	{ .name = "first", .title = "FIRST SEEN", .help = "Time of the first packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 5, .get = v_pairs_get_first },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 4, .desc = true, .get = v_pairs_get_last },
	{ .name = "name", NAMES_OF("address", "HOST NAME", "Name of the host, with the mark of its origin."), .get = v_pairs_get_name },
	{ .name = "peer_name", NAMES_OF("peer", "PEER NAME", "Name of the peer, with the mark of its origin."), .get = v_pairs_get_peer_name },
};
/* clang-format on */

static uint32_t
v_pairs_slots(const struct ledger *l)
{
	return l->pairs.table.used;
}

static const void *
v_pairs_row(const struct scope *s, uint32_t i)
{
	const struct pair *p = &s->ledger->pairs.row[i];

	return scope_shows_kind(s, p->kind) && traffic_count(&v_pairs_traffic, s, p).packets > 0
	    ? p
	    : NULL;
}

/* The class of evicted flows is not known. */
static const void *
v_pairs_other(const struct scope *s)
{
	const struct pair *p = &s->ledger->pairs.other;

	return scope_shows_all(s) && traffic_count(&v_pairs_traffic, s, p).packets > 0 ? p : NULL;
}

static void
v_pairs_key(const void *row, struct row_key *k)
{
	const struct pair *p = row;
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put(k, 0, p->kind, 1);
	at = row_key_put_addr(k, at, &p->end[0]);
	row_key_put_addr(k, at, &p->end[1]);
}

const struct view view_pairs = {
	.name = "pairs",
	.title = "Pairs",
	.help = "Pairs of hosts, over all ports; Enter shows their flows.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_pairs_slots,
	.row = v_pairs_row,
	.other_row = v_pairs_other,
	.row_key = v_pairs_key,
	.hides_own_session = true,
	.extras = LEDGER_PAIRS,
};
