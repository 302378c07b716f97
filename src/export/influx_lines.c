/* The measurements, their tags and fields. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "dissect/dissect.h"
#include "export/csv_json.h"
#include "export/influx.h"
#include "util/attr.h"

#define BITS 8

enum influx_type { INFLUX_COUNT, INFLUX_REAL, INFLUX_TEXT };

/* What a line is about. */
struct influx_subject {
	const struct influx_point *point;
	const struct ledger *l;
	const struct source_stats *source;
	const struct proto_node *node;
	const struct influx_host *host;
};

struct influx_value {
	bool known;
	uint64_t n;
	double x;
	const char *text;
};

struct influx_field {
	const char *name;
	uint8_t type; /* enum influx_type */
	struct influx_value (*get)(const struct influx_subject *s);
};

static struct influx_value
influx_count(uint64_t n)
{
	return (struct influx_value){ .known = true, .n = n };
}

static struct influx_value
influx_known_count(bool known, uint64_t n)
{
	return (struct influx_value){ .known = known, .n = n };
}

#define INFLUX_GETTER(name, expression)                                                            \
	static struct influx_value influx_get_##name(const struct influx_subject *s)               \
	{                                                                                          \
		return expression;                                                                 \
	}

INFLUX_GETTER(packets, influx_count(s->l->totals.all.packets))
INFLUX_GETTER(bytes, influx_count(s->l->totals.all.bytes))
INFLUX_GETTER(packets_in, influx_count(s->l->way_total[WAY_IN].packets))
INFLUX_GETTER(bytes_in, influx_count(s->l->way_total[WAY_IN].bytes))
INFLUX_GETTER(packets_out, influx_count(s->l->way_total[WAY_OUT].packets))
INFLUX_GETTER(bytes_out, influx_count(s->l->way_total[WAY_OUT].bytes))
INFLUX_GETTER(malformed, influx_count(s->l->totals.malformed))
INFLUX_GETTER(truncated, influx_count(s->l->totals.truncated))
INFLUX_GETTER(duplicates, influx_count(s->l->totals.duplicates))
INFLUX_GETTER(flows, influx_count(s->l->flows.table.used))
INFLUX_GETTER(hosts, influx_count(s->l->hosts.table.used))
INFLUX_GETTER(evicted_flows, influx_count(s->l->flows.table.evicted))
INFLUX_GETTER(segments, influx_count(s->l->tcp_stats.n[TCP_STATS_SEGMENTS]))
INFLUX_GETTER(retransmissions, influx_count(s->l->tcp_stats.n[TCP_STATS_RETRANSMITTED]))
INFLUX_GETTER(out_of_order, influx_count(s->l->tcp_stats.n[TCP_STATS_OUT_OF_ORDER]))
INFLUX_GETTER(resets, influx_count(s->l->tcp_stats.n[TCP_STATS_RESETS]))

INFLUX_GETTER(source_packets, influx_count(s->source->totals.all.packets))
INFLUX_GETTER(source_bytes, influx_count(s->source->totals.all.bytes))
INFLUX_GETTER(kernel_dropped, influx_known_count(s->source->drops_known, s->source->kernel_dropped))
INFLUX_GETTER(
    interface_dropped, influx_known_count(s->source->drops_known, s->source->interface_dropped))
INFLUX_GETTER(missing, influx_known_count(s->source->coverage.known, s->source->coverage.missing))
INFLUX_GETTER(link_bps, influx_known_count(s->source->link_bps != 0, s->source->link_bps))
INFLUX_GETTER(
    state, ((struct influx_value){ .known = true, .text = source_state_name(s->source->state) }))

INFLUX_GETTER(node_packets, influx_count(s->node->meter.t[0].packets))
INFLUX_GETTER(node_bytes, influx_count(s->node->meter.t[0].bytes))

INFLUX_GETTER(host_packets_out, influx_count(s->host->t[0].packets))
INFLUX_GETTER(host_bytes_out, influx_count(s->host->t[0].bytes))
INFLUX_GETTER(host_packets_in, influx_count(s->host->t[1].packets))
INFLUX_GETTER(host_bytes_in, influx_count(s->host->t[1].bytes))

static double
influx_seconds(const struct influx_subject *s)
{
	return (double)s->l->interval_ns / 1e9;
}

/* Bits per second in the last whole interval. */
static struct influx_value
influx_rate(const struct influx_subject *s, uint64_t bytes)
{
	double seconds = influx_seconds(s);

	return (struct influx_value){ .known = seconds > 0,
		.x = seconds > 0 ? (double)bytes * BITS / seconds : 0 };
}

