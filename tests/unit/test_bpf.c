#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include <cmocka.h>

#include "capture/demo/demo.h"
#include "core/ledger.h"
#include "dissect/dissect.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"
#include "view/row_list.h"

#define packet made_packet /* core/packet.h has a struct with that name */
#include "packets.h"

#define FRAMES       12000
#define DLT          1 /* Ethernet */
#define IP_PROTO_TCP 6

/* Frames, their packets, and the ledger that counted them. */
struct traffic {
	struct ledger *l;
	struct dissector *d;
	pcap_t *pcap;
	struct frame frame[FRAMES];
	struct pkt pkt[FRAMES];
	unsigned n;
};

static int
set_up(void **state)
{
	static const struct hashkey key = { 1, 2 };
	struct traffic *t = xcalloc(1, sizeof(*t));

	t->l = ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN, .key = &key });
	ledger_add_source(t->l, "eth0", DLT, 0);
	ledger_enable(t->l, LEDGER_PACKETS | LEDGER_NETWORKS, 24, 64);
	t->d = dissector_new();
	t->pcap = pcap_open_dead(DLT, 65535);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct traffic *t = *state;

	for (unsigned i = 0; i < t->n; i++)
		free((void *)(uintptr_t)t->frame[i].data);
	ledger_del(t->l);
	dissector_del(t->d);
	pcap_close(t->pcap);
	free(t);
	return 0;
}

static void
add(struct traffic *t, const struct frame *f)
{
	uint8_t *data = xcalloc(f->caplen + 1, 1);

	assert_in_range(t->n, 0, FRAMES - 1);
	memcpy(data, f->data, f->caplen);
	t->frame[t->n] = *f;
	t->frame[t->n].data = data;
	t->frame[t->n].source = 0;
	dissect(t->d, &t->frame[t->n], &t->pkt[t->n]);
	if (t->pkt[t->n].bpf_gaps & BPF_WRONG_ADDRS)
		mistaken_add(&t->l->mistaken, &t->frame[t->n]);
	ledger_count(t->l, &t->pkt[t->n], 1);
	t->n++;
}

static void
finish(struct traffic *t)
{
	ledger_tick(t->l, t->pkt[t->n - 1].ts + 1);
	while (ledger_fold(t->l, 1000))
		;
}

