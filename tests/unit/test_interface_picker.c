/* Interfaces selected at run time, in a network namespace of the test's own. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <cmocka.h>

#include "app/actions.h"

struct stage {
	struct options o;
	struct feed feed;
	char text[256];
	struct buf err;
};

/* Two interfaces that are up, and nothing else; false without permission. */
static bool
make_interfaces(void)
{
#ifdef CLONE_NEWNET
	if (unshare(CLONE_NEWNET) != 0)
		return false;
	return system("ip link set lo up && ip link add tap-a type veth peer name tap-b &&"
		      "ip link set tap-a up && ip link set tap-b up") == 0;
#else
	return false;
#endif
}

static void
open_stage(struct stage *s, const char *interface)
{
	s->o = (struct options){ .memory = (size_t)8 << 20, .demo = interface == NULL };
	if (interface != NULL)
		s->o.interface[s->o.n_interfaces++] = interface;
	buf_init(&s->err, s->text, sizeof(s->text));
	feed_open_live(&s->feed, &s->o, true);
	feed_open_files(&s->feed);
}

static const char *
names(const struct stage *s)
{
	static char text[256];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	feed_names(&s->feed, &b);
	return text;
}

static bool
is_on(struct stage *s, const char *name)
{
	static struct iface_list t;

	assert_true(iface_action_list(&t, &s->feed, &s->err));
	for (unsigned i = 0; i < t.n; i++)
		if (strcmp(t.iface[i].name, name) == 0)
			return t.iface[i].captured;
	fail_msg("%s is not listed", name);
	return false;
}

static void
made_up_traffic_stays(void **state)
{
	struct stage s;

	(void)state;
	open_stage(&s, NULL);
	assert_false(iface_action_switch(&s.feed, "lo", &s.err));
	assert_string_equal(s.err.s, "this is synthetic traffic; to capture, start with -i lo");
	assert_string_equal(names(&s), "demo");
	feed_close(&s.feed);
}

static void
interfaces_come_and_go(void **state)
{
	struct stage s;

	(void)state;
	if (!make_interfaces())
		skip();
	open_stage(&s, "lo");
	assert_true(iface_action_switch(&s.feed, "+tap-a", &s.err));
	assert_string_equal(names(&s), "lo tap-a");
	assert_true(is_on(&s, "tap-a"));
	assert_false(is_on(&s, "tap-b"));
	assert_true(iface_action_switch(&s.feed, "tap-b", &s.err));
	assert_string_equal(names(&s), "tap-b");
	assert_int_equal(s.feed.ledger->n_sources, 3);
	assert_int_equal(s.feed.ledger->source[0].state, SOURCE_ENDED);
	assert_int_equal(s.feed.ledger->source[2].state, SOURCE_RUNNING);
	assert_false(iface_action_switch(&s.feed, "-tap-b", &s.err));
	assert_non_null(strstr(s.err.s, "the only interface"));
	buf_clear(&s.err);
	/* A deselected interface keeps its source, and is not retried meanwhile. */
	feed_housekeep(&s.feed, 1, &s.err);
	feed_housekeep(&s.feed, UINT64_C(60000000000), &s.err);
	assert_string_equal(s.err.s, "");
	assert_null(s.feed.source[0].source);
	assert_true(iface_action_switch(&s.feed, "+lo", &s.err));
	assert_int_equal(s.feed.ledger->n_sources, 3);
	assert_string_equal(names(&s), "lo tap-b");
	assert_true(iface_action_switch(&s.feed, "-tap-b", &s.err));
	assert_string_equal(names(&s), "lo");
	feed_close(&s.feed);
}

/* Each packet is counted once, or there is a warning. */
static void
what_is_seen_twice_is_settled(void **state)
{
	struct stage s;

	(void)state;
	if (!make_interfaces() ||
	    system("ip link add link tap-a name tap-a.5 type vlan id 5 &&"
		   "ip link add tap-br type bridge &&"
		   "ip link set tap-b master tap-br &&"
		   "ip link set tap-a.5 up && ip link set tap-br up") != 0)
		skip();
	open_stage(&s, "tap-a");
	assert_false(iface_action_switch(&s.feed, "+tap-a.5", &s.err));
	assert_string_equal(s.err.s, "tap-a.5: its packets are counted on tap-a");
	assert_string_equal(names(&s), "tap-a");
	buf_clear(&s.err);
	assert_true(iface_action_switch(&s.feed, "+tap-br", &s.err));
	assert_string_equal(s.err.s, "tap-a: packets that also pass tap-br are counted on both");
	buf_clear(&s.err);
	assert_true(iface_action_switch(&s.feed, "+lo", &s.err));
	assert_string_equal(s.err.s, "");
	assert_string_equal(names(&s), "tap-a tap-br lo");
	assert_true(iface_action_switch(&s.feed, "+any", &s.err));
	assert_string_equal(s.err.s, "tap-a: its packets are counted on any");
	assert_string_equal(names(&s), "any");
	buf_clear(&s.err);
	assert_true(iface_action_switch(&s.feed, "tap-a.5", &s.err));
	assert_true(iface_action_switch(&s.feed, "+tap-a", &s.err));
	assert_string_equal(s.err.s, "tap-a.5: its packets are counted on tap-a");
	assert_string_equal(names(&s), "tap-a");
	feed_close(&s.feed);
}

static void
what_is_not_there_changes_nothing(void **state)
{
	struct stage s;

	(void)state;
	if (!make_interfaces())
		skip();
	open_stage(&s, "lo");
	assert_false(iface_action_switch(&s.feed, "nonsense0", &s.err));
	assert_non_null(strstr(s.err.s, "nonsense0"));
	assert_string_equal(names(&s), "lo");
	assert_int_equal(s.feed.ledger->n_sources, 1);
	buf_clear(&s.err);
	assert_false(iface_action_switch(&s.feed, "-tap-a", &s.err));
	assert_string_equal(s.err.s, "tap-a is not captured on");
	feed_close(&s.feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_up_traffic_stays),
		cmocka_unit_test(interfaces_come_and_go),
		cmocka_unit_test(what_is_seen_twice_is_settled),
		cmocka_unit_test(what_is_not_there_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
