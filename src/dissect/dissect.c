#include "config.h"

#include "dissect/dissect.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/bpf_gaps.h"
#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"
#include "dissect/private.h"
#include "util/alloc.h"
#include "util/attr.h"

#define PLACES 16 /* bindings of one protocol at most */
#define LAYERS 64 /* layers read per packet at most */

#define BEGINNING 24 /* bytes of a stream that are enough to classify it */

struct proto_binding {
	uint8_t space;
	uint16_t id;
};

struct proto_row {
	const char *name, *title;
	dissect_fn *fn;
	bool pseudo;                     /* its bytes were not on the link */
	struct proto_binding on[PLACES]; /* ended by SPACE_END */
};

/* clang-format off */
#define ON(space, id)     { SPACE_##space, id }
#define NOWHERE           { SPACE_END, 0 }
#define FN(function)      function, false
#define PSEUDO(function) function, true
#define LEAF              NULL, false
#define PROTO(id, name, title, fn, ...) [PROTO_##id] = { name, title, fn, { __VA_ARGS__ } },

static const struct proto_row proto_rows[PROTO_MAX] = {
	[PROTO_NONE] = { "", "", LEAF, { NOWHERE } },
#include "dissect/protos.def"
};
/* clang-format on */

#undef PROTO
#undef LEAF
#undef PSEUDO
#undef FN
#undef NOWHERE
#undef ON

static_assert(PROTO_MAX <= 256, "an enum proto fits a byte");

/*
 * A look-up is one load: find[space] has an entry for every number.  The row of SPACE_END is all
 * PROTO_NONE; that of SPACE_PROTO maps each id to itself.  Unused pages are never touched.
 */
struct dissector {
	dissect_fn *fn[PROTO_MAX];
	bool decap, fast_path;
	bool port_decides[PROTO_MAX]; /* the port decides; the protocol's own function checks the
					 payload */
	struct classifier classifier;
	uint8_t by_id[SPACE_MAX][UINT16_MAX + 1];
};

static void
dissector_bind(struct dissector *d, uint8_t proto)
{
	d->fn[proto] = proto_rows[proto].fn;
	d->by_id[SPACE_PROTO][proto] = proto;
	for (const struct proto_binding *on = proto_rows[proto].on; on->space != SPACE_END; on++)
		d->by_id[on->space][on->id] = proto;
}

struct dissector *
dissector_new(void)
{
	struct dissector *d = xcalloc(1, sizeof(*d));

	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		dissector_bind(d, (uint8_t)i);
	classify_init(&d->classifier);
	d->fast_path = true;
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		d->port_decides[i] = d->fn[i] != NULL && !d->classifier.has_rule[i];
	return d;
}

void
dissector_del(struct dissector *d)
{
	free(d);
}

void
dissector_set_decap(struct dissector *d, bool inner)
{
	d->decap = inner;
}

void
dissector_set_fast_path(struct dissector *d, bool quick)
{
	d->fast_path = quick;
}

enum proto
dissector_find(const struct dissector *d, enum proto_space space, uint16_t id)
{
	assert(space < SPACE_MAX);
	return d->by_id[space][id];
}

bool
dissector_knows_link(const struct dissector *d, uint16_t linktype)
{
	return d->fn[d->by_id[SPACE_LINK][linktype]] != NULL;
}

const char *
proto_name(enum proto id)
{
	assert(id < PROTO_MAX);
	return proto_rows[id].name;
}

bool
proto_is_pseudo(enum proto id)
{
	assert(id < PROTO_MAX);
	return proto_rows[id].pseudo;
}

const char *
proto_title(enum proto id)
{
	assert(id < PROTO_MAX);
	return proto_rows[id].title;
}

bool
proto_is_at(enum proto proto, enum proto_space space, uint16_t id)
{
	for (const struct proto_binding *on = proto_rows[proto].on; on->space != SPACE_END; on++)
		if (on->space == space && on->id == id)
			return true;
	return false;
}

enum proto
proto_find(enum proto_space space, uint16_t id)
{
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		if (proto_is_at((enum proto)i, space, id))
			return (enum proto)i;
	return PROTO_NONE;
}

bool
proto_id_by_name(const char *name, enum proto_space space, uint16_t *id)
{
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++) {
		if (strcmp(proto_rows[i].name, name) != 0)
			continue;
		for (const struct proto_binding *on = proto_rows[i].on; on->space != SPACE_END;
		     on++) {
			if (on->space == space) {
				*id = on->id;
				return true;
			}
		}
	}
	return false;
}

static bool
dissect_is_port_space(enum proto_space space)
{
	return space == SPACE_TCP || space == SPACE_UDP || space == SPACE_SCTP;
}

/* Stores the link's protocol number as the proto of packets without IP. */
static void
dissect_note_link_proto(struct pkt *p, enum proto_space space, uint16_t id)
{
	if (space == SPACE_ETHER || space == SPACE_LLC || (space == SPACE_PPP && p->proto == 0))
		pkt_set_link_proto(p, id);
}

/*
 * The application of a segment near the start of a stream: very small or out-of-order segments are
 * classified together. found is the result for the segment alone.
 */
