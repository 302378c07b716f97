/* Reports: JSON is compared completely, text and CSV in what their readers depend on. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "export/report.h"
#include "util/text.h"
#include "view/view.h"

#define S  UINT64_C(1000000000)
#define T0 (UINT64_C(1700000000) * S) /* 2023-11-14T22:13:20Z */

static const struct hashkey fixed_key = { 1, 2 };

struct fixture {
	struct ledger *ledger;
	struct buf out, err;
	char err_text[256];
	struct report report;
	struct scope scope;
};

static const char *
link_name(uint16_t linktype)
{
	return linktype == 1 ? "EN10MB" : NULL;
}

static int
setup(void **state)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN, .key = &fixed_key };
	struct fixture *f = calloc(1, sizeof(*f));

	f->ledger = ledger_new(&c);
	ledger_add_source(f->ledger, "eth0", 1, 0);
	buf_new(&f->out);
	buf_init(&f->err, f->err_text, sizeof(f->err_text));
	f->report = (struct report){ .now = T0 + 3 * S,
		.elapsed = 2500000000,
		.interval = S,
		.linktype_name = link_name,
		.show = "",
		.width = 80 };
	f->scope =
	    (struct scope){ .ledger = f->ledger, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	ledger_del(f->ledger);
	buf_del(&f->out);
	free(f);
	return 0;
}

static void
count(struct fixture *f, struct pkt p)
{
	ledger_count(f->ledger, &p, 1);
}

static struct pkt
tcp(uint8_t src, uint16_t sport, uint8_t dst, uint16_t dport, uint32_t len, uint64_t ts)
{
	return (struct pkt){
		.src = { .b = { 192, 0, 2, src } },
		.dst = { .b = { 192, 0, 2, dst } },
		.ts = ts,
		.len = len,
		.sport = sport,
		.dport = dport,
		.proto = 6,
		.kind = ADDR_IP4,
		.tcp_flags = TCP_SYN,
		.flags = PKT_PORTS,
		.depth = 3,
		.stack = { PROTO_ETH, PROTO_IP, PROTO_TCP },
	};
}

static struct pkt
arp(uint32_t len, uint64_t ts)
{
	return (struct pkt){
		.src = { .b = { 2, 0, 0, 0, 0, 1 } },
		.dst = { .b = { 255, 255, 255, 255, 255, 255 } },
		.ts = ts,
		.len = len,
		.proto = 0x0806,
		.kind = ADDR_MAC,
		.depth = 2,
		.stack = { PROTO_ETH, PROTO_ARP },
	};
}

/* A connection, answered, and a frame that is not IP. */
static void
count_some(struct fixture *f)
{
	struct pkt answer = tcp(7, 443, 1, 40000, 66, T0 + S);

	answer.tcp_flags = TCP_SYN | TCP_ACK;
	count(f, tcp(1, 40000, 7, 443, 74, T0 + 1));
	count(f, answer);
	count(f, arp(60, T0 + 2 * S));
	ledger_flush(f->ledger);
}

static const char *
write_report(struct fixture *f)
{
	buf_clear(&f->out);
	assert_true(report_write(&f->out, &f->report, &f->scope, &f->err));
	return f->out.s;
}

