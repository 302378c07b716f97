/* Health: what fails, and for whom, worst first. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/columns.h"
#include "view/own_session.h"

enum { OUT, IN }; /* the ways of a host's meters */

/*
 * Added to the packets that a host sent, so that one reset in two packets does not rank above many
 * retransmissions in thousands.
 */
#define SEVERITY_DAMPING 100

#define SEVERITY_SCALE 1000
#define WEIGHT         4 /* of an error that counts once */

#define PROBLEMS_TEXT 60 /* bytes; from there on problems are only counted */

/*
 * The errors and their weights: failures weigh more than delays; mostly harmless ones weigh least,
 * as many connections end with a reset and many names are searched in several domains.
 */
static const struct health_problem {
	const char *text;     /* gets an s for several, if `plural` */
	bool plural, of_port; /* of_port: " on port 443" is added */
	size_t offset;        /* in struct host_errors */
	unsigned weight;
} health_problems[] = {
	{ "SYN unanswered", false, false, offsetof(struct host_errors, unanswered), 4 * WEIGHT },
	{ "refused", false, false, offsetof(struct host_errors, refused), 4 * WEIGHT },
	{ "unreachable", false, false, offsetof(struct host_errors, unreachable), 4 * WEIGHT },
	{ "unanswered", false, true, offsetof(struct host_errors, not_answering), 2 },
	{ "refused", false, true, offsetof(struct host_errors, refusing), 1 },
	{ "DNS failed", false, false, offsetof(struct host_errors, dns_failures), 4 * WEIGHT },
	{ "no such name", false, false, offsetof(struct host_errors, no_such_name), 1 },
	{ "zero window", true, false, offsetof(struct host_errors, zero_windows), WEIGHT },
	{ "retransmitted", false, false, offsetof(struct host_errors, retransmissions), WEIGHT },
	{ "out of order", false, false, offsetof(struct host_errors, out_of_order), WEIGHT },
	{ "reset", true, false, offsetof(struct host_errors, resets), 1 },
	{ "risky flow", true, false, offsetof(struct host_errors, risks), WEIGHT },
};

/* A refusal is a reset, too, but one problem. */
static uint32_t
v_health_problem_count(const struct host_errors *h, const struct health_problem *a)
{
	uint32_t n;

	memcpy(&n, (const char *)h + a->offset, sizeof(n));
	if (a->offset == offsetof(struct host_errors, resets))
		n -= h->refusing < n ? h->refusing : n;
	return n;
}

/* How much an error weighs in all. */
static uint64_t
v_health_weigh(const struct host_errors *h, unsigned problem)
{
	return (uint64_t)health_problems[problem].weight *
	    v_health_problem_count(h, &health_problems[problem]);
}

static struct tally
v_health_count(const struct scope *s, const void *row, int way)
{
	const struct host *h = row;

	return tally_subtract(
	    scope_count(s, &h->meter[CLASS_TCP], way), own_session_of_host(s, h, way, false));
}

/* Packets that the host sent, of all classes. */
static uint64_t
v_health_sent_packets(const struct scope *s, const struct host *h)
{
	uint64_t n = v_health_count(s, h, OUT).packets;

	for (int c = 0; c < CLASSES; c++)
		n += c == CLASS_TCP ? 0 : scope_count(s, &h->meter[c], OUT).packets;
	return n;
}

static struct value
v_health_get_address(const struct scope *s, const void *row)
{
	const struct host *h = row;

	(void)s;
	return h->other ? value_textf(OTHER_TEXT) : value_addr(h->kind, &h->addr);
}

static struct value
v_health_get_name(const struct scope *s, const void *row)
{
	const struct host *h = row;

	return h->other ? value_none() : value_name(scope_host_name(s, h->kind, &h->addr));
}

static struct value
v_health_get_severity(const struct scope *s, const void *row)
{
	struct host_errors h = scope_host_errors(s, row);
	uint64_t sent = v_health_sent_packets(s, row) + SEVERITY_DAMPING, troubles = 0;

	for (unsigned i = 0; i < NITEMS(health_problems); i++)
		troubles += v_health_weigh(&h, i);
	return value_mean(V_ID, SEVERITY_SCALE * troubles, WEIGHT * sent);
}

/* "38 SYN unanswered", "3 refused on port 5432" */
static void
v_health_add_problem(struct buf *b, const struct host *host, const struct host_errors *h,
    const struct health_problem *a)
{
	uint32_t n = v_health_problem_count(h, a);

	buf_adds(b, b->len > 0 ? ", " : "");
	fmt_scaled(b, n, FMT_SI);
	buf_addf(b, " %s%s", a->text, a->plural && n != 1 ? "s" : "");
	if (a->of_port)
		buf_addf(b, " on port %u", host->errors.failing_port);
}

