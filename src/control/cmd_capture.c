/* Commands: what is captured, and what is written of it. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"

unsigned
cmd_capture(struct state *st, int argc, char **argv)
{
	strlcpy(st->capture_filter, argc > 1 ? argv[1] : "", sizeof(st->capture_filter));
	return WISH_CAPTURE;
}

unsigned
cmd_interface(struct state *st, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (argc < 2) {
		command_then(st, "menu interfaces");
		return 0;
	}
	if (name[strspn(name, "+-")] == '\0' || strlen(name) >= sizeof(st->taps.wanted))
		return command_refuse(st, argv, 1, "the name of an interface");
	strlcpy(st->taps.wanted, name, sizeof(st->taps.wanted));
	return WISH_TAP;
}

unsigned
cmd_inner(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->inner))
		return 0;
	state_say(st, false, "from now on flows are between the %s addresses of tunnels",
	    st->inner ? "innermost" : "outermost");
	return WISH_INNER;
}

unsigned
cmd_stop(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	return command_switch(st, argv, &st->record.stopped) ? WISH_STOP : 0;
}

unsigned
cmd_start(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	st->record.stopped = false;
	return WISH_STOP;
}

static unsigned
wish_path(struct state *st, int argc, char **argv, enum wish w)
{
	strlcpy(st->record.path, argc > 1 ? argv[1] : "", sizeof(st->record.path));
	return w;
}

unsigned
cmd_log(struct state *st, int argc, char **argv)
{
	return wish_path(st, argc, argv, WISH_LOG);
}

unsigned
cmd_flow_log(struct state *st, int argc, char **argv)
{
	return wish_path(st, argc, argv, WISH_FLOW_LOG);
}

unsigned
cmd_pcap(struct state *st, int argc, char **argv)
{
	return wish_path(st, argc, argv, WISH_WRITE);
}

unsigned
cmd_copy(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_COPY;
}

unsigned
cmd_record(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_RECORD;
}

unsigned
cmd_snapshot(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_SNAPSHOT;
}