static void
test_json_whole(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_JSON;
	f->ledger->source[0].drops_known = true;
	f->ledger->source[0].kernel_dropped = 5;
	count_some(f);
	assert_string_equal(write_report(f),
	    "{\"schema\":\"pkttop.report/1\",\"time\":\"2023-11-14T22:13:23.000000000Z\","
	    "\"elapsed\":2.500000000,\"interval\":1.000000000,\"sources\":[{\"name\":\"eth0\","
	    "\"linktype\":\"EN10MB\",\"state\":\"running\",\"packets\":3,\"bytes\":200,"
	    "\"kernel_dropped\":5,\"interface_dropped\":0,\"duplicates\":0,\"smallest\":60,"
	    "\"largest\":74,\"average\":66.67,\"last\":60}],"
	    "\"total\":{\"packets\":3,\"bytes\":200,\"smallest\":60,\"largest\":74,"
	    "\"average\":66.67,\"malformed\":0,\"truncated\":0,\"duplicates\":0,"
	    "\"bursts\":[{\"ms\":1,\"bytes\":74},"
	    "{\"ms\":10,\"bytes\":74},"
	    "{\"ms\":100,\"bytes\":74}]},"
	    "\"protocols\":[{\"path\":\"eth\",\"name\":\"eth\",\"packets\":3,\"bytes\":200},"
	    "{\"path\":\"eth/ip\",\"name\":\"ip\",\"packets\":2,\"bytes\":140},"
	    "{\"path\":\"eth/ip/tcp\",\"name\":\"tcp\",\"packets\":2,\"bytes\":140},"
	    "{\"path\":\"eth/arp\",\"name\":\"arp\",\"packets\":1,\"bytes\":60}],"
	    "\"hosts\":[{\"address\":\"192.0.2.1\",\"packets_out\":1,\"bytes_out\":74,"
	    "\"packets_in\":1,\"bytes_in\":66,\"flows\":1,\"bytes\":140,\"packets\":2,"
	    "\"first\":\"2023-11-14T22:13:20.000000001Z\","
	    "\"last\":\"2023-11-14T22:13:21.000000000Z\",\"retransmissions\":0,\"resets\":0},"
	    "{\"address\":\"192.0.2.7\",\"packets_out\":1,\"bytes_out\":66,\"packets_in\":1,"
	    "\"bytes_in\":74,\"flows\":1,\"bytes\":140,\"packets\":2,"
	    "\"first\":\"2023-11-14T22:13:20.000000001Z\","
	    "\"last\":\"2023-11-14T22:13:21.000000000Z\",\"retransmissions\":0,\"resets\":0},"
	    "{\"address\":\"02:00:00:00:00:01\",\"packets_out\":1,\"bytes_out\":60,"
	    "\"packets_in\":0,\"bytes_in\":0,\"flows\":1,\"bytes\":60,\"packets\":1,"
	    "\"first\":\"2023-11-14T22:13:22.000000000Z\","
	    "\"last\":\"2023-11-14T22:13:22.000000000Z\",\"retransmissions\":0,\"resets\":0},"
	    "{\"address\":\"ff:ff:ff:ff:ff:ff\",\"packets_out\":0,\"bytes_out\":0,"
	    "\"packets_in\":1,\"bytes_in\":60,\"flows\":1,\"bytes\":60,\"packets\":1,"
	    "\"first\":\"2023-11-14T22:13:22.000000000Z\","
	    "\"last\":\"2023-11-14T22:13:22.000000000Z\",\"retransmissions\":0,\"resets\":0}],"
	    "\"flows\":[{\"source\":\"eth0\",\"protocol\":\"tcp\",\"a\":\"192.0.2.1\","
	    "\"a_port\":40000,\"b\":\"192.0.2.7\",\"b_port\":443,\"originator\":\"a\",\"packets_"
	    "ab\":1,"
	    "\"bytes_ab\":74,\"packets_ba\":1,\"bytes_ba\":66,"
	    "\"first\":\"2023-11-14T22:13:20.000000001Z\","
	    "\"last\":\"2023-11-14T22:13:21.000000000Z\",\"state\":\"syn_received\","
	    "\"duplicates\":0,\"retransmissions\":0,\"out_of_order\":0,\"duplicate_acks\":0,"
	    "\"zero_windows\":0,\"resets\":0,\"bytes\":140,\"packets\":2,\"age\":0.999999999,"
	    "\"flags\":\"S/SA\",\"ttl\":0,\"use\":\"other\"},"
	    "{\"source\":\"eth0\",\"protocol\":\"arp\",\"a\":\"02:00:00:00:00:01\","
	    "\"b\":\"ff:ff:ff:ff:ff:ff\",\"originator\":\"a\",\"packets_ab\":1,\"bytes_ab\":60,"
	    "\"packets_ba\":0,"
	    "\"bytes_ba\":0,\"first\":\"2023-11-14T22:13:22.000000000Z\","
	    "\"last\":\"2023-11-14T22:13:22.000000000Z\",\"duplicates\":0,\"bytes\":60,"
	    "\"packets\":1,\"age\":0,\"use\":\"network\",\"service\":\"link\"}],"
	    "\"ports\":[{\"protocol\":\"tcp\",\"port\":443,\"service\":\"https\",\"packets\":2,"
	    "\"bytes\":140,\"flows\":1},"
	    "{\"protocol\":\"arp\",\"packets\":1,\"bytes\":60,\"flows\":1}],"
	    "\"sizes\":[{\"from\":0,\"to\":63,\"packets\":1,\"range\":\"0-63\","
	    "\"cumulative\":0.333333,\"share\":0.333333},"
	    "{\"from\":64,\"to\":127,\"packets\":2,\"range\":\"64-127\",\"cumulative\":1,"
	    "\"share\":0.666667},"
	    "{\"from\":128,\"to\":255,\"packets\":0,\"range\":\"128-255\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":256,\"to\":511,\"packets\":0,\"range\":\"256-511\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":512,\"to\":1023,\"packets\":0,\"range\":\"512-1023\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":1024,\"to\":1518,\"packets\":0,\"range\":\"1024-1518\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":1519,\"to\":2047,\"packets\":0,\"range\":\"1519-2047\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":2048,\"to\":4095,\"packets\":0,\"range\":\"2048-4095\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":4096,\"to\":9215,\"packets\":0,\"range\":\"4096-9215\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":9216,\"to\":65535,\"packets\":0,\"range\":\"9216-65535\",\"cumulative\":1,"
	    "\"share\":0},"
	    "{\"from\":65536,\"packets\":0,\"range\":\"65536+\",\"cumulative\":1,\"share\":0}],"
	    "\"events\":[],"
	    "\"other\":{\"flows\":{\"packets\":0,\"bytes\":0,\"flows\":0},"
	    "\"hosts\":{\"packets_out\":0,\"bytes_out\":0,\"packets_in\":0,\"bytes_in\":0},"
	    "\"ports\":{\"packets\":0,\"bytes\":0,\"flows\":0}},"
	    "\"networks\":[],"
	    "\"health\":[{\"address\":\"192.0.2.1\",\"pain\":0,\"retransmissions\":0,"
	    "\"retx_share\":0,\"out_of_order\":0,\"duplicate_acks\":0,\"zero_windows\":0,"
	    "\"resets\":0,\"duplicates\":0,\"unanswered\":0,\"refused\":0,\"unreachable\":0,"
	    "\"dns_failures\":0,\"no_such_name\":0,\"packets\":2,\"bytes\":140,\"flows\":1,"
	    "\"not_answering\":0,\"refusing\":0},"
	    "{\"address\":\"192.0.2.7\",\"pain\":0,\"retransmissions\":0,\"retx_share\":0,"
	    "\"out_of_order\":0,\"duplicate_acks\":0,\"zero_windows\":0,\"resets\":0,"
	    "\"duplicates\":0,\"unanswered\":0,\"refused\":0,\"unreachable\":0,"
	    "\"dns_failures\":0,\"no_such_name\":0,\"packets\":2,\"bytes\":140,\"flows\":1,"
	    "\"not_answering\":0,\"refusing\":0}],"
	    "\"traffic\":[{\"time\":\"2023-11-14T22:13:21.000000000Z\",\"bps_in\":0,"
	    "\"bps_out\":0,\"bps\":528,\"pps_in\":0,\"pps_out\":0,\"pps\":1}],"
	    "\"use\":["
	    "{\"use\":\"other\",\"bytes\":140,\"packets\":2,"
	    "\"clients\":1,\"flows\":1,\"last\":\"2023-11-14T22:13:21.000000000Z\"},"
	    "{\"use\":\"network\",\"service\":\"link\",\"bytes\":60,\"packets\":1,"
	    "\"clients\":1,\"flows\":1,\"last\":\"2023-11-14T22:13:22.000000000Z\"}],"
	    "\"services\":["
	    "{\"use\":\"other\",\"bytes\":140,\"packets\":2,"
	    "\"clients\":1,\"flows\":1,\"last\":\"2023-11-14T22:13:21.000000000Z\"},"
	    "{\"use\":\"network\",\"service\":\"link\",\"bytes\":60,\"packets\":1,"
	    "\"clients\":1,\"flows\":1,\"last\":\"2023-11-14T22:13:22.000000000Z\"}],"
	    "\"dns\":[],\"resolvers\":[]}\n");
}

