#include "config.h"

#include "view/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "view/anew.h"
#include "view/choose.h"
#include "view/follow.h"
#include "view/help.h"
#include "view/look.h"
#include "view/mouse.h"
#include "view/narrow.h"
#include "view/navigate.h"
#include "view/naming.h"
#include "view/own.h"
#include "view/pane.h"
#include "view/prefix.h"
#include "view/processes.h"
#include "view/prompt.h"
#include "view/record.h"
#include "view/settings.h"
#include "view/tree.h"

#define DELAY_LEAST 0.1
#define DELAY_MOST  3600.0

static const double delays[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600 };

bool
command_delay(const char *s, double *seconds)
{
	char *end;
	double x;

	errno = 0;
	x = strtod(s, &end);
	if (end == s || *end != '\0' || errno != 0 || !(x >= DELAY_LEAST && x <= DELAY_MOST))
		return false;
	*seconds = x;
	return true;
}

unsigned
command_refuse(struct state *st, char **argv, int i, const char *expected)
{
	st->refused = i;
	if (argv[i] == NULL)
		state_say(st, true, "%s: say %s", argv[0], expected);
	else
		state_say(st, true, "%s: \"%s\" is not %s", argv[0], argv[i], expected);
	return 0;
}

bool
command_switch(struct state *st, char **argv, bool *b)
{
	if (argv[1] == NULL) {
		*b = !*b;
	} else if (strcmp(argv[1], "on") == 0) {
		*b = true;
	} else if (strcmp(argv[1], "off") == 0) {
		*b = false;
	} else {
		command_refuse(st, argv, 1, "on or off");
		return false;
	}
	return true;
}

static unsigned
set_sort(struct state *st, unsigned column, bool desc)
{
	struct state_view *p = &st->per[st->view];

	p->sort = column;
	p->desc = desc;
	p->chosen = true;
	order_clear(&st->order);
	return WISH_RANK;
}

static unsigned
cmd_sort(struct state *st, int argc, char **argv)
{
	const struct view *v = views[st->view];
	const struct column *c;
	bool desc, turned;
	unsigned at = state_sort(st, &desc), before = at;

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		at = arrange_beside(&st->arrange[st->view], v, at, 1);
	else if (argc > 1 && strcmp(argv[1], "previous") == 0)
		at = arrange_beside(&st->arrange[st->view], v, at, -1);
	else if (argc > 1 && (c = view_column(v, argv[1])) != NULL)
		at = (unsigned)(c - v->cols);
	else
		return command_refuse(st, argv, 1, "a column of this view");
	turned = at == before && !desc;
	desc = v->cols[at].desc;
	if (argc > 2 && strcmp(argv[2], "asc") == 0)
		desc = false;
	else if (argc > 2 && strcmp(argv[2], "desc") == 0)
		desc = true;
	else if (argc > 2 && strcmp(argv[2], "turn") == 0)
		desc = at == before ? turned : desc;
	else if (argc > 2)
		return command_refuse(st, argv, 2, "asc, desc or turn");
	state_say(st, false, "sorted by %s: %s", v->cols[at].name, v->cols[at].help);
	return set_sort(st, at, desc);
}

static unsigned
cmd_reverse(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	bool desc;
	unsigned at = state_sort(st, &desc);

	return set_sort(st, at, !desc);
}

/* IPv4 alone, IPv6 alone, both. */
static unsigned
toggle_family(struct state *st)
{
	if (st->ip4 && st->ip6) {
		st->ip6 = false;
	} else if (st->ip4) {
		st->ip4 = false;
		st->ip6 = true;
	} else {
		st->ip4 = true;
	}
	return WISH_RANK;
}

static unsigned
cmd_toggle(struct state *st, int argc, char **argv)
{
	static const char *const names[CLASSES] = {
		[CLASS_TCP] = "tcp",
		[CLASS_UDP] = "udp",
		[CLASS_ICMP] = "icmp",
		[CLASS_OTHER] = "other",
	};

	if (argc > 1 && strcmp(argv[1], "family") == 0)
		return toggle_family(st);
	for (unsigned i = 0; argc > 1 && i < CLASSES; i++) {
		if (strcmp(names[i], argv[1]) == 0) {
			st->classes ^= 1u << i;
			return WISH_RANK;
		}
	}
	return command_refuse(st, argv, 1, "tcp, udp, icmp, other or family");
}

