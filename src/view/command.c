#include "config.h"

#include "view/command.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "view/prompt.h"

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

/* Says what is wrong with an argument, and that nothing else is to be done. */
static unsigned
refuse(struct state *st, char **argv, int i, const char *expected)
{
	if (argv[i] == NULL)
		state_say(st, true, "%s: say %s", argv[0], expected);
	else
		state_say(st, true, "%s: \"%s\" is not %s", argv[0], argv[i], expected);
	return 0;
}

/* "on", "off", or the other one without an argument.  False when it is neither. */
static bool
read_switch(struct state *st, char **argv, bool *b)
{
	if (argv[1] == NULL) {
		*b = !*b;
	} else if (strcmp(argv[1], "on") == 0) {
		*b = true;
	} else if (strcmp(argv[1], "off") == 0) {
		*b = false;
	} else {
		refuse(st, argv, 1, "on or off");
		return false;
	}
	return true;
}

static unsigned
cmd_view(struct state *st, int argc, char **argv)
{
	unsigned i = n_views;

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		i = (st->view + 1) % n_views;
	else if (argc > 1 && strcmp(argv[1], "previous") == 0)
		i = (st->view + n_views - 1) % n_views;
	else if (argc > 1)
		for (i = 0; i < n_views && strcmp(views[i]->name, argv[1]) != 0; i++)
			;
	if (i >= n_views)
		return refuse(st, argv, 1, "the name of a view");
	state_view(st, i);
	return WISH_RANK;
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
	bool desc;
	unsigned at = state_sort(st, &desc);

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		at = (at + 1) % v->n_cols;
	else if (argc > 1 && strcmp(argv[1], "previous") == 0)
		at = (at + v->n_cols - 1) % v->n_cols;
	else if (argc > 1 && (c = view_column(v, argv[1])) != NULL)
		at = (unsigned)(c - v->cols);
	else
		return refuse(st, argv, 1, "a column of this view");
	desc = v->cols[at].desc;
	if (argc > 2 && strcmp(argv[2], "asc") == 0)
		desc = false;
	else if (argc > 2 && strcmp(argv[2], "desc") == 0)
		desc = true;
	else if (argc > 2)
		return refuse(st, argv, 2, "asc or desc");
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
	return refuse(st, argv, 1, "tcp, udp, icmp, other or family");
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
	if (!read_switch(st, argv, &st->frozen))
		return 0;
	return st->frozen ? 0 : WISH_RANK;
}

static unsigned
cmd_hold(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!read_switch(st, argv, &st->hold))
		return 0;
	order_clear(&st->order);
	if (st->hold && state_count(st) != 0)
		order_hold(&st->order, st->list);
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
		return refuse(st, argv, 1, "bits, bytes, rate, si, iec or scale");
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
		return refuse(st, argv, 1, "a number of seconds from 0.1 to 3600");
	state_say(st, false, "a picture every %g s", st->delay);
	return WISH_DELAY;
}

static unsigned
cmd_numeric(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!read_switch(st, argv, &st->units.numeric))
		return 0;
	state_say(st, false, "ports by %s", st->units.numeric ? "number" : "name");
	return 0;
}

static unsigned
cmd_average(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!read_switch(st, argv, &st->average))
		return 0;
	state_say(st, false, "rates over %s",
	    st->average ? "the whole time" : "the last interval");
	return WISH_RANK;
}

static unsigned
cmd_inner(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!read_switch(st, argv, &st->inner))
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
cmd_reset(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	state_say(st, false, "all counts start at zero");
	return WISH_RESET | WISH_RANK;
}

