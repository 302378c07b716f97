#include "config.h"

#include "capture/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "util/die.h"

struct pcap *
reader_handle(uint16_t linktype)
{
	pcap_t *p =
	    pcap_open_dead_with_tstamp_precision(linktype, UINT16_MAX, PCAP_TSTAMP_PRECISION_NANO);

	if (p == NULL)
		die("not enough memory for a capture file");
	return p;
}

static struct stream_reader *
reader_as_stream(const struct reader *r)
{
	return (struct stream_reader *)(uintptr_t)r;
}

void *
stream_reader_new(size_t size, const struct reader_ops *ops, const struct reader_input *in)
{
	struct stream_reader *r = xcalloc(1, size);

	r->reader.ops = ops;
	byte_stream_init(&r->in, in->fd, in->head, in->n_head);
	return r;
}

uint8_t *
stream_reader_need(struct stream_reader *r, size_t n, enum source_outcome *o, struct buf *err)
{
	static const enum source_outcome outcomes[] = {
		[STREAM_READY] = SOURCE_READ,
		[STREAM_WAIT] = SOURCE_READ,
		[STREAM_END] = SOURCE_DONE,
		[STREAM_SHORT] = SOURCE_SHORT,
		[STREAM_FAILED] = SOURCE_ERROR,
	};
	enum stream_state s = byte_stream_need(&r->in, n);

	*o = outcomes[s];
	r->waits = s == STREAM_WAIT;
	if (LIKELY(s == STREAM_READY))
		return r->in.bytes + r->in.next;
	if (s == STREAM_FAILED)
		buf_setf(err, "%s", strerror(errno));
	return NULL;
}

int
stream_reader_fd(const struct reader *r)
{
	return reader_as_stream(r)->waits ? reader_as_stream(r)->in.fd : -1;
}

uint64_t
stream_reader_at(const struct reader *r)
{
	return byte_stream_at(&reader_as_stream(r)->in);
}

void
stream_reader_del(struct reader *r)
{
	free(reader_as_stream(r));
}
