/* The names in streams whose first bytes come in pieces, out of order, or through a proxy. */
#include "config.h"

#include "dissect/hello_reassembly.h"
#include "dissected.h"
#include "util/attr.h"

#define ISN   1000
#define FIRST (ISN + 1) /* sequence number of the first byte */
#define ODD   22222     /* a port without a known protocol */

/* clang-format off */
#define ZEROS_32 "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"
#define HELLO "16 0301 0047 01 000043 0303" ZEROS_32 "00 0002 1301 0100 0018" \
	      "0000 0014 0012 00 000f 612e6578616d706c652e74657374 2e"
#define PREFACE  "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
#define SETTINGS "000006 04 00 00000000 0003 00000064"
/* clang-format on */

#define REQUEST "GET / HTTP/1.1\r\nHost: a.example.test.\r\n\r\n"
#define NAME    "a.example.test."

static struct pkt_meta said;
static struct hello_buffers hellos;
static struct packet stream; /* the client's data */
static unsigned port;

static void
hear(unsigned flags, uint32_t seq, const void *bytes, size_t n)
{
	struct frame f;

	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 6, A4, B4);
	packet_tcp(&k, 50000, port, flags, seq, 1);
	packet_bytes(&k, bytes, n);
	f = packet_frame(&k, LINK_ETHER);
	said.hello_buffers = &hellos;
	dissect_with_meta(d, &f, &p, &said);
}

static void
connect_to(unsigned to)
{
	port = to;
	hello_buffers_init(&hellos, NULL);
	hear(TCP_SYN, ISN, "", 0);
}

static bool
starts(void)
{
	for (size_t i = 0; i < HELLO_SLOTS; i++)
		if (hellos.expected[i] != 0)
			return true;
	return false;
}

/* The client's bytes from one offset to another. */
static void
hear_piece(size_t from, size_t to)
{
	assert_in_range(to, from, stream.n);
	hear(TCP_PSH | TCP_ACK, FIRST + (uint32_t)from, stream.b + from, to - from);
}

static void
assert_named(const char *name)
{
	assert_ptr_equal(&said, p.meta);
	assert_string_equal(name, said.name);
}

static void
make_hex(const char *hex)
{
	packet_new(&stream);
	packet_hex(&stream, hex);
}

static void
make_text(const char *text)
{
	packet_new(&stream);
	packet_bytes(&stream, text, strlen(text));
}

static void
assert_any_order(unsigned to)
{
	size_t n = stream.n, a = n / 3, b = 2 * n / 3;
	const size_t orders[][3][2] = {
		{ { 0, a }, { a, b }, { b, n } },
		{ { 0, a }, { b, n }, { a, b } },
		{ { b, n }, { a, b }, { 0, a } },
		{ { a, b }, { 0, a }, { b, n } },
		{ { a, b }, { b, n }, { 0, a } },
		{ { b, n }, { 0, 1 }, { 1, b } },
	};

	for (size_t i = 0; i < NITEMS(orders); i++) {
		connect_to(to);
		for (size_t j = 0; j < 3; j++) {
			assert_null(p.meta);
			hear_piece(orders[i][j][0], orders[i][j][1]);
		}
		assert_named(NAME);
		assert_int_equal(APP_BY_CONTENT, p.app_confidence);
		/* It is reported once. */
		hear_piece(a, b);
		assert_null(p.meta);
	}
}

static void
test_any_order(void **state)
{
	(void)state;
	make_hex(HELLO);
	assert_any_order(443);
	assert_any_order(ODD);
	make_text(REQUEST);
	assert_any_order(80);
	assert_any_order(ODD);
	assert_any_order(443);
}

static void
assert_bytewise(unsigned to)
{
	connect_to(to);
	for (size_t i = 0; i < stream.n && p.meta == NULL; i++)
		hear_piece(i, i + 1);
	assert_named(NAME);
}

