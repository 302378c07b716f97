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

#include "core/lru.h"
#include "core/meter.h"
#include "core/traffic_class.h"
#include "dissect/addr.h"
#include "util/attr.h"
#include "util/hash.h"
#include "util/index.h"

struct host_errors { /* of the TCP segments that it sent; each stays at its greatest */
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows, resets;
	/* packets of it that were seen before */
	uint32_t duplicates;
	/* of what it asked for: connections, datagrams that were not delivered, names */
	uint32_t unanswered, refused, unreachable, no_such_name, dns_failures;
};

struct host {
	/* the first cache line; and of most hosts the meter of one class only is ever touched */
	struct addr addr;
	uint64_t first, last;
	uint64_t flows;      /* that it has or had an end of */
	uint32_t score_time; /* as claims have it, see lru.h */
	uint32_t network;    /* its row among the networks, when it was last there */
	struct peak peak;    /* of all classes together */
	uint8_t kind;        /* enum addr_kind */
	uint8_t prefix_bits; /* bits of the prefix that core/prefix_rollup.h tells it under */
	uint8_t classes;     /* bit (1 << enum traffic_class): its meter is not all zeros */
	bool local : 1;
	bool has_traffic : 1;                         /* some packet of it is */
	bool other : 1;                               /* the row "(other)" */
	bool has_errors : 1;                          /* its health is not all zeros */
	bool has_rtt : 1;                             /* its rtt is known */
	bool has_context : 1;                         /* its context is not 0 */
	struct meter meter[CLASSES] ATTR_ALIGNED(64); /* by enum traffic_class */
	struct host_errors errors;
	uint32_t rtt;     /* us, smoothed: round trips of its TCP connections; where it is timed */
	uint32_t context; /* that the address is in, see contexts_host_id(); where it is tagged */
};

struct baseline;
struct networks;

struct hosts {
	struct host *row; /* on a cache line */
	struct index index;
	struct lru lru;
	uint32_t used, max, max_grown;
	const struct tally *total; /* traffic */
	uint64_t evicted;
	struct host other; /* what evicted hosts had counted */
	struct overflow_sums other_sums[CLASSES];
	struct networks *networks; /* told of hosts that leave; may be NULL */
	struct baseline *baseline; /* likewise */
	struct hashkey hashkey;
	struct pairkey pairkey; /* of it, for the index */
};

/* Room for max rows, and later for most. */
void hosts_init(struct hosts *hs, uint32_t max, uint32_t most, const struct hashkey *key);
void hosts_fini(struct hosts *hs);

/* Forgets all, but leaves it to the caller to wipe the index. */
void hosts_clear(struct hosts *hs);

/* Adds the troubles of one to those of another. */
void host_errors_add(struct host_errors *to, const struct host_errors *more);

/* Bytes that a table of max hosts takes. */
size_t hosts_memory(uint32_t max);

/* What a row is of: an address, in a context where it may be somebody else's in another one. */
struct host_key {
	const struct addr *addr;
	uint32_t context; /* 0: none */
	uint8_t kind;     /* enum addr_kind */
};

uint32_t hosts_hash(const struct hosts *hs, const struct host_key *k);

static inline uint32_t
host_context(const struct host *h)
{
	return h->has_context ? h->context : 0;
}

/* True when the row `hint` is of that key. */
static inline bool
hosts_row_matches(const struct hosts *hs, uint32_t hint, const struct host_key *k)
{
	const struct host *h = &hs->row[hint];

	return hint < hs->used && h->kind == k->kind && addr_equal(&h->addr, k->addr) &&
	    host_context(h) == k->context;
}

/* The row of a key with that hash, made if need be; an old one makes room. */
uint32_t hosts_get(struct hosts *hs, uint32_t hash, const struct host_key *k,
    const struct intervals *b, uint32_t seen);

/* The meter of a class, in the open interval. */
struct meter *host_meter(struct host *h, enum traffic_class c, const struct intervals *b);

/* A round trip of one of its connections, in us. */
static inline void
host_note_rtt(struct host *h, uint32_t us)
{
	h->rtt = h->has_rtt ? h->rtt - h->rtt / 8 + us / 8 : us;
	h->has_rtt = true;
}

/* The row of an address without a context, or NULL. */
const struct host *hosts_find(const struct hosts *hs, uint8_t kind, const struct addr *a);

#endif
