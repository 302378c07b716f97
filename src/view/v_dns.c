/* What is asked of DNS: by name, by domain, by resolver, and by client. */
#include "config.h"

#include "core/dns.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/private.h"
#include "view/row_filter.h"

static struct tally
v_dns_tally(const struct scope *s, const struct dns_row *r, enum dns_count what)
{
	return scope_count(s, &r->meter[what / 2], what % 2);
}

static struct value
v_dns_number(const struct scope *s, const void *row, enum dns_count what)
{
	return value_n(V_COUNT, v_dns_tally(s, row, what).packets);
}

static bool
v_dns_is_of_names(const struct dns_row *r)
{
	return r->key.group == DNS_BY_NAME || r->key.group == DNS_BY_DOMAIN;
}

/* The name, or the address that the row is about; its newest name is another column. */
static struct value
v_dns_get_name(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;
	struct value v;
	struct buf b;

	if (r->other)
		return value_textf(OTHER_TEXT);
	if (v_dns_is_of_names(r))
		return value_textf("%s", r->name);
	v = value_textf("%s", "");
	buf_init(&b, v.text, sizeof(v.text));
	addr_text(&b, r->key.end.kind, &r->key.end.addr);
	return v;
}

static struct value
v_dns_get_domain(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;

	return r->other || !v_dns_is_of_names(r) ? value_none()
						 : value_textf("%s", r->name + r->domain_at);
}

static struct value
v_dns_get_newest(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;

	return r->other || v_dns_is_of_names(r) ? value_none() : value_textf("%s", r->name);
}

static struct value
v_dns_end(const struct dns_row *r, const struct dns_end *end)
{
	return r->other ? value_none() : value_addr(end->kind, &end->addr);
}

static struct value
v_dns_get_client(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;

	return v_dns_end(r, &r->client);
}

static struct value
v_dns_get_resolver(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;

	return v_dns_end(r, &r->resolver);
}

static struct value
v_dns_peers(const struct dns_row *r, enum dns_peer peer)
{
	return r->other ? value_none() : value_n(V_COUNT, distinct_count(&r->peers[peer]));
}

static struct value
v_dns_get_names(const struct scope *s ATTR_UNUSED, const void *row)
{
	return v_dns_peers(row, DNS_NAMES);
}

static struct value
v_dns_get_clients(const struct scope *s ATTR_UNUSED, const void *row)
{
	return v_dns_peers(row, DNS_CLIENTS);
}

static struct value
v_dns_get_resolvers(const struct scope *s ATTR_UNUSED, const void *row)
{
	return v_dns_peers(row, DNS_RESOLVERS);
}

static struct value
v_dns_get_queries(const struct scope *s, const void *row)
{
	return v_dns_number(s, row, DNS_QUERIES);
}

static struct value
v_dns_get_answers(const struct scope *s, const void *row)
{
	return v_dns_number(s, row, DNS_ANSWERS);
}

static struct value
v_dns_get_nxdomain(const struct scope *s, const void *row)
{
	return v_dns_number(s, row, DNS_NXDOMAIN);
}

static struct value
v_dns_get_servfail(const struct scope *s, const void *row)
{
	return v_dns_number(s, row, DNS_SERVFAIL);
}

static struct value
v_dns_get_errors(const struct scope *s, const void *row)
{
	return v_dns_number(s, row, DNS_ERRORS);
}

static struct value
v_dns_get_unanswered(const struct scope *s, const void *row)
{
	return v_dns_number(s, row, DNS_UNANSWERED);
}

static struct value
v_dns_get_qps(const struct scope *s, const void *row)
{
	const struct dns_row *r = row;

	return scope_rate(s, V_PACKET_RATE, scope_rate_tally(s, &r->meter[0], DNS_QUERIES).packets);
}

static struct value
v_dns_get_answer(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;

	return value_wait(&r->wait, 50);
}

static struct value
v_dns_get_answer_p95(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct dns_row *r = row;

	return value_wait(&r->wait, 95);
}