/* The frames that match an expression, which libpcap must compile. */
static unsigned
taken(const struct traffic *t, const char *text, bool takes[FRAMES])
{
	struct bpf_program program;
	unsigned n = 0;

	if (pcap_compile(t->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		fail_msg("%s: %s", text, pcap_geterr(t->pcap));
	for (unsigned i = 0; i < t->n; i++) {
		struct pcap_pkthdr h = { .caplen = t->frame[i].caplen, .len = t->frame[i].len };

		takes[i] = pcap_offline_filter(&program, &h, t->frame[i].data) != 0;
		n += takes[i];
	}
	pcap_freecode(&program);
	return n;
}

static bool
has_end(const struct pkt *p, const struct value *end)
{
	struct net net = { .addr = end->addr, .kind = end->kind, .bits = end->bits };

	if (end->bits != 0)
		return net_contains(&net, p->kind, &p->src) || net_contains(&net, p->kind, &p->dst);
	if (end->kind == ADDR_NONE) /* of the networks: all non-IP traffic */
		return p->kind != ADDR_IP4 && p->kind != ADDR_IP6;
	return p->kind == end->kind &&
	    (addr_equal(&p->src, &end->addr) || addr_equal(&p->dst, &end->addr));
}

/* True if all flows have the same ends and ports. */
static bool
is_of_flow(const struct pkt *p, const struct view *v, const struct table_row *row)
{
	const struct value *a = row_find_cell(v, row, "a"), *b = row_find_cell(v, row, "b");
	const struct value *a_port = row_find_cell(v, row, "a_port");
	const struct value *b_port = row_find_cell(v, row, "b_port");
	const struct value *vlan = row_find_cell(v, row, "vlan");
	uint16_t sport = a_port->type == V_PORT ? (uint16_t)a_port->n : 0;
	uint16_t dport = b_port->type == V_PORT ? (uint16_t)b_port->n : 0;

	if (p->kind != a->kind ||
	    p->proto != (row->key.b[FLOW_KEY_PROTO] << 8 | row->key.b[FLOW_KEY_PROTO + 1]) ||
	    p->context.vlan[0] != (vlan->type == V_ID ? vlan->n : 0))
		return false;
	return (addr_equal(&p->src, &a->addr) && addr_equal(&p->dst, &b->addr) &&
		   p->sport == sport && p->dport == dport) ||
	    (addr_equal(&p->src, &b->addr) && addr_equal(&p->dst, &a->addr) && p->sport == dport &&
		p->dport == sport);
}

/* True for a view that distinguishes hosts by their contexts. */
static bool
is_in_context(const struct pkt *p, const struct value *context)
{
	char text[CONTEXT_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	context_text(&b, &p->context);
	return context == NULL || p->kind == ADDR_MAC ||
	    strcmp(text, context->type == V_TEXT ? context->text : "") == 0;
}

/* The number of packets of a row; of a host or network, all packets are checked. */
static unsigned
expected(const struct traffic *t, const struct view *v, const struct table_row *row)
{
	const struct value *end = row_find_cell(v, row, "address");
	const struct value *context = row_find_cell(v, row, "context");
	unsigned n = 0;

	if (end == NULL)
		end = row_find_cell(v, row, "network");
	if (strcmp(v->name, "flows") == 0) {
		for (unsigned i = 0; i < t->n; i++)
			n += is_of_flow(&t->pkt[i], v, row);
		return n;
	}
	if (end == NULL)
		return (unsigned)row_find_cell(v, row, "packets")->n;
	for (unsigned i = 0; i < t->n; i++)
		n += has_end(&t->pkt[i], end) && is_in_context(&t->pkt[i], context) &&
		    (strcmp(v->name, "health") != 0 || t->pkt[i].proto == IP_PROTO_TCP);
	return n;
}

/* Compares all rows of a view; returns how many have no filter expression. */
static unsigned
check_view(const struct traffic *t, const char *name)
{
	struct scope s = { .ledger = t->l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	const struct view *v = view_by_name(name);
	struct row_list *list = row_list_new();
	bool takes[FRAMES];
	unsigned refused = 0;

	row_list_begin(list, v, 0, false, NULL, &s, 0);
	while (row_list_step(list, 1000))
		;
	assert_in_range(row_list_count(list), 1, UINT32_MAX);
	for (uint32_t i = 0; i < row_list_count(list); i++) {
		char text[BPF_MAX], why_text[128];
		struct buf b, why;

		buf_init(&b, text, sizeof(text));
		buf_init(&why, why_text, sizeof(why_text));
		if (!bpf_text(&b, t->l, v, row_list_get(list, i), &why)) {
			assert_in_range(why.len, 10, sizeof(why_text));
			refused++;
			continue;
		}
		if (taken(t, text, takes) != expected(t, v, row_list_get(list, i)))
			fail_msg("%s row %u: \"%s\" takes %u packets, not %u", name, i, text,
			    taken(t, text, takes), expected(t, v, row_list_get(list, i)));
	}
	row_list_del(list);
	return refused;
}

/* Each packet matches its own expression. */
static void
check_packets(const struct traffic *t)
{
	struct scope s = { .ledger = t->l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	const struct view *v = view_by_name("packets");
	struct row_list *list = row_list_new();
	bool takes[FRAMES];

	row_list_begin(list, v, 0, true, NULL, &s, 100);
	while (row_list_step(list, 1000))
		;
	for (uint32_t i = 0; i < row_list_count(list); i++) {
		char text[BPF_MAX];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		assert_true(bpf_text(&b, t->l, v, row_list_get(list, i), NULL));
		taken(t, text, takes);
		for (unsigned k = 0; k < t->n; k++)
			if (t->pkt[k].ts == row_list_get(list, i)->cell[0].n && !takes[k])
				fail_msg("\"%s\" does not take its own packet", text);
	}
	row_list_del(list);
}

/* All views; again: flows with the same ends and ports, which no filter distinguishes. */
static void
check_all(const struct traffic *t, unsigned again)
{
	static const char *const names[] = { "talkers", "ports", "sizes", "sources", "networks" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(check_view(t, names[i]), 0);
	assert_int_equal(check_view(t, "flows"), again);
	check_packets(t);
}

static void
made_up_traffic_is_taken(void **state)
{
	struct traffic *t = *state;
	struct demo *demo = demo_new();
	struct frame f;

	while (t->n < FRAMES) {
		demo_next(demo, &f);
		add(t, &f);
	}
	finish(t);
	check_all(t, 4);
	assert_int_equal(check_view(t, "health"), 0);
	/* A capture filter cannot detect TLS or DNS. */
	assert_in_range(check_view(t, "protocols"), 3, 60);
	demo_del(demo);
}

static void
add_packet(struct traffic *t, struct packet *k)
{
	struct frame f = packet_frame(k, DLT);

	f.ts = (t->n + 1) * UINT64_C(1000000);
	add(t, &f);
	packet_new(k);
}

/* A TCP packet from a host, with so many tags. */
static void
add_tagged(struct traffic *t, unsigned vlan, unsigned inner)
{
	struct packet k;

	packet_new(&k);
	packet_eth(&k, vlan != 0 ? 0x8100 : 0x0800);
	if (vlan != 0)
		packet_vlan(&k, vlan, inner != 0 ? 0x8100 : 0x0800);
	if (inner != 0)
		packet_vlan(&k, inner, 0x0800);
	packet_ip4(&k, IP_PROTO_TCP, "192.0.2.1", "198.51.100.1");
	packet_tcp(&k, 62000 + vlan, 61000, TCP_ACK, 1, 1);
	packet_zeros(&k, 20);
	add_packet(t, &k);
}

/* The same hosts with a tag and without, and non-IP packets. */
static void
tags_are_told(void **state)
{
	struct traffic *t = *state;
	struct packet k;

	add_tagged(t, 0, 0);
	add_tagged(t, 12, 0);
	add_tagged(t, 12, 0);
	add_tagged(t, 13, 0);
	packet_new(&k);
	packet_eth(&k, 0x0806);
	packet_zeros(&k, 46);
	add_packet(t, &k);
	packet_eth(&k, 0x8100);
	packet_vlan(&k, 12, 0x88cc);
	packet_zeros(&k, 46);
	add_packet(t, &k);
	finish(t);
	check_all(t, 0);
	assert_int_equal(check_view(t, "protocols"), 0);
}

/* IPv4 with a header of 16 bytes, and one that is truncated in the header: a filter sees
 * addresses in the first and none in the second. */
static void
add_broken(struct traffic *t, bool cut)
{
	struct packet k;

	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, IP_PROTO_TCP, "192.0.2.7", "198.51.100.1");
	packet_tcp(&k, 1234, 80, TCP_ACK, 1, 1);
	k.b[14] = 0x44;
	if (cut)
		k.n = 14 + 10;
	add_packet(t, &k);
}

/* Only rows whose filter would match the broken packets have none. */
static void
broken_headers_silence_their_own_rows(void **state)
{
	struct traffic *t = *state;

	add_tagged(t, 0, 0);
	add_tagged(t, 12, 0);
	add_broken(t, false);
	add_broken(t, true);
	finish(t);
	assert_int_equal(check_view(t, "flows"), 1); /* the broken one */
	/* Its ends, and the host that sent it, with a tag and without. */
	assert_int_equal(check_view(t, "talkers"), 4);
}

/* A filter for a host reads the source alone, if that matches. */
static void
cut_header_silences_its_source(void **state)
{
	struct traffic *t = *state;
	struct packet k;

	add_tagged(t, 0, 0);
	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, IP_PROTO_TCP, "192.0.2.1", "203.0.113.1");
	k.n = 14 + 16;
	add_packet(t, &k);
	finish(t);
	assert_int_equal(check_view(t, "flows"), 1); /* the cut one */
	/* The source, and the link-level ends of the cut packet. */
	assert_int_equal(check_view(t, "talkers"), 3);
}

/* GRE with a key; the frame may end before the inner packet, which has the same ends. */
static void
add_tunnel(struct traffic *t, bool cut)
{
	struct packet k;

	packet_new(&k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 47, "192.0.2.1", "198.51.100.1");
	packet_hex(&k, "2000 0800 00000007");
	if (!cut) {
		packet_ip4(&k, IP_PROTO_TCP, "192.0.2.1", "198.51.100.1");
		packet_tcp(&k, 1234, 80, TCP_ACK, 1, 1);
	}
	add_packet(t, &k);
}

/* For a filter both packets are GRE between the outer ends. */
static void
inner_packets_silence_the_outer_rows(void **state)
{
	struct traffic *t = *state;

	dissector_set_decap(t->d, true);
	add_tunnel(t, true);
	add_tunnel(t, false);
	finish(t);
	assert_int_equal(check_view(t, "flows"), 2);
	assert_int_equal(check_view(t, "talkers"), 4); /* each end in the tunnel and outside */
}

static void
two_tags_are_told(void **state)
{
	struct traffic *t = *state;

	add_tagged(t, 0, 0);
	add_tagged(t, 12, 0);
	add_tagged(t, 14, 15);
	add_tagged(t, 14, 15);
	finish(t);
	check_all(t, 0);
	assert_int_equal(check_view(t, "protocols"), 0);
}

static void
three_tags_are_told(void **state)
{
	struct traffic *t = *state;
	struct packet k;

	packet_new(&k);
	packet_eth(&k, 0x8100);
	packet_vlan(&k, 3, 0x8100);
	packet_vlan(&k, 4, 0x8100);
	packet_vlan(&k, 5, 0x0800);
	packet_ip4(&k, 17, "192.0.2.1", "192.0.2.2");
	packet_udp(&k, 61000, 62000);
	add_packet(t, &k);
	add_tagged(t, 0, 0);
	finish(t);
	check_all(t, 0);
}

/* Protocols by number, several between the same hosts, and flows of a host with itself. */
static void
protocols_are_told_by_number(void **state)
{
	struct traffic *t = *state;
	static const unsigned protos[] = { 6, 47, 50, 88, 89, 103, 200 };
	struct packet k;

	packet_new(&k);
	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		packet_eth(&k, 0x0800);
		packet_ip4(&k, protos[i], "192.0.2.1", "198.51.100.1");
		packet_zeros(&k, 40);
		add_packet(t, &k);
		packet_eth(&k, 0x86dd);
		packet_ip6(&k, protos[i], "2001:db8::1", "2001:db8::2");
		packet_zeros(&k, 40);
		add_packet(t, &k);
	}
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 58, "2001:db8::1", "2001:db8::2");
	packet_icmp(&k, 128, 0);
	add_packet(t, &k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 1, "192.0.2.1", "198.51.100.1");
	packet_icmp(&k, 8, 0);
	add_packet(t, &k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, "192.0.2.1", "192.0.2.1");
	packet_udp(&k, 53, 53);
	add_packet(t, &k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, "192.0.2.1", "198.51.100.1");
	packet_udp(&k, 53, 53);
	add_packet(t, &k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, "192.0.2.1", "198.51.100.1");
	packet_udp(&k, 53, 54);
	add_packet(t, &k);
	packet_eth(&k, 0x4242);
	packet_zeros(&k, 46);
	add_packet(t, &k);
	/* CDP in SNAP, and NetBIOS with two kinds of SSAP */
	packet_eth(&k, 46);
	packet_hex(&k, "aaaa 03 00000c 2000");
	packet_zeros(&k, 38);
	add_packet(t, &k);
	packet_eth(&k, 46);
	packet_hex(&k, "f0f0 03");
	packet_zeros(&k, 43);
	add_packet(t, &k);
	packet_eth(&k, 46);
	packet_hex(&k, "f0f1 03");
	packet_zeros(&k, 43);
	add_packet(t, &k);
	/* a host without an address, and another one with the same request */
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, "0.0.0.0", "255.255.255.255");
	packet_udp(&k, 68, 67);
	add_packet(t, &k);
	packet_eth(&k, 0x0800);
	packet_ip4(&k, 17, "192.0.2.77", "255.255.255.255");
	packet_udp(&k, 68, 67);
	add_packet(t, &k);
	/* a multicast listener report after a router alert, RFC 3810 */
	packet_eth(&k, 0x86dd);
	packet_ip6(&k, 0, "fe80::1", "ff02::16");
	packet_hex(&k, "3a00 0502 0000 0100 8f00 0000 0000 0000");
	add_packet(t, &k);
	finish(t);
	check_all(t, 0);
}

/* The form of the expressions. */
static void
expressions_are_short(void **state)
{
	static const struct {
		const char *view, *text;
	} cases[] = {
		{ "flows",
		    "host 192.0.2.1 and host 198.51.100.1 and tcp port 62000 and port 61000" },
		{ "talkers", "ip host 192.0.2.1" },
		{ "ports", "tcp port 61000" },
		{ "networks", "ip net 192.0.2.0/24" },
		{ "sources", "" },
	};
	struct traffic *t = *state;
	struct scope s = { .ledger = t->l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };

	add_tagged(t, 0, 0);
	finish(t);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct view *v = view_by_name(cases[i].view);
		struct row_list *list = row_list_new();
		char text[BPF_MAX];
		struct buf b;

		row_list_begin(list, v, 0, false, NULL, &s, 0);
		while (row_list_step(list, 1000))
			;
		buf_init(&b, text, sizeof(text));
		assert_true(bpf_text(&b, t->l, v, row_list_get(list, 0), NULL));
		assert_string_equal(text, cases[i].text);
		row_list_del(list);
	}
}

