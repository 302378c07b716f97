/* The rows of a JSON report: sources, sizes, protocols, hosts, flows and ports. */
#include "config.h"

#include <stddef.h>

#include "dissect/dissect.h"
#include "export/private.h"
#include "util/attr.h"
#include "view/columns.h"

const struct json_keys json_keys = { "packets", "bytes", "packets_rate", "bytes_rate" };
const struct json_keys json_host_keys[2] = {
	{ "packets_out", "bytes_out", "packets_out_rate", "bytes_out_rate" },
	{ "packets_in", "bytes_in", "packets_in_rate", "bytes_in_rate" },
};
static const struct json_keys flow_keys[2] = {
	{ "packets_ab", "bytes_ab", "packets_ab_rate", "bytes_ab_rate" },
	{ "packets_ba", "bytes_ba", "packets_ba_rate", "bytes_ba_rate" },
};

void
report_json_put_tally(struct json_report *w, const struct json_keys *k, struct tally t)
{
	json_u64(&w->j, k->packets, t.packets);
	json_u64(&w->j, k->bytes, t.bytes);
}

void
report_json_put_rates(struct json_report *w, const struct json_keys *k, struct tally moved)
{
	if (!(w->seconds > 0))
		return;
	json_num(&w->j, k->packets_rate, (double)moved.packets / w->seconds);
	json_num(&w->j, k->bytes_rate, (double)moved.bytes / w->seconds);
}

void
report_json_put_time(struct json_report *w, const char *key, uint64_t ns)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_rfc3339(&b, ns, 9);
	json_str(&w->j, key, text);
}

static void
report_json_put_cell(
    struct json_report *w, const char *key, const struct column *c, const void *row)
{
	struct field_cell cell;

	if (!field_cell_get(&cell, c, w->s, row))
		return;
	if (cell.is_text)
		json_str(&w->j, key, cell.text);
	else
		json_value(&w->j, key, &cell.value);
}

static void
report_json_put_row(struct json_report *w, const struct fields *fs, const void *row)
{
	json_open(&w->j, NULL, '{');
	for (unsigned i = 0; i < fs->n; i++) {
		const struct output_field *f = &fs->at[i];

		if (f->column != NULL)
			report_json_put_cell(w, f->key, f->column, row);
		else
			f->own->put(w, f->own, row);
	}
	json_close(&w->j, '}');
}

/* Fields of a source. */

static void
report_json_put_linktype(void *out, const struct field *f, const void *row)
{
	const struct source_stats *src = row;
	struct json_report *w = out;
	const char *link = w->r->linktype_name != NULL ? w->r->linktype_name(src->linktype) : NULL;

	if (link != NULL)
		json_str(&w->j, f->key, link);
}

static void
report_json_put_source_state(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;

	json_str(&w->j, f->key, report_source_state(row));
}

/* The count at an offset, unless it is 0. */
static void
report_json_put_stamps(void *out, const struct field *f, const void *row)
{
	uint64_t n = *(const uint64_t *)((const char *)row + f->arg);
	struct json_report *w = out;

	if (n > 0)
		json_u64(&w->j, f->key, n);
}

static void
report_json_put_sees_twice(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;

	if (source_sees_duplicates(row))
		json_bool(&w->j, f->key, true);
}

static void
report_json_put_interface_packets(void *out, const struct field *f, const void *row)
{
	const struct coverage *t = &((const struct source_stats *)row)->coverage;
	struct json_report *w = out;

	if (t->known)
		json_u64(&w->j, f->key, t->counted);
}

static void
report_json_put_merged(void *out, const struct field *f, const void *row)
{
	const struct coverage *t = &((const struct source_stats *)row)->coverage;
	struct json_report *w = out;

	if (t->known)
		json_bool(&w->j, f->key, t->estimated);
}

static void
report_json_put_average(void *out, const struct field *f, const void *row)
{
	const struct tally *all = &((const struct source_stats *)row)->totals.all;
	struct json_report *w = out;

	if (all->packets > 0)
		json_fixed(&w->j, f->key, decimal_average(all->bytes, all->packets), 2);
}

static const struct field source_fields[] = {
	{ .key = "name" },
	{ .key = "linktype", .put = report_json_put_linktype },
	{ .key = "state", .put = report_json_put_source_state },
	{ .key = "counted" },
	{ .key = "packets" },
	{ .key = "bytes" },
	{ .key = "kernel_dropped" },
	{ .key = "interface_dropped" },
	{ .key = "stamps_back",
	    .put = report_json_put_stamps,
	    .arg = offsetof(struct source_stats, stamps_back) },
	{ .key = "stamps_wild",
	    .put = report_json_put_stamps,
	    .arg = offsetof(struct source_stats, stamps_wild) },
	{ .key = "duplicates" },
	{ .key = "sees_packets_twice", .put = report_json_put_sees_twice },
	{ .key = "interface_packets", .put = report_json_put_interface_packets },
	{ .key = "missing" },
	{ .key = "merged", .put = report_json_put_merged },
	{ .key = "smallest" },
	{ .key = "largest" },
	{ .key = "average", .put = report_json_put_average },
	{ .key = "last" },
};

