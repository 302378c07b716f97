#include "config.h"

#include "view/record.h"

#include <string.h>

#include "util/attr.h"
#include "view/command.h"
#include "view/state.h"

static unsigned
wish(struct state *st, int argc, char **argv, enum wish w)
{
	strlcpy(st->record.path, argc > 1 ? argv[1] : "", sizeof(st->record.path));
	return w;
}

unsigned
record_stop(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	return command_switch(st, argv, &st->record.stopped) ? WISH_STOP : 0;
}

unsigned
record_start(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	st->record.stopped = false;
	return WISH_STOP;
}

unsigned
record_packets(struct state *st, int argc, char **argv)
{
	return wish(st, argc, argv, WISH_LOG);
}

unsigned
record_flows(struct state *st, int argc, char **argv)
{
	return wish(st, argc, argv, WISH_FLOW_LOG);
}

unsigned
record_capture(struct state *st, int argc, char **argv)
{
	return wish(st, argc, argv, WISH_WRITE);
}
