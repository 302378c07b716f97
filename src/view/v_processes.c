/* Processes: what each sends and receives; grouped by command, user, container or unit too. */
#include "config.h"

#include <string.h>

#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/private.h"
#include "view/row_filter.h"

/* A row is the first process of a group; the next one, or NULL. */
static const struct process *
v_processes_next(const struct scope *s, const struct process *p)
{
	return p->next != INDEX_NONE ? &s->ledger->processes.row[p->next] : NULL;
}

static enum process_level
v_processes_level(const struct scope *s)
{
	return (enum process_level)s->ledger->processes.level;
}

static struct tally
v_processes_count(const struct scope *s, const void *row, int way)
{
	struct tally sum = { 0, 0 };

	for (const struct process *p = row; p != NULL; p = v_processes_next(s, p)) {
		struct tally t = scope_count(s, &p->meter, way);

		tally_add(&sum, t.packets, t.bytes);
	}
	return sum;
}

static struct tally
v_processes_interval(const struct scope *s, const void *row, int way)
{
	struct tally sum = { 0, 0 };

	for (const struct process *p = row; p != NULL; p = v_processes_next(s, p)) {
		struct tally t = scope_rate_tally(s, &p->meter, way);

		tally_add(&sum, t.packets, t.bytes);
	}
	return sum;
}

static struct value
v_processes_window(const struct scope *s, const void *row, enum meter_window w)
{
	const struct process *p = row;
	struct value sum = scope_window(s, &p->meter, w);

	while ((p = v_processes_next(s, p)) != NULL) {
		struct value v = scope_window(s, &p->meter, w);

		if (v.type == V_BYTE_RATE)
			sum.x += v.x;
	}
	return sum;
}

/* The peaks of several processes were at different times. */
static struct value
v_processes_peak(const struct scope *s, const void *row)
{
	const struct process *p = row;

	return p->other || p->next != INDEX_NONE ? value_none() : scope_peak(s, &p->meter);
}

static const struct row_traffic v_processes_traffic = {
	.count = v_processes_count,
	.interval = v_processes_interval,
	.window = v_processes_window,
	.peak = v_processes_peak,
};

static struct value
v_processes_get_process(const struct scope *s, const void *row)
{
	const struct process *p = row;
	struct value v = value_textf("%s", "");
	struct buf b;

	if (p->other)
		return value_textf(OTHER_TEXT);
	buf_init(&b, v.text, sizeof(v.text));
	process_group_text(&b, p, v_processes_level(s));
	return v;
}

/* A text that all processes of the group have. */
static struct value
v_processes_common(const struct scope *s, const struct process *first, size_t offset)
{
	const char *text = (const char *)&first->facts + offset;

	for (const struct process *p = first; p != NULL; p = v_processes_next(s, p))
		if (strcmp(text, (const char *)&p->facts + offset) != 0)
			return value_none();
	return *text != '\0' ? value_textf("%s", text) : value_none();
}

static struct value
v_processes_get_command(const struct scope *s, const void *row)
{
	return v_processes_common(s, row, offsetof(struct process_facts, command));
}

static struct value
v_processes_get_user(const struct scope *s, const void *row)
{
	return v_processes_common(s, row, offsetof(struct process_facts, user));
}

static struct value
v_processes_get_unit(const struct scope *s, const void *row)
{
	return v_processes_common(s, row, offsetof(struct process_facts, unit));
}

static struct value
v_processes_get_container(const struct scope *s, const void *row)
{
	return v_processes_common(s, row, offsetof(struct process_facts, container));
}

static struct value
v_processes_get_pid(const struct scope *s, const void *row)
{
	const struct process *p = row;

	return v_processes_level(s) == PROCESS_BY_PID && p->facts.pid != 0
	    ? value_n(V_ID, p->facts.pid)
	    : value_none();
}

static struct value
v_processes_get_processes(const struct scope *s, const void *row)
{
	const struct process *first = row;
	uint64_t n = 0;

	for (const struct process *p = first; p != NULL; p = v_processes_next(s, p))
		n += p->facts.kind == PROCESS_OWNER;
	return first->other || n == 0 ? value_none() : value_n(V_COUNT, n);
}

static struct value
v_processes_get_flows(const struct scope *s, const void *row)
{
	uint64_t n = 0;

	for (const struct process *p = row; p != NULL; p = v_processes_next(s, p))
		n += p->flows;
	return value_n(V_COUNT, n);
}

