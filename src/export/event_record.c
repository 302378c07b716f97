/* Events for machines: JSON objects, CSV lines, and metrics. */
#include "config.h"

#include <inttypes.h>

#include "core/ledger.h"
#include "export/csv_json.h"
#include "export/report.h"
#include "util/attr.h"
#include "util/text.h"
#include "view/value.h"

#define TIME_TEXT  40
#define EVENT_TEXT 400

static void
event_put_time(struct json *j, const char *key, uint64_t ns)
{
	char text[TIME_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_rfc3339(&b, ns, 9);
	json_str(j, key, text);
}

static void
event_put_end(struct json *j, const char *key, const struct event_end *end)
{
	struct value v = value_addr(end->kind, &end->addr);

	if (end->kind != ADDR_NONE)
		json_value(j, key, &v);
}

static const char *
event_proto_name(const struct event *e)
{
	return e->proto == 17 ? "udp" : "tcp";
}

void
event_json(struct json *j, const struct event *e)
{
	const struct event_rule_row *rule = &event_rules[e->rule];
	char text[EVENT_TEXT];
	struct buf b;

	json_u64(j, "number", e->number);
	json_str(j, "rule", rule->name);
	json_str(j, "severity", event_severity_name((enum event_severity)rule->severity));
	event_put_time(j, "first", e->start);
	event_put_time(j, "last", e->end);
	json_u64(j, "count", e->count);
	if (e->more > 0)
		json_u64(j, "more", e->more);
	event_put_end(j, "attacker", event_attacker(e));
	event_put_end(j, "victim", event_victim(e));
	if (e->port != 0 && e->proto != 0) {
		json_str(j, "protocol", event_proto_name(e));
		json_u64(j, "port", e->port);
	}
	buf_init(&b, text, sizeof(text));
	event_text(&b, e, NULL);
	json_str(j, "event", text);
	buf_clear(&b);
	event_filter(&b, e);
	if (b.len > 0)
		json_str(j, "next", text);
}

void
event_json_line(struct buf *b, const struct event *e)
{
	struct json j;

	json_init(&j, b);
	json_open(&j, NULL, '{');
	event_json(&j, e);
	json_close(&j, '}');
	buf_addc(b, '\n');
}

void
events_json(struct json *j, const char *key, const struct events *es)
{
	json_open(j, key, '[');
	for (uint32_t i = 0; i < events_used(es); i++) {
		json_open(j, NULL, '{');
		event_json(j, events_newest(es, i));
		json_close(j, '}');
	}
	json_close(j, ']');
}

const char event_csv_titles[] =
    "number,rule,severity,first,last,count,attacker,victim,protocol,port,event" CSV_EOL;

static void
event_csv_end(struct buf *b, const struct event_end *end)
{
	if (end->kind != ADDR_NONE)
		addr_text(b, (enum addr_kind)end->kind, &end->addr);
	buf_addc(b, ',');
}

void
event_csv(struct buf *b, const struct event *e)
{
	const struct event_rule_row *rule = &event_rules[e->rule];
	char text[EVENT_TEXT];
	struct buf sentence;

	buf_addf(b, "%" PRIu64 ",%s,%s,", e->number, rule->name,
	    event_severity_name((enum event_severity)rule->severity));
	fmt_rfc3339(b, e->start, 9);
	buf_addc(b, ',');
	fmt_rfc3339(b, e->end, 9);
	buf_addf(b, ",%" PRIu32 ",", e->count);
	event_csv_end(b, event_attacker(e));
	event_csv_end(b, event_victim(e));
	if (e->port != 0 && e->proto != 0)
		buf_addf(b, "%s,%u,", event_proto_name(e), e->port);
	else
		buf_adds(b, ",,");
	buf_init(&sentence, text, sizeof(text));
	event_text(&sentence, e, NULL);
	value_quote_csv(b, text);
	buf_adds(b, CSV_EOL);
}

void
events_metrics(struct buf *b, const struct events *es)
{
	buf_adds(b,
	    "# HELP pkttop_events_total Events noticed.\n"
	    "# TYPE pkttop_events_total counter\n");
	for (unsigned i = 0; i < EVENT_RULES; i++)
		buf_addf(b, "pkttop_events_total{rule=\"%s\",severity=\"%s\"} %" PRIu64 "\n",
		    event_rules[i].name,
		    event_severity_name((enum event_severity)event_rules[i].severity),
		    es->total[i]);
}
