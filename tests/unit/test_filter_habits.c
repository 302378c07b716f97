/* Filters as people type them who know tcpdump, Wireshark, iftop or SQL. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "traffic.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/filter.h"

/* The rows of a view that a filter matches, by one column; or its error, after "! ". */
struct habit {
	const char *text, *rows;
};

/* Rows of the view of flows, by their bytes. */
static const struct habit habits[] = {
	/* tcpdump */
	{ "src 10.0.0.1", "9.00k 84" },
	{ "dst 192.0.2.53", "400" },
	{ "src host 10.0.0.2", "400" },
	{ "dst host 10.0.0.2", "84" },
	{ "src net 10.0.0.0/8", "9.00k 400 84" },
	{ "dst net 10.0.0.0/8", "84" },
	{ "src or dst host 10.0.0.2", "400 84" },
	{ "dst port 443", "9.00k" },
	{ "src port 443", "" },
	{ "src port 50000", "9.00k" },
	{ "tcp dst port 22", "516" },
	{ "tcp and (dst port 22 or dst port 443)", "9.00k 516" },
	{ "portrange 1-100", "400 516" },
	{ "dst portrange 400-500", "9.00k" },
	{ "port 53 or 22", "400 516" },
	{ "port 53 or port 22", "400 516" },
	{ "not port 53 and not port 22", "9.00k 84 100" },
	{ "host 10.0.0.1 or 10.0.0.2", "9.00k 400 84" },
	{ "src 10.0.0.2 or 2001:db8::1", "400 516" },
	{ "host 10.0.0.1 and not icmp", "9.00k" },
	{ "net 10", "9.00k 400 84" },
	{ "net 192.0.2", "9.00k 400" },
	{ "192.0.2.0/24", "9.00k 400" },
	{ "10/8", "9.00k 400 84" },
	{ "net 10.0.0.0 mask 255.0.0.0", "! write the network with its length, as 10.0.0.0/8" },
	{ "192.0.2.1:443", "9.00k" },
	{ "192.0.2.1:22", "" },
	{ "[2001:db8::2]:22", "516" },
	{ "2001:db8::2", "516" },
	{ "2001:db8::", "516" },
	{ "10.0.0.1", "9.00k 84" },
	{ "icmp6", "" },
	{ "ipv6", "516" },
	{ "ip6 and tcp", "516" },
	{ "ip proto \\tcp", "9.00k" },
	{ "ip proto 17", "400" },
	{ "proto UDP", "400" },
	{ "vlan", "" },
	{ "mpls or pppoes", "" },
	{ "broadcast", "100" },
	{ "multicast", "100" },
	{ "greater 100", "! view flows has no column \"length\": see packets" },
	{ "ether host 02:00:00:00:00:01",
	    "! ether: link addresses of IP packets are not kept: use the capture filter (key f)" },
	{ "protocol tcp", "9.00k 516" },
	{ "src host 10.0.0.1 and tcp", "9.00k" },
	{ "tcp port 443 or udp port 53", "9.00k 400" },
	{ "ip host 10.0.0.2", "400 84" },
	{ "ip6 host 2001:db8::1", "516" },
	{ "ip src 10.0.0.2", "400" },
	{ "host 10.0.0.1 and host 192.0.2.1", "9.00k" },
	{ "port domain", "400" },
	{ "src port 50000 or 40000", "9.00k 400" },
	{ "tcp portrange 1-1024", "9.00k 516" },
	{ "not (tcp or udp)", "84 100" },
	{ "not arp", "9.00k 400 84 516" },
	{ "icmp or arp", "84 100" },
	{ "gateway 10.0.0.1",
	    "! gateway: link addresses of IP packets are not kept: use the capture filter (key "
	    "f)" },
	{ "-n port 443", "! options are not part of a filter: quote the text to search for it" },
	{ "port 443 -n", "! options are not part of a filter: quote the text to search for it" },
	{ "tcp[13] = 2", "! bytes of packets are not kept: use the capture filter (key f)" },
	{ "ip[8] < 5", "! bytes of packets are not kept: use the capture filter (key f)" },
	/* iftop */
	{ "10.0.0.1 192.0.2.1", "9.00k" },
	{ "10.0.0.1 => 192.0.2.1", "! write src 10.0.0.1 and dst with the other address" },
	/* Wireshark */
	{ "frame contains abc",
	    "! frame: packets are not searched: quote the word to search the rows" },
	{ "ip.addr in {10.0.0.1 192.0.2.53}", "9.00k 400 84" },
	{ "udp.dstport==53", "400" },
	{ "ip.addr == 10.0.0.1", "9.00k 84" },
	{ "ip.addr==10.0.0.0/8 && tcp", "9.00k" },
	{ "ip.src == 10.0.0.2 or ip.dst == 192.0.2.1", "9.00k 400" },
	{ "!(ip.addr == 10.0.0.1)", "400 516 100" },
	{ "ipv6.addr eq 2001:db8::1", "516" },
	{ "tcp.port == 443", "9.00k" },
	{ "tcp.port eq 53", "" },
	{ "udp.dstport == 53", "400" },
	{ "tcp.port in {22, 443}", "9.00k 516" },
	{ "tcp.port in {400..500}", "9.00k" },
	{ "tcp.dstport >= 100 and tcp.dstport le 500", "9.00k" },
	{ "tcp.analysis.retransmission", "" },
	{ "tcp.flags.syn == 1", "! tcp.flags.syn: the flags are one column: write flags ~ S" },
	{ "tcp.stream eq 5",
	    "! tcp.stream: not a field here; the columns (key c) and \"port\" can be compared" },
	{ "frame.len > 100", "! view flows has no column \"length\": see packets" },
	{ "app matches ^t", "9.00k" },
	{ "app contains ls", "9.00k" },
	/* with colons */
	{ "port:443", "9.00k" },
	{ "state:established", "9.00k 516" },
	{ "host:10.0.0.2 proto:udp", "400" },
	{ "bytes:>1k", "9.00k" },
	{ "tcp:443", "9.00k" },
	{ "tcp/22", "516" },
	{ "53/udp", "400" },
	{ ":443", "9.00k" },
	{ "sport:50000", "9.00k" },
	{ "http://example.org/", "! no column \"http\": quote the text to search for it" },
	/* SQL, and languages of programs */
	{ "port = 443", "9.00k" },
	{ "port != 53 and port <> 22", "9.00k 84 100" },
	{ "port > 1024 and not port in (50000)", "400 516" },
	{ "port in (53, 22)", "400 516" },
	{ "port in ('53','22')", "400 516" },
	{ "port not in (53, 22)", "9.00k 84 100" },
	{ "port between 1 and 100", "400 516" },
	{ "port 53,22", "400 516" },
	{ "bytes between 0.1k and 1k", "400 516 100" },
	{ "app like 't%'", "9.00k" },
	{ "app not like '%s'", "84 516 100" },
	{ "state is established", "9.00k 516" },
	{ "state is not established", "400 84 100" },
	{ "app = tls or dns", "9.00k 400" },
	{ "app =~ ^t", "9.00k" },
	{ "app !~ s", "84 100" },
	{ "host = 10.0.0.2", "400 84" },
	{ "ip != 10.0.0.1", "400 516 100" },
	{ "where port = 443", "! where: leave out \"where\": write the condition alone" },
	{ "app is null", "84 100" },
	{ "app is not null", "9.00k 400 516" },
	{ "app = NULL", "84 100" },
	{ "bytes > 200 order by bytes",
	    "! order: S selects the column that rows are sorted by; quote the word to search for "
	    "it" },
	{ "proto='tcp' limit 5",
	    "! limit: all rows can be scrolled to; quote the word to search for it" },
	{ "tcp + udp", "! +: write and" },
	{ "tcp,udp", "! write \"or\" between the words, or proto tcp,udp" },
	{ "proto tcp,udp", "9.00k 400 516" },
	{ "state established", "! state is a column: write state = established" },
	{ "pid 123", "! view flows has no column \"pid\": see processes" },
	{ "app = tls and bytes > 1k", "9.00k" },
	/* numbers with units, and titles */
	{ "bps > 35 k", "9.00k" },
	{ "bps > 35.9 kbit/s", "9.00k" },
	{ "bps > 4.4 kB/s", "9.00k" },
	{ "bps > 35kbps udp", "" },
	{ "bytes > 1 KB", "9.00k" },
	{ "share > 50 %", "9.00k" },
	{ "age > 200 ms", "9.00k 400" },
	{ "rate > 35k", "9.00k" },
	{ "FROM = 10.0.0.2", "400" },
	{ "to = 192.0.2.1", "9.00k" },
	{ "bytes sent > 1k", "9.00k" },
	{ "\"BYTES RECV\" > 1k", "9.00k" },
	{ "PROTO = tcp", "9.00k 516" },
	{ "RETX > 0", "" },
	/* texts stay texts */
	{ "tls", "9.00k" },
	{ "192.0", "9.00k 400" },
	{ "\"port:443\"", "" },
	{ "^192", "! words are searched as they are: write COLUMN ~ REGEX, or quote the word" },
	{ "10.0.0.300", "! \"10.0.0.300\" is not an address or network" },
};

