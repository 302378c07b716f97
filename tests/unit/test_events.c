/* Events: the ring, rules at their thresholds, and bounds under a flood. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/event.h"
#include "ledger.h"
#include "util/buf.h"

#define MS UINT64_C(1000000)

static struct event
event(enum event_rule rule, uint32_t a, uint32_t b, uint64_t at)
{
	return (struct event){ .rule = (uint8_t)rule,
		.a = { .addr = ip4(a), .kind = ADDR_IP4 },
		.b = { .addr = ip4(b), .kind = ADDR_IP4 },
		.start = at,
		.end = at,
		.n = 1 };
}

static void
the_same_is_updated_and_counts_after_a_pause(void **state)
{
	static struct events es;
	struct event e = event(RULE_PORT_SCAN, 1, 2, S);
	const struct event *got;
	uint64_t seen = 0;

	(void)state;
	assert_int_equal(events_raise(&es, &e), 1);
	e.end += EVENT_PAUSE_NS;
	e.n = 7;
	assert_int_equal(events_raise(&es, &e), 1);
	got = events_next_change(&es, &seen);
	assert_int_equal(got->count, 1);
	assert_int_equal(got->n, 7);
	assert_null(events_next_change(&es, &seen));
	e.end += EVENT_PAUSE_NS + 1;
	assert_int_equal(events_raise(&es, &e), 1);
	assert_int_equal(events_next_change(&es, &seen)->count, 2);
	assert_int_equal(es.total[RULE_PORT_SCAN], 2);
}

static void
one_subject_has_few_events(void **state)
{
	static struct events es;
	struct event e;

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		e = event(RULE_PORT_SCAN, 1, 100 + i, S);
		events_raise(&es, &e);
	}
	assert_int_equal(events_used(&es), EVENT_SUBJECT);
	assert_int_equal(events_newest(&es, 0)->more, 10 - EVENT_SUBJECT);
	e = event(RULE_PORT_SCAN, 2, 100, S);
	events_raise(&es, &e);
	assert_int_equal(events_used(&es), EVENT_SUBJECT + 1);
}

static void
a_rule_that_finds_very_many_adds_them_to_one(void **state)
{
	static struct events es;
	struct event e;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		e = event(RULE_BRUTE_FORCE, 1000 + i, 2, S + i);
		events_raise(&es, &e);
	}
	assert_int_equal(events_used(&es), EVENT_FLOOD);
	assert_int_equal(events_newest(&es, 0)->more, 100000 - EVENT_FLOOD);
}

static void
the_ring_keeps_the_newest(void **state)
{
	static struct events es;
	struct event e;

	(void)state;
	for (uint32_t i = 0; i < 2 * EVENTS_KEPT; i++) {
		e = event(RULE_SERVICE_GONE, 1000 + i, 2, S + i * EVENT_PAUSE_NS);
		events_raise(&es, &e);
	}
	assert_int_equal(events_used(&es), EVENTS_KEPT);
	assert_int_equal(events_newest(&es, 0)->number, 2 * EVENTS_KEPT);
	assert_null(events_get(&es, EVENTS_KEPT));
	assert_non_null(events_get(&es, EVENTS_KEPT + 1));
}

/* Refused SYNs to n ports of a host, 10 ms apart. */
static void
scan(struct ledger *l, uint32_t from, unsigned n, uint64_t at)
{
	for (unsigned i = 0; i < n; i++) {
		struct pkt p = tcp(from, 40000, 9, (uint16_t)(100 + i), TCP_SYN, 7);
		struct pkt r = tcp(9, (uint16_t)(100 + i), from, 40000, TCP_RST | TCP_ACK, 0);

		p.ts = at + i * 10 * MS;
		r.ts = p.ts + MS;
		count1(l, p);
		count1(l, r);
	}
}

static void
a_scan_is_one_at_its_threshold(void **state)
{
	struct ledger *l = ledger_small();
	const struct event *e;

	(void)state;
	detect_set_threshold(l->detect, RULE_PORT_SCAN, 20);
	scan(l, 1, 19, S);
	ledger_end(l);
	assert_int_equal(events_used(detect_events(l->detect)), 0);
	scan(l, 2, 20, 10 * S);
	ledger_end(l);
	assert_int_equal(events_used(detect_events(l->detect)), 1);
	e = events_newest(detect_events(l->detect), 0);
	assert_int_equal(e->rule, RULE_PORT_SCAN);
	assert_true(addr_equal(&event_attacker(e)->addr, &(struct addr){ .b = { 0, 0, 0, 2 } }));
	assert_true(addr_equal(&event_victim(e)->addr, &(struct addr){ .b = { 0, 0, 0, 9 } }));
	assert_int_equal(e->n, 20);
	ledger_del(l);
}

