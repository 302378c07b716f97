/*
 * A few link types have headers in the byte order of the capturing machine.  If a file has the
 * other byte order, they are swapped, as libpcap does.  Private to src/capture/.
 */
#ifndef CAPTURE_HOST_ORDER_H
#define CAPTURE_HOST_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool
host_is_big(void)
{
	static const union {
		uint16_t number;
		uint8_t bytes[2];
	} one = { 1 };

	return one.bytes[1] == 1;
}

/* Swaps the numbers in the header of a frame of n bytes; does nothing if its link type has none. */
void host_order_swap(uint16_t linktype, uint8_t *frame, size_t n);

#endif
