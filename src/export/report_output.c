#include "config.h"

#include "export/report_output.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/ledger.h"
#include "platform/child.h"
#include "util/attr.h"
#include "util/pages.h"

#define WRITING 8 /* steps that a written row is worth */

void
reporter_open(struct reporter *w)
{
	stream_open(&w->out);
	w->pid = 0;
}

void
reporter_close(struct reporter *w)
{
	stream_close(&w->out);
}

bool
reporter_busy(const struct reporter *w)
{
	return w->pid > 0 || stream_pending(&w->out);
}

uint64_t
reporter_steps(const struct report *r, const struct ledger *l)
{
	const uint32_t used[] = { l->flows.used, l->hosts.used, l->ports.used };
	uint64_t steps = 0;

	for (unsigned i = 0; i < NITEMS(used); i++)
		steps += used[i] +
		    (uint64_t)(r->top > 0 && r->top < used[i] ? r->top : used[i]) * WRITING;
	return steps;
}

/* Its exit status is what became of standard output. */
static void ATTR_NORETURN
write_beside(struct reporter *w, const struct report *r, const struct scope *s, struct ledger *l)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (!child_keep(&w->out.fd, 1))
		_exit(EIO);
	ledger_flush(l);
	if (!report_write(&w->out.text, r, s, &err))
		_exit(ENOMEM);
	_exit(stream_drain(&w->out));
}

/* Where no child can be made, the report is worth the wait. */
static bool
begin_beside(struct reporter *w, const struct report *r, const struct scope *s, struct ledger *l)
{
	pid_t pid;

	if (r->last || reporter_steps(r, l) <= REPORTER_STEPS)
		return false;
	pid = child_fork(CHILD_COUNTS);
	if (pid == 0)
		write_beside(w, r, s, l);
	w->pid = pid > 0 ? pid : 0;
	return pid > 0;
}

bool
reporter_write(struct reporter *w, const struct report *r, const struct scope *s, struct ledger *l,
    struct buf *err, int *error)
{
	*error = 0;
	if (begin_beside(w, r, s, l))
		return true;
	ledger_flush(l);
	if (!report_write(&w->out.text, r, s, err))
		return false;
	*error = stream_flush(&w->out);
	return true;
}

/* Takes the child's status, if it has ended or is waited for. */
static int
reap(struct reporter *w, int options, struct buf *err)
{
	int status;
	pid_t got;

	do
		got = waitpid(w->pid, &status, options);
	while (got == -1 && errno == EINTR);
	if (got == 0)
		return 0;
	w->pid = 0;
	pages_after_fork();
	if (got == -1)
		return 0;
	if (WIFSIGNALED(status))
		buf_setf(
		    err, "a report is lost: its writer was ended by signal %d", WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int
reporter_tend(struct reporter *w, struct buf *err)
{
	return w->pid > 0 ? reap(w, WNOHANG, err) : stream_flush(&w->out);
}

int
reporter_finish(struct reporter *w, struct buf *err)
{
	int error = w->pid > 0 ? reap(w, 0, err) : 0;

	return error != 0 ? error : stream_drain(&w->out);
}
