#include "config.h"

#include "control/command.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"

static unsigned (*const functions[])(struct state *st, int argc, char **argv) = {
#define COMMAND(name, function, args, rest, help) function,
#include "control/commands.def"
#undef COMMAND
};

/* Splits the next word off s in place and removes its quotes.  NULL at the end. */
static char *
command_next_word(char **s)
{
	char *word, *out, quote = '\0';

	*s += strspn(*s, " \t");
	if (**s == '\0')
		return NULL;
	word = out = *s;
	for (; **s != '\0' && (quote != '\0' || strchr(" \t", **s) == NULL); (*s)++) {
		if (**s == quote)
			quote = '\0';
		else if (quote == '\0' && (**s == '"' || **s == '\''))
			quote = **s;
		else
			*out++ = **s;
	}
	if (**s != '\0')
		(*s)++;
	*out = '\0';
	return word;
}

/* The rest of the line without surrounding blanks.  NULL if it is empty. */
static char *
command_rest_of(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t", s[n - 1]) != NULL)
		s[--n] = '\0';
	return n > 0 ? s : NULL;
}

static unsigned
command_run_one(struct state *st, const char *line)
{
	char text[FILTER_MAX + 64], *s = text, *argv[COMMAND_ARGS + 1] = { NULL };
	const struct command *c;
	int argc = 0;

	st->bad_word = -1;
	if (strlcpy(text, line, sizeof(text)) >= sizeof(text)) {
		status_message(st, true, "command too long");
		return 0;
	}
	if ((argv[argc] = command_next_word(&s)) == NULL)
		return 0;
	argc++;
	if ((c = command_find(argv[0], strlen(argv[0]))) == NULL) {
		st->bad_word = 0;
		status_message(st, true, "no such command \"%s\"; h lists all", argv[0]);
		return 0;
	}
	if (c->rest && (argv[argc] = command_rest_of(s)) != NULL)
		argc++;
	while (!c->rest && argc < COMMAND_ARGS && (argv[argc] = command_next_word(&s)) != NULL)
		argc++;
	return functions[c - commands](st, argc, argv) | REQ_PAINT;
}

unsigned
command_run_next(struct state *st)
{
	char line[sizeof(st->next_command)];
	unsigned requests = 0;

	while (st->next_command[0] != '\0') {
		strlcpy(line, st->next_command, sizeof(line));
		st->next_command[0] = '\0';
		requests |= command_run_one(st, line);
	}
	return requests;
}

unsigned
command_run(struct state *st, const char *line)
{
	unsigned requests = command_run_one(st, line);

	return requests | command_run_next(st);
}
