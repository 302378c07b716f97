/*
 * A window that moves over the bytes of a file or a pipe, for readers that cut them into records.
 *
 *	byte_stream_init(&in, fd, head, n);	n bytes that were read from fd already
 *	while (byte_stream_need(&in, 16) == STREAM_READY)
 *		... in.bytes + in.next: at least 16 bytes ...
 *		byte_stream_skip(&in, length);
 *
 * The bytes are valid until the next byte_stream_need().  Private to src/capture/.
 */
#ifndef CAPTURE_BYTE_STREAM_H
#define CAPTURE_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BYTE_STREAM_SIZE (512 * 1024)

enum stream_state {
	STREAM_READY,
	STREAM_WAIT,   /* more has to arrive */
	STREAM_END,    /* at the end of the file */
	STREAM_SHORT,  /* the file ends within the n bytes */
	STREAM_FAILED, /* see errno */
};

struct byte_stream {
	int fd;
	bool regular;
	bool patient; /* block on a pipe */
	bool ended;
	uint64_t read;    /* bytes, so far */
	uint64_t skip;    /* bytes to be skipped that were not read yet */
	size_t next, end; /* in bytes: the next one, and one past the last */
	uint8_t bytes[BYTE_STREAM_SIZE];
};

/* fd still belongs to the caller. */
void byte_stream_init(struct byte_stream *in, int fd, const void *head, size_t n);

/* Makes n bytes (at most BYTE_STREAM_SIZE) available at in->next; reads if needed. */
enum stream_state byte_stream_need(struct byte_stream *in, size_t n);

/* Skips the next n bytes, which may be more than were read. */
void byte_stream_skip(struct byte_stream *in, uint64_t n);

/* Offset of in->next in the file. */
static inline uint64_t
byte_stream_at(const struct byte_stream *in)
{
	return in->read - (in->end - in->next);
}

#endif
