#include "config.h"

#include "opts.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/source.h"
#include "export/pcapout.h"
#include "platform/privilege.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"
#include "view/canvas.h"
#include "view/filter.h"
#include "view/key.h"
#include "view/view.h"

#define DEFAULT_MEMORY_MIB 64
#define WHOLE_PACKETS      262144
#define LONGEST_COMMENT    1000

static bool
refuse(struct buf *err, const char *arg, const char *want)
{
	buf_setf(err, "\"%s\": %s", arg, want);
	return false;
}

static bool
number(const char *arg, long long min, long long max, long long *n, struct buf *err)
{
	const char *why;

	*n = strtonum(arg, min, max, &why);
	if (why == NULL)
		return true;
	buf_setf(err, "\"%s\": a whole number from %lld to %lld is wanted", arg, min, max);
	return false;
}

static bool
real(const char *arg, double min, double max, double *x, struct buf *err)
{
	char *end;

	errno = 0;
	*x = strtod(arg, &end);
	if (end != arg && *end == '\0' && errno == 0 && *x >= min && *x <= max)
		return true;
	buf_setf(err, "\"%s\": a number from %g to %g is wanted", arg, min, max);
	return false;
}

/* The place of arg in names, which ends in NULL; -1 with the choice in err. */
static int
one_of(const char *arg, const char *const *names, struct buf *err)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(arg, names[i]) == 0)
			return i;
	buf_setf(err, "\"%s\": wanted is one of", arg);
	for (int i = 0; names[i] != NULL; i++)
		buf_addf(err, "%s %s", i == 0 ? "" : ",", names[i]);
	return -1;
}

static bool
set_interface(struct opts *o, const char *arg, struct buf *err)
{
	if (o->n_interfaces + o->n_files == OPTS_SOURCES)
		return refuse(err, arg, "too many sources, 16 are the most");
	if (*arg == '\0')
		return refuse(err, arg, "an interface is wanted; -D lists them");
	o->interface[o->n_interfaces++] = arg;
	return true;
}

static bool
set_file(struct opts *o, const char *arg, struct buf *err)
{
	if (o->n_interfaces + o->n_files == OPTS_SOURCES)
		return refuse(err, arg, "too many sources, 16 are the most");
	if (*arg == '\0')
		return refuse(err, arg, "a capture file is wanted, or - for standard input");
	o->file[o->n_files++] = arg;
	return true;
}

static bool
set_demo(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->demo = true;
}

static bool
set_list(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->list_interfaces = true;
}

static bool
add_filter(struct opts *o, const char *arg, struct buf *err)
{
	if (o->filter[0] != '\0')
		strlcat(o->filter, " ", sizeof(o->filter));
	if (strlcat(o->filter, arg, sizeof(o->filter)) >= sizeof(o->filter)) {
		buf_setf(err, "the capture filter is longer than %zu bytes", sizeof(o->filter) - 1);
		return false;
	}
	return true;
}

static bool
read_filter(struct opts *o, const char *arg, struct buf *err)
{
	char text[sizeof(o->filter) + 1];
	FILE *f = fopen(arg, "re");
	size_t n;

	if (f == NULL) {
		buf_setf(err, "%s: %s", arg, strerror(errno));
		return false;
	}
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\n' || text[i] == '\r')
			text[i] = ' ';
	return add_filter(o, text, err);
}

static bool
set_no_promiscuous(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->no_promiscuous = true;
}

static bool
set_snaplen(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, 64, 262144, &n, err))
		return false;
	o->snaplen = (int)n;
	return true;
}

static bool
set_buffer(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, 1, 1024, &n, err))
		return false;
	o->buffer_mib = (int)n;
	return true;
}

static bool
set_replay(struct opts *o, const char *arg, struct buf *err)
{
	if (arg != NULL)
		return real(arg, 0.001, 1e6, &o->replay, err);
	o->replay = 1;
	return true;
}

static bool
set_delay(struct opts *o, const char *arg, struct buf *err)
{
	return real(arg, 0.1, 3600, &o->delay, err);
}

static bool
set_show(struct opts *o, const char *arg, struct buf *err)
{
	if (strlen(arg) > FILTER_MAX)
		return refuse(err, "...", "the display filter is longer than 1024 bytes");
	o->show = arg;
	return true;
}

