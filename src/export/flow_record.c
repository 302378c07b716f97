/* The output format of a flow log record. */
#include "config.h"

#include <stddef.h>

#include "export/flow_log.h"
#include "export/private.h"
#include "util/attr.h"
#include "util/text.h"
#include "view/columns.h"

#define NS 1e9

/* A record as a line: what it is of, and where it goes. */
struct record_line {
	struct buf *b;
	bool json;
	bool comma;
	struct scope scope;
	const struct flow *flow;
	const struct flow_record *record;
	enum flow_end end;
};

/* True if a value is to be written; a missing one is an empty cell, or no key. */
static bool
flow_record_begin_field(struct record_line *ln, const char *key, bool known)
{
	if (ln->json && !known)
		return false;
	if (ln->comma)
		buf_addc(ln->b, ',');
	ln->comma = true;
	if (ln->json)
		buf_addf(ln->b, "\"%s\":", key);
	return known;
}

static void
flow_record_put_text(struct record_line *ln, const char *key, const char *s)
{
	if (!flow_record_begin_field(ln, key, s != NULL))
		return;
	if (ln->json)
		value_quote_json(ln->b, s);
	else
		value_quote_csv(ln->b, s);
}

static void
flow_record_put_number(struct record_line *ln, const char *key, bool known, uint64_t n)
{
	if (flow_record_begin_field(ln, key, known))
		buf_addu(ln->b, n);
}

static void
flow_record_put_seconds(struct record_line *ln, const char *key, bool known, uint64_t ns)
{
	if (flow_record_begin_field(ln, key, known))
		decimal_fixed(ln->b, ns, 9);
}

static void
flow_record_put_real(struct record_line *ln, const char *key, bool known, double x)
{
	if (flow_record_begin_field(ln, key, known))
		decimal_real(ln->b, x);
}

static void
flow_record_put_cell(struct record_line *ln, const char *key, const struct column *c)
{
	struct field_cell cell;
	bool known = field_cell_get(&cell, c, &ln->scope, ln->flow);

	if (cell.is_text) {
		flow_record_put_text(ln, key, known ? cell.text : NULL);
	} else if (flow_record_begin_field(ln, key, known)) {
		if (ln->json)
			value_json(ln->b, &cell.value);
		else
			value_csv(ln->b, &cell.value);
	}
}

/* The member of the record that a field is about. */
static const void *
flow_record_member(const struct record_line *ln, const struct field *f)
{
	return (const char *)ln->record + f->arg;
}

static void
flow_record_put_time(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const uint64_t *ns = flow_record_member(out, f);
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_rfc3339(&b, *ns, 9);
	flow_record_put_text(out, f->key, text);
}

static void
flow_record_put_duration(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;

	flow_record_put_seconds(ln, f->key, true, ln->record->last - ln->record->first);
}

static void
flow_record_put_ended(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	static const char *const names[] = {
		[FLOW_END_CLOSED] = "closed",
		[FLOW_END_RESET] = "reset",
		[FLOW_END_IDLE] = "idle",
		[FLOW_END_REUSED] = "reused",
		[FLOW_END_EVICTED] = "evicted",
		[FLOW_END_EXIT] = "exit",
	};
	struct record_line *ln = out;

	flow_record_put_text(ln, f->key, names[ln->end]);
}

static void
flow_record_put_count(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const uint64_t *n = flow_record_member(out, f);

	flow_record_put_number(out, f->key, true, *n);
}

static void
flow_record_put_flags(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const uint8_t *flags = flow_record_member(ln, f);
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	tcp_flags_text(&b, *flags);
	flow_record_put_text(ln, f->key, ln->flow->state != FLOW_NONE ? text : NULL);
}

/* Counts of TCP only. */
static void
flow_record_put_tcp_count(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const uint32_t *n = flow_record_member(ln, f);

	flow_record_put_number(ln, f->key, ln->flow->state != FLOW_NONE, *n);
}

static void
flow_record_put_handshake(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	uint32_t us;
	bool known = flow_handshake_rtt(ln->flow, &us) && ln->record->handshake_done;

	flow_record_put_seconds(ln, f->key, known, known ? (uint64_t)us * 1000 : 0);
}

static void
flow_record_put_rtt(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	uint32_t us;
	bool known = flow_rtt(ln->flow, &us);

	flow_record_put_seconds(ln, f->key, known, known ? (uint64_t)us * 1000 : 0);
}

