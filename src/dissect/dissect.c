#include "config.h"

#include "dissect/dissect.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/bpf_gaps.h"
#include "dissect/classify.h"
#include "dissect/fast_path.h"
#include "dissect/hello_reassembly.h"
#include "dissect/private.h"
#include "util/attr.h"
#include "util/die.h"

#define PLACES 16 /* numbers of one protocol */
#define LAYERS 64 /* of a packet that are read */

#define BEGINNING 24 /* bytes of a stream that are enough to know what it is */

struct place {
	uint8_t space;
	uint16_t id;
};

struct row {
	const char *name, *title;
	dissect_fn *fn;
	bool made_up;            /* its bytes were not on the link */
	struct place on[PLACES]; /* up to the first SPACE_END */
};

/* clang-format off */
#define ON(space, id)     { SPACE_##space, id }
#define NOWHERE           { SPACE_END, 0 }
#define FN(function)      function, false
#define MADE_UP(function) function, true
#define LEAF              NULL, false
#define PROTO(id, name, title, fn, ...) [PROTO_##id] = { name, title, fn, { __VA_ARGS__ } },

static const struct row rows[PROTO_MAX] = {
	[PROTO_NONE] = { "", "", LEAF, { NOWHERE } },
#include "dissect/protos.def"
};
/* clang-format on */

#undef PROTO
#undef LEAF
#undef MADE_UP
#undef FN
#undef NOWHERE
#undef ON

static_assert(PROTO_MAX <= 256, "an enum proto fits a byte");

/*
 * One look-up is one load: find[space] has a place for every number there is.  The
 * row of SPACE_END is all PROTO_NONE, and that of SPACE_PROTO leads each id to
 * itself.  Pages that nobody asks for are never touched.
 */
struct dissector {
	dissect_fn *fn[PROTO_MAX];
	bool inner, quick;
	bool settles[PROTO_MAX]; /* a port is enough: the protocol looks for itself what it is */
	struct content content;
	uint8_t find[SPACE_MAX][UINT16_MAX + 1];
};

static void
bind(struct dissector *d, uint8_t proto)
{
	d->fn[proto] = rows[proto].fn;
	d->find[SPACE_PROTO][proto] = proto;
	for (const struct place *on = rows[proto].on; on->space != SPACE_END; on++)
		d->find[on->space][on->id] = proto;
}

struct dissector *
dissector_new(void)
{
	struct dissector *d = xcalloc(1, sizeof(*d));

	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		bind(d, (uint8_t)i);
	content_init(&d->content);
	d->quick = true;
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		d->settles[i] = d->fn[i] != NULL && !d->content.has_row[i];
	return d;
}

void
dissector_del(struct dissector *d)
{
	free(d);
}

void
dissector_set_inner(struct dissector *d, bool inner)
{
	d->inner = inner;
}

void
dissector_set_quick(struct dissector *d, bool quick)
{
	d->quick = quick;
}

enum proto
dissect_find(const struct dissector *d, enum space space, uint16_t id)
{
	assert(space < SPACE_MAX);
	return d->find[space][id];
}

bool
dissect_knows_link(const struct dissector *d, uint16_t linktype)
{
	return d->fn[d->find[SPACE_LINK][linktype]] != NULL;
}

const char *
proto_name(enum proto id)
{
	assert(id < PROTO_MAX);
	return rows[id].name;
}

bool
proto_is_made_up(enum proto id)
{
	assert(id < PROTO_MAX);
	return rows[id].made_up;
}

const char *
proto_title(enum proto id)
{
	assert(id < PROTO_MAX);
	return rows[id].title;
}

bool
proto_is_at(enum proto proto, enum space space, uint16_t id)
{
	for (const struct place *on = rows[proto].on; on->space != SPACE_END; on++)
		if (on->space == space && on->id == id)
			return true;
	return false;
}

enum proto
proto_at(enum space space, uint16_t id)
{
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		if (proto_is_at((enum proto)i, space, id))
			return (enum proto)i;
	return PROTO_NONE;
}

bool
proto_number(const char *name, enum space space, uint16_t *id)
{
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++) {
		if (strcmp(rows[i].name, name) != 0)
			continue;
		for (const struct place *on = rows[i].on; on->space != SPACE_END; on++) {
			if (on->space == space) {
				*id = on->id;
				return true;
			}
		}
	}
	return false;
}

