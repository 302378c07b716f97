/* The columns that say how much: the same in all tables of traffic. */
#include "config.h"

#include "view/columns.h"

static struct tally
traffic_add_ways(
    const struct row_traffic *t, const struct scope *s, const void *row, traffic_tally *of)
{
	struct tally sum = of(s, row, TRAFFIC_OUT), in;

	if (t->one_way)
		return sum;
	in = of(s, row, TRAFFIC_IN);
	tally_add(&sum, in.packets, in.bytes);
	return sum;
}

struct tally
traffic_count(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return traffic_add_ways(t, s, row, t->count);
}

static struct tally
traffic_interval(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return traffic_add_ways(t, s, row, t->interval);
}

/* The rate of one way, marked if exactly one end is local. */
static struct value
traffic_one_way(const struct row_traffic *t, const struct scope *s, const void *row, int way)
{
	struct value v = scope_rate(s, V_BYTE_RATE, t->interval(s, row, way).bytes);
	enum pkt_dir dir = t->dir != NULL ? t->dir(s, row) : DIR_UNKNOWN;

	if (v.type == V_BYTE_RATE && (dir == DIR_IN || dir == DIR_OUT))
		v.kind = (dir == DIR_OUT) == (way == TRAFFIC_OUT) ? VALUE_SENT : VALUE_RECEIVED;
	return v;
}

struct value
traffic_get_bps_in(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return traffic_one_way(t, s, row, TRAFFIC_IN);
}

struct value
traffic_get_bps_out(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return traffic_one_way(t, s, row, TRAFFIC_OUT);
}

struct value
traffic_get_bps(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return scope_rate(s, V_BYTE_RATE, traffic_interval(t, s, row).bytes);
}

struct value
traffic_get_bps_10s(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return t->window(s, row, METER_10S);
}

struct value
traffic_get_bps_60s(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return t->window(s, row, METER_60S);
}

struct value
traffic_get_bps_peak(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return t->peak(s, row);
}

struct value
traffic_get_pps(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return scope_rate(s, V_PACKET_RATE, traffic_interval(t, s, row).packets);
}

struct value
traffic_get_bytes_in(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return value_n(V_BYTES, t->count(s, row, TRAFFIC_IN).bytes);
}

struct value
traffic_get_bytes_out(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return value_n(V_BYTES, t->count(s, row, TRAFFIC_OUT).bytes);
}

struct value
traffic_get_bytes(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return value_n(V_BYTES, traffic_count(t, s, row).bytes);
}

struct value
traffic_get_packets_in(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return value_n(V_COUNT, t->count(s, row, TRAFFIC_IN).packets);
}

struct value
traffic_get_packets_out(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return value_n(V_COUNT, t->count(s, row, TRAFFIC_OUT).packets);
}

struct value
traffic_get_packets(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return value_n(V_COUNT, traffic_count(t, s, row).packets);
}

struct value
traffic_get_share(const struct row_traffic *t, const struct scope *s, const void *row)
{
	return scope_share(s, traffic_interval(t, s, row).bytes);
}