static bool
set_view(struct opts *o, const char *arg, struct buf *err)
{
	if (view_find(arg) == NULL) {
		buf_setf(err, "\"%s\": wanted is one of", arg);
		for (unsigned i = 0; i < n_views; i++)
			buf_addf(err, "%s %s", i == 0 ? "" : ",", views[i]->name);
		return false;
	}
	o->view = arg;
	return true;
}

static bool
set_sort(struct opts *o, const char *arg, struct buf *err)
{
	const char *name = *arg == '-' ? arg + 1 : arg;

	for (unsigned i = 0; i < n_views; i++) {
		if (o->view != NULL && strcmp(views[i]->name, o->view) != 0)
			continue;
		if (view_column(views[i], name) != NULL) {
			o->sort = arg;
			return true;
		}
	}
	buf_setf(err, "\"%s\": no such column in %s; the manual lists them", name,
	    o->view != NULL ? o->view : "any view");
	return false;
}

static bool
set_numeric(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->units.numeric = true;
}

static bool
set_units(struct opts *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "bits", "bytes", NULL };
	int i = one_of(arg, names, err);

	o->units.bytes = i == 1;
	return i >= 0;
}

static bool
set_ascii(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->ascii = true;
}

static bool
set_color(struct opts *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "auto", "always", "never", NULL };
	int i = one_of(arg, names, err);

	if (i >= 0)
		o->color = (enum term_color)i;
	return i >= 0;
}

static bool
set_theme(struct opts *o, const char *arg, struct buf *err)
{
	int i = one_of(arg, theme_names, err);

	if (i >= 0)
		o->theme = (enum theme)i;
	return i >= 0;
}

static bool
add_local(struct opts *o, const char *arg, struct buf *err)
{
	if (o->n_local == sizeof(o->local) / sizeof(o->local[0]))
		return refuse(err, arg, "too many local networks, 64 are the most");
	if (!net_parse(arg, &o->local[o->n_local]))
		return refuse(err, arg, "a network such as 192.0.2.0/24 is wanted");
	o->n_local++;
	return true;
}

static bool
set_decap(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->decap = true;
}

static bool
set_batch(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->batch = true;
}

static bool
set_format(struct opts *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "text", "json", "csv", NULL };
	int i = one_of(arg, names, err);

	if (i >= 0)
		o->format = (enum report_format)i;
	o->batch = true;
	return i >= 0;
}

static bool
set_top(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, 0, 1000000, &n, err))
		return false;
	o->top = (int)n;
	return true;
}

static bool
set_count(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, 1, INT64_MAX, &n, err))
		return false;
	o->count = (uint64_t)n;
	return true;
}

static bool
set_duration(struct opts *o, const char *arg, struct buf *err)
{
	return real(arg, 0.001, 1e9, &o->duration, err);
}

static bool
set_reports(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, 1, INT64_MAX, &n, err))
		return false;
	o->reports = (uint64_t)n;
	return true;
}

static bool
set_snapshot_dir(struct opts *o, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return refuse(err, arg, "a folder is wanted");
	o->snapshot_dir = arg;
	return true;
}

static bool
set_packet_log(struct opts *o, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return refuse(err, arg, "a file is wanted, or - for standard output");
	o->packet_log = arg;
	return true;
}

static bool
set_flow_log(struct opts *o, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return refuse(err, arg, "a file is wanted, or - for standard output");
	o->flow_log = arg;
	return true;
}

static bool
set_flow_format(struct opts *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "csv", "json", NULL };
	int i = one_of(arg, names, err);

	o->flow_json = i == 1;
	o->flow_format_set = true;
	return i >= 0;
}

static bool
set_write(struct opts *o, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return refuse(err, arg, "a file is wanted, or - for standard output");
	o->write = arg;
	return true;
}

static bool
set_comment(struct opts *o, const char *arg, struct buf *err)
{
	if (*arg == '\0' || strlen(arg) > LONGEST_COMMENT || !text_is_clean(arg))
		return refuse(err, arg, "a comment is wanted, printable and of at most 1000 bytes");
	o->comment = arg;
	return true;
}

