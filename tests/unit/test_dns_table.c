/* Names asked of DNS, their domains, resolvers and clients: counts, times, evicted rows. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/baseline.h"
#include "core/dns.h"
#include "ledger.h"
#include "view/columns.h"

#define CLIENT   0x0a000001
#define RESOLVER 0x0a000035
#define MS       UINT64_C(1000000)

enum { ASK = -1, NOERROR = 0, SERVFAIL = 2, NXDOMAIN = 3, REFUSED = 5 };

/* A query for a name, or its answer. */
static void
send_from(struct ledger *l, uint32_t client, const char *name, uint16_t id, int rcode, uint64_t at)
{
	struct pkt_meta meta = { .type = META_DNS_QUESTION };
	struct pkt_question *q = &meta.question;
	struct pkt p = rcode == ASK ? packet(17, client, 4000, RESOLVER, 53, 80, at)
				    : packet(17, RESOLVER, 53, client, 4000, 120, at);
	const char *dot = strchr(name, '.');
	static uint16_t checksum;

	*q = (struct pkt_question){ .known = true,
		.is_answer = rcode != ASK,
		.rcode = rcode == ASK ? 0 : (uint8_t)rcode,
		.id = id,
		.domain_at = (uint16_t)(dot != NULL ? dot + 1 - name : 0) };
	strlcpy(q->name, name, sizeof(q->name));
	for (const char *c = name; *c != '\0'; c++)
		q->hash = q->hash * 31 + (uint8_t)*c;
	p.meta = &meta;
	p.checksum = checksum++; /* not a duplicate of another one */
	count1(l, p);
}

static void
send(struct ledger *l, const char *name, uint16_t id, int rcode, uint64_t at)
{
	send_from(l, CLIENT, name, id, rcode, at);
}

static uint64_t
count(const struct dns_row *r, enum dns_count what)
{
	return r->meter[what / 2].t[what % 2].packets;
}

/* The only row of that name in the group; without a name, "(other)". */
static const struct dns_row *
find(const struct ledger *l, enum dns_group group, const char *name)
{
	const struct dns_row *found = NULL;

	if (name == NULL)
		return &l->dns.other[group];
	for (uint32_t i = 0; i < l->dns.table.used; i++) {
		const struct dns_row *r = &l->dns.row[i];

		if (r->key.group != group || strcmp(r->name, name) != 0)
			continue;
		assert_null(found);
		found = r;
	}
	assert_non_null(found);
	return found;
}

/* In each group, rows and "(other)" have counted the same. */
static void
assert_sums(const struct ledger *l, enum dns_count what, uint64_t wanted)
{
	uint64_t sum[DNS_GROUPS] = { 0 };

	for (uint32_t i = 0; i < l->dns.table.used; i++)
		sum[l->dns.row[i].key.group] += count(&l->dns.row[i], what);
	for (unsigned g = 0; g < DNS_GROUPS; g++)
		assert_int_equal(sum[g] + count(&l->dns.other[g], what), wanted);
}

static void
test_each_kind_of_answer(void **state)
{
	static const struct {
		int rcode;
		enum dns_count what;
	} kinds[] = { { NOERROR, DNS_ANSWERS }, { SERVFAIL, DNS_SERVFAIL },
		{ NXDOMAIN, DNS_NXDOMAIN }, { REFUSED, DNS_ERRORS }, { 15, DNS_ERRORS } };
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		send(l, "www.example", (uint16_t)i, ASK, S);
		send(l, "www.example", (uint16_t)i, kinds[i].rcode, S);
		assert_true(count(find(l, DNS_BY_NAME, "www.example"), kinds[i].what) > 0);
	}
	assert_sums(l, DNS_QUERIES, 5);
	assert_sums(l, DNS_ANSWERS, 1);
	assert_sums(l, DNS_SERVFAIL, 1);
	assert_sums(l, DNS_NXDOMAIN, 1);
	assert_sums(l, DNS_ERRORS, 2);
	assert_sums(l, DNS_UNANSWERED, 0);
	ledger_del(l);
}

