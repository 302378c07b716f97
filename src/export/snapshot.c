/* The child that writes the snapshot, and its result. */
#include "config.h"

#include "export/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "export/private.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "util/die.h"

/*
 * What the child says: a null byte, one of these, and a sentence. Without it the child has died;
 * the exit status is not used. Text before the null byte comes from libraries and is dropped.
 */
#define SAYS_BEGIN  '\0'
#define SAYS_DONE   '+'
#define SAYS_FAILED '-'

void
snapshot_init(struct snapshot *s)
{
	*s = (struct snapshot){ .fd = -1 };
}

static void ATTR_NORETURN
snapshot_in_child(struct ledger *l, const char *dir, uint64_t now, int pipe_fd)
{
	char text[sizeof(((struct snapshot *)0)->said)];
	struct buf said;
	bool ok;

	/* Errors of a sanitizer or the C library go through the pipe, too. */
	if (!child_keep(&pipe_fd, 1) || dup2(pipe_fd, STDERR_FILENO) == -1)
		_exit(EXIT_FAILED);
	close(pipe_fd);
	child_limit_cpu();
	buf_init(&said, text + 2, sizeof(text) - 2);
	ledger_flush(l);
	ok = snapshot_write(l, dir, now, &said);
	text[0] = SAYS_BEGIN;
	text[1] = ok ? SAYS_DONE : SAYS_FAILED;
	if (write(STDERR_FILENO, text, said.len + 2) == -1)
		ok = false;
	_exit(ok ? EXIT_DONE : EXIT_FAILED);
}

bool
snapshot_start(struct snapshot *s, struct ledger *l, const char *dir, uint64_t now, struct buf *err)
{
	int ends[2];

	if (s->pid != 0) {
		buf_setf(err, "a snapshot is still being written");
		return false;
	}
	if (pipe2(ends, O_CLOEXEC) == -1) {
		buf_setf(err, "no snapshot: cannot create a pipe: %s", strerror(errno));
		return false;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	s->pid = child_fork(CHILD_COUNTS);
	if (s->pid == 0)
		snapshot_in_child(l, dir, now, ends[1]);
	close(ends[1]);
	if (s->pid == -1) {
		buf_setf(err, "no snapshot: fork failed: %s", strerror(errno));
		close(ends[0]);
		s->pid = 0;
		return false;
	}
	s->fd = ends[0];
	s->said_len = 0;
	return true;
}

/* Adds text; drops what exceeds the buffer, and what precedes the sentence. */
static void
snapshot_add_text(struct snapshot *s, const char *text, size_t len)
{
	const char *begin = memchr(text, SAYS_BEGIN, len);
	size_t room;

	if (begin != NULL) {
		s->said_len = 0;
		len -= (size_t)(begin - text);
		text = begin;
	}
	room = sizeof(s->said) - s->said_len;
	if (len > room)
		len = room;
	memcpy(s->said + s->said_len, text, len);
	s->said_len += len;
}

/* Reads the available text. True at the end. */
static bool
snapshot_read_pipe(struct snapshot *s)
{
	char piece[256];

	for (;;) {
		ssize_t n = read(s->fd, piece, sizeof(piece));

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 || errno != EAGAIN;
		snapshot_add_text(s, piece, (size_t)n);
	}
}

/* The sentence for a child that was killed, or had no memory. */
static void
snapshot_death_text(const struct snapshot *s, int status, struct buf *result)
{
	size_t line = strnlen(s->said, s->said_len);

	buf_setf(result, "no snapshot: the writer process ");
	if (WIFSIGNALED(status))
		child_add_signal(result, WTERMSIG(status));
	else
		buf_adds(result, "failed");
	while (line > 0 && s->said[line - 1] == '\n')
		line--;
	if (line > 0) {
		buf_adds(result, ": ");
		buf_add(result, s->said, line);
	}
}

bool
snapshot_read(struct snapshot *s, struct buf *result, bool *ok)
{
	bool sentence;
	int status;

	if (s->pid == 0 || !snapshot_read_pipe(s))
		return false;
	status = child_reap(s->pid);
	close(s->fd);
	sentence = s->said_len > 1 && s->said[0] == SAYS_BEGIN;
	*ok = sentence && s->said[1] == SAYS_DONE;
	buf_clear(result);
	if (sentence)
		buf_add(result, s->said + 2, s->said_len - 2);
	else
		snapshot_death_text(s, status, result);
	snapshot_init(s);
	return true;
}

bool
snapshot_wait(struct snapshot *s, unsigned seconds, struct buf *result, bool *ok)
{
	struct pollfd end = { .fd = s->fd, .events = POLLIN };
	unsigned waited = 0;

	if (s->pid == 0)
		return false;
	while (!snapshot_read(s, result, ok))
		if (fd_poll(&end, 1, 1000) == 0 && ++waited == seconds)
			kill(s->pid, SIGKILL);
	if (waited >= seconds && !*ok)
		buf_setf(result, "no snapshot: it was not written within %u s", seconds);
	return true;
}
