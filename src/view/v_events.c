/* Events: what is wrong or unusual, newest first. */
#include "config.h"

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"

static const struct event_rule_row *
v_events_rule(const void *row)
{
	return &event_rules[((const struct event *)row)->rule];
}

/* People want the time of the day. */
static struct value
v_events_time(uint64_t ns)
{
	struct value v = value_time(ns);

	v.kind = 1;
	return v;
}

static struct value
v_events_get_last(const struct scope *s ATTR_UNUSED, const void *row)
{
	return v_events_time(((const struct event *)row)->end);
}

static struct value
v_events_get_first(const struct scope *s ATTR_UNUSED, const void *row)
{
	return v_events_time(((const struct event *)row)->start);
}

static struct value
v_events_get_severity(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_textf(
	    "%s", event_severity_name((enum event_severity)v_events_rule(row)->severity));
}

static struct value
v_events_get_rule(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_textf("%s", v_events_rule(row)->name);
}

static struct value
v_events_end(const struct event_end *end)
{
	return end->kind != ADDR_NONE ? value_addr(end->kind, &end->addr) : value_none();
}

static struct value
v_events_get_attacker(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct event *e = row;

	return v_events_end(event_attacker(e));
}

static struct value
v_events_get_victim(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct event *e = row;

	return v_events_end(event_victim(e));
}

static struct value
v_events_end_name(const struct scope *s, const struct event_end *end)
{
	return end != NULL ? value_name(scope_host_name(s, end->kind, &end->addr)) : value_none();
}

static struct value
v_events_get_attacker_name(const struct scope *s, const void *row)
{
	return v_events_end_name(s, event_attacker(row));
}

static struct value
v_events_get_victim_name(const struct scope *s, const void *row)
{
	return v_events_end_name(s, event_victim(row));
}

static struct value
v_events_get_port(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct event *e = row;
	struct value v = value_n(V_PORT, e->port);

	v.kind = port_space(ADDR_IP4, e->proto);
	return e->port != 0 && e->proto != 0 ? v : value_none();
}

static struct value
v_events_get_count(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct event *e = row;

	return value_n(V_COUNT, e->count + e->more);
}

static const char *
v_events_name(const void *arg, uint8_t kind, const struct addr *a)
{
	return scope_host_name(arg, kind, a).text;
}

static struct value
v_events_get_event(const struct scope *s, const void *row)
{
	struct value v = value_textf("%s", "");
	struct buf b;

	buf_init(&b, v.text, sizeof(v.text));
	event_text(&b, row, &(struct event_names){ v_events_name, s });
	return v;
}

static struct value
v_events_get_next(const struct scope *s ATTR_UNUSED, const void *row)
{
	struct value v = value_textf("%s", "");
	struct buf b;

	buf_init(&b, v.text, sizeof(v.text));
	event_filter(&b, row);
	return b.len > 0 ? v : value_none();
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "last", .title = "LAST", .help = "When it was last noticed, in UTC.",
	  .type = V_TIME, .min = 15, .max = 15, .left = true, .desc = true, .get = v_events_get_last },
	{ .name = "severity", .title = "SEVERITY", .help = "attack, warning or notice.",
	  .type = V_TEXT, .min = 8, .max = 8, .drop = 4, .left = true, .get = v_events_get_severity },
	{ .name = "rule", .title = "RULE", .help = "Name of the rule; see EVENTS.",
	  .type = V_TEXT, .min = 12, .max = 15, .drop = 14, .left = true, .identifies = true, .get = v_events_get_rule },
	{ .name = "event", .title = "EVENT", .help = "What was noticed.",
	  .type = V_TEXT, .min = 40, .max = 80, .left = true, .identifies = true, .get = v_events_get_event },
	{ .name = "attacker", .title = "ATTACKER", .help = "Address of the attacker.",
	  .type = V_ADDR, .min = 15, .max = 39, .drop = 11, .left = true, .identifies = true, .get = v_events_get_attacker },
	{ .name = "victim", .title = "VICTIM", .help = "Address of the host that is attacked or affected.",
	  .type = V_ADDR, .min = 15, .max = 39, .drop = 12, .left = true, .identifies = true, .get = v_events_get_victim },
	{ .name = "port", .title = "PORT", .help = "Port of the service concerned.",
	  .type = V_PORT, .min = 5, .max = 9, .drop = 13, .left = true, .identifies = true, .get = v_events_get_port },
	{ .name = "count", .title = "TIMES", .help = "Times that it was noticed, with pauses between them.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 3, .desc = true, .get = v_events_get_count },
	{ .name = "first", .title = "FIRST", .help = "When it began, in UTC.",
	  .type = V_TIME, .min = 15, .max = 15, .drop = 15, .left = true, .desc = true, .get = v_events_get_first },
	{ .name = "next", .title = "NEXT", .help = "Display filter that shows the hosts concerned.",
	  .type = V_TEXT, .min = 20, .max = 60, .drop = DROP_DETAIL, .left = true, .get = v_events_get_next },
	{ .name = "attacker_name", NAMES_OF("attacker", "FROM NAME", "Name of the attacker."), .get = v_events_get_attacker_name },
	{ .name = "victim_name", NAMES_OF("victim", "TO NAME", "Name of the host that is attacked or affected."), .get = v_events_get_victim_name },
};
/* clang-format on */

static uint32_t
v_events_slots(const struct ledger *l)
{
	return events_used(detect_events(l->detect));
}

static const void *
v_events_row(const struct scope *s, uint32_t i)
{
	return events_newest(detect_events(s->ledger->detect), i);
}

static const void *
v_events_other(const struct scope *s ATTR_UNUSED)
{
	return NULL;
}

static void
v_events_key(const void *row, struct row_key *k)
{
	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, UINT64_MAX - ((const struct event *)row)->number, 8);
}

/* The hosts of an event; if there is only one, and a port, that port of it. */
static bool
v_events_hosts_filter(struct buf *b, const struct view *v, const struct table_row *row)
{
	const struct value *attacker = row_find_cell(v, row, "attacker"),
			   *victim = row_find_cell(v, row, "victim"),
			   *port = row_find_cell(v, row, "port");
	const struct value *ends[2] = { attacker, victim };
	static const struct units exact = { .numeric = true };
	unsigned n = 0;

	for (unsigned i = 0; i < 2; i++) {
		if (ends[i] == NULL || ends[i]->type != V_ADDR)
			continue;
		buf_adds(b, n++ > 0 ? " and host " : "host ");
		value_text(b, ends[i], &exact);
	}
	if (n == 1 && port != NULL && port->type == V_PORT) {
		buf_adds(b, " and port ");
		value_text(b, port, &exact);
	}
	return n > 0;
}

static bool
v_events_is_in_use(const struct ledger *l)
{
	return events_used(detect_events(l->detect)) > 0;
}

const struct view view_events = {
	.name = "events",
	.title = "Events",
	.help = "What is wrong or unusual: attacks, failures, changes.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "last",
	.sort_whole_time = "last",
	.slots = v_events_slots,
	.row = v_events_row,
	.other_row = v_events_other,
	.row_key = v_events_key,
	.leads_to = &view_flows,
	.leads_to_filter = v_events_hosts_filter,
	.is_in_use = v_events_is_in_use,
};
