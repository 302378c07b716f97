/*
 * What a packet says of names: the server that a client asks for, or the
 * addresses that a name has.  Few packets do, so it is kept apart from struct pkt,
 * in room that the caller of dissect_with_meta() lends.
 */
#ifndef DISSECT_PKT_META_H
#define DISSECT_PKT_META_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/text.h"

struct hello_buffers;

#define META_ADDRS_MAX 24
#define META_ALPN_MAX  63 /* bytes of all protocols together, without the NUL */

enum pkt_meta_type {
	META_NONE,
	META_SNI,        /* name is the server's: of a TLS or DTLS ClientHello, or HTTP's Host */
	META_ALPN,       /* there is no name, only alpn */
	META_DNS_ERROR,  /* rcode says why DNS has no answer */
	META_DNS_ANSWER, /* the name belongs to the addresses: an answer of DNS, mDNS or LLMNR */
};

struct pkt_meta {
	struct hello_buffers
	    *hello_buffers; /* lent by the caller: where hellos are put together; or NULL */
	uint8_t type;       /* enum pkt_meta_type */
	bool alpn_chosen;   /* alpn is the server's choice, not the client's offers */
	uint8_t n_addrs;    /* addresses */
	uint8_t rcode;      /* RFC 1035, 4.1.1: of META_DNS_ERROR, never 0 */
	uint8_t kind[META_ADDRS_MAX]; /* ADDR_IP4 or ADDR_IP6 */
	struct addr addr[META_ADDRS_MAX];
	/* clean text, not empty but with META_ALPN; of META_DNS_ERROR it is nothing */
	char name[TEXT_MAX + 1];
	char alpn[META_ALPN_MAX + 1]; /* clean: "h2,http/1.1" (RFC 7301), or empty */
};

/* Cleans n foreign bytes into s->name, where no name stands yet.  False, and nothing is said, where
 * they are none. */
bool pkt_meta_set_name(struct pkt_meta *s, enum pkt_meta_type what, const void *bytes, size_t n);

/* An answer that is none. */
void pkt_meta_set_dns_error(struct pkt_meta *s, uint8_t rcode);

/* Adds a protocol to s->alpn, where there is room for all of it.  Those that a client makes up
 * (RFC 8701) are left out. */
void pkt_meta_add_alpn(struct pkt_meta *s, bool chosen, const uint8_t *bytes, size_t n);

#endif
