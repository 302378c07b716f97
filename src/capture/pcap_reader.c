/*
 * Classic pcap and whatever else libpcap reads: plain records in place, all others by libpcap, of
 * a pipe once they are whole.
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

#include "capture/pcap_frame.h"
#include "capture/pcap_records.h"
#include "capture/pcap_stream.h"
#include "capture/reader.h"
#include "util/die.h"

#define STDIO_SIZE (256 * 1024)

struct pcap_reader {
	struct reader reader;
	struct inflow *in;      /* NULL: a regular file */
	char stdio[STDIO_SIZE]; /* of a regular file */
};

static struct pcap_reader *
as_pcap(const struct reader *r)
{
	return (struct pcap_reader *)(uintptr_t)r;
}

/* libpcap gives no more. */
static enum source_outcome
finish(const struct reader *r, int got, struct buf *err)
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
leave_to_libpcap(struct reader *r, struct buf *err)
{
	off_t at = (off_t)skim_at(r->skim);

	free(r->skim);
	r->skim = NULL;
	if (fseeko(pcap_file(r->pcap), at, SEEK_SET) == 0)
		return true;
	buf_setf(err, "%s", strerror(errno));
	return false;
}

static enum source_outcome
ask_libpcap(struct pcap_reader *p, struct frame *f, struct buf *err)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int got;

	if (p->in != NULL && !inflow_ready(p->in))
		return SOURCE_READ;
	got = pcap_next_ex(p->reader.pcap, &h, &data);
	if (got != 1)
		return finish(&p->reader, got, err);
	if (p->in != NULL)
		inflow_took(p->in);
	f->ts = hand_file_stamp(&h->ts);
	f->data = data;
	f->caplen = h->caplen;
	f->len = h->len;
	return SOURCE_READ;
}

static enum source_outcome
pcap_reader_next(struct reader *r, struct frame *f, struct buf *err)
{
	f->data = NULL;
	if (r->skim != NULL) {
		if (skim_more(r->skim) && skim_next(r->skim, f))
			return SOURCE_READ;
		if (!leave_to_libpcap(r, err))
			return SOURCE_ERROR;
	}
	return ask_libpcap(as_pcap(r), f, err);
}

static int
pcap_reader_fd(const struct reader *r)
{
	const struct pcap_reader *p = as_pcap(r);

	return p->in != NULL ? inflow_fd(p->in) : -1;
}

static uint64_t
pcap_reader_at(const struct reader *r)
{
	off_t at;

	if (r->skim != NULL)
		return skim_at(r->skim);
	at = as_pcap(r)->in == NULL ? ftello(pcap_file(r->pcap)) : 0;
	return at > 0 ? (uint64_t)at : 0;
}

static void
pcap_reader_del(struct reader *r)
{
	inflow_del(as_pcap(r)->in);
	free(r->skim);
	free(as_pcap(r));
}

static const struct reader_ops pcap_reader_ops = {
	.next = pcap_reader_next,
	.fd = pcap_reader_fd,
	.at = pcap_reader_at,
	.del = pcap_reader_del,
};

/* Two locks for each packet are a sixth of the time that a whole run takes; there are no threads.
 */
static void
go_unlocked(FILE *stream)
{
#ifdef FSETLOCKING_BYCALLER
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
#else
	(void)stream;
#endif
}

/* libpcap closes the stream; the descriptor stays its owner's. */
static FILE *
open_regular(struct pcap_reader *p, int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *stream = own >= 0 ? fdopen(own, "rb") : NULL;

	if (stream == NULL) {
		if (own >= 0)
			close(own);
		return NULL;
	}
	setvbuf(stream, p->stdio, _IOFBF, sizeof(p->stdio));
	go_unlocked(stream);
	return stream;
}

static FILE *
open_stream(struct pcap_reader *p, const struct reader_input *in)
{
	if (in->regular)
		return open_regular(p, in->fd);
	p->in = inflow_new(in->fd, in->head, in->n_head);
	return inflow_file(p->in);
}

static bool
open_capture(struct pcap_reader *p, const struct reader_input *in, struct buf *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = open_stream(p, in);

	if (stream == NULL) {
		buf_setf(err, "%s", strerror(errno));
		return false;
	}
	p->reader.pcap =
	    pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (p->reader.pcap != NULL)
		return true;
	buf_setf(err, "no capture file that libpcap can read: %s", text_clean_copy(why).s);
	fclose(stream);
	return false;
}

struct reader *
pcap_reader_open(const struct reader_input *in, struct buf *err)
{
	struct pcap_reader *p = xcalloc(1, sizeof(*p));

	p->reader.ops = &pcap_reader_ops;
	if (!open_capture(p, in, err)) {
		pcap_reader_del(&p->reader);
		return NULL;
	}
	if (in->regular)
		p->reader.skim = skim_new(in->fd, p->reader.pcap);
	return &p->reader;
}
