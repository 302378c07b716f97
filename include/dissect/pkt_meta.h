/*
 * Names found in a packet: the server name that a client sends, or the addresses of a DNS name.
 * Few packets have any, so they are stored outside struct pkt, in memory of the caller of
 * dissect_with_meta().
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
#define META_ALPN_MAX  63 /* bytes of the protocol list, without the NUL */

enum pkt_meta_type {
	META_NONE,
	META_SNI,        /* name is the server name of a TLS or DTLS ClientHello, or HTTP's Host */
	META_ALPN,       /* only alpn is set */
	META_DNS_ERROR,  /* rcode is the error of a DNS response */
	META_DNS_ANSWER, /* the name of the addresses, from a DNS, mDNS or LLMNR answer */
};

struct pkt_meta {
	struct hello_buffers
	    *hello_buffers;           /* set by the caller: buffers for reassembly, or NULL */
	uint8_t type;                 /* enum pkt_meta_type */
	bool alpn_chosen;             /* alpn is the server's choice, not the client's offer */
	uint8_t n_addrs;              /* addresses */
	uint8_t rcode;                /* RFC 1035, 4.1.1; not 0 with META_DNS_ERROR */
	uint8_t kind[META_ADDRS_MAX]; /* ADDR_IP4 or ADDR_IP6 */
	struct addr addr[META_ADDRS_MAX];
	/* clean text; empty with META_ALPN, unused with META_DNS_ERROR */
	char name[TEXT_MAX + 1];
	char alpn[META_ALPN_MAX + 1]; /* clean: "h2,http/1.1" (RFC 7301), or empty */
};

/* Stores n foreign bytes, cleaned, in s->name, unless it is set.  Returns false and stores nothing
 * if they are empty. */
bool pkt_meta_set_name(struct pkt_meta *s, enum pkt_meta_type what, const void *bytes, size_t n);

/* Stores the error code of a DNS response. */
void pkt_meta_set_dns_error(struct pkt_meta *s, uint8_t rcode);

/* Adds a protocol to s->alpn if it fits.  GREASE values (RFC 8701) are skipped. */
void pkt_meta_add_alpn(struct pkt_meta *s, bool chosen, const uint8_t *bytes, size_t n);

#endif
