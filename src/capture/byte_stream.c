#include "config.h"

#include "capture/reader.h"

#include <assert.h>
#include <string.h>

#include "platform/file_ops.h"

/* One read: fits into a processor's cache. */
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
byte_stream_discard(struct byte_stream *in)
{
	size_t have = in->end - in->next;
	size_t n = in->skip < have ? (size_t)in->skip : have;

	in->next += n;
	in->skip -= n;
}

/* Like fd_can_read(). */
static int
byte_stream_can_read(const struct byte_stream *in)
{
	return in->regular || in->patient ? 1 : fd_can_read(in->fd);
}

/* One read(2), after the rest of the window was moved to its front. False with errno. */
static bool
byte_stream_fill(struct byte_stream *in, size_t want)
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
	byte_stream_discard(in);
	while (in->end - in->next < n) {
		int ready;

		if (in->ended)
			return in->end == in->next && in->skip == 0 ? STREAM_END : STREAM_SHORT;
		ready = byte_stream_can_read(in);
		if (ready == 0)
			return STREAM_WAIT;
		if (ready == -1 || !byte_stream_fill(in, n))
			return STREAM_FAILED;
		byte_stream_discard(in);
	}
	return STREAM_READY;
}

void
byte_stream_skip(struct byte_stream *in, uint64_t n)
{
	in->skip += n;
	byte_stream_discard(in);
}
