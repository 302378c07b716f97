/* Networks: the talkers, those with the same prefix together. */
#include "config.h"

#include "util/attr.h"
#include "view/columns.h"
#include "view/own_session.h"

enum { OUT, IN }; /* the ways of a network's meters */

/* The hidden SSH session counts as TCP. */
static struct tally
v_networks_hide_own_session(
    const struct scope *s, const struct network *n, int way, bool moved, struct tally t)
{
	if (!(s->classes & (1u << CLASS_TCP)))
		return t;
	return tally_subtract(t, own_session_of_network(s, n, way, moved));
}

static struct tally
v_networks_count_way(const struct scope *s, const struct network *n, int way)
{
	struct tally sum = { 0, 0 }, t;

	for (int c = 0; c < CLASSES; c++) {
		if (!(s->classes & (1u << c)))
			continue;
		t = scope_count(s, &n->meter[c], way);
		tally_add(&sum, t.packets, t.bytes);
	}
	return v_networks_hide_own_session(s, n, way, false, sum);
}

static struct tally
v_networks_count_both(const struct scope *s, const struct network *n)
{
	struct tally sum = v_networks_count_way(s, n, OUT), in = v_networks_count_way(s, n, IN);

	tally_add(&sum, in.packets, in.bytes);
	return sum;
}

static struct tally
v_networks_interval_way(const struct scope *s, const struct network *n, int way)
{
	struct tally sum = { 0, 0 }, t;

	for (int c = 0; c < CLASSES; c++) {
		if (!(s->classes & (1u << c)))
			continue;
		t = scope_rate_tally(s, &n->meter[c], way);
		tally_add(&sum, t.packets, t.bytes);
	}
	return v_networks_hide_own_session(s, n, way, true, sum);
}

static struct tally
v_networks_interval_both(const struct scope *s, const struct network *n)
{
	struct tally sum = v_networks_interval_way(s, n, OUT),
		     in = v_networks_interval_way(s, n, IN);

	tally_add(&sum, in.packets, in.bytes);
	return sum;
}

static struct value
v_networks_get_network(const struct scope *s, const void *row)
{
	const struct network *n = row;

	(void)s;
	if (n->other)
		return value_textf(OTHER_TEXT);
	if (n->kind != ADDR_NONE && n->bits == 0)
		return value_textf(n->kind == ADDR_IP4 ? "rest of IPv4" : "rest of IPv6");
	return value_net(n->kind, &n->addr, n->bits);
}

static struct value
v_networks_get_hosts(const struct scope *s, const void *row)
{
	const struct network *n = row;

	(void)s;
	return n->other ? value_none() : value_n(V_COUNT, n->hosts);
}

static struct value
v_networks_get_bps_in(const struct scope *s, const void *row)
{
	return scope_rate(s, V_BYTE_RATE, v_networks_interval_way(s, row, IN).bytes);
}

static struct value
v_networks_get_bps_out(const struct scope *s, const void *row)
{
	return scope_rate(s, V_BYTE_RATE, v_networks_interval_way(s, row, OUT).bytes);
}

static struct value
v_networks_get_bps(const struct scope *s, const void *row)
{
	return scope_rate(s, V_BYTE_RATE, v_networks_interval_both(s, row).bytes);
}

static struct value
v_networks_window_rate(const struct scope *s, const struct network *n, enum meter_window w)
{
	struct value v = scope_class_window(s, n->meter, w);

	if (v.type == V_BYTE_RATE && (s->classes & (1u << CLASS_TCP)) &&
	    own_session_n_ends_in(s, n) > 0)
		v.x = v.x > s->own.rate[w] ? v.x - s->own.rate[w] : 0;
	return v;
}

static struct value
v_networks_get_bps_10s(const struct scope *s, const void *row)
{
	return v_networks_window_rate(s, row, METER_10S);
}

static struct value
v_networks_get_bps_60s(const struct scope *s, const void *row)
{
	return v_networks_window_rate(s, row, METER_60S);
}

static struct value
v_networks_get_bps_peak(const struct scope *s, const void *row)
{
	const struct network *n = row;

	/* Peaks of evicted hosts, or of hidden traffic, were at other times, so they cannot be
	 * added. */
	return n->other || own_session_n_ends_in(s, n) > 0
	    ? value_none()
	    : scope_class_peak(s, n->meter, &n->peak);
}

static struct value
v_networks_get_pps(const struct scope *s, const void *row)
{
	return scope_rate(s, V_PACKET_RATE, v_networks_interval_both(s, row).packets);
}

static struct value
v_networks_get_bytes_in(const struct scope *s, const void *row)
{
	return value_n(V_BYTES, v_networks_count_way(s, row, IN).bytes);
}

static struct value
v_networks_get_bytes_out(const struct scope *s, const void *row)
{
	return value_n(V_BYTES, v_networks_count_way(s, row, OUT).bytes);
}

static struct value
v_networks_get_bytes(const struct scope *s, const void *row)
{
	return value_n(V_BYTES, v_networks_count_both(s, row).bytes);
}

static struct value
v_networks_get_packets_in(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, v_networks_count_way(s, row, IN).packets);
}

static struct value
v_networks_get_packets_out(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, v_networks_count_way(s, row, OUT).packets);
}

static struct value
v_networks_get_packets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, v_networks_count_both(s, row).packets);
}

static struct value
v_networks_get_share(const struct scope *s, const void *row)
{
	return scope_share(s, v_networks_interval_both(s, row).bytes);
}