/* The text between "key":[ and its ], which no row holds. */
static char *
section_text(const char *json, const char *key)
{
	char opening[40];
	const char *at;

	snprintf(opening, sizeof(opening), "\"%s\":[", key);
	at = strstr(json, opening);
	assert_non_null(at);
	at += strlen(opening);
	return strndup(at, (size_t)(strchr(at, ']') - at));
}

/* Zeros may be left out: no packet of a file was stamped wrong. */
static bool
has_value(const struct view *v, const struct column *col, const struct scope *s)
{
	for (uint32_t i = 0; i < v->slots(s->ledger); i++) {
		const void *row = v->row(s, i);

		struct value value = row != NULL ? column_value(col, s, row) : value_none();

		if (value.type != V_NONE && value.n != 0)
			return true;
	}
	return false;
}

static void
check_columns(struct fixture *f, const char *section, const struct view *v)
{
	char *text = section_text(f->out.s, section), key[40];

	for (unsigned i = 0; i < v->n_cols; i++) {
		snprintf(key, sizeof(key), "\"%s\":", v->cols[i].name);
		if (has_value(v, &v->cols[i], &f->scope) && strstr(text, key) == NULL)
			fail_msg("%s has no key %s of the view %s", section, key, v->name);
	}
	free(text);
}

