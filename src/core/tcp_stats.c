#include "config.h"

#include "core/tcp.h"

#include <assert.h>

#include "util/attr.h"

#define RTTS_MAX 4096 /* then all are halved, so that the newest few thousand dominate */

void
tcp_stats_note(struct tcp_stats *t, unsigned events)
{
	static const struct {
		unsigned event;
		enum tcp_stats_kind kind;
	} counted[] = {
		{ TCP_RETRANSMITTED, TCP_STATS_RETRANSMITTED },
		{ TCP_OUT_OF_ORDER, TCP_STATS_OUT_OF_ORDER },
		{ TCP_ZERO_WINDOW, TCP_STATS_ZERO_WINDOWS },
		{ TCP_WAS_RESET, TCP_STATS_RESETS },
	};

	for (unsigned i = 0; i < NITEMS(counted); i++)
		t->n[counted[i].kind] += (events & counted[i].event) != 0;
}

/* The bin: the octave and the three bits below the highest one. */
static unsigned
tcp_stats_bin(uint32_t us)
{
	unsigned octave = 0;

	while (us >= 2 * TCP_STATS_OCTAVE) {
		us >>= 1;
		octave++;
	}
	return octave * TCP_STATS_OCTAVE + us;
}

/* The middle of a bin. */
static uint32_t
tcp_stats_bin_us(unsigned bin)
{
	unsigned octave = bin / TCP_STATS_OCTAVE;
	uint64_t from, to;

	if (octave < 2)
		return bin;
	from = (uint64_t)(bin - (octave - 1) * TCP_STATS_OCTAVE) << (octave - 1);
	to = from + ((uint64_t)1 << (octave - 1));
	return (uint32_t)((from + to) / 2);
}

void
tcp_stats_add_rtt(struct tcp_stats *t, uint32_t us)
{
	t->rtt_bin[tcp_stats_bin(us)]++;
	if (++t->n_rtts < RTTS_MAX)
		return;
	t->n_rtts = 0;
	for (unsigned i = 0; i < TCP_STATS_BINS; i++) {
		t->rtt_bin[i] /= 2;
		t->n_rtts += t->rtt_bin[i];
	}
}

void
tcp_stats_fold(struct tcp_stats *t, const struct intervals *b)
{
	for (unsigned i = 0; i < TCP_STATS_KINDS; i++)
		meter_set_total(&t->meter[i], b, 0, &(struct tally){ t->n[i], t->n[i] });
}

bool
tcp_stats_rtt_quantile(const struct tcp_stats *t, double part, uint32_t *us)
{
	double below = 0;

	assert(part >= 0 && part <= 1);
	for (unsigned i = 0; i < TCP_STATS_BINS; i++) {
		below += t->rtt_bin[i];
		if (t->rtt_bin[i] != 0 && below >= part * t->n_rtts) {
			*us = tcp_stats_bin_us(i);
			return true;
		}
	}
	return false;
}
