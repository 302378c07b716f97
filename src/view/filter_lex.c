/* The tokens of the display filter. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/private.h"

#define BLANKS  " \t\r\n"
#define SPECIAL BLANKS "()=!<>~&|\"'"

bool
filter_fail(struct filter_error *e, size_t at, const char *fmt, ...)
{
	char sentence[TEXT_MAX + 1];
	va_list ap;

	if (e->set)
		return false;
	e->set = true;
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	if (e->text != NULL) {
		buf_clear(e->text);
		text_clean(e->text, sentence, strlen(sentence));
	}
	if (e->at != NULL)
		*e->at = at;
	return false;
}

static void
filter_lex_set(struct filter_lexer *x, enum filter_token t, size_t len)
{
	x->token = t;
	x->word = (struct filter_word){ .s = x->text + x->pos, .len = len, .at = x->pos };
	x->pos += len;
}

/* Longer ones first. */
/* clang-format off */
static const struct filter_symbol {
	const char *s;
	enum filter_token token;
	enum filter_op op;
} filter_symbols[] = {
	{ "&&", TOKEN_AND, 0 },
	{ "||", TOKEN_OR, 0 },
	{ "==", TOKEN_OP, OP_EQ },
	{ "=~", TOKEN_OP, OP_LIKE },
	{ "!=", TOKEN_OP, OP_NE },
	{ "!~", TOKEN_OP, OP_NOT_LIKE },
	{ "<>", TOKEN_OP, OP_NE },
	{ ">=", TOKEN_OP, OP_GE },
	{ "<=", TOKEN_OP, OP_LE },
	{ "=", TOKEN_OP, OP_EQ },
	{ ">", TOKEN_OP, OP_GT },
	{ "<", TOKEN_OP, OP_LT },
	{ "~", TOKEN_OP, OP_LIKE },
	{ "!", TOKEN_NOT, 0 },
	{ "(", TOKEN_OPEN, 0 },
	{ ")", TOKEN_CLOSE, 0 },
};

static const struct {
	const char *s;
	enum filter_token token;
} filter_joining_words[] = { { "and", TOKEN_AND }, { "or", TOKEN_OR }, { "not", TOKEN_NOT } };
/* clang-format on */

bool
filter_word_is(const struct filter_word *w, const char *s)
{
	return strlen(s) == w->len && strncasecmp(s, w->s, w->len) == 0;
}

bool
filter_word_copy(const struct filter_word *w, char *s, size_t size)
{
	if (w->len >= size)
		return false;
	memcpy(s, w->s, w->len);
	s[w->len] = '\0';
	return true;
}

static bool
filter_lex_symbol(struct filter_lexer *x)
{
	for (unsigned i = 0; i < NITEMS(filter_symbols); i++) {
		size_t len = strlen(filter_symbols[i].s);

		if (strncmp(x->text + x->pos, filter_symbols[i].s, len) == 0) {
			x->op = filter_symbols[i].op;
			filter_lex_set(x, filter_symbols[i].token, len);
			return true;
		}
	}
	return false;
}

static void
filter_lex_quoted(struct filter_lexer *x)
{
	const char *start = x->text + x->pos, *end = strchr(start + 1, *start);

	if (end == NULL) {
		filter_lex_set(x, TOKEN_BAD, 1);
		filter_fail(x->error, x->word.at, "unclosed quote");
		return;
	}
	filter_lex_set(x, TOKEN_QUOTED, (size_t)(end + 1 - start));
	x->word = filter_word_part(&x->word, 1, x->word.len - 2);
	x->word.at--;
}

static void
filter_lex_word(struct filter_lexer *x)
{
	filter_lex_set(x, TOKEN_WORD, strcspn(x->text + x->pos, SPECIAL));
	for (unsigned i = 0; i < NITEMS(filter_joining_words); i++)
		if (filter_word_is(&x->word, filter_joining_words[i].s))
			x->token = filter_joining_words[i].token;
}

void
filter_lex_next(struct filter_lexer *x)
{
	char c;

	x->pos += strspn(x->text + x->pos, BLANKS);
	c = x->text[x->pos];
	if (c == '\0') {
		filter_lex_set(x, TOKEN_END, 0);
	} else if (filter_lex_symbol(x)) {
		return;
	} else if (c == '"' || c == '\'') {
		filter_lex_quoted(x);
	} else if (c == '&' || c == '|') {
		filter_lex_set(x, TOKEN_BAD, 1);
		filter_fail(x->error, x->word.at, "\"%c\" stands alone: write %s", c,
		    c == '&' ? "and" : "or");
	} else {
		filter_lex_word(x);
	}
}

bool
filter_lex_until(struct filter_lexer *x, char close, struct filter_word *content)
{
	const char *start = x->text + x->word.at + 1, *end = strchr(start, close);

	if (end == NULL)
		return filter_fail(x->error, x->word.at, "unclosed list");
	*content =
	    (struct filter_word){ .s = start, .len = (size_t)(end - start), .at = x->word.at + 1 };
	x->pos = (size_t)(end + 1 - x->text);
	filter_lex_next(x);
	return true;
}

bool
filter_word_split(struct filter_word *list, struct filter_word *first)
{
	static const char between[] = "," BLANKS;
	size_t from = 0, to;

	while (from < list->len && strchr(between, list->s[from]) != NULL)
		from++;
	for (to = from; to < list->len && strchr(between, list->s[to]) == NULL;)
		to++;
	*first = filter_word_part(list, from, to - from);
	*list = filter_word_part(list, to, list->len - to);
	if (first->len >= 2 && strchr("\"'", *first->s) != NULL)
		*first = filter_word_part(first, 1, first->len - 2);
	return to > from;
}
