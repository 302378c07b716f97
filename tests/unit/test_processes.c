/* Processes of flows: their display, and where they are stored. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/state.h"
#include "ledger.h"
#include "view/columns.h"

static void
assert_said(struct state *st, const char *command, bool on, const char *said)
{
	command_run(st, command);
	assert_int_equal(st->processes.on, on);
	assert_non_null(strstr(st->message.s, said));
}

static void
the_command_shows_the_column(void **state)
{
	const unsigned column =
	    (unsigned)(view_find_column(&view_flows, "process") - view_flows.cols);
	struct state st;
	unsigned at = 0;

	(void)state;
	state_init(&st);
	while (views[at] != &view_flows)
		at++;
	assert_said(&st, "processes", true, "on screen");
	assert_int_equal(st.column_prefs[at].visibility[column], COLUMN_SHOWN);
	assert_said(&st, "processes off", false, "processes off");
	assert_int_equal(st.column_prefs[at].visibility[column], COLUMN_AUTO);
	assert_said(&st, "processes maybe", false, "\"maybe\" is not");
	state_fini(&st);
}

static void
what_cannot_be_known_is_said(void **state)
{
	struct state st;

	(void)state;
	state_init(&st);
	st.processes.limitation = "only the uid";
	assert_said(&st, "processes on", true, "only the uid");
	st.processes.on = false;
	st.processes.unavailable = "not of files";
	assert_said(&st, "processes on", false, "not of files");
	assert_true(st.message_bad);
	assert_said(&st, "processes off", false, "processes off");
	state_fini(&st);
}

static struct value
process_of(struct ledger *l, const struct flow *f)
{
	struct scope s = { .ledger = l };

	return column_value(view_find_column(&view_flows, "process"), &s, f);
}

static void
a_flow_keeps_its_owner(void **state)
{
	struct ledger *l = ledger_small();
	const struct flow *f;
	struct value v;

	(void)state;
	l->flows.table.used = 2;
	f = &l->flows.row[1];
	assert_int_equal(process_of(l, f).type, V_NONE);
	ledger_add_owner(l, 1, "uid 1000", false);
	assert_string_equal(flow_owner(l, f), "uid 1000");
	assert_false(f->bits & FLOW_OWNER_FINAL);
	ledger_add_owner(l, 1, "curl[12]", true);
	v = process_of(l, f);
	assert_int_equal(v.type, V_TEXT);
	assert_string_equal(v.text, "curl[12]");
	assert_true(f->bits & FLOW_OWNER_FINAL);
	assert_null(flow_owner(l, &l->flows.row[0]));
	assert_int_equal(process_of(l, (const void *)&l->flows.other).type, V_NONE);
	/* Another flow has reused the row. */
	l->flows.row[1].generation++;
	assert_null(flow_owner(l, f));
	l->flows.table.used = 0;
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_shows_the_column),
		cmocka_unit_test(what_cannot_be_known_is_said),
		cmocka_unit_test(a_flow_keeps_its_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