/* No text in these rows has a quote or a brace. */
static void
check_keys(char *rows)
{
	for (char *row; (row = strsep(&rows, "{}")) != NULL;) {
		for (char *key = row; (key = strchr(key, '"')) != NULL; key++) {
			size_t len = strcspn(key + 1, "\"") + 3;
			char name[80];

			strlcpy(name, key, len + 1 < sizeof(name) ? len + 1 : sizeof(name));
			if (key[len - 1] == ':' && strstr(key + len, name) != NULL)
				fail_msg("the key %s comes twice", name);
		}
	}
}

static const struct {
	const char *section, *view;
} sections[] = {
	{ "sources", "sources" },
	{ "protocols", "protocols" },
	{ "hosts", "talkers" },
	{ "flows", "flows" },
	{ "ports", "ports" },
	{ "sizes", "sizes" },
	{ "networks", "networks" },
	{ "health", "health" },
	{ "traffic", "traffic" },
};

static void
test_json_has_every_column_once(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_JSON;
	f->report.rates = true;
	ledger_enable(f->ledger, LEDGER_NETWORKS, 24, 64);
	ledger_tick(f->ledger, T0);
	count_some(f);
	ledger_tick(f->ledger, T0 + 2 * S);
	ledger_flush(f->ledger);
	write_report(f);
	for (size_t i = 0; i < NITEMS(sections); i++) {
		const struct view *v = view_by_name(sections[i].view);
		char *text;

		check_columns(f, sections[i].section, v);
		text = section_text(f->out.s, sections[i].section);
		check_keys(text);
		free(text);
	}
}

static void
test_json_of_nothing_makes_up_no_zeros(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_JSON;
	f->report.linktype_name = NULL;
	write_report(f);
	assert_non_null(strstr(f->out.s,
	    "\"sources\":[{\"name\":\"eth0\",\"state\":\"running\",\"packets\":0,\"bytes\":0,"
	    "\"duplicates\":0}],"
	    "\"total\":{\"packets\":0,\"bytes\":0,\"malformed\":0,\"truncated\":0,\"duplicates\":0}"
	    ","
	    "\"protocols\":[],\"hosts\":[],\"flows\":[],\"ports\":[],\"sizes\":["));
	assert_null(strstr(f->out.s, "_rate"));
}

static void
test_json_rates_are_over_the_interval(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_JSON;
	f->report.rates = true;
	ledger_tick(f->ledger, T0);
	count_some(f);
	ledger_tick(f->ledger, T0 + 2 * S);
	ledger_flush(f->ledger);
	write_report(f);
	assert_non_null(strstr(f->out.s,
	    "\"total\":{\"packets\":3,\"bytes\":200,\"packets_rate\":1.5,\"bytes_rate\":100,"));
	assert_non_null(strstr(f->out.s,
	    "\"address\":\"192.0.2.7\",\"packets_out\":1,\"bytes_out\":66,"
	    "\"packets_out_rate\":0.5,\"bytes_out_rate\":33,\"packets_in\":1,\"bytes_in\":74,"
	    "\"packets_in_rate\":0.5,\"bytes_in_rate\":37,"));
	assert_non_null(strstr(f->out.s,
	    "\"bytes_ab\":74,\"packets_ab_rate\":0.5,\"bytes_ab_rate\":37,\"packets_ba\":1,"
	    "\"bytes_ba\":66,\"packets_ba_rate\":0.5,\"bytes_ba_rate\":33,"));
	ledger_tick(f->ledger, T0 + 3 * S);
	ledger_flush(f->ledger);
	write_report(f);
	assert_non_null(strstr(f->out.s,
	    "\"total\":{\"packets\":3,\"bytes\":200,\"packets_rate\":0,\"bytes_rate\":0,"));
}

