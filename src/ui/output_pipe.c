#include "config.h"

#include "ui/private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIPE_ASKED (1 << 20) /* bytes, if the system allows a choice */
#define PIPE_LEAST 16384     /* bytes on other systems */

/* A read that fails is repeated: what restores the terminal must not be lost. */
#define READ_FAILURES 3

bool
output_pipe_open(struct output_pipe *o, struct buf *err)
{
	int fds[2];

	*o = (struct output_pipe){ .pipe = -1 };
	buf_new(&o->waiting);
	if (pipe(fds) != 0) {
		buf_setf(err, "cannot create a pipe for the screen: %s", strerror(errno));
		return false;
	}
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
#ifdef F_SETPIPE_SZ
	/* Fails if the user has many pipes; then the size stays. */
	(void)fcntl(fds[1], F_SETPIPE_SZ, PIPE_ASKED);
#endif
	o->pipe = fds[0];
	o->file = fdopen(fds[1], "w");
	if (o->file == NULL) {
		buf_setf(err, "cannot create a pipe for the screen: %s", strerror(errno));
		close(fds[1]);
		return false;
	}
	return true;
}

void
output_pipe_close(struct output_pipe *o)
{
	if (o->file != NULL)
		fclose(o->file);
	if (o->pipe >= 0)
		close(o->pipe);
	buf_del(&o->waiting);
	*o = (struct output_pipe){ .pipe = -1 };
}

size_t
output_pipe_room(const struct output_pipe *o)
{
#ifdef F_GETPIPE_SZ
	int room = fcntl(o->pipe, F_GETPIPE_SZ);

	if (room > 0)
		return (size_t)room;
#else
	(void)o;
#endif
	return PIPE_LEAST;
}

void
output_pipe_collect(struct output_pipe *o)
{
	unsigned failures = 0;
	char bytes[4096];
	ssize_t n;

	while ((n = read(o->pipe, bytes, sizeof bytes)) != 0) {
		if (n > 0)
			buf_add(&o->waiting, bytes, (size_t)n);
		else if (errno == EAGAIN || (errno != EINTR && ++failures == READ_FAILURES))
			return;
	}
}

void
output_pipe_drop(struct output_pipe *o)
{
	buf_clear(&o->waiting);
	o->done = 0;
}

bool
output_pipe_flush(struct output_pipe *o, const struct tty *tty)
{
	ssize_t n;

	while (output_pipe_pending(o)) {
		n = tty_write(tty, o->waiting.s + o->done, o->waiting.len - o->done);
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		o->done += (size_t)n;
		o->sent += (uint64_t)n;
	}
	output_pipe_drop(o);
	return true;
}

static int64_t
output_pipe_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
output_pipe_drain(struct output_pipe *o, const struct tty *tty, int ms)
{
	int64_t end = output_pipe_now_ms() + ms, left;

	while (output_pipe_flush(o, tty) && output_pipe_pending(o) &&
	    (left = end - output_pipe_now_ms()) > 0)
		tty_wait(tty, (int)left);
}
