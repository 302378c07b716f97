/*
 * RTP (RFC 3550, 5.1).  Other payloads may match by chance, so the pkt keeps what identifies a
 * stream: the sequence number, and in the field of the ACK the SSRC.
 *
 *	version, padding, extension, sources (1)  marker, type (1)  sequence (2)
 *	stamp (4)  source (4)
 */
#include "config.h"

#include "dissect/private.h"

#define HEADER 12

struct next
rtp_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_take(c, HEADER);

	if (h != NULL && pkt_has_transport(p, IP_PROTO_UDP)) {
		p->seq = be16(h + 2);
		p->ack = be32(h + 8);
	}
	return NEXT_END;
}
