/* Applications by content, and the names in it. */
#include "config.h"

#include "dissected.h"
#include "util/attr.h"

enum over { T, U };

static struct pkt_meta said;

static void
payload(enum over over, uint16_t sport, uint16_t dport)
{
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, over == T ? 6 : 17, A4, B4);
	if (over == T)
		packet_tcp(&k, sport, dport, TCP_PSH | TCP_ACK, 1, 1);
	else
		packet_udp(&k, sport, dport);
}

/* The captured part of the frame ends cut bytes before its end. */
static void
run_said(size_t cut)
{
	struct frame f = packet_frame(&k, LINK_ETHER);

	f.caplen -= (uint32_t)cut;
	memset(&p, 0xff, sizeof(p));
	memset(&said, 0xff, sizeof(said));
	said.hello_buffers = NULL;
	dissect_with_meta(d, &f, &p, &said);
}

static void
assert_app(enum proto proto, enum app_confidence by)
{
	assert_string_equal(proto_name(p.app), proto_name(proto));
	assert_int_equal(p.app_confidence, by);
	assert_int_equal(p.depth, proto == PROTO_NONE ? 3 : 4);
	if (proto != PROTO_NONE)
		assert_int_equal(p.stack[3], proto);
}

#define ZEROS_16 "00000000 00000000 00000000 00000000"
#define COOKIE   "63825363"