static bool
is_port_space(enum space space)
{
	return space == SPACE_TCP || space == SPACE_UDP || space == SPACE_SCTP;
}

/* A link says what it carries: that is the proto of packets without IP. */
static void
note_number(struct pkt *p, enum space space, uint16_t id)
{
	if (space == SPACE_ETHER || space == SPACE_LLC || (space == SPACE_PPP && p->proto == 0))
		pkt_number(p, id);
}

/*
 * The application of a payload that joins the beginning of a stream: bytes that came in very small
 * pieces or out of order are asked together.  found is what the payload says alone.
 */
static ATTR_COLD struct content_found
application_joined(const struct dissector *d, struct content_place at, const struct cursor *c,
    const struct pkt *p, struct content_found found)
{
	struct hello *h = hello_join(p->said->hellos, p, c);
	struct cursor all = { .p = h != NULL ? h->bytes : NULL };
	struct content_found joined;

	if (h == NULL)
		return found;
	if (h->app != PROTO_NONE)
		return (struct content_found){ h->app, APP_BY_CONTENT };
	all.end = all.p + hello_ready(h);
	joined = content_find(&d->content, &all, at);
	if (joined.app_by == APP_BY_CONTENT && d->content.begins[joined.proto]) {
		h->app = joined.proto;
		return joined;
	}
	if (cur_left(&all) >= BEGINNING)
		hello_done(p->said->hellos, h);
	return found;
}

/* By what the payload begins with, and by its ports where that says nothing.  The lower port is
 * the likelier service. */
static ATTR_INLINE struct content_found
application(const struct dissector *d, enum space space, uint16_t low, uint16_t high,
    const struct cursor *c, const struct pkt *p)
{
	const struct said *s = pkt_said(p);
	uint8_t by_port = d->find[space][low];
	struct content_found found;
	struct content_place at;

	if (by_port == PROTO_NONE)
		by_port = d->find[space][high];
	if (UNLIKELY(space == SPACE_SCTP || d->settles[by_port]))
		return content_by_port(by_port);
	at = (struct content_place){
		.over = space == SPACE_UDP ? OVER_UDP : OVER_TCP,
		.by_port = by_port,
		.low = low,
		.high = high,
	};
	found = content_find(&d->content, c, at);
	if (space == SPACE_TCP && s != NULL && s->hellos != NULL &&
	    UNLIKELY(hello_is_near(s->hellos, p)))
		return application_joined(d, at, c, p, found);
	return found;
}

static uint8_t
look_up(const struct dissector *d, struct next n, struct cursor *c, struct pkt *p)
{
	enum space space = next_space(n);
	struct content_found found;

	c->number = next_id(n);
	if (space == SPACE_END)
		return PROTO_NONE;
	if (!is_port_space(space)) {
		note_number(p, space, next_id(n));
		return d->find[space][next_id(n)];
	}
	found = application(d, space, next_id(n), next_other(n), c, p);
	if (LIKELY(!p->settled)) {
		p->app = found.proto;
		p->app_by = found.app_by;
	}
	return found.proto;
}

/* A header that the capture added ends at c: the frame was so much shorter on its link. */
static void
take_off(struct pkt *p, const uint8_t *header, const struct cursor *c)
{
	size_t length = (size_t)(c->p - header);

	if (!c->bad && length <= p->len)
		p->len -= (uint32_t)length;
}

/* Notes a layer and reads its header. */
static struct next
layer(const struct dissector *d, uint8_t id, struct cursor *c, struct pkt *p)
{
	const uint8_t *header = c->p;
	dissect_fn *fn = d->fn[id];
	struct next n;

	if (LIKELY(p->depth < PKT_DEPTH))
		p->stack[p->depth++] = id;
	if (UNLIKELY((id == PROTO_IP || id == PROTO_IPV6) && pkt_has_ip(p)) && !d->inner)
		p->settled = true;
	if (fn == NULL)
		return NEXT_END;
	n = fn(c, p);
	if (UNLIKELY(rows[id].made_up))
		take_off(p, header, c);
	return n;
}

/* Short clearings become plain stores; a long one, a string instruction that costs more than a
 * header does. */
static ATTR_INLINE void
clear(struct pkt *p)
{
	const size_t half = offsetof(struct pkt, seq), all = offsetof(struct pkt, tags);

	memset(p, 0, half);
	memset((char *)p + half, 0, all - half);
	p->tags = (struct context){ 0 };
}

