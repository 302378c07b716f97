/* Sizes: how long packets are, all that are counted, whatever is hidden elsewhere. */
#include "config.h"

#include <inttypes.h>

#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"

static unsigned
v_sizes_index(const void *row)
{
	return (unsigned)((const struct size_range *)row - size_ranges);
}

static uint64_t
v_sizes_packets_in(const struct scope *s, unsigned range)
{
	return scope_packets_of_size(s, &size_ranges[range]);
}

static struct value
v_sizes_get_range(const struct scope *s, const void *row)
{
	const struct size_range *r = row;

	(void)s;
	if (r->to == UINT32_MAX)
		return value_textf("%" PRIu32 "+", r->from);
	return value_textf("%" PRIu32 "-%" PRIu32, r->from, r->to);
}

static struct value
v_sizes_get_from(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_ID, ((const struct size_range *)row)->from);
}

static struct value
v_sizes_get_packets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, v_sizes_packets_in(s, v_sizes_index(row)));
}

static struct value
v_sizes_get_share(const struct scope *s, const void *row)
{
	return value_share(v_sizes_packets_in(s, v_sizes_index(row)), scope_all_traffic(s).packets);
}

static struct value
v_sizes_get_cumulative(const struct scope *s, const void *row)
{
	uint64_t packets = 0;

	for (unsigned i = 0; i <= v_sizes_index(row); i++)
		packets += v_sizes_packets_in(s, i);
	return value_share(packets, scope_all_traffic(s).packets);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "range", .title = "BYTES", .help = "Range of lengths on the link.",
	  .type = V_TEXT, .min = 11, .max = 11, .left = true, .identifies = true, .get = v_sizes_get_range, .sort_key = v_sizes_get_from },
	{ .name = "packets", .title = "PACKETS", .help = "Packets with a length in this range.",
	  .type = V_COUNT, .min = 8, .max = 8, .desc = true, .get = v_sizes_get_packets },
	{ .name = "cumulative", .title = "UP TO", .help = "Share of all packets that are at most this long.",
	  .type = V_SHARE, .min = 6, .max = 6, .drop = 2, .desc = true, .get = v_sizes_get_cumulative },
	{ .name = "share", .title = "SHARE", .help = "Share of all packets.",
	  .type = V_SHARE, .min = 6, .max = 60, .drop = 1, .desc = true, .share_bar = true,
	  .get = v_sizes_get_share },
};
/* clang-format on */

static uint32_t
v_sizes_slots(const struct ledger *l ATTR_UNUSED)
{
	return n_size_ranges;
}

/* A range without packets is a row, too: its place says something. */
static const void *
v_sizes_row(const struct scope *s, uint32_t i)
{
	return scope_all_traffic(s).packets > 0 ? &size_ranges[i] : NULL;
}

static const void *
v_sizes_other(const struct scope *s ATTR_UNUSED)
{
	return NULL;
}

static void
v_sizes_key(const void *row, struct row_key *k)
{
	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, v_sizes_index(row), 1);
}

/* Adds the bounds of a range of packet lengths. */
static bool
v_sizes_packets_filter(struct buf *b, const struct view *v ATTR_UNUSED, const struct table_row *row)
{
	const struct size_range *r = &size_ranges[row->key.b[0]];

	buf_addf(b, "length >= %" PRIu32, r->from);
	if (r->to != UINT32_MAX)
		buf_addf(b, " length <= %" PRIu32, r->to);
	return true;
}

const struct view view_sizes = {
	.name = "sizes",
	.title = "Sizes",
	.short_title = "Size",
	.help = "Packets by length, including hidden traffic.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "range",
	.sort_whole_time = "range",
	.slots = v_sizes_slots,
	.row = v_sizes_row,
	.other_row = v_sizes_other,
	.row_key = v_sizes_key,
	.leads_to = &view_packets,
	.leads_to_filter = row_filter_packets,
	.packets_filter = v_sizes_packets_filter,
};
