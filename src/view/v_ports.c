/* Ports: what services are used, at the service's end of each flow. */
#include "config.h"

#include "dissect/dissect.h"
#include "util/attr.h"
#include "view/columns.h"
#include "view/own_session.h"

#define IP_PROTO_TCP 6

/* True if the hidden SSH session is part of p. */
static bool
v_ports_has_own_session(const struct scope *s, const struct port *p)
{
	return s->own.session != NULL && s->own.flows != 0 && !p->other &&
	    p->proto == IP_PROTO_TCP && p->kind == ADDR_IP4 && p->port == s->own.port;
}

static struct tally
v_ports_sum_of(const struct tally t[2])
{
	return (struct tally){ t[0].packets + t[1].packets, t[0].bytes + t[1].bytes };
}

static struct tally
v_ports_count(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	const struct port *p = row;
	struct tally sum = scope_count_both(s, &p->meter);

	return v_ports_has_own_session(s, p) ? tally_subtract(sum, v_ports_sum_of(s->own.counted))
					     : sum;
}

static struct tally
v_ports_interval(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	const struct port *p = row;
	const struct tally ways[2] = { scope_rate_tally(s, &p->meter, 0),
		scope_rate_tally(s, &p->meter, 1) };
	struct tally sum = v_ports_sum_of(ways);

	if (!v_ports_has_own_session(s, p))
		return sum;
	return tally_subtract(sum, v_ports_sum_of(s->whole_time ? s->own.counted : s->own.delta));
}

static struct value
v_ports_window(const struct scope *s, const void *row, enum meter_window w)
{
	const struct port *p = row;
	struct value v = scope_window(s, &p->meter, w);

	if (v.type == V_BYTE_RATE && v_ports_has_own_session(s, p))
		v.x = v.x > s->own.rate[w] ? v.x - s->own.rate[w] : 0;
	return v;
}

static struct value
v_ports_peak(const struct scope *s, const void *row)
{
	const struct port *p = row;

	return p->other || v_ports_has_own_session(s, p) ? value_none() : scope_peak(s, &p->meter);
}

static const struct row_traffic v_ports_traffic = {
	.one_way = true,
	.count = v_ports_count,
	.interval = v_ports_interval,
	.window = v_ports_window,
	.peak = v_ports_peak,
};

static struct value
v_ports_get_service(const struct scope *s, const void *row)
{
	const struct port *p = row;
	const char *name = NULL;

	(void)s;
	if (p->other)
		return value_textf(OTHER_TEXT);
	if (p->has_port)
		name = service_name(port_space(p->kind, p->proto), p->port);
	return name != NULL ? value_textf("%s", name) : value_none();
}

static struct value
v_ports_get_protocol(const struct scope *s, const void *row)
{
	const struct port *p = row;
	char scratch[16];

	(void)s;
	if (p->other)
		return value_none();
	return value_textf("%s", flow_proto_name(p->kind, p->proto, scratch));
}

/* Always the number: the service has a column of its own. */
static struct value
v_ports_get_port(const struct scope *s, const void *row)
{
	const struct port *p = row;

	(void)s;
	return p->has_port ? value_n(V_PORT, p->port) : value_none();
}

static struct value
v_ports_get_flows(const struct scope *s, const void *row)
{
	const struct port *p = row;

	return value_n(V_COUNT, p->flows - (v_ports_has_own_session(s, p) ? s->own.flows : 0));
}

static struct value
v_ports_wait(const struct scope *s, const void *row, unsigned percent)
{
	const struct ports *ps = &s->ledger->ports;
	const struct port *p = row;

	return p->other ? value_none() : value_wait(&ps->wait[p - ps->row], percent);
}

static struct value
v_ports_get_srv(const struct scope *s, const void *row)
{
	return v_ports_wait(s, row, 50);
}

static struct value
v_ports_get_srv_p95(const struct scope *s, const void *row)
{
	return v_ports_wait(s, row, 95);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "service", .title = "SERVICE",
	  .help = "Usual name of the service at that port, if there is one.",
	  .type = V_TEXT, .min = 10, .max = 20, .drop = 1, .left = true, .get = v_ports_get_service },
	{ .name = "protocol", .title = "PROTO", .help = "IP protocol, or ethertype if not IP.",
	  .type = V_TEXT, .min = 6, .max = 10, .drop = 1, .left = true, .identifies = true, .get = v_ports_get_protocol },
	{ .name = "port", .title = "PORT", .help = "Port of the service.",
	  .type = V_PORT, .min = 6, .max = 6, .identifies = true, .get = v_ports_get_port },
	{ TRAFFIC_BYTES(v_ports_traffic), .drop = 3, .help = "Bytes, both directions." },
	{ TRAFFIC_PACKETS(v_ports_traffic), .drop = 5, .help = "Packets, both directions." },
	{ TRAFFIC_BPS(v_ports_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_ports_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_ports_traffic), .drop = 4, .help = "Packets per second, both directions." },
	{ TRAFFIC_SHARE(v_ports_traffic, 6), .drop = 2, .help = "Share of all traffic." },
	{ .name = "flows", .title = "FLOWS", .help = "Flows to this service.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 6, .desc = true, .get = v_ports_get_flows },
	{ .name = "srv", .title = "SRV", .help = "Answer time of its servers, without the network: half of the answers are faster.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_ports_get_srv },
	{ .name = "srv_p95", .title = "SRV95", .help = "Answer time of its servers: 95 % of the answers are faster.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_ports_get_srv_p95 },
};
/* clang-format on */

static uint32_t
v_ports_slots(const struct ledger *l)
{
	return l->ports.table.used;
}

/* A service is counted over IPv4 and IPv6 together, so either of them shows it. */
static const void *
v_ports_row(const struct scope *s, uint32_t i)
{
	const struct port *p = &s->ledger->ports.row[i];

	if (!(s->classes & (1u << traffic_class_of(p->kind, p->proto))))
		return NULL;
	if (p->kind == ADDR_IP4 && !s->ip4 && !s->ip6)
		return NULL;
	return !(s->since_baseline || v_ports_has_own_session(s, p)) ||
		traffic_count(&v_ports_traffic, s, p).packets > 0
	    ? p
	    : NULL;
}

/* The class of evicted services is not known. */
static const void *
v_ports_other(const struct scope *s)
{
	const struct port *p = &s->ledger->ports.other;

	return scope_shows_all(s) && traffic_count(&v_ports_traffic, s, p).packets > 0 ? p : NULL;
}

static void
v_ports_key(const void *row, struct row_key *k)
{
	const struct port *p = row;
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put(k, 0, p->kind, 1);
	at = row_key_put(k, at, p->proto, 2);
	at = row_key_put(k, at, p->has_port, 1);
	row_key_put(k, at, p->port, 2);
}

const struct view view_ports = {
	.name = "ports",
	.title = "Ports",
	.short_title = "Port",
	.help = "Services, by protocol and port.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_ports_slots,
	.row = v_ports_row,
	.other_row = v_ports_other,
	.row_key = v_ports_key,
	.hides_own_session = true,
};
