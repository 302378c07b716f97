#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/demo/demo.h"
#include "dissect/dissect.h"
#include "util/attr.h"

#define MINUTE        UINT64_C(60000000000)
#define SECONDS       60
#define ROOM          (1 << 14)
#define IP_PROTO_ICMP 1
#define NUMBER_IGMP   2
#define IP_PROTO_TCP  6
#define IP_PROTO_UDP  17

/* A set of keys, by their hashes; none of them is 0. */
struct set {
	uint64_t key[ROOM];
	unsigned n;
};

/* The contents of the first minute. */
static struct {
	unsigned frames, v4, v6, segments, again, flagged, wrong_sum, foreign, odd_size;
	unsigned backwards, gaps, tcp_flags[256], second[SECONDS], proto[PROTO_MAX];
	struct set hosts, flows, streams; /* a stream is one direction of a TCP connection */
	uint32_t next_seq[ROOM];          /* of each stream */
} seen;

static uint64_t
mix(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n-- > 0)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return h;
}

/* The key's slot. */
static unsigned
set_add(struct set *s, uint64_t key)
{
	unsigned i = (unsigned)(key % ROOM);

	while (s->key[i] != 0 && s->key[i] != key)
		i = (i + 1) % ROOM;
	if (s->key[i] == 0) {
		assert_true(++s->n < ROOM);
		s->key[i] = key;
	}
	return i;
}

/* RFC 1071, directly: the ones' complement sum of 16-bit words. */
static uint32_t
sum16(uint32_t so_far, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		so_far += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	return so_far;
}

static bool
sums_up(uint32_t total)
{
	while (total > 0xffff)
		total = (total >> 16) + (total & 0xffff);
	return total == 0xffff;
}

/* Checks pseudo-header (if the protocol has one) and content. */
static bool
transport_is_right(
    const uint8_t *addresses, size_t n_addresses, unsigned proto, const uint8_t *p, size_t n)
{
	uint32_t total = 0;

	if (proto == IP_PROTO_UDP && be16(p + 4) != n)
		return false;
	if (proto != IP_PROTO_ICMP && proto != NUMBER_IGMP)
		total = sum16((uint32_t)n + proto, addresses, n_addresses);
	return sums_up(sum16(total, p, n));
}

static bool
is_documentation(const struct addr *a, bool six)
{
	static const uint8_t nets[3][3] = { { 192, 0, 2 }, { 198, 51, 100 }, { 203, 0, 113 } };

	if (addr_is_group(six ? ADDR_IP6 : ADDR_IP4, a))
		return true;
	if (six)
		return memcmp(a->b, "\x20\x01\x0d\xb8", 4) == 0;
	for (size_t i = 0; i < NITEMS(nets); i++)
		if (memcmp(a->b, nets[i], 3) == 0)
			return a->b[3] != 0 && a->b[3] != 255;
	return false;
}

static void
check_ip4(const uint8_t *p, size_t n)
{
	size_t header = (size_t)(p[0] & 15) * 4, total = be16(p + 2);

	seen.v4++;
	if (total > n || header < 20 || !sums_up(sum16(0, p, header)) ||
	    !transport_is_right(p + 12, 8, p[9], p + header, total - header))
		seen.wrong_sum++;
}

static void
check_ip6(const uint8_t *p, size_t n)
{
	size_t length = be16(p + 4);

	seen.v6++;
	if (40 + length > n || !transport_is_right(p + 8, 32, p[6], p + 40, length))
		seen.wrong_sum++;
}

/* Lengths and checksums, read independently of the dissector. */
static void
check_bytes(const struct frame *f)
{
	size_t at = be16(f->data + 12) == 0x8100 ? 18 : 14;
	unsigned type = be16(f->data + at - 2);

	if (f->caplen != f->len || f->len < 60 || f->len > at + 1500)
		seen.odd_size++;
	else if (type == 0x0800)
		check_ip4(f->data + at, f->caplen - at);
	else if (type == 0x86dd)
		check_ip6(f->data + at, f->caplen - at);
}

static uint64_t
end_key(const struct pkt *p, const struct addr *a, uint16_t port)
{
	return mix(mix(p->proto + UINT64_C(1), a, sizeof(*a)), &port, sizeof(port));
}