static bool
set_write_shown(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->write_shown = true;
}

/* A size as 100M, or a time as 1h: one of each may be given. */
static bool
add_rotation(struct opts *o, const char *arg, struct buf *err)
{
	/* clang-format off */
	static const struct {
		char unit;
		bool time;
		uint64_t times; /* bytes, or s */
	} units[] = {
		{ 'k', false, 1000 }, { 'M', false, 1000000 }, { 'G', false, 1000000000 },
		{ 's', true, 1 }, { 'm', true, 60 }, { 'h', true, 3600 }, { 'd', true, 86400 },
	};
	/* clang-format on */
	char digits[16];
	size_t n = strlen(arg);
	const char *why = NULL;
	uint64_t x;

	for (unsigned i = 0; n > 1 && n <= sizeof(digits) && i < NITEMS(units); i++) {
		if (arg[n - 1] != units[i].unit)
			continue;
		strlcpy(digits, arg, n);
		x = (uint64_t)strtonum(digits, 1, 1000000, &why) * units[i].times;
		if (why != NULL)
			break;
		if (units[i].time)
			o->rotation.ns = x * UINT64_C(1000000000);
		else
			o->rotation.bytes = x;
		return true;
	}
	return refuse(err, arg, "a size such as 100M (k, M, G) or a time such as 1h (s, m, h, d)");
}

static bool
set_keep(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, 1, OUTFILE_KEEP, &n, err))
		return false;
	o->rotation.keep = (unsigned)n;
	return true;
}

static bool
set_memory(struct opts *o, const char *arg, struct buf *err)
{
	long long n;

	if (!number(arg, (long long)(LEDGER_MEMORY_MIN >> 20), 65536, &n, err))
		return false;
	o->memory = (size_t)n << 20;
	return true;
}

static bool
set_keys(struct opts *o, const char *arg, struct buf *err)
{
	const char *s = arg;
	uint32_t code;

	while (key_parse(&s, &code))
		;
	if (*s != '\0')
		return refuse(err, s, "no such key name");
	o->keys = arg;
	return true;
}

static bool
set_dump(struct opts *o, const char *arg, struct buf *err)
{
	const char *why;
	char cols[16], *x;

	strlcpy(cols, arg, sizeof(cols));
	x = strchr(cols, 'x');
	if (x != NULL) {
		*x = '\0';
		o->dump_cols = (int)strtonum(cols, 1, CANVAS_MAX_COLS, &why);
		o->dump_rows = (int)strtonum(x + 1, 1, CANVAS_MAX_ROWS, &why);
	}
	if (o->dump_cols > 0 && o->dump_rows > 0)
		return true;
	return refuse(err, arg, "COLUMNSxROWS is wanted, as 80x24");
}

static bool
set_user(struct opts *o, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return refuse(err, arg, "a user is wanted");
	o->user = arg;
	return true;
}

static bool
set_no_mouse(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->no_mouse = true;
}

static bool
set_no_config(struct opts *o, const char *arg, struct buf *err)
{
	(void)arg;
	(void)err;
	return o->no_config = true;
}

static bool show_help(struct opts *o, const char *arg, struct buf *err);
static bool show_version(struct opts *o, const char *arg, struct buf *err);

