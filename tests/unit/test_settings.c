/* Saved settings restore the same settings; bound keys. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "control/settings.h"
#include "control/state.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

struct stage {
	struct state st;
	struct buf said;
	char text[4096];
};

static int
set_up(void **state)
{
	static struct stage s;

	state_init(&s.st);
	buf_init(&s.said, s.text, sizeof(s.text));
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;

	state_fini(&s->st);
	return 0;
}

static void
save(const struct state *st, struct buf *text)
{
	buf_clear(text);
	settings_text(st, text);
}

static void
what_is_saved_makes_the_same_again(void **state)
{
	static const char *const lines[] = { "units bytes", "units iec", "delay 0.2", "numeric on",
		"prefix 4 20", "columns -share,+pps", "sort bytes_in asc", "view flows",
		"column app wider 3", "bind <F5> view next", "bind # hold", "bind <lt> reverse",
		"bind <C-x> show port 53 or \"x y\"", "unbind Z", "names off", "own on" };
	char first_text[8192], second_text[8192];
	struct stage *s = *state;
	struct buf first, second;
	static struct state again;

	buf_init(&first, first_text, sizeof(first_text));
	buf_init(&second, second_text, sizeof(second_text));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		command_run(&s->st, lines[i]);
		if (s->st.message_bad)
			fail_msg("%s: %s", lines[i], s->st.message.s);
	}
	save(&s->st, &first);
	state_init(&again);
	settings_run(&again, "rc", first.s, &s->said);
	assert_string_equal(s->said.s, "");
	save(&again, &second);
	assert_string_equal(first.s, second.s);
	assert_non_null(strstr(first.s, "\nunits bytes\n"));
	assert_non_null(strstr(first.s, "\nsort bytes_in asc\n"));
	assert_non_null(strstr(first.s, "\nbind <F5> view next\n"));
	assert_string_equal(views[again.view]->name, "flows");
	assert_true(again.delay > 0.19 && again.delay < 0.21);
	state_fini(&again);
}

/* Names off hide the column of names, but not if no other column is left. */
static void
the_only_column_stays_if_names_go(void **state)
{
	char first_text[8192], second_text[8192];
	struct stage *s = *state;
	struct buf first, second;

	buf_init(&first, first_text, sizeof(first_text));
	buf_init(&second, second_text, sizeof(second_text));
	command_run(&s->st, "columns name");
	command_run(&s->st, "names off");
	save(&s->st, &first);
	assert_non_null(strstr(first.s, "+name"));
	settings_run(&s->st, "rc", first.s, &s->said);
	assert_string_equal(s->said.s, "");
	save(&s->st, &second);
	assert_string_equal(first.s, second.s);
}

static void
what_hides_traffic_is_not_saved(void **state)
{
	char before_text[4096], after_text[4096];
	struct stage *s = *state;
	struct buf before, after;

	buf_init(&before, before_text, sizeof(before_text));
	buf_init(&after, after_text, sizeof(after_text));
	save(&s->st, &before);
	command_run(&s->st, "toggle tcp");
	command_run(&s->st, "toggle family");
	command_run(&s->st, "show port 53");
	command_run(&s->st, "hold on");
	save(&s->st, &after);
	assert_string_equal(before.s, after.s);
}

static void
wrong_lines_are_named_and_left_out(void **state)
{
	struct stage *s = *state;

	settings_run(&s->st, "rc",
	    "\n# a comment\n\tdelay\t5 \r\nfrobnicate\nsort nonsense\nquit\n"
	    "bind <F99> hold\nbind x frobnicate\n\001\nunits bytes",
	    &s->said);
	assert_string_equal(s->said.s,
	    "rc:4: no such command \"frobnicate\"; h lists all\n"
	    "rc:5: sort: \"nonsense\" is not a column of this view\n"
	    "rc:6: \"quit\" is not a setting\n"
	    "rc:7: bind: \"<F99> hold\" is not a key, such as x, <F5> or <C-x>\n"
	    "rc:8: bind: no such command \"frobnicate\"\n"
	    "rc:9: not text\n");
	assert_true(s->st.units.bytes_per_second);
	assert_true(s->st.delay > 4.9);
	assert_int_equal(s->st.message.len, 0);
}

