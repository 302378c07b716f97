#include "config.h"

#include "feed/link_topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define SLL2        276 /* DLT_LINUX_SLL2 */
#define SLL2_HEADER 20
#define OUTGOING    4 /* PACKET_OUTGOING of <linux/if_packet.h> */

/* Kinds whose packets are those of the interface below, with a mark or another address. */
static const char *const marking[] = { "vlan", "macvlan", "macvtap", "ipvlan", "ipvtap" };

static const struct link *
find(const struct link *links, unsigned n, unsigned index)
{
	for (unsigned i = 0; i < n && index != 0; i++)
		if (links[i].index == index)
			return &links[i];
	return NULL;
}

static bool
is_kind(const struct link *l, const char *kind)
{
	return strcmp(l->kind, kind) == 0;
}

/* What is below in another namespace has a number of that one's, which says nothing here. */
static const struct link *
lower_of(const struct link *l, const struct link *links, unsigned n)
{
	const struct link *lower =
	    l->lower_netns == LINKS_NO_NETNS ? find(links, n, l->lower) : NULL;

	return lower != l ? lower : NULL;
}

/* One interface that is a part of l, or NULL. */
static const struct link *
part_of(const struct link *l, const struct link *links, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (links[i].master == l->index)
			return &links[i];
	return NULL;
}

static const struct link *
marked_by(const struct link *l, const struct link *links, unsigned n)
{
	for (unsigned i = 0; i < NITEMS(marking); i++)
		if (is_kind(l, marking[i]))
			return lower_of(l, links, n);
	return NULL;
}

/*
 * The ports of Open vSwitch belong to a master that no packet goes through: its own ones are
 * where the machine itself sends.  What a VRF has comes in and goes out at its parts.
 */
static void
decide(struct stack_role *r, const struct link *l, const struct link *links, unsigned n)
{
	const struct link *master = find(links, n, l->master), *part = part_of(l, links, n);
	const struct link *below = marked_by(l, links, n);
	bool inner = is_kind(l, "openvswitch");

	if (below == NULL && is_kind(l, "vrf"))
		below = part;
	if (master != NULL && is_kind(master, "vrf"))
		master = NULL;
	r->in = below == NULL && part == NULL && !inner;
	r->out = below == NULL && (master == NULL || inner) &&
	    !(is_kind(l, "veth") && lower_of(l, links, n) != NULL);
	if (r->in || r->out)
		strlcpy(r->words,
		    r->in && r->out ? "all"
			: r->in     ? "received"
				    : "sent",
		    sizeof(r->words));
	else
		snprintf(r->words, sizeof(r->words), "inside %s",
		    below != NULL      ? below->name
			: part != NULL ? part->name
				       : "others");
}

void
stack_roles(struct stack_role *role, const struct link *links, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		role[i] = (struct stack_role){ .index = links[i].index, .up = links[i].up };
		strlcpy(role[i].name, links[i].name, sizeof(role[i].name));
		decide(&role[i], &links[i], links, n);
	}
}

static const struct link *
find_name(const struct link *links, unsigned n, const char *name)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(links[i].name, name) == 0)
			return &links[i];
	return NULL;
}

/* Masters whose parts have no packets of their own. */
static const char *const bundling[] = { "bond", "team" };

static bool
is_bundle(const struct link *l)
{
	for (unsigned i = 0; i < NITEMS(bundling); i++)
		if (is_kind(l, bundling[i]))
			return true;
	return false;
}

#define DEEPEST 8 /* interfaces upon one another that are looked through */

static enum stack_overlap seen_below(const struct link *x, const struct link *y,
    const struct link *links, unsigned n, unsigned depth);

/* What goes over x goes over one of its parts. */
static bool
is_below_parts(const struct link *x, const struct link *y, const struct link *links, unsigned n,
    unsigned depth)
{
	for (unsigned i = 0; i < n; i++)
		if (links[i].master == x->index &&
		    (&links[i] == y || seen_below(&links[i], y, links, n, depth) != STACK_APART))
			return true;
	return false;
}

