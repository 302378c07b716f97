/* Traffic: what went by in each of the last seconds, an hour of them; on the screen a graph. */
#include "config.h"

#include "util/attr.h"
#include "view/columns.h"
#include "view/summary.h"

#define NS_PER_S UINT64_C(1000000000)

static const struct tally *
v_traffic_ways(const void *row)
{
	return ((const struct sample *)row)->way;
}

static struct value
v_traffic_get_time(const struct scope *s, const void *row)
{
	uint64_t at = ((const struct sample *)row)->number * NS_PER_S;

	return value_packet_time(s, ledger_wall_time(s->ledger, at));
}

static struct value
v_traffic_get_bps_in(const struct scope *s, const void *row)
{
	(void)s;
	return value_x(V_BYTE_RATE, (double)v_traffic_ways(row)[WAY_IN].bytes);
}

static struct value
v_traffic_get_bps_out(const struct scope *s, const void *row)
{
	(void)s;
	return value_x(V_BYTE_RATE, (double)v_traffic_ways(row)[WAY_OUT].bytes);
}

static struct value
v_traffic_get_bps(const struct scope *s, const void *row)
{
	(void)s;
	return value_x(V_BYTE_RATE, (double)series_sample_sum(row).bytes);
}

static struct value
v_traffic_get_pps_in(const struct scope *s, const void *row)
{
	(void)s;
	return value_x(V_PACKET_RATE, (double)v_traffic_ways(row)[WAY_IN].packets);
}

static struct value
v_traffic_get_pps_out(const struct scope *s, const void *row)
{
	(void)s;
	return value_x(V_PACKET_RATE, (double)v_traffic_ways(row)[WAY_OUT].packets);
}

static struct value
v_traffic_get_pps(const struct scope *s, const void *row)
{
	(void)s;
	return value_x(V_PACKET_RATE, (double)series_sample_sum(row).packets);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "time", .title = "SECOND", .help = "The second that the row describes.",
	  .type = V_TIME, .min = 20, .max = 20, .left = true, .desc = true, .get = v_traffic_get_time },
	{ .name = "bps_in", .title = "IN", .help = "Received bits per second.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = 1, .desc = true, .get = v_traffic_get_bps_in },
	{ .name = "bps_out", .title = "OUT", .help = "Sent bits per second.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .drop = 1, .desc = true, .get = v_traffic_get_bps_out },
	{ .name = "bps", .title = "RATE", .help = "Bits per second, all directions.",
	  .type = V_BYTE_RATE, .min = 6, .max = 6, .desc = true, .get = v_traffic_get_bps },
	{ .name = "pps_in", .title = "PPS IN", .help = "Received packets per second.",
	  .type = V_PACKET_RATE, .min = 7, .max = 7, .drop = 2, .desc = true, .get = v_traffic_get_pps_in },
	{ .name = "pps_out", .title = "PPS OUT", .help = "Sent packets per second.",
	  .type = V_PACKET_RATE, .min = 8, .max = 8, .drop = 2, .desc = true, .get = v_traffic_get_pps_out },
	{ .name = "pps", .title = "PPS", .help = "Packets per second, all directions.",
	  .type = V_PACKET_RATE, .min = 6, .max = 6, .desc = true, .get = v_traffic_get_pps },
};
/* clang-format on */

static uint32_t
v_traffic_slots(const struct ledger *l)
{
	return l->series.seconds.n;
}

/* The newest second is left out until it is complete. */
static const void *
v_traffic_row(const struct scope *s, uint32_t i)
{
	const struct time_series *series = &s->ledger->series;
	bool newest = i + 1 == series->seconds.n;

	return newest && ledger_is_live(s->ledger) ? NULL : series_sample(series, i);
}

static const void *
v_traffic_other(const struct scope *s ATTR_UNUSED)
{
	return NULL;
}

static void
v_traffic_key(const void *row, struct row_key *k)
{
	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, ((const struct sample *)row)->number, sizeof(uint64_t));
}

const struct view view_traffic = {
	.name = "traffic",
	.title = "Traffic",
	.short_title = "Graph",
	.help = "Received and sent traffic over time, including hidden traffic.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "time",
	.sort_whole_time = "time",
	.slots = v_traffic_slots,
	.row = v_traffic_row,
	.other_row = v_traffic_other,
	.row_key = v_traffic_key,
	.is_graph = true,
};