static void
test_bytewise(void **state)
{
	(void)state;
	make_hex(HELLO);
	assert_bytewise(443);
	assert_bytewise(ODD);
	make_text(REQUEST);
	assert_bytewise(80);
	assert_bytewise(ODD);
	/* On another protocol's port, which does not parse it. */
	assert_bytewise(443);
	make_hex(HELLO);
	assert_bytewise(80);
}

/* A stream that started in order is not reassembled, and its protocol decides which bytes are
 * kept. */
static void
test_begun(void **state)
{
	(void)state;
	make_hex(HELLO);
	connect_to(443);
	assert_true(starts());
	hear_piece(0, stream.n);
	assert_named(NAME);
	assert_false(starts());
	assert_int_equal(0, hellos.pending);
	/* A stream that begins like no known protocol is not reassembled. */
	make_text("nothing that anybody knows the name of");
	connect_to(ODD);
	hear_piece(10, 20);
	assert_int_not_equal(0, hellos.pending);
	hear_piece(0, 10);
	hear_piece(20, stream.n);
	assert_int_equal(0, hellos.pending);
	assert_int_equal(PROTO_NONE, p.app);
}

/* Too far from the start, or long after it. */
static void
test_far(void **state)
{
	static const uint8_t byte[HELLO_SHORT + 1];

	(void)state;
	connect_to(443);
	hear(TCP_ACK, FIRST + HELLO_MAX, byte, sizeof(byte));
	assert_false(starts());
	assert_int_equal(0, hellos.pending);
	connect_to(443);
	hear(TCP_ACK, ISN, byte, sizeof(byte));
	assert_int_equal(0, hellos.pending);
}

static const struct {
	const char *hex, *name;
} requests[] = {
	/* RFC 7541, C.3.1 and C.4.1 */
	{ PREFACE SETTINGS "000014 01 04 00000001"
			   "828684 41 0f 7777772e6578616d706c652e636f6d",
	    "www.example.com" },
	{ PREFACE "000011 01 04 00000001 828684 41 8c f1e3c2e5f23a6ba0ab90f4ff",
	    "www.example.com" },
	/* Padded and with a priority; a table size update; the name as a literal, plain and
	 * Huffman-coded. */
	{ PREFACE "00001d 01 2c 00000001 02 00000000 10 3fe11f 82 00 0a 3a617574686f72697479"
		  "04 612e6578 0000",
	    "a.ex" },
	{ PREFACE "000010 01 04 00000001 82 00 88 b83b5339ec327d7f 04 612e6578", "a.ex" },
	/* :authority has priority over host. */
	{ PREFACE "000008 01 04 00000001 82 0f17 04 682e6578", "h.ex" },
	{ PREFACE "00000b 01 04 00000001 82 00 83 9ce84f 04 682e6578", "h.ex" },
	{ PREFACE "00000f 01 04 00000001 82 66 04 682e6578 01 04 612e6578 8684", "a.ex" },
	/* Continued: before the name, within it, after a host, in empty frames. */
	{ PREFACE "000003 01 00 00000001 828684 000006 09 04 00000001 41 04 612e6578", "a.ex" },
	{ PREFACE "000004 01 00 00000001 82 41 04 61 000003 09 04 00000001 2e6578", "a.ex" },
	{ PREFACE "000006 01 08 00000001 01 82 41 04 61 00 000003 09 04 00000001 2e6578", "a.ex" },
	{ PREFACE "000007 01 00 00000001 82 66 04 682e6578 000006 09 04 00000001 01 04 612e6578",
	    "a.ex" },
	{ PREFACE
	    "000001 01 00 00000001 82 000000 09 00 00000001 000006 09 00 00000001 66 04 682e6578"
	    "000000 09 04 00000001",
	    "h.ex" },
};

static void
test_http2(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(requests); i++) {
		make_hex(requests[i].hex);
		for (unsigned cut = 24; cut < stream.n; cut++) {
			connect_to(ODD);
			hear_piece(0, cut);
			assert_int_equal(PROTO_HTTP, p.app);
			hear_piece(cut, stream.n);
			assert_named(requests[i].name);
		}
	}
}

