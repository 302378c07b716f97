/*
 * Which network each host is told under, so that every row carries enough: itself, where it
 * has a good part of the traffic, else what is left of its /24 (IPv6: /64), else of its /16
 * (/48), where that has, else all that is left.
 *
 *	rollup_begin(r, now);
 *	while (rollup_step(r, hosts, beats, told, 4096, &changed))
 *		;
 *
 * It is found from the hosts now and then, never for a packet: between two times
 * each host keeps its level, and one that is new has the lowest.
 */
#ifndef CORE_PREFIX_ROLLUP_H
#define CORE_PREFIX_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/index.h"

struct intervals;
struct hosts;

#define ROLLUP_SHARE       40 /* a row has at least one such part of all traffic */
#define ROLLUP_INTERVAL_NS UINT64_C(5000000000) /* between two times */

struct rollup_item {
	struct addr addr;
	uint64_t weight, sum; /* its own; of all that it is the first of */
	uint32_t row;         /* among the hosts */
	uint32_t group;       /* of the items that share its prefix */
	uint8_t kind, old_bits, prefix_bits;
	bool is_assigned;
};

struct rollup {
	struct rollup_item *item;
	uint32_t n, max;
	struct index index; /* from a prefix to the first item that has it */
	unsigned pass;      /* of several over all */
	uint32_t position;  /* how far it has come */
	uint64_t total;
	uint64_t started; /* ns, the ledger's time; 0: never */
	bool busy, changed;
};

void rollup_begin(struct rollup *r, uint64_t now);
void rollup_fini(struct rollup *r);

/*
 * Looks at `steps` more hosts, several times at each, and at last gives them their levels.  Weighs
 * what they moved within a minute, where the present is told, else all that they did.  True while
 * there is more to do; at the end *changed: some host has another level than before.
 */
bool rollup_step(struct rollup *r, struct hosts *hs, const struct intervals *b, bool told,
    unsigned steps, bool *changed);

#endif