/* clang-format off */
static const struct {
	enum over over;
	uint16_t sport, dport;
	const char *hex; /* or: */
	const char *text;
	uint8_t proto, by;
} table[] = {
	/* the port does not matter */
	{ T, 50000, 9999, "1603010004 01000000", NULL, PROTO_TLS, APP_BY_CONTENT },
	{ T, 9999, 50000, "1703030100 deadbeef", NULL, PROTO_TLS, APP_BY_CONTENT },
	{ T, 443, 50000, "140303000101", NULL, PROTO_TLS, APP_BY_CONTENT },
	{ T, 50000, 9999, "802e0103010015 0000001000", NULL, PROTO_TLS, APP_BY_CONTENT },
	{ T, 50000, 9999, NULL, "GET / HTTP/1.1\r\n\r\n", PROTO_HTTP, APP_BY_CONTENT },
	{ T, 9999, 50000, NULL, "HTTP/1.1 200 OK\r\n", PROTO_HTTP, APP_BY_CONTENT },
	{ T, 50000, 443, NULL, "SSH-2.0-x\r\n", PROTO_SSH, APP_BY_CONTENT },
	{ T, 50000, 9999, NULL, "REGISTER sip:x SIP/2.0", PROTO_SIP, APP_BY_CONTENT },
	{ U, 50000, 9999, NULL, "SIP/2.0 200 OK", PROTO_SIP, APP_BY_CONTENT },
	{ T, 50000, 9999, NULL, "OPTIONS rtsp://x RTSP/1.0", PROTO_RTSP, APP_BY_CONTENT },
	{ T, 50000, 9999, NULL, "OPTIONS * HTTP/1.1", PROTO_HTTP, APP_BY_CONTENT },
	{ U, 50000, 1900, NULL, "M-SEARCH * HTTP/1.1", PROTO_SSDP, APP_BY_CONTENT },
	{ T, 2525, 50000, NULL, "220 x ESMTP\r\n", PROTO_SMTP, APP_BY_CONTENT },
	{ T, 2121, 50000, NULL, "220 ftp ready\r\n", PROTO_FTP, APP_BY_CONTENT },
	{ T, 21, 50000, NULL, "220 welcome\r\n", PROTO_FTP, APP_BY_CONTENT },
	{ T, 25, 50000, NULL, "220 welcome\r\n", PROTO_SMTP, APP_BY_CONTENT },
	{ T, 9999, 50000, NULL, "220 welcome\r\nFTP", PROTO_NONE, APP_UNKNOWN },
	{ T, 9999, 50000, NULL, "* OK ready\r\n", PROTO_IMAP, APP_BY_CONTENT },
	{ T, 9999, 50000, NULL, "+OK ready\r\n", PROTO_POP, APP_GUESSED },
	{ T, 6379, 50000, NULL, "+OK ready\r\n", PROTO_RESP, APP_BY_PORT },
	{ T, 50000, 9999, NULL, "\x13" "BitTorrent protocol", PROTO_BITTORRENT, APP_BY_CONTENT },
	{ U, 50000, 9999, NULL, "d1:ad2:id20:abcdefghij", PROTO_BT_DHT, APP_BY_CONTENT },
	{ T, 50000, 9999, "101000044d515454 0402003c", NULL, PROTO_MQTT, APP_BY_CONTENT },
	{ T, 50000, 9999, "00000020 ff534d42" ZEROS_16 ZEROS_16, NULL, PROTO_SMB, APP_BY_CONTENT },
	{ T, 50000, 445, "00000020 fe534d42" ZEROS_16 ZEROS_16, NULL, PROTO_SMB2, APP_BY_CONTENT },
	{ T, 50000, 9999, "00000008 04d2162f", NULL, PROTO_PGSQL, APP_BY_CONTENT },
	{ T, 50000, 9999, "00000012 00030000 7573657200", NULL, PROTO_PGSQL, APP_BY_CONTENT },
	{ T, 9999, 50000, "4a0000000a 382e302e3336", NULL, PROTO_MYSQL, APP_BY_CONTENT },
	{ T, 50000, 9999, "03000013 0ee000000000 00 01000800 03000000", NULL, PROTO_RDP,
	  APP_BY_CONTENT },
	{ T, 50000, 102, "03000013 0ee000000000 00 c1020600 c2020600", NULL, PROTO_TPKT, APP_BY_PORT },
	{ T, 50000, 9999, "050100", NULL, PROTO_SOCKS, APP_GUESSED },
	{ T, 50000, 9999, "05010000", NULL, PROTO_NONE, APP_UNKNOWN },
	{ T, 50000, 9999, "04010050 c0000201 00", NULL, PROTO_SOCKS, APP_GUESSED },
	{ T, 50000, 9999, "ffffffffffffffffffffffffffffffff 001d 01", NULL, PROTO_BGP,
	  APP_BY_CONTENT },
	{ T, 50000, 9999, "00010000 2112a442" ZEROS_16, NULL, PROTO_STUN, APP_BY_CONTENT },
	{ T, 50000, 9999, "0014 00010000 2112a442" ZEROS_16, NULL, PROTO_STUN, APP_BY_CONTENT },
	{ U, 50000, 9999, "00010000 2112a442" ZEROS_16, NULL, PROTO_STUN, APP_BY_CONTENT },
	{ U, 50000, 9999, "c300000001 08 0102030405060708 00 0000", NULL, PROTO_QUIC,
	  APP_BY_CONTENT },
	{ U, 50000, 443, "0d 0102030405060708 51303339 00", NULL, PROTO_GQUIC, APP_BY_CONTENT },
	{ U, 50000, 443, "09 0102030405060708 51303433", NULL, PROTO_GQUIC, APP_BY_CONTENT },
	{ U, 50000, 443, "0c 0102030405060708 51303433", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 9999, "0d 0102030405060708 51313433", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 9999, "c3 1a2a3a4a 00 00", NULL, PROTO_QUIC, APP_BY_CONTENT },
	{ U, 50000, 9999, "c3 00000002 00 00 00", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 9999, "16feff 0000 000000000000 0004 01000000", NULL, PROTO_DTLS,
	  APP_BY_CONTENT },
	{ U, 50000, 9999, "04000000" ZEROS_16 ZEROS_16 "01000000 00000000 00000000", NULL,
	  PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 51820, "04000000 01000000 00000000 00000000" ZEROS_16, NULL, PROTO_WG,
	  APP_BY_CONTENT },
	{ U, 50000, 123, "23000000" ZEROS_16 ZEROS_16 "00000000 00000000 00000000", NULL, PROTO_NTP,
	  APP_BY_CONTENT },
	{ U, 50000, 9999, "300c 020100 0403616263 a0 00 0000", NULL, PROTO_SNMP, APP_BY_CONTENT },
	{ U, 50000, 9999, "300c 020101 60 0702010304", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 9999, "1234 0100 0001 0000 0000 0000 01610000010001", NULL, PROTO_DNS,
	  APP_BY_CONTENT },
	{ U, 50000, 9999, "1234 0100 0001 0001 0000 0000 01610000010001", NULL, PROTO_NONE,
	  APP_UNKNOWN },
	{ U, 50000, 9999, "1234 0100 0001 0000 0000 0000 01610003e70001", NULL, PROTO_NONE,
	  APP_UNKNOWN },
	{ U, 5353, 5353, "0000 8400 0000 0001 0000 0000 01610000010001 00000001 0004 01020304", NULL,
	  PROTO_MDNS, APP_BY_CONTENT },
	{ U, 137, 137, "1234 0100 0001 0000 0000 0000 01610000200001", NULL, PROTO_NBNS,
	  APP_BY_CONTENT },
	{ T, 50000, 53, "0013 1234 0100 0001 0000 0000 0000 01610000010001", NULL, PROTO_DNS,
	  APP_BY_CONTENT },
	/* RTP and RTCP: even ports above 1024 if nothing else is known */
	{ U, 20002, 30000, "8000 0001 00000001 00000001 ff", NULL, PROTO_RTP, APP_GUESSED },
	{ U, 20003, 30000, "8000 0001 00000001 00000001 ff", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 1024, 30000, "8000 0001 00000001 00000001 ff", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 20002, 30000, "8048 0001 00000001 00000001 ff", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 20002, 30000, "8000 0001 00000001 00000000 ff", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 20002, 30000, "8000 0001 00000001 00000001", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 20003, 30001, "80c8 0001 00000001", NULL, PROTO_RTCP, APP_GUESSED },
	{ U, 20003, 30001, "80c8 0002 00000001", NULL, PROTO_NONE, APP_UNKNOWN },
	/* the port, if the content is unknown; and content that contradicts the port */
	{ T, 50000, 443, "deadbeef deadbeef", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 443, "16030100", NULL, PROTO_TLS, APP_BY_PORT },
	{ T, 50000, 443, "1605010004 010000", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 443, "160301ffff 010000", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 443, "1603034800 010000", NULL, PROTO_TLS, APP_BY_CONTENT }, /* the longest */
	{ T, 50000, 443, "1603034801 010000", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 80, NULL, "PRO", PROTO_HTTP, APP_BY_PORT },
	{ T, 50000, 80, NULL, "PRX", PROTO_HTTP, APP_DOUBTED },
	{ T, 50000, 80, NULL, "G", PROTO_HTTP, APP_BY_PORT },
	{ T, 50000, 9999, NULL, "SSH-", PROTO_SSH, APP_BY_CONTENT },
	{ T, 50000, 443, "00", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 443, "00000000 000000", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 443, "00000000 00000000", NULL, PROTO_TLS, APP_DOUBTED },
	{ T, 50000, 5432, "000000", NULL, PROTO_PGSQL, APP_BY_PORT },
	{ U, 50000, 443, "000000", NULL, PROTO_NONE, APP_UNKNOWN },
	{ T, 50000, 80, NULL, "hello world", PROTO_HTTP, APP_DOUBTED },
	{ T, 50000, 23, NULL, "hello world", PROTO_TELNET, APP_BY_PORT },
	{ T, 50000, 9999, NULL, "hello world", PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 443, "40deadbeef deadbeef", NULL, PROTO_QUIC, APP_BY_PORT },
	{ U, 50000, 443, "20deadbeef deadbeef", NULL, PROTO_NONE, APP_UNKNOWN },
	{ U, 50000, 3478, "40000004 deadbeef", NULL, PROTO_STUN, APP_BY_CONTENT },
	{ U, 50000, 3478, "00010000" ZEROS_16, NULL, PROTO_STUN, APP_BY_PORT },
	{ U, 50000, 3478, "00010004" ZEROS_16, NULL, PROTO_NONE, APP_UNKNOWN },
};
/* clang-format on */