/* Characters outside of names, truncated codes, and lengths beyond the data. */
static void
test_http2_nameless(void **state)
{
	static const char *const rows[] = {
		PREFACE "000000 01 04 00000001",
		PREFACE "000003 01 04 00000001 828684",
		PREFACE "000006 01 04 00000001 41 84 ffffffff",
		PREFACE "000009 01 04 00000001 41 87 f1e3c2ffffffff",
		PREFACE "000002 01 04 00000001 41 05",
		PREFACE "000006 01 04 00000001 41 ff80808080",
		PREFACE "000002 01 04 00000001 41 00",
		PREFACE "000002 01 0c 00000001 ff 41",
		/* Another frame is in the place of the rest. */
		PREFACE "000001 01 00 00000001 82 000006 00 01 00000001 41 04 612e6578",
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		make_hex(rows[i]);
		connect_to(80);
		hear_piece(0, stream.n);
		assert_null(p.meta);
		assert_int_equal(0, hellos.pending);
	}
}

/* More continuations than are read: 16 pass, 17 do not. */
static void
test_http2_continuations(void **state)
{
	(void)state;
	for (unsigned n = 16; n <= 17; n++) {
		make_hex(PREFACE "000000 01 00 00000001");
		for (unsigned i = 1; i < n; i++)
			packet_hex(&stream, "000000 09 00 00000001");
		packet_hex(&stream, "000006 09 04 00000001 41 04 612e6578");
		connect_to(80);
		hear_piece(0, stream.n);
		assert_int_equal(0, hellos.pending);
		if (n == 16)
			assert_named("a.ex");
		else
			assert_null(p.meta);
	}
}

/* A block that is longer than what is kept has its name in the first part. */
static void
test_http2_long(void **state)
{
	static const uint8_t filling[100];

	(void)state;
	make_hex(PREFACE "002000 01 04 00000001 82 41 04 612e6578 00 01 78 7f e11e");
	connect_to(80);
	hear_piece(0, stream.n);
	for (size_t n = stream.n; n < HELLO_MAX; n += 100) {
		assert_null(p.meta);
		assert_int_not_equal(0, hellos.pending);
		hear(TCP_ACK, (uint32_t)(FIRST + n), filling, 100);
	}
	assert_named("a.ex");
	assert_int_equal(0, hellos.pending);
}

/* clang-format off */
#define LINE_1 "50524f58592054435034203139322e302e322e37203139322e302e322e32203520340d0a"
#define HEAD_2 "0d0a0d0a000d0a515549540a 21 11 000c c0000207 c0000202 0005 0004"
/* clang-format on */

/* The PROXY protocol before a hello in the same segment, in two pieces, and alone. */
static void
test_proxy(void **state)
{
	static const char *const rows[] = { LINE_1 HELLO, HEAD_2 HELLO, LINE_1 HEAD_2 HELLO };

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		size_t hello;

		make_hex(HELLO);
		hello = stream.n;
		make_hex(rows[i]);
		connect_to(ODD);
		hear_piece(0, stream.n);
		assert_named(NAME);
		assert_int_equal(PROTO_TLS, p.app);
		connect_to(ODD);
		hear_piece(0, stream.n - 20);
		hear_piece(stream.n - 20, stream.n);
		assert_named(NAME);
		connect_to(ODD);
		hear_piece(0, stream.n - hello);
		assert_int_equal(PROTO_PROXY, p.app);
		assert_int_equal(APP_GUESSED, p.app_confidence);
		hear_piece(stream.n - hello, stream.n);
		assert_named(NAME);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_order),
		TEST(bytewise),
		TEST(begun),
		TEST(far),
		TEST(http2),
		TEST(http2_nameless),
		TEST(http2_continuations),
		TEST(http2_long),
		TEST(proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
