#include "config.h"

#include "control/menu.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "control/command.h"
#include "control/prompt.h"
#include "dissect/dissect.h"
#include "util/attr.h"

/* What is completed: the words before the cursor decide which candidates there are. */
struct completion_query {
	const struct state *st;
	const struct command *command; /* NULL: its name is being typed, or it is unknown */
	unsigned word;                 /* number of the word, 0 being the command */
	const char *stem;              /* what a candidate begins with */
	struct completion_list *c;
};

static void
completion_offer(const struct completion_query *q, const char *word, size_t n)
{
	size_t stem = strlen(q->stem);
	struct completion_list *c = q->c;

	if (n >= COMPLETION_WORD || n < stem || strncmp(word, q->stem, stem) != 0)
		return;
	for (unsigned i = 0; i < c->n; i++)
		if (strlen(c->word[i]) == n && strncmp(c->word[i], word, n) == 0)
			return;
	if (c->n < COMPLETION_MAX)
		strlcpy(c->word[c->n++], word, n + 1);
}

static void
completion_offer_word(const struct completion_query *q, const char *word)
{
	completion_offer(q, word, strlen(word));
}

static void
completion_offer_commands(const struct completion_query *q)
{
	for (unsigned i = 0; i < n_commands; i++)
		completion_offer_word(q, commands[i].name);
}

static void
completion_offer_views(const struct completion_query *q)
{
	for (unsigned i = 0; i < n_views; i++)
		completion_offer_word(q, views[i]->name);
}

static void
completion_offer_columns(const struct completion_query *q)
{
	const struct view *v = views[q->st->view];

	for (unsigned i = 0; i < v->n_cols; i++)
		completion_offer_word(q, v->cols[i].name);
}

static void
completion_offer_interfaces(const struct completion_query *q)
{
	for (unsigned i = 0; i < q->st->ifaces.n; i++)
		completion_offer_word(q, q->st->ifaces.iface[i].name);
}

static void
completion_offer_states(const struct completion_query *q)
{
	for (enum flow_state s = FLOW_NONE + 1; s <= FLOW_RESET; s++)
		completion_offer_word(q, flow_state_name(s));
}

static void
completion_offer_protocols(const struct completion_query *q)
{
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		completion_offer_word(q, proto_name(i));
}

static void
completion_offer_services(const struct completion_query *q)
{
	for (size_t i = 0; service_listed(i) != NULL; i++)
		completion_offer_word(q, service_listed(i));
}

/* What the rows on the screen have in that column, if it has texts without blanks. */
static void
completion_offer_cells(const struct completion_query *q, const char *name)
{
	const struct view *v = views[q->st->view];
	const struct column *c = view_match_column(v, name);

	for (uint32_t i = 0; c != NULL && i < state_row_count(q->st); i++) {
		const struct value *cell = &state_row(q->st, i)->cell[c - v->cols];

		if (cell->type == V_TEXT && *cell->text != '\0' && strchr(cell->text, ' ') == NULL)
			completion_offer_word(q, cell->text);
	}
}

/* The values of a term of a display filter that are known beforehand. */
/* clang-format off */
static const struct {
	const char *subject;
	void (*offer)(const struct completion_query *q);
} values[] = {
	{ "state", completion_offer_states },
	{ "app", completion_offer_protocols },
	{ "proto", completion_offer_protocols },
	{ "protocol", completion_offer_protocols },
	{ "port", completion_offer_services },
	{ "service", completion_offer_services },
	{ "a_port", completion_offer_services },
	{ "b_port", completion_offer_services },
	{ "tcp.port", completion_offer_services },
	{ "udp.port", completion_offer_services },
};
/* clang-format on */

/* The subject of the term whose value is at the cursor, as "state" of "state = est". */
static bool
completion_read_subject(const struct state *st, char *subject, size_t size, bool *compared)
{
	const char *end = st->typed + st->complete.start, *s;

	for (*compared = false; end > st->typed && strchr(" =!~:", end[-1]) != NULL; end--)
		*compared |= end[-1] != ' ';
	for (s = end; s > st->typed && strchr(" =!~:()&|", s[-1]) == NULL;)
		s--;
	if (end == st->typed + st->complete.start || s == end || (size_t)(end - s) >= size)
		return false;
	memcpy(subject, s, (size_t)(end - s));
	subject[end - s] = '\0';
	return true;
}

/* True if the cursor is at a value, whose candidates have been offered. */
static bool
completion_offer_values(const struct completion_query *q)
{
	char subject[32];
	bool known = false, compared;

	if (!completion_read_subject(q->st, subject, sizeof(subject), &compared))
		return false;
	if (compared)
		completion_offer_cells(q, subject);
	for (size_t i = 0; i < NITEMS(values); i++) {
		if (strcmp(values[i].subject, subject) == 0) {
			values[i].offer(q);
			known = true;
		}
	}
	return known || q->c->n > 0;
}

static void
completion_offer_show(const struct completion_query *q)
{
	if (completion_offer_values(q))
		return;
	completion_offer_columns(q);
	for (unsigned i = 0; filter_words[i] != NULL; i++)
		completion_offer_word(q, filter_words[i]);
}

static void
completion_offer_capture(const struct completion_query *q)
{
	static const char *const words[] = { "and", "arp", "broadcast", "dst", "ether", "greater",
		"host", "icmp", "icmp6", "ip", "ip6", "less", "mpls", "multicast", "net", "not",
		"or", "port", "portrange", "pppoes", "proto", "sctp", "src", "tcp", "udp", "vlan" };

	for (size_t i = 0; i < NITEMS(words); i++)
		completion_offer_word(q, words[i]);
}

