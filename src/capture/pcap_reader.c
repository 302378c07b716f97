/*
 * Classic pcap and everything else that libpcap reads: plain records in place, others by libpcap,
 * from a pipe once they are complete.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#ifdef __linux__
#include <stdio_ext.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/pcap_records.h"
#include "capture/reader.h"
#include "util/alloc.h"

#define STDIO_SIZE (256 * 1024)

struct pcap_reader {
	struct reader reader;
	struct pcap_stream *in; /* NULL: a regular file */
	char stdio[STDIO_SIZE]; /* of a regular file */
};

static struct pcap_reader *
pcap_reader_as_pcap(const struct reader *r)
{
	return (struct pcap_reader *)(uintptr_t)r;
}

/* The result at libpcap's end. */
static enum source_outcome
pcap_reader_finish(const struct reader *r, int got, struct buf *err)
{
	const char *why = pcap_geterr(r->pcap);

	if (got != PCAP_ERROR)
		return SOURCE_DONE;
	if (strstr(why, "truncated dump file") != NULL)
		return SOURCE_SHORT;
	buf_setf(err, "%s", text_clean_copy(why).s);
	return SOURCE_ERROR;
}

static bool
pcap_reader_use_libpcap(struct reader *r, struct buf *err)
{
	off_t at = (off_t)pcap_records_at(r->records);

	free(r->records);
	r->records = NULL;
	if (fseeko(pcap_file(r->pcap), at, SEEK_SET) == 0)
		return true;
	buf_setf(err, "%s", strerror(errno));
	return false;
}

static enum source_outcome
pcap_reader_libpcap_next(struct pcap_reader *p, struct frame *f, struct buf *err)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int got;

	if (p->in != NULL && !pcap_stream_ready(p->in))
		return SOURCE_READ;
	got = pcap_next_ex(p->reader.pcap, &h, &data);
	if (got != 1)
		return pcap_reader_finish(&p->reader, got, err);
	if (p->in != NULL)
		pcap_stream_consumed(p->in);
	f->ts = pcap_file_time(&h->ts);
	f->data = data;
	f->caplen = h->caplen;
	f->len = h->len;
	return SOURCE_READ;
}

static enum source_outcome
pcap_reader_next(struct reader *r, struct frame *f, struct buf *err)
{
	f->data = NULL;
	if (r->records != NULL) {
		if (pcap_records_fill(r->records) && pcap_records_next(r->records, f))
			return SOURCE_READ;
		if (!pcap_reader_use_libpcap(r, err))
			return SOURCE_ERROR;
	}
	return pcap_reader_libpcap_next(pcap_reader_as_pcap(r), f, err);
}

static int
pcap_reader_fd(const struct reader *r)
{
	const struct pcap_reader *p = pcap_reader_as_pcap(r);

	return p->in != NULL ? pcap_stream_fd(p->in) : -1;
}

static uint64_t
pcap_reader_at(const struct reader *r)
{
	off_t at;

	if (r->records != NULL)
		return pcap_records_at(r->records);
	at = pcap_reader_as_pcap(r)->in == NULL ? ftello(pcap_file(r->pcap)) : 0;
	return at > 0 ? (uint64_t)at : 0;
}

static void
pcap_reader_del(struct reader *r)
{
	pcap_stream_del(pcap_reader_as_pcap(r)->in);
	free(r->records);
	free(pcap_reader_as_pcap(r));
}

static const struct reader_ops pcap_reader_ops = {
	.next = pcap_reader_next,
	.fd = pcap_reader_fd,
	.at = pcap_reader_at,
	.del = pcap_reader_del,
};

/* Avoids two locks per packet, a sixth of the total run time; there are no threads. */
static void
pcap_reader_set_unlocked(FILE *stream)
{
#ifdef FSETLOCKING_BYCALLER
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
#else
	(void)stream;
#endif
}

/* libpcap closes the stream; the descriptor still belongs to its owner. */
static FILE *
pcap_reader_open_regular(struct pcap_reader *p, int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *stream = own >= 0 ? fdopen(own, "rb") : NULL;

	if (stream == NULL) {
		if (own >= 0)
			close(own);
		return NULL;
	}
	setvbuf(stream, p->stdio, _IOFBF, sizeof(p->stdio));
	pcap_reader_set_unlocked(stream);
	return stream;
}

static FILE *
pcap_reader_open_stream(struct pcap_reader *p, const struct reader_input *in)
{
	if (in->regular)
		return pcap_reader_open_regular(p, in->fd);
	p->in = pcap_stream_new(in->fd, in->head, in->n_head);
	return pcap_stream_file(p->in);
}

static bool
pcap_reader_open_capture(struct pcap_reader *p, const struct reader_input *in, struct buf *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = pcap_reader_open_stream(p, in);

	if (stream == NULL) {
		buf_setf(err, "%s", strerror(errno));
		return false;
	}
	p->reader.pcap =
	    pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (p->reader.pcap != NULL)
		return true;
	buf_setf(err, "not a capture file that libpcap can read: %s", text_clean_copy(why).s);
	fclose(stream);
	return false;
}

struct reader *
pcap_reader_open(const struct reader_input *in, struct buf *err)
{
	struct pcap_reader *p = xcalloc(1, sizeof(*p));

	p->reader.ops = &pcap_reader_ops;
	if (!pcap_reader_open_capture(p, in, err)) {
		pcap_reader_del(&p->reader);
		return NULL;
	}
	if (in->regular)
		p->reader.records = pcap_records_new(in->fd, p->reader.pcap);
	return &p->reader;
}
