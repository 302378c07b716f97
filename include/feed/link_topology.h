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

#define STACK_LINKS                                                                                \
	512 /* interfaces that are known; all that there are beyond are counted whole              \
	     */
#define STACK_SLOTS 2048
#define STACK_WORDS 32

struct stack_role {
	unsigned index; /* of the interface */
	bool in, out;   /* counted: what it receives, what it sends */
	bool up;
	bool met; /* source is its number in the ledger */
	uint16_t source;
	char name[NETIF_NAME];
	char words[STACK_WORDS]; /* "all", "received", "sent", "inside eth0" */
};

struct stack {
	struct stack_role role[STACK_LINKS];
	unsigned n;
	uint16_t slot[STACK_SLOTS]; /* number of a role plus one, by index modulo size and on */
};

/* What is counted of each of n interfaces, none of them left out. */
void stack_roles(struct stack_role *role, const struct link *links, unsigned n);

enum stack_overlap {
	STACK_APART,
	STACK_INSIDE, /* all packets of the one are seen at the other too */
	STACK_PARTLY, /* some are */
};

/* How the packets that are seen at a stand to those at b; both names, "any" too. */
enum stack_overlap stack_overlap(
    const char *a, const char *b, const struct link *links, unsigned n);

/* "eth0.5: its packets are counted on eth0"; overlap is not STACK_APART. */
void stack_overlap_text(
    struct buf *b, enum stack_overlap overlap, const char *name, const char *other);

struct stack *stack_new(void);
void stack_del(struct stack *s);

/* Asks the system anew. */
void stack_look(struct stack *s);

/* The interface of that name, or NULL: there is none. */
const struct stack_role *stack_named(const struct stack *s, const char *name);

/* The interface that a frame was seen at, or NULL: it is not known. */
struct stack_role *stack_find(struct stack *s, const struct frame *f);

/* True when a frame is to be counted that was seen there. */
bool stack_counts(const struct stack_role *role, const struct frame *f);

#endif