static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < NITEMS(table); i++) {
		payload(table[i].over, table[i].sport, table[i].dport);
		if (table[i].hex != NULL)
			packet_hex(&k, table[i].hex);
		else
			packet_bytes(&k, table[i].text, strlen(table[i].text));
		run_said(0);
		if (p.app != table[i].proto || p.app_confidence != table[i].by)
			print_error("row %zu: %s by %u\n", i, proto_name(p.app), p.app_confidence);
		assert_app(table[i].proto, table[i].by);
		assert_int_equal(p.flags & (PKT_MALFORMED | PKT_TRUNCATED), 0);
	}
}

static void
test_dhcp(void **state)
{
	(void)state;
	payload(U, 50000, 9999);
	packet_hex(&k, "010106");
	packet_zeros(&k, 233);
	packet_hex(&k, COOKIE);
	run_said(0);
	assert_app(PROTO_DHCP, APP_BY_CONTENT);
	run_said(1);
	assert_app(PROTO_NONE, APP_UNKNOWN);
	assert_int_equal(p.flags & (PKT_MALFORMED | PKT_TRUNCATED), 0);
}

/* A payload that was not captured does not contradict its port. */
static void
test_cut(void **state)
{
	(void)state;
	payload(T, 50000, 443);
	packet_hex(&k, "1603010004 01000000");
	for (size_t cut = 0; cut <= 9; cut++) {
		run_said(cut);
		assert_app(PROTO_TLS, cut < 5 ? APP_BY_CONTENT : APP_BY_PORT);
		assert_int_equal(p.flags & PKT_MALFORMED, 0);
	}
}

