#include "config.h"

#include "capture/byte_stream.h"

#include <assert.h>
#include <string.h>

#include "platform/fd.h"

/* A read at once: what fits into a processor's cache. */
#define CHUNK (128 * 1024)

void
byte_stream_init(struct byte_stream *in, int fd, const void *head, size_t n)
{
	assert(n <= BYTE_STREAM_SIZE);
	in->fd = fd;
	in->regular = fd_is_regular(fd);
	in->patient = in->ended = false;
	in->skip = 0;
	in->next = 0;
	in->end = n;
	in->read = n;
	memcpy(in->bytes, head, n);
}

static void
leave_out(struct byte_stream *in)
{
	size_t have = in->end - in->next;
	size_t n = in->skip < have ? (size_t)in->skip : have;

	in->next += n;
	in->skip -= n;
}

/* As fd_can_read(). */
static int
may_read(const struct byte_stream *in)
{
	return in->regular || in->patient ? 1 : fd_can_read(in->fd);
}

/* One read(2); what is left of the window moves to its front.  False with errno. */
static bool
fill(struct byte_stream *in, size_t want)
{
	size_t have = in->end - in->next, room = want > CHUNK ? want : CHUNK;
	ssize_t n;

	memmove(in->bytes, in->bytes + in->next, have);
	in->next = 0;
	in->end = have;
	n = fd_read(in->fd, in->bytes + have, room - have);
	if (n < 0)
		return false;
	in->ended = n == 0;
	in->end += (size_t)n;
	in->read += (uint64_t)n;
	return true;
}

enum stream_state
byte_stream_need(struct byte_stream *in, size_t n)
{
	assert(n > 0 && n <= BYTE_STREAM_SIZE);
	leave_out(in);
	while (in->end - in->next < n) {
		int ready;

		if (in->ended)
			return in->end == in->next && in->skip == 0 ? STREAM_END : STREAM_SHORT;
		ready = may_read(in);
		if (ready == 0)
			return STREAM_WAIT;
		if (ready == -1 || !fill(in, n))
			return STREAM_FAILED;
		leave_out(in);
	}
	return STREAM_READY;
}

void
byte_stream_take(struct byte_stream *in, uint64_t n)
{
	in->skip += n;
	leave_out(in);
}
