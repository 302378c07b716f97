/* Ranking, rows hidden by a scope, and the contracts of the views' tables. */
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
#include "view/column_layout.h"
#include "view/row_list.h"

#define MANY 1000

static unsigned
number_of(const struct view *v, const char *column)
{
	const struct column *c = view_find_column(v, column);

	assert_non_null(c);
	return (unsigned)(c - v->cols);
}

static void
rank(struct row_list *l, const char *view, const char *column, bool desc, const char *show,
    const struct scope *s, uint32_t keep, uint32_t slice)
{
	const struct view *v = view_by_name(view);
	struct filter *f = filter_new(v, show, NULL, NULL);

	assert_non_null(f);
	row_list_begin(l, v, number_of(v, column), desc, f, s, keep);
	while (row_list_step(l, slice))
		;
	filter_del(f);
}

/* One column of all rows of the list, in machine form. */
static void
assert_column(const struct row_list *l, const char *view, const char *column, const char *expected)
{
	unsigned c = number_of(view_by_name(view), column);
	char array[1024];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	for (uint32_t i = 0; i < row_list_count(l); i++) {
		buf_adds(&b, i > 0 ? " " : "");
		value_csv(&b, &row_list_get(l, i)->cell[c]);
	}
	assert_string_equal(array, expected);
}

/* MANY flows of few different sizes, so that there are many ties. */
static struct ledger *
many_flows(void)
{
	struct ledger *l = traffic_none();

	for (uint32_t i = 0; i < MANY; i++) {
		struct traffic t = traffic_rows[0];

		t.sport = (uint16_t)(1 + i * 7919 % MANY);
		t.len = 100 + i * 31 % 17;
		t.packets = 1;
		traffic_count(l, &t, TRAFFIC_START);
	}
	traffic_tick(l, TRAFFIC_NS);
	return l;
}

static void
assert_in_order(const struct row_list *l, unsigned column, bool desc)
{
	for (uint32_t i = 1; i < row_list_count(l); i++) {
		const struct table_row *x = row_list_get(l, i - 1), *y = row_list_get(l, i);
		int c = value_compare(&x->cell[column], &y->cell[column]);

		assert_true(desc ? c >= 0 : c <= 0);
		if (c == 0)
			assert_true(memcmp(&x->key, &y->key, sizeof(x->key)) < 0);
	}
}

static void
assert_beginning(const struct row_list *few, const struct row_list *all)
{
	for (uint32_t i = 0; i < row_list_count(few); i++)
		assert_memory_equal(
		    &row_list_get(few, i)->key, &row_list_get(all, i)->key, sizeof(struct row_key));
}

static void
test_best(void **state)
{
	static const uint32_t keeps[] = { 1, 2, 3, 64, 65, 999, 1000, 5000 };
	static const uint32_t slices[] = { 1, 7, 4096 };
	struct ledger *l = many_flows();
	struct scope s = traffic_scope(l);
	struct row_list *all = row_list_new(), *few = row_list_new();
	unsigned bytes = number_of(view_by_name("flows"), "bytes");

	(void)state;
	for (int desc = 0; desc < 2; desc++) {
		rank(all, "flows", "bytes", desc, "", &s, 0, 4096);
		assert_int_equal(row_list_count(all), MANY);
		assert_in_order(all, bytes, desc);
		for (unsigned i = 0; i < NITEMS(keeps) * NITEMS(slices); i++) {
			uint32_t keep = keeps[i / NITEMS(slices)];

			rank(few, "flows", "bytes", desc, "", &s, keep, slices[i % NITEMS(slices)]);
			assert_int_equal(row_list_count(few), keep < MANY ? keep : MANY);
			assert_int_equal(row_list_n_matched(few), MANY);
			assert_beginning(few, all);
		}
	}
	row_list_del(all);
	row_list_del(few);
	ledger_del(l);
}

