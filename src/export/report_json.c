#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "export/csv_json.h"
#include "export/private.h"
#include "export/report.h"
#include "util/attr.h"
#include "view/filter.h"
#include "view/view.h"

#define SCHEMA     "pkttop.report/1"
#define ADDR_TEXT  48
#define PATH_TEXT  256
#define PROTO_TEXT 16

#define NS_PER_S     UINT64_C(1000000000)
#define SECONDS_MOST 60 /* of "traffic" */

struct json_shown {
	struct tally t;
	uint64_t flows;
};

struct json_report {
	struct json j;
	const struct report *r;
	const struct scope *s;
	const struct ledger *l;
	uint64_t columns; /* of the rows being written: the bits of those that have no own key */
	double seconds;   /* of the rates' interval; 0: no rates */
	struct {          /* sums of the rows written so far */
		struct json_shown flows, hosts[2], ports;
	} shown;
};

/* The keys of a tally, and of its rates. */
struct json_keys {
	const char *packets, *bytes, *packets_rate, *bytes_rate;
};

static const struct json_keys plain = { "packets", "bytes", "packets_rate", "bytes_rate" };
static const struct json_keys host_keys[2] = {
	{ "packets_out", "bytes_out", "packets_out_rate", "bytes_out_rate" },
	{ "packets_in", "bytes_in", "packets_in_rate", "bytes_in_rate" },
};
static const struct json_keys flow_keys[2] = {
	{ "packets_ab", "bytes_ab", "packets_ab_rate", "bytes_ab_rate" },
	{ "packets_ba", "bytes_ba", "packets_ba_rate", "bytes_ba_rate" },
};

static void
report_json_count_shown(struct json_shown *s, struct tally t, uint64_t flows)
{
	tally_add(&s->t, t.packets, t.bytes);
	s->flows += flows;
}

static void
report_json_put_tally(struct json_report *w, const struct json_keys *k, struct tally t)
{
	json_u64(&w->j, k->packets, t.packets);
	json_u64(&w->j, k->bytes, t.bytes);
}

static void
report_json_put_rates(struct json_report *w, const struct json_keys *k, struct tally moved)
{
	if (!(w->seconds > 0))
		return;
	json_num(&w->j, k->packets_rate, (double)moved.packets / w->seconds);
	json_num(&w->j, k->bytes_rate, (double)moved.bytes / w->seconds);
}

static_assert(VIEW_COLUMNS <= 64, "the columns of a view are the bits of a mask");

static bool
report_json_is_own(const char *const *own, const char *name)
{
	while (*own != NULL && strcmp(*own, name) != 0)
		own++;
	return *own != NULL;
}

/* The columns of a view whose names are not among the keys that its rows write themselves. */
static uint64_t
report_json_columns(const struct view *v, const char *const *own)
{
	uint64_t columns = 0;

	for (unsigned i = 0; i < v->n_cols; i++)
		columns |= (uint64_t)!report_json_is_own(own, v->cols[i].name) << i;
	return columns;
}

static void
report_json_put_columns(struct json_report *w, const struct view *v, const void *row)
{
	for (unsigned i = 0; i < v->n_cols; i++) {
		if (w->columns >> i & 1) {
			struct value value = column_value(&v->cols[i], w->s, row);

			json_value(&w->j, v->cols[i].name, &value);
		}
	}
}

static void
report_json_put_time(struct json_report *w, const char *key, uint64_t ns)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_rfc3339(&b, ns, 9);
	json_str(&w->j, key, text);
}

/* Omitted if the frame had no addresses. */
static void
report_json_put_addr(struct json_report *w, const char *key, uint8_t kind, const struct addr *a)
{
	char text[ADDR_TEXT];
	struct buf b;

	if (!addr_is_present(kind, a))
		return;
	buf_init(&b, text, sizeof(text));
	addr_text(&b, kind, a);
	json_str(&w->j, key, text);
}

static void
report_json_put_size_classes(struct json_report *w, const struct totals *t)
{
	if (t->all.packets == 0)
		return;
	json_u64(&w->j, "smallest", t->smallest);
	json_u64(&w->j, "largest", t->largest);
	json_fixed(&w->j, "average", decimal_average(t->all.bytes, t->all.packets), 2);
}

static void
report_json_put_coverage(struct json_report *w, const struct coverage *t)
{
	if (!t->known)
		return;
	json_u64(&w->j, "interface_packets", t->counted);
	json_u64(&w->j, "missing", t->missing);
	json_bool(&w->j, "merged", t->estimated);
}

