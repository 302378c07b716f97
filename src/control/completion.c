#include "config.h"

#include "control/completion.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "control/command.h"
#include "control/prompt.h"
#include "util/attr.h"

/* What is completed: the words before the cursor decide which candidates there are. */
struct question {
	const struct state *st;
	const struct command *command; /* NULL: its name is being typed, or it is unknown */
	unsigned word;                 /* number of the word, 0 being the command */
	struct candidates *c;
};

static void
offer(const struct question *q, const char *word, size_t n)
{
	const char *stem = q->st->complete.stem;
	struct candidates *c = q->c;

	if (n >= COMPLETE_WORD || n < strlen(stem) || strncmp(word, stem, strlen(stem)) != 0)
		return;
	for (unsigned i = 0; i < c->n; i++)
		if (strlen(c->word[i]) == n && strncmp(c->word[i], word, n) == 0)
			return;
	if (c->n < COMPLETE_MOST)
		strlcpy(c->word[c->n++], word, n + 1);
}

static void
offer_word(const struct question *q, const char *word)
{
	offer(q, word, strlen(word));
}

static void
offer_commands(const struct question *q)
{
	for (unsigned i = 0; i < n_commands; i++)
		offer_word(q, commands[i].name);
}

static void
offer_views(const struct question *q)
{
	for (unsigned i = 0; i < n_views; i++)
		offer_word(q, views[i]->name);
}

static void
offer_columns(const struct question *q)
{
	const struct view *v = views[q->st->view];

	for (unsigned i = 0; i < v->n_cols; i++)
		offer_word(q, v->cols[i].name);
}

static void
offer_taps(const struct question *q)
{
	for (unsigned i = 0; i < q->st->taps.n; i++)
		offer_word(q, q->st->taps.of[i].name);
}

static void
offer_show(const struct question *q)
{
	offer_columns(q);
	for (unsigned i = 0; filter_words[i] != NULL; i++)
		offer_word(q, filter_words[i]);
}

static void
offer_capture(const struct question *q)
{
	static const char *const words[] = { "and", "arp", "broadcast", "dst", "ether", "greater",
		"host", "icmp", "icmp6", "ip", "ip6", "less", "mpls", "multicast", "net", "not",
		"or", "port", "portrange", "pppoes", "proto", "sctp", "src", "tcp", "udp", "vlan" };

	for (size_t i = 0; i < NITEMS(words); i++)
		offer_word(q, words[i]);
}

#define ANY_WORD 0

/* Arguments of commands that are no fixed words. */
/* clang-format off */
static const struct {
	const char *command;
	unsigned word; /* of the line, or ANY_WORD */
	void (*offer)(const struct question *q);
} arguments[] = {
	{ "view", 1, offer_views },
	{ "sort", 1, offer_columns },
	{ "column", 1, offer_columns },
	{ "columns", ANY_WORD, offer_columns },
	{ "interface", 1, offer_taps },
	{ "show", ANY_WORD, offer_show },
	{ "capture", ANY_WORD, offer_capture },
	{ "bind", 2, offer_commands },
};
/* clang-format on */

/* Offers the fixed words of the command's n-th argument: those in lower case in its text. */
static void
offer_literals(const struct question *q)
{
	static const char between[] = "[]|,. ";
	const char *s = q->command->args;

	for (unsigned part = 1; part < q->word && s != NULL; part++)
		s = strchr(s, ' ') != NULL ? strchr(s, ' ') + 1 : NULL;
	while (s != NULL && *s != '\0' && *s != ' ') {
		size_t n = strcspn(s, between);

		if (n > 0 && (islower((unsigned char)*s) || isdigit((unsigned char)*s)))
			offer(q, s, n);
		s += n;
		if (*s != '\0' && *s != ' ')
			s++;
	}
}

static void
offer_arguments(const struct question *q)
{
	for (size_t i = 0; i < NITEMS(arguments); i++)
		if (strcmp(arguments[i].command, q->command->name) == 0 &&
		    (arguments[i].word == ANY_WORD || arguments[i].word == q->word))
			arguments[i].offer(q);
	offer_literals(q);
}

/* Reads the words of the line that lie before the one at the cursor. */
static void
ask(struct question *q)
{
	const char *s = q->st->typed, *end = s + q->st->complete.from;

	for (q->word = 0; s < end; q->word++) {
		s += strspn(s, " ");
		if (s >= end)
			return;
		if (q->word == 0)
			q->command = command_find(s, strcspn(s, " "));
		s += strcspn(s, " ");
		if (s >= end) /* the cursor is inside this word, as in "a,b" */
			return;
	}
}

void
complete_find(const struct state *st, struct candidates *c)
{
	struct question q = { .st = st, .c = c };

	c->n = 0;
	if (st->prompt == PROMPT_SHOW)
		offer_show(&q);
	else if (st->prompt == PROMPT_CAPTURE)
		offer_capture(&q);
	if (st->prompt != PROMPT_COMMAND)
		return;
	ask(&q);
	if (q.word == 0)
		offer_commands(&q);
	else if (q.command != NULL)
		offer_arguments(&q);
}

/* Starts completing the word before the cursor. */
static void
begin(struct state *st)
{
	struct complete *m = &st->complete;
	static const char between[] = " \t()!=<>~,+-\"'&|";
	unsigned at = st->typed_at;

	while (at > 0 && strchr(between, st->typed[at - 1]) == NULL)
		at--;
	/* Names of commands and their arguments may have hyphens. */
	while (st->prompt == PROMPT_COMMAND && at > 1 && st->typed[at - 1] == '-' &&
	    islower((unsigned char)st->typed[at - 2]))
		for (at--; at > 0 && strchr(between, st->typed[at - 1]) == NULL;)
			at--;
	*m = (struct complete){ .on = true, .from = at };
	snprintf(m->stem, sizeof(m->stem), "%.*s", (int)(st->typed_at - at), st->typed + at);
}

static unsigned
put(struct state *st, int step)
{
	struct complete *m = &st->complete;
	bool first = !m->on;
	struct candidates c;

	if (first)
		begin(st);
	complete_find(st, &c);
	if (c.n == 0) {
		state_say(st, false, "nothing begins with \"%s\" here", m->stem);
		m->on = false;
		return 0;
	}
	if (first)
		m->at = step > 0 ? 0 : c.n - 1;
	else
		m->at = (m->at + (step > 0 ? 1 : c.n - 1)) % c.n;
	return prompt_replace(st, m->from, c.word[m->at]);
}

unsigned
complete_next(struct state *st)
{
	return put(st, 1);
}

unsigned
complete_previous(struct state *st)
{
	return put(st, -1);
}
