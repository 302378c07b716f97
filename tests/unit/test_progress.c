/* The progress line of reading a file. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/loop.h"

#define S UINT64_C(1000000000)

static void
says(const char *wanted, uint64_t elapsed, uint64_t done, uint64_t all, uint64_t packets)
{
	char text[160];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	progress_text(&b, elapsed, done, all, packets);
	assert_string_equal(text, wanted);
}

static void
test_half(void **state)
{
	(void)state;
	says("[############............] 50%  2.00M packets  200k/s  00:00:10 left", 10 * S, 500,
	    1000, 2000000);
}

static void
test_ends(void **state)
{
	(void)state;
	says("[........................] 0%  0 packets  0/s", 2 * S, 0, 1000, 0);
	says("[########################] 100%  10 packets  5/s", 2 * S, 1000, 1000, 10);
}

/* Standard input has no length; a file may grow while it is read; the elapsed time may be zero. */
static void
test_not_known(void **state)
{
	(void)state;
	says("10 packets  5/s", 2 * S, 0, 0, 10);
	says("[########################] 100%  10 packets  5/s", 2 * S, 3000, 1000, 10);
	says("[############............] 50%  7 packets  00:00:00 left", 0, 500, 1000, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_half),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