/* Commands that the loop handles return the same requests as when typed. */
static void
settings_return_wishes(void **state)
{
	struct stage *s = *state;

	assert_int_equal(settings_run(&s->st, "rc", "units bits\n", &s->said) & REQ_INNER, 0);
	assert_int_not_equal(
	    settings_run(&s->st, "rc", "inner on\ndelay 3\n", &s->said) & REQ_INNER, 0);
	assert_true(s->st.inner);
	assert_string_equal(s->said.s, "");
}

static void
a_line_too_long_is_not_run_in_part(void **state)
{
	struct stage *s = *state;
	char line[3000] = "units bytes";

	memset(line + 11, ' ', sizeof(line) - 12);
	line[2998] = 'x';
	settings_run(&s->st, "rc", line, &s->said);
	assert_true(s->said.len > 0 || s->st.units.bytes_per_second);
	memset(line, 0, sizeof(line));
	memcpy(line, "show ", 5);
	memset(line + 5, 'a', sizeof(line) - 6);
	settings_run(&s->st, "rc", line, &s->said);
	assert_non_null(strstr(s->said.s, "too long"));
	assert_string_equal(s->st.filter_text, "");
}

static void
bound_keys_do_what_they_are_bound_to(void **state)
{
	char text[64];
	struct stage *s = *state;
	struct buf label;

	command_run(&s->st, "bind x units bytes");
	input_key(&s->st, 'x');
	assert_true(s->st.units.bytes_per_second);
	command_run(&s->st, "unbind x");
	s->st.units.bytes_per_second = false;
	input_key(&s->st, 'x');
	assert_false(s->st.units.bytes_per_second);
	/* A key bound to its default is not saved as a binding. */
	command_run(&s->st, "bind R units si");
	assert_int_equal(s->st.bindings.n, 2);
	command_run(&s->st, "bind R reverse");
	assert_int_equal(s->st.bindings.n, 1);
	buf_init(&label, text, sizeof(text));
	command_run(&s->st, "bind <C-r> reverse");
	assert_true(key_bindings_label(&s->st.bindings, "reverse", &label));
	assert_string_equal(text, "Ctrl-R");
}

static void
bindings_are_bounded(void **state)
{
	struct stage *s = *state;
	char line[64];

	for (unsigned i = 0; i < KEY_BINDINGS_MAX; i++) {
		snprintf(line, sizeof(line), "bind %c%c hold", 0xc3, 0x80 + (int)i);
		command_run(&s->st, line);
		assert_false(s->st.message_bad);
	}
	command_run(&s->st, "bind \342\202\254 hold");
	assert_non_null(strstr(s->st.message.s, "too many key bindings"));
	assert_int_equal(s->st.bindings.n, KEY_BINDINGS_MAX);
}

/* Every key of the table can be formatted and parsed again. */
static void
keys_are_spelled_as_they_are_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_keys; i++) {
		char text[32];
		const char *at = text;
		struct buf b;
		uint32_t code;

		buf_init(&b, text, sizeof(text));
		key_spelling(keys[i].code, &b);
		assert_true(key_parse(&at, &code));
		assert_int_equal(code, keys[i].code);
		assert_string_equal(at, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_saved_makes_the_same_again),
		TEST(the_only_column_stays_if_names_go),
		TEST(what_hides_traffic_is_not_saved),
		TEST(wrong_lines_are_named_and_left_out),
		TEST(settings_return_wishes),
		TEST(a_line_too_long_is_not_run_in_part),
		TEST(bound_keys_do_what_they_are_bound_to),
		TEST(bindings_are_bounded),
		TEST(keys_are_spelled_as_they_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
