#include "config.h"

#include "capture/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "capture/private.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/die.h"

#define COPIED (64 * 1024)

#define EXIT_NOT_FOUND 127

struct unpack {
	char program[16];
	const char *argument;
	int packed;
	bool regular;
	pid_t pid, feeder; /* 0: none, or reaped */
	int status;        /* of the program, after it has ended */
	int said;          /* the program's standard error */
};

/* The pipes of a start, each as its read end and its write end. */
struct pipes {
	int unpacked[2], said[2], fed[2];
};

static void
unpack_close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] != -1)
			close(pair[i]);
}

static void
unpack_close_pipes(struct pipes *p)
{
	unpack_close_pair(p->unpacked);
	unpack_close_pair(p->said);
	unpack_close_pair(p->fed);
}

static bool
unpack_make_pipes(struct pipes *p, bool fed)
{
	*p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	return pipe2(p->unpacked, O_CLOEXEC) == 0 && pipe2(p->said, O_CLOEXEC) == 0 &&
	    (!fed || pipe2(p->fed, O_CLOEXEC) == 0);
}

static void
unpack_die_with_parent(void)
{
#ifdef __linux__
	pid_t parent = getppid();

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent has died meanwhile. */
	if (getppid() != parent)
		_exit(EXIT_FAILED);
#endif
	signal(SIGPIPE, SIG_DFL);
}

/* The program inherits only PATH: other variables may hold options for it. */
static void ATTR_NORETURN
unpack_run_program(const struct unpack *u)
{
	char program[sizeof(u->program)], argument[8], path[4096];
	char *arguments[] = { program, argument, NULL };
	char *environment[] = { path, NULL };
	const char *dirs = getenv("PATH");

	strlcpy(program, u->program, sizeof(program));
	strlcpy(argument, u->argument, sizeof(argument));
	snprintf(path, sizeof(path), "PATH=%s", dirs != NULL ? dirs : "/usr/bin:/bin");
	environ = environment;
	execvp(program, arguments);
	_exit(EXIT_NOT_FOUND);
}

static void ATTR_NORETURN
unpack_in_program(const struct unpack *u, const struct unpack_config *c, const struct pipes *p)
{
	int fds[] = { c->regular ? c->fd : p->fed[0], p->unpacked[1], p->said[1] };

	if (!child_keep(fds, NITEMS(fds)))
		_exit(EXIT_FAILED);
	unpack_die_with_parent();
	for (int i = 0; i < (int)NITEMS(fds); i++)
		if (dup2(fds[i], i) == -1)
			_exit(EXIT_FAILED);
	unpack_run_program(u);
}

/* Bytes read from a pipe cannot be put back: a second child writes them, and then the rest. */
static void ATTR_NORETURN
unpack_in_feeder(const struct unpack_config *c, const struct pipes *p)
{
	int fds[] = { c->fd, p->fed[1] };
	static uint8_t bytes[COPIED];
	ssize_t n;

	if (!child_keep(fds, NITEMS(fds)))
		_exit(EXIT_FAILED);
	unpack_die_with_parent();
	if (fd_write_all(fds[1], c->head, c->n_head, NULL) != 0)
		_exit(EXIT_FAILED);
	while ((n = fd_read(fds[0], bytes, sizeof(bytes))) > 0)
		if (fd_write_all(fds[1], bytes, (size_t)n, NULL) != 0)
			break;
	_exit(n == 0 ? EXIT_DONE : EXIT_FAILED);
}

static bool
unpack_start_children(struct unpack *u, const struct unpack_config *c, const struct pipes *p)
{
	u->pid = child_fork(CHILD_ALONE);
	if (u->pid == 0)
		unpack_in_program(u, c, p);
	if (u->pid < 0)
		return false;
	if (c->regular)
		return true;
	u->feeder = child_fork(CHILD_ALONE);
	if (u->feeder == 0)
		unpack_in_feeder(c, p);
	return u->feeder > 0;
}

