/* Flows: who talks to whom, over what. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/own_session.h"
#include "view/row_filter.h"

/* The row "(other)" is the meter of evicted flows. */
static bool
v_flows_is_other(const struct scope *s, const void *row)
{
	return row == &s->ledger->flows.other;
}

/* The end that is shown on the left (0) or right (1): the initiator is on the left. */
static int
v_flows_end(const struct scope *s, const struct flow *f, int shown)
{
	return s->ends_as_counted || !flow_is_reversed(f) ? shown : !shown;
}

static const struct addr *
v_flows_addr(const struct scope *s, const struct flow *f, int shown)
{
	return v_flows_end(s, f, shown) == 0 ? &f->key.a : &f->key.b;
}

static const struct meter *
v_flows_meter(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	return v_flows_is_other(s, row) ? &s->ledger->flows.other : &f->meter;
}

static struct tally
v_flows_count(const struct scope *s, const void *row, int way)
{
	const struct meter *m = v_flows_meter(s, row);
	bool other = v_flows_is_other(s, row);
	struct tally all;

	way = other ? way : v_flows_end(s, row, way);
	all = other ? m->t[way] : flow_tally(row, way);
	return tally_minus(all, &baseline_of(scope_baseline(s), m)[way]);
}

static struct tally
v_flows_interval(const struct scope *s, const void *row, int way)
{
	way = v_flows_is_other(s, row) ? way : v_flows_end(s, row, way);
	return scope_rate_tally(s, v_flows_meter(s, row), way);
}

static struct value
v_flows_window(const struct scope *s, const void *row, enum meter_window w)
{
	return scope_window(s, v_flows_meter(s, row), w);
}

static struct value
v_flows_peak(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? value_none() : scope_peak(s, v_flows_meter(s, row));
}

static enum pkt_dir
v_flows_dir(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? DIR_UNKNOWN
					: flow_dir(s->ledger, row, v_flows_end(s, row, 0));
}

/* Out is from the initiator to the responder. */
static const struct row_traffic v_flows_traffic = {
	.dir = v_flows_dir,
	.count = v_flows_count,
	.interval = v_flows_interval,
	.window = v_flows_window,
	.peak = v_flows_peak,
};

static struct value
v_flows_get_protocol(const struct scope *s, const void *row)
{
	const struct flow *f = row;
	char scratch[16];

	if (v_flows_is_other(s, row))
		return value_textf(OTHER_TEXT);
	return value_textf("%s", flow_proto_name(f->key.kind, f->key.proto, scratch));
}

static struct value
v_flows_get_a(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	return v_flows_is_other(s, row) ? value_none()
					: value_addr(f->key.kind, v_flows_addr(s, f, 0));
}

static struct value
v_flows_get_b(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	return v_flows_is_other(s, row) ? value_none()
					: value_addr(f->key.kind, v_flows_addr(s, f, 1));
}

static struct value
v_flows_get_a_name(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row)
	    ? value_none()
	    : value_name(scope_flow_name(s, row, v_flows_end(s, row, 0)));
}

static struct value
v_flows_get_b_name(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row)
	    ? value_none()
	    : value_name(scope_flow_name(s, row, v_flows_end(s, row, 1)));
}

/* Only the server's port has a service name; the other one is ephemeral. */
static struct value
v_flows_port(const struct scope *s, const void *row, int shown)
{
	const struct flow *f = row;
	struct value v;
	int end;

	if (v_flows_is_other(s, row) || !flow_has_ports(f))
		return value_none();
	end = v_flows_end(s, f, shown);
	v = value_n(V_PORT, end == 0 ? f->key.a_port : f->key.b_port);
	v.kind = f->server_end == end ? port_space(f->key.kind, f->key.proto) : SPACE_END;
	return v;
}

static struct value
v_flows_get_a_port(const struct scope *s, const void *row)
{
	return v_flows_port(s, row, 0);
}

static struct value
v_flows_get_b_port(const struct scope *s, const void *row)
{
	return v_flows_port(s, row, 1);
}

static struct value
v_flows_get_app(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	const struct flow_found *found = NULL;

	if (v_flows_is_other(s, row))
		return value_none();
	if (f->app != PROTO_NONE)
		return value_textf("%s", proto_name(f->app));
	found = flow_found(s->ledger, f);
	if (found == NULL || found->app == 0 || found->guessed)
		return value_none();
	return value_textf("%s", s->ledger->apps->app[found->app].name);
}

static struct value
v_flows_get_use(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	if (v_flows_is_other(s, row) || !(f->bits & FLOW_FOLDED))
		return value_none();
	return value_textf(
	    "%s", use_kind_name(use_service_kind(s->ledger->apps, flow_service(s->ledger, f))));
}

