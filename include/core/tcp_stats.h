/*
 * Totals over all TCP connections: segments and errors, connections opened and answered, and
 * round-trip times.  Each count has a meter, and so a rate.
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

#define TCP_STATS_OCTAVE 8                       /* bins per doubling of the RTT */
#define TCP_STATS_BINS   (32 * TCP_STATS_OCTAVE) /* up to 2^32 us */

struct tcp_stats {
	uint64_t n[TCP_STATS_KINDS]; /* always current */
	/* t[0] only, with n as packets and as bytes; as of the last fold */
	struct meter meter[TCP_STATS_KINDS];
	uint32_t rtt_bin[TCP_STATS_BINS]; /* histogram of handshake RTTs; old ones weigh less */
	uint32_t n_rtts;
};

/* Counts the events of a segment: enum tcp_event of tcp_analysis.h. */
void tcp_stats_note(struct tcp_stats *t, unsigned events);

/* Adds a handshake RTT, in us. */
void tcp_stats_add_rtt(struct tcp_stats *t, uint32_t us);

/* Updates the meters, in the current interval. */
void tcp_stats_fold(struct tcp_stats *t, const struct intervals *b);

/* The RTT quantile `part` (0 to 1) of the handshakes in us, with a precision of 1/8.  Returns false
 * if there was none. */
bool tcp_stats_rtt_quantile(const struct tcp_stats *t, double part, uint32_t *us);

#endif
