/*
 * All connections of TCP together: how many segments there were and which of
 * them were trouble, how many connections were opened and answered, and how long their round
 * trips take.  Each count has a meter, so that it has a rate as everything else has.
 */
#ifndef CORE_TCP_STATS_H
#define CORE_TCP_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"

enum tcp_stats_kind {
	TCP_STATS_SEGMENTS,
	TCP_STATS_RETRANSMITTED,
	TCP_STATS_OUT_OF_ORDER,
	TCP_STATS_ZERO_WINDOWS,
	TCP_STATS_RESETS,
	TCP_STATS_OPENED,   /* SYN */
	TCP_STATS_ANSWERED, /* SYN/ACK */
	TCP_STATS_DUPLICATES,
	TCP_STATS_KINDS
};

#define TCP_STATS_OCTAVE 8                       /* bins while a round trip doubles */
#define TCP_STATS_BINS   (32 * TCP_STATS_OCTAVE) /* up to 2^32 us */

struct tcp_stats {
	uint64_t n[TCP_STATS_KINDS]; /* always current */
	/* t[0] only, n in the place of packets and of bytes; as of the last fold */
	struct meter meter[TCP_STATS_KINDS];
	uint32_t rtt_bin[TCP_STATS_BINS]; /* handshakes by their time; the older count for less */
	uint32_t n_rtts;
};

/* What a segment was: enum tcp_event, of tcp_analysis.h. */
void tcp_stats_note(struct tcp_stats *t, unsigned events);

/* A handshake took that long, us. */
void tcp_stats_add_rtt(struct tcp_stats *t, uint32_t us);

/* Brings the meters up to date, in the open interval. */
void tcp_stats_fold(struct tcp_stats *t, const struct intervals *b);

/* The round trip in us that `part` (0 to 1) of the handshakes stay within, to an eighth.  False
 * when none was seen. */
bool tcp_stats_rtt_quantile(const struct tcp_stats *t, double part, uint32_t *us);

#endif
