/* The names in ClientHellos, in one packet and in several, in TLS and encrypted in QUIC. */
#include "config.h"

#include "dissect/hello_reassembly.h"

#include "dissect/cipher.h"
#include "dissected.h"
#include "ext/crypto.h"
#include "util/attr.h"

#define S UINT64_C(1000000000)

static struct pkt_meta said;
static struct hello_buffers hellos;

/* clang-format off */
#define ZEROS_32 "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
/* ClientHello of 96 bytes: ALPN with a GREASE value, h2 and http/1.1; then the server's name */
#define HELLO_1  "01 00005c 0303" ZEROS_32 "00 0002 1301 0100 0031"
#define HELLO_2  "0010 0011 000f 02 0a0a 02 6832 08 687474702f312e31"
#define HELLO_3  "0000 0018 0016 00 0013 61622e6578616d706c652e746573742e6e6574"
/* clang-format on */

/* Made after RFC 9001, A: the client's Initial packets for server quic.example and ALPN h3. */
/* Version 1: a token, and an acknowledgement and padding around the hello. */
static const char version_1[] =
    "cc00000001088394c8f03e51570802aabb03746f6b407f34d6b3897cd6689955af4238ba4b392eb1"
    "e103e17c8cebd5c2f167b3c8b2267f0523337ed8935a2bf0bbd51c260ad7c71e15b21d97e8147bb3"
    "6b129ca64ba3b15c47ca15545a83db884b7380b75292b5abf934c3789663a5cd97dc7c650e2b7acb"
    "05876c2feefcb2df671330c8371110235f631a4a78ffdda2c22c40cc3ef9";

/* Version 2 (RFC 9369). */
static const char version_2[] =
    "d06b3343cf088394c8f03e515708000040658fd4ec9e3e685f297e92d0e8f2ac191160f59125b0f0"
    "80ea5a76504e72a38c3dae673977ef2b97e5089b8e3d307c7a1999ab0e089ce89f1edf60a24ea772"
    "e16d5198c1d93f2996faf3f124dfdcd9f77ea05d36bdf1fcdb84abb4af9bfdebc3e5c47f875658";

/* A version to be refused, encrypted as in draft 29. */
static const char greased[] =
    "ca1a2a3a4a088394c8f03e515708000040657abacc20283f9fcf7de5748679a5eb3b68fa51ced131"
    "ad42ece2e4c9a485d1607a348fad931a16e846588a32ca104eddb06026d4996fcd8df604cb94981c"
    "555a2b33b8917fc06ae3d604f6ac7c3b4daeb4ae557988835a467d77e0d652da196f357e723218";

/* Before the standard: as in draft 22, and two of Google's versions with TLS. */
static const char draft_22[] =
    "c7faceb001088394c8f03e515708000040628cee7915ef0d5ccdac56b12538d66cb4ec24a2cad2ae"
    "4ef51279fa53fe85a24c114208e1d6a9197446be6382f106b53d8a7e9062f7696b0da068e016f1a0"
    "467b1ca422f74f64032767abdfb97e13d744518e09c1e0cb982f1e0406b18c42b39c6782";

static const char google_50[] =
    "c854303530088394c8f03e515708000040623fd8785b72b105322f974712189b5acbdaa90fae0b56"
    "51837e12f8e01327fb5decabd1cfb9c8aff52a88467e138b56f0b85d80108d1916bd918064f4bf4c"
    "86de9381f3862b8cae3f95b6f00bc03406a804995923ba403b62d603b5288728e53e1539";

static const char google_51[] =
    "c254303531088394c8f03e5157080000406295d601f322c13c0d36dda4fcdc2828b41295a0a3d73b"
    "ddfee73ad35411dc1e93ab415050096291562cfe0eabef5c0b961782fd8117f72584aa7aa0964466"
    "81a347c7a1609d983ea3ca3c9f7149b1ffc693f8cc12c962a83e5bd0b09fb82847d72f29";

/* A hello in two packets and four pieces, all out of order. */
static const char first_half[] =
    "c400000001088394c8f03e515708000040384846881bda9a6da328c3a643e4b38977c3241004ffab"
    "505b18b276bf6e9a2600b40c75e46e440b773a850bfe91c652b5cc4723894f783433";

