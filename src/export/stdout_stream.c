#include "config.h"

#include "export/stdout_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <unistd.h>

#include "platform/fd.h"

/* A pipe that poll(2) calls writable takes so many bytes at once, POSIX promises. */
#ifdef PIPE_BUF
#define PIECE PIPE_BUF
#else
#define PIECE _POSIX_PIPE_BUF
#endif

/* A terminal may take fewer, and then it waits: it is opened once more, to be written otherwise. */
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

/* Waits at most ms; false: it takes nothing now.  If poll(2) fails, write(2) waits as well. */
static bool
stdout_stream_is_writable(const struct stdout_stream *s, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };

	int ready = fd_poll(&p, 1, ms);

	return ready > 0 || (ready == -1 && ms == -1);
}

/* In pieces, each of which waits at most ms. */
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
