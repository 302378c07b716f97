/*
 * Hosts: what each address sent and received, folded from the flows, for each
 * class of traffic apart, so that a screen that shows only some of them still
 * shows right numbers.  t[0] of a meter is out (sent by it), t[1] is in.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/class.h"
#include "core/meter.h"
#include "dissect/addr.h"
#include "util/hash.h"
#include "util/index.h"

struct host_health { /* of the TCP segments that it sent; each stays at its greatest */
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows, resets;
};

struct host {
	struct addr addr;
	uint64_t first, last;
	struct meter meter[CLASSES]; /* by enum traffic_class */
	uint64_t flows;              /* that it has or had an end of */
	struct host_health health;
	uint32_t hash;
	uint32_t network; /* its row among the networks, when it was last there */
	uint8_t kind;     /* enum addr_kind */
	bool local;
	bool counted; /* some packet of it is */
	bool other;   /* the row "(other)" */
};

struct networks;

struct hosts {
	struct host *row;
	struct index index;
	uint32_t used, max, hand;
	uint64_t evicted;
	struct host other;         /* what evicted hosts had counted */
	struct networks *networks; /* told of hosts that leave; may be NULL */
	struct hashkey hashkey;
};

void hosts_init(struct hosts *hs, uint32_t max, const struct hashkey *key);
void hosts_fini(struct hosts *hs);
void hosts_clear(struct hosts *hs);

/* Bytes that a table of max hosts takes. */
size_t hosts_memory(uint32_t max);

/*
 * The row of an address, made if need be; an old one makes room.  hint: the row where it was
 * last time, or any number; it is brought up to date.
 */
struct host *hosts_get(
    struct hosts *hs, uint8_t kind, const struct addr *a, uint32_t *hint, uint32_t interval);

/* The row of an address, or NULL. */
const struct host *hosts_find(const struct hosts *hs, uint8_t kind, const struct addr *a);

#endif
