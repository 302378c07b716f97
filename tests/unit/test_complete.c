/* Tab in a prompt, and the text that stays on the line after an error. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "control/state.h"
#include "util/attr.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

static int
set_up(void **state)
{
	static struct state st;

	state_init(&st);
	*state = &st;
	return 0;
}

static int
tear_down(void **state)
{
	state_fini(*state);
	return 0;
}

static void
type(struct state *st, const char *s)
{
	uint32_t code;

	while (key_parse(&s, &code))
		input_key(st, code);
}

static void
words_are_completed_by_their_place(void **state)
{
	static const struct {
		const char *keys, *typed;
	} rows[] = {
		{ ":the<Tab>", "theme" },
		{ ":theme li<Tab>", "theme light" },
		{ ":view pro<Tab>", "view protocols" },
		{ ":sort bytes_<Tab>", "sort bytes_in" },
		{ ":sort bytes_<Tab><Tab>", "sort bytes_out" },
		{ ":sort bytes_<Tab><Tab><Tab>", "sort bytes_in" },
		{ ":sort bytes_<S-Tab>", "sort bytes_out" },
		{ ":sort bytes de<Tab>", "sort bytes desc" },
		{ ":columns +pps,-sha<Tab>", "columns +pps,-share" },
		{ ":columns def<Tab>", "columns default" },
		{ ":column bps na<Tab>", "column bps narrower" },
		{ ":bind x th<Tab>", "bind x theme" },
		{ ":select page-<Tab>", "select page-up" },
		{ ":flow-l<Tab>", "flow-log" },
		{ ":units i<Tab>", "units iec" },
		{ ":show bytes > 1 and por<Tab>", "show bytes > 1 and port" },
		{ ":frobnicate x<Tab>", "frobnicate x" },
		{ "/ho<Tab>", "host" },
		{ "/bytes > 1M and (bps_o<Tab>", "bytes > 1M and (bps_out" },
		{ "/!ar<Tab>", "!arp" },
		{ "fportr<Tab>", "portrange" },
		{ "2/state = est<Tab>", "state = established" },
		{ "/state:cl<Tab>", "state:closed" },
		{ "/app=quic<Tab>", "app=quic" },
		{ "/port ht<Tab>", "port http" },
		{ "/tcp and port htt<Tab><Tab>", "tcp and port https" },
		{ "/proto icm<Tab>", "proto icmp" },
		{ ":show state=re<Tab>", "show state=reset" },
		{ ":theme l dark<Left><Left><Left><Left><Left><Tab>", "theme light dark" },
	};
	struct state *st = *state;

	for (size_t i = 0; i < NITEMS(rows); i++) {
		type(st, rows[i].keys);
		assert_string_equal(st->typed, rows[i].typed);
		assert_int_equal(st->typed_len, strlen(st->typed));
		type(st, "<Esc>");
	}
}

static void
another_key_ends_it(void **state)
{
	struct state *st = *state;

	type(st, ":sort bytes_<Tab>");
	assert_true(st->complete.active);
	type(st, " d<Tab>");
	assert_string_equal(st->typed, "sort bytes_in desc");
}

static void
nothing_to_complete_is_said(void **state)
{
	struct state *st = *state;

	type(st, ":sort qqq<Tab>");
	assert_string_equal(st->typed, "sort qqq");
	assert_non_null(strstr(st->message.s, "no completion for \"qqq\""));
}

/* The line never grows past its end, whatever is inserted. */
static void
a_full_line_stays(void **state)
{
	struct state *st = *state;

	type(st, "/");
	for (int i = 0; i < 170; i++)
		type(st, "bytes ");
	for (int i = 0; i < 5; i++)
		type(st, "b<Tab><Tab>");
	assert_true(st->typed_len <= FILTER_MAX);
	assert_int_equal(strlen(st->typed), st->typed_len);
}

static void
a_wrong_command_stays_to_be_mended(void **state)
{
	static const struct {
		const char *line;
		size_t at;
	} rows[] = { { "frobnicate now", 0 }, { "sort nonsense", 5 }, { "sort  bytes up", 12 },
		{ "delay", 5 }, { "bind x nonsense", 7 } };
	struct state *st = *state;

	for (size_t i = 0; i < NITEMS(rows); i++) {
		type(st, ":");
		type(st, rows[i].line);
		type(st, "<Enter>");
		assert_int_equal(st->prompt, PROMPT_COMMAND);
		assert_string_equal(st->typed, rows[i].line);
		assert_int_equal(st->error_at, rows[i].at);
		assert_int_not_equal(st->error.len, 0);
		type(st, "<Esc>");
		assert_int_equal(st->prompt, PROMPT_NONE);
	}
	type(st, ":sort bytes<Enter>");
	assert_int_equal(st->prompt, PROMPT_NONE);
}