static unsigned
cmd_show(struct state *st, int argc, char **argv)
{
	if (!state_show(st, argc > 1 ? argv[1] : "")) {
		state_say(st, true, "%s", st->error.s);
		buf_clear(&st->error);
		return 0;
	}
	st->help = false;
	return WISH_RANK;
}

static unsigned
cmd_capture(struct state *st, int argc, char **argv)
{
	strlcpy(st->capture_filter, argc > 1 ? argv[1] : "", sizeof(st->capture_filter));
	return WISH_CAPTURE;
}

static unsigned
cmd_freeze(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (travel_is_past(st))
		return travel_live(st);
	if (!command_switch(st, argv, &st->frozen))
		return 0;
	return st->frozen ? 0 : WISH_RANK;
}

static unsigned
cmd_hold(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->hold))
		return 0;
	return st->hold || st->frozen ? 0 : WISH_RANK;
}

static unsigned
cmd_units(struct state *st, int argc, char **argv)
{
	struct units *u = &st->units;
	const char *what = argc > 1 ? argv[1] : "rate";

	if (strcmp(what, "rate") == 0)
		u->bytes = !u->bytes;
	else if (strcmp(what, "scale") == 0)
		u->scale = u->scale == FMT_SI ? FMT_IEC : FMT_SI;
	else if (strcmp(what, "bits") == 0 || strcmp(what, "bytes") == 0)
		u->bytes = what[1] == 'y';
	else if (strcmp(what, "si") == 0 || strcmp(what, "iec") == 0)
		u->scale = what[0] == 's' ? FMT_SI : FMT_IEC;
	else
		return command_refuse(st, argv, 1, "bits, bytes, rate, si, iec or scale");
	state_say(st, false, "rates in %s, by %s", u->bytes ? "bytes a second" : "bits a second",
	    u->scale == FMT_SI ? "thousands (k M G)" : "1024 (Ki Mi Gi)");
	return 0;
}

/* The next of the usual delays in that direction, or the last one. */
static double
delay_beside(double delay, bool longer)
{
	size_t n = NITEMS(delays);

	for (size_t i = 0; i < n; i++) {
		if (longer && delays[i] > delay)
			return delays[i];
		if (!longer && delays[n - 1 - i] < delay)
			return delays[n - 1 - i];
	}
	return delay;
}

static unsigned
cmd_delay(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "longer") == 0)
		st->delay = delay_beside(st->delay, true);
	else if (argc > 1 && strcmp(argv[1], "shorter") == 0)
		st->delay = delay_beside(st->delay, false);
	else if (argc < 2 || !command_delay(argv[1], &st->delay))
		return command_refuse(st, argv, 1, "a number of seconds from 0.1 to 3600");
	state_say(st, false, "a picture every %g s", st->delay);
	return WISH_DELAY;
}

static unsigned
cmd_numeric(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->units.numeric))
		return 0;
	state_say(st, false, "ports by %s", st->units.numeric ? "number" : "name");
	return 0;
}

static unsigned
cmd_average(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->average))
		return 0;
	order_clear(&st->order);
	state_say(st, false, "rates over %s", st->average ? "the whole time" : "the last interval");
	return WISH_RANK;
}

static unsigned
cmd_inner(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->inner))
		return 0;
	state_say(st, false, "from now on flows are between the %s addresses of tunnels",
	    st->inner ? "innermost" : "outermost");
	return WISH_INNER;
}

static unsigned
cmd_snapshot(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_SNAPSHOT;
}

static unsigned
cmd_quit(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_QUIT;
}

static unsigned
cmd_redraw(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_CLEAR;
}

static unsigned
cmd_suspend(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_SUSPEND;
}

static unsigned
cmd_prompt(struct state *st, int argc, char **argv)
{
	static const char *const names[PROMPTS] = {
		[PROMPT_SHOW] = "show",
		[PROMPT_CAPTURE] = "capture",
		[PROMPT_COMMAND] = "command",
		[PROMPT_DELAY] = "delay",
	};

	for (unsigned i = PROMPT_SHOW; argc > 1 && i < PROMPTS; i++) {
		if (strcmp(names[i], argv[1]) == 0) {
			prompt_open(st, i);
			return 0;
		}
	}
	return command_refuse(st, argv, 1, "show, capture, command or delay");
}