/* Content before the highest sequence number is a retransmission. */
static void
check_sequence(const struct pkt *p, uint64_t stream)
{
	uint32_t *next = &seen.next_seq[set_add(&seen.streams, stream)];

	seen.tcp_flags[p->tcp_flags]++;
	if ((p->tcp_flags & TCP_SYN) != 0)
		*next = p->seq + 1;
	if (p->payload == 0)
		return;
	seen.segments++;
	if ((int32_t)(p->seq - *next) < 0)
		seen.again++;
	else if (p->seq != *next)
		seen.gaps++;
	else
		*next += p->payload;
}

static void
check_pkt(const struct pkt *p)
{
	uint64_t src = end_key(p, &p->src, p->sport), dst = end_key(p, &p->dst, p->dport);
	bool six = p->kind == ADDR_IP6;

	for (unsigned i = 0; i < p->depth; i++)
		seen.proto[p->stack[i]]++;
	if ((p->flags & (PKT_MALFORMED | PKT_TRUNCATED | PKT_FRAGMENT | PKT_TUNNEL)) != 0)
		seen.flagged++;
	if (p->kind != ADDR_IP4 && !six)
		return;
	if (!is_documentation(&p->src, six) || !is_documentation(&p->dst, six))
		seen.foreign++;
	set_add(&seen.hosts, mix(1, &p->src, sizeof(p->src)));
	set_add(&seen.flows, src + dst);
	if (p->proto == IP_PROTO_TCP)
		check_sequence(p, 3 * src + dst);
}

static int
watch_a_minute(void **state)
{
	struct dissector *dis = dissector_new();
	struct demo *d = demo_new();
	uint64_t last = DEMO_EPOCH;
	struct frame f;
	struct pkt p;

	(void)state;
	for (demo_next(d, &f); f.ts < DEMO_EPOCH + MINUTE; demo_next(d, &f)) {
		seen.frames++;
		seen.backwards += f.ts < last;
		last = f.ts;
		seen.second[(f.ts - DEMO_EPOCH) / (MINUTE / SECONDS)]++;
		check_bytes(&f);
		dissect(dis, &f, &p);
		check_pkt(&p);
	}
	demo_del(d);
	dissector_del(dis);
	return 0;
}

static void
test_every_frame_is_right(void **state)
{
	(void)state;
	assert_int_equal(seen.flagged, 0);
	assert_int_equal(seen.wrong_sum, 0);
	assert_int_equal(seen.odd_size, 0);
	assert_int_equal(seen.foreign, 0);
	assert_int_equal(seen.backwards, 0);
}

static void
test_every_protocol_appears(void **state)
{
	static const uint8_t all[] = { PROTO_ETH, PROTO_VLAN, PROTO_ARP, PROTO_IP, PROTO_IPV6,
		PROTO_ICMP, PROTO_ICMPV6, PROTO_IGMP, PROTO_TCP, PROTO_UDP, PROTO_DNS, PROTO_MDNS,
		PROTO_TLS, PROTO_QUIC, PROTO_HTTP, PROTO_SSH, PROTO_NTP, PROTO_DHCP, PROTO_SMTP,
		PROTO_PGSQL, PROTO_SIP };

	(void)state;
	for (size_t i = 0; i < NITEMS(all); i++)
		if (seen.proto[all[i]] == 0)
			fail_msg("no %s within a minute", proto_name(all[i]));
}

static void
test_amount(void **state)
{
	(void)state;
	assert_in_range(seen.frames, 80000, 100000);
	assert_in_range(seen.hosts.n, 300, 2000);
	assert_in_range(seen.flows.n, 500, 5000);
	assert_in_range(seen.v6 * 100 / (seen.v4 + seen.v6), 20, 30);
}

static void
test_tcp_lives_and_dies(void **state)
{
	(void)state;
	assert_true(seen.tcp_flags[TCP_SYN] > 300);
	assert_true(seen.tcp_flags[TCP_SYN | TCP_ACK] > 200);
	assert_true(seen.tcp_flags[TCP_FIN | TCP_ACK] > 200);
	assert_true(seen.tcp_flags[TCP_RST | TCP_ACK] > 50);
	assert_int_equal(seen.gaps, 0);
	assert_in_range(seen.again * 10000 / seen.segments, 30, 80);
}

