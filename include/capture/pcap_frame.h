/*
 * What happens to each packet that libpcap delivers, on its way to whom it is
 * for.  Inline: it is asked once for every packet.  Private to src/capture/.
 */
#ifndef CAPTURE_PCAP_FRAME_H
#define CAPTURE_PCAP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include <pcap/pcap.h>

#include "capture/link_filter.h"
#include "capture/private.h"
#include "util/attr.h"

#define PCAP_FRAME_NS UINT64_C(1000000000)

/* The last second that ns since the epoch can tell with 63 bits, less a little. */
#define HAND_LAST_SECOND 9223372035

/* A fraction that is a whole second or more is the last ns of that one. */
static inline uint64_t
pcap_time_ns(uint64_t seconds, uint64_t fraction)
{
	return seconds * PCAP_FRAME_NS +
	    (LIKELY(fraction < PCAP_FRAME_NS) ? fraction : PCAP_FRAME_NS - 1);
}

/* The clock of a machine that captures never shows what ns since the epoch cannot tell. */
static inline uint64_t
pcap_time(const struct source *s, const struct timeval *t)
{
	uint64_t fraction = t->tv_usec > 0 ? (uint64_t)t->tv_usec : 0;

	if (UNLIKELY(t->tv_sec < 0))
		return 0;
	return pcap_time_ns((uint64_t)t->tv_sec, fraction * s->fraction_ns);
}

/* A pcap file has 32 bits for each part, unsigned, to which libpcap gives a sign. */
static inline uint64_t
pcap_file_time(const struct timeval *t)
{
	return pcap_time_ns(
	    (uint32_t)t->tv_sec, t->tv_usec < 0 ? PCAP_FRAME_NS : (uint64_t)t->tv_usec);
}

/* What libpcap delivers of an interface, as a frame. */
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

/* True when the filter in place, if any, lets the frame through: for kinds without a kernel. */
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

/* Hands a frame on. */
static inline void
source_deliver(struct source *s, const struct frame *f)
{
	s->delivered++;
	s->fn(f, s->arg);
}

#endif
