#include "config.h"

#include "feed/link_topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"

#define SLL2        276 /* DLT_LINUX_SLL2 */
#define SLL2_HEADER 20
#define OUTGOING    4 /* PACKET_OUTGOING of <linux/if_packet.h> */

/* Kinds whose packets are those of the lower interface, with a tag or another address. */
static const char *const marking[] = { "vlan", "macvlan", "macvtap", "ipvlan", "ipvtap" };

static const struct link *
topology_find_index(const struct link *links, unsigned n, unsigned index)
{
	for (unsigned i = 0; i < n && index != 0; i++)
		if (links[i].index == index)
			return &links[i];
	return NULL;
}

static bool
topology_link_is_kind(const struct link *l, const char *kind)
{
	return strcmp(l->kind, kind) == 0;
}

/* The index of a lower interface in another namespace means nothing here. */
static const struct link *
topology_lower_link(const struct link *l, const struct link *links, unsigned n)
{
	const struct link *lower =
	    l->lower_netns == LINKS_NO_NETNS ? topology_find_index(links, n, l->lower) : NULL;

	return lower != l ? lower : NULL;
}

/* An interface that is a member of l, or NULL. */
static const struct link *
topology_first_port(const struct link *l, const struct link *links, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (links[i].master == l->index)
			return &links[i];
	return NULL;
}

static const struct link *
topology_tagged_over(const struct link *l, const struct link *links, unsigned n)
{
	for (unsigned i = 0; i < NITEMS(marking); i++)
		if (topology_link_is_kind(l, marking[i]))
			return topology_lower_link(l, links, n);
	return NULL;
}

/*
 * Ports of Open vSwitch have a master that no packet passes; packets of the host are sent at its
 * internal ports. A VRF's packets are seen at its members.
 */
static void
topology_set_role(struct link_role *r, const struct link *l, const struct link *links, unsigned n)
{
	const struct link *master = topology_find_index(links, n, l->master),
			  *part = topology_first_port(l, links, n);
	const struct link *below = topology_tagged_over(l, links, n);
	static const char *const counted[2][2] = { { "", "sent" }, { "received", "all" } };
	const struct link *around;
	bool inner = topology_link_is_kind(l, "openvswitch");

	if (below == NULL && topology_link_is_kind(l, "vrf"))
		below = part;
	if (master != NULL && topology_link_is_kind(master, "vrf"))
		master = NULL;
	r->in = below == NULL && part == NULL && !inner;
	r->out = below == NULL && (master == NULL || inner) &&
	    !(topology_link_is_kind(l, "veth") && topology_lower_link(l, links, n) != NULL);
	around = below != NULL ? below : part;
	if (r->in || r->out)
		strlcpy(r->counted_text, counted[r->in][r->out], sizeof(r->counted_text));
	else
		snprintf(r->counted_text, sizeof(r->counted_text), "inside %s",
		    around != NULL ? around->name : "others");
}

void
topology_roles(struct link_role *role, const struct link *links, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		role[i] = (struct link_role){ .index = links[i].index, .up = links[i].up };
		strlcpy(role[i].name, links[i].name, sizeof(role[i].name));
		topology_set_role(&role[i], &links[i], links, n);
	}
}

static const struct link *
topology_name_index(const struct link *links, unsigned n, const char *name)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(links[i].name, name) == 0)
			return &links[i];
	return NULL;
}

/* Masters whose members have no packets of their own. */
static const char *const bundling[] = { "bond", "team" };

static bool
topology_link_is_bundle(const struct link *l)
{
	for (unsigned i = 0; i < NITEMS(bundling); i++)
		if (topology_link_is_kind(l, bundling[i]))
			return true;
	return false;
}

#define DEEPEST 8 /* stacked interfaces that are followed at most */

static enum topology_overlap topology_seen_below(const struct link *x, const struct link *y,
    const struct link *links, unsigned n, unsigned depth);

/* Packets of x pass one of its members. */
static bool
topology_is_below_parts(const struct link *x, const struct link *y, const struct link *links,
    unsigned n, unsigned depth)
{
	for (unsigned i = 0; i < n; i++)
		if (links[i].master == x->index &&
		    (&links[i] == y ||
			topology_seen_below(&links[i], y, links, n, depth) != OVERLAP_NONE))
			return true;
	return false;
}