static void
test_steps(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();
	unsigned bytes = number_of(view_by_name("talkers"), "bytes");

	(void)state;
	assert_false(row_list_step(list, 1));
	assert_int_equal(row_list_count(list), 0);
	rank(list, "flows", "bytes", true, "", &s, 3, 1);
	row_list_begin(list, view_by_name("talkers"), bytes, true, NULL, &s, 2);
	do {
		assert_column(list, "flows", "bytes", "9000 516 400");
		assert_int_equal(row_list_n_matched(list), 5);
	} while (row_list_step(list, 1));
	assert_column(list, "talkers", "bytes", "9084 9000");
	assert_int_equal(row_list_n_matched(list), 8);
	row_list_del(list);
	ledger_del(l);
}

/* The display is paused while the ledger counts. */
static void
test_still(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	rank(list, "flows", "bytes", true, "", &s, 0, 100);
	ledger_reset(l);
	assert_column(list, "flows", "bytes", "9000 516 400 100 84");
	assert_column(list, "flows", "app", "tls ssh dns  ");
	row_list_del(list);
	ledger_del(l);
}

/* Rows that were evicted between ranking and filling in are left out. */
static void
test_gone(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();
	const struct view *v = view_by_name("flows");

	(void)state;
	row_list_begin(list, v, number_of(v, "bytes"), true, NULL, &s, 0);
	for (unsigned i = 0; i < 3; i++) /* weighed, ranked, sorted */
		assert_true(row_list_step(list, 100));
	ledger_reset(l);
	traffic_count(l, &traffic_rows[2], TRAFFIC_START);
	while (row_list_step(list, 100))
		;
	assert_int_equal(row_list_count(list), 0);
	row_list_del(list);
	ledger_del(l);
}

static void
test_unknown_last(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	rank(list, "flows", "b_port", false, "", &s, 0, 100);
	assert_column(list, "flows", "b_port", "22 53 443  ");
	rank(list, "flows", "b_port", true, "", &s, 4, 100);
	assert_column(list, "flows", "b_port", "443 53 22 ");
	row_list_del(list);
	ledger_del(l);
}

static void
test_find(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();
	struct row_key k;

	(void)state;
	rank(list, "flows", "bytes", true, "", &s, 0, 100);
	for (uint32_t i = 0; i < row_list_count(list); i++) {
		k = row_list_get(list, i)->key;
		assert_int_equal(row_list_find(list, &k), i);
	}
	k.b[0] ^= 0xff;
	assert_int_equal(row_list_find(list, &k), -1);
	row_list_del(list);
	ledger_del(l);
}

static void
test_other(void **state)
{
	static const char *const names[] = { "talkers", "flows", "ports" };
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	tally_add(&l->flows.other.t[0], 5, 5000);
	tally_add(&l->ports.other.meter.t[0], 5, 5000);
	tally_add(&l->hosts.other.meter[CLASS_UDP].t[0], 5, 5000);
	for (unsigned i = 0; i < NITEMS(names); i++) {
		const struct table_row *row;

		rank(list, names[i], "bytes", true, "", &s, 1, 1);
		assert_int_equal(row_list_count(list), 2);
		row = row_list_get(list, 1);
		assert_true(row->other);
		assert_string_equal(row->cell[0].text, "(other)");
		assert_int_equal(row->cell[number_of(view_by_name(names[i]), "bytes")].n, 5000);
		assert_false(row_list_get(list, 0)->other);
		rank(list, names[i], "bytes", true, "bytes > 1", &s, 1, 1);
		assert_int_equal(row_list_count(list), 1);
	}
	/* Hosts have separate counters per class of traffic. */
	s.classes = 1u << CLASS_UDP;
	for (unsigned i = 0; i < NITEMS(names); i++) {
		rank(list, names[i], "bytes", true, "", &s, 1, 1);
		assert_int_equal(row_list_count(list), i == 0 ? 2 : 1);
	}
	s.ip6 = false;
	rank(list, "talkers", "bytes", true, "", &s, 1, 1);
	assert_int_equal(row_list_count(list), 1);
	row_list_del(list);
	ledger_del(l);
}

