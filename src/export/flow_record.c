/* The output format of a flow log record. */
#include "config.h"

#include "dissect/dissect.h"
#include "export/csv_json.h"
#include "export/flow_log.h"
#include "util/text.h"
#include "view/columns.h"
#include "view/value.h"

#define NS 1e9

/* One list of fields for the names, CSV and JSON. */
enum form { FORM_NAMES, FORM_CSV, FORM_JSON };

struct record_line {
	struct buf *b;
	enum form form;
	bool comma;
};

/* True if a value is to be written; a missing one is an empty cell, or no key. */
static bool
flow_record_begin_field(struct record_line *ln, const char *name, bool known)
{
	if (ln->form == FORM_JSON && !known)
		return false;
	if (ln->comma)
		buf_addc(ln->b, ',');
	ln->comma = true;
	if (ln->form == FORM_JSON)
		buf_addf(ln->b, "\"%s\":", name);
	else if (ln->form == FORM_NAMES)
		buf_adds(ln->b, name);
	return known && ln->form != FORM_NAMES;
}

static void
flow_record_put_text(struct record_line *ln, const char *name, const char *s)
{
	if (!flow_record_begin_field(ln, name, s != NULL))
		return;
	if (ln->form == FORM_JSON)
		value_quote_json(ln->b, s);
	else
		value_quote_csv(ln->b, s);
}

static void
flow_record_put_count(struct record_line *ln, const char *name, bool known, uint64_t n)
{
	if (flow_record_begin_field(ln, name, known))
		buf_addu(ln->b, n);
}

static void
flow_record_put_seconds(struct record_line *ln, const char *name, bool known, uint64_t ns)
{
	if (flow_record_begin_field(ln, name, known))
		decimal_fixed(ln->b, ns, 9);
}

static void
flow_record_put_real(struct record_line *ln, const char *name, bool known, double x)
{
	if (flow_record_begin_field(ln, name, known))
		decimal_real(ln->b, x);
}

static void
flow_record_put_time(struct record_line *ln, const char *name, uint64_t ns)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_rfc3339(&b, ns, 9);
	flow_record_put_text(ln, name, text);
}

static void
flow_record_put_endpoint(
    struct record_line *ln, const char *name, const char *port_name, const struct flow *f, int end)
{
	const struct flowkey *k = &f->key;
	const struct addr *a = end == 0 ? &k->a : &k->b;
	char text[64];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	addr_text(&b, k->kind, a);
	flow_record_put_text(ln, name, addr_is_present(k->kind, a) ? text : NULL);
	flow_record_put_count(ln, port_name, flow_has_ports(f), end == 0 ? k->a_port : k->b_port);
}

/* The names of a group of fields: minimum, mean, maximum, deviation. */
struct spread_names {
	const char *min, *mean, *max, *deviation;
};

static void
flow_record_put_spread(
    struct record_line *ln, const struct spread_names *names, const struct spread *s, bool time)
{
	double unit = time ? NS : 1;

	if (time)
		flow_record_put_seconds(ln, names->min, s->n > 0, s->min);
	else
		flow_record_put_count(ln, names->min, s->n > 0, s->min);
	flow_record_put_real(ln, names->mean, s->n > 0, s->mean / unit);
	if (time)
		flow_record_put_seconds(ln, names->max, s->n > 0, s->max);
	else
		flow_record_put_count(ln, names->max, s->n > 0, s->max);
	flow_record_put_real(ln, names->deviation, s->n > 0, spread_deviation(s) / unit);
}

static void
flow_record_put_flags(struct record_line *ln, const char *name, bool tcp, uint8_t flags)
{
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	tcp_flags_text(&b, flags);
	flow_record_put_text(ln, name, tcp ? text : NULL);
}

static void
flow_record_put_health(
    struct record_line *ln, const struct flow *f, const struct flow_record *r, bool tcp)
{
	const struct tcp_counts *a = &r->tcp[0], *b = &r->tcp[1];
	uint32_t trip, handshake;
	bool has_trip = flow_rtt(f, &trip), has_shaken = flow_handshake_rtt(f, &handshake);

	flow_record_put_count(ln, "retransmissions_ab", tcp, a->retransmissions);
	flow_record_put_count(ln, "retransmissions_ba", tcp, b->retransmissions);
	flow_record_put_count(ln, "out_of_order_ab", tcp, a->out_of_order);
	flow_record_put_count(ln, "out_of_order_ba", tcp, b->out_of_order);
	flow_record_put_count(ln, "duplicate_acks_ab", tcp, a->duplicate_acks);
	flow_record_put_count(ln, "duplicate_acks_ba", tcp, b->duplicate_acks);
	flow_record_put_count(ln, "zero_windows_ab", tcp, a->zero_windows);
	flow_record_put_count(ln, "zero_windows_ba", tcp, b->zero_windows);
	flow_record_put_count(ln, "resets", tcp, r->resets);
	flow_record_put_seconds(
	    ln, "handshake", r->handshake_done && has_shaken, (uint64_t)handshake * 1000);
	flow_record_put_seconds(ln, "rtt", has_trip, (uint64_t)trip * 1000);
}

