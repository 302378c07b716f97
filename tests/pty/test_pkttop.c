/* pkttop on a terminal, with synthetic traffic. PKTTOP names the program. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cases.h"
#include "pty.h"

#define SKIPPED 77
#define HELP    "this page; hide it" /* of the key that shows the help */

static const char *demo_argv[] = { NULL, "--demo", NULL };
static const char *busy_argv[] = { NULL, "--demo", "--delay=0.1", NULL };

static const struct subject pkttop = {
	.argv = demo_argv,
	.busy = busy_argv,
	.first = "DEMO",
	.key = "?",
	.answer = HELP,
	.leave = "q",
};

static void
test_first_screen(void **state)
{
	(void)state;
	case_first_screen(&pkttop);
}

static void
test_help_and_back(void **state)
{
	struct pty *p = started(&pkttop);

	(void)state;
	pty_send(p, "?");
	assert_true(pty_wait_text(p, HELP, 2000));
	pty_send(p, "?");
	assert_true(pty_wait_no_text(p, HELP, 2000));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

/* The cursor is visible while text is typed. */
static void
test_filter_prompt(void **state)
{
	struct pty *p = started(&pkttop);
	int x, y;

	(void)state;
	pty_send(p, "/port=4");
	assert_true(pty_wait_text(p, "port=4", 2000));
	pty_read(p, 50);
	assert_true(pty_cursor_shown(p));
	pty_cursor(p, &x, &y);
	assert_non_null(strstr(pty_row(p, y), "port=4"));
	pty_send(p, "\033");
	assert_true(pty_wait_no_text(p, "port=4", 2000));
	pty_read(p, 50);
	assert_false(pty_cursor_shown(p));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

/* The line of the selected row, which is unique; -1: none. */
static int
selected_row(struct pty *p)
{
	for (int y = 0; y < 24; y++)
		if (pty_reversed(p, 0, y) && pty_reversed(p, 40, y))
			return y;
	return -1;
}

static void
test_row_down_and_up(void **state)
{
	struct pty *p = started(&pkttop);
	int first;

	(void)state;
	/* Rows appear after the first interval. */
	pty_read(p, 2500);
	pty_send(p, " ");
	pty_read(p, 300);
	first = selected_row(p);
	assert_true(first > 0);
	pty_send(p, "j");
	pty_read(p, 300);
	assert_int_equal(selected_row(p), first + 1);
	pty_send(p, "k");
	pty_read(p, 300);
	assert_int_equal(selected_row(p), first);
	pty_del(p);
}

/* W saves the settings, and the next run uses them. */
static void
test_settings_saved(void **state)
{
	char folder[] = "/tmp/test_pkttop.XXXXXX", home[64], line[128];
	const char *env[] = { home, NULL };
	const struct pty_run run = { .argv = demo_argv, .env = env };
	struct pty *p;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(home, sizeof home, "XDG_CONFIG_HOME=%s", folder);
	p = pty_new(&run);
	assert_true(pty_wait_text(p, "Welcome.  h shows the keys", 2000));
	assert_true(pty_wait_text(p, "DEMO, every 1s", 2000));
	pty_send(p, "b+W");
	assert_true(pty_wait_text(p, "settings saved in /tmp/", 2000));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
	p = pty_new(&run);
	assert_true(pty_wait_text(p, "DEMO, every 2s", 2000));
	assert_true(pty_wait_no_text(p, "Welcome", 100));
	assert_true(pty_wait_text(p, "B/s", 2000));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
	snprintf(line, sizeof line, "rm -rf '%s'", folder);
	assert_int_equal(system(line), 0);
}

/* The title bar is coloured, or reversed if colours are off. */
static void
test_themes(void **state)
{
	const char *no_color[] = { "NO_COLOR=1", NULL };
	const struct pty_run without = { .argv = demo_argv, .env = no_color };
	struct pty *p = started(&pkttop);

	(void)state;
	for (int i = 0; i < 3; i++) {
		pty_read(p, 300);
		assert_true(pty_colored(p, 40, 0));
		pty_send(p, ":theme next\r");
	}
	assert_true(pty_wait_text(p, "theme mono", 2000));
	pty_read(p, 300);
	assert_false(pty_colored(p, 40, 0));
	assert_true(pty_reversed(p, 40, 0));
	pty_del(p);
	p = pty_new(&without);
	assert_true(pty_wait_text(p, pkttop.first, 2000));
	pty_send(p, ":theme light\r");
	assert_true(pty_wait_text(p, "theme light", 2000));
	pty_read(p, 300);
	assert_false(pty_colored(p, 40, 0));
	pty_del(p);
}

/* Fonts of 256 characters have no partial block characters. */
static void
test_plain_terminals(void **state)
{
	const char *env[] = { "TERM=linux", NULL };
	const struct pty_run run = { .argv = demo_argv, .env = env };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, pkttop.first, 2000));
	pty_read(p, 2000);
	for (int y = 0; y < 24; y++)
		for (const char *s = pty_row(p, y); *s != '\0'; s++)
			assert_true((unsigned char)*s < 0x80);
	pty_del(p);
}