/* clang-format off */
const struct command commands[] = {
	{ "view", "NAME|next|previous",
	  "Shows another view.", false, navigate_view },
	{ "sort", "COLUMN|next|previous [asc|desc|turn]",
	  "Sorts by a column; turn: the other way round if it is that one already.", false,
	  cmd_sort },
	{ "columns", "[default|+NAME|-NAME|NAME,NAME...|order NAME,NAME...]",
	  "Shows a column, hides it, or shows these alone; order puts them first.", false,
	  choose_columns },
	{ "column", "NAME left|right|wider|narrower|toggle [N]",
	  "Moves a column, or gives it more or fewer cells.", false, choose_column },
	{ "menu", "columns|sort|interfaces",
	  "Opens a list to choose from, or leaves it.", false, menu_open },
	{ "interface", "[NAME|+NAME|-NAME]",
	  "Captures on this interface alone, on this one too, or on it no more.", true,
	  taps_choose },
	{ "reverse", "",
	  "Sorts the other way round.", false, cmd_reverse },
	{ "toggle", "tcp|udp|icmp|other|family",
	  "Hides traffic of a kind, or shows it again.", false, cmd_toggle },
	{ "show", "[FILTER]",
	  "Shows only the rows that a display filter takes.", true, cmd_show },
	{ "only", "",
	  "Adds to the display filter the cell under the cursor that rows are sorted by, else its row.", false,
	  narrow_only },
	{ "exclude", "",
	  "Adds the same turned round.", false, narrow_exclude },
	{ "drop", "",
	  "Takes away the last term of the display filter.", false, narrow_drop },
	{ "capture", "[FILTER]",
	  "Captures only what a libpcap filter takes.", true, cmd_capture },
	{ "pane", "[on|off]",
	  "Shows what all traffic is made of beside the table, where there is room.", false, pane_command },
	{ "freeze", "[on|off]",
	  "Lets the picture stand still while counting goes on.", false, cmd_freeze },
	{ "time", "back|forward|back-minute|forward-minute|mark|live",
	  "Shows what was there a second or a minute before or after, at the mark, or now.", false, travel_go },
	{ "mark", "",
	  "Marks the moment shown.", false, travel_mark },
	{ "end", "",
	  "Goes from the past to the present, else to the last row.", false, travel_end },
	{ "hold", "[on|off]",
	  "Keeps the rows in their places while their numbers go on.", false, cmd_hold },
	{ "follow", "",
	  "Keeps the cursor with its row; in the log of packets with the newest.", false,
	  follow_toggle },
	{ "fold", "[all]",
	  "Folds away what is below the row, else goes up to its parent; all: everything, or nothing.",
	  false, tree_fold },
	{ "unfold", "",
	  "Shows again what is below the row, else goes down to it.", false, tree_unfold },
	{ "units", "bits|bytes|rate|si|iec|scale",
	  "Says in which units rates are shown; rate and scale change over.", false, cmd_units },
	{ "delay", "SECONDS|longer|shorter",
	  "Sets the time between two pictures.", false, cmd_delay },
	{ "numeric", "[on|off]",
	  "Shows ports as numbers.", false, cmd_numeric },
	{ "average", "[on|off]",
	  "Shows rates over the whole time instead of the last interval.", false, cmd_average },
	{ "span", "1m|10m|1h|1d|longer|shorter",
	  "Says over what time the graph of traffic is.", false, trend_span },
	{ "graph", "rate|packets|next",
	  "Says what the graph of traffic shows.", false, trend_unit },
	{ "prefix", "auto|next|4|6 [BITS]",
	  "Says how long the prefixes of networks are; next shows the next usual ones.", false,
	  prefix_choose },
	{ "names", "off|learned|dns|next",
	  "Says which names of hosts are shown: none, those that the traffic told, or of reverse DNS too.", false,
	  naming_command },
	{ "processes", "[on|off]",
	  "Says which processes of this machine have the flows on the screen.", false, processes_command },
	{ "own", "[on|off]",
	  "Shows one's own session of SSH in the tables, or keeps it out.", false, own_command },
	{ "inner", "[on|off]",
	  "Takes the innermost addresses of tunnels from now on.", false, cmd_inner },
	{ "snapshot", "",
	  "Writes all tables into a new folder of CSV files.", false, cmd_snapshot },
	{ "stop", "[on|off]",
	  "Captures nothing, until it is started again.", false, record_stop },
	{ "start", "",
	  "Captures again.", false, record_start },
	{ "log", "[FILE]",
	  "Starts a log with a line for each packet, or stops it.", true, record_packets },
	{ "flow-log", "[FILE]",
	  "Starts a log with a line for each flow, or stops it.", true, record_flows },
	{ "pcap", "[FILE]",
	  "Starts a file of the captured packets, or stops it.", true, record_capture },
	{ "copy", "",
	  "Puts a tcpdump line for the row's packets into the terminal's clipboard.", false, narrow_copy },
	{ "record", "",
	  "Starts a file of the row's packets alone, or stops the file being written.", false,
	  narrow_record },
	{ "zero", "[on|off]",
	  "Counts what is shown from now on; off shows all counts again.", false, anew_zero },
	{ "write", "",
	  "Saves the settings, to be used the next time.", false, settings_save },
	{ "mouse", "[on|off]",
	  "Heeds the mouse, or leaves it to the terminal.", false, mouse_switch },
	{ "theme", "dark|light|safe|mono|next",
	  "Says which colours there are; safe: for every eye.", false, look_choose },
	{ "bind", "KEY COMMAND",
	  "Makes a key stand for a command.", true, bind_key },
	{ "unbind", "KEY",
	  "Makes a key do nothing.", true, bind_none },
	{ "restart", "[now]",
	  "Forgets all and begins anew, files from their beginning; asks first.", false, anew_restart },
	{ "select", "up|down|page-up|page-down|top|bottom",
	  "Moves the cursor, or the help.", false, navigate_select },
	{ "pick", "ROW",
	  "Moves the cursor to a row of the list; on the one under it, opens it.", false, mouse_pick },
	{ "open", "",
	  "Shows the detail of the row under the cursor, then what it is made of.", false, detail_open },
	{ "back", "",
	  "Leaves the help, else goes back where open came from, else takes the display filter away.", false, detail_back },
	{ "prompt", "show|capture|command|delay",
	  "Opens a line to type in.", false, cmd_prompt },
	{ "help", "[manual]",
	  "Shows the keys, or the manual behind them, or leaves them.", false, help_show },
	{ "redraw", "",
	  "Sends the whole screen again.", false, cmd_redraw },
	{ "suspend", "",
	  "Stops the program until the shell lets it go on.", false, cmd_suspend },
	{ "quit", "",
	  "Leaves.", false, cmd_quit },
};
/* clang-format on */