/* All of them, those that weigh most first. */
static void
v_health_problems(struct buf *b, const struct scope *s, const void *row)
{
	struct host_errors h = scope_host_errors(s, row);
	unsigned order[NITEMS(health_problems)], n = 0;

	for (unsigned i = 0; i < NITEMS(health_problems); i++) {
		unsigned at = n;

		if (v_health_problem_count(&h, &health_problems[i]) == 0)
			continue;
		for (; at > 0 && v_health_weigh(&h, order[at - 1]) < v_health_weigh(&h, i); at--)
			order[at] = order[at - 1];
		order[at] = i;
		n++;
	}
	for (unsigned i = 0; i < n; i++) {
		if (b->len >= PROBLEMS_TEXT) {
			buf_addf(b, ", %u more", n - i);
			return;
		}
		v_health_add_problem(b, row, &h, &health_problems[order[i]]);
	}
}

static struct value
v_health_get_unanswered(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).unanswered);
}

static struct value
v_health_get_refused(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).refused);
}

static struct value
v_health_get_not_answering(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).not_answering);
}

static struct value
v_health_get_refusing(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).refusing);
}

static struct value
v_health_get_unreachable(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).unreachable);
}

static struct value
v_health_get_dns_failures(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).dns_failures);
}

static struct value
v_health_get_no_such_name(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).no_such_name);
}

/* Not known for evicted hosts. */
static struct value
v_health_get_rtt(const struct scope *s, const void *row)
{
	const struct host *h = row;

	(void)s;
	return h->has_rtt && !h->other ? value_n(V_DURATION, (uint64_t)h->rtt * 1000)
				       : value_none();
}

static struct value
v_health_wait(const struct scope *s, const void *row, unsigned percent)
{
	const struct hosts *hs = &s->ledger->hosts;
	const struct host *h = row;

	return h->other ? value_none() : value_wait(&hs->wait[h - hs->row], percent);
}

static struct value
v_health_get_srv(const struct scope *s, const void *row)
{
	return v_health_wait(s, row, 50);
}

static struct value
v_health_get_srv_p95(const struct scope *s, const void *row)
{
	return v_health_wait(s, row, 95);
}

static struct value
v_health_get_retransmissions(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).retransmissions);
}

static struct value
v_health_get_retx_share(const struct scope *s, const void *row)
{
	return value_share(
	    scope_host_errors(s, row).retransmissions, v_health_count(s, row, OUT).packets);
}

static struct value
v_health_get_out_of_order(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).out_of_order);
}

static struct value
v_health_get_duplicate_acks(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).duplicate_acks);
}

static struct value
v_health_get_zero_windows(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).zero_windows);
}

static struct value
v_health_get_resets(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).resets);
}

static struct value
v_health_get_duplicates(const struct scope *s, const void *row)
{
	return value_n(V_COUNT, scope_host_errors(s, row).duplicates);
}

static struct value
v_health_get_risks(const struct scope *s, const void *row)
{
	return s->ledger->apps != NULL ? value_n(V_COUNT, scope_host_errors(s, row).risks)
				       : value_none();
}

static struct value
v_health_get_packets(const struct scope *s, const void *row)
{
	return value_n(
	    V_COUNT, v_health_count(s, row, OUT).packets + v_health_count(s, row, IN).packets);
}

static struct value
v_health_get_bytes(const struct scope *s, const void *row)
{
	return value_n(
	    V_BYTES, v_health_count(s, row, OUT).bytes + v_health_count(s, row, IN).bytes);
}

