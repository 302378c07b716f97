/*
 * Addresses of all kinds in one size.  Unused bytes are zero, so equal addresses are equal memory.
 */
#ifndef DISSECT_ADDR_H
#define DISSECT_ADDR_H

#include <stdbool.h>
#include <stdint.h>

struct buf;

enum addr_kind {
	ADDR_NONE, /* the frame has no addresses */
	ADDR_IP4,  /* b[0..3], network order */
	ADDR_IP6,  /* b[0..15], network order */
	ADDR_MAC,  /* b[0..5] (EUI-48), or b[0..7] where b[8] is 8 (EUI-64) */
};

struct addr {
	union {
		uint8_t b[16];
		uint64_t w[2];
	};
};

/* A network: an address and a prefix length. */
struct net {
	struct addr addr;
	uint8_t kind; /* ADDR_IP4, ADDR_IP6, or ADDR_MAC with 48 bits */
	uint8_t bits;
	bool is_broadcast; /* a broadcast address, not that of a host */
};

static inline bool
addr_equal(const struct addr *x, const struct addr *y)
{
	return x->w[0] == y->w[0] && x->w[1] == y->w[1];
}

/* False if the frame does not have the address: a cooked capture has zeros instead. */
static inline bool
addr_is_present(enum addr_kind kind, const struct addr *a)
{
	return kind != ADDR_NONE && (kind != ADDR_MAC || (a->w[0] | a->w[1]) != 0);
}

/* <0, 0, >0 in numerical order of the bytes. */
int addr_compare(const struct addr *x, const struct addr *y);

/* Keeps the first bits of an address and clears the rest. */
void addr_mask(struct addr *a, unsigned bits);

/* "192.0.2.1", "2001:db8::1" (RFC 5952), "02:00:5e:10:00:01"; "-" if there is none. */
void addr_text(struct buf *b, enum addr_kind kind, const struct addr *a);

/* Parses an IPv4 or IPv6 address.  Returns false and stores nothing if s is neither. */
bool addr_parse(const char *s, enum addr_kind *kind, struct addr *a);

/* Parses "192.0.2.0/24", "2001:db8::/32" or a bare address (full prefix).  Host bits are cleared.
 */
bool net_parse(const char *s, struct net *n);

/* "192.0.2.0/24". */
void net_text(struct buf *b, const struct net *n);

bool net_contains(const struct net *n, enum addr_kind kind, const struct addr *a);

/* True for an address that is not globally reachable according to IANA's special-purpose registries
 * (RFC 6890), and so may exist in many networks: private, shared, documentation ... */
bool addr_is_non_global(enum addr_kind kind, const struct addr *a);

/* fe80::/10 (RFC 4291, 2.5.6) or 169.254.0.0/16 (RFC 3927). */
bool addr_is_link_local(enum addr_kind kind, const struct addr *a);

/* True for the broadcast address of an IPv4 network. */
bool net_is_broadcast(const struct net *n, enum addr_kind kind, const struct addr *a);

/* 224.0.0.0/4, ff00::/8, 255.255.255.255, or a MAC address with the group bit. */
bool addr_is_group(enum addr_kind kind, const struct addr *a);

#endif
