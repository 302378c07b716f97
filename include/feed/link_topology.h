/*
 * Interfaces that stand upon one another, as seen on "any", where a packet comes by at each of
 * them: at the port of a bridge and at the bridge, at a bond and at the interface below it, at both
 * ends of a pair.
 *
 * One place is chosen for each way: what comes in is counted where it comes in first,
 * what goes out where it is sent at first, and nothing of what stands upon another
 * interface and only marks what goes over that (VLANs and their like).
 */
#ifndef FEED_LINK_TOPOLOGY_H
#define FEED_LINK_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"
#include "platform/links.h"
#include "util/buf.h"

#define TOPOLOGY_LINKS                                                                             \
	512 /* interfaces that are known; all that there are beyond are counted whole              \
	     */
#define TOPOLOGY_SLOTS 2048
#define TOPOLOGY_TEXT  32

struct link_role {
	unsigned index; /* of the interface */
	bool in, out;   /* counted: what it receives, what it sends */
	bool up;
	bool registered; /* source is its number in the ledger */
	uint16_t source;
	char name[NETIF_NAME];
	char counted_text[TOPOLOGY_TEXT]; /* "all", "received", "sent", "inside eth0" */
};

struct topology {
	struct link_role role[TOPOLOGY_LINKS];
	unsigned n;
	uint16_t slot[TOPOLOGY_SLOTS]; /* number of a role plus one, by index modulo size and on */
};

/* What is counted of each of n interfaces, none of them left out. */
void topology_roles(struct link_role *role, const struct link *links, unsigned n);

enum topology_overlap {
	OVERLAP_NONE,
	OVERLAP_WHOLE, /* all packets of the one are seen at the other too */
	OVERLAP_PART,  /* some are */
};

/* How the packets that are seen at a stand to those at b; both names, "any" too. */
enum topology_overlap topology_overlap(
    const char *a, const char *b, const struct link *links, unsigned n);

/* "eth0.5: its packets are counted on eth0"; overlap is not OVERLAP_NONE. */
void topology_overlap_text(
    struct buf *b, enum topology_overlap overlap, const char *name, const char *other);

struct topology *topology_new(void);
void topology_del(struct topology *s);

/* Asks the system anew. */
void topology_refresh(struct topology *s);

/* The interface of that name, or NULL: there is none. */
const struct link_role *topology_find_name(const struct topology *s, const char *name);

/* The interface that a frame was seen at, or NULL: it is not known. */
struct link_role *topology_find_frame(struct topology *s, const struct frame *f);

/* True when a frame is to be counted that was seen there. */
bool topology_counts_frame(const struct link_role *role, const struct frame *f);

#endif
