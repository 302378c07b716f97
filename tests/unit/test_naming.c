/* Which names of hosts are shown. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* A list in either form, with lines that are damaged, and the MAC addresses of hosts. */
static void
vendors_are_found(void **state)
{
	static const char list[] =
	    "# comment\n00:00:0C\tCisco\tCisco Systems, Inc\n"
	    "00:1B:C5\tIEEERegi\tIEEE\n00:1B:C5:00:10:00/36\tOpenRBco\tOpenRB.com\033[2J\n"
	    "00-22-72   (hex)\t\tAmerican Micro-Fuel\r\n002272     (base 16)\t\twrong\n"
	    "00:1B\tshort\n00:11:22:33:44:55:66\tlong\n00:11:22/99\tbits\n00:11:2\n00:11:33";
	static const struct {
		uint8_t mac[6];
		const char *vendor;
	} rows[] = {
		{ { 0, 0, 0x0c, 1, 2, 3 }, "Cisco Systems, Inc" },
		{ { 0, 0x1b, 0xc5, 0, 0x1f, 0xff }, "OpenRB.com\\x1b[2J" },
		{ { 0, 0x1b, 0xc5, 0, 0x20, 0 }, "IEEE" },
		{ { 0, 0x22, 0x72, 0, 0, 0 }, "American Micro-Fuel" },
		{ { 0, 0x11, 0x22, 0, 0, 0 }, NULL },
		{ { 0, 0x11, 0x33, 0, 0, 0 }, NULL },
		{ { 2, 0, 0x0c, 0, 0, 0 }, NULL },
	};
	char path[] = "/tmp/pkttop-vendors.XXXXXX";
	int fd = mkstemp(path);
	struct pkt_meta said = { .type = META_ARP, .claim = { .op = 2, .addr = ip4(7) } };
	struct pkt p = packet(6, 1, 1000, 2, 80, 100, S);
	struct addr six = { .b = { 0xfe, 0x80, [8] = 2, 0, 0x0c, 0xff, 0xfe, 1, 2, 3 } };
	struct ledger *l = ledger_small();
	struct scope s = { .ledger = l };
	struct addr a = ip4(7);
	struct vendors *v;

	(void)state;
	assert_int_equal(write(fd, list, sizeof(list) - 1), sizeof(list) - 1);
	close(fd);
	v = vendors_read(path);
	unlink(path);
	assert_non_null(v);
	l->vendors = vendors_db(v);
	p.meta = &said;
	assert_int_equal(value_vendor(&s, ADDR_IP4, &a).type, V_NONE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct value vendor;

		memcpy(said.claim.mac, rows[i].mac, sizeof(rows[i].mac));
		count1(l, p);
		vendor = value_vendor(&s, ADDR_IP4, &a);
		if (rows[i].vendor != NULL)
			assert_string_equal(vendor.text, rows[i].vendor);
		else
			assert_int_equal(vendor.type, V_NONE);
	}
	assert_string_equal(value_vendor(&s, ADDR_IP6, &six).text, "Cisco Systems, Inc");
	six.b[8] = 0;
	assert_int_equal(value_vendor(&s, ADDR_IP6, &six).type, V_NONE);
	assert_null(vendors_read("/nonexistent"));
	ledger_del(l);
	vendors_del(v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_goes_round),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(learned_names_come_before_those_asked_for),
		cmocka_unit_test(aliases_are_read),
		cmocka_unit_test(vendors_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
