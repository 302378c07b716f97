#include "config.h"

#include "view/processes.h"

#include "util/attr.h"
#include "view/columns.h"
#include "view/command.h"

/* Whoever asks for them wants to see them. */
static void
arrange(struct state *st)
{
	const struct column *c = view_column(&view_flows, "process");

	for (unsigned i = 0; i < n_views; i++)
		if (views[i] == &view_flows)
			st->arrange[i].shown[c - view_flows.cols] =
			    st->processes.on ? ARRANGED_SHOWN : ARRANGED_BY_ROOM;
}

unsigned
processes_command(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	bool on = st->processes.on;

	if (!command_switch(st, argv, &on))
		return 0;
	if (on && st->processes.cannot != NULL) {
		state_say(st, true, "%s", st->processes.cannot);
		return 0;
	}
	st->processes.on = on;
	arrange(st);
	if (!on)
		state_say(st, false, "processes are not looked for any more");
	else if (st->processes.limit != NULL)
		state_say(st, false, "%s", st->processes.limit);
	else
		state_say(st, false, "processes of the flows on the screen");
	return WISH_RANK;
}