static struct value
v_networks_get_flows(const struct scope *s, const void *row)
{
	const struct network *n = row;
	uint64_t hidden = own_session_n_ends_in(s, n) * s->own.flows;

	return value_n(V_COUNT, n->flows > hidden ? n->flows - hidden : 0);
}

static struct value
v_networks_get_first(const struct scope *s, const void *row)
{
	(void)s;
	return value_time(((const struct network *)row)->first);
}

static struct value
v_networks_get_last(const struct scope *s, const void *row)
{
	(void)s;
	return value_time(((const struct network *)row)->last);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "network", .title = "NETWORK", .help = "Addresses of the network; - for non-IP traffic.",
	  .type = V_ADDR, .min = 18, .max = 43, .left = true, .get = v_networks_get_network },
	{ .name = "hosts", .title = "HOSTS",
	  .help = "Hosts seen in the network; an evicted host that returns is counted again.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 4, .desc = true, .get = v_networks_get_hosts },
	{ .name = "bps_in", .title = "IN", .help = "Bits per second received by its hosts.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = 1, .desc = true, .get = v_networks_get_bps_in },
	{ .name = "bps_out", .title = "OUT", .help = "Bits per second sent by its hosts.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = 1, .desc = true, .get = v_networks_get_bps_out },
	{ .name = "bps", .title = "RATE", .help = "Bits per second, both directions.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .desc = true, .get = v_networks_get_bps },
	{ .name = "bps_10s", .title = "10S", .help = "Bits per second over the last 10 s, both directions.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = DROP_DETAIL + 7, .desc = true, .get = v_networks_get_bps_10s },
	{ .name = "bps_60s", .title = "60S", .help = "Bits per second over the last minute, both directions.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = DROP_DETAIL + 7, .desc = true, .get = v_networks_get_bps_60s },
	{ .name = "bps_peak", .title = "PEAK",
	  .help = "Highest rate in any interval, both directions.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = DROP_DETAIL + 7, .desc = true, .get = v_networks_get_bps_peak },
	{ .name = "pps", .title = "PPS", .help = "Packets per second, both directions.",
	  .type = V_PACKET_RATE, .min = 6, .max = 6, .drop = 6, .desc = true, .get = v_networks_get_pps },
	{ .name = "bytes_in", .title = "BYTES IN", .help = "Bytes received by its hosts.",
	  .type = V_BYTES, .min = 9, .max = 9, .drop = 8, .desc = true, .get = v_networks_get_bytes_in },
	{ .name = "bytes_out", .title = "BYTES OUT", .help = "Bytes sent by its hosts.",
	  .type = V_BYTES, .min = 10, .max = 10, .drop = 8, .desc = true, .get = v_networks_get_bytes_out },
	{ .name = "bytes", .title = "BYTES",
	  .help = "Bytes sent and received; traffic between two of its hosts is both.",
	  .type = V_BYTES, .min = 6, .max = 6, .drop = 3, .desc = true, .get = v_networks_get_bytes },
	{ .name = "packets_in", .title = "PKTS IN", .help = "Packets received by its hosts.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 9, .desc = true, .get = v_networks_get_packets_in },
	{ .name = "packets_out", .title = "PKTS OUT", .help = "Packets sent by its hosts.",
	  .type = V_COUNT, .min = 9, .max = 9, .drop = 9, .desc = true, .get = v_networks_get_packets_out },
	{ .name = "packets", .title = "PACKETS", .help = "Packets sent and received.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 7, .desc = true, .get = v_networks_get_packets },
	{ .name = "share", .title = "SHARE",
	  .help = "Share of all traffic that its hosts send or receive.",
	  .type = V_SHARE, .min = 6, .max = 16, .drop = 2, .desc = true, .share_bar = true,
	  .get = v_networks_get_share },
	{ .name = "flows", .title = "FLOWS",
	  .help = "Ends of flows in this network, of any class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 5, .desc = true, .get = v_networks_get_flows },
	{ .name = "first", .title = "FIRST SEEN", .help = "Time of the first packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 11, .get = v_networks_get_first },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 10, .desc = true, .get = v_networks_get_last },
};
/* clang-format on */

static uint32_t
v_networks_slots(const struct ledger *l)
{
	return l->networks.used;
}

static const void *
v_networks_row(const struct scope *s, uint32_t i)
{
	const struct network *n = &s->ledger->networks.row[i];

	return scope_shows_kind(s, n->kind) && v_networks_count_both(s, n).packets > 0 ? n : NULL;
}

/* Evicted hosts are counted by class, but not by address family. */
static const void *
v_networks_other(const struct scope *s)
{
	const struct network *n = &s->ledger->networks.other;

	return s->ip4 && s->ip6 && v_networks_count_both(s, n).packets > 0 ? n : NULL;
}

static void
v_networks_key(const void *row, struct row_key *k)
{
	const struct network *n = row;
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put_addr(k, row_key_put(k, 0, n->kind, 1), &n->addr);
	row_key_put(k, at, n->bits, 1);
}

const struct view view_networks = {
	.name = "networks",
	.title = "Networks",
	.help = "Hosts grouped by network; a changes the prefix length.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_networks_slots,
	.row = v_networks_row,
	.other_row = v_networks_other,
	.row_key = v_networks_key,
	.hides_own_session = true,
	.extras = LEDGER_NETWORKS,
};
