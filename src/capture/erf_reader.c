/*
 * Endace's extensible record format: records without a file header. A frame is a whole record, as
 * in other files with link type ERF.
 *
 *	fraction (4)  seconds (4): little-endian, of 2 to the power of -32 seconds
 *	type (1)  flags (1)  length of the record (2)  lost (2)  bytes on the link (2)  ...
 */
#include "config.h"

#include <pcap/pcap.h>

#include "capture/pcap_records.h"
#include "capture/private.h"
#include "capture/reader.h"
#include "util/attr.h"

#define RECORD      16
#define EXTENSION   8
#define IS_EXTENDED 0x80 /* flag of a type, and of the first byte of an extension */

/* Bytes between the record's header with its extensions and the frame; 0 for all other types. */
static const uint8_t padding[] = { [2] = 2,
	[11] = 2,
	[16] = 2,
	[20] = 2, /* Ethernet */
	[5] = 4,
	[6] = 4,
	[7] = 4,
	[8] = 4,
	[9] = 4,
	[12] = 4,
	[17] = 4 /* several channels */ };

/* Bytes before the frame in a record of `length`. */
static uint32_t
erf_header_length(const uint8_t *h, uint32_t length)
{
	unsigned type = h[8] & (IS_EXTENDED - 1);
	bool more = h[8] & IS_EXTENDED;
	uint32_t n = RECORD;

	while (more && n + EXTENSION <= length) {
		more = h[n] & IS_EXTENDED;
		n += EXTENSION;
	}
	return type < NITEMS(padding) ? n + padding[type] : n;
}

static enum source_outcome
erf_next(struct reader *r, struct frame *f, struct buf *err)
{
	struct stream_reader *e = (struct stream_reader *)r;
	enum source_outcome o;
	const uint8_t *h = stream_reader_need(e, RECORD, &o, err);
	uint32_t length;

	f->data = NULL;
	if (h == NULL)
		return o;
	length = bytes_16(h + 10, true);
	if (length < RECORD) {
		buf_setf(err, "a record has an invalid length of %u", length);
		return SOURCE_ERROR;
	}
	h = stream_reader_need(e, length, &o, err);
	if (h == NULL)
		return o;
	f->ts = pcap_time_ns(bytes_32(h + 4, false), bytes_32(h, false) * PCAP_FRAME_NS >> 32);
	f->len = erf_header_length(h, length) + bytes_16(h + 14, true);
	f->caplen = length < f->len ? length : f->len;
	f->data = h;
	byte_stream_skip(&e->in, length);
	return SOURCE_READ;
}

static const struct reader_ops erf_ops = {
	.next = erf_next,
	.fd = stream_reader_fd,
	.at = stream_reader_at,
	.del = stream_reader_del,
};

struct reader *
erf_reader_open(const struct reader_input *in, struct buf *err)
{
	struct stream_reader *e = stream_reader_new(sizeof(*e), &erf_ops, in);

	(void)err;
	e->reader.pcap = reader_handle(DLT_ERF);
	return &e->reader;
}
