/*
 * Writes text to standard output without blocking the capture, even if the reader is slow.
 *
 *	stdout_stream_open(&s);
 *	buf_add(&s.text, ...);		while nothing is pending
 *	stdout_stream_flush(&s);		now, and when stdout_stream_fd() is writable
 *	stdout_stream_drain(&s);		at the end; blocks
 *	stdout_stream_close(&s);
 *
 * The descriptor's flags are not changed, because other processes share it.
 */
#ifndef EXPORT_STDOUT_STREAM_H
#define EXPORT_STDOUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/buf.h"

struct stdout_stream {
	struct buf text;
	size_t written; /* bytes of it already written */
	int fd;         /* standard output, or the same terminal opened again */
	bool reopened;  /* opened again: it can be non-blocking */
};

void stdout_stream_open(struct stdout_stream *s);
void stdout_stream_close(struct stdout_stream *s);

static inline bool
stdout_stream_pending(const struct stdout_stream *s)
{
	return s->written < s->text.len;
}

/* Poll it for POLLOUT; -1: nothing is pending. */
int stdout_stream_fd(const struct stdout_stream *s);

/* Writes without blocking. Returns 0 or errno; on error the rest is dropped. */
int stdout_stream_flush(struct stdout_stream *s);

/* Writes everything; blocks. */
int stdout_stream_drain(struct stdout_stream *s);

#endif
