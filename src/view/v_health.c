/* Health: what fails, and for whom, worst first. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/fmt.h"
#include "view/columns.h"
#include "view/own_session.h"

enum { OUT, IN }; /* the ways of a host's meters */

/*
 * Added to the packets that a host sent, so that one reset in two packets does not rank above many
 * retransmissions in thousands.
 */
#define PAIN_CALM 100

#define PAIN_OF 1000
#define WEIGHT  4 /* of an error that counts once */

/*
 * The errors and their weights: failures weigh more than delays; mostly harmless ones weigh least,
 * as many connections end with a reset and many names are searched in several domains.
 */
static const struct ail {
	const char *words; /* gets an s for several, if `plural` */
	bool plural;
	size_t at; /* in struct host_errors */
	unsigned weight;
} ails[] = {
	{ "SYN unanswered", false, offsetof(struct host_errors, unanswered), 4 * WEIGHT },
	{ "refused", false, offsetof(struct host_errors, refused), 4 * WEIGHT },
	{ "unreachable", false, offsetof(struct host_errors, unreachable), 4 * WEIGHT },
	{ "DNS failed", false, offsetof(struct host_errors, dns_failures), 4 * WEIGHT },
	{ "no such name", false, offsetof(struct host_errors, no_such_name), 1 },
	{ "zero window", true, offsetof(struct host_errors, zero_windows), WEIGHT },
	{ "retransmitted", false, offsetof(struct host_errors, retransmissions), WEIGHT },
	{ "out of order", false, offsetof(struct host_errors, out_of_order), WEIGHT },
	{ "reset", true, offsetof(struct host_errors, resets), 1 },
};

static uint32_t
ail_count(const struct host_errors *h, const struct ail *a)
{
	uint32_t n;

	memcpy(&n, (const char *)h + a->at, sizeof(n));
	return n;
}

static struct tally
counted(const struct scope *s, const void *row, int way)
{
	const struct host *h = row;

	return own_less(scope_counted(s, &h->meter[CLASS_TCP], way), own_of_host(s, h, way, false));
}

/* Packets that the host sent, of all classes. */
static uint64_t
sent_all(const struct scope *s, const struct host *h)
{
	uint64_t n = counted(s, h, OUT).packets;

	for (int c = 0; c < CLASSES; c++)
		n += c == CLASS_TCP ? 0 : scope_counted(s, &h->meter[c], OUT).packets;
	return n;
}

static struct value
get_context(const struct scope *s, const void *row)
{
	return host_context_value(s->ledger, row);
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
	struct host_errors h = scope_health(s, row);
	uint64_t sent = sent_all(s, row) + PAIN_CALM, troubles = 0;

	for (unsigned i = 0; i < NITEMS(ails); i++)
		troubles += (uint64_t)ails[i].weight * ail_count(&h, &ails[i]);
	return value_mean(V_ID, PAIN_OF * troubles, WEIGHT * sent);
}

/* The worst error other than `but`, or NULL. */
static const struct ail *
worst(const struct host_errors *h, const struct ail *but)
{
	const struct ail *found = NULL;
	uint64_t most = 0;

	for (unsigned i = 0; i < NITEMS(ails); i++) {
		uint64_t hurts = (uint64_t)ails[i].weight * ail_count(h, &ails[i]);

		if (&ails[i] == but || hurts <= most)
			continue;
		found = &ails[i];
		most = hurts;
	}
	return found;
}

/* "38 SYN unanswered" */
static void
add_ail(struct buf *b, const struct host_errors *h, const struct ail *a)
{
	uint32_t n = ail_count(h, a);

	fmt_scaled(b, n, FMT_SI);
	buf_addf(b, " %s%s", a->words, a->plural && n != 1 ? "s" : "");
}

static struct value
get_reason(const struct scope *s, const void *row)
{
	struct host_errors h = scope_health(s, row);
	const struct ail *first = worst(&h, NULL), *second = worst(&h, first);
	char text[VALUE_TEXT];
	struct buf b;

	if (first == NULL)
		return value_none();
	buf_init(&b, text, sizeof(text));
	add_ail(&b, &h, first);
	if (second != NULL) {
		buf_adds(&b, ", ");
		add_ail(&b, &h, second);
	}
	return value_textf("%s", text);
}

static struct value
get_unanswered(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).unanswered);
}

static struct value
get_refused(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).refused);
}