/* How the packets at x relate to those at y, which is somewhere below x. */
static enum topology_overlap
topology_seen_below(const struct link *x, const struct link *y, const struct link *links,
    unsigned n, unsigned depth)
{
	const struct link *lower = topology_link_is_kind(x, "veth")
	    ? topology_lower_link(x, links, n)
	    : topology_tagged_over(x, links, n);
	enum topology_overlap overlap = OVERLAP_NONE;

	if (depth == 0)
		return OVERLAP_NONE;
	if (lower != NULL)
		overlap =
		    lower == y ? OVERLAP_WHOLE : topology_seen_below(lower, y, links, n, depth - 1);
	if (overlap == OVERLAP_NONE && topology_is_below_parts(x, y, links, n, depth - 1))
		return OVERLAP_PART;
	return overlap;
}

enum topology_overlap
topology_overlap(const char *a, const char *b, const struct link *links, unsigned n)
{
	const struct link *x = topology_name_index(links, n, a),
			  *y = topology_name_index(links, n, b);

	if (strcmp(a, b) == 0 || strcmp(b, "any") == 0)
		return OVERLAP_WHOLE;
	if (x == NULL || y == NULL)
		return OVERLAP_NONE;
	if ((x->master == y->index && topology_link_is_bundle(y)) ||
	    topology_seen_below(x, y, links, n, DEEPEST) == OVERLAP_WHOLE)
		return OVERLAP_WHOLE;
	return topology_seen_below(y, x, links, n, DEEPEST) == OVERLAP_PART ? OVERLAP_PART
									    : OVERLAP_NONE;
}

void
topology_overlap_text(
    struct buf *b, enum topology_overlap overlap, const char *name, const char *other)
{
	buf_addf(b,
	    overlap == OVERLAP_WHOLE ? "%s: its packets are counted on %s"
				     : "%s: packets that also pass %s are counted on both",
	    name, other);
}

struct topology *
topology_new(void)
{
	return xcalloc(1, sizeof(struct topology));
}

void
topology_del(struct topology *s)
{
	free(s);
}

/* Known interfaces keep their sources. */
static void
topology_keep_sources(struct link_role *role, unsigned n, const struct topology *s)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < s->n; k++)
			if (s->role[k].registered && strcmp(s->role[k].name, role[i].name) == 0) {
				role[i].registered = true;
				role[i].source = s->role[k].source;
			}
}

static void
topology_fill_slots(struct topology *s)
{
	memset(s->slot, 0, sizeof(s->slot));
	for (unsigned i = 0; i < s->n; i++) {
		unsigned at = s->role[i].index % TOPOLOGY_SLOTS;

		while (s->slot[at] != 0)
			at = (at + 1) % TOPOLOGY_SLOTS;
		s->slot[at] = (uint16_t)(i + 1);
	}
}

void
topology_refresh(struct topology *s)
{
	static struct link_role role[TOPOLOGY_LINKS];
	static struct link links[TOPOLOGY_LINKS];
	unsigned n;

	n = links_list(links, TOPOLOGY_LINKS);
	topology_roles(role, links, n);
	topology_keep_sources(role, n, s);
	memcpy(s->role, role, n * sizeof(*role));
	s->n = n;
	topology_fill_slots(s);
}

const struct link_role *
topology_find_name(const struct topology *s, const char *name)
{
	for (unsigned i = 0; i < s->n; i++)
		if (strcmp(s->role[i].name, name) == 0)
			return &s->role[i];
	return NULL;
}

struct link_role *
topology_find_frame(struct topology *s, const struct frame *f)
{
	const uint8_t *h = f->data;
	unsigned index, at;

	if (f->linktype != SLL2 || f->caplen < SLL2_HEADER)
		return NULL;
	index = (unsigned)h[4] << 24 | (unsigned)h[5] << 16 | (unsigned)h[6] << 8 | h[7];
	for (at = index % TOPOLOGY_SLOTS; s->slot[at] != 0; at = (at + 1) % TOPOLOGY_SLOTS)
		if (s->role[s->slot[at] - 1].index == index)
			return &s->role[s->slot[at] - 1];
	return NULL;
}

bool
topology_counts_frame(const struct link_role *role, const struct frame *f)
{
	return f->data[10] == OUTGOING ? role->out : role->in;
}
