#include "config.h"

#include "platform/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "platform/file_ops.h"
#include "platform/privilege.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/die.h"

static void
child_reset_signals(void)
{
	struct sigaction default_action = { .sa_handler = SIG_DFL };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &default_action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

/* Blocks signals until the child has its own handlers: the parent's would affect the parent. */
pid_t
child_fork(enum child_kind kind)
{
	sigset_t all, before;
	pid_t pid;
	int error;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pages_dontfork(kind != CHILD_COUNTS);
	pid = fork();
	error = errno;
	if (pid != 0)
		pages_dontfork(false);
	if (pid == 0) {
		if (kind != CHILD_PRIVILEGED)
			privilege_drop_all();
		exit_hook_set(NULL, NULL);
		child_reset_signals();
		setsid();
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return pid;
}

static bool
child_fd_is_kept(int fd, const int *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (fds[i] == fd)
			return true;
	return fd == file_ops_helper();
}

static void
child_close_others(const int *fds, unsigned n)
{
	int last = file_ops_helper() > STDERR_FILENO ? file_ops_helper() : STDERR_FILENO;

	for (unsigned i = 0; i < n; i++)
		if (fds[i] > last)
			last = fds[i];
	closefrom(last + 1);
	for (int fd = STDERR_FILENO + 1; fd < last; fd++)
		if (!child_fd_is_kept(fd, fds, n))
			close(fd);
}

/* The new numbers are allocated while all old ones are open. */
bool
child_keep(int *fds, unsigned n)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1)
		return false;
	for (unsigned i = 0; i < n; i++) {
		fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (fds[i] == -1)
			return false;
	}
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (null != fd && dup2(null, fd) == -1)
			return false;
	child_close_others(fds, n);
	return true;
}

/* The hard limit is higher: it sends SIGKILL, whose reason would be unknown. */
void
child_limit_cpu(void)
{
	struct rlimit limit = { .rlim_cur = CHILD_CPU_SECONDS, .rlim_max = CHILD_CPU_SECONDS + 1 };

	(void)setrlimit(RLIMIT_CPU, &limit);
}

void
child_add_signal(struct buf *b, int signo)
{
	if (signo == SIGXCPU)
		buf_addf(b, "was killed after %d s of processor time", CHILD_CPU_SECONDS);
	else
		buf_addf(b, "was killed by signal %d", signo);
}

static int
child_wait(pid_t pid, int *status, int options)
{
	pid_t got;

	pages_after_fork();
	do
		got = waitpid(pid, status, options);
	while (got == -1 && errno == EINTR);
	return got;
}

int
child_reap(pid_t pid)
{
	int status = 0;

	return child_wait(pid, &status, 0) == pid ? status : 0;
}

bool
child_reap_ended(pid_t pid, int *status)
{
	return child_wait(pid, status, WNOHANG) == pid;
}