/* Of a spread of sizes, in bytes, and of one of times, in ns. */

static void
flow_record_put_size_min(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_number(out, f->key, s->n > 0, s->min);
}

static void
flow_record_put_size_mean(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_real(out, f->key, s->n > 0, s->mean);
}

static void
flow_record_put_size_max(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_number(out, f->key, s->n > 0, s->max);
}

static void
flow_record_put_size_deviation(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_real(out, f->key, s->n > 0, spread_deviation(s));
}

static void
flow_record_put_time_min(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_seconds(out, f->key, s->n > 0, s->min);
}

static void
flow_record_put_time_mean(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_real(out, f->key, s->n > 0, s->mean / NS);
}

static void
flow_record_put_time_max(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_seconds(out, f->key, s->n > 0, s->max);
}

static void
flow_record_put_time_deviation(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	const struct spread *s = flow_record_member(out, f);

	flow_record_put_real(out, f->key, s->n > 0, spread_deviation(s) / NS);
}

/* Named like the fields of Zeek's conn.log, which has only IP. arg: 0 of the originator, 1 of the
 * responder. */

static int
flow_record_zeek_end(const struct zeek_conn *c, const struct field *f)
{
	return f->arg == 0 ? c->orig : !c->orig;
}

static void
flow_record_put_conn_state(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;

	flow_record_put_text(ln, f->key, zeek_conn_state(&ln->record->conn));
}

static void
flow_record_put_originator(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const struct zeek_conn *c = &ln->record->conn;
	const char *originator = c->orig == 0 ? "a" : "b";

	flow_record_put_text(ln, f->key, c->proto != 0 ? originator : NULL);
}

static void
flow_record_put_history(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const struct zeek_conn *c = &ln->record->conn;

	flow_record_put_text(ln, f->key, c->n_history > 0 ? c->history : NULL);
}

static void
flow_record_put_zeek_bytes(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const struct zeek_conn *c = &ln->record->conn;
	uint64_t n = zeek_conn_bytes(c, flow_record_zeek_end(c, f));

	flow_record_put_number(ln, f->key, c->proto != 0, n);
}

static void
flow_record_put_zeek_packets(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const struct zeek_conn *c = &ln->record->conn;
	uint64_t n = c->end[flow_record_zeek_end(c, f)].packets;

	flow_record_put_number(ln, f->key, c->proto != 0, n);
}

static void
flow_record_put_zeek_ip_bytes(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	const struct zeek_conn *c = &ln->record->conn;
	uint64_t n = c->end[flow_record_zeek_end(c, f)].ip_bytes;

	flow_record_put_number(ln, f->key, c->proto != 0, n);
}

static void
flow_record_put_fact(void *out, const struct field *f, const void *row ATTR_UNUSED)
{
	struct record_line *ln = out;
	uint32_t n = 0;
	bool known = flow_context_field(ln->scope.ledger, ln->flow, (enum context_field)f->arg, &n);

	flow_record_put_number(ln, f->key, known, n);
}

/* clang-format off */
#define COLUMN(key_)            { .key = key_ }
#define RECORD(key_, put_, at_) { .key = key_, .put = flow_record_put_##put_, .arg = offsetof(struct flow_record, at_) }
#define OTHER(key_, put_, arg_) { .key = key_, .put = flow_record_put_##put_, .arg = arg_ }

