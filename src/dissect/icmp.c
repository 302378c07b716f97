/*
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): type (1), code (1), checksum (2).  The packet quoted in an
 * error is not dissected: it is not traffic.
 */
#include "config.h"

#include "dissect/private.h"
#include "util/attr.h"

#define IP_PROTO_ICMP   1
#define IP_PROTO_ICMPV6 58

#define ROUTER_ADVERTISEMENT 134 /* RFC 4861 */

#define MORE 4 /* bytes of the header after the checksum */

static struct next
icmp_read(struct cursor *c, struct pkt *p, uint8_t proto)
{
	const uint8_t *h = cur_take(c, 4);

	if (h != NULL && pkt_has_transport(p, proto)) {
		p->icmp_type = h[0];
		p->icmp_code = h[1];
		p->checksum = be16(h + 2);
		p->payload = cur_reported(c) > MORE ? (uint32_t)cur_reported(c) - MORE : 0;
		if (UNLIKELY(proto == IP_PROTO_ICMPV6 && h[0] == ROUTER_ADVERTISEMENT))
			router_advertisement_read(c, p);
	}
	return NEXT_END;
}

struct next
icmp_dissect(struct cursor *c, struct pkt *p)
{
	return icmp_read(c, p, IP_PROTO_ICMP);
}

struct next
icmp6_dissect(struct cursor *c, struct pkt *p)
{
	return icmp_read(c, p, IP_PROTO_ICMPV6);
}
