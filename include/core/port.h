/*
 * Services: flows are counted by protocol and server port; flows without ports by protocol only.
 * t[0] of the meter is towards the server, t[1] from it.
 */
#ifndef CORE_PORT_H
#define CORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lru.h"
#include "core/meter.h"
#include "util/hash.h"

struct port_key {
	uint16_t proto; /* as in struct flowkey */
	uint16_t port;
	uint8_t kind; /* ADDR_IP4 for both kinds of IP, else as in struct flowkey */
	bool has_port;
};

struct port {
	struct meter meter;
	uint64_t flows;
	uint64_t last;
	uint32_t score_time; /* as claims have it, see lru.h */
	uint16_t proto;      /* these as in struct port_key */
	uint16_t port;
	uint8_t kind;
	bool has_port;
	bool other;
};

struct baseline;

struct ports {
	struct port *row;
	struct index index;
	struct lru lru;
	uint32_t used, max, max_grown;
	const struct tally *total; /* traffic */
	uint64_t evicted;
	struct port other;
	struct overflow_sums other_sums;
	struct baseline *baseline; /* is notified of evictions; may be NULL */
	struct hashkey hashkey;
	struct pairkey pairkey; /* of it, for the index */
};

/* Allocates room for max rows, growing up to `most`. */
void ports_init(struct ports *ps, uint32_t max, uint32_t most, const struct hashkey *key);
void ports_fini(struct ports *ps);

/* Clears the table; the caller must clear the index. */
void ports_clear(struct ports *ps);

size_t ports_memory(uint32_t max);

/*
 * The row of a service.  Adds it if it is new; evicts another if the table is full. hint: its last
 * known row or any number; it is updated.
 */
struct port *ports_get(struct ports *ps, const struct port_key *k, uint32_t *hint,
    const struct intervals *b, uint32_t seen);

#endif