static struct value
v_health_get_flows(const struct scope *s, const void *row)
{
	const struct host *h = row;

	return value_n(V_COUNT, h->flows - (own_session_has_host(s, h) ? s->own.flows : 0));
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "address", .title = "ADDRESS", .help = "Address of the host.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_health_get_address },
	{ .name = "problems", .key = "reason", .title = "PROBLEMS", .help = "All problems, the most severe first.",
	  .type = V_TEXT, .min = 20, .max = 46, .drop = 1, .left = true, .cut_end = true, .text = v_health_problems },
	{ .name = "severity", .key = "pain", .title = "SEVERITY",
	  .help = "Errors per 1000 packets sent (plus 100, to damp small counts).",
	  .type = V_ID, .min = 9, .max = 9, .desc = true, .get = v_health_get_severity },
	{ .name = "retransmissions", .title = "RETX", .help = "TCP segments that the host retransmitted.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 2, .desc = true, .trouble = TROUBLE_IF_MANY, .get = v_health_get_retransmissions },
	{ .name = "retx_share", .title = "RETX%", .help = "Share of retransmissions in the TCP packets that the host sent.",
	  .type = V_SHARE, .min = 6, .max = 6, .drop = 4, .desc = true, .trouble = TROUBLE_IF_MANY, .get = v_health_get_retx_share },
	{ .name = "out_of_order", .title = "OOO",
	  .help = "TCP segments from the host that arrived after later ones.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 8, .desc = true, .get = v_health_get_out_of_order },
	{ .name = "duplicate_acks", .title = "DUPACK",
	  .help = "Duplicate acknowledgements that the host sent because data was missing.",
	  .type = V_COUNT, .min = 7, .max = 7, .drop = 9, .desc = true, .get = v_health_get_duplicate_acks },
	{ .name = "zero_windows", .title = "ZEROWIN",
	  .help = "Zero-window advertisements of the host.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 10, .desc = true, .get = v_health_get_zero_windows },
	{ .name = "resets", .title = "RESETS", .help = "TCP resets that the host sent.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 3, .desc = true, .trouble = TROUBLE_IF_RESET, .get = v_health_get_resets },
	{ .name = "duplicates", .title = "DUPS", .help = "Packets from the host that were captured twice.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 14, .desc = true, .get = v_health_get_duplicates },
	{ .name = "unanswered", .title = "NO ANSWER",
	  .help = "TCP connection attempts of the host without an answer.",
	  .type = V_COUNT, .min = 10, .max = 10, .drop = 2, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_health_get_unanswered },
	{ .name = "refused", .title = "REFUSED", .help = "TCP connection attempts of the host that were answered by a reset.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 2, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_health_get_refused },
	{ .name = "unreachable", .title = "UNREACH",
	  .help = "ICMP messages to the host that a destination is unreachable.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 5, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_health_get_unreachable },
	{ .name = "dns_failures", .title = "DNS FAILED",
	  .help = "DNS queries of the host that a server failed or refused to answer.",
	  .type = V_COUNT, .min = 11, .max = 11, .drop = 6, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_health_get_dns_failures },
	{ .name = "no_such_name", .title = "NXDOMAIN", .help = "DNS queries of the host for names that do not exist.",
	  .type = V_COUNT, .min = 9, .max = 9, .drop = 7, .desc = true, .get = v_health_get_no_such_name },
	{ .name = "rtt", .title = "RTT", .help = "Smoothed round-trip time of the host's TCP connections.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = 2, .desc = true, .get = v_health_get_rtt },
	{ .name = "srv", .title = "SRV", .help = "Answer time of the host as a server, without the network: half of the answers are faster.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_health_get_srv },
	{ .name = "srv_p95", .title = "SRV95", .help = "Answer time of the host as a server: 95 % of the answers are faster.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = DROP_DETAIL, .desc = true, .get = v_health_get_srv_p95 },
	{ .name = "packets", .title = "PACKETS", .help = "TCP packets, both directions.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = 11, .desc = true, .get = v_health_get_packets },
	{ .name = "bytes", .title = "BYTES", .help = "Bytes of TCP packets, both directions.",
	  .type = V_BYTES, .min = 6, .max = 6, .drop = 12, .desc = true, .get = v_health_get_bytes },
	{ .name = "flows", .title = "FLOWS",
	  .help = "Flows that this host takes or took part in, of any class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 13, .desc = true, .get = v_health_get_flows },
	{ .name = "context", .title = "CONTEXT",
	  .help = "Network of the address, if several networks may use the same address.",
	  .type = V_TEXT, .min = 8, .max = 24, .drop = 9, .when_used = true, .left = true, .identifies = true, .text = host_context_cell },
	{ .name = "name", NAMES_OF("address", "NAME", "Host name, with the mark of its origin."), .get = v_health_get_name },
	{ .name = "not_answering", .title = "SILENT",
	  .help = "TCP connection attempts with the host that it has not answered.",
	  .type = V_COUNT, .min = 7, .max = 7, .drop = DROP_DETAIL, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_health_get_not_answering },
	{ .name = "refusing", .title = "REFUSES", .help = "TCP connection attempts with the host that it answered by a reset.",
	  .type = V_COUNT, .min = 8, .max = 8, .drop = DROP_DETAIL, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_health_get_refusing },
	{ .name = "risks", .title = "RISKS", .help = "Flows of the host in which libndpi sees a serious risk.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = DROP_DETAIL, .when_used = true, .desc = true, .get = v_health_get_risks },
};
/* clang-format on */

/* Hosts with errors are rows even without TCP traffic, while all classes are shown. */
static bool
v_health_is_shown(const struct scope *s, const struct host *h)
{
	if ((s->classes & SCOPE_ALL) == SCOPE_ALL && v_health_get_severity(s, h).n > 0)
		return true;
	return (s->classes & (1u << CLASS_TCP)) &&
	    v_health_count(s, h, OUT).packets + v_health_count(s, h, IN).packets > 0;
}

static uint32_t
v_health_slots(const struct ledger *l)
{
	return l->hosts.table.used;
}

static const void *
v_health_row(const struct scope *s, uint32_t i)
{
	const struct host *h = &s->ledger->hosts.row[i];

	return scope_shows_kind(s, h->kind) && v_health_is_shown(s, h) ? h : NULL;
}

/* Evicted hosts are counted by class, but not by address family. */
static const void *
v_health_other(const struct scope *s)
{
	const struct host *h = &s->ledger->hosts.other;

	return s->ip4 && s->ip6 && v_health_is_shown(s, h) ? h : NULL;
}

static void
v_health_key(const void *row, struct row_key *k)
{
	row_key_put_host(k, row);
}

const struct view view_health = {
	.name = "health",
	.title = "Health",
	.help = "Hosts by connection failures and TCP problems, the worst first.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "severity",
	.sort_whole_time = "severity",
	.slots = v_health_slots,
	.row = v_health_row,
	.other_row = v_health_other,
	.row_key = v_health_key,
	.leads_to_sort = "problem",
	.hides_own_session = true,
};