/* clang-format off */
const struct opt_row opt_rows[] = {
	{ "interface", "NAME", "capture on this interface; repeatable; \"any\" is all of them", 'i', set_interface },
	{ "read", "FILE", "read a pcap or pcapng file, \"-\" is standard input; repeatable", 'r', set_file },
	{ "demo", NULL, "made-up traffic: no privilege, no network", 0, set_demo },
	{ "list-interfaces", NULL, "list the interfaces, and leave", 'D', set_list },
	{ "filter", "EXPR", "capture filter, see pcap-filter(7); as the trailing words", 'f', add_filter },
	{ "filter-file", "FILE", "read the capture filter from a file", 'F', read_filter },
	{ "no-promiscuous", NULL, "only what this machine would receive anyway", 'p', set_no_promiscuous },
	{ "snaplen", "BYTES", "take at most so much of each packet (256)", 's', set_snaplen },
	{ "buffer", "MIB", "the kernel's ring for each interface (16)", 'B', set_buffer },
	{ "replay", "[SPEED]", "play files at their own pace, times SPEED", 0, set_replay },
	{ "delay", "SECONDS", "between redraws or reports, 0.1 to 3600 (1)", 'd', set_delay },
	{ "show", "EXPR", "display filter, as the key /", 0, set_show },
	{ "view", "NAME", "begin with this view", 'V', set_view },
	{ "table", "NAME", "the same, for a report", 0, set_view },
	{ "sort", "[-]COLUMN", "sort by this column; - turns the order round", 'o', set_sort },
	{ "numeric", NULL, "port numbers instead of service names", 'n', set_numeric },
	{ "units", "bits|bytes", "how rates are shown (bits)", 0, set_units },
	{ "ascii", NULL, "draw with ASCII characters only", 0, set_ascii },
	{ "color", "auto|always|never", "colours (auto)", 0, set_color },
	{ "theme", "dark|light|safe|mono", "which colours (dark)", 0, set_theme },
	{ "local", "NET", "addresses that are ours, for in and out; repeatable", 0, add_local },
	{ "decap", NULL, "flows between the innermost addresses of tunnels", 0, set_decap },
	{ "batch", NULL, "no screen: a report per delay, or one at the end of a file", 'b', set_batch },
	{ "format", "text|json|csv", "of the reports (text)", 0, set_format },
	{ "top", "N", "rows of each table, 0 = all (text: 10, else 0)", 0, set_top },
	{ "count", "PACKETS", "leave after so many packets", 'c', set_count },
	{ "duration", "SECONDS", "leave after so many seconds", 0, set_duration },
	{ "reports", "N", "leave after so many reports", 0, set_reports },
	{ "snapshot-dir", "DIR", "where the key s writes its folder", 0, set_snapshot_dir },
	{ "packet-log", "FILE", "a line for each packet, as CSV; - is standard output", 0, set_packet_log },
	{ "flow-log", "FILE", "a line for each flow that has ended; - is standard output", 0, set_flow_log },
	{ "flow-log-format", "csv|json", "of the flow log (csv; json where FILE ends so)", 0, set_flow_format },
	{ "write", "FILE", "the packets as pcap, as pcapng where FILE ends so", 'w', set_write },
	{ "write-shown", NULL, "of them only what the display filter takes", 0, set_write_shown },
	{ "comment", "TEXT", "stands in pcapng files that are written", 0, set_comment },
	{ "rotate", "100M|1h", "begin a new log after so much, or so long", 0, add_rotation },
	{ "keep", "N", "of the logs that are full keep only so many", 0, set_keep },
	{ "memory", "MIB", "for all tables together (64)", 0, set_memory },
	{ "keys", "STRING", "type these keys first, as \"2/dns<Enter>\"", 0, set_keys },
	{ "dump", "COLSxROWS", "print the screen as text, and leave", 0, set_dump },
	{ "user", "NAME", "the user to become after opening the capture", 'Z', set_user },
	{ "no-mouse", NULL, "leave the mouse to the terminal", 0, set_no_mouse },
	{ "no-config", NULL, "leave the saved settings aside", 0, set_no_config },
	{ "help", NULL, "this text", 'h', show_help },
	{ "version", NULL, "the version and what it was built with", 0, show_version },
};
/* clang-format on */
_Static_assert(sizeof(opt_rows) / sizeof(opt_rows[0]) <= OPTS_ROWS, "more rows than OPTS_ROWS");
const unsigned n_opt_rows = sizeof(opt_rows) / sizeof(opt_rows[0]);

static bool
show_help(struct opts *o, const char *arg, struct buf *err)
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
	exit(EXIT_DONE);
}

static bool
show_version(struct opts *o, const char *arg, struct buf *err)
{
	(void)o;
	(void)arg;
	(void)err;
	printf("pkttop %s\n%s\nprivileges: %s\n%s", PACKAGE_VERSION, capture_version(),
	    privilege_means(), CONFIGURE_SUMMARY);
	exit(EXIT_DONE);
}

