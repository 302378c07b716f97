/*
 * Interfaces that are stacked on each other, as seen on "any". A packet is seen at each of them: at
 * a bridge and its port, at a bond and its member, at both ends of a veth pair.
 *
 * One place is chosen for each direction. A received packet is counted where it is seen first, a
 * sent packet where it is sent first. An interface that only tags the packets of a lower one (VLANs
 * and their like) counts nothing.
 */
#ifndef FEED_LINK_TOPOLOGY_H
#define FEED_LINK_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"
#include "platform/net.h"
#include "util/buf.h"

#define TOPOLOGY_LINKS                                                                             \
	512 /* interfaces that are known; all that there are beyond are counted whole              \
	     */
#define TOPOLOGY_SLOTS 2048
#define TOPOLOGY_TEXT  32

struct link_role {
	unsigned index; /* of the interface */
	bool in, out;   /* counts what it receives, what it sends */
	bool up;
	bool registered; /* source is valid: its number in the ledger */
	uint16_t source;
	char name[NETIF_NAME];
	char counted_text[TOPOLOGY_TEXT]; /* "all", "received", "sent", "inside eth0" */
};

struct topology {
	struct link_role role[TOPOLOGY_LINKS];
	unsigned n;
	uint16_t
	    slot[TOPOLOGY_SLOTS]; /* a role's index plus one; open addressing by interface index */
};

/* Decides what is counted at each of n interfaces, if all are captured. */
void topology_roles(struct link_role *role, const struct link *links, unsigned n);

enum topology_overlap {
	OVERLAP_NONE,
	OVERLAP_WHOLE, /* all packets of a are seen at b too */
	OVERLAP_PART,  /* some are */
};

/* How many of the packets at a are seen at b too; both are names, "any" too. */
enum topology_overlap topology_overlap(
    const char *a, const char *b, const struct link *links, unsigned n);

/* "eth0.5: its packets are counted on eth0"; overlap is not OVERLAP_NONE. */
void topology_overlap_text(
    struct buf *b, enum topology_overlap overlap, const char *name, const char *other);

struct topology *topology_new(void);
void topology_del(struct topology *s);

/* Reads the interfaces from the system again. */
void topology_refresh(struct topology *s);

/* The interface with that name, or NULL. */
const struct link_role *topology_find_name(const struct topology *s, const char *name);

/* The interface that a frame was seen at, or NULL if it is unknown. */
struct link_role *topology_find_frame(struct topology *s, const struct frame *f);

/* True if the frame is to be counted at that interface. */
bool topology_counts_frame(const struct link_role *role, const struct frame *f);

#endif