static const char second_half[] =
    "c600000001088394c8f03e5157080000404ade6c7aedb66ee4ecab99bcf1d45e19e0314b678a8ba3"
    "f7600884e02455e55e04f239dbc4fb4f56a486803d2415519ff84f190fc4c398de7e7772f0ac4254"
    "2b7be26c376c29e40da923c0";

static void
segment(uint32_t seq, const char *hex)
{
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 50000, 443, TCP_PSH | TCP_ACK, seq, 1);
	packet_hex(&k, hex);
}

static void
datagram(uint16_t sport, const char *hex)
{
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, A4, B4);
	packet_udp(&k, sport, 443);
	packet_hex(&k, hex);
}

static void
request(uint32_t seq, const char *text)
{
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 50000, 80, TCP_PSH | TCP_ACK, seq, 1);
	packet_bytes(&k, text, strlen(text));
}

static void
hear_cut(uint64_t ts, uint32_t cut)
{
	struct frame f = packet_frame(&k, LINK_ETHER);

	f.ts = ts;
	f.caplen -= cut;
	memset(&said, 0xff, sizeof(said));
	said.hello_buffers = &hellos;
	dissect_with_meta(d, &f, &p, &said);
}

static void
hear(uint64_t ts)
{
	hear_cut(ts, 0);
}

static void
assert_told(const char *name, const char *alpn, bool chosen)
{
	assert_ptr_equal(&said, p.meta);
	assert_int_equal(name[0] != '\0' ? META_SNI : META_ALPN, said.type);
	assert_string_equal(name, said.name);
	assert_string_equal(alpn, said.alpn);
	if (alpn[0] != '\0')
		assert_int_equal(chosen, said.alpn_chosen);
}

static void
test_whole(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(1, "16 0301 0060" HELLO_1 HELLO_2 HELLO_3);
	hear(0);
	assert_told("ab.example.test.net", "h2,http/1.1", false);
}

static void
test_choice(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(1, "16 0303 0035 02 000031 0303" ZEROS_32 "00 c02f 00 0009 0010 0005 0003 02 6832");
	hear(0);
	assert_told("", "h2", true);
}

/* Pieces may come in any order; the last one completes the hello. */
static void
test_segments(void **state)
{
	static const uint64_t second = 1000000000;

	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(UINT32_MAX - 20, "16 0301 0060" HELLO_1);
	hear(second);
	assert_null(p.meta);
	segment(UINT32_MAX - 20 + 5 + 47 + 21, HELLO_3);
	hear(second);
	assert_null(p.meta);
	segment(UINT32_MAX - 20 + 5 + 47, HELLO_2);
	hear(2 * second);
	assert_told("ab.example.test.net", "h2,http/1.1", false);
	/* Later data is not a part of it. */
	segment(UINT32_MAX - 20 + 5 + 47, HELLO_2);
	hear(2 * second);
	assert_null(p.meta);
}

/* Bytes cut by the snap length leave a hole that is never filled. */
static void
test_cut_segment(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(1, "16 0301 0060" HELLO_1);
	hear_cut(0, 1);
	assert_null(p.meta);
	assert_int_equal(hellos.pending, 0);
	request(1, "GET / HTTP/1.1\r\nAccept: text/html\r\n");
	hear_cut(0, 1);
	assert_int_equal(hellos.pending, 0);
	hear(0);
	assert_int_not_equal(hellos.pending, 0);
}

/* Nor is what comes much later. */
static void
test_late_segment(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(1, "16 0301 0060" HELLO_1);
	hear(0);
	segment(1 + 5 + 47, HELLO_2 HELLO_3);
	hear(UINT64_C(11000000000));
	assert_null(p.meta);
}

/* RFC 8446, 5.1: a message may be split into records, too. */
static void
test_records(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(1, "16 0301 002f" HELLO_1 "16 0301 0015" HELLO_2);
	hear(0);
	assert_told("", "h2,http/1.1", false);
	segment(1 + 5 + 47 + 5 + 21, "16 0301 001c" HELLO_3);
	hear(0);
	assert_told("ab.example.test.net", "h2,http/1.1", false);
	segment(1000, "16 0301 002f" HELLO_1 "16 0301 0015" HELLO_2 "16 0301 001c" HELLO_3);
	hear(0);
	assert_told("ab.example.test.net", "h2,http/1.1", false);
}