#define ANY_WORD 0

/* Arguments of commands that are not fixed words. */
/* clang-format off */
static const struct {
	const char *command;
	unsigned word; /* of the line, or ANY_WORD */
	void (*offer)(const struct completion_query *q);
} arguments[] = {
	{ "view", 1, completion_offer_views },
	{ "sort", 1, completion_offer_columns },
	{ "column", 1, completion_offer_columns },
	{ "columns", ANY_WORD, completion_offer_columns },
	{ "interface", 1, completion_offer_interfaces },
	{ "show", ANY_WORD, completion_offer_show },
	{ "capture", ANY_WORD, completion_offer_capture },
	{ "bind", 2, completion_offer_commands },
};
/* clang-format on */

/* Offers the fixed words of the command's n-th argument: those in lower case in its text. */
static void
completion_offer_literals(const struct completion_query *q)
{
	static const char between[] = "[]|,. ";
	const char *s = q->command->args;

	for (unsigned part = 1; part < q->word && s != NULL; part++)
		s = strchr(s, ' ') != NULL ? strchr(s, ' ') + 1 : NULL;
	while (s != NULL && *s != '\0' && *s != ' ') {
		size_t n = strcspn(s, between);

		if (n > 0 && (islower((unsigned char)*s) || isdigit((unsigned char)*s)))
			completion_offer(q, s, n);
		s += n;
		if (*s != '\0' && *s != ' ')
			s++;
	}
}

static void
completion_offer_arguments(const struct completion_query *q)
{
	for (size_t i = 0; i < NITEMS(arguments); i++)
		if (strcmp(arguments[i].command, q->command->name) == 0 &&
		    (arguments[i].word == ANY_WORD || arguments[i].word == q->word))
			arguments[i].offer(q);
	completion_offer_literals(q);
}

/* Reads the words of the line that lie before the one at the cursor. */
static void
completion_read_words(struct completion_query *q)
{
	const char *s = q->st->typed, *end = s + q->st->complete.start;

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
completion_find(const struct state *st, struct completion_list *c)
{
	struct completion_query q = { .st = st, .stem = st->complete.stem, .c = c };

	c->n = 0;
	if (st->prompt == PROMPT_SHOW)
		completion_offer_show(&q);
	else if (st->prompt == PROMPT_CAPTURE)
		completion_offer_capture(&q);
	if (st->prompt != PROMPT_COMMAND)
		return;
	completion_read_words(&q);
	if (q.word == 0) {
		completion_offer_commands(&q);
		completion_offer_views(&q);
	} else if (q.command != NULL) {
		completion_offer_arguments(&q);
	}
}

/* The candidate that is meant by a beginning: an exact one, or the only one. */
static const char *
completion_choose(const struct completion_list *c, const char *stem)
{
	for (unsigned i = 0; i < c->n; i++)
		if (strcmp(c->word[i], stem) == 0)
			return c->word[i];
	return c->n == 1 ? c->word[0] : NULL;
}

bool
completion_expand(const struct state *st, const struct command *command, unsigned word,
    const char *stem, char out[COMPLETION_WORD])
{
	struct completion_list c = { .n = 0 };
	struct completion_query q = {
		.st = st, .command = command, .word = word, .stem = stem, .c = &c
	};
	const char *found;

	if (*stem == '\0')
		return false;
	completion_offer_arguments(&q);
	if ((found = completion_choose(&c, stem)) == NULL)
		return false;
	strlcpy(out, found, COMPLETION_WORD);
	return true;
}

const char *
completion_command(const struct state *st, const char *stem, struct completion_list *c)
{
	struct completion_query q = { .st = st, .stem = stem, .c = c };

	c->n = 0;
	completion_offer_commands(&q);
	completion_offer_views(&q);
	return completion_choose(c, stem);
}

/* Starts completing the word before the cursor. */
static void
completion_start(struct state *st)
{
	struct completion *m = &st->complete;
	static const char between[] = " \t()!=<>~,:+-\"'&|";
	unsigned at = st->cursor_at;

	while (at > 0 && strchr(between, st->typed[at - 1]) == NULL)
		at--;
	/* Names of commands and their arguments may have hyphens. */
	while (st->prompt == PROMPT_COMMAND && at > 1 && st->typed[at - 1] == '-' &&
	    islower((unsigned char)st->typed[at - 2]))
		for (at--; at > 0 && strchr(between, st->typed[at - 1]) == NULL;)
			at--;
	*m = (struct completion){ .active = true, .start = at };
	snprintf(m->stem, sizeof(m->stem), "%.*s", (int)(st->cursor_at - at), st->typed + at);
}

static unsigned
completion_put_candidate(struct state *st, int step)
{
	struct completion *m = &st->complete;
	bool first = !m->active;
	struct completion_list c;

	if (first)
		completion_start(st);
	completion_find(st, &c);
	if (c.n == 0) {
		status_message(st, false, "no completion for \"%s\"", m->stem);
		m->active = false;
		return 0;
	}
	if (first)
		m->index = step > 0 ? 0 : c.n - 1;
	else
		m->index = (m->index + (step > 0 ? 1 : c.n - 1)) % c.n;
	return prompt_line_replace(st, m->start, c.word[m->index]);
}

unsigned
completion_next(struct state *st)
{
	return completion_put_candidate(st, 1);
}

unsigned
completion_previous(struct state *st)
{
	return completion_put_candidate(st, -1);
}