void
report_json_put_sources(struct json_report *w)
{
	struct fields fs;

	fields_init(&fs, view_by_name("sources"), source_fields, NITEMS(source_fields), 0);
	json_open(&w->j, "sources", '[');
	for (unsigned i = 0; i < w->l->n_sources; i++)
		report_json_put_row(w, &fs, &w->l->source[i]);
	json_close(&w->j, ']');
}

/* Fields of a range of sizes. */

static void
report_json_put_size_from(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;

	json_u64(&w->j, f->key, ((const struct size_range *)row)->from);
}

static void
report_json_put_size_to(void *out, const struct field *f, const void *row)
{
	const struct size_range *range = row;
	struct json_report *w = out;

	if (range->to != UINT32_MAX)
		json_u64(&w->j, f->key, range->to);
}

static const struct field size_fields[] = {
	{ .key = "from", .put = report_json_put_size_from },
	{ .key = "to", .put = report_json_put_size_to },
	{ .key = "packets" },
};

void
report_json_put_sizes(struct json_report *w)
{
	struct fields fs;

	fields_init(&fs, view_by_name("sizes"), size_fields, NITEMS(size_fields), 0);
	json_open(&w->j, "sizes", '[');
	for (unsigned i = 0; i < n_size_ranges; i++)
		report_json_put_row(w, &fs, &size_ranges[i]);
	json_close(&w->j, ']');
}

/* Fields of a protocol. */

static void
report_json_put_protocol_name(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;

	json_str(&w->j, f->key, proto_name((enum proto)((const struct proto_node *)row)->proto));
}

static const struct field protocol_fields[] = {
	{ .key = "path" },
	{ .key = "name", .put = report_json_put_protocol_name },
	{ .key = "packets" },
	{ .key = "bytes" },
};

/* Fields of a host. */

static void
report_json_put_host_name(void *out, const struct field *f, const void *row)
{
	const struct host *h = row;
	struct json_report *w = out;
	const char *name = ledger_host_name(w->l, h->kind, &h->addr, false).text;

	if (name != NULL)
		json_str(&w->j, f->key, name);
}

static void
report_json_put_host_rates(void *out, const struct field *f, const void *row)
{
	const struct host *h = row;
	struct json_report *w = out;

	report_json_put_rates(
	    w, &json_host_keys[f->arg], scope_class_interval(w->s, h->meter, (int)f->arg));
}

static const struct field host_fields[] = {
	{ .key = "address" },
	{ .key = "name", .put = report_json_put_host_name },
	{ .key = "context" },
	{ .key = "packets_out" },
	{ .key = "bytes_out" },
	{ .key = "packets_out_rate",
	    .put = report_json_put_host_rates,
	    .arg = 0 }, /* and of bytes */
	{ .key = "packets_in" },
	{ .key = "bytes_in" },
	{ .key = "packets_in_rate", .put = report_json_put_host_rates, .arg = 1 },
	{ .key = "flows" },
};

/* Fields of a flow. */

static void
report_json_put_originator(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;

	json_str(&w->j, f->key, flow_is_reversed(row) ? "b" : "a");
}

static void
report_json_put_fact(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;
	uint32_t n;

	if (flow_context_field(w->l, row, (enum context_field)f->arg, &n))
		json_u64(&w->j, f->key, n);
}

static void
report_json_put_flow_rates(void *out, const struct field *f, const void *row)
{
	const struct flow *flow = row;
	struct json_report *w = out;

	report_json_put_rates(
	    w, &flow_keys[f->arg], scope_rate_tally(w->s, &flow->meter, (int)f->arg));
}

/* The time at an offset.  Unlike in the column, the time 0 is written. */
static void
report_json_put_flow_time(void *out, const struct field *f, const void *row)
{
	report_json_put_time(out, f->key, *(const uint64_t *)((const char *)row + f->arg));
}

/* arg: 1 for the handshake's RTT. */
static void
report_json_put_rtt(void *out, const struct field *f, const void *row)
{
	const struct flow *flow = row;
	struct json_report *w = out;
	uint32_t us;

	if (flow->state != FLOW_NONE &&
	    (f->arg == 1 ? flow_handshake_rtt(flow, &us) : flow_rtt(flow, &us)))
		json_fixed(&w->j, f->key, us, 3);
}

/* arg: 1 if the server chose it, 0 if the client only offered it. */
static void
report_json_put_alpn(void *out, const struct field *f, const void *row)
{
	struct json_report *w = out;
	bool chosen;
	const char *alpn = flow_alpn(w->l, row, &chosen);

	if (alpn != NULL && chosen == (f->arg == 1))
		json_str(&w->j, f->key, alpn);
}

