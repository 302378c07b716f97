#include "config.h"

#include "core/tcp_stats.h"

#include "core/tcp_analysis.h"
#include "util/attr.h"

#define TRIPS_MOST 4096 /* then all count for half: the last few thousand are what matters */

void
tcpsum_note(struct tcpsum *t, unsigned events)
{
	static const struct {
		unsigned event;
		enum tcpsum_kind kind;
	} counted[] = {
		{ TCP_RETRANSMITTED, TCPSUM_RETRANSMITTED },
		{ TCP_OUT_OF_ORDER, TCPSUM_OUT_OF_ORDER },
		{ TCP_ZERO_WINDOW, TCPSUM_ZERO_WINDOWS },
		{ TCP_WAS_RESET, TCPSUM_RESETS },
	};

	for (unsigned i = 0; i < NITEMS(counted); i++)
		t->n[counted[i].kind] += (events & counted[i].event) != 0;
}

/* The octave, and the three bits below the highest one. */
static unsigned
bin_of(uint32_t us)
{
	unsigned octave = 0;

	while (us >= 2 * TCPSUM_OCTAVE) {
		us >>= 1;
		octave++;
	}
	return octave * TCPSUM_OCTAVE + us;
}

/* The middle of a bin. */
static uint32_t
time_of(unsigned bin)
{
	unsigned octave = bin / TCPSUM_OCTAVE;
	uint64_t from, to;

	if (octave < 2)
		return bin;
	from = (uint64_t)(bin - (octave - 1) * TCPSUM_OCTAVE) << (octave - 1);
	to = from + ((uint64_t)1 << (octave - 1));
	return (uint32_t)((from + to) / 2);
}

void
tcpsum_trip(struct tcpsum *t, uint32_t us)
{
	t->trip[bin_of(us)]++;
	if (++t->trips < TRIPS_MOST)
		return;
	t->trips = 0;
	for (unsigned i = 0; i < TCPSUM_BINS; i++) {
		t->trip[i] /= 2;
		t->trips += t->trip[i];
	}
}

void
tcpsum_fold(struct tcpsum *t, const struct beats *b)
{
	for (unsigned i = 0; i < TCPSUM_KINDS; i++)
		meter_reach(&t->meter[i], b, 0, &(struct tally){ t->n[i], t->n[i] });
}

bool
tcpsum_quantile(const struct tcpsum *t, double part, uint32_t *us)
{
	double below = 0;

	for (unsigned i = 0; i < TCPSUM_BINS; i++) {
		below += t->trip[i];
		if (t->trip[i] != 0 && below >= part * t->trips) {
			*us = time_of(i);
			return true;
		}
	}
	return false;
}