static void
a_rule_can_be_turned_off(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	detect_set_threshold(l->detect, RULE_PORT_SCAN, 0);
	scan(l, 2, 100, S);
	ledger_end(l);
	assert_int_equal(events_used(detect_events(l->detect)), 0);
	ledger_del(l);
}

/* A million made-up sources and destinations within ten seconds. */
static void
a_flood_of_made_up_addresses_is_one_event(void **state)
{
	struct ledger *l = ledger_small();

	(void)state;
	for (uint32_t i = 0; i < 1000000; i++) {
		struct pkt p = packet(17, 0x0b000000 + i * 7, (uint16_t)(1024 + i % 60000),
		    0x14000000 + i * 13, 9, 100, S);

		p.ts = S + i * (MS / 100);
		count1(l, p);
	}
	ledger_end(l);
	assert_int_equal(events_used(detect_events(l->detect)), 1);
	assert_int_equal(events_newest(detect_events(l->detect), 0)->rule, RULE_SPOOFED_FLOOD);
	ledger_del(l);
}

static void
a_flood_of_syns_from_made_up_addresses_is_one_event(void **state)
{
	struct ledger *l = ledger_small();
	const struct event *e;

	(void)state;
	for (uint32_t i = 0; i < 200000; i++) {
		struct pkt p =
		    tcp(0x0b000000 + i * 7, (uint16_t)(1024 + i % 60000), 9, 80, TCP_SYN, i);

		p.ts = S + i * (MS / 50);
		count1(l, p);
	}
	ledger_end(l);
	assert_int_equal(events_used(detect_events(l->detect)), 1);
	e = events_newest(detect_events(l->detect), 0);
	assert_int_equal(e->rule, RULE_SYN_FLOOD);
	assert_int_equal(event_attacker(e)->kind, ADDR_NONE);
	assert_int_equal(event_victim(e)->kind, ADDR_IP4);
	ledger_del(l);
}

static void
every_sentence_and_filter_can_be_written(void **state)
{
	char text[400];
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof(text));
	for (unsigned r = 0; r < EVENT_RULES; r++) {
		struct event e = event((enum event_rule)r, 1, 2, S);

		buf_clear(&b);
		event_text(&b, &e, NULL);
		assert_null(strchr(text, '{'));
		assert_true(b.len > 0 && b.len < 160);
		buf_clear(&b);
		event_filter(&b, &e);
		assert_null(strchr(text, '{'));
		assert_int_equal(event_rule_find(event_rules[r].name), r);
	}
	assert_int_equal(event_rule_find("none"), EVENT_RULES);
}

static void
errors_of_an_interface_from_before_are_no_event(void **state)
{
	struct ledger *l = ledger_small();
	const struct events *es = detect_events(l->detect);

	(void)state;
	l->source[0].link_errors = 7;
	detect_tick(l->detect, l);
	detect_tick(l->detect, l);
	assert_int_equal(events_used(es), 0);
	l->source[0].link_errors = 9;
	detect_tick(l->detect, l);
	assert_int_equal(events_newest(es, 0)->rule, RULE_IF_ERRORS);
	assert_int_equal(events_newest(es, 0)->n, 2);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_is_updated_and_counts_after_a_pause),
		cmocka_unit_test(one_subject_has_few_events),
		cmocka_unit_test(a_rule_that_finds_very_many_adds_them_to_one),
		cmocka_unit_test(the_ring_keeps_the_newest),
		cmocka_unit_test(a_scan_is_one_at_its_threshold),
		cmocka_unit_test(a_rule_can_be_turned_off),
		cmocka_unit_test(a_flood_of_made_up_addresses_is_one_event),
		cmocka_unit_test(a_flood_of_syns_from_made_up_addresses_is_one_event),
		cmocka_unit_test(every_sentence_and_filter_can_be_written),
		cmocka_unit_test(errors_of_an_interface_from_before_are_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
