/*
 * What a capture file is, by the bytes that it begins with.  Private to src/capture/.
 */
#ifndef CAPTURE_FORMAT_H
#define CAPTURE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "capture/reader.h"

#define FORMAT_HEAD 16 /* bytes that tell, or fewer where there are no more */

struct format {
	const char *name;     /* "a snoop file" */
	reader_open_fn *open; /* NULL: it is not read */
	const char *unpack;   /* what decompresses its standard input to its output, or NULL */
	const char *convert;  /* what else to try, or NULL */
	size_t n;
	uint8_t magic[FORMAT_HEAD];
};

/* Of the first n bytes.  Never NULL: libpcap has the last word. */
const struct format *format_of(const uint8_t head[FORMAT_HEAD], size_t n);

#endif
