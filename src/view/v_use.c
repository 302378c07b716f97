/* What traffic is for: streaming, browsing ...; and the services, such as Netflix. */
#include "config.h"

#include "core/use.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/private.h"
#include "view/row_filter.h"

enum { GROUP_USE, GROUP_SERVICE, GROUPS };

static bool
v_use_is_kind(const struct use_row *r)
{
	return r->number < USE_KINDS;
}

static enum use_kind
v_use_kind(const struct scope *s, const struct use_row *r)
{
	return v_use_is_kind(r) ? (enum use_kind)r->number
				: use_service_kind(s->ledger->apps, r->number - USE_KINDS);
}

static struct tally
v_use_count(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	return scope_count_both(s, &((const struct use_row *)row)->meter);
}

static struct tally
v_use_interval(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	const struct meter *m = &((const struct use_row *)row)->meter;
	struct tally sum = scope_rate_tally(s, m, 0), back = scope_rate_tally(s, m, 1);

	tally_add(&sum, back.packets, back.bytes);
	return sum;
}

static struct value
v_use_window(const struct scope *s, const void *row, enum meter_window w)
{
	return scope_window(s, &((const struct use_row *)row)->meter, w);
}

static struct value
v_use_peak(const struct scope *s, const void *row)
{
	return scope_peak(s, &((const struct use_row *)row)->meter);
}

static const struct row_traffic v_use_traffic = {
	.one_way = true,
	.count = v_use_count,
	.interval = v_use_interval,
	.window = v_use_window,
	.peak = v_use_peak,
};

static struct value
v_use_get_use(const struct scope *s, const void *row)
{
	return value_textf("%s", use_kind_name(v_use_kind(s, row)));
}

/* The row of the service of that kind with most bytes; the kind's own if there is none. */
static const struct use_row *
v_use_busiest(const struct scope *s, const struct use_row *kind)
{
	const struct use_row *best = kind, *r = s->ledger->use.row + USE_KINDS;
	uint64_t most = 0;

	for (; r < s->ledger->use.row + USE_ROWS; r++) {
		uint64_t bytes = r->flows > 0 ? scope_count_both(s, &r->meter).bytes : 0;

		if (bytes <= most || v_use_kind(s, r) != v_use_kind(s, kind))
			continue;
		most = bytes;
		best = r;
	}
	return best;
}

static struct value
v_use_get_service(const struct scope *s, const void *row)
{
	const struct use_row *r = v_use_is_kind(row) ? v_use_busiest(s, row) : row;
	char scratch[USE_SERVICE_NAME];

	if (v_use_is_kind(r) || r->number == USE_KINDS + SERVICE_UNKNOWN)
		return value_none();
	return value_textf("%s", use_service_name(s->ledger->apps, r->number - USE_KINDS, scratch));
}

static struct value
v_use_get_clients(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_n(V_COUNT, distinct_count(&((const struct use_row *)row)->clients));
}

static struct value
v_use_get_flows(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_n(V_COUNT, ((const struct use_row *)row)->flows);
}

static struct value
v_use_get_last(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_time(((const struct use_row *)row)->last);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "use", .title = "USE", .help = "Kind of use.",
	  .type = V_TEXT, .min = 13, .max = 13, .left = true, .identifies = true, .get = v_use_get_use },
	{ .name = "service", .title = "SERVICE", .help = "Service or protocol; of a kind of use, the one with most bytes.",
	  .type = V_TEXT, .min = 10, .max = 16, .drop = 1, .left = true, .identifies = true, .get = v_use_get_service },
	{ TRAFFIC_BYTES(v_use_traffic), .drop = 3, .help = "Bytes, both directions." },
	{ TRAFFIC_PACKETS(v_use_traffic), .drop = 6, .help = "Packets, both directions." },
	{ TRAFFIC_BPS(v_use_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_use_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_use_traffic), .drop = 7, .help = "Packets per second, both directions." },
	{ TRAFFIC_SHARE(v_use_traffic, 6), .drop = 2, .help = "Share of all traffic." },
	{ .name = "clients", .title = "CLNTS", .help = "Different hosts that use it; estimated above 8.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 4, .desc = true, .get = v_use_get_clients },
	{ .name = "flows", .title = "FLOWS", .help = "Flows of this use.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 5, .desc = true, .get = v_use_get_flows },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL, .desc = true, .get = v_use_get_last },
};
/* clang-format on */

static uint32_t
v_use_slots(const struct ledger *l ATTR_UNUSED)
{
	return USE_ROWS;
}

/* A use is counted over all protocols together, so any of them shows it. */
static const void *
v_use_row(const struct scope *s, uint32_t i)
{
	const struct use_row *r = &s->ledger->use.row[i];
	unsigned group = i < USE_KINDS ? GROUP_USE : GROUP_SERVICE;

	if (s->group != group || r->flows == 0 || (s->classes & SCOPE_ALL) == 0 ||
	    (!s->ip4 && !s->ip6))
		return NULL;
	return traffic_count(&v_use_traffic, s, r).packets > 0 ? r : NULL;
}

/* No row is ever evicted. */
static const void *
v_use_other(const struct scope *s ATTR_UNUSED)
{
	return NULL;
}

static void
v_use_key(const void *row, struct row_key *k)
{
	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, ((const struct use_row *)row)->number, 2);
}

static const char *const v_use_groups[] = {
	[GROUP_USE] = "use",
	[GROUP_SERVICE] = "service",
	[GROUPS] = NULL,
};

static bool
v_use_flows_filter(struct buf *b, const struct view *v, const struct table_row *row)
{
	const struct value *service = row_find_cell(v, row, "service");

	row_filter_add_text(b, "use", row_find_cell(v, row, "use")->text);
	if (row->slot < USE_KINDS)
		return true;
	buf_addc(b, ' ');
	if (service->type == V_TEXT)
		return row_filter_add_text(b, "service", service->text);
	buf_adds(b, "service = \"\"");
	return true;
}

const struct view view_use = {
	.name = "use",
	.title = "Use",
	.help = "What traffic is for: streaming, browsing ...; a shows the services.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_use_slots,
	.row = v_use_row,
	.other_row = v_use_other,
	.row_key = v_use_key,
	.groups = v_use_groups,
	.leads_to = &view_use,
	.leads_to_filter = row_filter_row,
	.flows_filter = v_use_flows_filter,
};
