/* The problem of a flow. */
#include "config.h"

#include <string.h>

#include "dissect/pkt.h"
#include "util/attr.h"
#include "view/columns.h"

/* Retransmissions are many from this number and share of the packets on. */
#define MANY_COUNT   3
#define MANY_PERCENT 1

#define NS_PER_S     UINT64_C(1000000000)
#define DNS_PATIENCE (5 * NS_PER_S) /* that an answer may take */

bool
retransmissions_are_many(uint64_t n, uint64_t packets)
{
	return n >= MANY_COUNT && n * 100 >= packets * MANY_PERCENT;
}

static bool
flow_problem_is_unanswered(const struct scope *s, const struct flow *f)
{
	if (f->state != FLOW_NONE)
		return (f->bits & FLOW_UNANSWERED) != 0;
	return f->app == PROTO_DNS && !f->answered && s->ledger->now > f->last + DNS_PATIENCE;
}

/* A reset was all that the responder sent. */
static bool
flow_problem_is_refused(const struct scope *s, const struct flow *f)
{
	(void)s;
	return f->state == FLOW_RESET && (f->bits & FLOW_SYN_SEEN) && (f->end[1].flags & TCP_RST) &&
	    !(f->end[1].flags & TCP_SYN);
}

static bool
flow_problem_is_reset(const struct scope *s, const struct flow *f)
{
	(void)s;
	return f->state == FLOW_RESET;
}

static bool
flow_problem_is_lossy(const struct scope *s, const struct flow *f)
{
	struct baseline_tcp t = scope_tcp_counts(s, f);
	struct tally all = scope_count_both(s, &f->meter);

	return f->state != FLOW_NONE &&
	    retransmissions_are_many(
		(uint64_t)t.end[0].retransmissions + t.end[1].retransmissions, all.packets);
}

static bool
flow_problem_is_stalled(const struct scope *s, const struct flow *f)
{
	struct baseline_tcp t = scope_tcp_counts(s, f);

	return f->state != FLOW_NONE && t.end[0].zero_windows + t.end[1].zero_windows > 0;
}

/* The worst first. */
static const struct flow_problem_row {
	const char *text;
	enum trouble trouble;
	bool (*is_present)(const struct scope *s, const struct flow *f);
} flow_problems[] = {
	{ "no answer", TROUBLE_BAD, flow_problem_is_unanswered },
	{ "refused", TROUBLE_BAD, flow_problem_is_refused },
	{ "retransmits", TROUBLE_WARN, flow_problem_is_lossy },
	{ "zero window", TROUBLE_WARN, flow_problem_is_stalled },
	{ "reset", TROUBLE_WARN, flow_problem_is_reset },
};

/* Its place in the table, or NITEMS(flow_problems). */
static size_t
flow_problem_find(const struct scope *s, const struct flow *f)
{
	size_t i = 0;

	while (i < NITEMS(flow_problems) && !flow_problems[i].is_present(s, f))
		i++;
	return i;
}

struct value
flow_problem(const struct scope *s, const struct flow *f)
{
	size_t i = flow_problem_find(s, f);

	return i < NITEMS(flow_problems) ? value_textf("%s", flow_problems[i].text) : value_none();
}

struct value
flow_problem_rank(const struct scope *s, const struct flow *f)
{
	uint64_t worse_than = NITEMS(flow_problems) - flow_problem_find(s, f);

	return value_n(V_ID, worse_than << 32 | (uint32_t)(f->last / NS_PER_S));
}

enum trouble
flow_problem_trouble(const char *problem)
{
	for (size_t i = 0; i < NITEMS(flow_problems); i++)
		if (strcmp(flow_problems[i].text, problem) == 0)
			return flow_problems[i].trouble;
	return TROUBLE_NONE;
}
