/*
 * IP fragments: remembers the ports of first fragments for the later ones, which have none (RFC
 * 791, 3.2; RFC 8200, 4.5).
 *
 * The table is a ring: the oldest entry is overwritten.  Fragments more than 30 s apart belong to
 * different datagrams, because identifications are soon reused (RFC 6864).
 */
#ifndef CORE_FRAGMENT_H
#define CORE_FRAGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/pkt.h"
#include "util/hash.h"

/* The flow of a datagram: its own, or with --decap that of the inner packet. */
struct fragment_flow {
	struct addr src, dst;
	uint16_t proto, sport, dport;
	uint8_t kind;
	uint32_t context_id;
	struct context context;
};

struct fragment {
	struct addr src, dst;
	uint64_t ts; /* of the first fragment */
	uint32_t id, hash, context;
	uint16_t key_proto; /* protocol, which is part of the key in IPv4; 0 in IPv6 */
	uint8_t kind, domain;
	struct fragment_flow flow;
};

struct fragments {
	struct fragment *row;
	struct index index;
	uint32_t used, max, next_row;
	struct hashkey hashkey;
};

void fragments_init(struct fragments *fs, uint32_t max, const struct hashkey *key);
void fragments_fini(struct fragments *fs);

/* Clears the table; the caller must clear the index. */
void fragments_clear(struct fragments *fs);

size_t fragments_memory(uint32_t max);

/*
 * Stores a first fragment, and that of the tunnel packet that p was in.  A later fragment of the
 * same capture point gets the addresses, protocol and ports of its first one.  PKT_PORTS is not set
 * then: the ports were not in this packet.
 */
void fragments_join(struct fragments *fs, struct pkt *p);

#endif