static void
another_view_is_offered(void **state)
{
	struct state *st = *state;

	st->view = 0;
	type(st, "/port 53<Enter>");
	assert_string_equal(
	    st->error.s, "view talkers has no port: see flows; Enter again opens flows");
	assert_int_equal(st->view, 0);
	type(st, "<Enter>");
	assert_string_equal(views[st->view]->name, "flows");
	assert_string_equal(st->filter_text, "port 53");
	assert_int_equal(st->prompt, PROMPT_NONE);
	type(st, "1:show greater 100<Enter>");
	assert_string_equal(views[st->view]->name, "talkers");
	type(st, "<Enter>");
	assert_string_equal(views[st->view]->name, "packets");
	type(st, "1/<C-u>bytes ==<Enter>");
	assert_string_equal(st->error.s, "bytes requires a value");
}

static void
pastes_run_no_commands(void **state)
{
	struct state *st = *state;

	st->view = 0;
	type(st, "<Paste>w2q<Enter>s<PasteEnd>");
	assert_int_equal(st->view, 0);
	assert_string_equal(st->message.s,
	    "the pasted text is ignored; open a prompt for it, with / or :");
	type(st, "/<Paste>tcp<Enter>udp<Enter><PasteEnd>");
	assert_int_equal(st->prompt, PROMPT_SHOW);
	assert_string_equal(st->typed, "tcp");
	type(st, "<C-u><Paste>udp");
	assert_true(input_key(st, KEYC_CTRL('c')) & REQ_QUIT);
	assert_false(st->pasting);
}

static void
alt_keys_move_by_words(void **state)
{
	struct state *st = *state;

	type(st, "/tcp port 80<A-b><A-b>x<A-f><A-d> y");
	assert_string_equal(st->typed, "tcp xport y");
	type(st, "<A-BS>");
	assert_string_equal(st->typed, "tcp xport ");
	type(st, "<Esc><A-b>");
	assert_string_equal(st->message.s, "unbound key; h for help");
}

static void
beginnings_are_enough(void **state)
{
	struct state *st = *state;
	bool desc;

	st->view = 0;
	type(st, ":flows<Enter>");
	assert_string_equal(views[st->view]->name, "flows");
	type(st, ":protoc<Enter>");
	assert_string_equal(views[st->view]->name, "protocols");
	type(st, ":view talk<Enter>:sort retr as<Enter>");
	assert_string_equal(views[0]->cols[state_get_sort(st, &desc)].name, "retransmissions");
	assert_false(desc);
	type(st, ":sna x<Enter>");
	assert_int_equal(st->prompt, PROMPT_NONE);
	type(st, ":fl<Enter>");
	assert_string_equal(st->error.s, "\"fl\" could be flow-log, flows");
	type(st, "<Esc>:q");
	assert_true(input_key(st, KEYC_ENTER) & REQ_QUIT);
}

static void
q_leaves_what_is_open(void **state)
{
	struct state *st = *state;

	type(st, "h");
	assert_true(st->help);
	assert_false(input_key(st, 'q') & REQ_QUIT);
	assert_false(st->help);
	type(st, "c");
	assert_false(input_key(st, 'q') & REQ_QUIT);
	assert_int_equal(st->menu.kind, MENU_NONE);
	assert_true(input_key(st, 'q') & REQ_QUIT);
	type(st, "h");
	assert_true(input_key(st, KEYC_CTRL('c')) & REQ_QUIT);
}

static void
messages_are_kept(void **state)
{
	struct state *st = *state;

	st->rows = 24;
	st->cols = 80;
	type(st, ":delay 2<Enter>:delay 3<Enter>:messages<Enter>");
	assert_int_equal(st->menu.kind, MENU_MESSAGES);
	assert_int_equal(menu_count(st), 2);
	assert_string_equal(menu_item(st, 0).about, "refresh interval 3 s");
	type(st, "j<Enter>");
	assert_string_equal(st->message.s, "refresh interval 2 s");
	type(st, "q:messages 3<Enter>");
	assert_string_equal(st->error.s, "messages: \"3\" is not the number of a message");
	type(st, "<Esc>");
	for (unsigned i = 0; i < 60; i++)
		status_message(st, false, "message %u", i);
	assert_int_equal(st->messages.n, STATE_MESSAGES);
}

static void
titles_are_names(void **state)
{
	struct state *st = *state;
	bool desc;

	st->view = 0;
	type(st, ":sort in<Enter>");
	assert_string_equal(views[0]->cols[state_get_sort(st, &desc)].name, "bps_in");
	type(st, ":sort \"BYTES OUT\"<Enter>");
	assert_string_equal(views[0]->cols[state_get_sort(st, &desc)].name, "bytes_out");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(another_view_is_offered),
		TEST(titles_are_names),
		TEST(messages_are_kept),
		TEST(beginnings_are_enough),
		TEST(q_leaves_what_is_open),
		TEST(pastes_run_no_commands),
		TEST(alt_keys_move_by_words),
		TEST(words_are_completed_by_their_place),
		TEST(another_key_ends_it),
		TEST(nothing_to_complete_is_said),
		TEST(a_full_line_stays),
		TEST(a_wrong_command_stays_to_be_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
