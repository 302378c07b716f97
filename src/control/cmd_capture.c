/* Commands: what is captured, and what is written of it. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"

unsigned
cmd_capture(struct state *st, int argc, char **argv)
{
	strlcpy(st->capture_filter, argc > 1 ? argv[1] : "", sizeof(st->capture_filter));
	return REQ_CAPTURE_FILTER;
}

unsigned
cmd_interface(struct state *st, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (argc < 2) {
		command_set_next(st, "menu interfaces");
		return 0;
	}
	if (name[strspn(name, "+-")] == '\0' || strlen(name) >= sizeof(st->ifaces.request))
		return command_error(st, argv, 1, "the name of an interface");
	strlcpy(st->ifaces.request, name, sizeof(st->ifaces.request));
	return REQ_CAPTURE_ON;
}

unsigned
cmd_inner(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_parse_on_off(st, argv, &st->inner))
		return 0;
	status_message(st, false, "new flows use the %s addresses of tunnels%s",
	    st->inner ? "innermost" : "outermost",
	    st->whole_time ? "; what was read stays: start with --decap" : "");
	return REQ_INNER;
}

unsigned
cmd_stop(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	return command_parse_on_off(st, argv, &st->record.stopped) ? REQ_STOP_CAPTURE : 0;
}

unsigned
cmd_start(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	st->record.stopped = false;
	return REQ_STOP_CAPTURE;
}

static unsigned
cmd_capture_request_file(struct state *st, int argc, char **argv, enum request w)
{
	strlcpy(st->record.path, argc > 1 ? argv[1] : "", sizeof(st->record.path));
	return w;
}

unsigned
cmd_log(struct state *st, int argc, char **argv)
{
	return cmd_capture_request_file(st, argc, argv, REQ_PACKET_LOG);
}

unsigned
cmd_flow_log(struct state *st, int argc, char **argv)
{
	return cmd_capture_request_file(st, argc, argv, REQ_FLOW_LOG);
}

unsigned
cmd_pcap(struct state *st, int argc, char **argv)
{
	return cmd_capture_request_file(st, argc, argv, REQ_PCAP);
}

unsigned
cmd_copy(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return REQ_COPY_ROW;
}

unsigned
cmd_record(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return REQ_RECORD_ROW;
}

unsigned
cmd_snapshot(struct state *st ATTR_UNUSED, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return REQ_SNAPSHOT;
}