static void
client_hello(void)
{
	/* record, handshake, version, random, session, ciphers, compressions */
	packet_hex(&k, "16 0301 0050 01 00004c 0303" ZEROS_16 ZEROS_16 "00 0002 1301 01 00");
	/* extensions: an unknown one, and server_name */
	packet_hex(&k, "0018 ffff 0001 00 0000 000f 000d 00 000a");
	packet_bytes(&k, "a.example\x1b", 10);
}

static void
test_server_name(void **state)
{
	(void)state;
	payload(T, 50000, 9999);
	client_hello();
	run_said(0);
	assert_app(PROTO_TLS, APP_BY_CONTENT);
	assert_ptr_equal(p.meta, &said);
	assert_int_equal(said.type, META_SNI);
	assert_string_equal(said.name, "a.example\\x1b");
	for (size_t cut = 1; cut <= 90; cut++) {
		run_said(cut);
		assert_null(p.meta);
	}
}

static void
test_datagram_server_name(void **state)
{
	(void)state;
	payload(U, 50000, 9999);
	packet_hex(&k, "16 feff 0000 000000000000 0044 01 000038 0000 000000 000038 feff");
	packet_hex(
	    &k, ZEROS_16 ZEROS_16 "00 00 0002 1301 01 00 000c 0000 0008 0006 00 0003 616263");
	run_said(0);
	assert_app(PROTO_DTLS, APP_BY_CONTENT);
	assert_ptr_equal(p.meta, &said);
	assert_string_equal(said.name, "abc");
}

static void
test_host(void **state)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nAccept: */*\r\nhOsT: \t a.example:80 \r\n\r\n",
		    "a.example:80" },
		{ "GET / HTTP/1.1\nHost:b\n\n", "b" },
		{ "GET / HTTP/1.1\r\nHost: a\x1b[2Jb\r\n\r\n", "a\\x1b[2Jb" },
		{ "GET / HTTP/1.1\r\nHost:  \r\n\r\n", NULL },
		{ "GET / HTTP/1.1\r\nHost: cut", NULL },
		{ "GET / HTTP/1.1\r\n\r\nHost: body\r\n", NULL },
		{ "HEAD / HTTP/1.1\r\nHost: b\r\n\r\n", "b" },
		{ "HTTP/1.1 200 OK\r\nHost: answer\r\n\r\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		payload(T, 50000, 9999);
		packet_bytes(&k, rows[i].text, strlen(rows[i].text));
		run_said(0);
		if (rows[i].name == NULL) {
			assert_null(p.meta);
			continue;
		}
		assert_ptr_equal(p.meta, &said);
		assert_int_equal(said.type, META_SNI);
		assert_string_equal(said.name, rows[i].name);
	}
}

static void
assert_address(unsigned i, const char *text)
{
	enum addr_kind kind;
	struct addr a;

	assert_true(addr_parse(text, &kind, &a));
	assert_int_equal(said.kind[i], kind);
	assert_memory_equal(&said.addr[i], &a, sizeof(a));
}

#define HEAD_1_3 "1234 8180 0001 0003 0000 0000"
#define ASKED    "01610765 78616d706c65 00 0001 0001"

static void
test_answer(void **state)
{
	(void)state;
	payload(U, 53, 50000);
	packet_hex(&k, HEAD_1_3 ASKED);
	packet_hex(&k, "c00c 0005 0001 00000001 0004 0162 c00e"); /* CNAME b.example */
	packet_hex(&k, "c027 0001 0001 00000001 0004 c0000207");
	packet_hex(&k, "c027 001c 0001 00000001 0010 20010db8 00000000 00000000 00000007");
	run_said(0);
	assert_app(PROTO_DNS, APP_BY_CONTENT);
	assert_ptr_equal(p.meta, &said);
	assert_int_equal(said.type, META_DNS_ANSWER);
	assert_string_equal(said.name, "a.example");
	assert_int_equal(said.n_addrs, 2);
	assert_address(0, "192.0.2.7");
	assert_address(1, "2001:db8::7");
	run_said(1);
	assert_int_equal(said.n_addrs, 1);
}

