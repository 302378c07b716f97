/*
 * Any bytes as a frame of any link.  The first two bytes are the link type, or any
 * number that chooses one, and how the frame is looked at; the rest is the frame.
 */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/dissect.h"

#define INNER    0x80 /* of the second byte */
#define HIGH     0x40 /* the link type's ninth bit */
#define CUT_MASK 0x3f /* bytes that the snap length took, times 8 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct dissector *dissector;
static uint16_t links[UINT16_MAX + 1];
static unsigned n_links;

static void
begin(void)
{
	dissector = dissector_new();
	for (unsigned i = 0; i <= UINT16_MAX; i++)
		if (dissect_knows_link(dissector, (uint16_t)i))
			links[n_links++] = (uint16_t)i;
}

static uint16_t
link_of(const uint8_t *data)
{
	uint16_t link = data[0] | (data[1] & HIGH ? 0x100 : 0);

	return dissect_knows_link(dissector, link) ? link : links[link % n_links];
}

static void
require(bool right)
{
	if (!right)
		abort();
}

/* Headers that its capture added do not count; what counts in a cooked one's place is shorter. */
static void
check_length(const struct pkt *p, const struct frame *f)
{
	bool made_up = false;

	for (unsigned i = 0; i < p->depth; i++)
		made_up |= proto_is_made_up(p->stack[i]);
	require(p->len == f->len || (made_up && p->len < f->len));
}

/* What holds for every packet, whatever its bytes. */
static void
check(const struct pkt *p, const struct frame *f)
{
	bool ports = (p->flags & PKT_PORTS) != 0;

	require(p->depth >= 1 && p->depth <= PKT_DEPTH);
	for (unsigned i = 0; i < p->depth; i++)
		require(proto_name(p->stack[i])[0] != '\0');
	require(proto_name(p->app) != NULL);
	check_length(p, f);
	require(p->kind <= ADDR_MAC && p->context.vlan[0] < 4096);
	require(ports || (p->sport == 0 && p->dport == 0));
	require(ports || p->payload == 0 || p->proto == 1 || p->proto == 58);
	require(!ports || p->kind == ADDR_IP4 || p->kind == ADDR_IP6);
	require(!(p->flags & PKT_LATER) || (p->flags & PKT_FRAGMENT && !ports));
	require(p->payload <= f->len);
}

/* The short way and the long way say the same. */
static void
dissect_both_ways(const struct frame *f, struct pkt *p)
{
	struct pkt slow;

	memset(&slow, 0, sizeof(slow));
	memset(p, 0, sizeof(*p));
	dissector_set_quick(dissector, false);
	dissect(dissector, f, &slow);
	dissector_set_quick(dissector, true);
	dissect(dissector, f, p);
	require(memcmp(p, &slow, sizeof(slow)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f = { 0 };
	struct pkt p;

	if (dissector == NULL)
		begin();
	if (size < 2)
		return 0;
	f.linktype = link_of(data);
	f.data = data + 2;
	f.caplen = (uint32_t)(size - 2);
	f.len = f.caplen + (data[1] & CUT_MASK) * 8u;
	dissector_set_inner(dissector, (data[1] & INNER) != 0);
	dissect_both_ways(&f, &p);
	check(&p, &f);
	return 0;
}