/* Far more streams than there is room for: the newest ones are reassembled. */
static void
test_many(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	for (unsigned i = 0; i < 1000; i++) {
		segment(i, "16 0301 0060" HELLO_1);
		hear(i);
		segment(i + UINT32_C(0xfffff000), HELLO_2);
		hear(i);
	}
	segment(7, "16 0301 0060" HELLO_1);
	hear(1000);
	segment(7 + 5 + 47, HELLO_2 HELLO_3);
	hear(1000);
	assert_told("ab.example.test.net", "h2,http/1.1", false);
}

/* The host may come after the bytes that a first segment has room for. */
static void
test_http_head(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	request(10, "GET /");
	packet_zeros(&k, 1400);
	hear(0);
	assert_null(p.meta);
	request(10 + 5 + 1400, "HTTP/1.1\r\nHos");
	hear(0);
	assert_null(p.meta);
	request(10 + 5 + 1400 + 13, "t: a.example\r\n");
	hear(0);
	assert_told("a.example", "", false);
}

/* The host in a request to a proxy is not the proxy. */
static void
test_http_proxy(void **state)
{
	static const struct {
		const char *head, *name;
	} rows[] = {
		{ "CONNECT a.example:443 HTTP/1.1\r\nHost: proxy.example\r\n\r\n",
		    "a.example:443" },
		{ "GET http://a.example/x HTTP/1.1\r\nHost: b.example\r\n\r\n", "a.example" },
		{ "GET http://me@a.example:81 HTTP/1.1\r\n\r\n", "a.example:81" },
		{ "GET /?http://a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n", "b.example" },
		{ "GET http:/// HTTP/1.1\r\nHost: b.example\r\n\r\n", "b.example" },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		hello_buffers_init(&hellos, NULL);
		request(10, rows[i].head);
		hear(0);
		assert_told(rows[i].name, "", false);
	}
}

/* A hello of one byte per segment, after a first one without names. */
static void
test_single_bytes(void **state)
{
	static const char hello[] = "16 0301 0060" HELLO_1 HELLO_2 HELLO_3;
	char byte[3] = "";
	uint32_t n = 0;

	(void)state;
	hello_buffers_init(&hellos, NULL);
	for (const char *c = hello; *c != '\0'; c++) {
		if (*c == ' ')
			continue;
		memcpy(byte, c++, 2);
		segment(n++, byte);
		hear(0);
	}
	assert_int_equal(n, 101);
	assert_told("ab.example.test.net", "h2,http/1.1", false);
}

/* A message without end is given up. */
static void
test_endless(void **state)
{
	(void)state;
	hello_buffers_init(&hellos, NULL);
	segment(0, "16 0301 4000" HELLO_1);
	hear(0);
	assert_int_not_equal(hellos.pending, 0);
	for (uint32_t n = 5 + 47; n < HELLO_MAX; n++) {
		segment(n, "00");
		hear(0);
	}
	assert_int_equal(hellos.pending, 0);
	for (unsigned i = 0; i < HELLO_SLOTS; i++)
		assert_in_range(hellos.slot[i].n_parses, 0, HELLO_PARSES_MAX);
}

/* Data beyond the buffer is dropped. */
static void
test_room(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3 };
	static struct {
		struct hello_buffer h;
		uint8_t behind[16];
	} x;

	(void)state;
	for (size_t at = HELLO_MAX - 4; at < HELLO_MAX + 2; at++) {
		memset(&x, 0, sizeof(x));
		hello_store(&x.h, at, bytes, sizeof(bytes));
		for (size_t i = 0; i < sizeof(x.behind); i++)
			assert_int_equal(x.behind[i], 0);
		for (size_t i = HELLO_MAX - 4; i < HELLO_MAX; i++) {
			bool put = i >= at && i < at + sizeof(bytes);

			assert_int_equal(x.h.bytes[i], put ? bytes[i - at] : 0);
			assert_int_equal(x.h.received[i / 64] >> i % 64 & 1, put);
		}
		assert_int_equal(x.h.bytes[0], 0);
	}
}

static bool
lent(void)
{
	struct cipher *cipher = crypto_new();

	hello_buffers_init(&hellos, cipher);
	if (cipher == NULL)
		skip();
	return cipher != NULL;
}

static void
give_back(void)
{
	crypto_del((struct cipher *)(uintptr_t)hellos.cipher);
}

