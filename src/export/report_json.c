#include "config.h"

#include "export/private.h"
#include "util/attr.h"

#define SCHEMA    "pkttop.report/1"
#define ADDR_TEXT 48

#define NS_PER_S     UINT64_C(1000000000)
#define SECONDS_MOST 60 /* of "traffic" */

static void
report_json_put_size_classes(struct json_report *w, const struct totals *t)
{
	if (t->all.packets == 0)
		return;
	json_u64(&w->j, "smallest", t->smallest);
	json_u64(&w->j, "largest", t->largest);
	json_fixed(&w->j, "average", decimal_average(t->all.bytes, t->all.packets), 2);
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
	report_json_put_tally(w, &json_keys, t->all);
	report_json_put_rates(w, &json_keys, report_delta(w->s));
	report_json_put_size_classes(w, t);
	json_u64(&w->j, "malformed", t->malformed);
	json_u64(&w->j, "truncated", t->truncated);
	json_u64(&w->j, "duplicates", t->duplicates);
	if (ledger_grown_memory(w->l) != 0)
		json_u64(&w->j, "memory", ledger_grown_memory(w->l));
	report_json_put_bursts(w);
	json_close(&w->j, '}');
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
	report_json_put_tally(w, &json_keys, report_json_unshown(w, &w->shown.flows));
	json_u64(
	    &w->j, "flows", l->flows.table.evicted + l->flows.table.used - w->shown.flows.flows);
	json_close(&w->j, '}');
	json_open(&w->j, "hosts", '{');
	for (int way = 0; way < 2; way++)
		report_json_put_tally(
		    w, &json_host_keys[way], report_json_unshown(w, &w->shown.hosts[way]));
	json_close(&w->j, '}');
	json_open(&w->j, "ports", '{');
	report_json_put_tally(w, &json_keys, report_json_unshown(w, &w->shown.ports));
	json_u64(&w->j, "flows", report_json_all_port_flows(l) - w->shown.ports.flows);
	json_close(&w->j, '}');
	json_close(&w->j, '}');
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
		{ "use", w->r->top, "use", 0 },
		{ "use", w->r->top, "services", 1 },
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
report_json_put_selected(struct json_report *w, struct buf *err)
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
	whole.ends_as_counted = true;
	report_json_put_tables(&w);
	whole.ends_as_counted = false;
	report_json_put_sizes(&w);
	events_json(&w.j, "events", detect_events(w.l->detect));
	report_json_put_other(&w);
	if (!report_json_put_views(&w, err) || !report_json_put_selected(&w, err))
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
