/*
 * Packet time: monotonic, with implausible timestamps rejected.
 *
 * If the time is never set, packets come from a file: every timestamp is accepted, and the time is
 * the greatest one.  If the time is set regularly, packets are live, and a timestamp far from now
 * is rejected: its packet counts as of now.  If a source continues with such timestamps, its clock
 * was set, and an offset is applied from then on.  Time never goes back.  Files that are replayed
 * in real time are live too, but their timestamps are accepted.
 */
#ifndef CORE_PACKET_TIME_H
#define CORE_PACKET_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define PACKET_TIME_SOURCES 16

struct source_time {
	uint64_t offset;        /* source time minus ledger time, ns modulo 2^64; whole seconds */
	uint64_t last_rejected; /* the last rejected timestamp */
	uint64_t newest;        /* the newest accepted timestamp, in ledger time */
	uint8_t n_rejected;     /* consecutive rejected timestamps that agree */
	uint8_t n_late;         /* consecutive ticks at which `newest` lagged behind */
};

struct packet_time {
	uint64_t start; /* ns since the epoch */
	uint64_t now;
	bool has_time;  /* the time is known */
	bool is_live;   /* packet_time_set_now() is called: packets are live */
	bool is_replay; /* files are replayed in real time: every timestamp is accepted and counts
			   as now */
	bool replay_scaled;   /* the replay is faster or slower than real time, so differences of
				 timestamps are not real ones */
	uint64_t wall_offset; /* wall clock minus `now`, see packet_time_set_wall() */
	struct source_time source[PACKET_TIME_SOURCES];
};

/* Sets the current time, from a clock that is never adjusted.  Call it often. */
void packet_time_set_now(struct packet_time *c, uint64_t now);

/*
 * Sets the wall clock's time at the time set last.  If the wall clock was adjusted, sources that
 * use it get the new offset at once.
 */
void packet_time_set_wall(struct packet_time *c, uint64_t wall);

/* An interval ends at now.  For live packets, sources whose clocks lag get a new offset. */
void packet_time_tick(struct packet_time *c, uint64_t now);

/* Converts a packet timestamp to ledger time.  Sets *believed if the timestamp is plausible. */
uint64_t packet_time_to_ledger(
    struct packet_time *c, unsigned source, uint64_t stamp, bool *believed);

/* An old timestamp as an eviction score, see lru.h; 0 if it is in the future. */
uint32_t packet_time_score(const struct packet_time *c, unsigned source, uint64_t stamp);

#endif