/* The reason for no colours is shown on the screen, or after it was closed. */
static void
test_settings_not_saved(void **state)
{
	const char *env[] = { "XDG_CONFIG_HOME=/dev/null/none", NULL };
	const struct pty_run run = { .argv = demo_argv, .env = env };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, pkttop.first, 2000));
	pty_send(p, "W");
	assert_true(pty_wait_text(p, "/dev/null/none/pkttop/pkttoprc: Not a directory", 2000));
	pty_send(p, "Wq");
	assert_true(pty_wait_text(p, "pkttop: /dev/null/none/pkttop/pkttoprc: Not a", 2000));
	pty_del(p);
}

static void
click(struct pty *p, int x, int y)
{
	char text[80];

	snprintf(text, sizeof text, "\033[<0;%d;%dM\033[<0;%d;%dm", x + 1, y + 1, x + 1, y + 1);
	pty_send(p, text);
	pty_read(p, 300);
}

/* Clicks a row, a view and a key in the bottom line; uses the wheel; turns the mouse off. */
static void
test_mouse(void **state)
{
	struct pty *p = started(&pkttop);
	const char *keys;
	int first;

	(void)state;
	pty_read(p, 2500);
	assert_true(pty_mouse(p));
	pty_send(p, " ");
	pty_read(p, 300);
	first = selected_row(p);
	assert_true(first > 0);
	click(p, 30, first + 4);
	assert_int_equal(selected_row(p), first + 4);
	pty_send(p, "\033[<64;1;");
	pty_read(p, 300);
	pty_send(p, "9M");
	pty_read(p, 300);
	assert_int_equal(selected_row(p), first + 1);
	keys = pty_row(p, 23);
	assert_non_null(strstr(keys, "h help"));
	click(p, (int)(strstr(keys, "h help") - keys), 23);
	assert_true(pty_wait_text(p, HELP, 2000));
	click(p, 2, 23);
	assert_true(pty_wait_no_text(p, HELP, 2000));
	pty_send(p, ":mouse off\r");
	pty_read(p, 300);
	assert_false(pty_mouse(p));
	pty_send(p, ":mouse on\r");
	pty_read(p, 300);
	assert_true(pty_mouse(p));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

static void
test_no_mouse(void **state)
{
	const char *argv[] = { demo_argv[0], "--demo", "--no-mouse", NULL };
	const struct pty_run run = { .argv = argv };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, pkttop.first, 2000));
	pty_read(p, 300);
	assert_false(pty_mouse(p));
	pty_del(p);
}