static void
flow_record_put_features(struct record_line *ln, const struct flow_record *r)
{
	static const struct spread_names names[] = {
		{ "size_min_ab", "size_mean_ab", "size_max_ab", "size_deviation_ab" },
		{ "size_min_ba", "size_mean_ba", "size_max_ba", "size_deviation_ba" },
		{ "gap_min_ab", "gap_mean_ab", "gap_max_ab", "gap_deviation_ab" },
		{ "gap_min_ba", "gap_mean_ba", "gap_max_ba", "gap_deviation_ba" },
		{ "active_min", "active_mean", "active_max", "active_deviation" },
		{ "idle_min", "idle_mean", "idle_max", "idle_deviation" },
	};

	flow_record_put_spread(ln, &names[0], &r->size[0], false);
	flow_record_put_spread(ln, &names[1], &r->size[1], false);
	flow_record_put_spread(ln, &names[2], &r->gap[0], true);
	flow_record_put_spread(ln, &names[3], &r->gap[1], true);
	flow_record_put_spread(ln, &names[4], &r->active, true);
	flow_record_put_spread(ln, &names[5], &r->idle, true);
}

/* Named like the fields of Zeek's conn.log. */
static void
flow_record_put_zeek(struct record_line *ln, const struct zeek_conn *c)
{
	const struct zeek_conn_end *orig = &c->end[c->orig], *resp = &c->end[!c->orig];
	const char *originator = c->orig == 0 ? "a" : "b";
	bool ip = c->proto != 0;

	flow_record_put_text(ln, "originator", ip ? originator : NULL);
	flow_record_put_text(ln, "history", c->n_history > 0 ? c->history : NULL);
	flow_record_put_count(ln, "orig_bytes", ip, zeek_conn_bytes(c, c->orig));
	flow_record_put_count(ln, "resp_bytes", ip, zeek_conn_bytes(c, !c->orig));
	flow_record_put_count(ln, "orig_pkts", ip, orig->packets);
	flow_record_put_count(ln, "orig_ip_bytes", ip, orig->ip_bytes);
	flow_record_put_count(ln, "resp_pkts", ip, resp->packets);
	flow_record_put_count(ln, "resp_ip_bytes", ip, resp->ip_bytes);
}

static void
flow_record_put_fact(
    struct record_line *ln, const struct ledger *l, const struct flow *f, enum context_field which)
{
	uint32_t n = 0;
	bool known = l != NULL && flow_context_field(l, f, which, &n);

	flow_record_put_count(ln, context_field_name(which), known, n);
}

/* All VLANs except the outermost one, which has its own field. */
static void
flow_record_put_context(struct record_line *ln, const struct ledger *l, const struct flow *f)
{
	char text[2 * CONTEXT_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (l != NULL)
		flow_context_text(&b, l, f);
	flow_record_put_text(ln, "context", b.len > 0 ? text : NULL);
	for (unsigned i = 0; i < CONTEXT_FIELDS; i++)
		if (i != CONTEXT_VLAN)
			flow_record_put_fact(ln, l, f, (enum context_field)i);
}

static void
flow_record_put_all(struct record_line *ln, const struct ledger *l, const struct flow *f,
    const struct flow_record *r, enum flow_end end)
{
	static const char *const ends[] = {
		[FLOW_END_CLOSED] = "closed",
		[FLOW_END_RESET] = "reset",
		[FLOW_END_IDLE] = "idle",
		[FLOW_END_REUSED] = "reused",
		[FLOW_END_EVICTED] = "evicted",
		[FLOW_END_EXIT] = "exit",
	};
	char scratch[FLOW_PROTO_NAME];
	bool tcp = f->state != FLOW_NONE;

	flow_record_put_time(ln, "start", r->first);
	flow_record_put_time(ln, "end", r->last);
	flow_record_put_seconds(ln, "duration", true, r->last - r->first);
	flow_record_put_text(ln, "source", l != NULL ? l->source[f->source].name : NULL);
	flow_record_put_fact(ln, l, f, CONTEXT_VLAN);
	flow_record_put_text(ln, "protocol", flow_proto_name(f->key.kind, f->key.proto, scratch));
	flow_record_put_endpoint(ln, "a", "a_port", f, 0);
	flow_record_put_endpoint(ln, "b", "b_port", f, 1);
	flow_record_put_text(ln, "application", f->app != PROTO_NONE ? proto_name(f->app) : NULL);
	flow_record_put_text(ln, "server_name", l != NULL ? flow_server_name(l, f) : NULL);
	flow_record_put_text(ln, "ended", ends[end]);
	flow_record_put_text(ln, "conn_state", zeek_conn_state(&r->conn));
	flow_record_put_count(ln, "packets_ab", true, r->t[0].packets);
	flow_record_put_count(ln, "bytes_ab", true, r->t[0].bytes);
	flow_record_put_count(ln, "packets_ba", true, r->t[1].packets);
	flow_record_put_count(ln, "bytes_ba", true, r->t[1].bytes);
	flow_record_put_flags(ln, "flags_ab", tcp, r->flags[0]);
	flow_record_put_flags(ln, "flags_ba", tcp, r->flags[1]);
	flow_record_put_health(ln, f, r, tcp);
	flow_record_put_features(ln, r);
	flow_record_put_zeek(ln, &r->conn);
	flow_record_put_context(ln, l, f);
}

void
flow_record_columns(struct buf *b)
{
	static const struct flow none;
	static const struct flow_record nothing;
	struct record_line ln = { .b = b, .form = FORM_NAMES };

	flow_record_put_all(&ln, NULL, &none, &nothing, FLOW_END_EXIT);
	buf_adds(b, CSV_EOL);
}

void
flow_record_line(struct buf *b, bool json, const struct ledger *l, const struct flow *f,
    const struct flow_record *r, enum flow_end end)
{
	struct record_line ln = { .b = b, .form = json ? FORM_JSON : FORM_CSV };

	if (json)
		buf_addc(b, '{');
	flow_record_put_all(&ln, l, f, r, end);
	buf_adds(b, json ? "}\n" : CSV_EOL);
}
