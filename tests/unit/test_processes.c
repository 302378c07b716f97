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
	assert_said(&st, "processes", true, "are shown");
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

static struct process_facts
facts(const char *command, uint32_t pid, const char *user)
{
	struct process_facts f = { .pid = pid, .uid = 1000, .kind = PROCESS_OWNER };

	strlcpy(f.command, command, sizeof(f.command));
	strlcpy(f.user, user, sizeof(f.user));
	return f;
}

/* The sum of all rows is the total, in packets and in bytes. */
static void
assert_processes_balance(const struct ledger *l)
{
	struct tally sum = meter_sum(&l->processes.other.meter);

	for (uint32_t i = 0; i < l->processes.table.used; i++) {
		struct tally t = meter_sum(&l->processes.row[i].meter);

		tally_add(&sum, t.packets, t.bytes);
	}
	assert_int_equal(sum.packets, l->totals.all.packets);
	assert_int_equal(sum.bytes, l->totals.all.bytes);
}

static struct ledger *
ledger_of_processes(void)
{
	struct net here = { .addr = ip4(1), .kind = ADDR_IP4, .bits = 32 };
	struct ledger *l = ledger_small();

	ledger_set_local(l, &here, 1);
	processes_start(&l->processes);
	return l;
}

static void
count(struct ledger *l, struct pkt p, unsigned n)
{
	for (; n > 0; n--)
		ledger_count(l, &p, 1);
	ledger_flush(l);
	assert_processes_balance(l);
}

static void
set_owner(
    struct ledger *l, uint32_t row, const struct process_facts *a, const struct process_facts *b)
{
	const struct process_facts *const ends[2] = { a, b };

	ledger_set_owners(l, row, l->flows.row[row].generation, ends);
	assert_processes_balance(l);
}

/* A row without a process, by its name. */
static const struct process *
rest(const struct ledger *l, enum process_kind kind)
{
	return &l->processes.row[kind];
}

static void
a_flow_moves_to_its_owner(void **state)
{
	struct ledger *l = ledger_of_processes();
	struct process_facts curl = facts("curl", 12, "alice");
	const struct process *p;

	(void)state;
	count(l, packet(6, 1, 5000, 2, 80, 100, S), 3);
	count(l, packet(6, 2, 80, 1, 5000, 1000, S), 5);
	assert_string_equal(process_of(l, l->flows.row).text, "(unknown)");
	assert_int_equal(meter_sum(&rest(l, PROCESS_UNKNOWN)->meter).bytes, 5300);
	assert_int_equal(rest(l, PROCESS_UNKNOWN)->flows, 1);
	set_owner(l, 0, &curl, NULL);
	assert_string_equal(process_of(l, l->flows.row).text, "curl[12]");
	p = flow_process(l, l->flows.row, 0);
	assert_int_equal(p->meter.t[0].bytes, 300);
	assert_int_equal(p->meter.t[1].bytes, 5000);
	assert_int_equal(p->flows, 1);
	assert_int_equal(rest(l, PROCESS_UNKNOWN)->flows, 0);
	assert_int_equal(meter_sum(&rest(l, PROCESS_UNKNOWN)->meter).packets, 0);
	count(l, packet(6, 1, 5000, 2, 80, 100, S), 1);
	assert_int_equal(p->meter.t[0].bytes, 400);
	/* The answer is about a flow that has left its row. */
	l->flows.row[0].generation++;
	assert_null(flow_process(l, l->flows.row, 0));
	ledger_del(l);
}

/* Between two local processes each direction is the sender's. */
static void
a_flow_may_have_two_owners(void **state)
{
	struct ledger *l = ledger_of_processes();
	struct process_facts curl = facts("curl", 12, "alice"), web = facts("nginx", 7, "web");

	(void)state;
	count(l, packet(6, 1, 5000, 1, 80, 100, S), 3);
	count(l, packet(6, 1, 80, 1, 5000, 1000, S), 5);
	set_owner(l, 0, &curl, &web);
	assert_string_equal(process_of(l, l->flows.row).text, "curl[12]/nginx[7]");
	assert_int_equal(flow_process(l, l->flows.row, 0)->meter.t[0].bytes, 300);
	assert_int_equal(flow_process(l, l->flows.row, 1)->meter.t[0].bytes, 5000);
	assert_int_equal(flow_process(l, l->flows.row, 1)->flows, 1);
	ledger_del(l);
}

