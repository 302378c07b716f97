/*
 * Networks: what the hosts of each sent and received, folded together with the
 * hosts, and only while somebody looks.  t[0] of a meter is out (sent from the
 * network), t[1] is in; what goes from one host of a network to another is both.
 *
 *	networks_start(ns, 24, 64)	from now on; the hosts that there are are to be taken in
 *	networks_add_host() for each host in turn, in slices, packets may come between them
 *	networks_count_host()			for what a host taken in moves from then on
 *
 * A host counts here from the moment that it is taken in, with all that it has
 * counted till then, so no slice of the work can be done twice or left out: the
 * sum of the rows and of "(other)" is that of the hosts and theirs.
 */
#ifndef CORE_NETWORK_H
#define CORE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lru.h"
#include "core/meter.h"
#include "core/traffic_class.h"
#include "dissect/addr.h"
#include "util/hash.h"
#include "util/index.h"

struct baseline;
struct host;

struct network {
	struct addr addr; /* its first one */
	uint64_t first, last;
	struct meter meter[CLASSES]; /* by enum traffic_class */
	uint64_t flows;              /* ends of flows that its hosts have or had */
	uint64_t hosts;              /* that were met in it */
	struct peak peak;            /* of all classes together, since it is watched */
	uint32_t hash, score_time;   /* seen: as claims have it, see lru.h */
	uint8_t kind;                /* ADDR_IP4, ADDR_IP6; ADDR_NONE: all that is no IP */
	uint8_t bits;                /* of the prefix */
	bool other;                  /* the row "(other)" */
};

struct networks {
	struct network *row;
	struct index index;
	struct lru lru;
	uint32_t used, max, max_grown;
	uint32_t n_added; /* hosts in rows below this one are taken in */
	bool enabled;
	uint8_t bits4, bits6; /* lengths of the prefixes */
	struct overflow_sums other_sums[CLASSES];
	struct baseline *baseline; /* told where counts go; may be NULL */
	struct network other; /* what networks that had to leave had counted, and hosts before */
	struct hashkey hashkey;
};

/* What a host moves. */
struct network_delta {
	enum traffic_class class;
	struct tally out, in;
	uint64_t last; /* time of the newest of it */
	bool new_host; /* the host is new */
	bool new_flow; /* a flow of it is */
};

#define NETWORKS_ALL UINT32_MAX /* taken: all hosts are, and all that will come */

/* Room for max rows, and later for most. */
void networks_init(struct networks *ns, uint32_t max, uint32_t most, const struct hashkey *key);
void networks_fini(struct networks *ns);
void networks_clear(struct networks *ns);

/* Bytes that a table of max networks takes. */
size_t networks_memory(uint32_t max);

#define NETWORKS_AUTO                                                                              \
	0 /* bits: each host says how long its prefix is, see core/prefix_rollup.h                 \
	   */

/* Begins anew with prefixes of that length.  Hosts that have left their table are in gone. */
void networks_start(struct networks *ns, uint8_t bits4, uint8_t bits6, const struct host *gone,
    const struct intervals *b);

/* Nobody looks any more. */
void networks_stop(struct networks *ns);

/* Takes in a host with all that it has counted.  Goes by rows: h is the one at ns->taken. */
void networks_add_host(struct networks *ns, struct host *h, const struct intervals *b);

/* A host that was not taken in leaves its table. */
void networks_drop_host(struct networks *ns, const struct host *h, const struct intervals *b);

/* True when that is where the host is counted. */
bool networks_contains(const struct networks *ns, const struct network *n, const struct host *h);

/* Counts what a host moves that was taken in. */
void networks_count_host(
    struct networks *ns, struct host *h, const struct network_delta *m, const struct intervals *b);

#endif
