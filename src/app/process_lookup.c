#include "config.h"

#include "app/actions.h"

#include "app/options.h"
#include "control/command.h"
#include "control/state.h"
#include "feed/feed.h"

/* They fit 80 columns. */
static const char not_live[] = "processes are known for live traffic only";
static const char not_here[] = "this system does not show which process owns a socket";
static const char users_missing[] =
    "other users' as uid only: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH are missing";
static const char namespaces_missing[] =
    "sockets in other network namespaces: CAP_SYS_ADMIN is missing";
static const char namespaces_not_asked[] =
    "sockets in other network namespaces are looked for with --processes only";

static const char *
process_lookup_limitation(const struct owners *owners, bool asked)
{
	if (!owners->sees_all)
		return users_missing;
	if (!owners->namespaces)
		return asked ? namespaces_missing : namespaces_not_asked;
	return NULL;
}

unsigned
process_lookup_setup(struct state *st, const struct options *o, const struct feed *f)
{
	const struct owners *owners = f->owners.child;

	if (owners == NULL)
		st->processes.unavailable = options_are_live(o) ? not_here : not_live;
	else
		st->processes.limitation = process_lookup_limitation(owners, o->processes);
	return o->processes ? command_run(st, "processes on") : 0;
}