static void
test_rates(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	rank(list, "flows", "bps", true, "tcp", &s, 0, 100);
	assert_column(list, "flows", "bps", "36000 2064"); /* over 2 s */
	assert_column(list, "flows", "bps_ab", "12000 2064");
	assert_column(list, "flows", "bps_ba", "24000 0");
	assert_column(list, "flows", "pps", "2 0.5");
	rank(list, "talkers", "bps_in", true, "", &s, 2, 100);
	assert_column(list, "talkers", "bps_in", "24000 12000");
	assert_column(list, "talkers", "bps_out", "12336 24000");
	assert_column(list, "talkers", "bps", "36336 36000");
	s.whole_time = true; /* over 1.5 s, from the first packet to the last */
	rank(list, "flows", "bps", true, "tcp", &s, 0, 100);
	assert_column(list, "flows", "bps", "48000 2752");
	s.whole_time = false;
	traffic_tick(l, 3 * TRAFFIC_NS); /* no traffic */
	rank(list, "flows", "bytes", true, "tcp", &s, 0, 100);
	assert_column(list, "flows", "bps", "0 0");
	assert_column(list, "flows", "share", " ");
	assert_column(list, "flows", "bytes", "9000 516");
	row_list_del(list);
	ledger_del(l);
}

static void
test_no_interval_yet(void **state)
{
	struct ledger *l = traffic_none();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	rank(list, "flows", "bps", true, "", &s, 0, 100);
	assert_column(list, "flows", "bps", "");
	assert_column(list, "flows", "packets", "3");
	s.whole_time = true; /* all at one time */
	rank(list, "flows", "bps", true, "", &s, 0, 100);
	assert_column(list, "flows", "bps", "");
	row_list_del(list);
	ledger_del(l);
}

static double
sum_of_shares(const struct row_list *l, const char *view)
{
	unsigned c = number_of(view_by_name(view), "share");
	double sum = 0;

	for (uint32_t i = 0; i < row_list_count(l); i++)
		sum += row_list_get(l, i)->cell[c].x;
	return sum;
}

/* With any rows hidden, and any slices of work, the total is the same. */
static void
test_shares(void **state)
{
	struct ledger *l = traffic_new();
	struct row_list *list = row_list_new();

	(void)state;
	for (unsigned i = 0; i < 8 * SCOPE_ALL; i++) {
		struct scope s = traffic_scope(l);

		s.classes = i / 8 + 1;
		s.ip4 = i & 1;
		s.ip6 = i & 2;
		s.whole_time = i & 4;
		rank(list, "flows", "share", true, "", &s, 0, 1 + i % 3);
		if (row_list_count(list) > 0)
			assert_true(sum_of_shares(list, "flows") > 0.999999 &&
			    sum_of_shares(list, "flows") < 1.000001);
		rank(list, "ports", "share", true, "", &s, 0, 1 + i % 3);
		if (row_list_count(list) > 0 && s.ip4 && s.ip6)
			assert_true(sum_of_shares(list, "ports") > 0.999999 &&
			    sum_of_shares(list, "ports") < 1.000001);
	}
	row_list_del(list);
	ledger_del(l);
}

