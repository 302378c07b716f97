/*
 * Turns each packet from libpcap into a frame. Inline, because it runs once per packet. Private to
 * src/capture/.
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

#endif
