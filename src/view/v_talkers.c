/* Talkers: who sends and receives how much, by address. */
#include "config.h"

#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/own_session.h"

/* The hidden SSH session counts as TCP. */
static struct tally
v_talkers_hide_own_session(
    const struct scope *s, const struct host *h, int way, bool moved, struct tally t)
{
	if (!(s->classes & (1u << CLASS_TCP)))
		return t;
	return tally_subtract(t, own_session_of_host(s, h, way, moved));
}

static struct tally
v_talkers_count(const struct scope *s, const void *row, int way)
{
	const struct host *h = row;
	struct tally sum = scope_class_count(s, h->meter, way);

	return v_talkers_hide_own_session(s, h, way, false, sum);
}

static struct tally
v_talkers_interval(const struct scope *s, const void *row, int way)
{
	const struct host *h = row;
	struct tally sum = scope_class_interval(s, h->meter, way);

	return v_talkers_hide_own_session(s, h, way, true, sum);
}

static struct value
v_talkers_window(const struct scope *s, const void *row, enum meter_window w)
{
	const struct host *h = row;
	struct value v = scope_class_window(s, h->meter, w);

	if (v.type == V_BYTE_RATE && (s->classes & (1u << CLASS_TCP)) && own_session_has_host(s, h))
		v.x = v.x > s->own.rate[w] ? v.x - s->own.rate[w] : 0;
	return v;
}

static struct value
v_talkers_peak(const struct scope *s, const void *row)
{
	const struct host *h = row;
	struct value v;

	/* Peaks of evicted hosts were at other times, so they cannot be added. */
	if (h->other)
		return value_none();
	v = scope_class_peak(s, h->meter, &h->peak);
	/* The hidden session is in it. */
	if (v.type == V_BYTE_RATE && own_session_has_host(s, h))
		v.kind = VALUE_APPROXIMATE;
	return v;
}

static const struct row_traffic v_talkers_traffic = {
	.count = v_talkers_count,
	.interval = v_talkers_interval,
	.window = v_talkers_window,
	.peak = v_talkers_peak,
};

static struct value
v_talkers_get_address(const struct scope *s, const void *row)
{
	const struct host *h = row;

	(void)s;
	return h->other ? value_textf(OTHER_TEXT) : value_addr(h->kind, &h->addr);
}

static struct value
v_talkers_get_name(const struct scope *s, const void *row)
{
	const struct host *h = row;

	return h->other ? value_none() : value_name(scope_host_name(s, h->kind, &h->addr));
}

static struct value
v_talkers_get_flows(const struct scope *s, const void *row)
{
	const struct host *h = row;

	return value_n(V_COUNT, h->flows - (own_session_has_host(s, h) ? s->own.flows : 0));
}

static struct value
v_talkers_get_first(const struct scope *s, const void *row)
{
	(void)s;
	return value_time(((const struct host *)row)->first);
}

static struct value
v_talkers_get_last(const struct scope *s, const void *row)
{
	(void)s;
	return value_time(((const struct host *)row)->last);
}

static struct value
v_talkers_get_retransmissions(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).retransmissions);
}

static struct value
v_talkers_get_resets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).resets);
}

static struct value
v_talkers_place(const struct scope *s, enum place_fact fact, const struct host *h)
{
	return h->other ? value_none() : value_place(s, fact, h->kind, &h->addr);
}

static struct value
v_talkers_get_country(const struct scope *s, const void *row)
{
	return v_talkers_place(s, PLACE_COUNTRY, row);
}

static struct value
v_talkers_get_city(const struct scope *s, const void *row)
{
	return v_talkers_place(s, PLACE_CITY, row);
}

static struct value
v_talkers_get_asn(const struct scope *s, const void *row)
{
	return v_talkers_place(s, PLACE_ASN, row);
}

static struct value
v_talkers_get_as_name(const struct scope *s, const void *row)
{
	return v_talkers_place(s, PLACE_AS_NAME, row);
}