/* False with errno. */
static bool
unpack_spawn(struct unpack *u, const struct unpack_config *c, int *fd)
{
	struct pipes p;
	bool ok = unpack_make_pipes(&p, !c->regular) && unpack_start_children(u, c, &p);
	int error = errno;

	if (ok) {
		*fd = p.unpacked[0];
		u->said = p.said[0];
		p.unpacked[0] = p.said[0] = -1;
		u->packed = c->fd;
		u->regular = c->regular;
	}
	unpack_close_pipes(&p);
	errno = error;
	return ok;
}

static bool started;

bool
source_was_unpacked(void)
{
	return started;
}

struct unpack *
unpack_start(const struct unpack_config *c, int *fd, struct buf *err)
{
	struct unpack *u = xcalloc(1, sizeof(*u));
	const char *blank = strchr(c->command, ' ');

	started = true;
	u->packed = u->said = -1;
	u->argument = blank + 1;
	memcpy(u->program, c->command, (size_t)(blank - c->command));
	if (unpack_spawn(u, c, fd))
		return u;
	buf_setf(err, "cannot start %s: %s", u->program, strerror(errno));
	unpack_del(u);
	return NULL;
}

static int
unpack_reap_child(pid_t *pid, bool kill_it)
{
	int status;

	if (*pid <= 0)
		return 0;
	if (kill_it)
		kill(*pid, SIGKILL);
	status = child_reap(*pid);
	*pid = 0;
	return status;
}

void
unpack_poll(struct unpack *u)
{
	int status;

	if (u->pid > 0 && child_reap_ended(u->pid, &u->status))
		u->pid = 0;
	if (u->feeder > 0 && child_reap_ended(u->feeder, &status))
		u->feeder = 0;
}

/* The first line of the error output, which says most, without the program's name. */
static void
unpack_add_error_line(const struct unpack *u, struct buf *err)
{
	char text[200], *line = text;
	ssize_t n;

	fcntl(u->said, F_SETFL, O_NONBLOCK);
	n = read(u->said, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	line += strspn(line, "\r\n");
	line[strcspn(line, "\r\n")] = '\0';
	if (strncmp(line, u->program, strlen(u->program)) == 0)
		line += strlen(u->program) + strspn(line + strlen(u->program), ": ");
	buf_adds(err, *line != '\0' ? ": " : "");
	buf_adds(err, text_clean_copy(line).s);
}

bool
unpack_finish(struct unpack *u, struct buf *err)
{
	int code;

	if (u->pid > 0)
		u->status = unpack_reap_child(&u->pid, false);
	unpack_reap_child(&u->feeder, true);
	code = WIFEXITED(u->status) ? WEXITSTATUS(u->status) : -1;
	if (code == 0)
		return true;
	if (code == EXIT_NOT_FOUND) {
		buf_setf(err, "decompressing requires the program %s, which is not installed",
		    u->program);
		return false;
	}
	buf_setf(err, "%s failed", u->program);
	if (WIFSIGNALED(u->status))
		buf_addf(err, ": killed by signal %d", WTERMSIG(u->status));
	unpack_add_error_line(u, err);
	return false;
}

void
unpack_progress(const struct unpack *u, uint64_t *done, uint64_t *all)
{
	struct stat st;
	/* The program continues at the same offset. */
	off_t at = lseek(u->packed, 0, SEEK_CUR);

	if (!u->regular || at < 0 || fstat(u->packed, &st) != 0)
		return;
	*done = (uint64_t)at;
	*all = (uint64_t)st.st_size;
}

void
unpack_del(struct unpack *u)
{
	if (u == NULL)
		return;
	unpack_reap_child(&u->pid, true);
	unpack_reap_child(&u->feeder, true);
	if (u->said != -1)
		close(u->said);
	if (u->packed != -1)
		close(u->packed);
	free(u);
}
