/*
 * Measures the terminal's throughput and limits redraws.
 *
 * After a redraw that took some time to send, the terminal stays idle for at least as long, so that
 * the answer to a key, which is never delayed, arrives soon. Other traffic on the link gets its
 * share too.
 */
#ifndef APP_REDRAW_LIMIT_H
#define APP_REDRAW_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct redraw_limit {
	bool drained;          /* the last redraw has been sent */
	uint64_t started;      /* ns, monotonic: when it was started */
	uint64_t drain_time;   /* ns that it took to send, or has taken so far */
	uint64_t window_start; /* ns: start of the current window */
	uint64_t window_sent;  /* bytes sent before the window */
	double rate;           /* bytes/s over the last whole window; negative: none yet */
};

void redraw_limit_init(struct redraw_limit *b);

/* Call it when a redraw starts. */
void redraw_limit_start(struct redraw_limit *b, uint64_t now);

/* Call it often. pending: bytes wait to be sent; sent: bytes since the start. */
void redraw_limit_update(struct redraw_limit *b, bool pending, uint64_t sent, uint64_t now);

/* True if a redraw without a key may start. */
bool redraw_limit_allows(const struct redraw_limit *b, uint64_t now);

/* Seconds between redraws that the terminal can take, rounded; 0: no more than `delay` (in s). */
unsigned redraw_limit_delay(const struct redraw_limit *b, double delay);

#endif
