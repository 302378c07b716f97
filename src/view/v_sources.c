/* Sources: what each interface or file gives, whatever is hidden elsewhere. */
#include "config.h"

#include "util/attr.h"
#include "view/columns.h"

static const struct totals *
v_sources_totals(const void *row)
{
	return &((const struct source_stats *)row)->totals;
}

static struct tally
v_sources_count(const struct scope *s, const void *row, int way ATTR_UNUSED)
{
	return scope_source_counts(s, row).captured;
}

static struct tally
v_sources_interval(const struct scope *s, const void *row, int way)
{
	return scope_rate_tally(s, &((const struct source_stats *)row)->meter, way);
}

static struct value
v_sources_window(const struct scope *s, const void *row, enum meter_window w)
{
	return scope_window(s, &((const struct source_stats *)row)->meter, w);
}

static struct value
v_sources_peak(const struct scope *s, const void *row)
{
	return scope_peak(s, &((const struct source_stats *)row)->meter);
}

static const struct row_traffic v_sources_traffic = {
	.one_way = true,
	.count = v_sources_count,
	.interval = v_sources_interval,
	.window = v_sources_window,
	.peak = v_sources_peak,
};

static struct value
v_sources_get_name(const struct scope *s, const void *row)
{
	(void)s;
	return value_textf("%s", ((const struct source_stats *)row)->name);
}

static struct value
v_sources_get_state(const struct scope *s, const void *row)
{
	(void)s;
	return value_textf("%s", source_state_name(((const struct source_stats *)row)->state));
}

/* The share of all sources together, as s->share_total is without hidden traffic. */
static struct value
v_sources_get_share(const struct scope *s, const void *row)
{
	const struct ledger *l = s->ledger;
	uint64_t all = 0;

	for (unsigned i = 0; i < l->n_sources; i++)
		all += v_sources_interval(s, &l->source[i], TRAFFIC_OUT).bytes;
	return value_share(v_sources_interval(s, row, TRAFFIC_OUT).bytes, all);
}

/* A packet length; not known before the first packet. */
static struct value
v_sources_known_length(const void *row, uint32_t n)
{
	return v_sources_totals(row)->all.packets > 0 ? value_n(V_ID, n) : value_none();
}

static struct value
v_sources_get_smallest(const struct scope *s, const void *row)
{
	(void)s;
	return v_sources_known_length(row, v_sources_totals(row)->smallest);
}

static struct value
v_sources_get_largest(const struct scope *s, const void *row)
{
	(void)s;
	return v_sources_known_length(row, v_sources_totals(row)->largest);
}

static struct value
v_sources_get_average(const struct scope *s, const void *row)
{
	struct tally all = traffic_count(&v_sources_traffic, s, row);

	return value_mean(V_ID, all.bytes, all.packets);
}

static struct value
v_sources_get_last(const struct scope *s, const void *row)
{
	(void)s;
	return v_sources_known_length(row, ((const struct source_stats *)row)->last_len);
}

static struct value
v_sources_drops(const void *row, uint64_t n)
{
	return ((const struct source_stats *)row)->drops_known ? value_n(V_COUNT, n) : value_none();
}

static struct value
v_sources_get_kernel_dropped(const struct scope *s, const void *row)
{
	return v_sources_drops(row, scope_source_counts(s, row).kernel_dropped);
}

static struct value
v_sources_get_iface_dropped(const struct scope *s, const void *row)
{
	return v_sources_drops(row, scope_source_counts(s, row).interface_dropped);
}

static struct value
v_sources_get_duplicates(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_source_counts(s, row).duplicates);
}

static struct value
v_sources_get_stamps_back(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_COUNT, ((const struct source_stats *)row)->stamps_back);
}

static struct value
v_sources_get_stamps_wild(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_COUNT, ((const struct source_stats *)row)->stamps_wild);
}

static struct value
v_sources_get_counted(const struct scope *s, const void *row)
{
	const char *counted = ((const struct source_stats *)row)->counted_text;

	(void)s;
	return *counted != '\0' ? value_textf("%s", counted) : value_none();
}

/* The share of the interface's own count that was captured. */
static struct value
v_sources_get_saw(const struct scope *s, const void *row)
{
	const struct coverage *w = &((const struct source_stats *)row)->coverage;

	(void)s;
	return w->known ? value_share(w->counted - w->missing, w->counted) : value_none();
}