static struct value
v_flows_get_service(const struct scope *s, const void *row)
{
	unsigned service =
	    v_flows_is_other(s, row) ? SERVICE_UNKNOWN : flow_service(s->ledger, row);
	char scratch[USE_SERVICE_NAME];

	return service != SERVICE_UNKNOWN
	    ? value_textf("%s", use_service_name(s->ledger->apps, service, scratch))
	    : value_none();
}

static struct value
v_flows_get_dpi(const struct scope *s, const void *row)
{
	const struct flow_found *found =
	    v_flows_is_other(s, row) ? NULL : flow_found(s->ledger, row);

	return found != NULL && found->app != 0
	    ? value_textf("%s%s", s->ledger->apps->app[found->app].name, found->guessed ? "?" : "")
	    : value_none();
}

/* The names of the risks, serious ones first. */
static void
v_flows_risks(struct buf *b, const struct scope *s, const void *row)
{
	const struct flow_found *found =
	    v_flows_is_other(s, row) ? NULL : flow_found(s->ledger, row);
	const struct app_db *apps = s->ledger->apps;

	for (unsigned i = 0; found != NULL && i < 2 * USE_RISKS; i++) {
		uint64_t bit = UINT64_C(1) << i % USE_RISKS;
		bool serious = (apps->serious & bit) != 0;

		if ((found->risks & bit) != 0 && serious == (i < USE_RISKS))
			buf_addf(b, "%s%s", b->len > 0 ? ", " : "", apps->risk[i % USE_RISKS]);
	}
}

static void
v_flows_server_name(struct buf *b, const struct scope *s, const void *row)
{
	const char *name = v_flows_is_other(s, row) ? NULL : flow_server_name(s->ledger, row);

	buf_adds(b, name != NULL ? name : "");
}

static struct value
v_flows_get_alpn(const struct scope *s, const void *row)
{
	bool chosen;
	const char *alpn = v_flows_is_other(s, row) ? NULL : flow_alpn(s->ledger, row, &chosen);

	return alpn != NULL ? value_textf(chosen ? "%s" : "%s?", alpn) : value_none();
}

static struct value
v_flows_get_state(const struct scope *s, const void *row)
{
	const struct flow *f = row;
	const char *name = v_flows_is_other(s, row) ? NULL : flow_state_name(f->state);

	return name != NULL ? value_textf("%s", name) : value_none();
}

static struct value
v_flows_get_problem(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? value_none() : flow_problem(s, row);
}

static struct value
v_flows_get_problem_rank(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? value_none() : flow_problem_rank(s, row);
}

static struct value
v_flows_get_age(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	if (v_flows_is_other(s, row))
		return value_none();
	return value_n(V_DURATION, f->last > f->first ? f->last - f->first : 0);
}

static struct value
v_flows_get_first(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? value_none()
					: value_time(((const struct flow *)row)->first);
}

static struct value
v_flows_get_last(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? value_none()
					: value_time(((const struct flow *)row)->last);
}

static struct value
v_flows_get_source(const struct scope *s, const void *row)
{
	if (v_flows_is_other(s, row))
		return value_none();
	return value_textf("%s", s->ledger->source[((const struct flow *)row)->source].name);
}

static void
v_flows_context(struct buf *b, const struct scope *s, const void *row)
{
	if (!v_flows_is_other(s, row))
		flow_context_text(b, s->ledger, row);
}

static struct value
v_flows_context_number(const struct scope *s, const void *row, enum context_field which)
{
	uint32_t n;

	if (v_flows_is_other(s, row) || !flow_context_field(s->ledger, row, which, &n))
		return value_none();
	return value_n(V_ID, n);
}

static struct value
v_flows_get_vlan(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_VLAN);
}

static struct value
v_flows_get_inner_vlan(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_INNER_VLAN);
}

static struct value
v_flows_get_label(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_LABEL);
}

static struct value
v_flows_get_session(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_SESSION);
}

static struct value
v_flows_get_vni(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_VNI);
}

static struct value
v_flows_get_gre_key(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_GRE_KEY);
}

static struct value
v_flows_get_teid(const struct scope *s, const void *row)
{
	return v_flows_context_number(s, row, CONTEXT_TEID);
}

static uint64_t
v_flows_retransmissions(const struct baseline_tcp *t)
{
	return (uint64_t)t->end[0].retransmissions + t->end[1].retransmissions;
}

static uint64_t
v_flows_out_of_order(const struct baseline_tcp *t)
{
	return (uint64_t)t->end[0].out_of_order + t->end[1].out_of_order;
}

static uint64_t
v_flows_duplicate_acks(const struct baseline_tcp *t)
{
	return (uint64_t)t->end[0].duplicate_acks + t->end[1].duplicate_acks;
}

static uint64_t
v_flows_zero_windows(const struct baseline_tcp *t)
{
	return (uint64_t)t->end[0].zero_windows + t->end[1].zero_windows;
}