/* The row's tcpdump command is copied as displayed, and the screen stays intact. */
static void
test_copy(void **state)
{
	struct pty *p = started(&pkttop);

	(void)state;
	pty_read(p, 2500);
	pty_send(p, " y");
	assert_true(pty_wait_text(p, "copied: tcpdump -ni demo ", 2000));
	assert_true(pty_got(p, "\033]52;c;dGNwZHVtcCAtbmkgZGVtbyA"));
	assert_true(selected_row(p) > 0);
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

/* C copies the filter that = would set, and nothing else. */
static void
test_record_of_a_row(void **state)
{
	char folder[] = "/tmp/pkttop-row.XXXXXX", option[64], command[256];
	const char *argv[] = { demo_argv[0], "--demo", option, NULL };
	const struct subject s = { .argv = argv, .first = "DEMO" };
	struct pty *p;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(option, sizeof option, "--snapshot-dir=%s", folder);
	p = started(&s);
	pty_read(p, 2000);
	pty_send(p, "4 g");
	pty_read(p, 500);
	pty_send(p, "C");
	assert_true(pty_wait_text(p, "only tcp port 443", 2000) || pty_wait_text(p, "[pcap]", 100));
	pty_read(p, 3000);
	pty_send(p, "C");
	assert_true(pty_wait_no_text(p, "[pcap]", 3000));
	pty_read(p, 1000);
	pty_send(p, "q");
	assert_left(p, 3000);
	pty_del(p);
	snprintf(command, sizeof command,
	    "cd %s && f=$(ls) && \"$PKTTOP\" -r $f -b --format=csv -V ports | awk 'END { exit NR "
	    "!= 2 }'",
	    folder);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

/* Stops and resumes capturing: the totals do not change, and no drops are reported. */
static void
test_stop_capturing(void **state)
{
	struct pty *p = started(&pkttop);
	char totals[256];

	(void)state;
	pty_read(p, 1500);
	pty_send(p, "H");
	assert_true(pty_wait_text(p, "STOPPED", 2000));
	pty_read(p, 1500);
	strlcpy(totals, pty_row(p, 2), sizeof(totals));
	assert_non_null(strstr(totals, "total "));
	pty_read(p, 2500);
	assert_string_equal(pty_row(p, 2), totals);
	pty_send(p, ":start\r");
	assert_true(pty_wait_no_text(p, "STOPPED", 2000));
	pty_read(p, 1500);
	assert_string_not_equal(pty_row(p, 2), totals);
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

/* Keys and commands start and stop each record; the title shows the active ones. */
static void
test_records(void **state)
{
	char folder[] = "/tmp/pkttop-records.XXXXXX", option[64], command[512];
	const char *argv[] = { demo_argv[0], "--demo", option, NULL };
	const struct subject s = { .argv = argv, .first = "DEMO" };
	struct pty *p;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(option, sizeof option, "--snapshot-dir=%s", folder);
	p = started(&s);
	snprintf(command, sizeof command, ":flow-log %s/a b.json\r", folder);
	pty_send(p, command);
	assert_true(pty_wait_text(p, "[flow-log]", 3000));
	pty_send(p, command);
	assert_true(pty_wait_text(p, "already writing", 3000));
	pty_send(p, "lw");
	assert_true(pty_wait_text(p, "[log flow-log pcap]", 3000));
	pty_read(p, 1500);
	pty_send(p, "l");
	assert_true(pty_wait_text(p, "[flow-log pcap]", 3000));
	pty_send(p, "wL");
	assert_true(pty_wait_no_text(p, "flow-log", 3000));
	/* The previous one must be on the disk first. */
	pty_read(p, 1000);
	pty_send(p, "L");
	assert_true(pty_wait_text(p, "[flow-log]", 3000));
	pty_send(p, ":log -\r");
	assert_true(pty_wait_text(p, "standard output is used by the screen", 3000));
	pty_read(p, 1000);
	pty_send(p, "q");
	assert_left(p, 3000);
	pty_del(p);
	snprintf(command, sizeof command,
	    "cd %s && grep -q '^{\"start\":' 'a b.json' && "
	    "for f in pkttop-packets-*.csv pkttop-flows-*.csv; do test $(wc -l <$f) -gt 10 || "
	    "exit 1; done && \"$PKTTOP\" -b -r pkttop-capture-*.pcapng >/dev/null && "
	    "test $(ls | wc -l) -eq 4",
	    folder);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

/* Runs pkttop on 200,000 packets of half as many flows; file is a template like for mkstemp(). */
static struct pty *
replaying(char *file, const char *option)
{
	static const char command[] =
	    "\"$MKTRACE\" 200000 100000 $0 && exec \"$PKTTOP\" -r $0 --replay=0.25 -d 0.2 $1";
	const char *argv[] = { "/bin/sh", "-c", command, file, option, NULL };
	const struct pty_run run = { .argv = argv };
	int fd = mkstemp(file);

	assert_true(fd >= 0);
	close(fd);
	return pty_new(&run);
}

/* Types keys while a flow log of many flows is written, and waits for each of the texts in
 * `said` ('!' before: until it is gone). The log is written to its end, even if pkttop quits
 * meanwhile, and has so many packets. */
static void
end_of_many_flows(const char *keys, const char *said, unsigned packets)
{
	char folder[] = "/tmp/pkttop-flows.XXXXXX", command[512];
	char file[] = "/tmp/pkttop-flows-XXXXXX", option[64];
	struct pty *p;

	assert_non_null(mkdtemp(folder));
	snprintf(option, sizeof option, "--flow-log=%s/f.csv", folder);
	p = replaying(file, option);
	assert_true(pty_wait_text(p, "more rows", 60000));
	assert_true(pty_wait_text(p, "[flow-log]", 5000));
	assert_true(pty_wait_text(p, "total  200k packets", 60000));
	pty_send(p, keys);
	for (; *said != '\0'; said += strlen(said) + 1) {
		assert_true(*said == '!' ? pty_wait_no_text(p, said + 1, 60000)
					 : pty_wait_text(p, said, 60000));
		if (said[strlen(said) + 1] == '\0')
			pty_send(p, "q");
	}
	assert_left(p, 60000);
	pty_del(p);
	/* All packets are in its records. */
	snprintf(command, sizeof command,
	    "awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } "
	    "{ n += $c[\"packets_ab\"] + $c[\"packets_ba\"] } "
	    "END { exit n != %u }' %s/f.csv",
	    packets, folder);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command, "rm -r %s %s", folder, file);
	assert_int_equal(system(command), 0);
}

static void
test_flow_log_of_many_flows(void **state)
{
	(void)state;
	if (getenv("MKTRACE") == NULL)
		skip();
	end_of_many_flows("LL", "the previous one is still being written\0f.csv: \0", 200000);
	end_of_many_flows("Lq", "", 200000);
	end_of_many_flows("q", "", 200000);
	end_of_many_flows(":restart now\r", "!total  200k packets\0total  200k packets\0", 400000);
	end_of_many_flows(":restart now\rq", "", 200000);
}

/* In the history the screen is paused, shows the age, and can return to live. */
static void
test_time_travel(void **state)
{
	struct pty *p = started(&pkttop);
	uint64_t before;

	(void)state;
	pty_read(p, 3500);
	pty_send(p, "[[");
	assert_true(pty_wait_text(p, " -00:00:0", 2000));
	assert_true(pty_wait_text(p, "> ", 2000));
	pty_read(p, 500);
	before = pty_bytes(p);
	pty_read(p, 2000);
	assert_in_range(pty_bytes(p) - before, 1, 2 * 80);
	pty_send(p, " ");
	assert_true(pty_wait_no_text(p, " -00:00:0", 2000));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

/* A key is answered soon, even on a large screen with a panel. */
static void
test_keys_are_answered_soon(void **state)
{
	const struct pty_run run = { .argv = demo_argv, .cols = 200, .rows = 60 };
	struct pty *p = pty_new(&run);

	(void)state;
	assert_true(pty_wait_text(p, "PROTOCOLS", 5000));
	for (unsigned i = 0; i < 8; i++) {
		pty_send(p, i % 2 == 0 ? "?" : "\177");
		if (i % 2 == 0)
			assert_true(pty_wait_text(p, HELP, 500));
		else
			assert_true(pty_wait_no_text(p, HELP, 500));
	}
	pty_send(p, "|");
	assert_true(pty_wait_no_text(p, "PROTOCOLS", 500));
	pty_send(p, "q");
	assert_left(p, 2000);
	pty_del(p);
}

#define ANSWERS 31

static int
compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

/* Median ms until a key is answered while a million packets per second are counted. */
static int
median_answer(const char *speed)
{
	/* Sixteen times half a million packets, at the given speed. */
	static const char command[] =
	    "speed=$1; shift; \"$MKTRACE\" 300000 100000 $0 && for i in 1 2 3 4; do "
	    "set -- \"$@\" -r $0 -r $0 -r $0 -r $0; done; exec \"$PKTTOP\" \"$@\" --replay=$speed";
	char file[] = "/tmp/pkttop-million.XXXXXX";
	const char *argv[] = { "/bin/sh", "-c", command, file, speed, NULL };
	const struct pty_run run = { .argv = argv };
	int ms[ANSWERS], fd = mkstemp(file);
	struct pty *p;

	assert_true(fd >= 0);
	close(fd);
	p = pty_new(&run);
	assert_true(pty_wait_text(p, "more rows", 60000));
	for (int i = 0; i < ANSWERS; i++) {
		int64_t began;

		pty_read(p, 20 + 13 * i % 60);
		began = pty_now_ms();
		pty_send(p, "?");
		if (i % 2 == 0)
			assert_true(pty_wait_text(p, HELP, 5000));
		else
			assert_true(pty_wait_no_text(p, HELP, 5000));
		ms[i] = (int)(pty_now_ms() - began);
	}
	pty_del(p);
	unlink(file);
	qsort(ms, ANSWERS, sizeof ms[0], compare);
	print_message("answered in %d ms, 95 %% in %d, all in %d\n", ms[ANSWERS / 2],
	    ms[ANSWERS * 95 / 100], ms[ANSWERS - 1]);
	return ms[ANSWERS / 2];
}

/* A busy machine gets several tries; a sanitized program is slow, and gets a sixteenth of the
 * packets. */
static void
test_keys_are_answered_among_packets(void **state)
{
	const char *sanitized = getenv("SANITIZED");
	bool slow = sanitized != NULL && *sanitized != '\0';
	int most = slow ? 2000 : 50, ms = most + 1;

	(void)state;
	if (getenv("MKTRACE") == NULL)
		skip();
	for (int i = 0; i < 3 && ms > most; i++)
		ms = median_answer(slow ? "0.0078" : "0.125");
	assert_in_range(ms, 0, most);
}

/* Repeated resets while packets are waiting lose none of them. */
static void
test_zero(void **state)
{
	char file[] = "/tmp/pkttop-zero.XXXXXX";
	struct pty *p;

	(void)state;
	if (getenv("MKTRACE") == NULL)
		skip();
	p = replaying(file, NULL);
	assert_true(pty_wait_text(p, "more rows", 60000));
	pty_send(p, "z");
	assert_true(pty_wait_text(p, "counters zeroed", 5000));
	pty_send(p, "zz?");
	assert_true(pty_wait_text(p, HELP, 5000));
	pty_send(p, "?z:zero off\r");
	assert_true(pty_wait_text(p, "totals since the start", 5000));
	assert_true(pty_wait_text(p, "total  200k packets", 60000));
	pty_send(p, "z");
	assert_true(pty_wait_text(p, "total     0 packets", 5000));
	pty_send(p, "z:restart now\r");
	assert_true(pty_wait_text(p, "all counters reset", 5000));
	assert_true(pty_wait_text(p, "total  200k packets", 60000));
	pty_send(p, "zq");
	assert_left(p, 5000);
	pty_del(p);
	unlink(file);
}

static void
test_leaves(void **state)
{
	(void)state;
	case_leaves(&pkttop);
}

static void
test_signals_leave(void **state)
{
	(void)state;
	case_signal_leaves(&pkttop, SIGTERM);
	case_signal_leaves(&pkttop, SIGINT);
	case_signal_leaves(&pkttop, SIGHUP);
	case_signal_leaves(&pkttop, SIGQUIT);
}

static void
test_faults(void **state)
{
	(void)state;
	case_fault(&pkttop, SIGSEGV);
	case_fault(&pkttop, SIGABRT);
}

/* Signals whose default action ends a program. */
static void
test_other_signals(void **state)
{
	const int signals[] = { SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGUSR2, SIGALRM,
		SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,
#ifdef SIGPWR
		SIGPWR,
#endif
#ifdef SIGSTKFLT
		SIGSTKFLT,
#endif
		SIGRTMIN, SIGRTMAX };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		case_fault(&pkttop, signals[i]);
}

/* Version, build and address are printed on the restored terminal. */
static void
test_a_fault_is_said(void **state)
{
	struct pty *p = started(&pkttop);

	(void)state;
	pty_signal(p, SIGSEGV);
	assert_int_equal(pty_wait_end(p, SOON).change, PTY_KILLED);
	assert_true(pty_wait_text(p, "pkttop " PACKAGE_VERSION ": SIGSEGV", SOON));
	pty_del(p);
}

static void
test_stop(void **state)
{
	(void)state;
	case_stop(&pkttop);
}

static void
test_background(void **state)
{
	(void)state;
	case_background(&pkttop);
}

static void
test_resizes(void **state)
{
	(void)state;
	case_resizes(&pkttop);
}

static void
test_sleeping_reader(void **state)
{
	(void)state;
	case_sleeping_reader(&pkttop);
}

static void
test_leaves_unread(void **state)
{
	(void)state;
	case_leaves_unread(&pkttop);
}

static void
test_hang_up(void **state)
{
	(void)state;
	case_hang_up(&pkttop, false);
	case_hang_up(&pkttop, true);
}

static void
test_bad_types(void **state)
{
	(void)state;
	case_bad_type(&pkttop, "TERM", "TERM is not set");
	case_bad_type(&pkttop, "TERM=dumb", "TERM=dumb: ");
	case_bad_type(&pkttop, "TERM=no-such-thing", "TERM=no-such-thing: unknown terminal type");
}

static void
test_no_terminal(void **state)
{
	(void)state;
	case_no_terminal(&pkttop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_screen),
		cmocka_unit_test(test_help_and_back),
		cmocka_unit_test(test_filter_prompt),
		cmocka_unit_test(test_row_down_and_up),
		cmocka_unit_test(test_settings_saved),
		cmocka_unit_test(test_settings_not_saved),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_no_mouse),
		cmocka_unit_test(test_themes),
		cmocka_unit_test(test_plain_terminals),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_record_of_a_row),
		cmocka_unit_test(test_stop_capturing),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_flow_log_of_many_flows),
		cmocka_unit_test(test_time_travel),
		cmocka_unit_test(test_keys_are_answered_soon),
		cmocka_unit_test(test_keys_are_answered_among_packets),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_signals_leave),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_other_signals),
		cmocka_unit_test(test_a_fault_is_said),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_background),
		cmocka_unit_test(test_resizes),
		cmocka_unit_test(test_sleeping_reader),
		cmocka_unit_test(test_leaves_unread),
		cmocka_unit_test(test_hang_up),
		cmocka_unit_test(test_bad_types),
		cmocka_unit_test(test_no_terminal),
	};

	demo_argv[0] = busy_argv[0] = getenv("PKTTOP");
	if (demo_argv[0] == NULL) {
		fputs("skipped: PKTTOP does not name the program\n", stderr);
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