static ATTR_COLD struct classify_result
dissect_app_joined(const struct dissector *d, struct classify_hint at, const struct cursor *c,
    const struct pkt *p, struct classify_result found)
{
	struct hello_buffer *h = hello_add_segment(p->meta->hello_buffers, p, c);
	struct cursor all = { .p = h != NULL ? h->bytes : NULL };
	struct classify_result joined;

	if (h == NULL)
		return found;
	if (h->app != PROTO_NONE)
		return (struct classify_result){ h->app, APP_BY_CONTENT };
	all.end = all.p + hello_contiguous(h);
	joined = classify_payload(&d->classifier, &all, at);
	if (joined.app_confidence == APP_BY_CONTENT && d->classifier.first_only[joined.proto]) {
		h->app = joined.proto;
		return joined;
	}
	if (cur_captured(&all) >= BEGINNING)
		hello_finish(p->meta->hello_buffers, h);
	return found;
}

/* The application by content, or else by ports.  The lower port is more likely the service. */
static ATTR_INLINE struct classify_result
dissect_app(const struct dissector *d, enum proto_space space, uint16_t low, uint16_t high,
    const struct cursor *c, const struct pkt *p)
{
	const struct pkt_meta *s = pkt_get_meta(p);
	uint8_t by_port = d->by_id[space][low];
	struct classify_result found;
	struct classify_hint at;

	if (by_port == PROTO_NONE)
		by_port = d->by_id[space][high];
	if (UNLIKELY(space == SPACE_SCTP || d->port_decides[by_port]))
		return classify_by_port(by_port);
	at = (struct classify_hint){
		.over = space == SPACE_UDP ? OVER_UDP : OVER_TCP,
		.by_port = by_port,
		.low = low,
		.high = high,
	};
	found = classify_payload(&d->classifier, c, at);
	if (space == SPACE_TCP && s != NULL && s->hello_buffers != NULL &&
	    UNLIKELY(hello_may_join(s->hello_buffers, p)))
		return dissect_app_joined(d, at, c, p, found);
	return found;
}

static uint8_t
dissect_next_proto(const struct dissector *d, struct next n, struct cursor *c, struct pkt *p)
{
	enum proto_space space = next_space(n);
	struct classify_result found;

	c->id = next_id(n);
	if (space == SPACE_END)
		return PROTO_NONE;
	if (!dissect_is_port_space(space)) {
		dissect_note_link_proto(p, space, next_id(n));
		return d->by_id[space][next_id(n)];
	}
	found = dissect_app(d, space, next_id(n), next_second_id(n), c, p);
	if (LIKELY(!p->ends_final)) {
		p->app = found.proto;
		p->app_confidence = found.app_confidence;
	}
	return found.proto;
}

/* Subtracts a pseudo-header that ends at c from the packet's length. */
static void
dissect_strip_pseudo(struct pkt *p, const uint8_t *header, const struct cursor *c)
{
	size_t length = (size_t)(c->p - header);

	if (!c->overrun && length <= p->len)
		p->len -= (uint32_t)length;
}

/* Adds a layer to the stack and reads its header. */
static struct next
dissect_layer(const struct dissector *d, uint8_t id, struct cursor *c, struct pkt *p)
{
	const uint8_t *header = c->p;
	dissect_fn *fn = d->fn[id];
	struct next n;

	if (LIKELY(p->depth < PKT_DEPTH))
		p->stack[p->depth++] = id;
	if (UNLIKELY((id == PROTO_IP || id == PROTO_IPV6) && pkt_has_ip(p)) && !d->decap)
		p->ends_final = true;
	if (fn == NULL)
		return NEXT_END;
	n = fn(c, p);
	if (UNLIKELY(proto_rows[id].pseudo))
		dissect_strip_pseudo(p, header, c);
	return n;
}

/* In two parts, because compilers turn short ones into plain stores, and a long one into a slower
 * string instruction. */
static ATTR_INLINE void
dissect_clear_pkt(struct pkt *p)
{
	const size_t half = offsetof(struct pkt, seq), all = offsetof(struct pkt, pending_context);

	memset(p, 0, half);
	memset((char *)p + half, 0, all - half);
	p->pending_context = (struct context){ 0 };
}

/* Sets p to the fields of its frame, all others to zero. */
static ATTR_INLINE void
dissect_reset_pkt(struct pkt *p, const struct frame *f, struct pkt_meta *s)
{
	dissect_clear_pkt(p);
	p->ts = f->ts;
	p->len = f->len;
	p->source = f->source;
	p->meta = s;
}

/* The application after the fast path.  Payload from the middle of a stream is finished here. */
static ATTR_INLINE uint8_t
dissect_fast_app(
    const struct dissector *d, const struct frame *f, const struct cursor *c, struct pkt *p)
{
	enum proto_space space = p->proto == IP_PROTO_TCP ? SPACE_TCP : SPACE_UDP;
	uint16_t low = p->sport < p->dport ? p->sport : p->dport;
	uint16_t high = p->sport < p->dport ? p->dport : p->sport;
	struct classify_result found;

	if (p->payload == 0)
		return PROTO_NONE;
	p->payload_at = (uint16_t)(c->p - f->data);
	found = dissect_app(d, space, low, high, c, p);
	p->app = found.proto;
	p->app_confidence = found.app_confidence;
	if (found.app_confidence == APP_BY_CONTENT || !d->classifier.first_only[found.proto] ||
	    p->payload <= HELLO_SHORT)
		return found.proto;
	p->stack[p->depth++] = found.proto;
	return PROTO_NONE;
}

