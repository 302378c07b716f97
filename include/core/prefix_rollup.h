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
#ifndef CORE_PREFIX_ROLLUP_H
#define CORE_PREFIX_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/hash.h"

struct intervals;
struct hosts;

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

#endif
