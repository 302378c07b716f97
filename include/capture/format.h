/*
 * Detects the format of a capture file from its first bytes. Private to src/capture/.
 */
#ifndef CAPTURE_FORMAT_H
#define CAPTURE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "capture/reader.h"

#define FORMAT_HEAD 16 /* bytes that are needed */

struct format {
	const char *name;     /* "a snoop file" */
	reader_open_fn *open; /* NULL: not supported */
	const char
	    *unpack; /* command that decompresses its standard input to its output, or NULL */
	const char *convert; /* a hint how to convert it, or NULL */
	size_t n;
	uint8_t magic[FORMAT_HEAD];
};

/* The format with these first n bytes. Never NULL: the last row leaves it to libpcap. */
const struct format *format_find(const uint8_t head[FORMAT_HEAD], size_t n);

#endif