/* How what is seen at x stands to what is seen at y, which is somewhere below it. */
static enum stack_overlap
seen_below(const struct link *x, const struct link *y, const struct link *links, unsigned n,
    unsigned depth)
{
	const struct link *lower =
	    is_kind(x, "veth") ? lower_of(x, links, n) : marked_by(x, links, n);
	enum stack_overlap overlap = STACK_APART;

	if (depth == 0)
		return STACK_APART;
	if (lower != NULL)
		overlap = lower == y ? STACK_INSIDE : seen_below(lower, y, links, n, depth - 1);
	if (overlap == STACK_APART && is_below_parts(x, y, links, n, depth - 1))
		return STACK_PARTLY;
	return overlap;
}

enum stack_overlap
stack_overlap(const char *a, const char *b, const struct link *links, unsigned n)
{
	const struct link *x = find_name(links, n, a), *y = find_name(links, n, b);

	if (strcmp(a, b) == 0 || strcmp(b, "any") == 0)
		return STACK_INSIDE;
	if (x == NULL || y == NULL)
		return STACK_APART;
	if ((x->master == y->index && is_bundle(y)) ||
	    seen_below(x, y, links, n, DEEPEST) == STACK_INSIDE)
		return STACK_INSIDE;
	return seen_below(y, x, links, n, DEEPEST) == STACK_PARTLY ? STACK_PARTLY : STACK_APART;
}

void
stack_overlap_text(struct buf *b, enum stack_overlap overlap, const char *name, const char *other)
{
	buf_addf(b,
	    overlap == STACK_INSIDE ? "%s: its packets are counted on %s"
				    : "%s: packets that go over %s too are counted on both",
	    name, other);
}

struct stack *
stack_new(void)
{
	return xcalloc(1, sizeof(struct stack));
}

void
stack_del(struct stack *s)
{
	free(s);
}

/* Those that are known keep their sources. */
static void
keep_sources(struct stack_role *role, unsigned n, const struct stack *s)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < s->n; k++)
			if (s->role[k].met && strcmp(s->role[k].name, role[i].name) == 0) {
				role[i].met = true;
				role[i].source = s->role[k].source;
			}
}

static void
fill_slots(struct stack *s)
{
	memset(s->slot, 0, sizeof(s->slot));
	for (unsigned i = 0; i < s->n; i++) {
		unsigned at = s->role[i].index % STACK_SLOTS;

		while (s->slot[at] != 0)
			at = (at + 1) % STACK_SLOTS;
		s->slot[at] = (uint16_t)(i + 1);
	}
}

void
stack_look(struct stack *s)
{
	static struct stack_role role[STACK_LINKS];
	static struct link links[STACK_LINKS];
	unsigned n;

	n = links_list(links, STACK_LINKS);
	stack_roles(role, links, n);
	keep_sources(role, n, s);
	memcpy(s->role, role, n * sizeof(*role));
	s->n = n;
	fill_slots(s);
}

const struct stack_role *
stack_named(const struct stack *s, const char *name)
{
	for (unsigned i = 0; i < s->n; i++)
		if (strcmp(s->role[i].name, name) == 0)
			return &s->role[i];
	return NULL;
}

struct stack_role *
stack_find(struct stack *s, const struct frame *f)
{
	const uint8_t *h = f->data;
	unsigned index, at;

	if (f->linktype != SLL2 || f->caplen < SLL2_HEADER)
		return NULL;
	index = (unsigned)h[4] << 24 | (unsigned)h[5] << 16 | (unsigned)h[6] << 8 | h[7];
	for (at = index % STACK_SLOTS; s->slot[at] != 0; at = (at + 1) % STACK_SLOTS)
		if (s->role[s->slot[at] - 1].index == index)
			return &s->role[s->slot[at] - 1];
	return NULL;
}

bool
stack_counts(const struct stack_role *role, const struct frame *f)
{
	return f->data[10] == OUTGOING ? role->out : role->in;
}