static void
test_hidden(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	s.classes &= ~(1u << CLASS_TCP);
	rank(list, "flows", "bytes", true, "", &s, 0, 100);
	assert_column(list, "flows", "protocol", "udp arp icmp");
	rank(list, "talkers", "address", false, "", &s, 0, 100);
	assert_column(list, "talkers", "address",
	    "10.0.0.1 10.0.0.2 192.0.2.53 02:00:00:00:00:01 ff:ff:ff:ff:ff:ff");
	assert_column(list, "talkers", "bytes", "84 484 400 100 100");
	rank(list, "ports", "bytes", true, "", &s, 0, 100);
	assert_column(list, "ports", "protocol", "udp arp icmp");
	rank(list, "protocols", "path", false, "", &s, 0, 100);
	assert_column(
	    list, "protocols", "path", "eth eth/arp eth/ip eth/ip/icmp eth/ip/udp eth/ip/udp/dns");
	assert_column(list, "protocols", "bytes", "584 100 484 84 400 400");
	assert_column(list, "protocols", "packets", "4 1 3 1 2 2");
	row_list_del(list);
	ledger_del(l);
}

static void
test_hidden_families(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	s.ip4 = false;
	rank(list, "flows", "bytes", true, "", &s, 0, 100);
	assert_column(list, "flows", "bytes", "516 100");
	rank(list, "protocols", "path", false, "", &s, 0, 100);
	assert_column(
	    list, "protocols", "path", "eth eth/arp eth/ipv6 eth/ipv6/tcp eth/ipv6/tcp/ssh");
	assert_column(list, "protocols", "bytes", "616 100 516 516 516");
	s.classes &= ~(1u << CLASS_OTHER);
	rank(list, "protocols", "path", false, "", &s, 0, 100);
	assert_column(list, "protocols", "path", "eth eth/ipv6 eth/ipv6/tcp eth/ipv6/tcp/ssh");
	assert_column(list, "protocols", "bytes", "516 516 516 516");
	assert_column(list, "protocols", "bps", "2064 2064 2064 2064");
	assert_column(list, "protocols", "share", "1 1 1 1");
	s.ip6 = false;
	rank(list, "ports", "bytes", true, "", &s, 0, 100);
	assert_int_equal(row_list_count(list), 0);
	row_list_del(list);
	ledger_del(l);
}

static void
test_tree(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();
	unsigned name = number_of(view_by_name("protocols"), "name");

	(void)state;
	rank(list, "protocols", "bytes", true, "", &s, 0, 100);
	assert_column(
	    list, "protocols", "bytes", "10100 9484 9000 9000 516 516 516 400 400 100 84");
	assert_string_equal(row_list_get(list, 0)->cell[name].text, "eth");
	assert_string_equal(row_list_get(list, 2)->cell[name].text, "    tcp");
	assert_string_equal(row_list_get(list, 3)->cell[name].text, "      tls");
	row_list_del(list);
	ledger_del(l);
}

/* A host that talks to itself has all traffic once, not twice. */
static void
test_loopback(void **state)
{
	struct ledger *l = traffic_none();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();
	struct traffic t = traffic_rows[0];

	(void)state;
	t.dst = t.src;
	traffic_count(l, &t, TRAFFIC_START);
	traffic_tick(l, TRAFFIC_NS);
	rank(list, "talkers", "bytes", true, "", &s, 0, 100);
	assert_column(list, "talkers", "bytes", "6000");
	assert_column(list, "talkers", "share", "1");
	row_list_del(list);
	ledger_del(l);
}

