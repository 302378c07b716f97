/*
 * Text for a reader who may sleep: standard output, which must never stop the capture.
 *
 *	stream_open(&s);
 *	buf_add(&s.text, ...);		while nothing is pending
 *	stream_flush(&s);		now, and when stream_fd() can be written
 *	stream_drain(&s);		at the end, however long it takes
 *	stream_close(&s);
 *
 * The descriptor's flags stay as they are, for others have it too.
 */
#ifndef EXPORT_STDOUT_STREAM_H
#define EXPORT_STDOUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

struct stream {
	struct buf text;
	size_t done;     /* bytes of it that were taken */
	int fd;          /* standard output, or the same terminal once more */
	bool is_another; /* the latter: it can be told not to wait */
};

void stream_open(struct stream *s);
void stream_close(struct stream *s);

static inline bool
stream_pending(const struct stream *s)
{
	return s->done < s->text.len;
}

/* To be polled for POLLOUT; -1: nothing is pending. */
int stream_fd(const struct stream *s);

/* Writes what is taken without waiting.  0, or errno: then the rest is forgotten. */
int stream_flush(struct stream *s);

/* Writes all. */
int stream_drain(struct stream *s);

#endif