/* An argument in brackets as a whole, "[SPEED]", may be left out. */
static int
arg_kind(const struct opt_row *r)
{
	if (r->arg == NULL)
		return no_argument;
	return r->arg[0] == '[' && r->arg[strlen(r->arg) - 1] == ']' ? optional_argument
								     : required_argument;
}

static void
make_tables(struct option *longs, struct buf *shorts)
{
	buf_addc(shorts, ':');
	for (unsigned i = 0; i < n_opt_rows; i++) {
		const struct opt_row *r = &opt_rows[i];

		longs[i] = (struct option){ r->name, arg_kind(r), NULL, 1000 + (int)i };
		if (r->letter == 0)
			continue;
		buf_addc(shorts, (char)r->letter);
		if (arg_kind(r) == required_argument)
			buf_addc(shorts, ':');
	}
}

static const struct opt_row *
row_of(int c)
{
	if (c >= 1000)
		return &opt_rows[c - 1000];
	for (unsigned i = 0; i < n_opt_rows; i++)
		if (opt_rows[i].letter == c)
			return &opt_rows[i];
	return NULL;
}

static void
apply(struct opts *o, int c)
{
	const struct opt_row *r = row_of(c);
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	o->given[r - opt_rows] = true;
	if (!r->fn(o, optarg, &err))
		die_usage("--%s: %s", r->name, err.s);
}

bool
opts_given(const struct opts *o, const char *name)
{
	for (unsigned i = 0; i < n_opt_rows; i++)
		if (strcmp(opt_rows[i].name, name) == 0)
			return o->given[i];
	return false;
}

static bool
is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static void
check_records(const struct opts *o)
{
	int n = is_stdout(o->packet_log) + is_stdout(o->flow_log) + is_stdout(o->write);
	bool any = o->packet_log != NULL || o->flow_log != NULL || o->write != NULL;

	if (n > 0 && !o->batch)
		die_usage("a log on standard output wants --batch");
	if (n > 1)
		die_usage(
		    "only one of --packet-log, --flow-log and --write can have standard output");
	if (any && o->dump_cols > 0)
		die_usage("--dump prints a screen and leaves: it goes without logs");
	if (o->comment != NULL && o->write != NULL && !pcapout_is_ng(o->write))
		die_usage("--comment: pcap has no room for one; take a name that ends in .pcapng");
	if (o->write_shown && o->write == NULL)
		die_usage("--write-shown is about --write: give a file");
	if (o->write_shown && o->show == NULL)
		die_usage("--write-shown wants a display filter: give one with --show");
	if (o->rotation.keep > 0 && o->rotation.bytes == 0 && o->rotation.ns == 0)
		die_usage("--keep is about --rotate: say after how much");
}

static void
check(const struct opts *o)
{
	if (o->demo && (o->n_interfaces > 0 || o->n_files > 0))
		die_usage("--demo goes without --interface and --read");
	if (o->replay > 0 && o->n_files == 0)
		die_usage("--replay plays files: give one with --read");
	check_records(o);
	if (o->dump_cols > 0 && o->batch)
		die_usage("--dump prints a screen: leave --batch away");
}

void
opts_parse(struct opts *o, int argc, char **argv)
{
	struct option longs[sizeof(opt_rows) / sizeof(opt_rows[0]) + 1] = { 0 };
	char shorts_text[128], text[256];
	struct buf shorts, err;
	int c;

	*o = (struct opts){ .delay = 1, .top = -1, .memory = (size_t)DEFAULT_MEMORY_MIB << 20 };
	buf_init(&shorts, shorts_text, sizeof(shorts_text));
	buf_init(&err, text, sizeof(text));
	make_tables(longs, &shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts.s, longs, NULL)) != -1) {
		if (c == ':')
			die_usage("%s: an argument is wanted; see pkttop --help", argv[optind - 1]);
		if (c == '?')
			die_usage("%s: no such option; see pkttop --help", argv[optind - 1]);
		apply(o, c);
	}
	for (; optind < argc; optind++)
		if (!add_filter(o, argv[optind], &err))
			die_usage("%s", err.s);
	check(o);
	/* Whoever keeps packets wants them whole. */
	if (o->write != NULL && o->snaplen == 0)
		o->snaplen = WHOLE_PACKETS;
}