/* Names of columns are used in scripts: they may be added to, never changed. */
static void
test_names(void **state)
{
	static const char *const names[][2] = {
		{ "talkers",
		    "address name bps_in bps_out bps bps_10s bps_60s bps_peak pps bytes_in "
		    "bytes_out "
		    "bytes packets_in packets_out packets share flows first last retransmissions "
		    "resets context "
		    "country city asn as_name vendor" },
		{ "flows",
		    "protocol a a_port b b_port app server_name state bps_ab bps_ba bps bps_10s "
		    "bps_60s bps_peak pps bytes_ab bytes_ba bytes packets_ab packets_ba packets "
		    "share age first last "
		    "source vlan retransmissions rtt handshake net srv think out_of_order "
		    "duplicate_acks "
		    "zero_windows resets duplicates alpn flags ttl process "
		    "context inner_vlan label session vni gre_key teid "
		    "a_country b_country a_asn b_asn a_as_name b_as_name a_name b_name "
		    "user unit container use service kernel kernel_rtt cwnd ssthresh kernel_retx "
		    "delivery_rate recv_queue send_queue congestion limited problem dpi risks" },
		{ "protocols", "name path packets bytes bps bps_10s bps_60s bps_peak pps share" },
		{ "ports",
		    "service protocol port bytes packets bps bps_10s bps_60s bps_peak pps share "
		    "flows srv srv_p95" },
		{ "packets",
		    "time source protocol a a_port b b_port length flags ttl app info context "
		    "a_name b_name" },
		{ "sizes", "range packets cumulative share" },
		{ "sources",
		    "name state counted bps bps_10s bps_60s bps_peak pps bytes packets "
		    "kernel_dropped "
		    "interface_dropped saw missing duplicates smallest "
		    "average largest last share stamps_back stamps_wild" },
		{ "health",
		    "address problems severity retransmissions retx_share out_of_order "
		    "duplicate_acks "
		    "zero_windows resets duplicates unanswered refused unreachable dns_failures "
		    "no_such_name "
		    "rtt srv srv_p95 packets bytes flows context name not_answering refusing risks" },
		{ "networks",
		    "network hosts bps_in bps_out bps bps_10s bps_60s bps_peak pps bytes_in "
		    "bytes_out bytes packets_in "
		    "packets_out packets share flows first last name" },
		{ "traffic", "time bps_in bps_out bps pps_in pps_out pps" },
		{ "use",
		    "use service bytes packets bps bps_10s bps_60s bps_peak pps share clients "
		    "flows last" },
		{ "dns",
		    "name domain client resolver newest names clients resolvers queries qps "
		    "answers nxdomain "
		    "servfail errors unanswered answer answer_p95 last" },
		{ "events",
		    "last severity rule event attacker victim port count first next "
		    "attacker_name victim_name" },
		{ "processes",
		    "process user container unit command pid bps_in bps_out bps bps_10s bps_60s "
		    "bps_peak pps bytes_in bytes_out bytes packets_in packets_out packets share "
		    "flows processes last" },
		{ "places",
		    "place as_name hosts bps_in bps_out bps bps_10s bps_60s bps_peak pps bytes_in "
		    "bytes_out bytes packets_in packets_out packets share flows first last country "
		    "asn" },
		{ "pairs",
		    "address peer bps_in bps_out bps bps_10s bps_60s bps_peak pps bytes_in "
		    "bytes_out bytes packets_in packets_out packets share flows rtt "
		    "retransmissions first last name peer_name" },
	};

	(void)state;
	assert_int_equal(n_views, NITEMS(names));
	for (unsigned i = 0; i < n_views; i++) {
		char array[1024];
		struct buf b;

		buf_init(&b, array, sizeof(array));
		for (unsigned c = 0; c < views[i]->n_cols; c++)
			buf_addf(&b, "%s%s", c > 0 ? " " : "", views[i]->cols[c].name);
		assert_string_equal(views[i]->name, names[i][0]);
		assert_string_equal(array, names[i][1]);
	}
	assert_null(view_by_name("talker"));
	assert_ptr_equal(view_find_column(view_by_name("health"), "pain"),
	    view_find_column(view_by_name("health"), "severity"));
	assert_string_equal(
	    "pain", view_column_key(view_find_column(view_by_name("health"), "severity")));
	assert_null(view_find_column(view_by_name("flows"), "app2"));
}

static void
count_question(struct ledger *l)
{
	struct pkt_meta meta = { .type = META_DNS_QUESTION,
		.question = { .known = true, .name = "www.example" } };
	struct pkt p = { .kind = ADDR_IP4, .proto = 17, .ts = TRAFFIC_START, .meta = &meta };

	ledger_count(l, &p, 1);
}

