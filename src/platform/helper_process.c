/* How the helper processes of pkttop begin. */
#include "config.h"

#include "platform/privilege.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "platform/child.h"
#include "util/attr.h"
#include "util/die.h"

#define HELPER_FDS 3 /* descriptors of a process, at most */

/* SIGHUP is for pkttop itself: helpers that have its name ignore it. */
static void
helper_process_detach(const char *name)
{
	signal(SIGHUP, SIG_IGN);
#ifdef __linux__
	prctl(PR_SET_NAME, name, 0, 0, 0);
#else
	(void)name;
#endif
}

static void ATTR_NORETURN
helper_process_run(const struct helper_process *p, const int *fds)
{
	int kept[HELPER_FDS] = { -1, -1, -1 };
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	helper_process_detach(p->name);
	memcpy(kept, fds, p->n_fds * sizeof(*kept));
	if (!child_keep(kept, p->n_fds) || !privilege_drop(&p->identity, p->needs, &err) ||
	    (p->confine != NULL && !p->confine(p->arg)))
		_exit(EXIT_FAILED);
	p->run(p->arg, kept);
	_exit(EXIT_DONE);
}

pid_t
helper_process_start(const struct helper_process *p, const int *fds)
{
	pid_t pid = child_fork(CHILD_PRIVILEGED);

	assert(p->n_fds <= HELPER_FDS);
	if (pid == 0)
		helper_process_run(p, fds);
	return pid;
}

void
helper_process_be_invoker(struct helper_process *p, const struct identity *id)
{
	p->identity = (struct identity){
		.uid = id->invoker,
		.gid = id->invoker_gid,
		.changes = id->changes && id->invoker != 0,
	};
	p->needs = id->invoker == 0 ? PRIVILEGE_FILES : 0;
}