/* Stores the MAC address of a sender without an IP address. Senders inside a tunnel have another
 * one. */
static void
dissect_note_sender_mac(const struct dissector *d, const struct frame *f, struct pkt *p)
{
	bool inside = d->decap && (p->flags & PKT_TUNNEL) != 0;

	if (inside || !pkt_has_ip(p) || p->stack[0] != PROTO_ETH || f->caplen < 12)
		return;
	memcpy(p->mac, f->data + 6, sizeof(p->mac));
	p->flags |= PKT_UNSPECIFIED_SRC;
}

/* Notes the start of a stream at its SYN. */
static ATTR_INLINE void
dissect_note_syn(const struct pkt *p, struct pkt_meta *s)
{
	if (UNLIKELY((p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) && p->payload == 0 &&
	    s != NULL && s->hello_buffers != NULL)
		hello_note_syn(s->hello_buffers, p);
}

static struct cursor
whole_frame(const struct frame *f)
{
	return (struct cursor){
		.p = f->data,
		.end = f->data + f->caplen,
		.uncaptured = f->len > f->caplen ? f->len - f->caplen : 0,
		.id = f->linktype,
	};
}

/* The payload of the packet's transport begins at c. */
static void
dissect_note_payload(struct pkt *p, struct next n, const struct frame *f, const struct cursor *c)
{
	size_t at = (size_t)(c->p - f->data);

	if (dissect_is_port_space(next_space(n)) && !p->ends_final && at <= UINT16_MAX)
		p->payload_at = (uint16_t)at;
}

/* Reads the layers from id on, which begins at c. */
static void
read_layers(
    const struct dissector *d, const struct frame *f, struct cursor *c, struct pkt *p, uint8_t id)
{
	bool whole = c->p == f->data;

	for (unsigned i = 0; id != PROTO_NONE && i < LAYERS; i++) {
		struct next n = dissect_layer(d, id, c, p);

		dissect_note_payload(p, n, f, c);
		id = dissect_next_proto(d, n, c, p);
	}
	if (UNLIKELY(id != PROTO_NONE))
		p->flags |= PKT_MALFORMED;
	if (UNLIKELY(!pkt_has_ip(p)))
		p->context = p->pending_context;
	if (UNLIKELY(c->overrun))
		p->flags |= c->impossible ? PKT_MALFORMED : PKT_TRUNCATED;
	/* Filters read fast-path packets correctly, but not inner headers. */
	if (whole || (p->flags & PKT_TUNNEL))
		p->bpf_gaps = bpf_gaps_find(f, p);
}

static ATTR_NOINLINE void
read_whole(const struct dissector *d, const struct frame *f, struct pkt *p, struct pkt_meta *s)
{
	uint8_t link = d->by_id[SPACE_LINK][f->linktype];
	struct cursor c = whole_frame(f);

	dissect_reset_pkt(p, f, s);
	read_layers(d, f, &c, p, link != PROTO_NONE ? link : PROTO_UNKNOWN);
	if (UNLIKELY((p->src.w[0] | p->src.w[1]) == 0))
		dissect_note_sender_mac(d, f, p);
}

/* c, a copy, is at the layer id, behind a transport that was read at once. */
static ATTR_NOINLINE void
read_inner(
    const struct dissector *d, const struct frame *f, struct cursor c, struct pkt *p, uint8_t id)
{
	read_layers(d, f, &c, p, id);
}

/* False if something is unusual; then p has to be reset. */
static ATTR_INLINE bool
read_at_once(const struct dissector *d, const struct frame *f, struct pkt *p)
{
	struct cursor c = whole_frame(f);
	uint8_t id;

	if (UNLIKELY(d->by_id[SPACE_LINK][f->linktype] != PROTO_ETH || !d->fast_path) ||
	    UNLIKELY(!fast_path_dissect(&c, p)))
		return false;
	id = dissect_fast_app(d, f, &c, p);
	if (UNLIKELY(id != PROTO_NONE))
		read_inner(d, f, c, p, id);
	return true;
}

void
dissect(const struct dissector *d, const struct frame *f, struct pkt *p)
{
	dissect_with_meta(d, f, p, NULL);
}

void
dissect_with_meta(
    const struct dissector *d, const struct frame *f, struct pkt *p, struct pkt_meta *s)
{
	if (s != NULL) {
		s->type = META_NONE;
		s->has_password = false;
	}
	dissect_reset_pkt(p, f, s);
	if (UNLIKELY(!read_at_once(d, f, p)))
		read_whole(d, f, p, s);
	if (s != NULL && LIKELY(s->type == META_NONE))
		p->meta = NULL;
	dissect_note_syn(p, s);
}
