#include "config.h"

#include "ui/output_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIPE_ASKED (1 << 20) /* bytes, where the system lets us ask */
#define PIPE_LEAST 16384     /* bytes that systems give which cannot be asked */

bool
outlet_open(struct outlet *o, struct buf *err)
{
	int fds[2];

	*o = (struct outlet){ .pipe = -1 };
	buf_new(&o->waiting);
	if (pipe(fds) != 0) {
		buf_setf(err, "no pipe for the screen: %s", strerror(errno));
		return false;
	}
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
#ifdef F_SETPIPE_SZ
	/* Refused to a user who has many pipes; then it stays as large as it is. */
	(void)fcntl(fds[1], F_SETPIPE_SZ, PIPE_ASKED);
#endif
	o->pipe = fds[0];
	o->file = fdopen(fds[1], "w");
	if (o->file == NULL) {
		buf_setf(err, "no pipe for the screen: %s", strerror(errno));
		close(fds[1]);
		return false;
	}
	return true;
}

void
outlet_close(struct outlet *o)
{
	if (o->file != NULL)
		fclose(o->file);
	if (o->pipe >= 0)
		close(o->pipe);
	buf_del(&o->waiting);
	*o = (struct outlet){ .pipe = -1 };
}

size_t
outlet_room(const struct outlet *o)
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
outlet_collect(struct outlet *o)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(o->pipe, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buf_add(&o->waiting, bytes, (size_t)n);
}

void
outlet_drop(struct outlet *o)
{
	buf_clear(&o->waiting);
	o->done = 0;
}

bool
outlet_flush(struct outlet *o, const struct tty *tty)
{
	ssize_t n;

	while (outlet_pending(o)) {
		n = tty_write(tty, o->waiting.s + o->done, o->waiting.len - o->done);
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		o->done += (size_t)n;
		o->sent += (uint64_t)n;
	}
	outlet_drop(o);
	return true;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
outlet_drain(struct outlet *o, const struct tty *tty, int ms)
{
	int64_t end = now_ms() + ms, left;

	while (outlet_flush(o, tty) && outlet_pending(o) && (left = end - now_ms()) > 0)
		tty_wait(tty, (int)left);
}
