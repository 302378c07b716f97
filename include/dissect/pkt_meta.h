/*
 * What a packet says of names: the server that a client asks for, or the
 * addresses that a name has.  Few packets do, so it is kept apart from struct pkt,
 * in room that the caller of dissect_said() lends.
 */
#ifndef DISSECT_PKT_META_H
#define DISSECT_PKT_META_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/text.h"

struct hellos;

#define SAID_ADDRESSES 24
#define SAID_ALPN      63 /* bytes of all protocols together, without the NUL */

enum said_what {
	SAID_NOTHING,
	SAID_SERVER,    /* name is the server's: of a TLS or DTLS ClientHello, or HTTP's Host */
	SAID_ALPN_ONLY, /* there is no name, only alpn */
	SAID_FAILED,    /* rcode says why DNS has no answer */
	SAID_ADDRESS,   /* the name belongs to the addresses: an answer of DNS, mDNS or LLMNR */
};

struct said {
	struct hellos *hellos; /* lent by the caller: where hellos are put together; or NULL */
	uint8_t what;          /* enum said_what */
	bool chosen;           /* alpn is the server's choice, not the client's offers */
	uint8_t n;             /* addresses */
	uint8_t rcode;         /* RFC 1035, 4.1.1: of SAID_FAILED, never 0 */
	uint8_t kind[SAID_ADDRESSES]; /* ADDR_IP4 or ADDR_IP6 */
	struct addr address[SAID_ADDRESSES];
	/* clean text, not empty but with SAID_ALPN_ONLY; of SAID_FAILED it is nothing */
	char name[TEXT_MAX + 1];
	char alpn[SAID_ALPN + 1]; /* clean: "h2,http/1.1" (RFC 7301), or empty */
};

/* Cleans n foreign bytes into s->name, where no name stands yet.  False, and nothing is said, where
 * they are none. */
bool said_name(struct said *s, enum said_what what, const void *bytes, size_t n);

/* An answer that is none. */
void said_failed(struct said *s, uint8_t rcode);

/* Adds a protocol to s->alpn, where there is room for all of it.  Those that a client makes up
 * (RFC 8701) are left out. */
void said_alpn(struct said *s, bool chosen, const uint8_t *bytes, size_t n);

#endif
