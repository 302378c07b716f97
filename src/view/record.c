#include "config.h"

#include "view/record.h"

#include <string.h>

#include "view/state.h"

static unsigned
wish(struct state *st, int argc, char **argv, enum wish w)
{
	strlcpy(st->record.path, argc > 1 ? argv[1] : "", sizeof(st->record.path));
	return w;
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
