/*
 * Tunnels from access points to controllers: CAPWAP (RFC 5415) and its predecessor LWAPP (RFC
 * 5412).
 */
#include "config.h"

#include "dissect/private.h"

#define CAPWAP_NATIVE     0x100 /* the frame is 802.11, not Ethernet */
#define CAPWAP_FRAGMENT   0x080
#define CAPWAP_KEEP_ALIVE 0x008
#define CAPWAP_OFFSET     0xfff8
#define BINDING(word)     ((word) >> 9 & 0x1f)
#define BINDING_80211     1

/*
 * RFC 5415, 4.3: version (4 bits), type (4; 1: DTLS follows), length in words (5), radio (5),
 * binding (5), flags (9); fragment (2), offset (13 bits); what the flags name.
 */
struct next
capwap_data_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 8);
	size_t length;
	uint32_t word;

	(void)p;
	if (h == NULL || h[0] != 0)
		return NEXT_END;
	word = be32(h);
	length = (size_t)(h[1] >> 3) * 4;
	if (length < 8 || word & CAPWAP_KEEP_ALIVE)
		return NEXT_END;
	if (word & CAPWAP_FRAGMENT && (be16(h + 6) & CAPWAP_OFFSET) != 0)
		return NEXT_END;
	if (word & CAPWAP_FRAGMENT)
		c->more_fragments = true;
	cur_skip(c, length - 8);
	if ((word & CAPWAP_NATIVE) == 0)
		return next_proto(PROTO_ETH);
	return BINDING(word) == BINDING_80211 ? next_proto(PROTO_WLAN) : NEXT_END;
}

#define LWAPP_CONTROL 0x04

/* RFC 5412, 3.3: flags (1), fragment (1), length (2), signal and noise (2) */
struct next
lwapp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, 6);

	(void)p;
	if (h == NULL || h[0] & LWAPP_CONTROL || h[0] >> 6 != 0)
		return NEXT_END;
	return next_proto(PROTO_WLAN);
}
