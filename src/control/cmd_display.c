/* Commands: how things are shown. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "control/table_layout.h"
#include "util/attr.h"
#include "view/columns.h"

static const double delays[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600 };

unsigned
cmd_freeze(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (travel_is_past(st))
		return travel_live(st);
	if (!command_switch(st, argv, &st->frozen))
		return 0;
	return st->frozen ? 0 : WISH_RANK;
}

unsigned
cmd_hold(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->hold))
		return 0;
	return st->hold || st->frozen ? 0 : WISH_RANK;
}

unsigned
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

/* The next longer or shorter of the usual delays, or the last one. */
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

unsigned
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

unsigned
cmd_numeric(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->units.numeric))
		return 0;
	state_say(st, false, "ports by %s", st->units.numeric ? "number" : "name");
	return 0;
}

unsigned
cmd_average(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->average))
		return 0;
	order_clear(&st->order);
	state_say(st, false, "rates over %s", st->average ? "the whole time" : "the last interval");
	return WISH_RANK;
}

unsigned
cmd_own(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->own.shown))
		return 0;
	state_say(st, false, "your own session of SSH is %s",
	    st->own.shown ? "shown" : "kept out of the tables, but counted in the totals");
	return WISH_RANK;
}

unsigned
cmd_pane(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->pane_shown))
		return 0;
	if (st->pane_shown && st->cols < PANE_LEAST)
		state_say(
		    st, false, "the panel comes on a screen of %d columns or more", PANE_LEAST);
	return 0;
}

/* Shows the column of processes while they are looked up. */
static void
arrange_processes(struct state *st)
{
	const struct column *c = view_column(&view_flows, "process");

	for (unsigned i = 0; i < n_views; i++)
		if (views[i] == &view_flows)
			st->arrange[i].shown[c - view_flows.cols] =
			    st->processes.on ? ARRANGED_SHOWN : ARRANGED_BY_ROOM;
}

unsigned
cmd_processes(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	bool on = st->processes.on;

	if (!command_switch(st, argv, &on))
		return 0;
	if (on && st->processes.cannot != NULL) {
		state_say(st, true, "%s", st->processes.cannot);
		return 0;
	}
	st->processes.on = on;
	arrange_processes(st);
	if (!on)
		state_say(st, false, "processes are not looked for any more");
	else if (st->processes.limit != NULL)
		state_say(st, false, "%s", st->processes.limit);
	else
		state_say(st, false, "processes of the flows on the screen");
	return WISH_RANK;
}

static const struct {
	const char *name, *words;
	enum arranged column; /* of names: shown if they are asked for */
} namings[NAMINGS] = {
	[NAMING_LEARNED] = { "learned", "names that the traffic told", ARRANGED_BY_ROOM },
	[NAMING_ASKED] = { "dns", "names that the traffic told, else those of reverse DNS",
	    ARRANGED_SHOWN },
	[NAMING_OFF] = { "off", NULL, ARRANGED_HIDDEN },
};

static const char cannot_ask[] = "reverse DNS needs c-ares, which this pkttop was built without";

/* The next mode: off, learned from traffic, then reverse DNS. */
static unsigned
next_naming(const struct state *st)
{
	switch (st->naming.mode) {
	case NAMING_OFF:
		return NAMING_LEARNED;
	case NAMING_LEARNED:
		return st->naming.can_ask ? NAMING_ASKED : NAMING_OFF;
	default:
		return NAMING_OFF;
	}
}

static void
arrange_names(struct state *st)
{
	for (unsigned i = 0; i < n_views; i++) {
		const struct column *c = view_column(views[i], "name");

		if (views[i] == &view_talkers && c != NULL)
			st->arrange[i].shown[c - views[i]->cols] =
			    (uint8_t)namings[st->naming.mode].column;
	}
}

unsigned
cmd_names(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *wanted = argv[1] != NULL ? argv[1] : "next";
	unsigned mode = 0;

	if (strcmp(wanted, "next") == 0)
		mode = next_naming(st);
	else
		while (mode < NAMINGS && strcmp(namings[mode].name, wanted) != 0)
			mode++;
	if (mode == NAMINGS)
		return command_refuse(st, argv, 1, "off, learned, dns or next");
	if (mode == NAMING_ASKED && !st->naming.can_ask) {
		state_say(st, true, "%s", cannot_ask);
		return 0;
	}
	st->naming.mode = (uint8_t)mode;
	arrange_names(st);
	if (mode == NAMING_OFF)
		state_say(st, false, "no names of hosts%s%s", st->naming.can_ask ? "" : "; ",
		    st->naming.can_ask ? "" : cannot_ask);
	else
		state_say(st, false, "%s", namings[mode].words);
	return WISH_RANK;
}

const char *
naming_name(const struct state *st)
{
	return namings[st->naming.mode].name;
}

unsigned
cmd_span(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *name = argv[1] != NULL ? argv[1] : "";
	unsigned i = 0, longest = n_trend_spans - 1;

	if (strcmp(name, "longer") == 0)
		i = st->span < longest ? st->span + 1 : longest;
	else if (strcmp(name, "shorter") == 0)
		i = st->span > 0 ? st->span - 1 : 0;
	else
		while (i < n_trend_spans && strcmp(trend_spans[i].name, name) != 0)
			i++;
	if (i == n_trend_spans)
		return command_refuse(st, argv, 1, "1m, 10m, 1h, 1d, longer or shorter");
	st->span = i;
	state_say(st, false, "the graph of traffic is over %s", trend_spans[i].text);
	return WISH_RANK;
}

unsigned
cmd_graph(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *name = argv[1] != NULL ? argv[1] : "";

	if (strcmp(name, "next") == 0)
		st->trend_packets = !st->trend_packets;
	else if (strcmp(name, "packets") == 0 || strcmp(name, "rate") == 0)
		st->trend_packets = name[0] == 'p';
	else
		return command_refuse(st, argv, 1, "rate, packets or next");
	state_say(st, false, "the graph of traffic shows %s",
	    st->trend_packets ? "packets a second" : "bits or bytes a second");
	return 0;
}

unsigned
cmd_mouse(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "on") != 0 && strcmp(argv[1], "off") != 0)
		return command_refuse(st, argv, 1, "on or off");
	st->mouse = argc > 1 ? strcmp(argv[1], "on") == 0 : !st->mouse;
	state_say(st, false,
	    st->mouse ? "the mouse is heeded; most terminals select with Shift held"
		      : "the mouse is the terminal's, to select and copy with");
	return WISH_MOUSE;
}
