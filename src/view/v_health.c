/* Health: whose TCP connections are in trouble, worst first. */
#include "config.h"

#include "util/attr.h"
#include "view/columns.h"

enum { OUT, IN }; /* the ways of a host's meters */

/*
 * Packets that are added to those that a host sent: so one reset among two packets is no greater
 * pain than many retransmissions among thousands.
 */
#define PAIN_CALM 100

#define PAIN_OF 1000
#define RESETS  4 /* that are one trouble: many a connection ends with one, and no harm is done */

static struct tally
counted(const struct scope *s, const void *row, int way)
{
	return scope_counted(s, &((const struct host *)row)->meter[CLASS_TCP], way);
}

static struct value
get_address(const struct scope *s, const void *row)
{
	const struct host *h = row;

	(void)s;
	return h->other ? value_textf(OTHER_TEXT) : value_addr(h->kind, &h->addr);
}

static struct value
get_pain(const struct scope *s, const void *row)
{
	struct host_health h = scope_health(s, row);
	uint64_t sent = counted(s, row, OUT).packets + PAIN_CALM;
	uint64_t troubles = (uint64_t)h.retransmissions + h.out_of_order + h.zero_windows;

	return value_mean(V_ID, PAIN_OF * (RESETS * troubles + h.resets), RESETS * sent);
}

static struct value
get_retransmissions(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).retransmissions);
}

static struct value
get_retx_share(const struct scope *s, const void *row)
{
	return value_part(scope_health(s, row).retransmissions, counted(s, row, OUT).packets);
}

static struct value
get_out_of_order(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).out_of_order);
}

static struct value
get_duplicate_acks(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).duplicate_acks);
}

static struct value
get_zero_windows(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).zero_windows);
}

static struct value
get_resets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).resets);
}

static struct value
get_packets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, counted(s, row, OUT).packets + counted(s, row, IN).packets);
}

static struct value
get_bytes(const struct scope *s, const void *row)
{
	return value_n(V_BYTES, counted(s, row, OUT).bytes + counted(s, row, IN).bytes);
}

static struct value
get_flows(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_COUNT, ((const struct host *)row)->flows);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "address", .title = "ADDRESS", .help = "Address of the host.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .get = get_address },
	{ .name = "pain", .title = "PAIN",
	  .help = "1000 (retransmissions + out of order + zero windows + resets / 4) / (TCP packets sent + 100).",
	  .type = V_ID, .min = 5, .max = 5, .desc = true, .get = get_pain },
	{ .name = "retransmissions", .title = "RETX", .help = "TCP segments that it sent again.",
	  .type = V_COUNT, .min = 5, .max = 5, .desc = true, .get = get_retransmissions },
	{ .name = "retx_share", .title = "RETX%", .help = "Their part of the TCP packets that it sent.",
	  .type = V_SHARE, .min = 6, .max = 6, .drop = 2, .desc = true, .get = get_retx_share },
	{ .name = "out_of_order", .title = "ORDER",
	  .help = "TCP segments from it that came after later ones.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 3, .desc = true, .get = get_out_of_order },
	{ .name = "duplicate_acks", .title = "DUPACK",
	  .help = "Acknowledgements that it sent twice, as data is missing.",
	  .type = V_COUNT, .min = 7, .max = 7, .drop = 4, .desc = true, .get = get_duplicate_acks },
	{ .name = "zero_windows", .title = "ZEROWIN",
	  .help = "Times that it said that it can take no more data.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 5, .desc = true, .get = get_zero_windows },
	{ .name = "resets", .title = "RESETS", .help = "TCP resets that it sent.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 1, .desc = true, .get = get_resets },
	{ .name = "packets", .title = "PACKETS", .help = "TCP packets both ways.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 6, .desc = true, .get = get_packets },
	{ .name = "bytes", .title = "BYTES", .help = "Bytes of TCP packets both ways.",
	  .type = V_BYTES, .min = 6, .max = 6, .drop = 7, .desc = true, .get = get_bytes },
	{ .name = "flows", .title = "FLOWS",
	  .help = "Flows that it has or had an end of, of every class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 8, .desc = true, .get = get_flows },
};
/* clang-format on */

static bool
has_tcp(const struct scope *s, const struct host *h)
{
	return (s->classes & (1u << CLASS_TCP)) &&
	    counted(s, h, OUT).packets + counted(s, h, IN).packets > 0;
}

static uint32_t
slots(const struct ledger *l)
{
	return l->hosts.used;
}

static const void *
row_at(const struct scope *s, uint32_t i)
{
	const struct host *h = &s->ledger->hosts.row[i];

	return scope_shows_kind(s, h->kind) && has_tcp(s, h) ? h : NULL;
}

/* Those who left are counted by class, but no longer by address family. */
static const void *
other(const struct scope *s)
{
	const struct host *h = &s->ledger->hosts.other;

	return s->ip4 && s->ip6 && has_tcp(s, h) ? h : NULL;
}

static void
key(const void *row, struct rowkey *k)
{
	const struct host *h = row;

	*k = (struct rowkey){ { 0 } };
	key_put_addr(k, key_put(k, 0, h->kind, 1), &h->addr);
}

const struct view view_health = {
	.name = "health",
	.title = "Health",
	.help = "Hosts by the troubles of their TCP connections.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "pain",
	.sort_average = "pain",
	.slots = slots,
	.row = row_at,
	.other = other,
	.key = key,
};
