#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/keymap.h"
#include "control/state.h"
#include "traffic.h"
#include "util/buf.h"

struct stage {
	struct ledger *l;
	struct state st;
};

static void
rank(struct stage *s)
{
	refresh_begin(&s->st, s->l);
	while (refresh_step(&s->st, 1000))
		;
	refresh_finish(&s->st);
}

static void
type(struct stage *s, const char *text)
{
	uint32_t code;

	while (key_parse(&text, &code))
		if (input_key(&s->st, code) & REQ_RANK)
			rank(s);
	assert_string_equal(text, "");
}

static int
set_up(void **state)
{
	static struct stage s;

	s.l = traffic_new();
	state_init(&s.st);
	type(&s, "3");
	rank(&s);
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;

	state_fini(&s->st);
	ledger_del(s->l);
	return 0;
}

/* The names of the displayed rows, from the first one on. */
static const char *
names(struct stage *s)
{
	static char text[512];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (uint32_t i = 0; i < state_row_count(&s->st); i++) {
		const struct table_row *row = state_row(&s->st, i);

		buf_addf(&b, "%s%s", i > 0 ? " " : "",
		    row->cell[0].text + strspn(row->cell[0].text, " "));
		if (tree_is_folded(&s->st.tree, views[s->st.view], row))
			buf_adds(&b, "+");
	}
	return text;
}

static const char *
here(struct stage *s)
{
	const struct table_row *row = state_row(&s->st, s->st.per_view[s->st.view].cursor);

	return row->cell[1].text;
}

/* For every sort column, each row is below its parent, in the order of its siblings. */
static void
the_tree_stays_whatever_the_order(void **state)
{
	struct stage *s = *state;

	type(s, ":sort bytes desc<Enter>");
	assert_string_equal(names(s), "eth ip tcp tls udp dns icmp ipv6 tcp ssh arp");
	type(s, ":sort bytes asc<Enter>");
	assert_string_equal(names(s), "eth arp ipv6 tcp ssh ip icmp udp dns tcp tls");
	type(s, ":sort packets desc<Enter>");
	assert_string_equal(names(s), "eth ip tcp tls udp dns icmp arp ipv6 tcp ssh");
	type(s, ":sort path asc<Enter>");
	assert_string_equal(names(s), "eth arp ip icmp tcp tls udp dns ipv6 tcp ssh");
	type(s, ":sort bps desc<Enter>");
	assert_string_equal(names(s), "eth ip tcp tls udp dns icmp ipv6 tcp ssh arp");
}

/* Left folds, then goes up; Right unfolds, then goes down. */
static void
left_and_right_fold_and_walk(void **state)
{
	struct stage *s = *state;

	type(s, ":sort bytes desc<Enter>gjj<Left>");
	assert_string_equal(names(s), "eth ip tcp+ udp dns icmp ipv6 tcp ssh arp");
	assert_string_equal(here(s), "eth/ip/tcp");
	type(s, "<Left>");
	assert_string_equal(here(s), "eth/ip");
	type(s, "<Left>");
	assert_string_equal(names(s), "eth ip+ ipv6 tcp ssh arp");
	type(s, "<Right>");
	assert_string_equal(names(s), "eth ip tcp+ udp dns icmp ipv6 tcp ssh arp");
	type(s, "<Right>");
	assert_string_equal(here(s), "eth/ip/tcp");
	type(s, "<Right><Right>");
	assert_string_equal(names(s), "eth ip tcp tls udp dns icmp ipv6 tcp ssh arp");
	assert_string_equal(here(s), "eth/ip/tcp/tls");
	type(s, "<Right>");
	assert_string_equal(here(s), "eth/ip/tcp/tls");
}