static void
find_place(const struct place_db *db, uint8_t kind, const struct addr *a, struct place *p)
{
	(void)db;
	(void)kind;
	(void)a;
	strlcpy(p->country, "DE", sizeof(p->country));
}

/* The declarations of columns hold for every cell. */
static void
test_columns(void **state)
{
	static const struct place_db db = { find_place };
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();

	(void)state;
	l->places = &db;
	while (ledger_enable(l, LEDGER_NETWORKS | LEDGER_PACKETS | LEDGER_PAIRS, 24, 64))
		ledger_fold(l, 100);
	traffic_count(l, &traffic_rows[0], TRAFFIC_START);
	count_question(l);
	ledger_flush(l);
	for (unsigned i = 0; i < n_views; i++) {
		const struct view *v = views[i];

		assert_true(v->n_cols <= VIEW_COLUMNS);
		assert_non_null(view_find_column(v, v->sort));
		assert_non_null(view_find_column(v, v->sort_whole_time));
		rank(list, v->name, v->sort, true, "", &s, 0, 100);
		assert_true(row_list_count(list) > 0);
		for (unsigned c = 0; c < v->n_cols; c++) {
			const struct column *col = &v->cols[c];

			assert_ptr_equal(view_find_column(v, col->name), col);
			assert_true(!col->identifies || c < COLUMN_BITS);
			assert_true(col->min >= strlen(col->title) && col->max >= col->min);
			assert_int_equal(col->help[strlen(col->help) - 1], '.');
			for (uint32_t r = 0; r < row_list_count(list); r++) {
				uint8_t type = row_list_get(list, r)->cell[c].type;

				assert_true(type == col->type || type == V_NONE);
			}
		}
	}
	row_list_del(list);
	ledger_del(l);
}

static void
assert_own_cell(const struct row_list *l, const char *column, const char *expected)
{
	unsigned c = number_of(view_by_name("talkers"), column);
	char array[80];
	struct buf b;

	assert_non_null(row_list_own(l));
	buf_init(&b, array, sizeof(array));
	value_text(&b, &row_list_own(l)->cell[c], &(struct units){ .scale = FMT_SI });
	assert_string_equal(array, expected);
}

/* The addresses of this machine are one row, which is none of the list; those of a local network
 * are rows of their own. */
static void
test_own_machine(void **state)
{
	struct ledger *l = traffic_new();
	struct scope s = traffic_scope(l);
	struct row_list *list = row_list_new();
	struct net nets[3];

	(void)state;
	assert_true(net_parse("10.0.0.1", &nets[0]) && net_parse("2001:db8::1", &nets[1]) &&
	    net_parse("192.0.2.0/24", &nets[2]));
	ledger_set_local(l, nets, NITEMS(nets));
	while (ledger_apply_local(l, 1))
		;
	rank(list, "talkers", "bytes", true, "", &s, 0, 7);
	assert_int_equal(row_list_count(list), 8);
	assert_true(row_list_get(list, 0)->own && row_list_own(list) == NULL);
	s.own_apart = true;
	rank(list, "talkers", "bytes", true, "", &s, 2, 7);
	assert_column(list, "talkers", "address", "192.0.2.1 2001:db8::2");
	assert_int_equal(row_list_n_matched(list), 6);
	assert_own_cell(list, "address", "this machine");
	assert_own_cell(list, "packets_out", "5");
	assert_own_cell(list, "bytes", "9.60k");
	assert_own_cell(list, "flows", "3");
	rank(list, "talkers", "bytes", true, "!192.0.2.1 !10.0.0.1", &s, 2, 7);
	assert_own_cell(list, "bytes", "516");
	rank(list, "flows", "bytes", true, "", &s, 0, 7);
	assert_null(row_list_own(list));
	row_list_del(list);
	ledger_del(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_still),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_unknown_last),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_no_interval_yet),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_hidden_families),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_own_machine),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