/* No second without traffic, and the maximum load is twice the minimum. */
static void
test_waves(void **state)
{
	unsigned least = UINT32_MAX, most = 0;

	(void)state;
	for (unsigned i = 0; i < SECONDS; i++) {
		least = seen.second[i] < least ? seen.second[i] : least;
		most = seen.second[i] > most ? seen.second[i] : most;
	}
	assert_true(least > 300);
	assert_true(most > 2 * least);
	assert_true(most < 5000);
}

static void
test_same_at_every_run(void **state)
{
	struct demo *d = demo_new(), *e = demo_new();
	struct frame f, g;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		demo_next(d, &f);
		demo_next(e, &g);
		assert_int_equal(f.ts, g.ts);
		assert_int_equal(f.len, g.len);
		assert_memory_equal(f.data, g.data, f.len);
	}
	demo_del(d);
	demo_del(e);
}

/* After minutes, new connections still start as often as at first. */
static void
test_endless(void **state)
{
	struct dissector *dis = dissector_new();
	struct demo *d = demo_new();
	unsigned opened = 0;
	struct frame f;
	struct pkt p;

	(void)state;
	do
		demo_next(d, &f);
	while (f.ts < DEMO_EPOCH + 3 * MINUTE);
	for (; f.ts < DEMO_EPOCH + 4 * MINUTE; demo_next(d, &f)) {
		dissect(dis, &f, &p);
		opened += p.tcp_flags == (TCP_SYN | TCP_ACK);
		assert_int_equal(p.flags & (PKT_MALFORMED | PKT_TRUNCATED), 0);
	}
	assert_true(opened > seen.tcp_flags[TCP_SYN | TCP_ACK] / 2);
	demo_del(d);
	dissector_del(dis);
}

/* The first frame from or to that port whose content begins with the byte. */
static bool
find_content(struct demo *d, unsigned port, uint8_t first, struct frame *f, size_t *at)
{
	for (unsigned i = 0; i < 50000; i++) {
		demo_next(d, f);
		if (be16(f->data + 12) != 0x0800 || f->data[14] != 0x45)
			continue;
		if (be16(f->data + 36) != port && be16(f->data + 34) != port)
			continue;
		*at = f->data[23] == IP_PROTO_UDP ? 42 : 34u + (f->data[46] >> 4) * 4u;
		if (*at < f->len && f->data[*at] == first)
			return true;
	}
	return false;
}

static bool
has_text(const uint8_t *p, size_t n, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i + length <= n; i++)
		if (memcmp(p + i, text, length) == 0)
			return true;
	return false;
}

static void
test_client_hello_names_the_server(void **state)
{
	struct demo *d = demo_new();
	struct frame f;
	const uint8_t *h;
	size_t at, list, name;

	(void)state;
	assert_true(find_content(d, 443, 22, &f, &at));
	h = f.data + at;
	assert_int_equal(be16(h + 3), f.len - at - 5); /* record */
	assert_int_equal(h[5], 1);                     /* client hello */
	assert_int_equal(be16(h + 7), f.len - at - 9);
	list = 5 + 4 + 2 + 32 + 1 + 32 + 10; /* version, random, session, ciphers, compression */
	assert_int_equal(be16(h + list), f.len - at - list - 2);
	assert_int_equal(be16(h + list + 2), 0); /* server name */
	name = be16(h + list + 9);
	assert_int_equal(be16(h + list + 4), name + 5);
	assert_int_equal(be16(h + list + 6), name + 3);
	assert_true(has_text(h + list + 11, name, ".example."));
	demo_del(d);
}

static void
test_http_names_the_host(void **state)
{
	struct demo *d = demo_new();
	struct frame f;
	size_t at;

	(void)state;
	assert_true(find_content(d, 80, 'G', &f, &at));
	assert_true(has_text(f.data + at, f.len - at, "\r\nHost: "));
	assert_memory_equal(f.data + f.len - 4, "\r\n\r\n", 4);
	demo_del(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_frame_is_right),
		cmocka_unit_test(test_every_protocol_appears),
		cmocka_unit_test(test_amount),
		cmocka_unit_test(test_tcp_lives_and_dies),
		cmocka_unit_test(test_waves),
		cmocka_unit_test(test_same_at_every_run),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_client_hello_names_the_server),
		cmocka_unit_test(test_http_names_the_host),
	};

	return cmocka_run_group_tests(tests, watch_a_minute, NULL);
}