static struct value
v_processes_get_last(const struct scope *s, const void *row)
{
	uint64_t last = 0;

	for (const struct process *p = row; p != NULL; p = v_processes_next(s, p))
		last = p->last > last ? p->last : last;
	return value_time(last);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "process", .title = "PROCESS", .help = "Command and number of the process, or what the rows are grouped by.",
	  .type = V_TEXT, .min = 16, .max = 40, .left = true, .identifies = true, .get = v_processes_get_process },
	{ .name = "user", .title = "USER", .help = "User of the process.",
	  .type = V_TEXT, .min = 8, .max = 16, .drop = 3, .left = true, .get = v_processes_get_user },
	{ .name = "container", .title = "CONTAINER", .help = "Container or pod that the process runs in.",
	  .type = V_TEXT, .min = 10, .max = 40, .drop = 4, .when_used = true, .left = true, .get = v_processes_get_container },
	{ .name = "unit", .title = "UNIT", .help = "Unit of systemd that the process belongs to.",
	  .type = V_TEXT, .min = 10, .max = 32, .drop = 6, .when_used = true, .left = true, .get = v_processes_get_unit },
	{ .name = "command", .title = "COMMAND", .help = "Name of the command.",
	  .type = V_TEXT, .min = 10, .max = 16, .drop = DROP_DETAIL, .left = true, .get = v_processes_get_command },
	{ .name = "pid", .title = "PID", .help = "Number of the process.",
	  .type = V_ID, .min = 8, .max = 8, .drop = DROP_DETAIL, .get = v_processes_get_pid },
	{ TRAFFIC_BPS_IN(v_processes_traffic), .drop = 2, .help = "Bits per second received by the process." },
	{ TRAFFIC_BPS_OUT(v_processes_traffic), .drop = 2, .help = "Bits per second sent by the process." },
	{ TRAFFIC_BPS(v_processes_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_processes_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_processes_traffic), .drop = 9, .help = "Packets per second, both directions." },
	{ TRAFFIC_BYTES_IN(v_processes_traffic), .drop = 10, .help = "Bytes received by the process." },
	{ TRAFFIC_BYTES_OUT(v_processes_traffic), .drop = 10, .help = "Bytes sent by the process." },
	{ TRAFFIC_BYTES(v_processes_traffic), .drop = 1, .help = "Bytes, both directions." },
	{ TRAFFIC_PACKETS_IN(v_processes_traffic), .drop = 11, .help = "Packets received by the process." },
	{ TRAFFIC_PACKETS_OUT(v_processes_traffic), .drop = 11, .help = "Packets sent by the process." },
	{ TRAFFIC_PACKETS(v_processes_traffic), .drop = 8, .help = "Packets, both directions." },
	{ TRAFFIC_SHARE(v_processes_traffic, 6), .drop = 5, .help = "Share of all traffic." },
	{ .name = "flows", .title = "FLOWS", .help = "Flows of the process.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 7, .desc = true, .get = v_processes_get_flows },
	{ .name = "processes", .title = "PROCS", .help = "Number of processes in the row.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_processes_get_processes },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 12, .desc = true, .get = v_processes_get_last },
};
/* clang-format on */

static uint32_t
v_processes_slots(const struct ledger *l)
{
	return l->processes.enabled ? l->processes.table.used : 0;
}

/* Processes are counted over all classes and both address families. */
static const void *
v_processes_row(const struct scope *s, uint32_t i)
{
	const struct process *p = &s->ledger->processes.row[i];

	return p->leads && traffic_count(&v_processes_traffic, s, p).packets > 0 ? p : NULL;
}

static const void *
v_processes_other(const struct scope *s)
{
	const struct process *p = &s->ledger->processes.other;

	return traffic_count(&v_processes_traffic, s, p).packets > 0 ? p : NULL;
}

/* A group is known by its text, a process by its number and start. */
static void
v_processes_key(const void *row, struct row_key *k)
{
	const struct process_facts *f = &((const struct process *)row)->facts;
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put(k, 0, f->kind, 1);
	at = row_key_put(k, at, f->pid, 4);
	at = row_key_put(k, at, f->uid, 4);
	row_key_put(k, at, f->started, 8);
}

static const char *const v_processes_groups[] = {
	[PROCESS_BY_PID] = "pid",
	[PROCESS_BY_COMMAND] = "command",
	[PROCESS_BY_USER] = "user",
	[PROCESS_BY_UNIT] = "unit",
	[PROCESS_LEVELS] = NULL,
};

/* The flows of a process, or of a group of them: by what the row shows. */
static bool
v_processes_flows_filter(struct buf *b, const struct view *v, const struct table_row *row)
{
	static const struct {
		const char *column, *of_flows, *suffix;
	} by[] = { { "command", "process", "[" }, { "user", "user", "" },
		{ "container", "container", "" }, { "unit", "unit", "" },
		{ "process", "process", "" } };
	const struct value *name = row_filter_find_typed_cell(v, row, "process", V_TEXT), *cell;
	size_t before = b->len, i = 0;

	if (name == NULL || row->other || strchr(name->text, '"') != NULL)
		return false;
	while ((cell = row_filter_find_typed_cell(v, row, by[i].column, V_TEXT)) == NULL ||
	    strcmp(cell->text, name->text) != 0)
		i++;
	buf_addf(b, "%s contains \"%s%s\"", by[i].of_flows, name->text, by[i].suffix);
	return row_filter_keep_or_undo(b, before);
}

static bool
v_processes_is_in_use(const struct ledger *l)
{
	return l->processes.enabled;
}

const struct view view_processes = {
	.name = "processes",
	.title = "Processes",
	.help = "Processes of this machine; a groups them by command, user, container or unit.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_processes_slots,
	.row = v_processes_row,
	.other_row = v_processes_other,
	.row_key = v_processes_key,
	.groups = v_processes_groups,
	.leads_to = &view_flows,
	.leads_to_filter = v_processes_flows_filter,
	.is_in_use = v_processes_is_in_use,
};