static struct value
v_sources_get_missing(const struct scope *s, const void *row)
{
	const struct coverage *w = &((const struct source_stats *)row)->coverage;

	(void)s;
	return w->known ? value_n(V_COUNT, w->missing) : value_none();
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "name", .title = "SOURCE", .help = "Interface, file, or interface in a file.",
	  .type = V_TEXT, .min = 10, .max = 16, .left = true, .identifies = true, .get = v_sources_get_name },
	{ .name = "state", .title = "STATE",
	  .help = "running; file: ended or cut; interface: down, gone, failed, stopped, or ended (deselected).",
	  .type = V_TEXT, .min = 7, .max = 7, .drop = 1, .left = true, .get = v_sources_get_state },
	{ .name = "counted", .title = "COUNTED",
	  .help = "For \"any\": which packets are counted, or the device that already counts them.",
	  .type = V_TEXT, .min = 12, .max = 22, .drop = 8, .left = true, .get = v_sources_get_counted },
	{ TRAFFIC_BPS(v_sources_traffic), .help = "Bits per second." },
	TRAFFIC_WINDOWS(v_sources_traffic, ""),
	{ TRAFFIC_PPS(v_sources_traffic), .drop = 2, .help = "Packets per second." },
	{ TRAFFIC_BYTES(v_sources_traffic), .drop = 4, .help = "Bytes of all packets." },
	{ TRAFFIC_PACKETS(v_sources_traffic), .drop = 5, .help = "All packets." },
	{ .name = "kernel_dropped", .title = "DROPPED",
	  .help = "Packets dropped by the kernel because its buffer was full.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 3, .desc = true, .get = v_sources_get_kernel_dropped },
	{ .name = "interface_dropped", .title = "IF DROPPED",
	  .help = "Packets dropped by the interface or its driver.",
	  .type = V_COUNT, .min = 11, .max = 11, .drop = 9, .desc = true,
	  .get = v_sources_get_iface_dropped },
	{ .name = "saw", .title = "SAW",
	  .help = "Share of the packets counted by the interface that were captured.",
	  .type = V_SHARE, .min = 6, .max = 6, .drop = 8, .get = v_sources_get_saw },
	{ .name = "missing", .title = "MISSING",
	  .help = "Packets counted by the interface that were not captured.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = DROP_DETAIL, .desc = true, .get = v_sources_get_missing },
	{ .name = "duplicates", .title = "DUPS", .help = "Packets that were captured twice.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = DROP_DETAIL, .desc = true,
	  .get = v_sources_get_duplicates },
	{ .name = "smallest", .title = "SMALLEST", .help = "Length of the shortest packet.",
	  .type = V_ID, .min = 9, .max = 9, .drop = 8, .get = v_sources_get_smallest },
	{ .name = "average", .title = "AVERAGE", .help = "Average length of packets.",
	  .type = V_ID, .min = 8, .max = 8, .drop = 7, .desc = true, .get = v_sources_get_average },
	{ .name = "largest", .title = "LARGEST", .help = "Length of the longest packet.",
	  .type = V_ID, .min = 8, .max = 8, .drop = 8, .desc = true, .get = v_sources_get_largest },
	{ .name = "last", .title = "LAST", .help = "Length of the most recent packet.",
	  .type = V_ID, .min = 6, .max = 6, .drop = 10, .desc = true, .get = v_sources_get_last },
	{ .name = "share", .title = "SHARE", .help = "Share of the traffic of all sources.",
	  .type = V_SHARE, .min = 6, .max = 16, .drop = 6, .desc = true, .share_bar = true,
	  .get = v_sources_get_share },
	{ .name = "stamps_back", .title = "TS BACK",
	  .help = "Packets of a file with a timestamp earlier than that of the packet before them.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = DROP_DETAIL, .desc = true,
	  .get = v_sources_get_stamps_back },
	{ .name = "stamps_wild", .title = "TS WILD",
	  .help = "Packets of a file with a timestamp more than a year away from those around it.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = DROP_DETAIL, .desc = true,
	  .get = v_sources_get_stamps_wild },
};
/* clang-format on */

static uint32_t
v_sources_slots(const struct ledger *l)
{
	return l->n_sources;
}

static const void *
v_sources_row(const struct scope *s, uint32_t i)
{
	return &s->ledger->source[i];
}

static const void *
v_sources_other(const struct scope *s ATTR_UNUSED)
{
	return NULL;
}

/* Sources may have the same name twice, but each has a slot of its own. */
static void
v_sources_key(const void *row, struct row_key *k)
{
	const struct source_stats *src = row;

	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, src->number, 1);
}

const struct view view_sources = {
	.name = "sources",
	.title = "Sources",
	.short_title = "Src",
	.help = "Interfaces and files, including hidden traffic.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_sources_slots,
	.row = v_sources_row,
	.other_row = v_sources_other,
	.row_key = v_sources_key,
};