static struct influx_value
influx_get_source_bps(const struct influx_subject *s)
{
	return influx_rate(s, meter_last_delta(&s->source->meter, &s->l->intervals, 0).bytes);
}

static struct influx_value
influx_get_host_bps(const struct influx_subject *s)
{
	return influx_rate(s, s->host->t[0].bytes + s->host->t[1].bytes);
}

static const struct influx_field total_fields[] = {
	{ "packets", INFLUX_COUNT, influx_get_packets },
	{ "bytes", INFLUX_COUNT, influx_get_bytes },
	{ "packets_in", INFLUX_COUNT, influx_get_packets_in },
	{ "bytes_in", INFLUX_COUNT, influx_get_bytes_in },
	{ "packets_out", INFLUX_COUNT, influx_get_packets_out },
	{ "bytes_out", INFLUX_COUNT, influx_get_bytes_out },
	{ "malformed", INFLUX_COUNT, influx_get_malformed },
	{ "truncated", INFLUX_COUNT, influx_get_truncated },
	{ "duplicates", INFLUX_COUNT, influx_get_duplicates },
	{ "flows", INFLUX_COUNT, influx_get_flows },
	{ "hosts", INFLUX_COUNT, influx_get_hosts },
	{ "evicted_flows", INFLUX_COUNT, influx_get_evicted_flows },
	{ "tcp_segments", INFLUX_COUNT, influx_get_segments },
	{ "retransmissions", INFLUX_COUNT, influx_get_retransmissions },
	{ "out_of_order", INFLUX_COUNT, influx_get_out_of_order },
	{ "resets", INFLUX_COUNT, influx_get_resets },
};
static const struct influx_field source_fields[] = {
	{ "packets", INFLUX_COUNT, influx_get_source_packets },
	{ "bytes", INFLUX_COUNT, influx_get_source_bytes },
	{ "bps", INFLUX_REAL, influx_get_source_bps },
	{ "link_bps", INFLUX_COUNT, influx_get_link_bps },
	{ "kernel_dropped", INFLUX_COUNT, influx_get_kernel_dropped },
	{ "interface_dropped", INFLUX_COUNT, influx_get_interface_dropped },
	{ "missing", INFLUX_COUNT, influx_get_missing },
	{ "state", INFLUX_TEXT, influx_get_state },
};
static const struct influx_field protocol_fields[] = {
	{ "packets", INFLUX_COUNT, influx_get_node_packets },
	{ "bytes", INFLUX_COUNT, influx_get_node_bytes },
};
static const struct influx_field host_fields[] = {
	{ "packets_out", INFLUX_COUNT, influx_get_host_packets_out },
	{ "bytes_out", INFLUX_COUNT, influx_get_host_bytes_out },
	{ "packets_in", INFLUX_COUNT, influx_get_host_packets_in },
	{ "bytes_in", INFLUX_COUNT, influx_get_host_bytes_in },
	{ "bps", INFLUX_REAL, influx_get_host_bps },
};

static void
influx_tag_source(struct buf *b, const struct influx_subject *s)
{
	ledger_source_label(b, s->l, s->source);
}

static void
influx_tag_path(struct buf *b, const struct influx_subject *s)
{
	const struct proto_tree *tree = &s->l->proto_tree;

	proto_tree_path_text(b, tree, (uint16_t)(s->node - tree->node));
}

static void
influx_tag_address(struct buf *b, const struct influx_subject *s)
{
	const struct host *h = &s->l->hosts.row[s->host->row];

	addr_text(b, h->kind, &h->addr);
}

enum { INFLUX_TOTAL, INFLUX_SOURCE, INFLUX_PROTOCOL, INFLUX_HOST };

static const struct influx_measurement {
	const char *name;
	const char *tag; /* in addition to "host"; NULL: none */
	void (*put_tag)(struct buf *b, const struct influx_subject *s);
	const struct influx_field *field;
	unsigned n;
} measurements[] = {
	[INFLUX_TOTAL] = { "pkttop_total", NULL, NULL, total_fields, NITEMS(total_fields) },
	[INFLUX_SOURCE] = { "pkttop_source", "source", influx_tag_source, source_fields,
	    NITEMS(source_fields) },
	[INFLUX_PROTOCOL] = { "pkttop_protocol", "path", influx_tag_path, protocol_fields,
	    NITEMS(protocol_fields) },
	[INFLUX_HOST] = { "pkttop_host", "address", influx_tag_address, host_fields,
	    NITEMS(host_fields) },
};

const char *
influx_measurement_name(unsigned i)
{
	return i < NITEMS(measurements) ? measurements[i].name : NULL;
}

