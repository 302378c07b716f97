/*
 * Text for a reader who may sleep: standard output, which must never stop the capture.
 *
 *	stdout_stream_open(&s);
 *	buf_add(&s.text, ...);		while nothing is pending
 *	stdout_stream_flush(&s);		now, and when stdout_stream_fd() can be written
 *	stdout_stream_drain(&s);		at the end, however long it takes
 *	stdout_stream_close(&s);
 *
 * The descriptor's flags stay as they are, for others have it too.
 */
#ifndef EXPORT_STDOUT_STREAM_H
#define EXPORT_STDOUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

struct stdout_stream {
	struct buf text;
	size_t written; /* bytes of it that were taken */
	int fd;         /* standard output, or the same terminal once more */
	bool reopened;  /* the latter: it can be told not to wait */
};

void stdout_stream_open(struct stdout_stream *s);
void stdout_stream_close(struct stdout_stream *s);

static inline bool
stdout_stream_pending(const struct stdout_stream *s)
{
	return s->written < s->text.len;
}

/* To be polled for POLLOUT; -1: nothing is pending. */
int stdout_stream_fd(const struct stdout_stream *s);

/* Writes what is taken without waiting.  0, or errno: then the rest is forgotten. */
int stdout_stream_flush(struct stdout_stream *s);

/* Writes all. */
int stdout_stream_drain(struct stdout_stream *s);

#endif
