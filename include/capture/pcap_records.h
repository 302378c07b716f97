/*
 * Reading the records of a plain capture file in place, in big bites, where
 * libpcap would ask stdio twice for each and copy it.
 *
 *	skim_new(fd, pcap) ...
 *	while (skim_next(k, &frame) || (skim_more(k) && skim_next(k, &frame))) ...
 *	fseeko(pcap_file(pcap), skim_at(k), SEEK_SET);
 *
 * libpcap has read the file's header, and reads on from the first record that is not plain: one
 * that is cut off, or longer than the snap length, and at the end.  What such a
 * record means, or what is wrong with it, is for libpcap alone to say.  Private to src/capture/.
 */
#ifndef CAPTURE_PCAP_RECORDS_H
#define CAPTURE_PCAP_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <pcap/pcap.h>

#include "capture/pcap_frame.h"
#include "util/attr.h"

#define SKIM_RECORD 16 /* bytes of a record's header */
#define SKIM_BUFFER (128 * 1024)

struct skim {
	int fd;
	bool swapped;       /* the file has the other byte order */
	uint32_t unit;      /* ns that the unit of a stamp's fraction has */
	uint32_t longest;   /* captured bytes of a plain record */
	uint64_t read;      /* bytes of the file up to the buffer's end */
	uint32_t next, end; /* in the buffer: the next record, and one past the last byte */
	uint8_t buffer[SKIM_BUFFER];
};

/*
 * For a regular file of which pcap has read the header, and nothing behind it.  NULL where libpcap
 * has to read all of it.  free(3) ends it; fd stays open.
 */
struct skim *skim_new(int fd, pcap_t *pcap);

/* Reads on.  False where nothing more can be had: libpcap is to go on at skim_at(). */
bool skim_more(struct skim *k);

/* Bytes of the file up to the next record. */
static inline uint64_t
skim_at(const struct skim *k)
{
	return k->read - (k->end - k->next);
}

static ATTR_INLINE uint32_t
skim_word(const struct skim *k, const uint8_t *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	if (UNLIKELY(k->swapped))
		w = w << 24 | (w & 0xff00) << 8 | (w >> 8 & 0xff00) | w >> 24;
	return w;
}

/*
 * The next record of the buffer: stamp, bytes and lengths of *f, as source_frame() makes them of
 * what libpcap gives.  The bytes stay until skim_more().  False where there is none, or no plain
 * one.
 *
 *	seconds (4)  fraction (4)  captured bytes (4)  bytes on the link (4)  the bytes
 */
static ATTR_INLINE bool
skim_next(struct skim *k, struct frame *f)
{
	const uint8_t *r = k->buffer + k->next;
	uint32_t left = k->end - k->next, seconds, fraction, caplen;

	if (UNLIKELY(left < SKIM_RECORD))
		return false;
	seconds = skim_word(k, r);
	fraction = skim_word(k, r + 4);
	caplen = skim_word(k, r + 8);
	if (UNLIKELY(caplen > k->longest || caplen > left - SKIM_RECORD))
		return false;
	f->ts = hand_ns(seconds, (uint64_t)fraction * k->unit);
	f->caplen = caplen;
	f->len = skim_word(k, r + 12);
	f->data = r + SKIM_RECORD;
	k->next += SKIM_RECORD + caplen;
	return true;
}

#endif
