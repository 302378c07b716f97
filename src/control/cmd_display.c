/* Commands: how things are shown. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/cmd.h"
#include "control/layout.h"
#include "util/attr.h"
#include "view/columns.h"

static const double delays[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600 };

unsigned
cmd_freeze(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (history_store_is_file(st->past.store))
		return history_pause(st);
	if (history_is_shown(st))
		return history_go_live(st);
	if (!command_parse_on_off(st, argv, &st->frozen))
		return 0;
	return st->frozen ? 0 : REQ_RANK;
}

unsigned
cmd_hold(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_parse_on_off(st, argv, &st->order_held))
		return 0;
	return st->order_held || st->frozen ? 0 : REQ_RANK;
}

unsigned
cmd_units(struct state *st, int argc, char **argv)
{
	struct units *u = &st->units;
	const char *what = argc > 1 ? argv[1] : "rate";

	if (strcmp(what, "rate") == 0)
		u->bytes_per_second = !u->bytes_per_second;
	else if (strcmp(what, "scale") == 0)
		u->scale = u->scale == FMT_SI ? FMT_IEC : FMT_SI;
	else if (strcmp(what, "bits") == 0 || strcmp(what, "bytes") == 0)
		u->bytes_per_second = what[1] == 'y';
	else if (strcmp(what, "si") == 0 || strcmp(what, "iec") == 0)
		u->scale = what[0] == 's' ? FMT_SI : FMT_IEC;
	else
		return command_error(st, argv, 1, "bits, bytes, rate, si, iec or scale");
	status_message(st, false, "rates in %s, multiples of %s",
	    u->bytes_per_second ? "bytes per second" : "bits per second",
	    u->scale == FMT_SI ? "1000 (k M G)" : "1024 (Ki Mi Gi)");
	return 0;
}

/* The next longer or shorter of the usual delays, or the last one. */
static double
cmd_display_next_delay(double delay, bool longer)
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

unsigned
cmd_delay(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "longer") == 0)
		st->delay = cmd_display_next_delay(st->delay, true);
	else if (argc > 1 && strcmp(argv[1], "shorter") == 0)
		st->delay = cmd_display_next_delay(st->delay, false);
	else if (argc < 2 || !command_parse_delay(argv[1], &st->delay))
		return command_error(st, argv, 1, "a number of seconds from 0.1 to 3600");
	status_message(st, false, "refresh interval %g s", st->delay);
	return REQ_DELAY;
}

unsigned
cmd_numeric(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_parse_on_off(st, argv, &st->units.numeric))
		return 0;
	status_message(st, false, "ports by %s", st->units.numeric ? "number" : "name");
	return 0;
}

unsigned
cmd_average(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_parse_on_off(st, argv, &st->whole_time))
		return 0;
	row_order_clear(&st->order);
	status_message(
	    st, false, "rates over %s", st->whole_time ? "the whole time" : "the last interval");
	return REQ_RANK;
}

unsigned
cmd_own(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_parse_on_off(st, argv, &st->own.shown))
		return 0;
	status_message(st, false, "your own SSH session is %s",
	    st->own.shown ? "shown" : "hidden in the tables, but counted in the totals");
	return REQ_RANK;
}

unsigned
cmd_pane(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	bool fits = st->cols >= PANEL_MIN_COLS;

	if ((fits || argv[1] != NULL) && !command_parse_on_off(st, argv, &st->panel_shown))
		return 0;
	if (!fits && st->panel_shown)
		status_message(st, false, "the side panel needs a screen of at least %d columns",
		    PANEL_MIN_COLS);
	return 0;
}

/* Shows the column of processes while they are looked up. */
static void
cmd_display_show_processes(struct state *st)
{
	const struct column *c = view_find_column(&view_flows, "process");

	for (unsigned i = 0; i < n_views; i++)
		if (views[i] == &view_flows)
			st->column_prefs[i].visibility[c - view_flows.cols] =
			    st->processes.on ? COLUMN_SHOWN : COLUMN_AUTO;
}

unsigned
cmd_processes(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	bool on = st->processes.on;

	if (!command_parse_on_off(st, argv, &on))
		return 0;
	if (on && st->processes.unavailable != NULL) {
		status_message(st, true, "%s", st->processes.unavailable);
		return 0;
	}
	st->processes.on = on;
	cmd_display_show_processes(st);
	if (!on)
		status_message(st, false, "processes off");
	else if (st->processes.limitation != NULL)
		status_message(st, false, "%s", st->processes.limitation);
	else
		status_message(st, false, "processes of the flows are shown");
	return REQ_RANK;
}

static const struct {
	const char *name, *words;
	enum column_visibility column; /* of names: shown if they are asked for */
} cmd_display_names_modes[NAME_MODES] = {
	[NAMES_LEARNED] = { "learned", "host names learned from traffic", COLUMN_AUTO },
	[NAMES_DNS] = { "dns", "host names learned from traffic, or from reverse DNS",
	    COLUMN_SHOWN },
	[NAMES_OFF] = { "off", NULL, COLUMN_HIDDEN },
};