static unsigned
cmd_help(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	st->help = !st->help;
	st->help_top = 0;
	return 0;
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

enum end { END_NONE, END_TOP, END_BOTTOM };

/* clang-format off */
static const struct move {
	const char *name;
	int rows, pages;
	enum end end;
} moves[] = {
	{ "up", -1, 0, END_NONE },
	{ "down", 1, 0, END_NONE },
	{ "page-up", 0, -1, END_NONE },
	{ "page-down", 0, 1, END_NONE },
	{ "top", 0, 0, END_TOP },
	{ "bottom", 0, 0, END_BOTTOM },
};
/* clang-format on */

static unsigned
move_help(struct state *st, const struct move *m, int page)
{
	int64_t top = (int64_t)st->help_top + m->rows + (int64_t)m->pages * page;

	if (m->end != END_NONE)
		top = m->end == END_TOP ? 0 : HELP_END;
	st->help_top = top < 0 ? 0 : (unsigned)top;
	return 0;
}

/* On the first row the cursor stays on top, whatever is there, once one moves up once more. */
static unsigned
move_cursor(struct state *st, const struct move *m, int page)
{
	struct state_view *p = &st->per[st->view];
	int64_t at = (int64_t)p->at + m->rows + (int64_t)m->pages * page;

	p->at_top = m->end == END_TOP || at < 0;
	p->to_bottom = m->end == END_BOTTOM;
	if (m->end != END_NONE)
		at = m->end == END_TOP ? 0 : INT64_MAX;
	state_select(st, at);
	return p->to_bottom && !st->frozen ? WISH_RANK : 0;
}

static unsigned
cmd_select(struct state *st, int argc, char **argv)
{
	int page = (int)state_page(st);

	for (size_t i = 0; argc > 1 && i < NITEMS(moves); i++) {
		if (strcmp(moves[i].name, argv[1]) != 0)
			continue;
		if (st->help)
			return move_help(st, &moves[i], page > 0 ? page : 1);
		return move_cursor(st, &moves[i], page > 0 ? page : 1);
	}
	return refuse(st, argv, 1, "up, down, page-up, page-down, top or bottom");
}

static const struct value *
cell_named(const struct state *st, const struct list_row *row, const char *name)
{
	const struct view *v = views[st->view];
	const struct column *c = view_column(v, name);

	return c != NULL ? &row->cell[c - v->cols] : NULL;
}

/* The filter that shows the flows of a row.  False where a row has no flows of its own. */
static bool
filter_of(const struct state *st, const struct list_row *row, struct buf *b)
{
	static const struct units exact = { .numeric = true };
	const struct value *address = cell_named(st, row, "address");
	const struct value *port = cell_named(st, row, "port");
	const struct value *protocol = cell_named(st, row, "protocol");

	if (strcmp(views[st->view]->name, "flows") == 0 || row->other)
		return false;
	if (address != NULL && address->type == V_ADDR && address->kind != ADDR_NONE) {
		buf_adds(b, "host ");
		value_text(b, address, &exact);
		return true;
	}
	if (protocol == NULL || protocol->type != V_TEXT)
		return false;
	buf_addf(b, "protocol = %s", protocol->text);
	if (port != NULL && port->type == V_PORT)
		buf_addf(b, " and port %u", (unsigned)port->n);
	return true;
}

static unsigned
cmd_open(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct list_row *row = state_row(st, st->per[st->view].at);
	unsigned from = st->view, flows = 0;
	char text[128];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (row == NULL || !filter_of(st, row, &b)) {
		state_say(st, false, "there is nothing more to see of this row");
		return 0;
	}
	while (flows < n_views && strcmp(views[flows]->name, "flows") != 0)
		flows++;
	if (flows == n_views)
		return 0;
	strlcpy(st->opened_show, st->show, sizeof(st->opened_show));
	state_view(st, flows);
	state_set_show(st, b.s);
	st->opened = true;
	st->opened_from = from;
	st->per[flows].at_top = true;
	return WISH_RANK;
}

static unsigned
cmd_back(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	if (st->help) {
		st->help = false;
	} else if (st->opened) {
		state_view(st, st->opened_from);
		state_set_show(st, st->opened_show);
		return WISH_RANK;
	} else if (st->show[0] != '\0') {
		state_set_show(st, "");
		return WISH_RANK;
	}
	return 0;
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
	return refuse(st, argv, 1, "show, capture, command or delay");
}

/* clang-format off */
const struct command commands[] = {
	{ "view", "NAME|next|previous", "Shows another view.", false, cmd_view },
	{ "sort", "COLUMN|next|previous [asc|desc]", "Sorts by a column.", false, cmd_sort },
	{ "reverse", "", "Sorts the other way round.", false, cmd_reverse },
	{ "toggle", "tcp|udp|icmp|other|family", "Hides traffic of a kind, or shows it again.", false, cmd_toggle },
	{ "show", "[FILTER]", "Shows only the rows that a display filter takes.", true, cmd_show },
	{ "capture", "[FILTER]", "Captures only what a libpcap filter takes.", true, cmd_capture },
	{ "freeze", "[on|off]", "Lets the picture stand still while counting goes on.", false, cmd_freeze },
	{ "hold", "[on|off]", "Keeps the rows in their places while their numbers go on.", false, cmd_hold },
	{ "units", "bits|bytes|rate|si|iec|scale", "Says in which units rates are shown; rate and scale change over.", false, cmd_units },
	{ "delay", "SECONDS|longer|shorter", "Sets the time between two pictures.", false, cmd_delay },
	{ "numeric", "[on|off]", "Shows ports as numbers.", false, cmd_numeric },
	{ "average", "[on|off]", "Shows rates over the whole time instead of the last interval.", false, cmd_average },
	{ "inner", "[on|off]", "Takes the innermost addresses of tunnels from now on.", false, cmd_inner },
	{ "snapshot", "", "Writes all tables into a new folder of CSV files.", false, cmd_snapshot },
	{ "reset", "", "Starts all counts at zero.", false, cmd_reset },
	{ "select", "up|down|page-up|page-down|top|bottom", "Moves the cursor, or the help.", false, cmd_select },
	{ "open", "", "Shows the flows of the host or port under the cursor.", false, cmd_open },
	{ "back", "", "Leaves the help, else what open showed, else the display filter.", false, cmd_back },
	{ "prompt", "show|capture|command|delay", "Opens a line to type in.", false, cmd_prompt },
	{ "help", "", "Shows the keys, or leaves them.", false, cmd_help },
	{ "redraw", "", "Sends the whole screen again.", false, cmd_redraw },
	{ "suspend", "", "Stops the program until the shell lets it go on.", false, cmd_suspend },
	{ "quit", "", "Leaves.", false, cmd_quit },
};
/* clang-format on */

const unsigned n_commands = NITEMS(commands);

static const struct command *
find(const char *name)
{
	for (unsigned i = 0; i < n_commands; i++)
		if (strcmp(commands[i].name, name) == 0)
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

unsigned
command_run(struct state *st, const char *line)
{
	char text[FILTER_MAX + 64], *s = text, *argv[COMMAND_ARGS + 1] = { NULL };
	const struct command *c;
	int argc = 0;

	if (strlcpy(text, line, sizeof(text)) >= sizeof(text)) {
		state_say(st, true, "this command is too long");
		return 0;
	}
	if ((argv[argc] = next_word(&s)) == NULL)
		return 0;
	argc++;
	if ((c = find(argv[0])) == NULL) {
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
