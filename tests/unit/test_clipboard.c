#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/term.h"
#include "util/buf.h"

/* The examples of RFC 4648, 10. */
static void
bytes_are_encoded(void **state)
{
	static const struct {
		const char *text, *sequence;
	} cases[] = {
		{ "", "\033]52;c;\a" },
		{ "f", "\033]52;c;Zg==\a" },
		{ "fo", "\033]52;c;Zm8=\a" },
		{ "foo", "\033]52;c;Zm9v\a" },
		{ "foob", "\033]52;c;Zm9vYg==\a" },
		{ "fooba", "\033]52;c;Zm9vYmE=\a" },
		{ "foobar", "\033]52;c;Zm9vYmFy\a" },
		{ "\xc3\xbf\xff", "\033]52;c;w7//\a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		assert_true(clipboard_sequence(&b, "xterm-256color", false, cases[i].text));
		assert_string_equal(text, cases[i].sequence);
	}
}

static void
what_stands_between_gets_it_wrapped(void **state)
{
	static const struct {
		const char *type;
		bool tmux;
		const char *sequence;
	} cases[] = {
		{ "tmux-256color", false, "\033]52;c;Zg==\a\033Ptmux;\033\033]52;c;Zg==\a\033\\" },
		{ "screen-256color", true, "\033]52;c;Zg==\a\033Ptmux;\033\033]52;c;Zg==\a\033\\" },
		{ "screen", false, "\033]52;c;Zg==\a\033P\033]52;c;Zg==\a\033\\" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[128];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		assert_true(clipboard_sequence(&b, cases[i].type, cases[i].tmux, "f"));
		assert_string_equal(text, cases[i].sequence);
	}
}

/* No string is longer than screen allows, and nothing between them is lost. */
static void
long_texts_are_cut_for_screen(void **state)
{
	char text[CLIPBOARD_MAX + 2], out[8192], whole[8192];
	struct buf b, all;
	size_t longest = 0;

	(void)state;
	memset(text, 'f', sizeof(text) - 2);
	text[CLIPBOARD_MAX] = '\0';
	buf_init(&b, out, sizeof(out));
	assert_true(clipboard_sequence(&b, "screen", false, text));
	buf_init(&all, whole, sizeof(whole));
	for (const char *s = strchr(out, '\a') + 1; *s != '\0';) {
		const char *end = strstr(s, "\033\\");

		assert_non_null(end);
		assert_memory_equal(s, "\033P", 2);
		longest = (size_t)(end - s) > longest ? (size_t)(end - s) : longest;
		buf_add(&all, s + 2, (size_t)(end - s) - 2);
		s = end + 2;
	}
	assert_in_range(longest, 1, 760);
	buf_clear(&b);
	assert_true(clipboard_sequence(&b, "xterm", false, text));
	assert_string_equal(out, whole);
	text[CLIPBOARD_MAX] = 'f';
	text[CLIPBOARD_MAX + 1] = '\0';
	buf_clear(&b);
	assert_false(clipboard_sequence(&b, "xterm", false, text));
	assert_int_equal(b.len, 0);
}

static void
consoles_get_nothing(void **state)
{
	static const char *const types[] = { "linux", "vt100", "vt220", "ansi", "dumb", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char text[64];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		assert_false(clipboard_sequence(&b, types[i], false, "f"));
		assert_int_equal(b.len, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_encoded),
		cmocka_unit_test(what_stands_between_gets_it_wrapped),
		cmocka_unit_test(long_texts_are_cut_for_screen),
		cmocka_unit_test(consoles_get_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