const unsigned n_commands = NITEMS(commands);

const struct command *
command_find(const char *name, size_t n)
{
	for (unsigned i = 0; i < n_commands; i++)
		if (strlen(commands[i].name) == n && strncmp(commands[i].name, name, n) == 0)
			return &commands[i];
	return NULL;
}

/* Cuts the next word off s in place, without its quotes.  NULL at the end. */
static char *
next_word(char **s)
{
	char *word, *out, quote = '\0';

	*s += strspn(*s, " \t");
	if (**s == '\0')
		return NULL;
	word = out = *s;
	for (; **s != '\0' && (quote != '\0' || strchr(" \t", **s) == NULL); (*s)++) {
		if (**s == quote)
			quote = '\0';
		else if (quote == '\0' && (**s == '"' || **s == '\''))
			quote = **s;
		else
			*out++ = **s;
	}
	if (**s != '\0')
		(*s)++;
	*out = '\0';
	return word;
}

/* What follows the name, without the blanks around it.  NULL where there is nothing. */
static char *
rest_of(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t", s[n - 1]) != NULL)
		s[--n] = '\0';
	return n > 0 ? s : NULL;
}

bool
command_exists(const char *line)
{
	return command_find(line, strcspn(line, " \t")) != NULL;
}

unsigned
command_run(struct state *st, const char *line)
{
	char text[FILTER_MAX + 64], *s = text, *argv[COMMAND_ARGS + 1] = { NULL };
	const struct command *c;
	int argc = 0;

	st->refused = -1;
	if (strlcpy(text, line, sizeof(text)) >= sizeof(text)) {
		state_say(st, true, "this command is too long");
		return 0;
	}
	if ((argv[argc] = next_word(&s)) == NULL)
		return 0;
	argc++;
	if ((c = command_find(argv[0], strlen(argv[0]))) == NULL) {
		st->refused = 0;
		state_say(st, true, "there is no command \"%s\"; h shows what there is", argv[0]);
		return 0;
	}
	if (c->rest) {
		if ((argv[argc] = rest_of(s)) != NULL)
			argc++;
		return c->fn(st, argc, argv) | WISH_PAINT;
	}
	while (argc < COMMAND_ARGS && (argv[argc] = next_word(&s)) != NULL)
		argc++;
	return c->fn(st, argc, argv) | WISH_PAINT;
}
