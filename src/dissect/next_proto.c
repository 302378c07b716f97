#include "config.h"

#include "dissect/private.h"

struct next
next_ip(const struct cursor *c)
{
	const uint8_t *h = cur_peek(c, 1);
	uint8_t version = h != NULL ? h[0] >> 4 : 0;

	if (version == 4)
		return next_proto(PROTO_IP);
	if (version == 6)
		return next_proto(PROTO_IPV6);
	return NEXT_END;
}

struct next
next_nlpid(uint8_t nlpid)
{
	static const struct {
		uint8_t nlpid, proto;
	} table[] = {
		{ 0x81, PROTO_CLNP },
		{ 0x82, PROTO_ESIS },
		{ 0x83, PROTO_ISIS },
		{ 0x8e, PROTO_IPV6 },
		{ 0xcc, PROTO_IP },
		{ 0xcf, PROTO_PPP },
	};

	for (size_t i = 0; i < NITEMS(table); i++)
		if (table[i].nlpid == nlpid)
			return next_proto(table[i].proto);
	return NEXT_END;
}

struct next
next_nsh_proto(uint8_t id)
{
	static const uint8_t protos[] = {
		[1] = PROTO_IP, [2] = PROTO_IPV6, [3] = PROTO_ETH, [4] = PROTO_NSH, [5] = PROTO_MPLS
	};

	return id < NITEMS(protos) ? next_proto(protos[id]) : NEXT_END;
}

/* Clears the transport fields of the outer headers of a tunnel. */
static void
pkt_forget_transport(struct pkt *p)
{
	p->seq = p->ack = p->payload = p->frag_id = 0;
	p->sport = p->dport = p->window = p->ip_id = p->checksum = 0;
	p->tcp_flags = p->icmp_type = p->icmp_code = 0;
	p->app = PROTO_NONE;
	p->app_confidence = APP_UNKNOWN;
	p->flags &= (uint8_t) ~(PKT_FRAGMENT | PKT_LATER_FRAGMENT | PKT_PORTS);
}

/* Keeps the outer header of a fragmented tunnel packet, so that later fragments are counted in the
 * inner flow. */
static void
pkt_note_outer(struct pkt *p)
{
	if ((p->flags & (PKT_FRAGMENT | PKT_LATER_FRAGMENT)) != PKT_FRAGMENT ||
	    p->outer_kind != ADDR_NONE)
		return;
	p->outer_kind = p->kind;
	p->outer = (struct pkt_outer){
		.src = p->src,
		.dst = p->dst,
		.frag_id = p->frag_id,
		.proto = p->proto,
	};
}

bool
pkt_enter_ip(struct pkt *p)
{
	if (UNLIKELY(pkt_has_ip(p))) {
		p->flags |= PKT_TUNNEL;
		if (!p->ends_final) {
			pkt_note_outer(p);
			pkt_forget_transport(p);
		}
	}
	if (!p->ends_final)
		p->context = p->pending_context;
	return !p->ends_final;
}