static struct value
get_unreachable(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).unreachable);
}

static struct value
get_dns_failures(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).dns_failures);
}

static struct value
get_no_such_name(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).no_such_name);
}

/* Not known for evicted hosts. */
static struct value
get_rtt(const struct scope *s, const void *row)
{
	const struct host *h = row;

	(void)s;
	return h->has_rtt && !h->other ? value_n(V_SPAN, (uint64_t)h->rtt * 1000) : value_none();
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
get_duplicates(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_health(s, row).duplicates);
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
	const struct host *h = row;

	return value_n(V_COUNT, h->flows - (own_ends_at(s, h) ? s->own.flows : 0));
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "address", .title = "ADDRESS", .help = "Address of the host.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .get = get_address },
	{ .name = "reason", .title = "WHAT FAILS", .help = "The two troubles that hurt most.",
	  .type = V_TEXT, .min = 26, .max = 46, .drop = 1, .left = true, .get = get_reason },
	{ .name = "pain", .title = "PAIN",
	  .help = "Troubles a thousand packets that it sent, 100 more being added to these.",
	  .type = V_ID, .min = 5, .max = 5, .desc = true, .get = get_pain },
	{ .name = "retransmissions", .title = "RETX", .help = "TCP segments that it sent again.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 2, .desc = true, .get = get_retransmissions },
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
	{ .name = "duplicates", .title = "TWICE", .help = "Packets from it that were seen twice.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 9, .desc = true, .get = get_duplicates },
	{ .name = "unanswered", .title = "NO ANSWER",
	  .help = "TCP connections that it asks for again and again, and nobody answers.",
	  .type = V_COUNT, .min = 10, .max = 10, .drop = 9, .desc = true, .get = get_unanswered },
	{ .name = "refused", .title = "REFUSED", .help = "TCP connections that it was refused.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 9, .desc = true, .get = get_refused },
	{ .name = "unreachable", .title = "UNREACH",
	  .help = "ICMP messages to it that something cannot be reached.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 9, .desc = true, .get = get_unreachable },
	{ .name = "dns_failures", .title = "DNS FAILED",
	  .help = "Questions of DNS that a server failed or refused to answer.",
	  .type = V_COUNT, .min = 11, .max = 11, .drop = 9, .desc = true, .get = get_dns_failures },
	{ .name = "no_such_name", .title = "NO NAME", .help = "Names that DNS says do not exist.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 9, .desc = true, .get = get_no_such_name },
	{ .name = "rtt", .title = "RTT", .help = "Round trips of its TCP connections, smoothed.",
	  .type = V_SPAN, .min = 6, .max = 6, .drop = 4, .desc = true, .get = get_rtt },
	{ .name = "packets", .title = "PACKETS", .help = "TCP packets both ways.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 6, .desc = true, .get = get_packets },
	{ .name = "bytes", .title = "BYTES", .help = "Bytes of TCP packets both ways.",
	  .type = V_BYTES, .min = 6, .max = 6, .drop = 7, .desc = true, .get = get_bytes },
	{ .name = "flows", .title = "FLOWS",
	  .help = "Flows that it has or had an end of, of every class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 8, .desc = true, .get = get_flows },
	{ .name = "context", .title = "CONTEXT",
	  .help = "Network that the address is of, where others may have it too.",
	  .type = V_TEXT, .min = 8, .max = 24, .drop = 3, .rare = true, .left = true, .get = get_context },
};
/* clang-format on */

/* Hosts with errors are rows even without TCP traffic, while all classes are shown. */
static bool
has_tcp(const struct scope *s, const struct host *h)
{
	if ((s->classes & SCOPE_ALL) == SCOPE_ALL && get_pain(s, h).n > 0)
		return true;
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

/* Evicted hosts are counted by class, but not by address family. */
static const void *
other(const struct scope *s)
{
	const struct host *h = &s->ledger->hosts.other;

	return s->ip4 && s->ip6 && has_tcp(s, h) ? h : NULL;
}

static void
key(const void *row, struct rowkey *k)
{
	key_put_host(k, row);
}

const struct view view_health = {
	.name = "health",
	.title = "Health",
	.help = "Hosts by what fails for them, and the troubles of their TCP connections.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "pain",
	.sort_average = "pain",
	.slots = slots,
	.row = row_at,
	.other = other,
	.key = key,
	.without_own = true,
};