static uint64_t
v_flows_resets(const struct baseline_tcp *t)
{
	return t->resets;
}

static struct value
v_flows_get_duplicates(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? value_none()
					: value_n(V_COUNT, scope_tcp_counts(s, row).duplicates);
}

/* Counts that only TCP connections have. */
static struct value
v_flows_tcp_count(
    const struct scope *s, const void *row, uint64_t (*count)(const struct baseline_tcp *t))
{
	const struct flow *f = row;
	struct baseline_tcp t;

	if (v_flows_is_other(s, row) || f->state == FLOW_NONE)
		return value_none();
	t = scope_tcp_counts(s, f);
	return value_n(V_COUNT, count(&t));
}

static struct value
v_flows_get_retransmissions(const struct scope *s, const void *row)
{
	return v_flows_tcp_count(s, row, v_flows_retransmissions);
}

static struct value
v_flows_get_out_of_order(const struct scope *s, const void *row)
{
	return v_flows_tcp_count(s, row, v_flows_out_of_order);
}

static struct value
v_flows_get_duplicate_acks(const struct scope *s, const void *row)
{
	return v_flows_tcp_count(s, row, v_flows_duplicate_acks);
}

static struct value
v_flows_get_zero_windows(const struct scope *s, const void *row)
{
	return v_flows_tcp_count(s, row, v_flows_zero_windows);
}

static struct value
v_flows_get_resets(const struct scope *s, const void *row)
{
	return v_flows_tcp_count(s, row, v_flows_resets);
}

static struct value
v_flows_get_ttl(const struct scope *s, const void *row)
{
	const struct flow *f = row;

	if (v_flows_is_other(s, row) || (f->key.kind != ADDR_IP4 && f->key.kind != ADDR_IP6))
		return value_none();
	return value_n(V_ID, f->ttl);
}

/* All that were seen, each way. */
static struct value
v_flows_get_flags(const struct scope *s, const void *row)
{
	const struct flow *f = row;
	struct value v = value_textf("%s", "");
	struct buf b;

	if (v_flows_is_other(s, row) || f->state == FLOW_NONE)
		return value_none();
	buf_init(&b, v.text, sizeof(v.text));
	tcp_flags_text(&b, f->end[v_flows_end(s, f, 0)].flags);
	buf_addc(&b, '/');
	tcp_flags_text(&b, f->end[v_flows_end(s, f, 1)].flags);
	return v;
}

static struct value
v_flows_rtt(bool known, uint32_t us)
{
	return known ? value_n(V_DURATION, (uint64_t)us * 1000) : value_none();
}

static struct value
v_flows_get_rtt(const struct scope *s, const void *row)
{
	uint32_t us = 0;
	bool known = !v_flows_is_other(s, row) && flow_rtt(row, &us);

	return v_flows_rtt(known, us);
}

/* Of a connection: the handshake, which no server delays, else the smoothed time. */
static struct value
v_flows_get_net(const struct scope *s, const void *row)
{
	uint32_t us = 0;
	bool known =
	    !v_flows_is_other(s, row) && (flow_handshake_rtt(row, &us) || flow_rtt(row, &us));

	return v_flows_rtt(known, us);
}

static struct value
v_flows_get_srv(const struct scope *s, const void *row)
{
	const struct flow_wait *w = v_flows_is_other(s, row) ? NULL : flow_wait(s->ledger, row);

	return v_flows_rtt(w != NULL && w->n_server > 0, w != NULL ? w->server : 0);
}

static struct value
v_flows_get_think(const struct scope *s, const void *row)
{
	const struct flow_wait *w = v_flows_is_other(s, row) ? NULL : flow_wait(s->ledger, row);

	return v_flows_rtt(w != NULL && w->n_client > 0, w != NULL ? w->client : 0);
}

static struct value
v_flows_get_handshake(const struct scope *s, const void *row)
{
	uint32_t us = 0;
	bool known = !v_flows_is_other(s, row) && flow_handshake_rtt(row, &us);

	return v_flows_rtt(known, us);
}

/* The processes that both directions count for. */
static bool
v_flows_processes(const struct scope *s, const void *row, const struct process *ends[2])
{
	if (v_flows_is_other(s, row))
		return false;
	for (int end = 0; end < 2; end++)
		ends[end] = flow_process(s->ledger, row, end);
	return ends[0] != NULL && ends[1] != NULL;
}

static struct value
v_flows_get_process(const struct scope *s, const void *row)
{
	const struct process *ends[2];
	struct value v = value_textf("%s", "");
	struct buf b;

	if (!v_flows_processes(s, row, ends))
		return value_none();
	buf_init(&b, v.text, sizeof(v.text));
	process_name(&b, &ends[0]->facts);
	if (ends[1] != ends[0]) {
		buf_addc(&b, '/');
		process_name(&b, &ends[1]->facts);
	}
	return v;
}

