/* Claims of hosts on a link: two for one address, second servers and routers. */
#include "config.h"

#include <string.h>

#include "core/private.h"
#include "dissect/pkt.h"
#include "util/buf.h"

#define LAN_MEMORY    (600 * DETECT_S) /* for which a claim is remembered */
#define ARP_WINDOW    (10 * DETECT_S)
#define ARP_REQUEST   1
#define ARP_REPLY     2
#define GATEWAY_ASKED 3 /* hosts that ask for an address make it the gateway's */

enum { MOVES, REPLIES, ASKED, AWAY }; /* counters of a claim; AWAY: it has moved */
enum { QUESTIONS };                   /* counter of a host that asks */
enum { OFFER_HASH };                  /* of a server */
enum lan_offer { OFFER_DHCP = 1, OFFER_ROUTER };

/* Addresses that move between machines by design: VRRP (RFC 9568, 7.3), HSRP, CARP. */
static bool
lan_is_virtual(const struct addr *mac)
{
	static const uint8_t vrrp[] = { 0x00, 0x00, 0x5e, 0x00 };
	static const uint8_t hsrp[] = { 0x00, 0x00, 0x0c, 0x07, 0xac };

	return memcmp(mac->b, vrrp, sizeof(vrrp)) == 0 || memcmp(mac->b, hsrp, sizeof(hsrp)) == 0;
}

static void
lan_note_question(struct detect *d, const struct pkt *p, const struct addr *mac)
{
	const struct pkt_claim *c = &p->meta->claim;
	bool named = (c->addr.w[0] | c->addr.w[1]) != 0;
	struct tracker_key k = detect_key(TRACK_ARP, named ? ADDR_IP4 : ADDR_MAC,
	    named ? &c->addr : mac, NULL, (uint16_t)p->context_id);
	struct tracker *t;
	uint32_t asked;

	if (addr_equal(&c->addr, &c->target))
		return;
	t = tracker_get(d, &k, ARP_WINDOW);
	t->n[QUESTIONS]++;
	(void)sketch_add(&t->seen, detect_hash(d, &c->target, 0));
	asked = sketch_count(&t->seen);
	if (detect_reaches(d, RULE_ARP_SCAN, asked) && !addr_equal(&c->addr, &d->gateway.addr)) {
		struct tracker named_by = *t;

		named_by.key.port = 0;
		detect_raise(d, &named_by, RULE_ARP_SCAN, 0,
		    (struct event_numbers){ .n = t->n[QUESTIONS], .m = asked });
		t->event = named_by.event;
	}
}

/* Hosts ask most for their gateway. */
static void
lan_note_asked(struct detect *d, const struct pkt *p)
{
	const struct pkt_claim *c = &p->meta->claim;
	struct tracker_key k =
	    detect_key(TRACK_CLAIM, ADDR_IP4, &c->target, NULL, (uint16_t)p->context_id);
	struct tracker *t = tracker_get(d, &k, LAN_MEMORY);

	(void)sketch_add(&t->seen, detect_hash(d, &c->addr, 0));
	t->n[ASKED] = sketch_count(&t->seen);
	if (t->n[ASKED] >= GATEWAY_ASKED && d->gateway.kind == ADDR_NONE)
		d->gateway = (struct event_end){ .addr = c->target, .kind = ADDR_IP4 };
}

static void
lan_raise_claim(struct detect *d, const struct tracker *t, enum event_rule rule,
    const struct addr *mac, const struct addr *before)
{
	struct event e = { .start = t->last,
		.end = t->last,
		.n = t->n[MOVES],
		.a = { .addr = *mac, .kind = ADDR_MAC },
		.b = { .addr = t->key.a, .kind = ADDR_IP4 },
		.rule = (uint8_t)rule };
	struct buf b;

	buf_init(&b, e.detail, sizeof(e.detail));
	addr_text(&b, ADDR_MAC, before);
	detect_raise_event(d, &e);
}

/*
 * The address has moved to another MAC address.  Announcements do so when a service moves to
 * another machine; unicast replies that say so are of an attacker.  If it moves there and back, two
 * hosts have it.
 */
static void
lan_note_move(struct detect *d, struct tracker *t, const struct pkt *p, const struct addr *mac)
{
	const struct pkt_claim *c = &p->meta->claim;
	bool announced = addr_equal(&c->addr, &c->target) || c->op != ARP_REPLY;
	bool is_gateway = d->gateway.kind != ADDR_NONE && addr_equal(&c->addr, &d->gateway.addr);
	struct addr before = t->peer;

	if (announced) {
		t->n[MOVES] += t->n[AWAY] == 0;
		t->n[AWAY] = 1;
		t->other = *mac;
		return;
	}
	t->n[REPLIES]++;
	if (is_gateway && detect_reaches(d, RULE_GATEWAY_CHANGE, t->n[REPLIES]))
		lan_raise_claim(d, t, RULE_GATEWAY_CHANGE, mac, &before);
	else if (detect_reaches(d, RULE_ARP_SPOOF, t->n[REPLIES]))
		lan_raise_claim(d, t, RULE_ARP_SPOOF, mac, &before);
}

