/*
 * RFC 1761: a header of magic (8), version (4) and link type (4), then packets:
 *
 *	bytes on the link (4)  captured bytes (4)  length of the record (4)
 *	packets dropped so far (4)  seconds (4)  microseconds (4)  the bytes, padded
 */
#include "config.h"

#include <stdlib.h>

#include <pcap/pcap.h>

#include "capture/pcap_records.h"
#include "capture/private.h"
#include "capture/reader.h"
#include "util/attr.h"

#define FILE_HEADER  16
#define RECORD       24
#define CAPTURE_MOST 262144
#define NS_IN_US     1000

struct snoop {
	struct stream_reader base;
	uint64_t dropped;
};

static const struct {
	uint32_t in_file;
	uint16_t dlt;
} linktypes[] = {
	{ 0, DLT_EN10MB },
	{ 4, DLT_EN10MB },
	{ 2, DLT_IEEE802 },
	{ 8, DLT_FDDI },
	{ 18, DLT_SUNATM },
	{ 26, DLT_IPNET },
};

static struct snoop *
snoop_as_snoop(const struct reader *r)
{
	return (struct snoop *)(uintptr_t)r;
}

static enum source_outcome
snoop_next(struct reader *r, struct frame *f, struct buf *err)
{
	struct snoop *s = snoop_as_snoop(r);
	enum source_outcome o;
	const uint8_t *h = stream_reader_need(&s->base, RECORD, &o, err);
	uint32_t caplen, length;

	f->data = NULL;
	if (h == NULL)
		return o;
	caplen = bytes_32(h + 4, true);
	length = bytes_32(h + 8, true);
	if (caplen > CAPTURE_MOST || length < RECORD || caplen > length - RECORD) {
		buf_setf(err, "a packet of %u bytes does not fit its record of %u", caplen, length);
		return SOURCE_ERROR;
	}
	h = stream_reader_need(&s->base, RECORD + caplen, &o, err);
	if (h == NULL)
		return o;
	s->dropped = bytes_32(h + 12, true);
	f->ts = pcap_time_ns(bytes_32(h + 16, true), (uint64_t)bytes_32(h + 20, true) * NS_IN_US);
	f->len = bytes_32(h, true);
	f->caplen = caplen;
	f->data = h + RECORD;
	byte_stream_skip(&s->base.in, length);
	return SOURCE_READ;
}

static bool
snoop_counts(const struct reader *r, unsigned i, struct source_counts *c)
{
	*c = (struct source_counts){ .kernel_dropped = snoop_as_snoop(r)->dropped, .known = true };
	return i == 0;
}

static const struct reader_ops snoop_ops = {
	.next = snoop_next,
	.fd = stream_reader_fd,
	.at = stream_reader_at,
	.del = stream_reader_del,
	.counts = snoop_counts,
};

/* Parses the link type in the header; blocks on a pipe. */
static bool
snoop_read_header(struct snoop *s, uint32_t *linktype, struct buf *err)
{
	enum source_outcome o;
	const uint8_t *h;

	s->base.in.patient = true;
	h = stream_reader_need(&s->base, FILE_HEADER, &o, err);
	s->base.in.patient = false;
	if (h == NULL) {
		buf_setf(err, "the file ends within its header");
		return false;
	}
	*linktype = bytes_32(h + 12, true);
	byte_stream_skip(&s->base.in, FILE_HEADER);
	return true;
}

struct reader *
snoop_reader_open(const struct reader_input *in, struct buf *err)
{
	struct snoop *s = stream_reader_new(sizeof(*s), &snoop_ops, in);
	uint32_t linktype;

	if (snoop_read_header(s, &linktype, err)) {
		for (unsigned i = 0; i < NITEMS(linktypes); i++) {
			if (linktypes[i].in_file != linktype)
				continue;
			s->base.reader.pcap = reader_handle(linktypes[i].dlt);
			return &s->base.reader;
		}
		buf_setf(err, "a snoop file of link type %u, which is not supported", linktype);
	}
	free(s);
	return NULL;
}