static void
test_names_of_a_domain(void **state)
{
	struct ledger *l = ledger_small();
	const struct dns_row *r;

	(void)state;
	send(l, "www.example", 1, ASK, S);
	send(l, "mail.example", 2, ASK, S);
	send_from(l, CLIENT + 1, "mail.example", 2, ASK, S);
	r = find(l, DNS_BY_DOMAIN, "example");
	assert_int_equal(count(r, DNS_QUERIES), 3);
	assert_int_equal(distinct_count(&r->peers[DNS_NAMES]), 2);
	assert_int_equal(distinct_count(&r->peers[DNS_CLIENTS]), 2);
	assert_int_equal(distinct_count(&r->peers[DNS_RESOLVERS]), 1);
	assert_int_equal(count(find(l, DNS_BY_NAME, "mail.example"), DNS_QUERIES), 2);
	r = find(l, DNS_BY_NAME, "www.example");
	assert_int_equal(r->client.addr.b[3], 1);
	assert_int_equal(r->resolver.addr.b[3], 0x35);
	ledger_del(l);
}

/* The time is that of the query with the same number, name and ends, from its first copy on. */
static void
test_answer_times(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t us = 0;

	(void)state;
	send(l, "www.example", 7, ASK, S);
	send(l, "www.example", 7, ASK, S + 50 * MS);
	send(l, "www.example", 8, NOERROR, S + 60 * MS);
	send(l, "mail.example", 7, NOERROR, S + 60 * MS);
	assert_false(wait_histogram_get(&find(l, DNS_BY_NAME, "www.example")->wait, 50, &us));
	send(l, "www.example", 7, NOERROR, S + 100 * MS);
	for (unsigned g = DNS_BY_NAME; g <= DNS_BY_DOMAIN; g++) {
		static const char *const names[] = { "www.example", "example" };

		assert_true(
		    wait_histogram_get(&find(l, (enum dns_group)g, names[g])->wait, 50, &us));
		assert_in_range(us, 88000, 113000);
	}
	ledger_del(l);
}

/* 5 s, not less. */
static void
test_unanswered(void **state)
{
	struct ledger *l = ledger_small();
	uint32_t us;

	(void)state;
	send(l, "late.example", 1, ASK, S);
	send(l, "quick.example", 2, ASK, S);
	send(l, "quick.example", 2, NOERROR, S + 1);
	count1(l, packet(17, 1, 9, 2, 9, 80, 6 * S - 1));
	assert_sums(l, DNS_UNANSWERED, 0);
	count1(l, packet(17, 1, 9, 2, 9, 80, 6 * S));
	assert_sums(l, DNS_UNANSWERED, 1);
	assert_int_equal(count(find(l, DNS_BY_NAME, "late.example"), DNS_UNANSWERED), 1);
	/* Its answer comes after all: it is one, but has no time. */
	send(l, "late.example", 1, NOERROR, 7 * S);
	assert_sums(l, DNS_UNANSWERED, 1);
	assert_sums(l, DNS_ANSWERS, 2);
	assert_false(wait_histogram_get(&find(l, DNS_BY_NAME, "late.example")->wait, 50, &us));
	ledger_del(l);
}

/* More queries at once than can be open: the oldest are forgotten. */
static void
test_too_many_open(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (unsigned i = 0; i < DNS_OPEN + 10; i++)
		send(l, "www.example", (uint16_t)i, ASK, S + i);
	count1(l, packet(17, 1, 9, 2, 9, 80, 60 * S));
	assert_sums(l, DNS_QUERIES, DNS_OPEN + 10);
	assert_sums(l, DNS_UNANSWERED, DNS_OPEN);
	ledger_del(l);
}

static void
test_distinct(void **state)
{
	struct ledger *l = ledger_small();
	const struct distinct *d;

	(void)state;
	for (unsigned i = 1; i <= 200; i++) {
		send_from(l, CLIENT + i, "www.example", 1, ASK, S);
		send_from(l, CLIENT + i, "www.example", 1, ASK, S);
		d = &find(l, DNS_BY_NAME, "www.example")->peers[DNS_CLIENTS];
		if (i <= DISTINCT_EXACT)
			assert_int_equal(distinct_count(d), i);
		else
			assert_in_range(distinct_count(d), i - i / 6 - 2, i + i / 6 + 2);
	}
	ledger_del(l);
}

