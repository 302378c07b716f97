/*
 * From a frame to a pkt.
 *
 * protos.def lists every protocol, a row each, with the places where it is
 * found.  A protocol with headers to read has a function in a file of its own;
 * it reads its header through the cursor, notes facts in the pkt, and returns
 * what comes next.  Dissectors never call one another: the driver looks the
 * next one up, notes it in the stack and counts the depth.
 *
 *	struct dissector *d = dissector_new();
 *	dissect(d, &frame, &pkt);		as often as there are frames
 *	dissector_del(d);
 */
#ifndef DISSECT_DISSECT_H
#define DISSECT_DISSECT_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/cursor.h"
#include "dissect/frame.h"
#include "dissect/pkt.h"
#include "dissect/pkt_meta.h"

enum proto {
	PROTO_NONE,
#define PROTO(id, ...) PROTO_##id,
#include "dissect/protos.def"
#undef PROTO
	PROTO_MAX
};

/* The number spaces in which a next protocol is named. */
enum proto_space {
	SPACE_END,   /* nothing further is looked at */
	SPACE_LINK,  /* DLT_ value */
	SPACE_ETHER, /* ethertype (IEEE 802, IANA) */
	SPACE_LLC,   /* LLC DSAP (IEEE 802.2) */
	SPACE_IP,    /* IP protocol number (IANA) */
	SPACE_PPP,   /* PPP protocol number (RFC 1661) */
	SPACE_TCP,   /* TCP port */
	SPACE_UDP,   /* UDP port */
	SPACE_SCTP,  /* SCTP port */
	SPACE_PROTO, /* enum proto: told outright */
	SPACE_MAX
};

/*
 * What comes next: a number in a space, and for ports a second one, tried where the first is
 * nobody's.  All in one scalar, which is returned in a register: the packet path lives on it.
 */
struct next {
	uint64_t code; /* number | space << 16 | second number << 32 */
};

#define NEXT(space_, id_) ((struct next){ (uint64_t)(space_) << 16 | (uint16_t)(id_) })
#define NEXT_END          ((struct next){ SPACE_END })

static inline enum proto_space
next_space(struct next n)
{
	return (enum proto_space)(n.code >> 16 & 0xffff);
}

static inline uint16_t
next_id(struct next n)
{
	return (uint16_t)n.code;
}

static inline uint16_t
next_second_id(struct next n)
{
	return (uint16_t)(n.code >> 32);
}

struct dissector;

/* The look-up tables, made from protos.def.  Dies when there is no memory. */
struct dissector *dissector_new(void);
void dissector_del(struct dissector *d);

/* True: flows are between the innermost addresses of tunnels; false, at first: between the
 * outermost. */
void dissector_set_decap(struct dissector *d, bool inner);

/* True, at first: what most packets look like is read at once (fast_path.h); false: every header by
 * its own protocol's function, which gives the same. */
void dissector_set_fast_path(struct dissector *d, bool quick);

/* Fills in *p wholly from *f, but p->outer only with p->outer_kind.  Never fails: what cannot be
 * read is marked in p->flags. */
void dissect(const struct dissector *d, const struct frame *f, struct pkt *p);

/* The same, and what the packet says of names goes into *s, where p->said then points. */
void dissect_with_meta(
    const struct dissector *d, const struct frame *f, struct pkt *p, struct pkt_meta *s);

/* True when frames of this DLT_ can be read further than their length. */
bool dissector_knows_link(const struct dissector *d, uint16_t linktype);

/* The name in paths ("tcp"), as tshark spells it, and the title ("Transmission Control Protocol").
 */
const char *proto_name(enum proto id);
const char *proto_title(enum proto id);

/* True when whoever captured puts this header in front: its bytes do not count. */
bool proto_is_pseudo(enum proto id);

/* The protocol that is bound to (space, id), or PROTO_NONE; proto_find() does without a dissector,
 * and is slower. */
enum proto proto_find(enum proto_space space, uint16_t id);

/* True when proto is bound to (space, id), be it one of several. */
bool proto_is_at(enum proto proto, enum proto_space space, uint16_t id);
/* The other way round: the first number of the protocol of that name in a space.  False: it has
 * none. */
bool proto_id_by_name(const char *name, enum proto_space space, uint16_t *id);
enum proto dissector_find(const struct dissector *d, enum proto_space space, uint16_t id);

/* The name of the service at a port of SPACE_TCP, _UDP or _SCTP ("https"), or NULL.  A small
 * built-in list. */
const char *service_name(enum proto_space space, uint16_t port);

/* True if a port of that list has a service of this name, whatever the case of its letters. */
bool service_exists(const char *name);

#endif
