/*
 * What happens to each packet that libpcap delivers, on its way to whom it is
 * for.  Inline: it is asked once for every packet.  Private to src/capture/.
 */
#ifndef CAPTURE_HAND_H
#define CAPTURE_HAND_H

#include <stdbool.h>
#include <stdint.h>

#include <pcap/pcap.h>

#include "capture/private.h"
#include "util/attr.h"

#define HAND_NS UINT64_C(1000000000)

/* The last second that ns since the epoch can tell with 63 bits, less a little. */
#define HAND_LAST_SECOND 9223372035

/* A fraction that is a whole second or more is the last ns of that one. */
static inline uint64_t
hand_ns(uint64_t seconds, uint64_t fraction)
{
	return seconds * HAND_NS + (LIKELY(fraction < HAND_NS) ? fraction : HAND_NS - 1);
}

/*
 * The seconds of a pcapng file are 64 bits of anything, and so is the fraction of a pcap file.
 * libpcap gives the 32 bits that a pcap file has for seconds a sign; they have none.
 */
static inline uint64_t
hand_stamp(const struct source *s, const struct timeval *t)
{
	int64_t seconds = t->tv_sec;
	uint64_t fraction = t->tv_usec > 0 ? (uint64_t)t->tv_usec : 0;

	if (UNLIKELY(seconds < 0) && s->seconds_32)
		seconds = (uint32_t)seconds;
	if (UNLIKELY(seconds < 0))
		return 0;
	if (UNLIKELY(seconds > HAND_LAST_SECOND))
		seconds = HAND_LAST_SECOND;
	return hand_ns((uint64_t)seconds, fraction * s->fraction_ns);
}

/* What libpcap delivers, as a frame.  Stamps that ns since the epoch cannot tell become the
 * nearest that they can. */
static inline struct frame
source_frame(const struct source *s, const struct pcap_pkthdr *h, const uint8_t *data)
{
	return (struct frame){
		.ts = hand_stamp(s, &h->ts),
		.data = data,
		.caplen = h->caplen,
		.len = h->len,
		.linktype = s->linktype,
		.source = s->number,
	};
}

/* True when the filter in place, if any, lets the frame through: for kinds without a kernel. */
static inline bool
source_passes(const struct source *s, const struct frame *f)
{
	if (LIKELY(s->filter == NULL))
		return true;
	return pcap_offline_filter(s->filter,
		   &(struct pcap_pkthdr){ .caplen = f->caplen, .len = f->len }, f->data) != 0;
}

/* Hands a frame on. */
static inline void
source_give(struct source *s, const struct frame *f)
{
	s->given++;
	s->fn(f, s->arg);
}

#endif
