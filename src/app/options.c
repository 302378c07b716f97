#include "config.h"

#include "app/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/operands.h"
#include "app/option_check.h"
#include "app/option_parse.h"
#include "capture/source.h"
#include "platform/privilege.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define DEFAULT_MEMORY_MIB 64
#define WHOLE_PACKETS      262144
#define LONG_FIRST         1000 /* val of the first row for getopt_long(3) */

#define LOG_WANTED "a file is wanted, or - for standard output"

static opt_fn options_print_help, options_print_version;

/* clang-format off */
const struct opt_row opt_rows[] = {
	{ "interface", "NAME", "capture on this interface; repeatable; \"any\" is all of them", 'i', .fn = option_set_interface },
	{ "read", "FILE", "read a capture, or all in a directory; \"-\" is standard input; repeatable", 'r', .fn = option_set_file },
	{ "demo", NULL, "made-up traffic: no privilege, no network", 0, FLAG(demo) },
	{ "list-interfaces", NULL, "list the interfaces, and leave", 'D', FLAG(list_interfaces) },
	{ "filter", "EXPR", "capture filter, see pcap-filter(7); as the trailing words", 'f', .fn = option_add_filter },
	{ "filter-file", "FILE", "read the capture filter from a file", 'F', TEXT(filter_file, "a file is wanted") },
	{ "no-promiscuous", NULL, "only what this machine would receive anyway", 'p', FLAG(no_promiscuous) },
	{ "snaplen", "BYTES", "take at most so much of each packet (256)", 's', WHOLE(snaplen, 64, 262144) },
	{ "buffer", "MIB", "the kernel's ring for each interface (16)", 'B', WHOLE(buffer_mib, 1, 1024) },
	{ "replay", "[SPEED]", "play files at their own pace, times SPEED", 0, .fn = option_set_replay },
	{ "delay", "SECONDS", "between redraws or reports, 0.1 to 3600 (1)", 'd', REAL(delay, 0.1, 3600) },
	{ "show", "EXPR", "display filter, as the key /", 0, .fn = option_set_show },
	{ "view", "NAME", "begin with this view", 'V', .fn = option_set_view },
	{ "table", "NAME", "the same, for a report", 0, .fn = option_set_view },
	{ "sort", "[-]COLUMN", "sort by this column; - turns the order round", 'o', TEXT(sort, "a column is wanted") },
	{ "numeric", NULL, "port numbers instead of service names", 'n', FLAG(units.numeric) },
	{ "units", "bits|bytes", "how rates are shown (bits)", 0, .fn = option_set_units },
	{ "ascii", NULL, "draw with ASCII characters only", 0, FLAG(ascii) },
	{ "color", "auto|always|never", "colours (auto)", 0, .fn = option_set_color },
	{ "theme", "dark|light|safe|mono", "which colours (dark)", 0, .fn = option_set_theme },
	{ "local", "NET", "addresses that are ours, for in and out, or auto: guessed; repeatable", 0, .fn = option_add_local },
	{ "decap", NULL, "flows between the innermost addresses of tunnels", 0, FLAG(decap) },
	{ "batch", NULL, "no screen: a report per delay, or one at the end of a file", 'b', FLAG(batch) },
	{ "format", "text|json|csv", "of the reports (text)", 0, .fn = option_set_format },
	{ "top", "N", "rows of each table, 0 = all (text: 10, else 0)", 0, WHOLE(top, 0, 1000000) },
	{ "count", "PACKETS", "leave after so many packets", 'c', COUNT(count) },
	{ "duration", "SECONDS", "leave after so many seconds", 0, REAL(duration, 0.001, 1e9) },
	{ "reports", "N", "leave after so many reports", 0, COUNT(reports) },
	{ "snapshot-dir", "DIR", "where the key s writes its folder", 0, TEXT(snapshot_dir, "a folder is wanted") },
	{ "packet-log", "FILE", "a line for each packet, as CSV; - is standard output", 0, TEXT(packet_log, LOG_WANTED) },
	{ "flow-log", "FILE", "a line for each flow that has ended; - is standard output", 0, TEXT(flow_log, LOG_WANTED) },
	{ "flow-log-format", "csv|json", "of the flow log (csv; json where FILE ends so)", 0, .fn = option_set_flow_format },
	{ "write", "FILE", "the packets as pcap, as pcapng where FILE ends so", 'w', TEXT(write, LOG_WANTED) },
	{ "write-shown", NULL, "of them only what the display filter takes", 0, FLAG(write_shown) },
	{ "comment", "TEXT", "stands in pcapng files that are written", 0, .fn = option_set_comment },
	{ "rotate", "100M|1h", "begin a new log after so much, or so long", 0, .fn = option_add_rotation },
	{ "keep", "N", "of the logs that are full keep only so many", 0, .fn = option_set_keep },
	{ "memory", "MIB", "for all tables together (64), or auto", 0, .fn = option_set_memory },
	{ "keys", "STRING", "type these keys first, as \"2/dns<Enter>\"", 0, .fn = option_set_keys },
	{ "dump", "COLSxROWS", "print the screen as text, and leave", 0, .fn = option_set_dump },
	{ "user", "NAME", "the user to become after opening the capture", 'Z', TEXT(user, "a user is wanted") },
	{ "processes", NULL, "show whose the flows are, and keep what it takes to see it", 0, FLAG(processes) },
	{ "sandbox-strict", NULL, "do not run without the sandbox", 0, FLAG(sandbox_strict) },
	{ "no-sandbox", NULL, "run without the sandbox, to look for errors", 0, FLAG(no_sandbox) },
	{ "no-mouse", NULL, "leave the mouse to the terminal", 0, FLAG(no_mouse) },
	{ "no-config", NULL, "leave the saved settings aside", 0, FLAG(no_config) },
	{ "help", NULL, "this text", 'h', .fn = options_print_help },
	{ "version", NULL, "the version and what it was built with", 0, .fn = options_print_version },
};
/* clang-format on */
_Static_assert(sizeof(opt_rows) / sizeof(opt_rows[0]) <= OPTIONS_ROWS, "more rows than OPTS_ROWS");
const unsigned n_opt_rows = sizeof(opt_rows) / sizeof(opt_rows[0]);