static void
report_json_put_source(struct json_report *w, const void *row)
{
	const struct source_stats *src = row;
	const char *link = w->r->linktype_name != NULL ? w->r->linktype_name(src->linktype) : NULL;

	json_str(&w->j, "name", src->name);
	if (link != NULL)
		json_str(&w->j, "linktype", link);
	json_str(&w->j, "state", report_source_state(src));
	if (src->counted_text[0] != '\0')
		json_str(&w->j, "counted", src->counted_text);
	report_json_put_tally(w, &plain, src->totals.all);
	if (src->drops_known) {
		json_u64(&w->j, "kernel_dropped", src->kernel_dropped);
		json_u64(&w->j, "interface_dropped", src->interface_dropped);
	}
	if (src->stamps_back > 0)
		json_u64(&w->j, "stamps_back", src->stamps_back);
	if (src->stamps_wild > 0)
		json_u64(&w->j, "stamps_wild", src->stamps_wild);
	json_u64(&w->j, "duplicates", src->totals.duplicates);
	if (source_sees_duplicates(src))
		json_bool(&w->j, "sees_packets_twice", true);
	report_json_put_coverage(w, &src->coverage);
	report_json_put_size_classes(w, &src->totals);
	if (src->totals.all.packets > 0)
		json_u64(&w->j, "last", src->last_len);
}

static const char *const own_source_keys[] = { "name", "state", "counted", "packets", "bytes",
	"kernel_dropped", "interface_dropped", "stamps_back", "stamps_wild", "duplicates",
	"missing", "smallest", "largest", "average", "last", NULL };

static void
report_json_put_sources(struct json_report *w)
{
	const struct view *v = view_by_name("sources");

	w->columns = report_json_columns(v, own_source_keys);
	json_open(&w->j, "sources", '[');
	for (unsigned i = 0; i < w->l->n_sources; i++) {
		json_open(&w->j, NULL, '{');
		report_json_put_source(w, &w->l->source[i]);
		report_json_put_columns(w, v, &w->l->source[i]);
		json_close(&w->j, '}');
	}
	json_close(&w->j, ']');
}

/* The networks that were assumed to be local. */
static void
report_json_put_guess(struct json_report *w)
{
	char text[ADDR_TEXT];
	struct buf b;

	if (!w->l->local_guessed)
		return;
	buf_init(&b, text, sizeof(text));
	json_open(&w->j, "local_guessed", '[');
	for (unsigned i = 0; i < w->l->n_local; i++) {
		buf_clear(&b);
		net_text(&b, &w->l->local[i]);
		json_str(&w->j, NULL, b.s);
	}
	json_close(&w->j, ']');
}

/* The most bytes within so many ms. */
static void
report_json_put_bursts(struct json_report *w)
{
	const struct tally *way = w->l->way_total;
	struct bursts most = burst_max_so_far(&w->l->burst);

	if (most.bytes[BURST_1MS][BURST_ALL] == 0)
		return;
	json_open(&w->j, "bursts", '[');
	for (int i = 0; i < BURST_WINDOWS; i++) {
		json_open(&w->j, NULL, '{');
		json_u64(&w->j, "ms", burst_ms[i]);
		json_u64(&w->j, "bytes", most.bytes[i][BURST_ALL]);
		if (way[WAY_IN].packets != 0 || way[WAY_OUT].packets != 0) {
			json_u64(&w->j, "bytes_in", most.bytes[i][BURST_IN]);
			json_u64(&w->j, "bytes_out", most.bytes[i][BURST_OUT]);
		}
		json_close(&w->j, '}');
	}
	json_close(&w->j, ']');
}

static void
report_json_put_total(struct json_report *w)
{
	const struct totals *t = &w->l->totals;

	json_open(&w->j, "total", '{');
	report_json_put_tally(w, &plain, t->all);
	report_json_put_rates(w, &plain, report_delta(w->s));
	report_json_put_size_classes(w, t);
	json_u64(&w->j, "malformed", t->malformed);
	json_u64(&w->j, "truncated", t->truncated);
	json_u64(&w->j, "duplicates", t->duplicates);
	if (ledger_grown_memory(w->l) != 0)
		json_u64(&w->j, "memory", ledger_grown_memory(w->l));
	report_json_put_bursts(w);
	json_close(&w->j, '}');
}

