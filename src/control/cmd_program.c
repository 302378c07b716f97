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
		return command_error(st, argv, 1, "on or off");
	st->since_baseline = !off;
	row_order_clear(&st->order);
	if (off)
		status_message(st, false, "totals since the start restored");
	else
		status_message(st, false, "counters zeroed; :zero off restores totals");
	return REQ_ZERO | REQ_RANK;
}

/* Asks first, as all counts would be lost. */
unsigned
cmd_restart(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "now") != 0)
		return command_error(st, argv, 1, "now");
	if (argc > 1) {
		st->since_baseline = false;
		status_message(st, false, "all counters reset");
		return REQ_RESTART | REQ_RANK;
	}
	st->confirm_command = "restart now";
	status_message(st, true, "Reset all counters? (y/N)");
	return 0;
}

unsigned
cmd_save(struct state *st, int argc, char **argv)
{
	/* A file name is meant for packets: that is "pcap". */
	if (argc > 1)
		return command_error(st, argv, 1, "allowed here; pcap FILE writes packets");
	return REQ_SAVE_SETTINGS;
}

unsigned
cmd_redraw(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return REQ_REDRAW;
}

unsigned
cmd_suspend(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return REQ_SUSPEND;
}

unsigned
cmd_leave(struct state *st, int argc, char **argv)
{
	if (st->help || st->menu.kind != MENU_NONE || detail_is_open(st))
		return cmd_back(st, argc, argv);
	return REQ_QUIT;
}

unsigned
cmd_quit(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return REQ_QUIT;
}
