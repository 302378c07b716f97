/*
 * How hosts are grouped: into networks, and in pairs.
 */
#ifndef CORE_NETWORK_H
#define CORE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/traffic_class.h"
#include "dissect/addr.h"
#include "util/table.h"

struct baseline;
struct baseline_meters;
struct flow;
struct host;
struct hosts;
struct ledger;

/*
 * Chooses a prefix length for each host, so that every row of networks has enough traffic: the host
 * itself if its share is large enough, else the rest of its /24 (IPv6: /64), else of its /16 (/48),
 * else the rest of everything.
 *
 *	rollup_begin(r, now);
 *	while (rollup_step(r, hosts, intervals, false, 4096, &changed))
 *		;
 *
 * It is recomputed from the hosts from time to time, never per packet.  In between each host keeps
 * its level; a new host has the lowest.
 */

#define ROLLUP_SHARE       40                   /* a row has at least 1/40 of all traffic */
#define ROLLUP_INTERVAL_NS UINT64_C(5000000000) /* between two runs */

struct rollup_item {
	struct addr addr;
	uint64_t weight, sum; /* of the host; of its group, if it is the first */
	uint32_t row;         /* in the table of hosts */
	uint32_t group;       /* the first item with the same prefix */
	uint8_t kind, old_bits, prefix_bits;
	bool is_assigned;
};

struct rollup {
	struct rollup_item *item;
	uint32_t n, max;
	struct index index; /* from prefix to the first item of its group */
	unsigned pass;      /* number of the current pass */
	uint32_t position;  /* position within the pass */
	uint64_t total;
	uint64_t started; /* ns, ledger time; 0: never */
	bool busy, changed;
};

void rollup_begin(struct rollup *r, uint64_t now);
void rollup_fini(struct rollup *r);

/*
 * Processes `steps` more hosts; each host is visited in several passes, and gets its level in the
 * last one.  Weights are the rates over a minute for live traffic, else the total bytes.  Returns
 * true while there is more to do.  At the end *changed is true if any host has a new level.
 */
bool rollup_step(struct rollup *r, struct hosts *hs, const struct intervals *b, bool told,
    unsigned steps, bool *changed);

/*
 * Networks: what the hosts of each sent and received, folded together with the hosts, and only
 * while enabled. t[0] of a meter is out (sent from the network), t[1] is in; traffic within a
 * network counts as both.
 *
 *	networks_start(ns, 24, 64)	enables it; existing hosts must be added
 *	networks_add_host() for each host in turn, in slices; packets may be counted between them
 *	networks_count_host()			for the later traffic of an added host
 *
 * When a host is added, all its counts so far are added, so nothing is counted twice or lost: the
 * sum of the rows and of "(other)" equals that of the hosts.
 */

struct network {
	struct addr addr; /* the first address of the prefix */
	uint64_t first, last;
	struct meter meter[CLASSES]; /* by enum traffic_class */
	uint64_t flows;              /* ends of flows of its hosts */
	uint64_t hosts;              /* seen in it */
	struct peak peak;            /* over all classes, since it is enabled */
	uint32_t score_time;         /* see util/table.h */
	uint8_t kind;                /* ADDR_IP4, ADDR_IP6; ADDR_NONE: non-IP */
	uint8_t bits;                /* prefix length */
	bool other;                  /* the row "(other)" */
};

struct networks {
	struct network *row;
	struct table table;
	uint32_t n_added; /* hosts in rows below this one are added */
	bool enabled;
	uint8_t bits4, bits6; /* prefix lengths */
	struct overflow_sums other_sums[CLASSES];
	struct baseline *baseline; /* is notified when counts move; may be NULL */
	struct network other;      /* the counts of evicted networks, and of hosts evicted before */
};

/* New traffic of a host. */
struct network_delta {
	enum traffic_class class;
	struct tally out, in;
	uint64_t last; /* time of the newest packet */
	bool new_host; /* the host is new */
	bool new_flow; /* the flow is new */
};

#define NETWORKS_ALL UINT32_MAX /* n_added: all hosts, and all future ones */

