#include "config.h"

#include "export/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <unistd.h>

#include "platform/file_ops.h"

/* POSIX: if poll(2) reports a pipe as writable, it takes that many bytes without blocking. */
#ifdef PIPE_BUF
#define PIECE PIPE_BUF
#else
#define PIECE _POSIX_PIPE_BUF
#endif

/* A terminal may take fewer bytes and block: it is opened again, to be non-blocking. */
static int
stdout_stream_open_terminal(void)
{
	const char *name = isatty(STDOUT_FILENO) ? ttyname(STDOUT_FILENO) : NULL;

	return name != NULL ? open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
}

void
stdout_stream_open(struct stdout_stream *s)
{
	int fd = stdout_stream_open_terminal();

	*s = (struct stdout_stream){ .fd = fd >= 0 ? fd : STDOUT_FILENO, .reopened = fd >= 0 };
	buf_new(&s->text);
}

void
stdout_stream_close(struct stdout_stream *s)
{
	if (s->reopened)
		close(s->fd);
	buf_del(&s->text);
}

int
stdout_stream_fd(const struct stdout_stream *s)
{
	return stdout_stream_pending(s) ? s->fd : -1;
}

static void
stdout_stream_clear(struct stdout_stream *s)
{
	buf_clear(&s->text);
	s->written = 0;
}

/* Waits at most ms; false: not writable now. If poll(2) fails, write(2) blocks instead. */
static bool
stdout_stream_is_writable(const struct stdout_stream *s, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };

	int ready = fd_poll(&p, 1, ms);

	return ready > 0 || (ready == -1 && ms == -1);
}

/* Writes in pieces, and waits at most ms for each. */
static int
stdout_stream_write_pieces(struct stdout_stream *s, size_t piece, int ms)
{
	while (stdout_stream_pending(s) && stdout_stream_is_writable(s, ms)) {
		size_t left = s->text.len - s->written;
		ssize_t n = write(s->fd, s->text.s + s->written, left < piece ? left : piece);
		int error = n < 0 ? errno : 0;

		if (n > 0)
			s->written += (size_t)n;
		if (error != 0 && error != EINTR && error != EAGAIN) {
			stdout_stream_clear(s);
			return error;
		}
	}
	if (!stdout_stream_pending(s))
		stdout_stream_clear(s);
	return 0;
}

int
stdout_stream_flush(struct stdout_stream *s)
{
	return stdout_stream_write_pieces(s, PIECE, 0);
}

int
stdout_stream_drain(struct stdout_stream *s)
{
	int error = 0;

	while (stdout_stream_pending(s) && error == 0)
		error = stdout_stream_write_pieces(s, SIZE_MAX, -1);
	return error;
}
