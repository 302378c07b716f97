/*
 * Counters for Prometheus, in the format OpenMetrics 1.0 for clients that accept it by name, and
 * in the text format of Prometheus for others, such as promtool. There are no labels but names of
 * sources, streams and protocols: their number is bounded.
 */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "serve/private.h"
#include "view/columns.h"

#define LABELS 256
#define NS     1e9

struct metrics {
	struct buf *b;
	bool openmetrics; /* the names of families have no suffix */
	const char *name, *suffix;
};

/* The types whose samples have a suffix, and what the text format calls them. */
static const struct metrics_type {
	const char *name, *suffix, *in_text;
} metrics_types[] = {
	{ "counter", "_total", "counter" },
	{ "info", "_info", "gauge" },
	{ "gauge", "", "gauge" },
};

static const struct metrics_type *
metrics_type(const char *name)
{
	const struct metrics_type *t = metrics_types;

	while (strcmp(t->name, name) != 0)
		t++;
	return t;
}

void
metrics_family(
    struct metrics *m, const char *name, const char *type, const char *unit, const char *help)
{
	const struct metrics_type *t = metrics_type(type);
	const char *suffix = m->openmetrics ? "" : t->suffix;

	m->name = name;
	m->suffix = t->suffix;
	buf_addf(m->b, "# TYPE %s%s %s\n", name, suffix, m->openmetrics ? t->name : t->in_text);
	if (unit != NULL)
		buf_addf(m->b, "# UNIT %s%s %s\n", name, suffix, unit);
	buf_addf(m->b, "# HELP %s%s %s\n", name, suffix, help);
}

static void
metrics_begin(struct metrics *m, const char *labels)
{
	buf_addf(m->b, "%s%s", m->name, m->suffix);
	if (labels != NULL)
		buf_addf(m->b, "{%s}", labels);
	buf_addc(m->b, ' ');
}

void
metrics_value(struct metrics *m, const char *labels, double value)
{
	if (!isfinite(value))
		return;
	metrics_begin(m, labels);
	buf_addf(m->b, "%.10g\n", value);
}

void
metrics_count(struct metrics *m, const char *labels, uint64_t value)
{
	metrics_begin(m, labels);
	buf_addf(m->b, "%" PRIu64 "\n", value);
}

void
metrics_label(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "%s%s=\"", b->len > 0 ? "," : "", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *value);
	}
	buf_addc(b, '"');
}

static void
metrics_single(struct metrics *m, const char *name, const char *type, const char *unit,
    const char *help, uint64_t value)
{
	metrics_family(m, name, type, unit, help);
	metrics_count(m, NULL, value);
}

/* A counter of each source. */
static uint64_t
metrics_source_packets(const struct source_stats *s)
{
	return s->totals.all.packets;
}

static uint64_t
metrics_source_bytes(const struct source_stats *s)
{
	return s->totals.all.bytes;
}

static uint64_t
metrics_source_kernel_dropped(const struct source_stats *s)
{
	return s->kernel_dropped;
}

static uint64_t
metrics_source_interface_dropped(const struct source_stats *s)
{
	return s->interface_dropped;
}

static uint64_t
metrics_source_malformed(const struct source_stats *s)
{
	return s->totals.malformed;
}

static uint64_t
metrics_source_truncated(const struct source_stats *s)
{
	return s->totals.truncated;
}

static uint64_t
metrics_source_duplicates(const struct source_stats *s)
{
	return s->totals.duplicates;
}

static uint64_t
metrics_source_running(const struct source_stats *s)
{
	return s->state == SOURCE_RUNNING;
}

static uint64_t
metrics_source_link_bps(const struct source_stats *s)
{
	return s->link_bps;
}

static bool
metrics_knows_drops(const struct source_stats *s)
{
	return s->drops_known;
}

static bool
metrics_knows_link(const struct source_stats *s)
{
	return s->link_bps != 0;
}

