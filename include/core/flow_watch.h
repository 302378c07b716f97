/*
 * Somebody who wants to see which flow each packet belongs to, and when a flow
 * leaves.  It costs one comparison for a packet while there is nobody.
 */
#ifndef CORE_FLOW_WATCH_H
#define CORE_FLOW_WATCH_H

#include <stdint.h>

struct pkt;

struct flow_watch {
	/* p was counted in the flow of that row, and went that way (0: from a to b); events: enum
	 * tcp_event. */
	void (*on_packet)(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events);
	/* What was a is b from now on; the packet that showed it comes next. */
	void (*on_swap)(void *arg, uint32_t row);
	/* The flow is going to leave the row; it is still there. */
	void (*on_evict)(void *arg, uint32_t row);
	void *arg;
};

#endif