/* A text of the processes of both ends, "x/y" if they differ. */
static struct value
v_flows_process_text(const struct scope *s, const void *row, size_t offset)
{
	const struct process *ends[2];
	const char *text[2];

	if (!v_flows_processes(s, row, ends))
		return value_none();
	for (int end = 0; end < 2; end++)
		text[end] = (const char *)&ends[end]->facts + offset;
	if (strcmp(text[0], text[1]) != 0)
		return value_textf("%s/%s", text[0], text[1]);
	return *text[0] != '\0' ? value_textf("%s", text[0]) : value_none();
}

static struct value
v_flows_get_user(const struct scope *s, const void *row)
{
	return v_flows_process_text(s, row, offsetof(struct process_facts, user));
}

static struct value
v_flows_get_unit(const struct scope *s, const void *row)
{
	return v_flows_process_text(s, row, offsetof(struct process_facts, unit));
}

static struct value
v_flows_get_container(const struct scope *s, const void *row)
{
	return v_flows_process_text(s, row, offsetof(struct process_facts, container));
}

/* The figures of the kernel of this machine; NULL if there are none. */
static const struct kernel_tcp *
v_flows_kernel(const struct scope *s, const void *row)
{
	return v_flows_is_other(s, row) ? NULL : flow_kernel(s->ledger, row);
}

static struct value
v_flows_get_kernel_rtt(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return v_flows_rtt(k != NULL && k->rtt_us > 0, k != NULL ? k->rtt_us : 0);
}

static struct value
v_flows_get_cwnd(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL ? value_n(V_COUNT, k->cwnd) : value_none();
}

static struct value
v_flows_get_ssthresh(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL && k->ssthresh > 0 ? value_n(V_COUNT, k->ssthresh) : value_none();
}

static struct value
v_flows_get_kernel_retx(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL ? value_n(V_COUNT, k->retransmissions) : value_none();
}

static struct value
v_flows_get_delivery_rate(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL && k->delivery_rate > 0 ? scope_live_rate(s, (double)k->delivery_rate)
						 : value_none();
}

static struct value
v_flows_get_recv_queue(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL ? value_n(V_BYTES, k->recv_queue) : value_none();
}

static struct value
v_flows_get_send_queue(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL ? value_n(V_BYTES, k->send_queue) : value_none();
}

static struct value
v_flows_get_congestion(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL && *k->congestion != '\0' ? value_textf("%s", k->congestion)
						   : value_none();
}

static const char *const kernel_limits[KERNEL_LIMITS] = {
	[KERNEL_LIMIT_WINDOW] = "congestion window",
	[KERNEL_LIMIT_RECEIVER] = "receiver",
	[KERNEL_LIMIT_BUFFER] = "send buffer",
	[KERNEL_LIMIT_APPLICATION] = "application",
};

static struct value
v_flows_get_limited(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);

	return k != NULL && kernel_limits[k->limited] != NULL
	    ? value_textf("%s", kernel_limits[k->limited])
	    : value_none();
}

static void
v_flows_add_time(struct buf *b, const char *what, const struct value *time)
{
	static const struct units exact = { .numeric = true };

	buf_adds(b, what);
	if (time->type == V_NONE)
		buf_adds(b, "unknown");
	else
		value_text(b, time, &exact);
}

/* Compares the round-trip times of the wire and the kernel. */
static struct value
v_flows_get_kernel(const struct scope *s, const void *row)
{
	const struct kernel_tcp *k = v_flows_kernel(s, row);
	struct value v = value_textf("%s", ""), wire = v_flows_get_rtt(s, row),
		     own = v_flows_get_kernel_rtt(s, row);
	struct buf b;

	if (k == NULL)
		return value_none();
	buf_init(&b, v.text, sizeof(v.text));
	v_flows_add_time(&b, "wire RTT ", &wire);
	v_flows_add_time(&b, ", kernel ", &own);
	buf_addf(&b, "; cwnd %lu", (unsigned long)k->cwnd);
	if (kernel_limits[k->limited] != NULL)
		buf_addf(&b, ", limited by %s", kernel_limits[k->limited]);
	return v;
}

static struct value
v_flows_place(const struct scope *s, enum place_fact fact, const struct flow *f, int end)
{
	if (v_flows_is_other(s, f))
		return value_none();
	return value_place(s, fact, f->key.kind, v_flows_addr(s, f, end));
}

static struct value
v_flows_get_a_country(const struct scope *s, const void *row)
{
	return v_flows_place(s, PLACE_COUNTRY, row, 0);
}

static struct value
v_flows_get_b_country(const struct scope *s, const void *row)
{
	return v_flows_place(s, PLACE_COUNTRY, row, 1);
}

static struct value
v_flows_get_a_asn(const struct scope *s, const void *row)
{
	return v_flows_place(s, PLACE_ASN, row, 0);
}

