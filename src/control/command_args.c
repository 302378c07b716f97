/* How commands parse their arguments, and report errors. */
#include "config.h"

#include "control/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DELAY_LEAST 0.1
#define DELAY_MOST  3600.0

bool
command_parse_delay(const char *s, double *seconds)
{
	char *end;
	double x;

	errno = 0;
	x = strtod(s, &end);
	if (end == s || *end != '\0' || errno != 0 || !(x >= DELAY_LEAST && x <= DELAY_MOST))
		return false;
	*seconds = x;
	return true;
}

unsigned
command_error(struct state *st, char **argv, int i, const char *expected)
{
	st->bad_word = i;
	if (argv[i] == NULL)
		status_message(st, true, "%s: expected %s", argv[0], expected);
	else
		status_message(st, true, "%s: \"%s\" is not %s", argv[0], argv[i], expected);
	return 0;
}

bool
command_parse_on_off(struct state *st, char **argv, bool *b)
{
	if (argv[1] == NULL) {
		*b = !*b;
	} else if (strcmp(argv[1], "on") == 0) {
		*b = true;
	} else if (strcmp(argv[1], "off") == 0) {
		*b = false;
	} else {
		command_error(st, argv, 1, "on or off");
		return false;
	}
	return true;
}

void
command_set_next(struct state *st, const char *line)
{
	strlcpy(st->next_command, line, sizeof(st->next_command));
}