static struct value
v_dns_get_last(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_time(((const struct dns_row *)row)->last);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "name", .title = "NAME", .help = "Name, domain or address that the row is about.",
	  .type = V_TEXT, .min = 18, .max = 60, .left = true, .identifies = true, .get = v_dns_get_name },
	{ .name = "domain", .title = "DOMAIN", .help = "Registered domain of the name.",
	  .type = V_TEXT, .min = 12, .max = 30, .drop = DROP_DETAIL + 3, .left = true, .get = v_dns_get_domain },
	{ .name = "client", .title = "CLIENT", .help = "Who asked last.",
	  .type = V_ADDR, .min = 15, .max = 39, .drop = 5, .left = true, .get = v_dns_get_client },
	{ .name = "resolver", .title = "RESOLVER", .help = "Who was asked last.",
	  .type = V_ADDR, .min = 15, .max = 39, .drop = 12, .left = true, .get = v_dns_get_resolver },
	{ .name = "newest", .title = "NEWEST", .help = "Newest name, of a resolver or client.",
	  .type = V_TEXT, .min = 16, .max = 40, .drop = DROP_DETAIL + 4, .left = true, .get = v_dns_get_newest },
	{ .name = "names", .title = "NAMES", .help = "Different names; estimated above 8.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = DROP_DETAIL + 2, .desc = true, .get = v_dns_get_names },
	{ .name = "clients", .title = "CLNTS", .help = "Different clients; estimated above 8.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 13, .desc = true, .get = v_dns_get_clients },
	{ .name = "resolvers", .title = "RSLVS", .help = "Different resolvers; estimated above 8.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = DROP_DETAIL + 2, .desc = true, .get = v_dns_get_resolvers },
	{ .name = "queries", .title = "ASKED", .help = "Queries, also repeated ones.",
	  .type = V_COUNT, .min = 6, .max = 6, .desc = true, .get = v_dns_get_queries },
	{ .name = "qps", .title = "QPS", .help = "Queries per second.",
	  .type = V_PACKET_RATE, .min = 5, .max = 5, .drop = 14, .desc = true, .get = v_dns_get_qps },
	{ .name = "answers", .title = "ANSW", .help = "Answers without an error, also those without records.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 10, .desc = true, .get = v_dns_get_answers },
	{ .name = "nxdomain", .title = "NXDOM", .help = "Answers that there is no such name (NXDOMAIN).",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 3, .desc = true, .get = v_dns_get_nxdomain },
	{ .name = "servfail", .title = "SFAIL", .help = "Answers that the resolver failed (SERVFAIL).",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 4, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_dns_get_servfail },
	{ .name = "errors", .title = "ERRS", .help = "Answers with another error, such as REFUSED.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 15, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_dns_get_errors },
	{ .name = "unanswered", .title = "UNANS", .help = "Queries without an answer for 5 s.",
	  .type = V_COUNT, .min = 5, .max = 5, .drop = 2, .desc = true, .trouble = TROUBLE_IF_ANY, .get = v_dns_get_unanswered },
	{ .name = "answer", .title = "TIME", .help = "Time until the answer: half of the answers are faster.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = 1, .desc = true, .get = v_dns_get_answer },
	{ .name = "answer_p95", .title = "TIME95", .help = "Time until the answer: 95 % of the answers are faster.",
	  .type = V_DURATION, .min = 6, .max = 6, .drop = 8, .desc = true, .get = v_dns_get_answer_p95 },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent message.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = DROP_DETAIL + 5, .desc = true, .get = v_dns_get_last },
};
/* clang-format on */

static uint32_t
v_dns_slots(const struct ledger *l)
{
	return l->dns.table.used;
}

static bool
v_dns_has_messages(const struct scope *s, const struct dns_row *r)
{
	for (unsigned i = 0; i < DNS_COUNTS; i++)
		if (v_dns_tally(s, r, (enum dns_count)i).packets > 0)
			return true;
	return false;
}

/* A name is asked over UDP and TCP, IPv4 and IPv6 together, so either of them shows it. */
static const void *
v_dns_row(const struct scope *s, uint32_t i)
{
	const struct dns_row *r = &s->ledger->dns.row[i];
	unsigned classes = 1u << CLASS_UDP | 1u << CLASS_TCP;
	bool shown = v_dns_is_of_names(r) || scope_shows_kind(s, r->key.end.kind);

	return r->key.group == s->group && shown && (s->classes & classes) && (s->ip4 || s->ip6) &&
		v_dns_has_messages(s, r)
	    ? r
	    : NULL;
}

static const void *
v_dns_other(const struct scope *s)
{
	const struct dns_row *r = &s->ledger->dns.other[s->group];

	return scope_shows_all(s) && v_dns_has_messages(s, r) ? r : NULL;
}

/* The text comes first: rows with equal values are in its order. */
static void
v_dns_key(const void *row, struct row_key *k)
{
	const struct dns_row *r = row;
	unsigned at;

	*k = (struct row_key){ { 0 } };
	at = row_key_put(k, 0, r->key.group, 1);
	if (v_dns_is_of_names(r)) {
		strlcpy((char *)k->b + at, r->name, sizeof(k->b) - at - sizeof(r->key.end.addr));
		at = sizeof(k->b) - sizeof(r->key.end.addr);
	}
	row_key_put_addr(k, at, &r->key.end.addr);
}

static const char *const v_dns_groups[] = {
	[DNS_BY_NAME] = "name",
	[DNS_BY_DOMAIN] = "domain",
	[DNS_BY_RESOLVER] = "resolver",
	[DNS_BY_CLIENT] = "client",
	[DNS_GROUPS] = NULL,
};

/* The DNS of a resolver or a client; of a name, that of its last one, and flows that mention it. */
static bool
v_dns_flows_filter(struct buf *b, const struct view *v, const struct table_row *row)
{
	static const char *const ends[] = { "client", "resolver" };
	const struct value *name = row_find_cell(v, row, "name");

	if (row_find_cell(v, row, "domain")->type == V_NONE) {
		buf_addf(b, "proto dns host %s", name->text);
		return true;
	}
	if (strchr(name->text, '"') != NULL)
		return false;
	buf_addf(b, "\"%s\" or (proto dns", name->text);
	for (size_t i = 0; i < NITEMS(ends); i++) {
		buf_addc(b, ' ');
		row_filter_add_address(b, row_find_cell(v, row, ends[i]));
	}
	buf_addc(b, ')');
	return true;
}

const struct view view_dns = {
	.name = "dns",
	.title = "DNS",
	.help = "Names asked of DNS; a groups them by domain, by resolver, by client.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "queries",
	.sort_whole_time = "queries",
	.slots = v_dns_slots,
	.row = v_dns_row,
	.other_row = v_dns_other,
	.row_key = v_dns_key,
	.groups = v_dns_groups,
	.flows_filter = v_dns_flows_filter,
};
