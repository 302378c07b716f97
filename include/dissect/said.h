/*
 * What a packet says of names: the server that a client asks for, or the
 * addresses that a name has.  Few packets do, so it is kept apart from struct pkt,
 * in room that the caller of dissect_said() lends.
 */
#ifndef DISSECT_SAID_H
#define DISSECT_SAID_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/text.h"

#define SAID_ADDRESSES 24

enum said_what {
	SAID_NOTHING,
	SAID_SERVER,  /* name is the server's: of a TLS or DTLS ClientHello, or HTTP's Host */
	SAID_ADDRESS, /* the name belongs to the addresses: an answer of DNS, mDNS or LLMNR */
};

struct said {
	uint8_t what;                 /* enum said_what */
	uint8_t n;                    /* addresses */
	uint8_t kind[SAID_ADDRESSES]; /* ADDR_IP4 or ADDR_IP6 */
	struct addr address[SAID_ADDRESSES];
	char name[TEXT_MAX + 1]; /* clean text, not empty */
};

/* Cleans n foreign bytes into s->name.  False, and nothing is said, where they are none. */
bool said_name(struct said *s, enum said_what what, const void *bytes, size_t n);

#endif