static void
assert_host_name(const char *name, const char *address, enum name_origin origin)
{
	assert_ptr_equal(p.meta, &said);
	assert_int_equal(said.type, META_HOST_NAME);
	assert_int_equal(said.origin, origin);
	assert_string_equal(said.name, name);
	assert_int_equal(said.n_addrs, 1);
	assert_address(0, address);
}

/* A client that asks for an address, or that has one, says its name. */
static void
dhcp_request(const char *ciaddr, const char *options)
{
	payload(U, 68, 67);
	packet_hex(&k, "01010600 00000000 00000000");
	packet_hex(&k, ciaddr);
	packet_zeros(&k, 220);
	packet_hex(&k, COOKIE "350103");
	packet_hex(&k, options);
	packet_hex(&k, "ff");
	run_said(0);
}

static void
test_dhcp_name(void **state)
{
	(void)state;
	dhcp_request("00000000", "3204c0000207 0c06 6c6170746f70");
	assert_host_name("laptop", "192.0.2.7", NAME_DHCP);
	dhcp_request("c0000208", "0c03 1b5b41");
	assert_host_name("\\x1b[A", "192.0.2.8", NAME_DHCP);
	dhcp_request("00000000", "0c06 6c6170746f70");
	assert_null(p.meta);
	dhcp_request("c0000208", "0c00");
	assert_null(p.meta);
}

/* "FILES", padded with blanks, and the kind of service. */
#define NB_NAME(service)                                                                           \
	"20 4547 454a 454d 4546 4644 4341 4341 4341 4341 4341 4341 4341 4341 4341 4341 " service   \
	" 00"
#define NB_HOST "4341" /* 0x20 */

static void
test_netbios_name(void **state)
{
	(void)state;
	payload(U, 137, 137);
	packet_hex(&k, "0001 2910 0001 0000 0000 0001" NB_NAME(NB_HOST) "0020 0001");
	packet_hex(&k, "c00c 0020 0001 000493e0 0006 0000 c0000209");
	run_said(0);
	assert_host_name("FILES", "192.0.2.9", NAME_NETBIOS);
	run_said(1);
	assert_null(p.meta);
	payload(U, 137, 137);
	packet_hex(&k, "0001 8500 0000 0001 0000 0000" NB_NAME("4141") "0020 0001 000493e0");
	packet_hex(&k, "000c e000 c0000208 6000 c0000209"); /* a group's address, and a host's */
	run_said(0);
	assert_host_name("FILES", "192.0.2.9", NAME_NETBIOS);
	payload(U, 137, 137);
	packet_hex(&k, "0001 8500 0000 0001 0000 0000" NB_NAME("424d") "0020 0001 000493e0");
	packet_hex(&k, "0006 6000 c0000209"); /* of a master browser */
	run_said(0);
	assert_null(p.meta);
}

/* In a stream the message follows its length. */
static void
test_answer_in_stream(void **state)
{
	(void)state;
	payload(T, 53, 50000);
	packet_hex(&k, "0029 1234 8180 0001 0001 0000 0000" ASKED);
	packet_hex(&k, "c00c 0001 0001 00000001 0004 c0000207");
	run_said(0);
	assert_app(PROTO_DNS, APP_BY_CONTENT);
	assert_ptr_equal(p.meta, &said);
	assert_string_equal(said.name, "a.example");
	assert_address(0, "192.0.2.7");
}

static void
test_multicast_answer(void **state)
{
	(void)state;
	payload(U, 5353, 5353);
	packet_hex(&k, "0000 8400 0000 0001 0000 0002");
	packet_hex(&k, "0161 056c6f63616c 00 0001 8001 00000001 0004 c0000207");
	packet_hex(&k, "c00c 001c 8001 00000001 0010 20010db8 00000000 00000000 00000007");
	packet_hex(&k, "0162 c00e 0001 0001 00000001 0004 c0000209"); /* of another owner */
	run_said(0);
	assert_app(PROTO_MDNS, APP_BY_CONTENT);
	assert_ptr_equal(p.meta, &said);
	assert_string_equal(said.name, "a.local");
	assert_int_equal(said.n_addrs, 2);
	assert_address(1, "2001:db8::7");
}

/* Names with pointers to themselves, forward, or out of the message, and names that are too
 * long. */
