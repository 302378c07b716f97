/*
 * Records of libpcap and of pcap files.
 */
#ifndef CAPTURE_PCAP_RECORDS_H
#define CAPTURE_PCAP_RECORDS_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "capture/private.h"
#include "util/attr.h"

/*
 * Turns each packet from libpcap into a frame. Inline, because it runs once per packet. Private to
 * src/capture/.
 */

#define PCAP_FRAME_NS UINT64_C(1000000000)

/* The last second that fits into 63 bits of ns since the epoch. */
#define HAND_LAST_SECOND 9223372035

/* Clamps a fraction of a second or more to the last ns of that second. */
static inline uint64_t
pcap_time_ns(uint64_t seconds, uint64_t fraction)
{
	return seconds * PCAP_FRAME_NS +
	    (LIKELY(fraction < PCAP_FRAME_NS) ? fraction : PCAP_FRAME_NS - 1);
}

/* A live stamp always fits into ns since the epoch. */
static inline uint64_t
pcap_time(const struct source *s, const struct timeval *t)
{
	uint64_t fraction = t->tv_usec > 0 ? (uint64_t)t->tv_usec : 0;

	if (UNLIKELY(t->tv_sec < 0))
		return 0;
	return pcap_time_ns((uint64_t)t->tv_sec, fraction * s->fraction_ns);
}

/* pcap files store both parts as unsigned 32-bit integers; libpcap makes them signed. */
static inline uint64_t
pcap_file_time(const struct timeval *t)
{
	return pcap_time_ns(
	    (uint32_t)t->tv_sec, t->tv_usec < 0 ? PCAP_FRAME_NS : (uint64_t)t->tv_usec);
}

/* A packet of an interface, from libpcap, as a frame. */
static inline struct frame
pcap_frame(const struct source *s, const struct pcap_pkthdr *h, const uint8_t *data)
{
	return (struct frame){
		.ts = pcap_time(s, &h->ts),
		.data = data,
		.caplen = h->caplen,
		.len = h->len,
		.linktype = s->linktype,
		.source = s->number,
	};
}

/* True if the frame passes the filter, if any; for kinds that no kernel filters. */
static inline bool
source_passes(struct source *s, const struct frame *f)
{
	const struct bpf_program *filter = s->filter;

	if (LIKELY(filter == NULL))
		return true;
	if (UNLIKELY(f->linktype != s->linktype) &&
	    (filter = link_filters_get(&s->others, s->filter_text, f->linktype)) == NULL)
		return false;
	return pcap_offline_filter(filter,
		   &(struct pcap_pkthdr){ .caplen = f->caplen, .len = f->len }, f->data) != 0;
}

/* Passes a frame to the caller's function. */
static inline void
source_deliver(struct source *s, const struct frame *f)
{
	s->delivered++;
	s->fn(f, s->arg);
}

/*
 * A capture that arrives through a pipe, a FIFO or a serial line.
 *
 * libpcap blocks until a packet is complete. So this module reads the available bytes, finds the
 * packet boundaries, and gives libpcap complete packets only. libpcap still blocks on the file
 * header when it is opened, and on rare variants of the format and records of more than
 * INFLOW_SIZE, which are not parsed here.
 */

#define INFLOW_SIZE (512 * 1024) /* bytes: two packets of the maximum snap length */

struct pcap_stream;

/* The descriptor still belongs to the caller; n bytes of it were already read into head. Exits
 * if there is no memory. */
struct pcap_stream *pcap_stream_new(int fd, const void *head, size_t n);
void pcap_stream_del(struct pcap_stream *in);

/* For pcap_fopen_offline(); close it before pcap_stream_del(). NULL with errno. */
FILE *pcap_stream_file(struct pcap_stream *in);

/* True if a packet, or the end, can be read without blocking. Reads the available bytes. */
bool pcap_stream_ready(struct pcap_stream *in);

/* Call it after a packet was read. */
void pcap_stream_consumed(struct pcap_stream *in);

/* The descriptor to poll for more; -1: something can be read now. */
int pcap_stream_fd(const struct pcap_stream *in);

/*
 * Reads the records of a plain capture file in place, in large blocks. libpcap would call stdio
 * twice per record and copy it.
 *
 *	pcap_records_new(fd, pcap) ...
 *	while (pcap_records_next(k, &frame) ||
 *	    (pcap_records_fill(k) && pcap_records_next(k, &frame)))
 *		...
 *	fseeko(pcap_file(pcap), pcap_records_at(k), SEEK_SET);
 *
 * libpcap has read the file's header. It takes over at the end, and at the first record that is not
 * plain: truncated, or longer than the snap length. libpcap alone interprets such records and
 * reports their errors.  Private to src/capture/.
 */

#define PCAP_RECORDS_HEADER 16 /* bytes of a record's header */
#define PCAP_RECORDS_BUFFER (128 * 1024)

struct pcap_records {
	int fd;
	bool swapped;       /* the file has the other byte order */
	uint32_t unit;      /* ns per unit of a stamp's fraction */
	uint32_t longest;   /* maximum captured bytes of a plain record */
	uint64_t read;      /* file offset of the buffer's end */
	uint32_t next, end; /* in the buffer: the next record, and one past the last byte */
	uint8_t buffer[PCAP_RECORDS_BUFFER];
};

/*
 * For a regular file whose header, and nothing more, pcap has read. NULL if libpcap has to read all
 * of it. free(3) ends it; fd stays open.
 */
struct pcap_records *pcap_records_new(int fd, pcap_t *pcap);

/* Reads the next block. False if there is no more: libpcap continues at pcap_records_at(). */
bool pcap_records_fill(struct pcap_records *k);

/* File offset of the next record. */
static inline uint64_t
pcap_records_at(const struct pcap_records *k)
{
	return k->read - (k->end - k->next);
}

static ATTR_INLINE uint32_t
pcap_records_word(const struct pcap_records *k, const uint8_t *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	if (UNLIKELY(k->swapped))
		w = w << 24 | (w & 0xff00) << 8 | (w >> 8 & 0xff00) | w >> 24;
	return w;
}

/*
 * The next record of the buffer: sets stamp, bytes and lengths of *f, as pcap_frame() would. The
 * bytes are valid until pcap_records_fill(). False if there is none, or it is not plain.
 *
 *	seconds (4)  fraction (4)  captured bytes (4)  bytes on the link (4)  the bytes
 */
static ATTR_INLINE bool
pcap_records_next(struct pcap_records *k, struct frame *f)
{
	const uint8_t *r = k->buffer + k->next;
	uint32_t left = k->end - k->next, seconds, fraction, caplen;

	if (UNLIKELY(left < PCAP_RECORDS_HEADER))
		return false;
	seconds = pcap_records_word(k, r);
	fraction = pcap_records_word(k, r + 4);
	caplen = pcap_records_word(k, r + 8);
	if (UNLIKELY(caplen > k->longest || caplen > left - PCAP_RECORDS_HEADER))
		return false;
	f->ts = pcap_time_ns(seconds, (uint64_t)fraction * k->unit);
	f->caplen = caplen;
	f->len = pcap_records_word(k, r + 12);
	f->data = r + PCAP_RECORDS_HEADER;
	k->next += PCAP_RECORDS_HEADER + caplen;
	return true;
}

#endif
