/*
 * Arbitrary segments and datagrams between the same ends. Each piece follows a length (2) and an
 * offset in the stream (2). The length's top bit selects another port. The offset's top bit makes a
 * datagram; its lowest bit also selects the port. An empty segment is a SYN.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/dissect.h"
#include "dissect/hello_reassembly.h"
#include "fuzz.h"

#define MOST     1500
#define HEADERS  40
#define DATAGRAM 0x8000
#define ODD      0x8000u
#define ODD_PORT 22222

static void
be16_at(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* Writes IPv4 and TCP, or UDP, around n bytes at room + HEADERS. Returns the start of the
 * packet. */
static uint8_t *
wrap(uint8_t *room, size_t n, unsigned at, unsigned port)
{
	bool datagram = (at & DATAGRAM) != 0;
	size_t transport = datagram ? 8 : 20;
	uint8_t *t = room + HEADERS - transport, *ip = t - 20;

	memset(room, 0, HEADERS);
	ip[0] = 0x45;
	be16_at(ip + 2, 20 + transport + n);
	ip[9] = datagram ? 17 : 6;
	ip[15] = 1;
	ip[19] = 2;
	be16_at(t, 50000);
	be16_at(t + 2, port);
	if (datagram) {
		be16_at(t + 4, 8 + n);
	} else {
		be16_at(t + 6, at >> 1);
		t[12] = 0x50;
		t[13] = n == 0 ? TCP_SYN : TCP_ACK;
	}
	return ip;
}

static void
feed(const struct dissector *d, struct hello_buffers *hs, const uint8_t *data, size_t n,
    unsigned at, unsigned port)
{
	uint8_t *room = malloc(HEADERS + n), *packet;
	struct pkt_meta said = { .hello_buffers = hs };
	struct frame f = { .linktype = 101 };
	struct pkt p;

	require(room != NULL);
	memcpy(room + HEADERS, data, n);
	packet = wrap(room, n, at, port);
	f.data = packet;
	f.len = f.caplen = (uint32_t)(room + HEADERS + n - packet);
	dissect_with_meta(d, &f, &p, &said);
	check_said(&p);
	free(room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dissector *d;
	static struct hello_buffers hs;
	struct input in = { data, size };

	if (d == NULL)
		d = dissector_new();
	hello_buffers_init(&hs, &plain_cipher);
	while (in.left >= 4) {
		unsigned length = input_number(&in), at = input_number(&in);
		unsigned port = at & 1 ? 80 : 443;
		size_t n = (length & ~ODD) % MOST;

		n = n < in.left ? n : in.left;
		feed(d, &hs, in.p, n, at, length & ODD ? ODD_PORT : port);
		in.p += n;
		in.left -= n;
	}
	return 0;
}