static void
report_json_put_protocol(struct json_report *w, const void *row)
{
	const struct proto_node *p = row;
	char text[PATH_TEXT];
	const char *slash;
	struct buf b;

	buf_init(&b, text, sizeof(text));
	proto_tree_path_text(&b, &w->l->proto_tree, report_rows_protocol_number(w->l, p));
	slash = strrchr(text, '/');
	json_str(&w->j, "path", text);
	json_str(&w->j, "name", slash != NULL ? slash + 1 : text);
	report_json_put_tally(w, &plain, p->meter.t[0]);
}

static void
report_json_put_host_context(struct json_report *w, const struct host *h)
{
	char text[CONTEXT_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	host_context_text(&b, w->l, h);
	if (b.len > 0)
		json_str(&w->j, "context", text);
}

static void
report_json_put_host(struct json_report *w, const void *row)
{
	const struct host *h = row;

	const char *name = ledger_host_name(w->l, h->kind, &h->addr, false).text;

	report_json_put_addr(w, "address", h->kind, &h->addr);
	if (name != NULL)
		json_str(&w->j, "name", name);
	report_json_put_host_context(w, h);
	for (int way = 0; way < 2; way++) {
		struct tally moved = { 0, 0 };

		for (int c = 0; c < CLASSES; c++) {
			struct tally t = scope_rate_tally(w->s, &h->meter[c], way);

			tally_add(&moved, t.packets, t.bytes);
		}
		report_json_put_tally(w, &host_keys[way], report_rows_host_tally(h, way));
		report_json_put_rates(w, &host_keys[way], moved);
	}
	json_u64(&w->j, "flows", h->flows);
	for (int way = 0; way < 2; way++)
		report_json_count_shown(&w->shown.hosts[way], report_rows_host_tally(h, way), 1);
}

/* Fields of TCP only. */
static void
report_json_put_health(struct json_report *w, const struct flow *f)
{
	uint32_t handshake, rtt;

	if (f->state == FLOW_NONE)
		return;
	json_u64(&w->j, "retransmissions", flow_retransmissions(f));
	json_u64(&w->j, "out_of_order", (uint64_t)f->tcp[0].out_of_order + f->tcp[1].out_of_order);
	json_u64(
	    &w->j, "duplicate_acks", (uint64_t)f->tcp[0].duplicate_acks + f->tcp[1].duplicate_acks);
	json_u64(&w->j, "zero_windows", (uint64_t)f->tcp[0].zero_windows + f->tcp[1].zero_windows);
	json_u64(&w->j, "resets", f->resets);
	if (flow_handshake_rtt(f, &handshake))
		json_fixed(&w->j, "handshake_ms", handshake, 3);
	if (flow_rtt(f, &rtt))
		json_fixed(&w->j, "rtt_ms", rtt, 3);
}

static void
report_json_put_context(struct json_report *w, const struct flow *f)
{
	char text[2 * CONTEXT_TEXT];
	struct buf b;
	uint32_t n;

	buf_init(&b, text, sizeof(text));
	flow_context_text(&b, w->l, f);
	if (b.len > 0)
		json_str(&w->j, "context", text);
	for (unsigned i = 0; i < CONTEXT_FIELDS; i++)
		if (flow_context_field(w->l, f, (enum context_field)i, &n))
			json_u64(&w->j, context_field_name((enum context_field)i), n);
}

static void
report_json_put_flow(struct json_report *w, const void *row)
{
	const struct flow *f = row;
	const struct flowkey *k = &f->key;
	bool ports = flow_has_ports(f);
	const char *state = flow_state_name(f->state);
	const char *server = flow_server_name(w->l, f), *alpn;
	bool chosen;
	char scratch[PROTO_TEXT];

	json_str(&w->j, "source", w->l->source[f->source].name);
	json_str(&w->j, "protocol", flow_proto_name(k->kind, k->proto, scratch));
	report_json_put_addr(w, "a", k->kind, &k->a);
	if (ports)
		json_u64(&w->j, "a_port", k->a_port);
	report_json_put_addr(w, "b", k->kind, &k->b);
	if (ports)
		json_u64(&w->j, "b_port", k->b_port);
	report_json_put_context(w, f);
	for (int way = 0; way < 2; way++) {
		report_json_put_tally(w, &flow_keys[way], f->meter.t[way]);
		report_json_put_rates(w, &flow_keys[way], scope_rate_tally(w->s, &f->meter, way));
	}
	report_json_put_time(w, "first", f->first);
	report_json_put_time(w, "last", f->last);
	if (state != NULL)
		json_str(&w->j, "state", state);
	json_u64(&w->j, "duplicates", f->duplicates);
	report_json_put_health(w, f);
	if (server != NULL)
		json_str(&w->j, "server_name", server);
	if (f->app != PROTO_NONE)
		json_str(&w->j, "application", proto_name((enum proto)f->app));
	alpn = flow_alpn(w->l, f, &chosen);
	if (alpn != NULL)
		json_str(&w->j, chosen ? "alpn" : "alpn_offered", alpn);
	report_json_count_shown(&w->shown.flows, f->meter.t[0], 0);
	report_json_count_shown(&w->shown.flows, f->meter.t[1], 1);
}

/* Only the view of ports knows the service of a port. */
static void
report_json_put_service(struct json_report *w, const struct port *p)
{
	const struct view *v = view_by_name("ports");
	const struct column *col = v != NULL ? view_find_column(v, "service") : NULL;
	struct value value = col != NULL ? column_value(col, w->s, p) : value_none();

	if (value.type == V_TEXT && value.text[0] != '\0')
		json_str(&w->j, "service", value.text);
}

static void
report_json_put_port(struct json_report *w, const void *row)
{
	const struct port *p = row;
	char scratch[PROTO_TEXT];

	json_str(&w->j, "protocol", flow_proto_name(p->kind, p->proto, scratch));
	if (p->has_port) {
		json_u64(&w->j, "port", p->port);
		report_json_put_service(w, p);
	}
	report_json_put_tally(w, &plain, meter_sum(&p->meter));
	json_u64(&w->j, "flows", p->flows);
	report_json_count_shown(&w->shown.ports, meter_sum(&p->meter), p->flows);
}

static void
report_json_put_sizes(struct json_report *w)
{
	static const char *const own[] = { "packets", NULL };
	const struct view *v = view_by_name("sizes");

	w->columns = report_json_columns(v, own);
	json_open(&w->j, "sizes", '[');
	for (unsigned i = 0; i < n_size_ranges; i++) {
		const struct size_range *range = &size_ranges[i];

		json_open(&w->j, NULL, '{');
		json_u64(&w->j, "from", range->from);
		if (range->to != UINT32_MAX)
			json_u64(&w->j, "to", range->to);
		json_u64(&w->j, "packets", sizes_in(&w->l->sizes, range));
		report_json_put_columns(w, v, range);
		json_close(&w->j, '}');
	}
	json_close(&w->j, ']');
}

static struct tally
report_json_unshown(const struct json_report *w, const struct json_shown *shown)
{
	const struct tally *all = &w->l->totals.all;

	return (struct tally){ all->packets - shown->t.packets, all->bytes - shown->t.bytes };
}

static uint64_t
report_json_all_port_flows(const struct ledger *l)
{
	uint64_t n = l->ports.other.flows;

	for (uint32_t i = 0; i < l->ports.table.used; i++)
		n += l->ports.row[i].flows;
	return n;
}

/* The rest that no row shows: evicted rows, and those beyond --top. */
static void
report_json_put_other(struct json_report *w)
{
	const struct ledger *l = w->l;

	json_open(&w->j, "other", '{');
	json_open(&w->j, "flows", '{');
	report_json_put_tally(w, &plain, report_json_unshown(w, &w->shown.flows));
	json_u64(
	    &w->j, "flows", l->flows.table.evicted + l->flows.table.used - w->shown.flows.flows);
	json_close(&w->j, '}');
	json_open(&w->j, "hosts", '{');
	for (int way = 0; way < 2; way++)
		report_json_put_tally(
		    w, &host_keys[way], report_json_unshown(w, &w->shown.hosts[way]));
	json_close(&w->j, '}');
	json_open(&w->j, "ports", '{');
	report_json_put_tally(w, &plain, report_json_unshown(w, &w->shown.ports));
	json_u64(&w->j, "flows", report_json_all_port_flows(l) - w->shown.ports.flows);
	json_close(&w->j, '}');
	json_close(&w->j, '}');
}

static const char *const own_protocol_keys[] = { "path", "name", "packets", "bytes", NULL };
static const char *const own_host_keys[] = { "address", "name", "context", "packets_out",
	"bytes_out", "packets_in", "bytes_in", "flows", NULL };
static const char *const own_flow_keys[] = { "source", "protocol", "a", "a_port", "b", "b_port",
	"context", "vlan", "inner_vlan", "label", "session", "vni", "gre_key", "teid", "packets_ab",
	"bytes_ab", "packets_ba", "bytes_ba", "first", "last", "state", "duplicates",
	"retransmissions", "out_of_order", "duplicate_acks", "zero_windows", "resets",
	"server_name", "alpn", NULL };
static const char *const own_port_keys[] = { "protocol", "port", "service", "packets", "bytes",
	"flows", NULL };

/* The tables of rows. Protocols are always complete: every prefix has its row. */
static const struct section {
	const char *key;
	const char *view;
	bool all_rows; /* whatever the display filter and --top say */
	bool (*rows)(struct report_rows *rows, const struct ledger *l, uint32_t top);
	/* Writes its own keys; the other columns of the view follow. */
	void (*put)(struct json_report *w, const void *row);
	const char *const *own;
} sections[] = {
	{ "protocols", "protocols", true, report_rows_protocols, report_json_put_protocol,
	    own_protocol_keys },
	{ "hosts", "talkers", false, report_rows_hosts, report_json_put_host, own_host_keys },
	{ "flows", "flows", false, report_rows_flows, report_json_put_flow, own_flow_keys },
	{ "ports", "ports", false, report_rows_ports, report_json_put_port, own_port_keys },
};

/* The display filter, if there is one that uses only this table's columns; else NULL. */
static struct filter *
report_json_section_filter(const struct json_report *w, const struct section *section)
{
	char unsaid[256];
	struct buf err;
	size_t at;

	if (section->all_rows || w->r->show == NULL || *w->r->show == '\0')
		return NULL;
	buf_init(&err, unsaid, sizeof(unsaid));
	return filter_new(view_by_name(section->view), w->r->show, &err, &at);
}

static bool
report_json_put_section(struct json_report *w, const struct section *section)
{
	const struct view *v = view_by_name(section->view);
	struct filter *filter = report_json_section_filter(w, section);
	uint32_t top = !section->all_rows && w->r->top > 0 ? w->r->top : UINT32_MAX, put = 0;
	struct report_rows rows;
	bool ok = section->rows(&rows, w->l, filter != NULL || top == UINT32_MAX ? 0 : top);

	w->columns = report_json_columns(v, section->own);
	json_open(&w->j, section->key, '[');
	for (uint32_t i = 0; ok && i < rows.n && put < top; i++) {
		if (filter != NULL && !filter_matches(filter, w->s, rows.at[i].row))
			continue;
		json_open(&w->j, NULL, '{');
		section->put(w, rows.at[i].row);
		report_json_put_columns(w, v, rows.at[i].row);
		json_close(&w->j, '}');
		put++;
	}
	json_close(&w->j, ']');
	if (ok)
		report_rows_fini(&rows);
	filter_del(filter);
	return ok;
}

static void
report_json_put_line(
    struct json_report *w, const char *key, const struct report_table *t, uint32_t line)
{
	json_open(&w->j, key, '{');
	for (unsigned i = 0; i < t->view->n_cols; i++) {
		struct value v = report_table_cell(t, line, i);

		json_value(&w->j, view_column_key(&t->view->cols[i]), &v);
	}
	json_close(&w->j, '}');
}

static void
report_json_put_lines(struct json_report *w, const char *key, const struct report_table *t)
{
	json_open(&w->j, key, '[');
	for (uint32_t i = 0; i < report_table_lines(t); i++)
		report_json_put_line(w, NULL, t, i);
	json_close(&w->j, ']');
}

static bool
report_json_put_table(struct json_report *w, const char *view, struct buf *err)
{
	struct report_table t;

	if (!report_table_init_named(&t, view, w->r, w->s, err))
		return false;
	json_open(&w->j, NULL, '{');
	json_str(&w->j, "view", view);
	report_json_put_lines(w, "rows", &t);
	json_close(&w->j, '}');
	report_table_fini(&t);
	return true;
}

/* The newest seconds, as many as the report covers. */
static uint32_t
report_json_seconds(const struct report *r)
{
	uint64_t seconds = (r->interval + NS_PER_S - 1) / NS_PER_S;

	if (seconds == 0)
		return 1;
	return seconds < SECONDS_MOST ? (uint32_t)seconds : SECONDS_MOST;
}

/* Views whose rows have only columns as keys. */
static bool
report_json_put_views(struct json_report *w, struct buf *err)
{
	const struct {
		const char *view;
		uint32_t top;
		const char *key;
		uint8_t group;
	} shown[] = {
		{ "networks", w->r->top, "networks", 0 },
		{ "health", w->r->top, "health", 0 },
		{ "traffic", report_json_seconds(w->r), "traffic", 0 },
		{ "dns", w->r->top, "dns", DNS_BY_NAME },
		{ "dns", w->r->top, "resolvers", DNS_BY_RESOLVER },
	};

	for (size_t i = 0; i < NITEMS(shown); i++) {
		struct report r = { .top = shown[i].top };
		struct scope s = *w->s;
		struct report_table t;

		s.group = shown[i].group;
		if (!report_table_init_named(&t, shown[i].view, &r, &s, err))
			return false;
		report_json_put_lines(w, shown[i].key, &t);
		report_table_fini(&t);
	}
	return true;
}

/* The selected views. Without --view: those of a text report that have the filter's columns. */
static bool
report_json_put_tables(struct json_report *w, struct buf *err)
{
	const struct report *r = w->r;
	bool filtered = r->show != NULL && *r->show != '\0', any = false;

	if (r->view == NULL && r->sort == NULL && !filtered)
		return true;
	json_open(&w->j, "tables", '[');
	if (r->view != NULL)
		any = report_json_put_table(w, r->view, err);
	else
		for (unsigned i = 0; i < REPORT_SECTIONS; i++)
			any |= report_json_put_table(w, report_section[i].view, err);
	json_close(&w->j, ']');
	return any;
}

bool
report_json(struct buf *b, const struct report *r, const struct scope *s, struct buf *err)
{
	struct scope whole = *s;
	struct json_report w = { .r = r, .s = &whole, .l = s->ledger };
	uint32_t weighed = 0;

	while (scope_total_step(&whole, &weighed, UINT32_MAX))
		;
	w.seconds = r->rates ? scope_seconds(s) : 0;
	json_init(&w.j, b);
	json_open(&w.j, NULL, '{');
	json_str(&w.j, "schema", SCHEMA);
	if (report_has_time(r, s->ledger))
		report_json_put_time(&w, "time", r->now);
	json_fixed(&w.j, "elapsed", r->elapsed, 9);
	json_fixed(&w.j, "interval", r->interval, 9);
	report_json_put_guess(&w);
	report_json_put_sources(&w);
	report_json_put_total(&w);
	for (size_t i = 0; i < NITEMS(sections); i++) {
		if (!report_json_put_section(&w, &sections[i])) {
			buf_setf(err, "not enough memory to sort %s", sections[i].key);
			return false;
		}
	}
	report_json_put_sizes(&w);
	events_json(&w.j, "events", detect_events(w.l->detect));
	report_json_put_other(&w);
	if (!report_json_put_views(&w, err) || !report_json_put_tables(&w, err))
		return false;
	json_close(&w.j, '}');
	buf_addc(b, '\n');
	return true;
}

static void
report_json_put_view(struct json_report *w, const struct report_table *t)
{
	json_open(&w->j, NULL, '{');
	json_str(&w->j, "view", t->view->name);
	if (report_has_time(w->r, w->l))
		report_json_put_time(w, "time", w->r->now);
	json_str(&w->j, "sort", view_column_key(&t->view->cols[t->rank.column]));
	json_bool(&w->j, "descending", t->rank.desc);
	json_open(&w->j, "rows", '[');
	for (uint32_t i = 0; i < t->rank.n; i++)
		report_json_put_line(w, NULL, t, i);
	json_close(&w->j, ']');
	json_u64(&w->j, "matching", t->rank.n_matched);
	if (t->other != NULL)
		report_json_put_line(w, "other", t, t->rank.n);
	json_close(&w->j, '}');
	buf_addc(w->j.b, '\n');
}

bool
report_write_table(
    struct buf *b, const char *view, const struct report *r, const struct scope *s, struct buf *err)
{
	struct json_report w = { .r = r, .s = s, .l = s->ledger };
	struct report_table t;

	if (!report_table_init_named(&t, view, r, s, err))
		return false;
	json_init(&w.j, b);
	report_json_put_view(&w, &t);
	report_table_fini(&t);
	return true;
}
