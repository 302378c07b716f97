#include "config.h"

#include "core/packet_log.h"

#include <assert.h>

#include "util/pages.h"

void
packets_init(struct packets *ps, uint32_t max)
{
	uint32_t size = 1;

	assert(max > 0);
	while (size <= max / 2)
		size *= 2;
	*ps = (struct packets){ .row = pages_new(size * sizeof(*ps->row)), .mask = size - 1 };
}

void
packets_fini(struct packets *ps)
{
	pages_del(ps->row);
}

void
packets_clear(struct packets *ps)
{
	ps->count = 0;
}

size_t
packets_memory(uint32_t max)
{
	return max * sizeof(struct packet);
}

uint32_t
packets_used(const struct packets *ps)
{
	return ps->count > ps->mask ? ps->mask + 1 : (uint32_t)ps->count;
}

void
packets_add(struct packets *ps, const struct pkt *p, unsigned n)
{
	for (const struct pkt *end = p + n; p < end; p++) {
		struct packet *to = &ps->row[ps->count & ps->mask];

		*to = (struct packet){
			.number = (uint32_t)ps->count++,
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
