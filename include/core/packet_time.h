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

#define PACKET_TIME_SOURCES 16

struct source_time {
	uint64_t offset;        /* of the ledger's time, ns, modulo 2^64; whole seconds */
	uint64_t last_rejected; /* the last stamp that was not believed */
	uint64_t newest;        /* that was believed, in the ledger's time */
	uint8_t n_rejected;     /* stamps that were not believed, and agree */
	uint8_t
	    n_late; /* times in a row that `newest` was behind when it was told what time it is */
};

struct packet_time {
	uint64_t start; /* ns since the epoch */
	uint64_t now;
	bool has_time;  /* there was a time */
	bool is_live;   /* packet_time_set_now() is called */
	bool is_replay; /* what comes is played of files: every stamp is believed, and is of now */
	bool replay_scaled; /* it is played faster or slower than it was: ms between stamps are none
			     * of now
			     */
	uint64_t
	    wall_offset; /* the wall clock is ahead of `now` by that, see packet_time_set_wall() */
	struct source_time source[PACKET_TIME_SOURCES];
};

/* The present, from a clock that is never set while the program runs.  Call it often. */
void packet_time_set_now(struct packet_time *c, uint64_t now);

/*
 * What the wall clock says at the time told last.  If it was set, sources whose stamps were by it
 * follow at once.
 */
void packet_time_set_wall(struct packet_time *c, uint64_t wall);

/* An interval ends at now.  While the present is told, sources whose clocks have come to lag are
 * set. */
void packet_time_tick(struct packet_time *c, uint64_t now);

/* When that packet came, in the ledger's time.  *believed: its stamp may be kept. */
uint64_t packet_time_to_ledger(
    struct packet_time *c, unsigned source, uint64_t stamp, bool *believed);

/* A stamp of the past as claims have it, see lru.h; one that time has not come to counts for
 * nothing. */
uint32_t packet_time_score(const struct packet_time *c, unsigned source, uint64_t stamp);

#endif
