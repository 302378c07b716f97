/*
 * Fragments: the ports of datagrams whose first fragment was seen, for the ones
 * that follow it, which have none (RFC 791, 3.2; RFC 8200, 4.5).
 *
 * The table is a ring: the one that was noted the longest ago makes room.  What
 * is more than 30 s apart is of another datagram with the same number, as such
 * numbers come again soon (RFC 6864).
 */
#ifndef CORE_FRAGMENT_H
#define CORE_FRAGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/pkt.h"
#include "util/hash.h"
#include "util/index.h"

/* The flow that a datagram belongs to: its own, or with --decap that of a packet inside. */
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
	uint16_t key_proto; /* protocol that tells datagrams apart; 0 in IPv6 */
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

/* Forgets all, but leaves it to the caller to wipe the index. */
void fragments_clear(struct fragments *fs);

size_t fragments_memory(uint32_t max);

/*
 * A first fragment is noted, and the first one of a tunnel's packet that p was in; a later one of
 * the same capture point whose first was seen gets the ends, protocol and ports of its flow
 * (PKT_PORTS stays away: they were not in this packet).
 */
void fragments_join(struct fragments *fs, struct pkt *p);

#endif