static void
test_quic(void **state)
{
	static const char *const packets[] = { version_1, version_2, greased, draft_22, google_50,
		google_51 };

	(void)state;
	if (!lent())
		return;
	for (unsigned i = 0; i < NITEMS(packets); i++) {
		datagram((uint16_t)(50000 + i), packets[i]);
		hear(0);
		assert_int_equal(PROTO_QUIC, p.app);
		assert_told("quic.example", "h3", false);
		/* One hello per connection, as long as it may be the same one. */
		hear(10 * S);
		assert_null(p.meta);
		hear(10 * S + 1);
		assert_told("quic.example", "h3", false);
	}
	give_back();
}

static void
test_quic_pieces(void **state)
{
	(void)state;
	if (!lent())
		return;
	datagram(50000, first_half);
	hear(0);
	assert_null(p.meta);
	datagram(50000, second_half);
	hear(0);
	assert_told("quic.example", "h3", false);
	give_back();
}

/* A packet that was changed or cut anywhere is ignored. */
static void
test_quic_broken(void **state)
{
	size_t n = strlen(version_2) / 2, at;

	(void)state;
	if (!lent())
		return;
	for (size_t i = 0; i < n; i++) {
		datagram((uint16_t)(50000 + i), version_2);
		at = k.n - n + i;
		k.b[at] ^= 0x10;
		hear(0);
		assert_null(p.meta);
	}
	give_back();
}

/* Bytes that were not captured are not read, even if they are still in memory. */
static void
test_quic_cut(void **state)
{
	(void)state;
	if (!lent())
		return;
	for (uint32_t cut = 1; cut <= 40; cut++) {
		datagram((uint16_t)(50000 + cut), version_2);
		hear_cut(0, cut);
		assert_null(p.meta);
	}
	give_back();
}

static bool
hash_anything(void *arg, struct bytes key, struct bytes text, uint8_t *out)
{
	(void)arg;
	(void)key;
	(void)text;
	memset(out, 0, CIPHER_HASH);
	return true;
}

static bool
mask_nothing(void *arg, const uint8_t *key, const uint8_t *in, uint8_t *out)
{
	(void)arg;
	(void)key;
	(void)in;
	memset(out, 0, CIPHER_BLOCK);
	return true;
}

/* Notes the length of the longest one. */
static bool
open_nothing(void *arg, const uint8_t *key, const uint8_t *nonce, struct bytes head,
    struct bytes text, uint8_t *out)
{
	size_t *longest = arg;

	(void)key;
	(void)nonce;
	(void)out;
	if (head.n + text.n > *longest)
		*longest = head.n + text.n;
	return false;
}

/* No packet longer than the buffer is decrypted. */
static void
test_quic_room(void **state)
{
	static const char head[] = "c0 00000001 08 0102030405060708 00 00";
	size_t longest = 0;
	const struct cipher cipher = { &longest, hash_anything, mask_nothing, open_nothing };
	const unsigned before = 18; /* bytes before the number of a packet */

	(void)state;
	hello_buffers_init(&hellos, &cipher);
	for (unsigned n = HELLO_DATAGRAM_MAX - 2; n <= HELLO_DATAGRAM_MAX + 2; n++) {
		datagram((uint16_t)(50000 + n), head);
		packet_be16(&k, 0x4000 | (n - before));
		packet_zeros(&k, n - before);
		hear(0);
	}
	assert_int_equal(longest, HELLO_DATAGRAM_MAX);
}

/* No traffic can cause more work than the limit per second. */
static void
test_quic_flood(void **state)
{
	unsigned told = 0;

	(void)state;
	if (!lent())
		return;
	for (unsigned i = 0; i < 3 * HELLO_DECRYPTS_MAX; i++) {
		datagram((uint16_t)(1024 + i), version_1);
		hear(5);
		told += p.meta != NULL;
	}
	assert_int_equal(HELLO_DECRYPTS_MAX, told);
	datagram(1023, version_1);
	hear(UINT64_C(1000000005));
	assert_ptr_equal(&said, p.meta);
	give_back();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole),
		TEST(choice),
		TEST(segments),
		TEST(cut_segment),
		TEST(late_segment),
		TEST(records),
		TEST(many),
		TEST(http_head),
		TEST(http_proxy),
		TEST(single_bytes),
		TEST(endless),
		TEST(room),
		TEST(quic),
		TEST(quic_pieces),
		TEST(quic_broken),
		TEST(quic_cut),
		TEST(quic_room),
		TEST(quic_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