static bool
options_print_help(struct options *o, const char *arg, struct buf *err)
{
	(void)o;
	(void)arg;
	(void)err;
	puts("usage: pkttop [options] [capture filter expression]\n"
	     "Who is talking to whom on this network, over what, and how much.\n");
	for (unsigned i = 0; i < n_opt_rows; i++) {
		const struct opt_row *r = &opt_rows[i];
		char left[64];
		struct buf b;

		buf_init(&b, left, sizeof(left));
		buf_addf(&b, r->letter != 0 ? "-%c, " : "    ", r->letter);
		buf_addf(&b, "--%s", r->name);
		if (r->arg != NULL && strncmp(r->arg, "[S", 2) == 0)
			buf_addf(&b, "[=%s", r->arg + 1);
		else if (r->arg != NULL)
			buf_addf(&b, "=%s", r->arg);
		printf("  %-32s %s\n", left, r->help);
	}
	puts("\nIn the screen, ? lists the keys.  The manual: man pkttop");
	exit(close_stdout(EXIT_DONE));
}

static bool
options_print_version(struct options *o, const char *arg, struct buf *err)
{
	(void)o;
	(void)arg;
	(void)err;
	printf("pkttop %s\n%s\nprivileges: %s\n%s", PACKAGE_VERSION, capture_version(),
	    privilege_means(), CONFIGURE_SUMMARY);
	exit(close_stdout(EXIT_DONE));
}

/* An argument in brackets, "[SPEED]", is optional. */
static int
options_arg_kind(const struct opt_row *r)
{
	if (r->arg == NULL)
		return no_argument;
	return r->arg[0] == '[' && r->arg[strlen(r->arg) - 1] == ']' ? optional_argument
								     : required_argument;
}

static void
options_make_getopt_tables(struct option *longs, struct buf *shorts)
{
	buf_addc(shorts, ':');
	for (unsigned i = 0; i < n_opt_rows; i++) {
		const struct opt_row *r = &opt_rows[i];

		longs[i] =
		    (struct option){ r->name, options_arg_kind(r), NULL, LONG_FIRST + (int)i };
		if (r->letter == 0)
			continue;
		buf_addc(shorts, (char)r->letter);
		if (options_arg_kind(r) == required_argument)
			buf_addc(shorts, ':');
	}
}

static const struct opt_row *
options_find_row(int c)
{
	if (c >= LONG_FIRST)
		return &opt_rows[c - LONG_FIRST];
	for (unsigned i = 0; i < n_opt_rows; i++)
		if (opt_rows[i].letter == c)
			return &opt_rows[i];
	return NULL;
}

static void
options_apply(struct options *o, int c)
{
	const struct opt_row *r = options_find_row(c);
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	o->given[r - opt_rows] = true;
	if (!option_store(o, r, optarg, &err))
		die_usage("--%s: %s", r->name, err.s);
}

bool
options_has_screen(const struct options *o)
{
	return !o->batch && o->dump_cols == 0;
}

bool
options_given(const struct options *o, const char *name)
{
	for (unsigned i = 0; i < n_opt_rows; i++)
		if (strcmp(opt_rows[i].name, name) == 0)
			return o->given[i];
	return false;
}

/* Letters may be combined: only getopt() knows which one is wrong. */
static void ATTR_NORETURN
options_fail_word(char *word, const char *why)
{
	const struct opt_row *r = options_find_row(optopt);

	if (optopt >= LONG_FIRST)
		die_usage("--%s: %s; see pkttop --help", r->name, why);
	if (optopt != 0)
		die_usage("-%c: %s; see pkttop --help", optopt, why);
	word[strcspn(word, "=")] = '\0';
	die_usage("%s: no such option; see pkttop --help", word);
}

static const char *
options_explain_error(int c)
{
	if (c == ':')
		return "an argument is wanted";
	return optopt >= LONG_FIRST ? "it takes no argument" : "no such option";
}

void
options_fini(struct options *o)
{
	free(o->file);
}

void
options_parse(struct options *o, int argc, char **argv)
{
	struct option longs[sizeof(opt_rows) / sizeof(opt_rows[0]) + 1] = { 0 };
	char shorts_text[128], text[256];
	struct buf shorts, err;
	int c;

	*o = (struct options){ .delay = 1,
		.top = -1,
		.memory = (size_t)DEFAULT_MEMORY_MIB << 20,
		.memory_auto = true };
	buf_init(&shorts, shorts_text, sizeof(shorts_text));
	buf_init(&err, text, sizeof(text));
	options_make_getopt_tables(longs, &shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts.s, longs, NULL)) != -1) {
		if (c == ':' || c == '?')
			options_fail_word(argv[optind - 1], options_explain_error(c));
		options_apply(o, c);
	}
	if (!options_take_operands(o, argv + optind, (unsigned)(argc - optind), &err))
		die_usage("%s", err.s);
	if (!option_check(o, &err))
		die_usage("%s", err.s);
	/* A capture file needs whole packets. */
	if (o->write != NULL && o->snaplen == 0)
		o->snaplen = WHOLE_PACKETS;
}
