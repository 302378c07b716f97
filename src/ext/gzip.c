/* The only file that uses zlib. */
#include "config.h"

#include "ext/http_client.h"

#include "util/attr.h"

#ifdef HAVE_ZLIB

#include <limits.h>
#include <zlib.h>

#define GZIP_WINDOW 31 /* the largest window, in a gzip file */
#define GZIP_MEMORY 8

static bool
gzip_deflate(z_stream *z, struct buf *b)
{
	unsigned char out[16384];
	int status;

	do {
		z->next_out = out;
		z->avail_out = sizeof(out);
		status = deflate(z, Z_FINISH);
		buf_add(b, out, sizeof(out) - z->avail_out);
	} while (status == Z_OK);
	return status == Z_STREAM_END;
}

bool
gzip_compress(struct buf *b, const void *bytes, size_t n)
{
	z_stream z = { .next_in = (void *)(uintptr_t)bytes, .avail_in = (uInt)n };
	size_t before = b->len;
	bool ok;

	if (n > UINT_MAX ||
	    deflateInit2(
		&z, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	ok = gzip_deflate(&z, b);
	deflateEnd(&z);
	if (!ok)
		b->len = before;
	return ok;
}

#else

bool
gzip_compress(struct buf *b ATTR_UNUSED, const void *bytes ATTR_UNUSED, size_t n ATTR_UNUSED)
{
	return false;
}

#endif