/* Sums include all descendants, folded or not, and folding survives a new ranking. */
static void
folds_stay_and_sums_too(void **state)
{
	struct stage *s = *state;
	unsigned bytes =
	    (unsigned)(view_find_column(views[s->st.view], "bytes") - views[s->st.view]->cols);

	type(s, ":sort bytes desc<Enter>gj<Left>");
	assert_int_equal(state_row(&s->st, 1)->cell[bytes].n, 3000 + 6000 + 100 + 300 + 84);
	traffic_count(s->l, &traffic_rows[0], TRAFFIC_START + 3 * TRAFFIC_NS);
	traffic_tick(s->l, 4 * TRAFFIC_NS);
	rank(s);
	assert_string_equal(names(s), "eth ip+ ipv6 tcp ssh arp");
	assert_int_equal(state_row(&s->st, 1)->cell[bytes].n, 6000 + 6000 + 100 + 300 + 84);
	ledger_reset(s->l);
	traffic_count(s->l, &traffic_rows[5], TRAFFIC_START + 5 * TRAFFIC_NS);
	traffic_count(s->l, &traffic_rows[0], TRAFFIC_START + 5 * TRAFFIC_NS);
	traffic_tick(s->l, 6 * TRAFFIC_NS);
	rank(s);
	assert_string_equal(names(s), "eth ip+ ipv6 tcp ssh");
}

static void
all_is_folded_and_unfolded(void **state)
{
	struct stage *s = *state;

	type(s, ":sort bytes desc<Enter>gjjj*");
	assert_string_equal(names(s), "eth ip+ ipv6+ arp");
	assert_string_equal(here(s), "eth/ip");
	type(s, "*");
	assert_string_equal(names(s), "eth ip tcp tls udp dns icmp ipv6 tcp ssh arp");
	assert_string_equal(here(s), "eth/ip");
}

/* Rows whose parents a filter hides are displayed, and locked rows keep their places. */
static void
filters_and_held_rows_keep_the_tree(void **state)
{
	struct stage *s = *state;

	type(s, ":sort bytes desc<Enter>/proto tls or proto ssh<Enter>");
	assert_string_equal(names(s), "tls ssh");
	type(s, "X");
	type(s, "<Esc>o");
	traffic_count(s->l, &traffic_rows[6], TRAFFIC_START + 3 * TRAFFIC_NS);
	for (unsigned i = 0; i < 20; i++)
		traffic_count(s->l, &traffic_rows[5], TRAFFIC_START + 3 * TRAFFIC_NS);
	traffic_tick(s->l, 4 * TRAFFIC_NS);
	rank(s);
	type(s, "gj<Left>");
	assert_non_null(strstr(names(s), "ip+"));
	assert_int_equal(state_row_count(&s->st), 6);
}

/* More folds than there is room for: the oldest is dropped. */
static void
folds_are_bounded(void **state)
{
	struct stage *s = *state;

	s->st.tree.n = TREE_FOLDS;
	memset(s->st.tree.folded, 0x55, sizeof(s->st.tree.folded));
	type(s, ":sort bytes desc<Enter>gj<Left>");
	assert_int_equal(s->st.tree.n, TREE_FOLDS);
	assert_string_equal(names(s), "eth ip+ ipv6 tcp ssh arp");
}

static void
other_views_are_no_trees(void **state)
{
	struct stage *s = *state;

	type(s, "1<Left>");
	assert_string_equal(s->st.message.s, "view talkers is not a tree: nothing to fold");
	type(s, "<Right>");
	assert_non_null(strstr(s->st.message.s, "not a tree"));
	type(s, ":fold some<Enter>");
	assert_non_null(strstr(s->st.message.s, "not a tree"));
	type(s, "3:fold some<Enter>");
	assert_non_null(strstr(s->st.error.s, "is not all"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_tree_stays_whatever_the_order),
		TEST(left_and_right_fold_and_walk),
		TEST(folds_stay_and_sums_too),
		TEST(all_is_folded_and_unfolded),
		TEST(filters_and_held_rows_keep_the_tree),
		TEST(folds_are_bounded),
		TEST(other_views_are_no_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