/* Allocates room for max rows, growing up to `most`. */
void networks_init(struct networks *ns, const struct table_room *room);
void networks_fini(struct networks *ns);
unsigned networks_meters(struct ledger *l, struct baseline_meters *of);
void networks_clear(struct networks *ns);

/* Memory of a table of max networks, in bytes. */
size_t networks_memory(uint32_t max);

#define NETWORKS_AUTO 0 /* each host has its own prefix length */

/* Clears the table and enables it with these prefix lengths. gone: the sum of evicted hosts. */
void networks_start(struct networks *ns, uint8_t bits4, uint8_t bits6, const struct host *gone,
    const struct intervals *b);

/* Disables it. */
void networks_stop(struct networks *ns);

/* Adds a host with all its counts.  Hosts are added in row order: h is the one at ns->n_added. */
void networks_add_host(struct networks *ns, struct host *h, const struct intervals *b);

/* A host that was not added yet is evicted. */
void networks_drop_host(struct networks *ns, const struct host *h, const struct intervals *b);

/* True if the host is counted in that network. */
bool networks_contains(const struct networks *ns, const struct network *n, const struct host *h);

/* Counts new traffic of an added host. */
void networks_count_host(
    struct networks *ns, struct host *h, const struct network_delta *m, const struct intervals *b);

/*
 * Pairs of hosts: what two hosts send each other over all their flows, kept only while enabled.
 *t[0] of a meter is sent by the first host, which is the local one if only one of them is local,
 *else the initiator of their first flow.
 *
 *	pairs_start(l)			existing flows must be added
 *	pairs_fill() until it returns false, in slices; packets may be counted between them
 *	pairs_add_flow() before the meter of a flow changes, pairs_fold() for its pending counts
 *
 * Each flow is added once, with all its counts so far, so nothing is counted twice or lost: the sum
 * of the rows and of "(other)" is the total.  A pair keeps its counts when its flows are evicted.
 */

/* After the meters of the classes: t[0].packets are retransmitted segments, in both directions. */
enum { PAIR_RETRANSMISSIONS = CLASSES, PAIR_METERS };

struct pair {
	struct addr end[2];
	uint64_t first, last;
	struct meter meter[PAIR_METERS]; /* "(other)" has all traffic in the first one */
	uint64_t flows;                  /* if the pair is evicted and returns, they count again */
	struct peak peak;                /* over all classes, since it is enabled */
	uint32_t rtt;                    /* us, smoothed over its TCP connections, if has_rtt */
	uint32_t score_time;             /* see util/table.h */
	uint8_t kind;                    /* enum addr_kind */
	bool has_rtt;
	bool one_local; /* only the first host is local */
	bool other;
};

struct pair_flow {                /* what is counted of a flow */
	uint32_t row;             /* its last row in the table of pairs */
	uint32_t generation;      /* of the flow */
	uint32_t retransmissions; /* that its pairs have */
	bool added;
};

struct pairs {
	struct pair *row;
	struct table table;
	struct pair_flow *of_flow; /* by row of the flow */
	uint32_t flows;            /* rows of the table of flows at most */
	uint32_t n_filled;         /* flows in rows below this one are added */
	bool enabled;
	struct overflow_sums other_sums;
	struct baseline *baseline; /* is notified when counts move; may be NULL */
	struct pair other;         /* the counts of evicted pairs, and of flows evicted before */
};

void pairs_init(struct pairs *ps, const struct table_room *room);
void pairs_fini(struct pairs *ps);
unsigned pairs_meters(struct ledger *l, struct baseline_meters *of);

/* Memory of a table of max pairs, in bytes. */
size_t pairs_memory(uint32_t max);

/* Clears the table and enables it. */
void pairs_start(struct ledger *l);

/* Disables it. */
void pairs_stop(struct pairs *ps);

/* The flows were cleared. */
void pairs_clear(struct pairs *ps);

/* Adds `steps` existing flows.  Returns true while there are more. */
bool pairs_fill(struct ledger *l, unsigned steps);

/* Adds a flow with what its meter has, unless that was done. */
void pairs_add_flow(struct ledger *l, const struct flow *f);

/* Counts what is pending of an added flow. */
void pairs_fold(struct ledger *l, const struct flow *f, uint32_t score_time);

#endif
