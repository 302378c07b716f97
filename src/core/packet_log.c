#include "config.h"

#include "core/packet.h"

#include <assert.h>

#include "util/alloc.h"

void
packet_log_init(struct packet_log *ps, const struct table_room *room)
{
	uint32_t size = 1;

	assert(room->max > 0);
	while (size <= room->max / 2)
		size *= 2;
	*ps = (struct packet_log){ .row = pages_new(size * sizeof(*ps->row)), .mask = size - 1 };
}

void
packet_log_fini(struct packet_log *ps)
{
	pages_del(ps->row);
}

void
packet_log_clear(struct packet_log *ps)
{
	ps->n_logged = 0;
}

size_t
packet_log_memory(uint32_t max)
{
	return max * sizeof(struct logged_packet);
}

uint32_t
packet_log_used(const struct packet_log *ps)
{
	return ps->n_logged > ps->mask ? ps->mask + 1 : (uint32_t)ps->n_logged;
}

void
packet_log_add(struct packet_log *ps, const struct pkt *p, unsigned n)
{
	for (const struct pkt *end = p + n; p < end; p++) {
		struct logged_packet *to = &ps->row[ps->n_logged & ps->mask];

		*to = (struct logged_packet){
			.number = (uint32_t)ps->n_logged++,
			.ts = p->ts,
			.src = p->src,
			.dst = p->dst,
			.len = p->len,
			.payload = p->payload,
			.seq = p->seq,
			.ack = p->ack,
			.context_id = p->context_id,
			.sport = p->sport,
			.dport = p->dport,
			.window = p->window,
			.proto = p->proto,
			.kind = p->kind,
			.tcp_flags = p->tcp_flags,
			.ttl = p->ttl,
			.app = p->app,
			.icmp_type = p->icmp_type,
			.icmp_code = p->icmp_code,
			.flags = p->flags,
			.source = (uint8_t)p->source,
		};
	}
}