static const char cannot_ask[] = "reverse DNS requires c-ares; pkttop was built without it";

/* The next mode: off, learned from traffic, then reverse DNS. */
static unsigned
cmd_display_next_names_mode(const struct state *st)
{
	switch (st->names.mode) {
	case NAMES_OFF:
		return NAMES_LEARNED;
	case NAMES_LEARNED:
		return st->names.has_dns ? NAMES_DNS : NAMES_OFF;
	default:
		return NAMES_OFF;
	}
}

/* A column that is the only one stays, because a table without columns shows nothing. */
static void
cmd_display_show_names(struct state *st)
{
	unsigned to = cmd_display_names_modes[st->names.mode].column;

	for (unsigned i = 0; i < n_views; i++) {
		const struct column *c = view_find_column(views[i], "name");

		if (views[i] == &view_talkers && c != NULL &&
		    !column_prefs_set_visibility(
			&st->column_prefs[i], views[i], (unsigned)(c - views[i]->cols), to))
			column_prefs_set_visibility(&st->column_prefs[i], views[i],
			    (unsigned)(c - views[i]->cols), COLUMN_SHOWN);
	}
}

unsigned
cmd_names(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *wanted = argv[1] != NULL ? argv[1] : "next";
	unsigned mode = 0;

	if (strcmp(wanted, "next") == 0)
		mode = cmd_display_next_names_mode(st);
	else
		while (mode < NAME_MODES && strcmp(cmd_display_names_modes[mode].name, wanted) != 0)
			mode++;
	if (mode == NAME_MODES)
		return command_error(st, argv, 1, "off, learned, dns or next");
	if (mode == NAMES_DNS && !st->names.has_dns) {
		status_message(st, true, "%s", cannot_ask);
		return 0;
	}
	st->names.mode = (uint8_t)mode;
	cmd_display_show_names(st);
	if (mode == NAMES_OFF)
		status_message(st, false, "host names off%s%s", st->names.has_dns ? "" : "; ",
		    st->names.has_dns ? "" : cannot_ask);
	else
		status_message(st, false, "%s", cmd_display_names_modes[mode].words);
	return REQ_RANK;
}

const char *
cmd_display_names_mode(const struct state *st)
{
	return cmd_display_names_modes[st->names.mode].name;
}

unsigned
cmd_span(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *name = argv[1] != NULL ? argv[1] : "";
	unsigned i = 0, longest = n_graph_spans - 1;

	if (strcmp(name, "longer") == 0)
		i = st->graph_span < longest ? st->graph_span + 1 : longest;
	else if (strcmp(name, "shorter") == 0)
		i = st->graph_span > 0 ? st->graph_span - 1 : 0;
	else
		while (i < n_graph_spans && strcmp(graph_spans[i].name, name) != 0)
			i++;
	if (i == n_graph_spans)
		return command_error(st, argv, 1, "1m, 10m, 1h, 1d, longer or shorter");
	st->graph_span = i;
	status_message(st, false, "the graph of traffic covers %s", graph_spans[i].title);
	return REQ_RANK;
}

unsigned
cmd_graph(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *name = argv[1] != NULL ? argv[1] : "";

	if (strcmp(name, "next") == 0)
		st->graph_packets = !st->graph_packets;
	else if (strcmp(name, "packets") == 0 || strcmp(name, "rate") == 0)
		st->graph_packets = name[0] == 'p';
	else
		return command_error(st, argv, 1, "rate, packets or next");
	status_message(st, false, "the graph of traffic shows %s",
	    st->graph_packets ? "packets per second" : "bits or bytes per second");
	return 0;
}

unsigned
cmd_event(struct state *st, int argc, char **argv)
{
	enum event_rule r = argc > 1 ? event_rule_find(argv[1]) : EVENT_RULES;
	const char *why = NULL;
	long long n = argc > 2 ? strtonum(argv[2], 0, UINT32_MAX, &why) : 0;

	if (r == EVENT_RULES)
		return command_error(st, argv, 1, "the name of a rule");
	if (argc < 3 || why != NULL)
		return command_error(st, argv, 2, "a number");
	st->event_limits.given[r] = true;
	st->event_limits.n[r] = (uint32_t)n;
	status_message(st, false, "%s: %lld %s", event_rules[r].name, n, event_rules[r].unit);
	return REQ_EVENTS;
}

unsigned
cmd_mouse(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "on") != 0 && strcmp(argv[1], "off") != 0)
		return command_error(st, argv, 1, "on or off");
	st->mouse = argc > 1 ? strcmp(argv[1], "on") == 0 : !st->mouse;
	status_message(st, false,
	    st->mouse ? "mouse on; to select text, hold Shift in most terminals"
		      : "mouse off; the terminal selects text");
	return REQ_MOUSE;
}
