/*
 * Writes a capture of synthetic traffic for benchmarks: mktrace PACKETS FLOWS CAPTURE [KIND]
 *
 * Packets are spread evenly over the flows, which is the worst case for a cache; 96 bytes of each
 * are in the file. One flow in eight is UDP, one in four is IPv6; TCP sequence numbers are valid.
 * The same arguments give the same bytes on every machine. Kinds:
 *
 *	imix	sizes are the usual mix of 60, 590 and 1514 bytes in 7 to 4 to 1
 *	small	minimum sizes of headers and Ethernet: 60, of IPv6 74
 *	flood	as imix, but nine packets in ten are SYNs, each from another forged address
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pcapfile.h"
#include "util/attr.h"

#define EPOCH    UINT64_C(1767225600000000000) /* 2026-01-01T00:00:00Z */
#define GAP_NS   2000                          /* between packets: 500,000 a second */
#define SNAPLEN  96
#define ETHERNET 1
#define ETH      14
#define IP4      20
#define IP6      40
#define TCP      20
#define SERVERS  1024
#define MAX      1000000000

#define ACK 0x10
#define SYN 0x02

enum kind { IMIX, SMALL, FLOOD, KINDS };

static const char *const kind_names[KINDS] = { "imix", "small", "flood" };

static const uint32_t sizes[12] = { 60, 60, 60, 60, 60, 60, 60, 590, 590, 590, 590, 1514 };

struct flow {
	uint32_t sequence[2]; /* by direction */
};

/* xorshift64* of Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
static uint32_t
next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)((*state * UINT64_C(2685821657736338717)) >> 32);
}

/* The ends of flow n: a client of its own, one of a thousand servers. */
static void
put_address(uint8_t *p, bool ip6, uint32_t n, bool client)
{
	uint32_t host = client ? 0x0a000000 | (n & 0xffffff) : 0xc6120000 | n % SERVERS;

	if (ip6) {
		pcapfile_put(p, 0x20010db8, 4);
		memset(p + 4, 0, 8);
		p += 12;
	}
	pcapfile_put(p, host, 4);
}

static uint8_t *
put_ip4(uint8_t *p, uint32_t n, bool back, bool udp, uint32_t len)
{
	memset(p, 0, IP4);
	p[0] = 0x45;
	pcapfile_put(p + 2, len - ETH, 2);
	p[8] = 64;
	p[9] = udp ? 17 : 6;
	put_address(p + 12, false, n, !back);
	put_address(p + 16, false, n, back);
	return p + IP4;
}

static uint8_t *
put_ip6(uint8_t *p, uint32_t n, bool back, bool udp, uint32_t len)
{
	memset(p, 0, IP6);
	p[0] = 0x60;
	pcapfile_put(p + 4, len - ETH - IP6, 2);
	p[6] = udp ? 17 : 6;
	p[7] = 64;
	put_address(p + 8, true, n, !back);
	put_address(p + 24, true, n, back);
	return p + IP6;
}

static void
put_ports(uint8_t *p, uint32_t n, bool back)
{
	uint16_t client = (uint16_t)(32768 + (n >> 24) + n % 28000), server = n % 5 == 0 ? 53 : 443;

	pcapfile_put(p, back ? server : client, 2);
	pcapfile_put(p + 2, back ? client : server, 2);
}

static void
put_tcp(uint8_t *p, struct flow *f, bool back, uint32_t payload)
{
	memset(p + 4, 0, TCP - 4);
	pcapfile_put(p + 4, f->sequence[back], 4);
	pcapfile_put(p + 8, f->sequence[!back], 4);
	p[12] = 5 << 4;
	p[13] = ACK;
	pcapfile_put(p + 14, 65535, 2);
	f->sequence[back] += payload;
}

static uint8_t *
put_eth(uint8_t *p, uint32_t type)
{
	pcapfile_put(p, 0x020000000001, 6);
	pcapfile_put(p + 6, 0x020000000002, 6);
	pcapfile_put(p + 12, type, 2);
	return p + ETH;
}

/* A packet of flow n; r: random bits. */
static void
make(uint8_t *frame, struct flow *f, uint32_t n, uint32_t r, uint32_t size, uint32_t *len)
{
	bool udp = n % 8 == 7, ip6 = n % 4 == 3, back = r & 1;
	uint32_t heads = ETH + (ip6 ? IP6 : IP4) + TCP;
	uint8_t *p = put_eth(frame, ip6 ? 0x86dd : 0x0800);

	*len = size < heads ? heads : size;
	p = ip6 ? put_ip6(p, n, back, udp, *len) : put_ip4(p, n, back, udp, *len);
	put_ports(p, n, back);
	if (udp)
		pcapfile_put(p + 4, (uint64_t)(*len - (uint32_t)(p - frame)) << 16, 4);
	else
		put_tcp(p, f, back, *len - heads);
}

/* A SYN from a random address and port to one of the servers. */
static void
make_syn(uint8_t *frame, uint32_t source, uint32_t r, uint32_t *len)
{
	struct flow none = { { r, 0 } };
	uint8_t *p = put_ip4(put_eth(frame, 0x0800), r, false, false, sizes[0]);

	pcapfile_put(p - 8, source, 4);
	pcapfile_put(p, 1024 + (r >> 16) % 60000, 2);
	pcapfile_put(p + 2, 443, 2);
	put_tcp(p, &none, false, 0);
	p[13] = SYN;
	*len = sizes[0];
}

static void
write_trace(FILE *out, enum kind kind, struct flow *table, uint32_t flows, uint32_t packets)
{
	uint64_t state = 1;

	pcapfile_begin(out, ETHERNET, SNAPLEN);
	for (uint32_t i = 0; i < packets; i++) {
		uint8_t frame[SNAPLEN] = { 0 };
		uint32_t first = next_random(&state), n = first % flows, r = next_random(&state);
		uint32_t size = kind == SMALL ? sizes[0] : sizes[(r >> 1) % NITEMS(sizes)], len;

		if (kind == FLOOD && i % 10 != 0)
			make_syn(frame, first, r, &len);
		else
			make(frame, &table[n], n, r, size, &len);
		pcapfile_packet(
		    out, EPOCH + (uint64_t)i * GAP_NS, frame, len < SNAPLEN ? len : SNAPLEN, len);
	}
}

static enum kind
kind_of(const char *name)
{
	enum kind k = IMIX;

	while (k < KINDS && strcmp(name, kind_names[k]) != 0)
		k++;
	return k;
}

int
main(int argc, char **argv)
{
	bool right = argc == 4 || argc == 5;
	long long packets = right ? strtonum(argv[1], 1, MAX, NULL) : 0;
	long long flows = right ? strtonum(argv[2], 1, MAX, NULL) : 0;
	enum kind kind = argc == 5 ? kind_of(argv[4]) : IMIX;
	struct flow *table;
	FILE *out;

	if (packets == 0 || flows == 0 || kind == KINDS) {
		fputs("usage: mktrace PACKETS FLOWS CAPTURE [imix|small|flood]\n", stderr);
		return 2;
	}
	table = calloc((size_t)flows, sizeof(*table));
	out = fopen(argv[3], "wb");
	if (table == NULL || out == NULL) {
		perror(argv[3]);
		return 1;
	}
	write_trace(out, kind, table, (uint32_t)flows, (uint32_t)packets);
	free(table);
	return ferror(out) || fclose(out) != 0;
}