static unsigned
occurrences(const char *s, const char *of)
{
	unsigned n = 0;

	while ((s = strstr(s, of)) != NULL) {
		s += strlen(of);
		n++;
	}
	return n;
}

static void
test_json_order_and_top(void **state)
{
	struct fixture *f = *state;
	const char *first, *second, *third;

	f->report.format = REPORT_JSON;
	count(f, tcp(3, 1003, 9, 80, 100, T0 + 2));
	count(f, tcp(2, 1002, 9, 80, 100, T0 + 1));
	count(f, tcp(4, 1004, 9, 80, 200, T0 + 3));
	ledger_flush(f->ledger);
	write_report(f);
	first = strstr(f->out.s, "\"a\":\"192.0.2.4\"");
	second = strstr(f->out.s, "\"a\":\"192.0.2.2\""); /* as many bytes, but older */
	third = strstr(f->out.s, "\"a\":\"192.0.2.3\"");
	assert_true(first != NULL && first < second && second < third);
	first = strstr(f->out.s, "\"address\":\"192.0.2.9\"");
	second = strstr(f->out.s, "\"address\":\"192.0.2.4\"");
	third = strstr(f->out.s, "\"address\":\"192.0.2.2\"");
	assert_true(first != NULL && first < second && second < third);
	assert_true(third < strstr(f->out.s, "\"address\":\"192.0.2.3\""));
	f->report.top = 1;
	write_report(f);
	assert_int_equal(occurrences(f->out.s, "\"address\":"), 2); /* of hosts and health */
	assert_int_equal(occurrences(f->out.s, "\"a\":"), 1);
	assert_int_equal(occurrences(f->out.s, "\"path\":"), 3);
}

static uint64_t
number_after(const char *s, const char *key)
{
	const char *at = strstr(s, key);

	assert_non_null(at);
	return strtoull(at + strlen(key), NULL, 10);
}

/* The sum of the numbers after every `key` from s on. */
static uint64_t
sum_after(const char *s, const char *key)
{
	size_t n = strlen(key);
	uint64_t sum = 0;

	for (; *s != '\0'; s++)
		if (*s == key[0] && strncmp(s, key, n) == 0)
			sum += strtoull(s + n, NULL, 10);
	return sum;
}

static void
test_json_balances_with_what_left(void **state)
{
	struct fixture *f = *state;
	const char *other;
	uint64_t packets = 20000, flows;

	f->report.format = REPORT_JSON;
	for (uint32_t i = 0; i < packets; i++) {
		struct pkt p = tcp(1, 0, 7, 443, 60, T0 + i);

		p.src.b[1] = (uint8_t)(i >> 16);
		p.src.b[2] = (uint8_t)(i >> 8);
		p.src.b[3] = (uint8_t)i;
		p.sport = 1024;
		count(f, p);
	}
	ledger_flush(f->ledger);
	write_report(f);
	other = strstr(f->out.s, "\"other\":{\"flows\":{");
	assert_non_null(other);
	flows = number_after(other, "\"packets\":");
	assert_true(flows > 0);
	assert_int_equal(sum_after(f->out.s, "\"packets_ab\":") + flows, packets);
	assert_int_equal(sum_after(f->out.s, "\"packets_out\":"), packets);
	assert_int_equal(sum_after(f->out.s, "\"bytes_in\":"), packets * 60);
}

