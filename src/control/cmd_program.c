/* Commands: the program itself, and what it has counted. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"

/* Without an argument counting always starts at zero again; only "off" brings the old counts
 * back. */
unsigned
cmd_zero(struct state *st, int argc, char **argv)
{
	bool off = argc > 1 && strcmp(argv[1], "off") == 0;

	if (argc > 1 && !off && strcmp(argv[1], "on") != 0)
		return command_refuse(st, argv, 1, "on or off");
	st->zero = !off;
	order_clear(&st->order);
	if (off)
		state_say(st, false, "all that was counted since the start is shown");
	else
		state_say(st, false, "counts are shown from now on; :zero off brings all back");
	return WISH_ZERO | WISH_RANK;
}

/* Asks first, as all counts would be lost. */
unsigned
cmd_restart(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "now") != 0)
		return command_refuse(st, argv, 1, "now, or nothing more");
	if (argc > 1) {
		st->zero = false;
		state_say(st, false, "all begins anew");
		return WISH_RESTART | WISH_RANK;
	}
	st->asked = "restart now";
	state_say(st, true, "forget all that was counted, and begin anew? y: yes, else no");
	return 0;
}

unsigned
cmd_write(struct state *st, int argc, char **argv)
{
	/* A file name is meant for packets: that is "pcap". */
	if (argc > 1)
		return command_refuse(st, argv, 1, "wanted here; pcap FILE writes packets");
	return WISH_SAVE;
}

unsigned
cmd_redraw(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_CLEAR;
}

unsigned
cmd_suspend(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_SUSPEND;
}

unsigned
cmd_quit(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return WISH_QUIT;
}
