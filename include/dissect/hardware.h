/*
 * Kinds of interface, as Linux numbers them (ARPHRD_), and the bytes of the link's own header.
 * A cooked capture leaves that header out, so it is added to what counts.
 */
#ifndef DISSECT_HARDWARE_H
#define DISSECT_HARDWARE_H

#include <stdint.h>

struct hardware {
	uint16_t number;
	uint8_t header; /* bytes */
	const char *name;
};

/* Kinds that are not listed have no header that a cooked capture leaves out. */
extern const struct hardware hardware[];
extern const unsigned n_hardware;

unsigned hardware_header(uint16_t number);

#endif
