/*
 * From a frame to a pkt.
 *
 * protos.def has a row for each protocol, with the numbers that lead to it.  A protocol with
 * headers to read has a function that reads its header through the cursor, stores fields in the
 * pkt, and returns what comes next.  Dissectors never call one another: the driver looks up the
 * next one, adds it to the stack and counts the depth.
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

enum proto {
	PROTO_NONE,
#define PROTO(id, ...) PROTO_##id,
#include "dissect/protos.def"
#undef PROTO
	PROTO_MAX
};

/* Number spaces of next protocols. */
enum proto_space {
	SPACE_END,   /* stop */
	SPACE_LINK,  /* DLT_ value */
	SPACE_ETHER, /* ethertype (IEEE 802, IANA) */
	SPACE_LLC,   /* LLC DSAP (IEEE 802.2) */
	SPACE_IP,    /* IP protocol number (IANA) */
	SPACE_PPP,   /* PPP protocol number (RFC 1661) */
	SPACE_TCP,   /* TCP port */
	SPACE_UDP,   /* UDP port */
	SPACE_SCTP,  /* SCTP port */
	SPACE_PROTO, /* enum proto itself */
	SPACE_MAX
};

/*
 * The next protocol: a number in a space, and for ports a second number, used if the first is
 * unknown.  Packed into one integer that is returned in a register, for speed.
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

/* The look-up tables, made from protos.def.  Exits if out of memory. */
struct dissector *dissector_new(void);
void dissector_del(struct dissector *d);

/* true: flows are keyed by the innermost addresses of tunnels; false (default): by the outermost.
 */
void dissector_set_decap(struct dissector *d, bool inner);

/* true (default): common headers are read by the fast path (dissect/private.h); false: every header
 * by its own function, with the same result. */
void dissector_set_fast_path(struct dissector *d, bool quick);

/* Sets all of *p from *f; p->outer only if p->outer_kind is set.  Never fails: p->flags says what
 * could not be read. */
void dissect(const struct dissector *d, const struct frame *f, struct pkt *p);

/* The same, and stores names found in the packet in *s; p->meta then points to it. */
void dissect_with_meta(
    const struct dissector *d, const struct frame *f, struct pkt *p, struct pkt_meta *s);

/* True if frames of this DLT_ can be dissected. */
bool dissector_knows_link(const struct dissector *d, uint16_t linktype);

/* The name in paths ("tcp"), as tshark spells it, and the title ("Transmission Control Protocol").
 */
const char *proto_name(enum proto id);
const char *proto_title(enum proto id);

/* True if the capture added this header: its bytes are not counted. */
bool proto_is_pseudo(enum proto id);

/* The protocol bound to (space, id), or PROTO_NONE. proto_find() needs no dissector, but is slower.
 */
enum proto proto_find(enum proto_space space, uint16_t id);

/* True if proto is bound to (space, id). */
bool proto_is_at(enum proto proto, enum proto_space space, uint16_t id);
/* The first number of the named protocol in a space.  Returns false if it has none. */
bool proto_id_by_name(const char *name, enum proto_space space, uint16_t *id);
enum proto dissector_find(const struct dissector *d, enum proto_space space, uint16_t id);

/* The name of the service at a port of SPACE_TCP, _UDP or _SCTP ("https"), or NULL.  A small
 * built-in list. */
const char *service_name(enum proto_space space, uint16_t port);

/* True if a port of that list has a service of this name, whatever the case of its letters. */
bool service_exists(const char *name);

/* The name of row i of the table of services, which may repeat names; NULL at the end. */
const char *service_listed(size_t i);

#endif
