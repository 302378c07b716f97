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
#ifndef CAPTURE_PCAP_RECORDS_H
#define CAPTURE_PCAP_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <pcap/pcap.h>

#include "capture/pcap_frame.h"
#include "util/attr.h"

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