static void
lan_note_return(struct detect *d, struct tracker *t)
{
	if (t->n[AWAY] == 0)
		return;
	t->n[AWAY] = 0;
	t->n[MOVES]++;
	if (detect_reaches(d, RULE_IP_CONFLICT, t->n[MOVES]))
		lan_raise_claim(d, t, RULE_IP_CONFLICT, &t->other, &t->peer);
}

/* The first MAC address of an address stays its own until it has been silent for long. */
static void
lan_note_claim(struct detect *d, const struct pkt *p, const struct addr *mac)
{
	const struct pkt_claim *c = &p->meta->claim;
	struct tracker_key k =
	    detect_key(TRACK_CLAIM, ADDR_IP4, &c->addr, NULL, (uint16_t)p->context_id);
	struct tracker *t = tracker_get(d, &k, LAN_MEMORY);

	if ((t->peer.w[0] | t->peer.w[1]) == 0 || t->start == d->now)
		t->peer = *mac;
	if (addr_equal(&t->peer, mac))
		lan_note_return(d, t);
	else if (!lan_is_virtual(mac) && !lan_is_virtual(&t->peer))
		lan_note_move(d, t, p, mac);
}

static void
lan_note_arp(struct detect *d, const struct pkt *p)
{
	const struct pkt_claim *c = &p->meta->claim;
	struct addr mac = { .w = { 0, 0 } };

	memcpy(mac.b, c->mac, sizeof(c->mac));
	if (c->op == ARP_REQUEST)
		lan_note_question(d, p, &mac);
	if ((c->addr.w[0] | c->addr.w[1]) == 0)
		return;
	if (c->op == ARP_REQUEST && !addr_equal(&c->addr, &c->target))
		lan_note_asked(d, p);
	lan_note_claim(d, p, &mac);
}

/* A second server of a kind that offers something else than the first one. */
static void
lan_note_offer(
    struct detect *d, const struct pkt *p, enum lan_offer what, const struct addr *server)
{
	const struct pkt_claim *c = &p->meta->claim;
	enum event_rule rule = what == OFFER_DHCP ? RULE_ROGUE_DHCP : RULE_ROGUE_RA;
	struct addr place = { .w = { what, p->context_id } };
	struct tracker_key k = detect_key(TRACK_OFFER, p->kind, &place, NULL, 0);
	struct tracker *t = tracker_get(d, &k, UINT64_MAX);
	uint32_t offer = detect_hash(d, &c->target, 0);
	struct event e = { .start = d->now,
		.end = d->now,
		.a = { .addr = *server, .kind = p->kind },
		.b = { .addr = t->peer, .kind = p->kind },
		.rule = (uint8_t)rule };
	struct buf b;

	if ((t->peer.w[0] | t->peer.w[1]) == 0) {
		t->peer = *server;
		t->n[OFFER_HASH] = offer;
	}
	if (addr_equal(&t->peer, server) || t->n[OFFER_HASH] == offer || d->threshold[rule] == 0)
		return;
	buf_init(&b, e.detail, sizeof(e.detail));
	buf_adds(&b, what == OFFER_DHCP ? "the gateway " : "the prefix ");
	addr_text(&b, what == OFFER_DHCP ? ADDR_IP4 : ADDR_IP6, &c->target);
	detect_raise_event(d, &e);
}

static void
lan_note_dhcp(struct detect *d, const struct pkt *p)
{
	const struct pkt_claim *c = &p->meta->claim;
	struct addr router = { .w = { 0, 0 } };

	lan_note_offer(d, p, OFFER_DHCP, &c->addr);
	memcpy(router.b, c->target.b, 4);
	if (d->gateway.kind == ADDR_NONE && router.w[0] != 0)
		d->gateway = (struct event_end){ .addr = router, .kind = ADDR_IP4 };
}

void
detect_lan_meta(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;

	if (p->meta->type == META_ARP)
		lan_note_arp(d, p);
	else if (p->meta->type == META_DHCP)
		lan_note_dhcp(d, p);
	else if (p->meta->type == META_ROUTER)
		lan_note_offer(d, p, OFFER_ROUTER, &p->src);
}