/* The line that begins with label, without its newline, in a static buffer. */
static const char *
line_of(const char *text, const char *label)
{
	static char line[1024];
	const char *at = text;
	size_t n = strlen(label);

	while (strncmp(at, label, n) != 0) {
		at = strchr(at, '\n');
		assert_non_null(at);
		at++;
	}
	strlcpy(line, at, sizeof(line));
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static void
test_text_head(void **state)
{
	struct fixture *f = *state;

	f->ledger->source[0].drops_known = true;
	f->ledger->source[0].kernel_dropped = 5;
	f->ledger->source[0].interface_dropped = 2;
	count_some(f);
	write_report(f);
	assert_string_equal(line_of(f->out.s, "pkttop"), "pkttop: report");
	assert_string_equal(
	    line_of(f->out.s, "time"), "time               2023-11-14T22:13:23.000Z");
	assert_string_equal(line_of(f->out.s, "elapsed"), "elapsed            00:00:02");
	assert_string_equal(line_of(f->out.s, "source"),
	    "source             3 packets  200 bytes  7 dropped  running  EN10MB  eth0");
	assert_string_equal(line_of(f->out.s, "packets"), "packets            3");
	assert_string_equal(line_of(f->out.s, "average"), "average            66.67");
	assert_string_equal(line_of(f->out.s, "kernel_dropped"), "kernel_dropped     5");
	assert_string_equal(line_of(f->out.s, "interface_dropped"), "interface_dropped  2");
	assert_null(strstr(f->out.s, "\nrate"));
	f->report.last = true;
	write_report(f);
	assert_string_equal(line_of(f->out.s, "pkttop"), "pkttop: last report");
}

static unsigned
words(const char *line)
{
	unsigned n = 0;

	for (line += strspn(line, " "); *line != '\n' && *line != '\0'; line += strspn(line, " ")) {
		line += strcspn(line, " \n");
		n++;
	}
	return n;
}

static void
test_text_tables_suit_paper_and_awk(void **state)
{
	struct fixture *f = *state;
	const char *line;
	unsigned n = 0, columns = 0;

	count_some(f);
	write_report(f);
	assert_non_null(strstr(f->out.s, "\nTalkers\n"));
	assert_non_null(strstr(f->out.s, "\nFlows\n"));
	assert_non_null(strstr(f->out.s, "\nProtocols\n"));
	assert_non_null(strstr(f->out.s, "\nPorts\n"));
	line = strchr(strstr(f->out.s, "\nTalkers\n") + 1, '\n') + 1;
	for (line = strchr(line, '\n') + 1; *line != '\n'; line = strchr(line, '\n') + 1, n++) {
		assert_true(strcspn(line, "\n") <= f->report.width);
		assert_true(n == 0 || words(line) == columns);
		columns = words(line);
	}
	assert_int_equal(n, 4);
	assert_true(columns >= 4);
}

static void
test_text_widths_drop_columns_but_never_cut(void **state)
{
	struct fixture *f = *state;
	size_t wide;

	f->report.view = "flows";
	count_some(f);
	f->report.width = 1000;
	write_report(f);
	wide = strlen(line_of(f->out.s, "PROTO"));
	assert_non_null(strstr(line_of(f->out.s, "PROTO"), "VLAN"));
	f->report.width = (unsigned)wide - 1;
	write_report(f);
	assert_true(strlen(line_of(f->out.s, "PROTO")) < wide);
	f->report.width = 1;
	write_report(f);
	assert_non_null(strstr(f->out.s, "02:00:00:00:00:01"));
	assert_non_null(strstr(f->out.s, "ff:ff:ff:ff:ff:ff"));
	assert_null(strstr(f->out.s, "\nTalkers\n"));
}

static void
test_text_top_says_how_many_more(void **state)
{
	struct fixture *f = *state;

	f->report.top = 1;
	count_some(f);
	write_report(f);
	assert_non_null(strstr(f->out.s, "\n… 3 more\n"));
	assert_int_equal(occurrences(f->out.s, " more\n"), 3); /* protocols are complete */
	f->report.top = 0;
	assert_null(strstr(write_report(f), " more\n"));
}

static void
test_text_leaves_out_what_the_filter_cannot_mean(void **state)
{
	struct fixture *f = *state;

	f->report.show = "a=192.0.2.1";
	count_some(f);
	write_report(f);
	assert_non_null(strstr(f->out.s, "\nTalkers\n(omitted: "));
	assert_null(strstr(f->out.s, "\nFlows\n(omitted: "));
	f->report.show = "nonsense=1";
	buf_clear(&f->out);
	buf_adds(&f->out, "before");
	assert_false(report_write(&f->out, &f->report, &f->scope, &f->err));
	assert_string_equal(f->out.s, "before");
	assert_true(f->err.len > 0);
}

static void
test_unknown_names_are_told(void **state)
{
	static const enum report_format formats[] = { REPORT_TEXT, REPORT_CSV };
	struct fixture *f = *state;

	for (unsigned i = 0; i < NITEMS(formats); i++) {
		f->report.format = formats[i];
		f->report.view = "nosuch";
		f->report.sort = NULL;
		assert_false(report_write(&f->out, &f->report, &f->scope, &f->err));
		assert_non_null(strstr(f->err.s, "nosuch"));
		f->report.view = NULL;
		f->report.sort = "-nocolumn";
		assert_false(report_write(&f->out, &f->report, &f->scope, &f->err));
		assert_non_null(strstr(f->err.s, "nocolumn"));
	}
	assert_int_equal(f->out.len, 0);
}

static unsigned
cells(const char *line)
{
	unsigned n = 1;

	for (; *line != '\r'; line++)
		n += *line == ',';
	return n;
}

static void
test_csv_has_every_column_and_one_header(void **state)
{
	struct fixture *f = *state;
	const struct view *v = view_by_name("talkers");
	const char *line;
	unsigned n = 0;

	f->report.format = REPORT_CSV;
	f->report.header = true;
	count_some(f);
	write_report(f);
	assert_int_equal(strncmp(f->out.s, "address,", 8), 0);
	for (line = f->out.s; *line != '\0'; line = strchr(line, '\n') + 1, n++)
		assert_int_equal(cells(line), v->n_cols);
	assert_int_equal(n, 5);
	assert_int_equal(occurrences(f->out.s, "\r\n"), n);
	f->report.header = false;
	write_report(f);
	assert_int_equal(occurrences(f->out.s, "\r\n"), n - 1);
	assert_null(strstr(f->out.s, "address,"));
}

/* If there are several reports, each line has its report's time. */
static void
test_csv_repeated_begins_with_the_time(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_CSV;
	f->report.header = f->report.repeating = true;
	count_some(f);
	assert_int_equal(strncmp(write_report(f), "time,address,", 13), 0);
	assert_int_equal(occurrences(f->out.s, "\r\n2023-11-14T22:13:23.000000000Z,"), 4);
	assert_int_equal(cells(f->out.s), cells(strchr(f->out.s, '\n') + 1));
}

/* The report's time has another name if rows have a time, too. */
static void
test_csv_names_no_column_twice(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_CSV;
	f->report.header = f->report.repeating = true;
	for (unsigned i = 0; i < n_views; i++) {
		f->report.view = views[i]->name;
		assert_int_not_equal(strncmp(write_report(f), "time,time,", 10), 0);
		for (unsigned k = 0; k < views[i]->n_cols; k++) {
			assert_string_not_equal(views[i]->cols[k].name, "report_time");
			assert_ptr_equal(
			    view_find_column(views[i], views[i]->cols[k].name), &views[i]->cols[k]);
		}
	}
}

static void
test_csv_sorts_and_turns_round(void **state)
{
	struct fixture *f = *state;

	f->report.format = REPORT_CSV;
	f->report.sort = "address";
	count_some(f);
	assert_int_equal(strncmp(write_report(f), "192.0.2.1,", 10), 0);
	f->report.sort = "-address";
	assert_int_equal(strncmp(write_report(f), "ff:ff:ff:ff:ff:ff,", 18), 0);
	f->report.top = 1;
	assert_int_equal(occurrences(write_report(f), "\r\n"), 1);
}

static void
test_names_cannot_break_a_line(void **state)
{
	static const enum report_format formats[] = { REPORT_TEXT, REPORT_JSON };
	struct fixture *f = *state;

	ledger_add_source(f->ledger, "a\"b\n\x1b[31m", 1, 1);
	for (unsigned i = 0; i < NITEMS(formats); i++) {
		f->report.format = formats[i];
		write_report(f);
		assert_null(strchr(f->out.s, '\x1b'));
		assert_null(strstr(f->out.s, "\n["));
	}
	assert_non_null(strstr(f->out.s, "\"name\":\"a\\\"b\\\\x0"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_json_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_has_every_column_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_json_of_nothing_makes_up_no_zeros, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_json_rates_are_over_the_interval, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_order_and_top, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_balances_with_what_left, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_head, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_text_tables_suit_paper_and_awk, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_text_widths_drop_columns_but_never_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_top_says_how_many_more, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_text_leaves_out_what_the_filter_cannot_mean, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_names_are_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_csv_has_every_column_and_one_header, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_csv_repeated_begins_with_the_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csv_names_no_column_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csv_sorts_and_turns_round, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names_cannot_break_a_line, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
