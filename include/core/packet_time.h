/*
 * The ledger's own time: stamps of packets, freed of what no present can have.
 *
 * Where nobody tells the time, packets were recorded: every stamp is believed, and time is the
 * greatest one.  While somebody tells it, packets are of the present, and a stamp that is not
 * is not believed: its packet is counted, now.  Where a source goes on with such stamps its clock
 * was set, and they count from then on by how far it was set.  Time never goes back.  What is
 * played of files is of the present, too, but its stamps are what they are.
 */
#ifndef CORE_PACKET_TIME_H
#define CORE_PACKET_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SOURCES 16

struct source_clock {
	uint64_t ahead;   /* of the ledger's time, ns, modulo 2^64; whole seconds */
	uint64_t strange; /* the last stamp that was not believed */
	uint64_t newest;  /* that was believed, in the ledger's time */
	uint8_t in_a_row; /* stamps that were not believed, and agree */
	uint8_t late; /* times in a row that `newest` was behind when it was told what time it is */
};

struct clock {
	uint64_t began; /* ns since the epoch */
	uint64_t now;
	bool runs;   /* there was a time */
	bool told;   /* clock_tell() is called */
	bool played; /* what comes is played of files: every stamp is believed, and is of now */
	bool scaled; /* it is played faster or slower than it was: ms between stamps are none of now
		      */
	uint64_t set; /* the wall clock is ahead of `now` by that, see clock_set() */
	struct source_clock source[CLOCK_SOURCES];
};

/* The present, from a clock that is never set while the program runs.  Call it often. */
void clock_tell(struct clock *c, uint64_t now);

/*
 * What the wall clock says at the time told last.  If it was set, sources whose stamps were by it
 * follow at once.
 */
void clock_set(struct clock *c, uint64_t wall);

/* An interval ends at now.  While the present is told, sources whose clocks have come to lag are
 * set. */
void clock_tick(struct clock *c, uint64_t now);

/* When that packet came, in the ledger's time.  *believed: its stamp may be kept. */
uint64_t clock_at(struct clock *c, unsigned source, uint64_t stamp, bool *believed);

/* A stamp of the past as claims have it, see lru.h; one that time has not come to counts for
 * nothing. */
uint32_t clock_seen(const struct clock *c, unsigned source, uint64_t stamp);

#endif
