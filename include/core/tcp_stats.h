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

enum tcpsum_kind {
	TCPSUM_SEGMENTS,
	TCPSUM_RETRANSMITTED,
	TCPSUM_OUT_OF_ORDER,
	TCPSUM_ZERO_WINDOWS,
	TCPSUM_RESETS,
	TCPSUM_OPENED,   /* SYN */
	TCPSUM_ANSWERED, /* SYN/ACK */
	TCPSUM_DUPLICATES,
	TCPSUM_KINDS
};

#define TCPSUM_OCTAVE 8                    /* bins while a round trip doubles */
#define TCPSUM_BINS   (32 * TCPSUM_OCTAVE) /* up to 2^32 us */

struct tcpsum {
	uint64_t n[TCPSUM_KINDS]; /* always current */
	/* t[0] only, n in the place of packets and of bytes; as of the last fold */
	struct meter meter[TCPSUM_KINDS];
	uint32_t trip[TCPSUM_BINS]; /* handshakes by their time; the older count for less */
	uint32_t trips;
};

/* What a segment was: enum tcp_event, of tcp_analysis.h. */
void tcpsum_note(struct tcpsum *t, unsigned events);

/* A handshake took that long, us. */
void tcpsum_trip(struct tcpsum *t, uint32_t us);

/* Brings the meters up to date, in the open interval. */
void tcpsum_fold(struct tcpsum *t, const struct beats *b);

/* The round trip in us that `part` (0 to 1) of the handshakes stay within, to an eighth.  False
 * when none was seen. */
bool tcpsum_quantile(const struct tcpsum *t, double part, uint32_t *us);

#endif
