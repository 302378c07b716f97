/*
 * Arbitrary bytes as a frame of any link. The first two bytes select the link type and the options
 * of the dissection; the rest is the frame.
 */
#include "config.h"

#include "dissect/dissect.h"
#include "fuzz.h"

#define INNER    0x80 /* of the second byte */
#define HIGH     0x40 /* the link type's ninth bit */
#define CUT_MASK 0x3f /* bytes cut by the snap length, times 8 */

static struct dissector *dissector;
static uint16_t links[UINT16_MAX + 1];
static unsigned n_links;

static void
begin(void)
{
	dissector = dissector_new();
	for (unsigned i = 0; i <= UINT16_MAX; i++)
		if (dissector_knows_link(dissector, (uint16_t)i))
			links[n_links++] = (uint16_t)i;
}

static uint16_t
link_of(const uint8_t *data)
{
	uint16_t link = data[0] | (data[1] & HIGH ? 0x100 : 0);

	return dissector_knows_link(dissector, link) ? link : links[link % n_links];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f = { 0 };

	if (dissector == NULL)
		begin();
	if (size < 2)
		return 0;
	f.linktype = link_of(data);
	f.data = data + 2;
	f.caplen = (uint32_t)(size - 2);
	f.len = f.caplen + (data[1] & CUT_MASK) * 8u;
	dissector_set_decap(dissector, (data[1] & INNER) != 0);
	check_frame(dissector, &f);
	return 0;
}