/* Nothing is known of p but its frame. */
static ATTR_INLINE void
reset(struct pkt *p, const struct frame *f, struct said *s)
{
	clear(p);
	p->ts = f->ts;
	p->len = f->len;
	p->source = f->source;
	p->said = s;
}

/* What is in a transport that was read at once.  The middle of a stream is done with here. */
static ATTR_INLINE uint8_t
look_into(const struct dissector *d, const struct cursor *c, struct pkt *p)
{
	enum space space = p->proto == NUMBER_TCP ? SPACE_TCP : SPACE_UDP;
	uint16_t low = p->sport < p->dport ? p->sport : p->dport;
	uint16_t high = p->sport < p->dport ? p->dport : p->sport;
	struct content_found found;

	if (p->payload == 0)
		return PROTO_NONE;
	found = application(d, space, low, high, c, p);
	p->app = found.proto;
	p->app_by = found.app_by;
	if (found.app_by == APP_BY_CONTENT || !d->content.begins[found.proto] ||
	    p->payload <= HELLO_SHORT)
		return found.proto;
	p->stack[p->depth++] = found.proto;
	return PROTO_NONE;
}

/* Who has no address yet is known by that of its link. */
static void
note_sender(const struct frame *f, struct pkt *p)
{
	if (!pkt_has_ip(p) || p->stack[0] != PROTO_ETH || f->caplen < 12)
		return;
	memcpy(p->mac, f->data + 6, sizeof(p->mac));
	p->flags |= PKT_NAMELESS;
}

/* The stream of a SYN begins behind it. */
static ATTR_INLINE void
note_start(const struct pkt *p, struct said *s)
{
	if (UNLIKELY((p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) && p->payload == 0 &&
	    s != NULL && s->hellos != NULL)
		hello_expect(s->hellos, p);
}

static struct cursor
whole_frame(const struct frame *f)
{
	return (struct cursor){
		.p = f->data,
		.end = f->data + f->caplen,
		.cut = f->len > f->caplen ? f->len - f->caplen : 0,
		.number = f->linktype,
	};
}

/* Reads the layers from id on, which begins at c. */
static void
read_layers(
    const struct dissector *d, const struct frame *f, struct cursor *c, struct pkt *p, uint8_t id)
{
	bool whole = c->p == f->data;

	for (unsigned i = 0; id != PROTO_NONE && i < LAYERS; i++)
		id = look_up(d, layer(d, id, c, p), c, p);
	if (UNLIKELY(id != PROTO_NONE))
		p->flags |= PKT_MALFORMED;
	if (UNLIKELY(!pkt_has_ip(p)))
		p->context = p->tags;
	if (UNLIKELY(c->bad))
		p->flags |= c->wrong ? PKT_MALFORMED : PKT_TRUNCATED;
	/* What was read at once stands where filters look; what is inside it does not. */
	if (whole || (p->flags & PKT_TUNNEL))
		p->sight = sight_of(f, p);
}

static ATTR_NOINLINE void
read_whole(const struct dissector *d, const struct frame *f, struct pkt *p, struct said *s)
{
	uint8_t link = d->find[SPACE_LINK][f->linktype];
	struct cursor c = whole_frame(f);

	reset(p, f, s);
	read_layers(d, f, &c, p, link != PROTO_NONE ? link : PROTO_UNKNOWN);
	if (UNLIKELY((p->src.w[0] | p->src.w[1]) == 0))
		note_sender(f, p);
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

	if (UNLIKELY(d->find[SPACE_LINK][f->linktype] != PROTO_ETH || !d->quick) ||
	    UNLIKELY(!quick_dissect(&c, p)))
		return false;
	id = look_into(d, &c, p);
	if (UNLIKELY(id != PROTO_NONE))
		read_inner(d, f, c, p, id);
	return true;
}

void
dissect(const struct dissector *d, const struct frame *f, struct pkt *p)
{
	dissect_said(d, f, p, NULL);
}

void
dissect_said(const struct dissector *d, const struct frame *f, struct pkt *p, struct said *s)
{
	if (s != NULL)
		s->what = SAID_NOTHING;
	reset(p, f, s);
	if (UNLIKELY(!read_at_once(d, f, p)))
		read_whole(d, f, p, s);
	if (s != NULL && LIKELY(s->what == SAID_NOTHING))
		p->said = NULL;
	note_start(p, s);
}
