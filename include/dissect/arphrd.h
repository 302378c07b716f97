/*
 * Hardware types of interfaces, as Linux numbers them (ARPHRD_), and the length of their link-layer
 * header.  A cooked capture leaves that header out, so its length is added to the bytes counted.
 */
#ifndef DISSECT_ARPHRD_H
#define DISSECT_ARPHRD_H

#include <stdint.h>

struct arphrd {
	uint16_t number;
	uint8_t header_len; /* bytes */
	const char *name;
};

/* Kinds that are not listed have no header that a cooked capture leaves out. */
extern const struct arphrd arphrd[];
extern const unsigned n_arphrd;

unsigned arphrd_header_len(uint16_t number);

#endif
