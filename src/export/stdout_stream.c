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
open_terminal(void)
{
	const char *name = isatty(STDOUT_FILENO) ? ttyname(STDOUT_FILENO) : NULL;

	return name != NULL ? open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
}

void
stream_open(struct stream *s)
{
	int fd = open_terminal();

	*s = (struct stream){ .fd = fd >= 0 ? fd : STDOUT_FILENO, .is_another = fd >= 0 };
	buf_new(&s->text);
}

void
stream_close(struct stream *s)
{
	if (s->is_another)
		close(s->fd);
	buf_del(&s->text);
}

int
stream_fd(const struct stream *s)
{
	return stream_pending(s) ? s->fd : -1;
}

static void
forget(struct stream *s)
{
	buf_clear(&s->text);
	s->done = 0;
}

/* Waits at most ms; false: it takes nothing now.  If poll(2) fails, write(2) waits as well. */
static bool
is_writable(const struct stream *s, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLOUT };

	int ready = fd_poll(&p, 1, ms);

	return ready > 0 || (ready == -1 && ms == -1);
}

/* In pieces, each of which waits at most ms. */
static int
write_pieces(struct stream *s, size_t piece, int ms)
{
	while (stream_pending(s) && is_writable(s, ms)) {
		size_t left = s->text.len - s->done;
		ssize_t n = write(s->fd, s->text.s + s->done, left < piece ? left : piece);
		int error = n < 0 ? errno : 0;

		if (n > 0)
			s->done += (size_t)n;
		if (error != 0 && error != EINTR && error != EAGAIN) {
			forget(s);
			return error;
		}
	}
	if (!stream_pending(s))
		forget(s);
	return 0;
}

int
stream_flush(struct stream *s)
{
	return write_pieces(s, PIECE, 0);
}

int
stream_drain(struct stream *s)
{
	int error = 0;

	while (stream_pending(s) && error == 0)
		error = write_pieces(s, SIZE_MAX, -1);
	return error;
}