static void
rows_text(const struct ledger *l, const struct filter *f, struct buf *b)
{
	const struct view *v = view_by_name("flows");
	const struct column *col = view_find_column(v, "bytes");
	struct scope s = traffic_scope(l);
	uint32_t weighed = 0;

	while (scope_total_step(&s, &weighed, 1))
		;
	for (uint32_t i = 0; i < v->slots(l); i++) {
		const void *row = v->row(&s, i);
		struct value cell = column_value(col, &s, row);

		if (!filter_matches(f, &s, row))
			continue;
		buf_adds(b, b->len > 0 ? " " : "");
		value_text(b, &cell, &(struct units){ .numeric = true });
	}
}

static void
habits_are_understood(void **state)
{
	struct ledger *l = traffic_new();
	char array[256], error[256];
	unsigned wrong = 0;
	struct buf b, err;

	(void)state;
	buf_init(&b, array, sizeof(array));
	buf_init(&err, error, sizeof(error));
	for (size_t i = 0; i < NITEMS(habits); i++) {
		struct filter *f =
		    filter_new(view_by_name("flows"), habits[i].text, &err, &(size_t){ 0 });

		buf_clear(&b);
		if (f == NULL)
			buf_addf(&b, "! %s", error);
		else
			rows_text(l, f, &b);
		if (strcmp(array, habits[i].rows) != 0) {
			print_error(
			    "%s: \"%s\", not \"%s\"\n", habits[i].text, array, habits[i].rows);
			wrong++;
		}
		filter_del(f);
	}
	assert_int_equal(wrong, 0);
	ledger_del(l);
}

/* Where the last term of such filters starts. */
static void
last_terms_of_habits(void **state)
{
	static const struct {
		const char *text, *before;
	} cases[] = {
		{ "port 80 or 443", "port 80" },
		{ "tcp port in (80, 443)", "tcp" },
		{ "tcp bps > 1 M", "tcp" },
		{ "tcp bytes in > 1 M", "tcp" },
		{ "udp src or dst host 10.0.0.1", "udp" },
		{ "udp port between 1 and 5", "udp" },
		{ "udp ip.addr eq 10.0.0.1", "udp" },
		{ "udp state:established", "udp" },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		bool either;
		size_t n = filter_last_term_start(NULL, cases[i].text, &either);

		if (n != strlen(cases[i].before))
			fail_msg("%s: cut at %zu", cases[i].text, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(habits_are_understood),
		cmocka_unit_test(last_terms_of_habits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
