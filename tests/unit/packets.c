#include "config.h"

#include "packets.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "dissect/addr.h"

void
packet_new(struct packet *k)
{
	memset(k, 0, sizeof(*k));
}

void
packet_bytes(struct packet *k, const void *bytes, size_t n)
{
	assert(n <= sizeof(k->b) - k->n);
	if (n > 0)
		memcpy(k->b + k->n, bytes, n);
	k->n += n;
}

void
packet_zeros(struct packet *k, size_t n)
{
	assert(n <= sizeof(k->b) - k->n);
	memset(k->b + k->n, 0, n);
	k->n += n;
}

static void
packet_u8(struct packet *k, unsigned v)
{
	uint8_t b = (uint8_t)v;

	packet_bytes(k, &b, 1);
}

void
packet_be16(struct packet *k, unsigned v)
{
	packet_u8(k, v >> 8);
	packet_u8(k, v);
}

void
packet_be32(struct packet *k, uint32_t v)
{
	packet_be16(k, v >> 16);
	packet_be16(k, v);
}

static unsigned
digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

void
packet_hex(struct packet *k, const char *hex)
{
	while (*hex != '\0') {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		assert(isxdigit((unsigned char)hex[0]) && isxdigit((unsigned char)hex[1]));
		packet_u8(k, digit(hex[0]) << 4 | digit(hex[1]));
		hex += 2;
	}
}

/* Reserves a 16-bit field for the number of bytes from `from` on. */
static void
packet_length(struct packet *k, size_t from)
{
	assert(k->n_open < sizeof(k->open) / sizeof(k->open[0]));
	k->open[k->n_open].at = k->n;
	k->open[k->n_open].from = from;
	k->n_open++;
	packet_be16(k, 0);
}

static void
packet_addr(struct packet *k, const char *text, enum addr_kind want, size_t n)
{
	enum addr_kind kind;
	struct addr a;
	bool ok = addr_parse(text, &kind, &a);

	assert(ok && kind == want);
	(void)ok;
	(void)want;
	packet_bytes(k, a.b, n);
}

void
packet_eth(struct packet *k, unsigned type)
{
	packet_hex(k, "020000000002 020000000001");
	packet_be16(k, type);
}

void
packet_vlan(struct packet *k, unsigned id, unsigned type)
{
	packet_be16(k, id);
	packet_be16(k, type);
}

void
packet_ip4_fragment(struct packet *k, unsigned proto, const char *src, const char *dst, unsigned id,
    unsigned offset, bool more)
{
	size_t from = k->n;

	packet_hex(k, "4500");
	packet_length(k, from);
	packet_be16(k, id);
	packet_be16(k, (more ? 0x2000u : 0) | offset);
	packet_u8(k, 64);
	packet_u8(k, proto);
	packet_be16(k, 0);
	packet_addr(k, src, ADDR_IP4, 4);
	packet_addr(k, dst, ADDR_IP4, 4);
}

void
packet_ip4(struct packet *k, unsigned proto, const char *src, const char *dst)
{
	packet_ip4_fragment(k, proto, src, dst, 0, 0, false);
}

void
packet_ip6(struct packet *k, unsigned next, const char *src, const char *dst)
{
	packet_hex(k, "60000000");
	packet_length(k, k->n + 36);
	packet_u8(k, next);
	packet_u8(k, 64);
	packet_addr(k, src, ADDR_IP6, 16);
	packet_addr(k, dst, ADDR_IP6, 16);
}

void
packet_tcp(
    struct packet *k, unsigned sport, unsigned dport, unsigned flags, uint32_t seq, uint32_t ack)
{
	packet_be16(k, sport);
	packet_be16(k, dport);
	packet_be32(k, seq);
	packet_be32(k, ack);
	packet_u8(k, 0x50);
	packet_u8(k, flags);
	packet_be16(k, 1000);
	packet_be32(k, 0);
}

void
packet_udp(struct packet *k, unsigned sport, unsigned dport)
{
	size_t from = k->n;

	packet_be16(k, sport);
	packet_be16(k, dport);
	packet_length(k, from);
	packet_be16(k, 0);
}

void
packet_icmp(struct packet *k, unsigned type, unsigned code)
{
	packet_u8(k, type);
	packet_u8(k, code);
	packet_zeros(k, 6);
}

void
packet_close(struct packet *k)
{
	for (unsigned i = 0; i < k->n_open; i++) {
		size_t length = k->n - k->open[i].from;

		k->b[k->open[i].at] = (uint8_t)(length >> 8);
		k->b[k->open[i].at + 1] = (uint8_t)length;
	}
	k->n_open = 0;
}

struct frame
packet_frame(struct packet *k, uint16_t linktype)
{
	packet_close(k);
	return (struct frame){
		.data = k->b,
		.caplen = (uint32_t)k->n,
		.len = (uint32_t)k->n,
		.linktype = linktype,
	};
}