/* A backslash before a comma would escape it, and at the end of a value is refused. */
void
influx_escape_tag(struct buf *b, const char *value)
{
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == ',' || c == '=' || c == ' ')
			buf_addc(b, '\\');
		if (c == '\\')
			buf_addc(b, '/');
		else
			buf_addc(b, c < ' ' || c == 0x7f ? '_' : (char)c);
	}
}

static void
influx_put_tag(struct buf *b, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	buf_addf(b, ",%s=", name);
	influx_escape_tag(b, value);
}

static void
influx_put_string(struct buf *b, const char *text)
{
	buf_addc(b, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *text);
	}
	buf_addc(b, '"');
}

/* Integers are signed, and must keep their type: InfluxDB 1 has no unsigned ones. */
static bool
influx_put_field(
    struct buf *b, const struct influx_field *f, const struct influx_subject *s, char separator)
{
	struct influx_value v = f->get(s);

	if (!v.known || !isfinite(v.x))
		return false;
	buf_addf(b, "%c%s=", separator, f->name);
	if (f->type == INFLUX_TEXT) {
		influx_put_string(b, v.text);
	} else if (f->type == INFLUX_REAL) {
		decimal_real(b, v.x);
	} else {
		buf_addu(b, v.n <= INT64_MAX ? v.n : INT64_MAX);
		buf_addc(b, 'i');
	}
	return true;
}

static void
influx_put_line(struct buf *b, const struct influx_measurement *m, const struct influx_subject *s)
{
	char text[1024];
	struct buf tag;
	char separator = ' ';

	buf_adds(b, m->name);
	influx_put_tag(b, "host", s->point->site);
	if (m->tag != NULL) {
		buf_init(&tag, text, sizeof(text));
		m->put_tag(&tag, s);
		influx_put_tag(b, m->tag, tag.s);
	}
	for (unsigned i = 0; i < m->n; i++)
		if (influx_put_field(b, &m->field[i], s, separator))
			separator = ',';
	buf_addc(b, ' ');
	buf_addu(b, s->point->time);
	buf_addc(b, '\n');
}

void
influx_lines(struct buf *b, const struct influx_point *p)
{
	struct influx_subject s = { .point = p, .l = p->ledger };

	influx_put_line(b, &measurements[INFLUX_TOTAL], &s);
	for (unsigned i = 0; i < s.l->n_sources; i++) {
		s.source = &s.l->source[i];
		influx_put_line(b, &measurements[INFLUX_SOURCE], &s);
	}
	for (unsigned i = 0; i < s.l->proto_tree.used; i++) {
		s.node = &s.l->proto_tree.node[i];
		influx_put_line(b, &measurements[INFLUX_PROTOCOL], &s);
	}
	for (unsigned i = 0; i < p->top->n; i++) {
		s.host = &p->top->host[i];
		influx_put_line(b, &measurements[INFLUX_HOST], &s);
	}
}

void
influx_top_begin(struct influx_top *t, unsigned wanted)
{
	t->wanted = wanted;
	t->n = 0;
	t->next = 0;
}

static uint64_t
influx_host_bytes(const struct influx_host *h)
{
	return h->t[0].bytes + h->t[1].bytes;
}

/* Keeps the list in order, the largest first. */
static void
influx_top_insert(struct influx_top *t, const struct influx_host *h)
{
	unsigned at = t->n;

	if (t->n < t->wanted)
		t->n++;
	else if (at == 0 || influx_host_bytes(&t->host[--at]) >= influx_host_bytes(h))
		return;
	while (at > 0 && influx_host_bytes(&t->host[at - 1]) < influx_host_bytes(h)) {
		t->host[at] = t->host[at - 1];
		at--;
	}
	t->host[at] = *h;
}

/* All classes of traffic together. */
static struct influx_host
influx_host_delta(const struct ledger *l, uint32_t row)
{
	const struct host *h = &l->hosts.row[row];
	struct influx_host sum = { .row = row };

	for (unsigned c = 0; c < CLASSES; c++)
		for (int way = 0; way < 2 && (h->classes & 1u << c); way++) {
			struct tally t = meter_last_delta(&h->meter[c], &l->intervals, way);

			tally_add(&sum.t[way], t.packets, t.bytes);
		}
	return sum;
}

bool
influx_top_step(struct influx_top *t, const struct ledger *l, uint32_t steps)
{
	for (; t->next < l->hosts.table.used && steps > 0; steps--) {
		struct influx_host h = influx_host_delta(l, t->next++);

		if (influx_host_bytes(&h) > 0)
			influx_top_insert(t, &h);
	}
	return t->next < l->hosts.table.used;
}
