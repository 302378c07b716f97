#include "config.h"

#include "export/report.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/ledger.h"
#include "platform/child.h"
#include "util/alloc.h"
#include "util/attr.h"

void
report_output_open(struct report_output *w)
{
	stdout_stream_open(&w->out);
	w->pid = 0;
}

void
report_output_close(struct report_output *w)
{
	stdout_stream_close(&w->out);
}

bool
report_output_busy(const struct report_output *w)
{
	return w->pid > 0 || stdout_stream_pending(&w->out);
}

uint64_t
report_output_steps(const struct report *r, const struct ledger *l)
{
	const uint32_t used[] = { l->flows.table.used, l->hosts.table.used, l->ports.table.used };
	uint64_t steps = 0;

	for (unsigned i = 0; i < NITEMS(used); i++)
		steps += used[i] +
		    (uint64_t)(r->top > 0 && r->top < used[i] ? r->top : used[i]) *
			REPORT_OUTPUT_WRITING;
	return steps;
}

/* Exits with the errno of standard output as status. */
static void ATTR_NORETURN
report_output_in_child(
    struct report_output *w, const struct report *r, const struct scope *s, struct ledger *l)
{
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (!child_keep(&w->out.fd, 1))
		_exit(EIO);
	child_limit_cpu();
	ledger_flush(l);
	if (!report_write(&w->out.text, r, s, &err))
		_exit(ENOMEM);
	_exit(stdout_stream_drain(&w->out));
}

/* If fork fails, the report is written in this process. */
static bool
report_output_fork(
    struct report_output *w, const struct report *r, const struct scope *s, struct ledger *l)
{
	pid_t pid;

	if (r->last || report_output_steps(r, l) <= REPORT_OUTPUT_STEPS)
		return false;
	pid = child_fork(CHILD_COUNTS);
	if (pid == 0)
		report_output_in_child(w, r, s, l);
	w->pid = pid > 0 ? pid : 0;
	return pid > 0;
}

bool
report_output_write(struct report_output *w, const struct report *r, const struct scope *s,
    struct ledger *l, struct buf *err, int *error)
{
	*error = 0;
	if (report_output_fork(w, r, s, l))
		return true;
	ledger_flush(l);
	if (!report_write(&w->out.text, r, s, err))
		return false;
	*error = stdout_stream_flush(&w->out);
	return true;
}

/* Reaps the child, with the options of waitpid(2). */
static int
report_output_reap(struct report_output *w, int options, struct buf *err)
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
	if (WIFSIGNALED(status)) {
		buf_setf(err, "report lost: the writer process ");
		child_add_signal(err, WTERMSIG(status));
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int
report_output_poll(struct report_output *w, struct buf *err)
{
	return w->pid > 0 ? report_output_reap(w, WNOHANG, err) : stdout_stream_flush(&w->out);
}

int
report_output_finish(struct report_output *w, struct buf *err)
{
	int error = w->pid > 0 ? report_output_reap(w, 0, err) : 0;

	return error != 0 ? error : stdout_stream_drain(&w->out);
}