/* A flood of names pushes others out, but nothing is lost, and the heavy one stays. */
static void
test_evicted_rows(void **state)
{
	struct ledger *l = ledger_small();
	unsigned many = l->dns.table.max_grown * 3;
	char name[32];

	(void)state;
	send(l, "first.example", 1, ASK, S);
	for (unsigned i = 0; i < 999; i++)
		send(l, "heavy.example", 1, ASK, S);
	for (unsigned i = 0; i < many; i++) {
		snprintf(name, sizeof(name), "n%u.d%u", i, i);
		send(l, name, 1, ASK, S + i);
	}
	assert_true(l->dns.table.evicted > 0);
	assert_true(count(find(l, DNS_BY_NAME, NULL), DNS_QUERIES) > 0);
	assert_int_equal(count(find(l, DNS_BY_NAME, "heavy.example"), DNS_QUERIES), 999);
	assert_sums(l, DNS_QUERIES, 1000 + many);
	count1(l, packet(17, 1, 9, 2, 9, 80, 60 * S));
	/* The queries for the heavy name were one, repeated. */
	assert_sums(l, DNS_UNANSWERED, 2 + many < DNS_OPEN ? 2 + many : DNS_OPEN);
	ledger_reset(l);
	assert_sums(l, DNS_QUERIES, 0);
	assert_int_equal(l->dns.table.used, 0);
	ledger_del(l);
}

/* Counts since a baseline, also of rows that are evicted after it. */
static void
test_since_a_baseline(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	unsigned many = l->dns.table.max_grown * 2;
	uint64_t sum;
	char name[32];

	(void)state;
	send(l, "www.example", 1, ASK, S);
	send(l, "old.example", 1, ASK, S);
	ledger_set_baseline(l, true);
	s.since_baseline = true;
	assert_null(view_dns.row(&s, DNS_BY_NAME));
	send(l, "www.example", 2, ASK, 2 * S);
	for (unsigned i = 0; i < many; i++) {
		snprintf(name, sizeof(name), "n%u.d%u", i, i);
		send(l, name, 1, ASK, 2 * S + i);
	}
	sum = scope_count(&s, &l->dns.other[DNS_BY_NAME].meter[0], 0).packets;
	for (uint32_t i = 0; i < l->dns.table.used; i++)
		if (l->dns.row[i].key.group == DNS_BY_NAME)
			sum += scope_count(&s, &l->dns.row[i].meter[0], 0).packets;
	assert_int_equal(sum, 1 + many);
	ledger_del(l);
}

/* Of a long name the end is shown, with its domain. */
static void
test_long_names(void **state)
{
	struct ledger *l = ledger_small();
	char name[200], other[200];
	const struct dns_row *r;

	(void)state;
	memset(name, 'a', 150);
	strlcpy(name + 150, ".example", sizeof(name) - 150);
	strlcpy(other, name, sizeof(other));
	other[0] = 'b';
	send(l, name, 1, ASK, S);
	assert_int_equal(l->dns.table.used, DNS_GROUPS);
	r = &l->dns.row[DNS_BY_NAME];
	assert_int_equal(strlen(r->name), DNS_NAME - 1);
	assert_memory_equal(r->name, "...aaa", 6);
	assert_string_equal(r->name + r->domain_at, "example");
	send(l, other, 1, ASK, S);
	assert_int_equal(l->dns.table.used, DNS_GROUPS + 1);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_of_answer),
		cmocka_unit_test(test_names_of_a_domain),
		cmocka_unit_test(test_answer_times),
		cmocka_unit_test(test_unanswered),
		cmocka_unit_test(test_too_many_open),
		cmocka_unit_test(test_distinct),
		cmocka_unit_test(test_evicted_rows),
		cmocka_unit_test(test_since_a_baseline),
		cmocka_unit_test(test_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