static const struct {
	const char *name, *type, *unit, *help;
	uint64_t (*get)(const struct source_stats *s);
	bool (*knows)(const struct source_stats *s); /* NULL: each source has one */
} source_metrics[] = {
	{ "pkttop_source_packets", "counter", NULL, "Packets of a source.", metrics_source_packets,
	    NULL },
	{ "pkttop_source_bytes", "counter", "bytes", "Bytes of a source.", metrics_source_bytes,
	    NULL },
	{ "pkttop_source_kernel_dropped_packets", "counter", NULL,
	    "Packets that the kernel had no room for.", metrics_source_kernel_dropped,
	    metrics_knows_drops },
	{ "pkttop_source_interface_dropped_packets", "counter", NULL,
	    "Packets that the interface dropped.", metrics_source_interface_dropped,
	    metrics_knows_drops },
	{ "pkttop_source_malformed_packets", "counter", NULL, "Packets with an impossible header.",
	    metrics_source_malformed, NULL },
	{ "pkttop_source_truncated_packets", "counter", NULL, "Packets whose headers were cut off.",
	    metrics_source_truncated, NULL },
	{ "pkttop_source_duplicate_packets", "counter", NULL, "Packets that were captured twice.",
	    metrics_source_duplicates, NULL },
	{ "pkttop_source_running", "gauge", NULL, "1 while packets are captured or read.",
	    metrics_source_running, NULL },
	{ "pkttop_source_link_bps", "gauge", NULL, "Speed of the link, in bits per second.",
	    metrics_source_link_bps, metrics_knows_link },
};

static void
metrics_source_value(
    struct metrics *m, const struct ledger *l, const struct source_stats *s, uint64_t value)
{
	char name_text[LEDGER_NAME + 4], text[LABELS];
	struct buf name, labels;

	buf_init(&name, name_text, sizeof(name_text));
	ledger_source_label(&name, l, s);
	buf_init(&labels, text, sizeof(text));
	metrics_label(&labels, "source", name.s);
	metrics_count(m, labels.s, value);
}

static void
metrics_add_sources(struct metrics *m, const struct ledger *l)
{
	for (unsigned i = 0; i < NITEMS(source_metrics) && l->n_sources > 0; i++) {
		metrics_family(m, source_metrics[i].name, source_metrics[i].type,
		    source_metrics[i].unit, source_metrics[i].help);
		for (unsigned k = 0; k < l->n_sources; k++) {
			const struct source_stats *source = &l->source[k];

			if (source_metrics[i].knows == NULL || source_metrics[i].knows(source))
				metrics_source_value(m, l, source, source_metrics[i].get(source));
		}
	}
}

static void
metrics_add_directions(struct metrics *m, const struct ledger *l)
{
	static const char *const ways[SERIES_WAYS] = { "direction=\"in\"", "direction=\"out\"",
		"direction=\"other\"" };

	metrics_family(m, "pkttop_packets", "counter", NULL, "Packets by direction.");
	for (int i = 0; i < SERIES_WAYS; i++)
		metrics_count(m, ways[i], l->way_total[i].packets);
	metrics_family(m, "pkttop_bytes", "counter", "bytes", "Bytes by direction.");
	for (int i = 0; i < SERIES_WAYS; i++)
		metrics_count(m, ways[i], l->way_total[i].bytes);
}

static void
metrics_add_protocols(struct metrics *m, const struct ledger *l, bool bytes)
{
	char text[LABELS];
	struct buf path, labels;
	char path_text[LABELS];

	metrics_family(m, bytes ? "pkttop_protocol_bytes" : "pkttop_protocol_packets", "counter",
	    bytes ? "bytes" : NULL, "Traffic of a protocol and those inside of it.");
	for (uint32_t i = 0; i < l->proto_tree.used; i++) {
		const struct tally *t = &l->proto_tree.node[i].meter.t[0];

		buf_init(&path, path_text, sizeof(path_text));
		proto_tree_path_text(&path, &l->proto_tree, (uint16_t)i);
		buf_init(&labels, text, sizeof(text));
		metrics_label(&labels, "path", path.s);
		metrics_count(m, labels.s, bytes ? t->bytes : t->packets);
	}
}

/* All segments, and those that tell of trouble on the way. */
static void
metrics_add_tcp(struct metrics *m, const struct ledger *l)
{
	const uint64_t *n = l->tcp_stats.n;

	metrics_single(
	    m, "pkttop_tcp_segments", "counter", NULL, "TCP segments.", n[TCP_STATS_SEGMENTS]);
	metrics_single(m, "pkttop_tcp_retransmissions", "counter", NULL,
	    "TCP segments that were sent again.", n[TCP_STATS_RETRANSMITTED]);
	metrics_single(m, "pkttop_tcp_out_of_order", "counter", NULL,
	    "TCP segments that came late.", n[TCP_STATS_OUT_OF_ORDER]);
	metrics_single(
	    m, "pkttop_tcp_resets", "counter", NULL, "TCP connections reset.", n[TCP_STATS_RESETS]);
}

