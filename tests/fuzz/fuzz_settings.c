/*
 * The configuration file: any text is run, errors are reported in sanitised lines, and the saved
 * settings restore the same settings.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "control/settings.h"
#include "control/state.h"
#include "fuzz.h"
#include "util/text.h"

static void
check_said_lines(char *said)
{
	char *line;

	while ((line = strsep(&said, "\n")) != NULL)
		require(text_is_clean(line));
}

/* Runs text on new settings, and appends the saved form of them to saved. */
static void
run(const char *text, struct buf *saved, struct buf *said)
{
	static struct state st;

	state_init(&st);
	settings_run(&st, "rc", text, said);
	settings_text(&st, saved);
	state_fini(&st);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *text = input_text(&in, size);
	struct buf first, second, said;

	buf_new(&first);
	buf_new(&second);
	buf_new(&said);
	run(text, &first, &said);
	check_said_lines(said.s);
	buf_clear(&said);
	run(first.s, &second, &said);
	require(said.len == 0 && strcmp(first.s, second.s) == 0);
	buf_del(&first);
	buf_del(&second);
	buf_del(&said);
	free(text);
	return 0;
}