/* Both ends as long as possible, and all tags in one direction, which are tested at two depths. */
static void
too_long_ones_are_refused(void **state)
{
	static const char *const ends[] = { "2001:db8:1111:2222:3333:4444:5555:6666",
		"2001:db8:7777:8888:9999:aaaa:bbbb:cccc" };
	struct traffic *t = *state;
	struct scope s = { .ledger = t->l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	struct row_list *list = row_list_new();
	char text[BPF_MAX], why_text[128];
	struct buf b, why;
	struct packet k;

	for (int back = 0; back < 2; back++) {
		packet_new(&k);
		packet_eth(&k, back ? 0x8100 : 0x86dd);
		if (back) {
			packet_vlan(&k, 3001, 0x8100);
			packet_vlan(&k, 3002, 0x8100);
			packet_vlan(&k, 3003, 0x8847);
			packet_be32(&k, UINT32_C(100000) << 12 | 1 << 8 | 64);
		}
		packet_ip6(&k, IP_PROTO_TCP, ends[back], ends[!back]);
		packet_tcp(&k, back ? 61000 : 62001, back ? 62001 : 61000, TCP_ACK, 1, 1);
		packet_zeros(&k, 20);
		add_packet(t, &k);
	}
	finish(t);
	row_list_begin(list, view_by_name("flows"), 0, false, NULL, &s, 0);
	while (row_list_step(list, 1000))
		;
	assert_int_equal(row_list_count(list), 1);
	buf_init(&b, text, sizeof(text));
	buf_init(&why, why_text, sizeof(why_text));
	assert_false(bpf_text(&b, t->l, view_by_name("flows"), row_list_get(list, 0), &why));
	assert_non_null(strstr(why_text, "too long"));
	assert_string_equal(text, "");
	row_list_del(list);
}

/* As written by a person. */
static void
lines_are_whole(void **state)
{
	struct traffic *t = *state;
	struct scope s = { .ledger = t->l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	const struct view *v = view_by_name("talkers");
	struct row_list *list = row_list_new();
	char text[BPF_MAX];
	struct buf b;

	add_tagged(t, 0, 0);
	finish(t);
	row_list_begin(list, v, 0, false, NULL, &s, 0);
	while (row_list_step(list, 1000))
		;
	buf_init(&b, text, sizeof(text));
	assert_true(tcpdump_command(&b, t->l, v, row_list_get(list, 0), NULL, NULL));
	assert_string_equal(text, "tcpdump -ni eth0 'ip host 192.0.2.1'");
	buf_clear(&b);
	assert_true(tcpdump_command(&b, t->l, v, row_list_get(list, 0), "my trace.pcap", NULL));
	assert_string_equal(text, "tcpdump -nr 'my trace.pcap' 'ip host 192.0.2.1'");
	row_list_del(list);
}

static void
words_are_safe_in_a_shell(void **state)
{
	static const struct {
		const char *word, *shell;
	} cases[] = {
		{ "eth0.12", "eth0.12" },
		{ "", "''" },
		{ "a b", "'a b'" },
		{ "x;reboot", "'x;reboot'" },
		{ "it's", "'it'\\''s'" },
		{ "-rf", "'-rf'" },
		{ "$(id)", "'$(id)'" },
		{ "a\xe2\x80\xae"
		  "'\\\033\n",
		    "$'a\\342\\200\\256\\047\\134\\033\\012'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		shell_quote_word(&b, cases[i].word);
		assert_string_equal(text, cases[i].shell);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(made_up_traffic_is_taken),
		TEST(tags_are_told),
		TEST(broken_headers_silence_their_own_rows),
		TEST(cut_header_silences_its_source),
		TEST(inner_packets_silence_the_outer_rows),
		TEST(two_tags_are_told),
		TEST(three_tags_are_told),
		TEST(protocols_are_told_by_number),
		TEST(expressions_are_short),
		TEST(too_long_ones_are_refused),
		TEST(lines_are_whole),
		cmocka_unit_test(words_are_safe_in_a_shell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
