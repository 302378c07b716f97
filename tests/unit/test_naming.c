/* Which names of hosts are shown. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/run.h"
#include "control/command.h"
#include "control/state.h"
#include "ledger.h"
#include "view/columns.h"

static void
assert_mode(struct state *st, const char *command, enum name_mode mode, const char *said)
{
	command_run(st, command);
	assert_int_equal(st->names.mode, mode);
	assert_non_null(strstr(st->message.s, said));
}

static void
the_key_goes_round(void **state)
{
	struct state st;

	(void)state;
	state_init(&st);
	st.names.has_dns = true;
	assert_int_equal(st.names.mode, NAMES_LEARNED);
	assert_mode(&st, "names next", NAMES_DNS, "reverse DNS");
	assert_mode(&st, "names next", NAMES_OFF, "host names off");
	assert_mode(&st, "names next", NAMES_LEARNED, "learned from traffic");
	assert_mode(&st, "names off", NAMES_OFF, "host names off");
	assert_mode(&st, "names dns", NAMES_DNS, "reverse DNS");
	assert_mode(&st, "names x", NAMES_DNS, "\"x\" is not");
	state_fini(&st);
}

static void
what_is_missing_is_said(void **state)
{
	struct state st;

	(void)state;
	state_init(&st);
	assert_mode(&st, "names dns", NAMES_LEARNED, "built without");
	assert_true(st.message_bad);
	assert_mode(&st, "names next", NAMES_OFF, "built without");
	assert_mode(&st, "names next", NAMES_LEARNED, "learned from traffic");
	state_fini(&st);
}

static void
learned_names_come_before_those_asked_for(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l };
	struct addr a = ip4(1), b = ip4(2);

	(void)state;
	name_cache_learn(&l->host_names, ADDR_IP4, &a, NAME_DNS, "told", 1);
	ledger_add_rdns_name(l, ADDR_IP4, &a, "asked");
	ledger_add_rdns_name(l, ADDR_IP4, &b, "asked");
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &a).text, "told");
	assert_null(scope_host_name(&s, ADDR_IP4, &b).text);
	s.name_mode = NAMES_DNS;
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &a).text, "told");
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &b).text, "asked");
	s.name_mode = NAMES_OFF;
	assert_null(scope_host_name(&s, ADDR_IP4, &a).text);
	/* Reports have names from the traffic, whatever the look-up settings are. */
	assert_null(ledger_host_name(l, ADDR_IP4, &b, false).text);
	ledger_reset(l);
	s.name_mode = NAMES_DNS;
	assert_null(scope_host_name(&s, ADDR_IP4, &b).text);
	ledger_del(l);
}

/* Names of files come last; the first line of an address counts, and texts are clean. */
static void
aliases_are_read(void **state)
{
	static const char file[] = "# comment\n192.0.2.1 printer.lan printer\n192.0.2.1\tother\n"
				   "\n  2001:db8::1\tnas # in the cellar\nnonsense x\n192.0.2.2\n"
				   "192.0.2.2#none\n192.0.2.2  \033[2Jx \r\nfe80::1%lo0 local";
	struct aliases *as = aliases_new();
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l };
	struct addr a = ip4(0xc0000201), b = ip4(0xc0000202);
	char text[sizeof(file)];

	(void)state;
	memcpy(text, file, sizeof(file));
	aliases_read(as, text);
	l->aliases = aliases_names(as);
	assert_int_equal(l->aliases->table.used, 3);
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &a).text, "printer.lan");
	assert_int_equal(scope_host_name(&s, ADDR_IP4, &a).origin, NAME_ALIAS);
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &b).text, "\\x1b[2Jx");
	name_cache_learn(&l->host_names, ADDR_IP4, &a, NAME_DHCP, "told", 1);
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &a).text, "told");
	ledger_reset(l);
	assert_string_equal(scope_host_name(&s, ADDR_IP4, &a).text, "printer.lan");
	ledger_del(l);
	aliases_del(as);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_goes_round),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(learned_names_come_before_those_asked_for),
		cmocka_unit_test(aliases_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