static const struct field record_fields[] = {
	RECORD("start", time, first),
	RECORD("end", time, last),
	OTHER("duration", duration, 0),
	COLUMN("source"),
	COLUMN("vlan"),
	COLUMN("protocol"),
	COLUMN("a"),
	COLUMN("a_port"),
	COLUMN("b"),
	COLUMN("b_port"),
	{ .key = "application", .column = "app" },
	COLUMN("server_name"),
	OTHER("ended", ended, 0),
	OTHER("conn_state", conn_state, 0),
	RECORD("packets_ab", count, t[0].packets),
	RECORD("bytes_ab", count, t[0].bytes),
	RECORD("packets_ba", count, t[1].packets),
	RECORD("bytes_ba", count, t[1].bytes),
	RECORD("flags_ab", flags, flags[0]),
	RECORD("flags_ba", flags, flags[1]),
	RECORD("retransmissions_ab", tcp_count, tcp[0].retransmissions),
	RECORD("retransmissions_ba", tcp_count, tcp[1].retransmissions),
	RECORD("out_of_order_ab", tcp_count, tcp[0].out_of_order),
	RECORD("out_of_order_ba", tcp_count, tcp[1].out_of_order),
	RECORD("duplicate_acks_ab", tcp_count, tcp[0].duplicate_acks),
	RECORD("duplicate_acks_ba", tcp_count, tcp[1].duplicate_acks),
	RECORD("zero_windows_ab", tcp_count, tcp[0].zero_windows),
	RECORD("zero_windows_ba", tcp_count, tcp[1].zero_windows),
	RECORD("resets", tcp_count, resets),
	OTHER("handshake", handshake, 0),
	OTHER("rtt", rtt, 0),
	RECORD("size_min_ab", size_min, size[0]),
	RECORD("size_mean_ab", size_mean, size[0]),
	RECORD("size_max_ab", size_max, size[0]),
	RECORD("size_deviation_ab", size_deviation, size[0]),
	RECORD("size_min_ba", size_min, size[1]),
	RECORD("size_mean_ba", size_mean, size[1]),
	RECORD("size_max_ba", size_max, size[1]),
	RECORD("size_deviation_ba", size_deviation, size[1]),
	RECORD("gap_min_ab", time_min, gap[0]),
	RECORD("gap_mean_ab", time_mean, gap[0]),
	RECORD("gap_max_ab", time_max, gap[0]),
	RECORD("gap_deviation_ab", time_deviation, gap[0]),
	RECORD("gap_min_ba", time_min, gap[1]),
	RECORD("gap_mean_ba", time_mean, gap[1]),
	RECORD("gap_max_ba", time_max, gap[1]),
	RECORD("gap_deviation_ba", time_deviation, gap[1]),
	RECORD("active_min", time_min, active),
	RECORD("active_mean", time_mean, active),
	RECORD("active_max", time_max, active),
	RECORD("active_deviation", time_deviation, active),
	RECORD("idle_min", time_min, idle),
	RECORD("idle_mean", time_mean, idle),
	RECORD("idle_max", time_max, idle),
	RECORD("idle_deviation", time_deviation, idle),
	OTHER("originator", originator, 0),
	OTHER("history", history, 0),
	OTHER("orig_bytes", zeek_bytes, 0),
	OTHER("resp_bytes", zeek_bytes, 1),
	OTHER("orig_pkts", zeek_packets, 0),
	OTHER("orig_ip_bytes", zeek_ip_bytes, 0),
	OTHER("resp_pkts", zeek_packets, 1),
	OTHER("resp_ip_bytes", zeek_ip_bytes, 1),
	COLUMN("context"),
	COLUMN("vni"),
	COLUMN("gre_key"),
	COLUMN("teid"),
	OTHER("l2tp", fact, CONTEXT_L2TP),
	OTHER("isid", fact, CONTEXT_ISID),
	COLUMN("inner_vlan"),
	COLUMN("label"),
	COLUMN("session"),
};
/* clang-format on */

/* The fields above, and the columns of flows that are marked for the flow log. */
static const struct fields *
flow_record_fields(void)
{
	static struct fields fields;

	if (fields.n == 0)
		fields_init(
		    &fields, &view_flows, record_fields, NITEMS(record_fields), IN_FLOW_LOG);
	return &fields;
}

void
flow_record_columns(struct buf *b)
{
	fields_add_names(b, flow_record_fields());
	buf_adds(b, CSV_EOL);
}

void
flow_record_line(struct buf *b, bool json, const struct ledger *l, const struct flow *f,
    const struct flow_record *r, enum flow_end end)
{
	const struct fields *fs = flow_record_fields();
	struct record_line ln = { .b = b,
		.json = json,
		.scope = scope_of_all(l, true),
		.flow = f,
		.record = r,
		.end = end };

	ln.scope.ends_as_counted = true;
	if (json)
		buf_addc(b, '{');
	for (unsigned i = 0; i < fs->n; i++) {
		if (fs->at[i].own != NULL)
			fs->at[i].own->put(&ln, fs->at[i].own, f);
		else
			flow_record_put_cell(&ln, fs->at[i].key, fs->at[i].column);
	}
	buf_adds(b, json ? "}\n" : CSV_EOL);
}
