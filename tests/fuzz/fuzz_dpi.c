/*
 * Payloads of the first packets of a flow, for the library that finds applications.  The first six
 * bytes are the protocol and the address kind, and both ports; then each packet is a length of two
 * bytes, whose highest bit is the direction, and its payload.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "ext/dpi.h"
#include "fuzz.h"
#include "util/alloc.h"

#define HEAD    6
#define PACKETS 10

static struct dpi *dpi;
static void *flow;

static unsigned
be16_of(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static struct pkt
packet_of(const uint8_t *head, bool back, uint32_t seq)
{
	struct pkt p = { .kind = head[0] & 2 ? ADDR_IP6 : ADDR_IP4,
		.proto = head[0] & 1 ? 17 : 6,
		.sport = (uint16_t)be16_of(head + (back ? 4 : 2)),
		.dport = (uint16_t)be16_of(head + (back ? 2 : 4)),
		.tcp_flags = TCP_ACK,
		.ttl = 64,
		.seq = seq,
		.ack = 1,
		.ts = UINT64_C(1700000000000000000) };

	p.src.b[3] = (uint8_t)(1 + back);
	p.dst.b[3] = (uint8_t)(2 - back);
	return p;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct flow_found found = { .app = 0 };
	uint32_t seq[2] = { 1, 1 };
	size_t at = HEAD;
	bool more = true;

	if (dpi == NULL && (dpi = dpi_new()) == NULL)
		return 0;
	if (flow == NULL)
		flow = xcalloc(1, dpi_flow_size(dpi));
	for (unsigned i = 0; i < PACKETS && more && at + 2 < n; i++) {
		bool back = data[at] >> 7;
		size_t size = be16_of(data + at) & (DPI_PAYLOAD - 1);
		struct pkt p = packet_of(data, back, seq[back]);

		at += 2;
		if (size > n - at)
			size = n - at;
		if (size == 0)
			continue;
		more = dpi_look(dpi, flow, &p, data + at, size, &found);
		seq[back] += (uint32_t)size;
		at += size;
	}
	dpi_finish(dpi, flow, &found);
	require(found.app < USE_APPS);
	return 0;
}
