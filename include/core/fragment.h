/*
 * Which ports a later fragment belongs to: only the first fragment of a
 * datagram names them (RFC 791, 3.2; RFC 8200, 4.5).
 *
 * A small table with fixed memory; packets that are no fragments never come here.
 */
#ifndef CORE_FRAGMENT_H
#define CORE_FRAGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "dissect/pkt.h"
#include "util/hash.h"
#include "util/index.h"

#define FRAGMENT_LIFE UINT64_C(30000000000) /* ns in which the rest of a datagram is expected */

struct fragment {
	struct addr src, dst;
	uint64_t seen; /* ns: when the first fragment came */
	uint32_t id, hash;
	uint16_t proto, sport, dport;
	uint8_t kind, domain;
};

struct fragments {
	struct fragment *row;
	struct index index;
	uint32_t used, max, hand;
	struct hashkey hashkey;
};

void fragments_init(struct fragments *fs, uint32_t max, const struct hashkey *key);
void fragments_fini(struct fragments *fs);
void fragments_clear(struct fragments *fs);

/* Bytes that a table of max datagrams takes. */
size_t fragments_memory(uint32_t max);

/*
 * p is a fragment: a first one is remembered, and a later one is given the ports of its first,
 * where that was seen.
 */
void fragments_join(struct fragments *fs, struct pkt *p, uint8_t domain);

#endif