static void
metrics_add_tables(struct metrics *m, const struct server *s)
{
	const struct ledger *l = s->feed->ledger;
	struct scope scope = reports_scope(s);

	metrics_single(m, "pkttop_flows", "gauge", NULL, "Flows in the table.",
	    view_by_name("flows")->slots(l));
	metrics_single(m, "pkttop_hosts", "gauge", NULL, "Hosts in the table.",
	    view_by_name("talkers")->slots(l));
	metrics_single(m, "pkttop_evicted_flows", "counter", NULL,
	    "Flows that made room for others.", scope_losses_get(&scope).evicted);
}

static void
metrics_add_server(struct metrics *m, const struct server *s)
{
	const struct http_counts *c = http_server_counts(s->http);

	metrics_single(m, "pkttop_http_connections", "gauge", NULL, "Open HTTP connections.",
	    http_server_connections(s->http));
	metrics_single(m, "pkttop_http_accepted_connections", "counter", NULL, "HTTP connections.",
	    c->accepted);
	metrics_single(
	    m, "pkttop_http_answers", "counter", NULL, "HTTP requests answered.", c->answered);
	metrics_single(m, "pkttop_http_late_connections", "counter", NULL,
	    "HTTP connections closed because no whole request came in time.", c->late);
	metrics_single(m, "pkttop_http_evicted_connections", "counter", NULL,
	    "HTTP connections closed because there were too many.", c->evicted);
	metrics_single(m, "pkttop_http_refused_credentials", "counter", NULL,
	    "HTTP requests with wrong credentials.", s->access.failures);
	metrics_single(m, "pkttop_event_readers", "gauge", NULL, "Clients that read events.",
	    s->push.n_readers);
	metrics_single(m, "pkttop_http_dropped_capture_packets", "counter", NULL,
	    "Packets that slow clients of captures lost.", s->capture_dropped);
	metrics_single(m, "pkttop_dropped_events", "counter", NULL,
	    "Events that slow clients lost.", s->push.dropped);
}

static void
metrics_add_steps(struct metrics *m, const struct server *s)
{
	char text[LABELS];
	struct buf labels;

	metrics_family(m, "pkttop_http_longest_step_seconds", "gauge", "seconds",
	    "Longest processor time without a look at packets, of a route.");
	for (unsigned i = 0; i < s->n_routes; i++) {
		if (s->steps.longest[i] == 0)
			continue;
		buf_init(&labels, text, sizeof(text));
		metrics_label(&labels, "method", s->routes[i].method);
		metrics_label(&labels, "route", s->routes[i].pattern);
		metrics_value(m, labels.s, (double)s->steps.longest[i] / NS);
	}
	metrics_family(m, "pkttop_http_longest_turn_seconds", "gauge", "seconds",
	    "Longest processor time without a look at packets, of all that is served.");
	metrics_value(m, NULL, (double)s->steps.longest_turn / NS);
}

void
server_add_metrics(struct server *s, metrics_fn *fn, void *arg)
{
	if (s == NULL || s->n_metrics == METRICS_FNS)
		return;
	s->metrics[s->n_metrics].fn = fn;
	s->metrics[s->n_metrics++].arg = arg;
}

static void
metrics_add_build(struct metrics *m)
{
	metrics_family(m, "pkttop_build", "info", NULL, "The version.");
	metrics_count(m, "version=\"" PACKAGE_VERSION "\"", 1);
}

void
serve_metrics(struct exchange *x)
{
	const struct server *s = x->server;
	struct metrics m = { .b = &x->a->body,
		.openmetrics = exchange_accepts(x, "application/openmetrics-text") };

	metrics_add_build(&m);
	metrics_add_directions(&m, s->feed->ledger);
	metrics_add_sources(&m, s->feed->ledger);
	metrics_add_protocols(&m, s->feed->ledger, false);
	metrics_add_protocols(&m, s->feed->ledger, true);
	metrics_add_tcp(&m, s->feed->ledger);
	metrics_add_tables(&m, s);
	if (s->http != NULL)
		metrics_add_server(&m, s);
	metrics_add_steps(&m, s);
	for (unsigned i = 0; i < s->n_metrics; i++)
		s->metrics[i].fn(s->metrics[i].arg, &m);
	buf_adds(m.b, "# EOF\n");
	x->a->status = 200;
	x->a->type = m.openmetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
				   : "text/plain; version=0.0.4; charset=utf-8";
}