static const struct field flow_fields[] = {
	{ .key = "source" },
	{ .key = "protocol" },
	{ .key = "a" },
	{ .key = "a_port" },
	{ .key = "b" },
	{ .key = "b_port" },
	{ .key = "originator", .put = report_json_put_originator },
	{ .key = "context" },
	{ .key = "vni" },
	{ .key = "gre_key" },
	{ .key = "teid" },
	{ .key = "l2tp", .put = report_json_put_fact, .arg = CONTEXT_L2TP },
	{ .key = "isid", .put = report_json_put_fact, .arg = CONTEXT_ISID },
	{ .key = "vlan" },
	{ .key = "inner_vlan" },
	{ .key = "label" },
	{ .key = "session" },
	{ .key = "packets_ab" },
	{ .key = "bytes_ab" },
	{ .key = "packets_ab_rate",
	    .put = report_json_put_flow_rates,
	    .arg = 0 }, /* and of bytes */
	{ .key = "packets_ba" },
	{ .key = "bytes_ba" },
	{ .key = "packets_ba_rate", .put = report_json_put_flow_rates, .arg = 1 },
	{ .key = "first", .put = report_json_put_flow_time, .arg = offsetof(struct flow, first) },
	{ .key = "last", .put = report_json_put_flow_time, .arg = offsetof(struct flow, last) },
	{ .key = "state" },
	{ .key = "duplicates" },
	{ .key = "retransmissions" },
	{ .key = "out_of_order" },
	{ .key = "duplicate_acks" },
	{ .key = "zero_windows" },
	{ .key = "resets" },
	{ .key = "handshake_ms", .put = report_json_put_rtt, .arg = 1 },
	{ .key = "rtt_ms", .put = report_json_put_rtt, .arg = 0 },
	{ .key = "server_name" },
	{ .key = "application", .column = "app" },
	{ .key = "alpn", .put = report_json_put_alpn, .arg = 1 },
	{ .key = "alpn_offered", .put = report_json_put_alpn, .arg = 0 },
};

/* Fields of a port. */
static const struct field port_fields[] = {
	{ .key = "protocol" },
	{ .key = "port" },
	{ .key = "service" },
	{ .key = "packets" },
	{ .key = "bytes" },
	{ .key = "flows" },
};

/* Sums of the rows written, which give those of the rest. */

static void
report_json_count_shown(struct json_shown *s, struct tally t, uint64_t flows)
{
	tally_add(&s->t, t.packets, t.bytes);
	s->flows += flows;
}

static void
report_json_count_protocol(struct json_report *w ATTR_UNUSED, const void *row ATTR_UNUSED)
{
}

static void
report_json_count_host(struct json_report *w, const void *row)
{
	const struct host *h = row;

	for (int way = 0; way < 2; way++)
		report_json_count_shown(
		    &w->shown.hosts[way], scope_class_count(w->s, h->meter, way), 1);
}

static void
report_json_count_flow(struct json_report *w, const void *row)
{
	const struct flow *f = row;

	report_json_count_shown(&w->shown.flows, meter_sum(&f->meter), 1);
}

static void
report_json_count_port(struct json_report *w, const void *row)
{
	const struct port *p = row;

	report_json_count_shown(&w->shown.ports, meter_sum(&p->meter), p->flows);
}

/* The tables. Protocols are always complete: every prefix has its row. */
static const struct json_table {
	const char *key;
	const char *view;
	bool all_rows; /* whatever the display filter and --top say */
	const struct field *fields;
	unsigned n_fields;
	void (*count)(struct json_report *w, const void *row);
} tables[] = {
	{ "protocols", "protocols", true, protocol_fields, NITEMS(protocol_fields),
	    report_json_count_protocol },
	{ "hosts", "talkers", false, host_fields, NITEMS(host_fields), report_json_count_host },
	{ "flows", "flows", false, flow_fields, NITEMS(flow_fields), report_json_count_flow },
	{ "ports", "ports", false, port_fields, NITEMS(port_fields), report_json_count_port },
};

static void
report_json_put_table_rows(struct json_report *w, const struct json_table *table)
{
	const struct view *v = view_by_name(table->view);
	uint32_t top = table->all_rows ? 0 : w->r->top;
	const char *show = table->all_rows ? NULL : w->r->show;
	struct report_table t;
	struct fields fs;

	fields_init(&fs, v, table->fields, table->n_fields, 0);
	report_table_init_by_bytes(&t, v, top, show, w->s);
	json_open(&w->j, table->key, '[');
	for (uint32_t i = 0; i < t.rank.n; i++) {
		report_json_put_row(w, &fs, t.rank.row[i].row);
		table->count(w, t.rank.row[i].row);
	}
	json_close(&w->j, ']');
	report_table_fini(&t);
}

void
report_json_put_tables(struct json_report *w)
{
	for (size_t i = 0; i < NITEMS(tables); i++)
		report_json_put_table_rows(w, &tables[i]);
}
