/*
 * What the terminal's line costs, and what it bears.
 *
 * Pictures that come by themselves keep away from a line that is slow: after one that took a while
 * to get out the line stays free for as long again, so that the answer to a key, which
 * never waits for that, gets through soon, and so does other work on the line.
 */
#ifndef APP_REDRAW_LIMIT_H
#define APP_REDRAW_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct redraw_limit {
	bool drained;          /* the last picture is */
	uint64_t started;      /* ns, monotonic: when it was begun */
	uint64_t drain_time;   /* ns that it took to get out, or has taken so far */
	uint64_t window_start; /* ns: since when bytes are counted */
	uint64_t window_sent;  /* bytes that had been sent by then */
	double rate;           /* bytes a second over the last whole window; negative: none yet */
};

void redraw_limit_init(struct redraw_limit *b);

/* A picture was begun. */
void redraw_limit_start(struct redraw_limit *b, uint64_t now);

/* Call it often: whether bytes wait for the line, and how many have been sent since the start. */
void redraw_limit_update(struct redraw_limit *b, bool pending, uint64_t sent, uint64_t now);

/* True when a picture that nobody asked for may be begun. */
bool redraw_limit_allows(const struct redraw_limit *b, uint64_t now);

/* Seconds between pictures that the line asks for, rounded; 0: no more than `delay` (in s). */
unsigned redraw_limit_delay(const struct redraw_limit *b, double delay);

#endif
