/*
 * Callbacks for each counted packet with its flow, and for evicted flows.  Costs one comparison per
 * packet if unused.
 */
#ifndef CORE_FLOW_WATCH_H
#define CORE_FLOW_WATCH_H

#include <stdint.h>

struct pkt;

struct flow_watch {
	/* p was counted in the flow of that row; way 0 is from a to b; events is of enum tcp_event.
	 */
	void (*on_packet)(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events);
	/* The ends a and b were swapped, because of the packet that is reported next. */
	void (*on_swap)(void *arg, uint32_t row);
	/* The flow is about to be evicted; the row is still valid. */
	void (*on_evict)(void *arg, uint32_t row);
	void *arg;
};

#endif