static void
test_bad_names(void **state)
{
	static const char *const names[] = {
		"c00c",                    /* itself */
		"0161 c00c",               /* to its own start */
		"c0ff",                    /* out of the message */
		"c00e 0161 00", "4061 00", /* labels of more than 63 bytes have another meaning */
		"00",                      /* the root */
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(names); i++) {
		payload(U, 53, 50000);
		packet_hex(&k, "1234 8180 0001 0001 0000 0000");
		packet_hex(&k, names[i]);
		packet_hex(&k, "0001 0001");
		packet_hex(&k, "00 0001 0001 00000001 0004 c0000207");
		run_said(0);
		assert_null(p.meta);
	}
	payload(U, 53, 50000);
	packet_hex(&k, "1234 8180 0001 0001 0000 0000");
	for (int i = 0; i < 130; i++)
		packet_hex(&k, "0161");
	packet_hex(&k, "00 0001 0001 00 0001 0001 00000001 0004 c0000207");
	run_said(0);
	assert_null(p.meta);
}

static void
label(unsigned n)
{
	const uint8_t length = (uint8_t)n;

	packet_bytes(&k, &length, 1);
	for (; n > 0; n--)
		packet_bytes(&k, "x", 1);
}

/* An address whose name has three labels of 63 bytes and one more, to which a pointer leads. */
static void
pointed_name(unsigned last)
{
	payload(U, 5353, 5353);
	packet_hex(&k, "0000 8400 0000 0001 0000 0001");
	packet_hex(&k, "00 0010 0001 00000001"); /* a text, at 12 */
	packet_be16(&k, 2 * 64 + last + 2);
	label(63);
	label(63);
	label(last);
	packet_hex(&k, "00");
	label(63);
	packet_hex(&k, "c017 0001 0001 00000001 0004 c0000207");
	run_said(0);
}

/* A label of 64 bytes is invalid, also after a pointer. */
static void
test_long_label(void **state)
{
	(void)state;
	for (unsigned n = 63; n <= 64; n++) {
		payload(U, 5353, 5353);
		packet_hex(&k, "0000 8400 0000 0001 0000 0001");
		packet_hex(&k, "00 0010 0001 00000001");
		packet_be16(&k, n + 2);
		label(n);
		packet_hex(&k, "00 0161 c017 0001 0001 00000001 0004 c0000207");
		run_said(0);
		assert_int_equal(p.meta != NULL, n == 63);
	}
}

/* RFC 1035, 2.3.4: 255 bytes, and so 253 characters. */
static void
test_long_name(void **state)
{
	(void)state;
	pointed_name(61);
	assert_ptr_equal(p.meta, &said);
	assert_int_equal(strlen(said.name), 253);
	for (unsigned last = 62; last <= 63; last++) {
		pointed_name(last);
		assert_null(p.meta);
	}
}

/* No more addresses than there is room for. */
static void
test_many_answers(void **state)
{
	(void)state;
	payload(U, 53, 50000);
	packet_hex(&k, "1234 8180 0001 0064 0000 0000" ASKED);
	for (unsigned i = 0; i < 100; i++)
		packet_hex(&k, "c00c 0001 0001 00000001 0004 c0000207");
	run_said(0);
	assert_ptr_equal(p.meta, &said);
	assert_int_equal(said.n_addrs, META_ADDRS_MAX);
}

/* The content of a tunnel between other ends does not name the outer flow. */
static void
test_tunnel(void **state)
{
	(void)state;
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 4, A4, B4);
	packet_ip4(&k, 6, C4, D4);
	packet_tcp(&k, 50000, 9999, TCP_PSH | TCP_ACK, 1, 1);
	client_hello();
	run_said(0);
	ASSERT_STACK(PROTO_ETH, PROTO_IP, PROTO_IP, PROTO_TCP, PROTO_TLS);
	assert_int_equal(p.app, PROTO_NONE);
	assert_int_equal(p.app_confidence, APP_UNKNOWN);
	assert_null(p.meta);
	dissector_set_decap(d, true);
	run_said(0);
	assert_int_equal(p.app, PROTO_TLS);
	assert_ptr_equal(p.meta, &said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(table),
		TEST(dhcp),
		TEST(cut),
		TEST(server_name),
		TEST(datagram_server_name),
		TEST(host),
		TEST(answer),
		TEST(dhcp_name),
		TEST(netbios_name),
		TEST(answer_in_stream),
		TEST(multicast_answer),
		TEST(bad_names),
		TEST(long_label),
		TEST(long_name),
		TEST(many_answers),
		TEST(tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