static struct value
v_talkers_get_vendor(const struct scope *s, const void *row)
{
	const struct host *h = row;

	return h->other ? value_none() : value_vendor(s, h->kind, &h->addr);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "address", .title = "ADDRESS", .help = "Address of the host.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_talkers_get_address },
	{ .name = "name", .title = "NAME", .help = "Host name, with the mark of its origin.",
	  .type = V_TEXT, .min = 18, .max = 40, .drop = 3, .left = true, .outputs = IN_SNAPSHOT, .get = v_talkers_get_name },
	{ TRAFFIC_BPS_IN(v_talkers_traffic), .drop = 2, .help = "Received bits per second." },
	{ TRAFFIC_BPS_OUT(v_talkers_traffic), .drop = 2, .help = "Sent bits per second." },
	{ TRAFFIC_BPS(v_talkers_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_talkers_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_talkers_traffic), .drop = DROP_DETAIL + 1, .help = "Packets per second, both directions." },
	{ TRAFFIC_BYTES_IN(v_talkers_traffic), .drop = DROP_DETAIL + 2, .help = "Received bytes." },
	{ TRAFFIC_BYTES_OUT(v_talkers_traffic), .drop = DROP_DETAIL + 2, .help = "Sent bytes." },
	{ TRAFFIC_BYTES(v_talkers_traffic), .drop = DROP_DETAIL, .help = "Bytes, both directions." },
	{ TRAFFIC_PACKETS_IN(v_talkers_traffic), .drop = DROP_DETAIL + 3, .help = "Received packets." },
	{ TRAFFIC_PACKETS_OUT(v_talkers_traffic), .drop = DROP_DETAIL + 3, .help = "Sent packets." },
	{ TRAFFIC_PACKETS(v_talkers_traffic), .drop = DROP_DETAIL + 2, .help = "Packets, both directions." },
	{ TRAFFIC_SHARE(v_talkers_traffic, 6), .drop = 6, .help = "Share of all traffic that the host sends or receives." },
	{ .name = "flows", .title = "FLOWS",
	  .help = "Flows that this host takes or took part in, of any class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 4, .desc = true, .get = v_talkers_get_flows },
	{ .name = "first", .title = "FIRST SEEN", .help = "Time of the first packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 5, .get = v_talkers_get_first },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 4, .desc = true, .get = v_talkers_get_last },
	{ .name = "retransmissions", .title = "RETX", .help = "TCP segments that the host retransmitted.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 5, .desc = true, .trouble = TROUBLE_IF_MANY, .get = v_talkers_get_retransmissions },
	{ .name = "resets", .title = "RESETS", .help = "TCP resets that the host sent.",
	  .type = V_COUNT, .min = 7, .max = 7, .drop = 7, .desc = true, .trouble = TROUBLE_IF_RESET, .get = v_talkers_get_resets },
	{ .name = "context", .title = "CONTEXT",
	  .help = "Network of the address, if several networks may use the same address.",
	  .type = V_TEXT, .min = 8, .max = 24, .drop = 8, .when_used = true, .left = true, .identifies = true, .text = host_context_cell },
	{ .name = "country", .title = "COUNTRY", .help = "Country of the address (ISO 3166).",
	  .type = V_TEXT, .min = 7, .max = 7, .drop = 8, .when_used = true, .left = true, .get = v_talkers_get_country },
	{ .name = "city", .title = "CITY", .help = "City of the address.",
	  .type = V_TEXT, .min = 8, .max = 20, .drop = DROP_DETAIL + 5, .when_used = true, .left = true, .get = v_talkers_get_city },
	{ .name = "asn", .title = "ASN", .help = "Number of the autonomous system that owns the address.",
	  .type = V_ID, .min = 6, .max = 10, .drop = DROP_DETAIL + 5, .get = v_talkers_get_asn },
	{ .name = "as_name", .title = "OWNER", .help = "Name of the autonomous system that owns the address.",
	  .type = V_TEXT, .min = 10, .max = 30, .drop = 9, .when_used = true, .left = true, .get = v_talkers_get_as_name },
	{ .name = "vendor", .title = "VENDOR", .help = "Vendor of the network card, from its MAC address.",
	  .type = V_TEXT, .min = 10, .max = 30, .drop = DROP_DETAIL + 5, .when_used = true, .left = true, .get = v_talkers_get_vendor },
};
/* clang-format on */

static uint32_t
v_talkers_slots(const struct ledger *l)
{
	return l->hosts.table.used;
}

/* A host without visible traffic has no row. */
static const void *
v_talkers_row(const struct scope *s, uint32_t i)
{
	const struct host *h = &s->ledger->hosts.row[i];

	if (!scope_shows_kind(s, h->kind))
		return NULL;
	return traffic_count(&v_talkers_traffic, s, h).packets > 0 ? h : NULL;
}

/* Evicted hosts are counted by class, but not by address family. */
static const void *
v_talkers_other(const struct scope *s)
{
	const struct host *h = &s->ledger->hosts.other;

	return s->ip4 && s->ip6 && traffic_count(&v_talkers_traffic, s, h).packets > 0 ? h : NULL;
}

static void
v_talkers_key(const void *row, struct row_key *k)
{
	row_key_put_host(k, row);
}

static bool
v_talkers_is_own(const struct scope *s, const void *row)
{
	const struct host *h = row;

	return h->local && ledger_is_own_address(s->ledger, h->kind, &h->addr);
}

const struct view view_talkers = {
	.name = "talkers",
	.title = "Talkers",
	.short_title = "Talk",
	.help = "Hosts by the traffic they send and receive.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_talkers_slots,
	.row = v_talkers_row,
	.other_row = v_talkers_other,
	.row_key = v_talkers_key,
	.is_own = v_talkers_is_own,
	.hides_own_session = true,
};