static struct value
v_flows_get_b_asn(const struct scope *s, const void *row)
{
	return v_flows_place(s, PLACE_ASN, row, 1);
}

static struct value
v_flows_get_a_as_name(const struct scope *s, const void *row)
{
	return v_flows_place(s, PLACE_AS_NAME, row, 0);
}

static struct value
v_flows_get_b_as_name(const struct scope *s, const void *row)
{
	return v_flows_place(s, PLACE_AS_NAME, row, 1);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "protocol", .title = "PROTO", .help = "IP protocol, or ethertype if not IP.",
	  .type = V_TEXT, .min = 6, .max = 7, .drop = 2, .left = true, .identifies = true, .get = v_flows_get_protocol },
	{ .name = "a", .title = "FROM", .help = "Address of the initiator.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_flows_get_a },
	{ .name = "a_port", .title = "PORT", .help = "Port of the initiator.",
	  .type = V_PORT, .min = 6, .max = 6, .drop = 6, .left = true, .identifies = true, .get = v_flows_get_a_port },
	{ .name = "b", .title = "TO", .help = "Address of the responder.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_flows_get_b },
	{ .name = "b_port", .title = "PORT", .help = "Port of the responder.",
	  .type = V_PORT, .min = 8, .max = 10, .drop = 1, .left = true, .identifies = true, .get = v_flows_get_b_port },
	{ .name = "app", .title = "APP", .help = "Application protocol, detected by content and port.",
	  .type = V_TEXT, .min = 6, .max = 8, .drop = 7, .left = true, .get = v_flows_get_app },
	{ .name = "server_name", .title = "SERVER",
	  .help = "Server that the client requested in TLS, QUIC or HTTP.",
	  .type = V_TEXT, .min = 12, .max = 40, .drop = 17, .left = true, .text = v_flows_server_name },
	{ .name = "state", .title = "STATE", .help = "State of the TCP connection.",
	  .type = V_TEXT, .min = 12, .max = 12, .drop = 2, .left = true, .trouble = TROUBLE_OF_FLOW, .get = v_flows_get_state },
	{ .name = "bps_ab", .title = "SENT", .help = "Bits per second from initiator to responder.",
	  TRAFFIC_CELL(V_BYTE_RATE, 6, v_flows_traffic, traffic_get_bps_out), .drop = 2 },
	{ .name = "bps_ba", .title = "RECV", .help = "Bits per second from responder to initiator.",
	  TRAFFIC_CELL(V_BYTE_RATE, 6, v_flows_traffic, traffic_get_bps_in), .drop = 2 },
	{ TRAFFIC_BPS(v_flows_traffic), .drop = 1, .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_flows_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_flows_traffic), .drop = 12, .help = "Packets per second, both directions." },
	{ .name = "bytes_ab", .title = "BYTES SENT", .help = "Bytes from initiator to responder.",
	  TRAFFIC_CELL(V_BYTES, 11, v_flows_traffic, traffic_get_bytes_out), .drop = DROP_DETAIL + 2 },
	{ .name = "bytes_ba", .title = "BYTES RECV", .help = "Bytes from responder to initiator.",
	  TRAFFIC_CELL(V_BYTES, 11, v_flows_traffic, traffic_get_bytes_in), .drop = DROP_DETAIL + 2 },
	{ TRAFFIC_BYTES(v_flows_traffic), .drop = 8, .help = "Bytes, both directions." },
	{ .name = "packets_ab", .title = "PKTS SENT", .help = "Packets from initiator to responder.",
	  TRAFFIC_CELL(V_COUNT, 10, v_flows_traffic, traffic_get_packets_out), .drop = DROP_DETAIL + 3 },
	{ .name = "packets_ba", .title = "PKTS RECV", .help = "Packets from responder to initiator.",
	  TRAFFIC_CELL(V_COUNT, 10, v_flows_traffic, traffic_get_packets_in), .drop = DROP_DETAIL + 3 },
	{ TRAFFIC_PACKETS(v_flows_traffic), .drop = DROP_DETAIL + 1, .help = "Packets, both directions." },
	{ TRAFFIC_SHARE(v_flows_traffic, 6), .drop = DROP_DETAIL, .help = "Share of all traffic." },
	{ .name = "age", .title = "AGE", .help = "Time between the first and the most recent packet.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL + 1, .desc = true, .get = v_flows_get_age },
	{ .name = "first", .title = "FIRST SEEN", .help = "Time of the first packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 5, .outputs = IN_SNAPSHOT, .get = v_flows_get_first },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 4, .desc = true, .outputs = IN_SNAPSHOT, .get = v_flows_get_last },
	{ .name = "source", .title = "SOURCE", .help = "Interface or file of the first packet.",
	  .type = V_TEXT, .min = 8, .max = 24, .drop = 15, .left = true, .get = v_flows_get_source },
	{ .name = "vlan", .title = "VLAN", .help = "Outermost VLAN.",
	  .type = V_ID, .min = 5, .max = 5, .drop = 14, .get = v_flows_get_vlan },
	{ .name = "retransmissions", .title = "RETX", .help = "Retransmitted TCP segments, both directions.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 11, .desc = true, .trouble = TROUBLE_IF_MANY, .get = v_flows_get_retransmissions },
	{ .name = "rtt", .title = "RTT", .help = "Round-trip time: smoothed; that of the handshake in the first minute, if a half is unknown.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = 10, .desc = true, .get = v_flows_get_rtt },
	{ .name = "handshake", .title = "SYN RTT", .help = "Round-trip time of the TCP handshake.",
	  .type = V_DURATION, .min = 7, .max = 7, .drop = 18, .desc = true, .get = v_flows_get_handshake },
	{ .name = "net", .title = "NET", .help = "Waiting for the network: round-trip time of the handshake, otherwise smoothed.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_flows_get_net },
	{ .name = "srv", .title = "SRV", .help = "Waiting for the server, from the end of a request to its answer, without the network.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_flows_get_srv },
	{ .name = "think", .title = "THINK", .help = "Waiting for the client, from the end of an answer to the next request.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_flows_get_think },
	{ .name = "out_of_order", .title = "OOO", .help = "TCP segments that arrived after later ones.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 18, .desc = true, .get = v_flows_get_out_of_order },
	{ .name = "duplicate_acks", .title = "DUPACK", .help = "Duplicate TCP acknowledgements, sent if data is missing.",
	  .type = V_COUNT, .min = 7, .max = 7, .drop = 19, .desc = true, .get = v_flows_get_duplicate_acks },
	{ .name = "zero_windows", .title = "ZEROWIN", .help = "Zero-window advertisements.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 19, .desc = true, .get = v_flows_get_zero_windows },
	{ .name = "resets", .title = "RESETS", .help = "TCP resets.",
	  .type = V_COUNT, .min = 7, .max = 7, .drop = 19, .desc = true, .trouble = TROUBLE_IF_RESET, .get = v_flows_get_resets },
	{ .name = "duplicates", .title = "DUPS", .help = "Packets that were captured twice.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 19, .desc = true, .get = v_flows_get_duplicates },
	{ .name = "alpn", .title = "ALPN",
	  .help = "Protocol within TLS or QUIC (ALPN); with ?, what the client offered.",
	  .type = V_TEXT, .min = 8, .max = 16, .drop = 20, .left = true, .outputs = IN_FLOW_LOG, .get = v_flows_get_alpn },
	{ .name = "flags", .title = "FLAGS",
	  .help = "TCP flags seen from the initiator and from the responder.",
	  .type = V_TEXT, .min = 9, .max = 17, .drop = 19, .left = true, .get = v_flows_get_flags },
	{ .name = "ttl", .title = "TTL", .help = "Time to live, or hop limit, of the first packet.",
	  .type = V_ID, .min = 4, .max = 4, .drop = 19, .outputs = IN_FLOW_LOG, .get = v_flows_get_ttl },
	{ .name = "process", .title = "PROCESS",
	  .help = "Local process that owns the socket, or uid of its user.",
	  .type = V_TEXT, .min = 20, .max = 40, .drop = DROP_DETAIL + 8, .left = true, .get = v_flows_get_process },
	{ .name = "context", .title = "CONTEXT",
	  .help = "Network of the addresses: VLANs, label, session, tunnel.",
	  .type = V_TEXT, .min = 8, .max = 24, .drop = 8, .when_used = true, .left = true, .identifies = true, .text = v_flows_context },
	{ .name = "inner_vlan", .title = "INNER", .help = "Innermost VLAN, if there are several.",
	  .type = V_ID, .min = 6, .max = 6, .drop = DROP_DETAIL - 1, .when_used = true, .get = v_flows_get_inner_vlan },
	{ .name = "label", .title = "LABEL", .help = "MPLS label at the bottom of the stack.",
	  .type = V_ID, .min = 7, .max = 7, .drop = DROP_DETAIL - 1, .when_used = true, .get = v_flows_get_label },
	{ .name = "session", .title = "SESSION", .help = "PPPoE session.",
	  .type = V_ID, .min = 8, .max = 8, .drop = DROP_DETAIL - 1, .when_used = true, .get = v_flows_get_session },
	{ .name = "vni", .title = "VNI", .help = "Network identifier of the enclosing VXLAN, Geneve or LISP tunnel.",
	  .type = V_ID, .min = 8, .max = 8, .drop = DROP_DETAIL - 1, .when_used = true, .get = v_flows_get_vni },
	{ .name = "gre_key", .title = "GRE KEY", .help = "Key of the enclosing GRE tunnel.",
	  .type = V_ID, .min = 10, .max = 10, .drop = DROP_DETAIL - 1, .when_used = true, .get = v_flows_get_gre_key },
	{ .name = "teid", .title = "TEID", .help = "Identifier of the enclosing GTP tunnel.",
	  .type = V_ID, .min = 10, .max = 10, .drop = DROP_DETAIL - 1, .when_used = true, .get = v_flows_get_teid },
	{ .name = "a_country", .title = "FROM CC", .help = "Country of the initiator (ISO 3166).",
	  .type = V_TEXT, .min = 7, .max = 7, .drop = DROP_DETAIL + 6, .when_used = true, .left = true, .outputs = IN_FLOW_LOG, .get = v_flows_get_a_country },
	{ .name = "b_country", .title = "TO CC", .help = "Country of the responder (ISO 3166).",
	  .type = V_TEXT, .min = 7, .max = 7, .drop = DROP_DETAIL + 6, .when_used = true, .left = true, .outputs = IN_FLOW_LOG, .get = v_flows_get_b_country },
	{ .name = "a_asn", .title = "FROM ASN", .help = "Number of the autonomous system of the initiator.",
	  .type = V_ID, .min = 8, .max = 10, .drop = DROP_DETAIL + 6, .outputs = IN_FLOW_LOG, .get = v_flows_get_a_asn },
	{ .name = "b_asn", .title = "TO ASN", .help = "Number of the autonomous system of the responder.",
	  .type = V_ID, .min = 8, .max = 10, .drop = DROP_DETAIL + 6, .outputs = IN_FLOW_LOG, .get = v_flows_get_b_asn },
	{ .name = "a_as_name", .title = "FROM OWNER", .help = "Name of the autonomous system of the initiator.",
	  .type = V_TEXT, .min = 10, .max = 24, .drop = DROP_DETAIL + 6, .when_used = true, .left = true, .outputs = IN_FLOW_LOG, .get = v_flows_get_a_as_name },
	{ .name = "b_as_name", .title = "TO OWNER", .help = "Name of the autonomous system of the responder.",
	  .type = V_TEXT, .min = 10, .max = 24, .drop = DROP_DETAIL + 6, .when_used = true, .left = true, .outputs = IN_FLOW_LOG, .get = v_flows_get_b_as_name },
	{ .name = "a_name", NAMES_OF("a", "FROM NAME", "Name of the initiator."), .outputs = IN_SNAPSHOT | IN_FLOW_LOG, .get = v_flows_get_a_name },
	{ .name = "b_name", NAMES_OF("b", "TO NAME", "Name of the responder."), .outputs = IN_SNAPSHOT | IN_FLOW_LOG, .get = v_flows_get_b_name },
	{ .name = "user", .title = "USER", .help = "User of that process.",
	  .type = V_TEXT, .min = 8, .max = 16, .drop = DROP_DETAIL + 8, .when_used = true, .left = true, .get = v_flows_get_user },
	{ .name = "unit", .title = "UNIT", .help = "Unit of systemd that the process belongs to.",
	  .type = V_TEXT, .min = 10, .max = 32, .drop = DROP_DETAIL + 8, .when_used = true, .left = true, .get = v_flows_get_unit },
	{ .name = "container", .title = "CONTAINER", .help = "Container or pod that the process runs in.",
	  .type = V_TEXT, .min = 10, .max = 40, .drop = DROP_DETAIL + 8, .when_used = true, .left = true, .get = v_flows_get_container },
	{ .name = "use", .title = "USE", .help = "What the flow is for; see the view use.",
	  .type = V_TEXT, .min = 9, .max = 13, .drop = DROP_DETAIL + 1, .left = true, .get = v_flows_get_use },
	{ .name = "service", .title = "SERVICE", .help = "Service of the flow, such as Netflix; else its protocol.",
	  .type = V_TEXT, .min = 8, .max = 16, .drop = DROP_DETAIL + 2, .left = true, .outputs = IN_FLOW_LOG, .get = v_flows_get_service },
	{ .name = "kernel", .title = "KERNEL", .help = "RTT on the wire and by the kernel of this machine, congestion window, and what limits sending.",
	  .type = V_TEXT, .min = 20, .max = 72, .drop = DROP_DETAIL + 9, .when_used = true, .left = true, .get = v_flows_get_kernel },
	{ .name = "kernel_rtt", .title = "KRTT", .help = "Smoothed round-trip time, by the kernel of this machine.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_kernel_rtt },
	{ .name = "cwnd", .title = "CWND", .help = "Congestion window, in segments, by the kernel.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_cwnd },
	{ .name = "ssthresh", .title = "SSTHR", .help = "Slow start threshold, in segments, by the kernel.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_ssthresh },
	{ .name = "kernel_retx", .title = "KRETX", .help = "Segments that the kernel has retransmitted.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_kernel_retx },
	{ .name = "delivery_rate", .title = "DELIVERY", .help = "Delivery rate, in bits per second, by the kernel.",
	  .type = V_BYTE_RATE, .min = 8, .max = 8, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_delivery_rate },
	{ .name = "recv_queue", .title = "RECV-Q", .help = "Bytes received that the process has not read.",
	  .type = V_BYTES, .min = 6, .max = 6, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_recv_queue },
	{ .name = "send_queue", .title = "SEND-Q", .help = "Bytes sent that are not acknowledged.",
	  .type = V_BYTES, .min = 6, .max = 6, .drop = DROP_DETAIL + 9, .when_used = true, .desc = true, .get = v_flows_get_send_queue },
	{ .name = "congestion", .title = "CONGESTION", .help = "Congestion control of the kernel.",
	  .type = V_TEXT, .min = 10, .max = 13, .drop = DROP_DETAIL + 9, .when_used = true, .left = true, .get = v_flows_get_congestion },
	{ .name = "limited", .title = "LIMITED BY", .help = "What mostly keeps the kernel from sending faster.",
	  .type = V_TEXT, .min = 10, .max = 17, .drop = DROP_DETAIL + 9, .when_used = true, .left = true, .get = v_flows_get_limited },
	{ .name = "problem", .title = "PROBLEM",
	  .help = "What is wrong: no answer, refused, retransmits, zero window or reset.",
	  .type = V_TEXT, .min = 11, .max = 11, .drop = 16, .when_used = true, .left = true, .desc = true, .trouble = TROUBLE_OF_FLOW,
	  .get = v_flows_get_problem, .sort_key = v_flows_get_problem_rank },
	{ .name = "dpi", .title = "DPI", .help = "Application that libndpi has found, in its words; ? if it is a guess.",
	  .type = V_TEXT, .min = 8, .max = 16, .drop = DROP_DETAIL + 2, .when_used = true, .left = true, .get = v_flows_get_dpi },
	{ .name = "risks", .title = "RISKS", .help = "Risks that libndpi sees in the flow, serious ones first.",
	  .type = V_TEXT, .min = 12, .max = 40, .drop = DROP_DETAIL + 2, .when_used = true, .left = true, .outputs = IN_FLOW_LOG, .text = v_flows_risks },
};
/* clang-format on */

static uint32_t
v_flows_slots(const struct ledger *l)
{
	return l->flows.table.used;
}

static const void *
v_flows_row(const struct scope *s, uint32_t i)
{
	const struct flow *f = &s->ledger->flows.row[i];

	if (own_session_hides(
		s, f->key.proto, f->key.kind, &f->key.a, f->key.a_port, &f->key.b, f->key.b_port))
		return NULL;
	if (!scope_shows(s, f->key.kind, f->key.proto))
		return NULL;
	return !s->since_baseline || traffic_count(&v_flows_traffic, s, f).packets > 0 ? f : NULL;
}

/* The class of evicted flows is not known. */
static const void *
v_flows_other(const struct scope *s)
{
	const struct meter *m = &s->ledger->flows.other;

	return scope_shows_all(s) && scope_count_both(s, m).packets > 0 ? m : NULL;
}

/*
 * The ends are sorted by address, as the initiator may turn out later.  Successive flows with the
 * same ends differ by their first packet, those of several networks by the context that they
 * started in.  The first packet comes first: of flows that are equal, the oldest is on top.
 */
static void
v_flows_key(const void *row, struct row_key *k)
{
	const struct flow *f = row;
	const struct flowkey *fk = &f->key;
	int c = addr_compare(&fk->a, &fk->b);
	bool straight = c < 0 || (c == 0 && fk->a_port <= fk->b_port);
	unsigned at;

	at = row_key_put(k, 0, f->first, 8);
	at = row_key_put(k, at, fk->kind, 1);
	assert(at == FLOW_KEY_PROTO);
	at = row_key_put(k, at, fk->proto, 2);
	at = row_key_put_addr(k, at, straight ? &fk->a : &fk->b);
	at = row_key_put_addr(k, at, straight ? &fk->b : &fk->a);
	at = row_key_put(k, at, straight ? fk->a_port : fk->b_port, 2);
	at = row_key_put(k, at, straight ? fk->b_port : fk->a_port, 2);
	at = row_key_put(k, at, fk->domain, 1);
	assert(at == ROW_KEY_SORTED);
	row_key_put(k, at, f->context[0], 4);
}

const struct view view_flows = {
	.name = "flows",
	.title = "Flows",
	.short_title = "Flow",
	.help = "Conversations: who talks to whom, over which protocol.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_flows_slots,
	.row = v_flows_row,
	.other_row = v_flows_other,
	.row_key = v_flows_key,
	.hides_own_session = true,
	.leads_to = &view_packets,
	.leads_to_filter = row_filter_packets,
};
