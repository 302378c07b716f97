/*
 * The context of an address: the network it belongs to, as far as the frame shows. 10.0.0.1 on VLAN
 * 10 and on VLAN 20 may be two hosts.
 *
 * A context consists of the numbers between the link and the IP header that has the packet's
 * ends: VLAN tags, the MPLS label, the PPPoE session, and the identity of a tunnel that was
 * entered.  A tunnel with an identity is a network of its own, so the tags around it no longer
 * count.
 */
#ifndef DISSECT_CONTEXT_H
#define DISSECT_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct buf;

enum context_tunnel { /* what identifies the innermost tunnel */
	TUNNEL_NONE,
	TUNNEL_VNI,     /* VXLAN, Geneve; LISP's instance */
	TUNNEL_GRE_KEY, /* RFC 2890; the call of version 1 */
	TUNNEL_TEID,    /* GTP-U */
	TUNNEL_L2TP,    /* tunnel (16 bits), session (16) */
	TUNNEL_ISID,    /* IEEE 802.1ah */
	TUNNELS
};

#define CONTEXT_WORDS 2

struct context {
	union {
		struct {
			uint16_t vlan[2]; /* outermost and innermost; 0: none */
			uint16_t session; /* PPPoE; 0: none */
			uint8_t tunnel;   /* enum context_tunnel */
			uint8_t zone;   /* for hosts only: capture point of a link-local address */
			uint32_t label; /* bottom MPLS label; 0: none */
			uint32_t id;    /* of the tunnel */
		};
		uint64_t w[CONTEXT_WORDS];
	};
};

static inline bool
context_is_empty(const struct context *c)
{
	return (c->w[0] | c->w[1]) == 0;
}

/* A tag with VLAN 0 has only a priority. */
static inline void
context_add_vlan(struct context *c, uint16_t id)
{
	c->vlan[c->vlan[0] != 0] = id;
}

static inline void
context_enter_tunnel(struct context *c, enum context_tunnel tunnel, uint32_t id)
{
	*c = (struct context){ .tunnel = (uint8_t)tunnel, .id = id };
}

/* The fields of a context. */
enum context_field {
	CONTEXT_VNI,
	CONTEXT_GRE_KEY,
	CONTEXT_TEID,
	CONTEXT_L2TP,
	CONTEXT_ISID,
	CONTEXT_VLAN,
	CONTEXT_INNER_VLAN,
	CONTEXT_LABEL,
	CONTEXT_SESSION,
	CONTEXT_FIELDS
};

/* The field's name in reports: "vni", "inner_vlan" ... */
const char *context_field_name(enum context_field fact);

/* Returns false if c does not have that field. */
bool context_field(const struct context *c, enum context_field fact, uint32_t *n);

#define CONTEXT_TEXT 160

/* Adds the fields of c as text: "vni 100 vlan 10 vlan 20 label 16 session 3". */
void context_text(struct buf *b, const struct context *c);

#endif