static void
the_rest_is_in_rows(void **state)
{
	struct ledger *l = ledger_of_processes();

	(void)state;
	count(l, packet(6, 8, 5000, 9, 80, 100, S), 1);
	count(l, packet(1, 1, 0, 9, 0, 70, S), 1);
	count(l, packet(17, 9, 53, 1, 5000, 60, S), 1);
	assert_int_equal(meter_sum(&rest(l, PROCESS_FORWARDED)->meter).bytes, 100);
	assert_int_equal(meter_sum(&rest(l, PROCESS_KERNEL)->meter).bytes, 70);
	assert_int_equal(rest(l, PROCESS_UNKNOWN)->meter.t[1].bytes, 60);
	ledger_del(l);
}

/* Many more processes than rows, with a baseline in between. */
static void
nothing_is_lost_of_many_processes(void **state)
{
	struct ledger *l = ledger_of_processes();
	struct scope s = {
		.ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true, .since_baseline = true
	};
	struct tally sum = { 0, 0 };

	(void)state;
	for (uint32_t i = 0; i < 3 * PROCESSES_MAX; i++) {
		struct process_facts p = facts("x", i + 1, "alice");

		count(l, packet(6, 1, (uint16_t)(i + 1), 2, 80, 100 + i, S + i), 1);
		if (i == 2000)
			ledger_set_baseline(l, true);
		set_owner(l, i % l->flows.table.used, &p, NULL);
	}
	assert_int_equal(l->processes.table.used, PROCESSES_MAX);
	assert_true(l->processes.other.meter.t[0].packets > 0);
	for (uint32_t i = 0; i < view_processes.slots(l); i++) {
		const void *row = view_processes.row(&s, i);

		if (row != NULL)
			sum.packets +=
			    column_value(view_find_column(&view_processes, "packets"), &s, row).n;
	}
	sum.packets +=
	    column_value(view_find_column(&view_processes, "packets"), &s, &l->processes.other).n;
	assert_int_equal(sum.packets, 3 * PROCESSES_MAX - 2001);
	ledger_reset(l);
	assert_int_equal(l->processes.table.used, PROCESS_RESTS);
	ledger_del(l);
}

static uint32_t
rows_of(struct ledger *l, enum process_level level)
{
	struct scope s = { .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	uint64_t packets = 0;
	uint32_t n = 0;

	processes_group(&l->processes, level);
	for (uint32_t i = 0; i < view_processes.slots(l); i++) {
		const void *row = view_processes.row(&s, i);

		if (row == NULL)
			continue;
		n++;
		packets += column_value(view_find_column(&view_processes, "packets"), &s, row).n;
	}
	assert_int_equal(packets, l->totals.all.packets);
	return n;
}

static void
rows_are_grouped(void **state)
{
	struct ledger *l = ledger_of_processes();
	struct process_facts p[4] = { facts("curl", 1, "alice"), facts("curl", 2, "bob"),
		facts("nginx", 3, "bob"), facts("nginx", 4, "bob") };

	(void)state;
	strlcpy(p[2].container, "docker:web", sizeof(p[2].container));
	strlcpy(p[3].unit, "nginx.service", sizeof(p[3].unit));
	for (uint32_t i = 0; i < 4; i++) {
		count(l, packet(6, 1, (uint16_t)(i + 1), 2, 80, 100, S), i + 1);
		set_owner(l, i, &p[i], NULL);
	}
	count(l, packet(6, 8, 5000, 9, 80, 100, S), 1);
	assert_int_equal(rows_of(l, PROCESS_BY_PID), 5);
	assert_int_equal(rows_of(l, PROCESS_BY_COMMAND), 3);
	assert_int_equal(rows_of(l, PROCESS_BY_USER), 3);
	assert_int_equal(rows_of(l, PROCESS_BY_UNIT), 5);
	assert_int_equal(rows_of(l, PROCESS_BY_PID), 5);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_shows_the_column),
		cmocka_unit_test(what_cannot_be_known_is_said),
		cmocka_unit_test(a_flow_moves_to_its_owner),
		cmocka_unit_test(a_flow_may_have_two_owners),
		cmocka_unit_test(the_rest_is_in_rows),
		cmocka_unit_test(nothing_is_lost_of_many_processes),
		cmocka_unit_test(rows_are_grouped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
