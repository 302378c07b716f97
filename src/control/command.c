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

/* The words of a line, with beginnings replaced by the whole words. */
struct command_words {
	int argc;
	char *argv[COMMAND_ARGS + 1];
	char expanded[COMMAND_ARGS + 1][COMPLETION_WORD];
};

static void
command_say_candidates(struct state *st, const char *word, const struct completion_list *c)
{
	char text[128];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < c->n; i++)
		buf_addf(&b, "%s%s", i > 0 ? ", " : "", c->word[i]);
	if (c->n == 0)
		status_message(st, true, "no such command \"%s\"; h lists all", word);
	else
		status_message(st, true, "\"%s\" could be %s", word, b.s);
	st->bad_word = 0;
}

/* The command of the first word.  The name of a view is the command that shows it. */
static const struct command *
command_resolve(struct state *st, struct command_words *w)
{
	static char view[] = "view";
	const struct command *c = command_find(w->argv[0], strlen(w->argv[0]));
	struct completion_list list;
	const char *name;

	if (c != NULL)
		return c;
	name = completion_command(st, w->argv[0], &list);
	if (name == NULL) {
		command_say_candidates(st, w->argv[0], &list);
		return NULL;
	}
	strlcpy(w->expanded[0], name, sizeof(w->expanded[0]));
	w->argv[0] = w->expanded[0];
	c = command_find(name, strlen(name));
	if (c != NULL)
		return c;
	w->argv[w->argc++] = w->expanded[0];
	w->argv[0] = view;
	return command_find(view, strlen(view));
}

static void
command_expand_arguments(const struct state *st, const struct command *c, struct command_words *w)
{
	for (int i = 1; i < w->argc; i++)
		if (completion_expand(st, c, (unsigned)i, w->argv[i], w->expanded[i]))
			w->argv[i] = w->expanded[i];
}

static unsigned
command_run_one(struct state *st, const char *line)
{
	struct command_words w = { .argc = 0 };
	char text[FILTER_MAX + 64], *s = text;
	const struct command *c;

	st->bad_word = -1;
	if (strlcpy(text, line, sizeof(text)) >= sizeof(text)) {
		status_message(st, true, "command too long");
		return 0;
	}
	if ((w.argv[w.argc] = command_next_word(&s)) == NULL)
		return 0;
	w.argc++;
	if ((c = command_resolve(st, &w)) == NULL)
		return 0;
	if (c->rest && (w.argv[w.argc] = command_rest_of(s)) != NULL)
		w.argc++;
	while (
	    !c->rest && w.argc < COMMAND_ARGS && (w.argv[w.argc] = command_next_word(&s)) != NULL)
		w.argc++;
	if (!c->rest)
		command_expand_arguments(st, c, &w);
	return functions[c - commands](st, w.argc, w.argv) | REQ_PAINT;
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
