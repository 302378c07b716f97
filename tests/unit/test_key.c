#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/command.h"
#include "control/keymap.h"
#include "util/text.h"

static void
no_key_has_two_meanings(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_keys; i++)
		assert_ptr_equal(key_find(keys[i].code), &keys[i]);
	assert_null(key_find('"'));
	assert_null(key_find(KEYC_RESIZE));
}

/* The help has two columns of 39 cells at 80. */
static void
every_entry_fits_the_help(void **state)
{
	(void)state;
	assert_non_null(keys[0].help);
	for (unsigned i = 0; i < n_keys; i += key_entry(i)) {
		size_t width = 0;

		for (unsigned j = i; j < i + key_entry(i); j++) {
			width += text_width(keys[j].label) + 1;
			assert_string_equal(keys[j].group, keys[i].group);
		}
		assert_true(width <= 15);
		assert_true(text_width(keys[i].help) <= 24);
	}
}

static void
every_key_runs_a_command_that_there_is(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_keys; i++) {
		size_t n = strcspn(keys[i].command, " ");
		bool found = false;

		for (unsigned j = 0; j < n_commands; j++)
			if (strlen(commands[j].name) == n &&
			    memcmp(commands[j].name, keys[i].command, n) == 0)
				found = true;
		assert_true(found);
	}
}

static void
key_texts_are_read(void **state)
{
	static const uint32_t expected[] = { 'j', KEYC_DOWN, KEYC_ENTER, KEYC_ESC, ' ', KEYC_TAB,
		KEYC_CTRL('l'), KEYC_F1, KEYC_F10, '<', KEYC_BACKTAB, 0xe9, 0x6f22, '>', ' ' };
	const char *s = "j<Down><Enter><Esc><Space><Tab><C-l><F1><F10><lt><S-Tab>é漢> ";
	uint32_t code;

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_true(key_parse(&s, &code));
		assert_int_equal(code, expected[i]);
	}
	assert_false(key_parse(&s, &code));
	assert_string_equal(s, "");
}

static void
wrong_key_texts_are_refused_where_they_stand(void **state)
{
	static const char *const wrong[] = { "<Downs>", "<", "<>", "<C-1>", "<C-", "\xff",
		"<F11>" };
	uint32_t code;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *s = wrong[i];

		assert_false(key_parse(&s, &code));
		assert_ptr_equal(s, wrong[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_has_two_meanings),
		cmocka_unit_test(every_entry_fits_the_help),
		cmocka_unit_test(every_key_runs_a_command_that_there_is),
		cmocka_unit_test(key_texts_are_read),
		cmocka_unit_test(wrong_key_texts_are_refused_where_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
