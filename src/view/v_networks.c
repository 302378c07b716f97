/* Networks: the talkers, those with the same prefix together. */
#include "config.h"

#include "util/attr.h"
#include "view/columns.h"
#include "view/own_session.h"
#include "view/row_filter.h"

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
v_networks_count(const struct scope *s, const void *row, int way)
{
	const struct network *n = row;
	struct tally sum = scope_class_count(s, n->meter, way);

	return v_networks_hide_own_session(s, n, way, false, sum);
}

static struct tally
v_networks_interval(const struct scope *s, const void *row, int way)
{
	const struct network *n = row;
	struct tally sum = scope_class_interval(s, n->meter, way);

	return v_networks_hide_own_session(s, n, way, true, sum);
}

static struct value
v_networks_window(const struct scope *s, const void *row, enum meter_window w)
{
	const struct network *n = row;
	struct value v = scope_class_window(s, n->meter, w);

	if (v.type == V_BYTE_RATE && (s->classes & (1u << CLASS_TCP)) &&
	    own_session_n_ends_in(s, n) > 0)
		v.x = v.x > s->own.rate[w] ? v.x - s->own.rate[w] : 0;
	return v;
}

static struct value
v_networks_peak(const struct scope *s, const void *row)
{
	const struct network *n = row;

	/* Peaks of evicted hosts, or of hidden traffic, were at other times, so they cannot be
	 * added. */
	return n->other || own_session_n_ends_in(s, n) > 0
	    ? value_none()
	    : scope_class_peak(s, n->meter, &n->peak);
}

static const struct row_traffic v_networks_traffic = {
	.count = v_networks_count,
	.interval = v_networks_interval,
	.window = v_networks_window,
	.peak = v_networks_peak,
};

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

/* Of a network of one address only. */
static struct value
v_networks_get_name(const struct scope *s, const void *row)
{
	const struct network *n = row;

	if (n->other || n->bits != (n->kind == ADDR_IP4 ? 32 : 128))
		return value_none();
	return value_name(scope_host_name(s, n->kind, &n->addr));
}

static struct value
v_networks_get_hosts(const struct scope *s, const void *row)
{
	const struct network *n = row;

	(void)s;
	return n->other ? value_none() : value_n(V_COUNT, n->hosts);
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
	  .type = V_ADDR, .min = 18, .max = 43, .left = true, .identifies = true, .get = v_networks_get_network },
	{ .name = "hosts", .title = "HOSTS",
	  .help = "Hosts seen in the network; an evicted host that returns is counted again.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 5, .desc = true, .get = v_networks_get_hosts },
	{ TRAFFIC_BPS_IN(v_networks_traffic), .drop = 2, .help = "Bits per second received by its hosts." },
	{ TRAFFIC_BPS_OUT(v_networks_traffic), .drop = 2, .help = "Bits per second sent by its hosts." },
	{ TRAFFIC_BPS(v_networks_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_networks_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_networks_traffic), .drop = 7, .help = "Packets per second, both directions." },
	{ TRAFFIC_BYTES_IN(v_networks_traffic), .drop = 9, .help = "Bytes received by its hosts." },
	{ TRAFFIC_BYTES_OUT(v_networks_traffic), .drop = 9, .help = "Bytes sent by its hosts." },
	{ TRAFFIC_BYTES(v_networks_traffic), .drop = 4, .help = "Bytes sent and received; traffic between two of its hosts is both." },
	{ TRAFFIC_PACKETS_IN(v_networks_traffic), .drop = 10, .help = "Packets received by its hosts." },
	{ TRAFFIC_PACKETS_OUT(v_networks_traffic), .drop = 10, .help = "Packets sent by its hosts." },
	{ TRAFFIC_PACKETS(v_networks_traffic), .drop = 8, .help = "Packets sent and received." },
	{ TRAFFIC_SHARE(v_networks_traffic, 6), .drop = 3, .help = "Share of all traffic that its hosts send or receive." },
	{ .name = "flows", .title = "FLOWS",
	  .help = "Ends of flows in this network, of any class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 6, .desc = true, .get = v_networks_get_flows },
	{ .name = "first", .title = "FIRST SEEN", .help = "Time of the first packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 12, .get = v_networks_get_first },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 11, .desc = true, .get = v_networks_get_last },
	{ .name = "name", NAMES_OF("network", "NAME", "Host name of a network of one address, with the mark of its origin."), .get = v_networks_get_name },
};
/* clang-format on */

static uint32_t
v_networks_slots(const struct ledger *l)
{
	return l->networks.table.used;
}

static const void *
v_networks_row(const struct scope *s, uint32_t i)
{
	const struct network *n = &s->ledger->networks.row[i];

	return scope_shows_kind(s, n->kind) && traffic_count(&v_networks_traffic, s, n).packets > 0
	    ? n
	    : NULL;
}

/* Evicted hosts are counted by class, but not by address family. */
static const void *
v_networks_other(const struct scope *s)
{
	const struct network *n = &s->ledger->networks.other;

	return s->ip4 && s->ip6 && traffic_count(&v_networks_traffic, s, n).packets > 0 ? n : NULL;
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
	.short_title = "Net",
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
	.leads_to = &view_talkers,
	.leads_to_filter = row_filter_row,
};
