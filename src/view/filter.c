#include "config.h"

#include "view/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "view/private.h"

/* How deep parentheses and "not" may go. */
#define DEPTH_MAX 32

#define BLANKS  " \t\r\n"
#define SPECIAL BLANKS "()=!<>~&|\"'"

const char *const filter_words[] = { "and", "or", "not", "host", "net", "port", "proto", "context",
	"vlan", "vni", "gre_key", "teid", "label", "session", "tcp", "udp", "icmp", "arp", "ip",
	"ip6", NULL };

struct filter {
	const struct view *view;
	struct filter_node *root;      /* NULL: takes all */
	struct filter_node *last_node; /* all nodes, newest first */
};

enum filter_token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_QUOTED,
	TOKEN_OP,
	TOKEN_NOT,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_BAD
};

struct filter_parser {
	const char *text;
	size_t pos; /* behind the token */
	enum filter_token token;
	enum filter_op op;       /* of T_OP */
	struct filter_word word; /* the token's text; of TOKEN_QUOTED without the quotes */
	unsigned depth;
	struct filter *filter;
	struct filter_error *error;
};

static void
filter_set_token(struct filter_parser *p, enum filter_token t, size_t len)
{
	p->token = t;
	p->word = (struct filter_word){ .s = p->text + p->pos, .len = len, .at = p->pos };
	p->pos += len;
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
	{ "!=", TOKEN_OP, OP_NE },
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

static bool
filter_lex_symbol(struct filter_parser *p)
{
	for (unsigned i = 0; i < NITEMS(filter_symbols); i++) {
		size_t len = strlen(filter_symbols[i].s);

		if (strncmp(p->text + p->pos, filter_symbols[i].s, len) == 0) {
			p->op = filter_symbols[i].op;
			filter_set_token(p, filter_symbols[i].token, len);
			return true;
		}
	}
	return false;
}

static void
filter_lex_quoted(struct filter_parser *p)
{
	const char *start = p->text + p->pos, *end = strchr(start + 1, *start);

	if (end == NULL) {
		filter_set_token(p, TOKEN_BAD, 1);
		filter_fail(p->error, p->word.at, "unclosed quote");
		return;
	}
	filter_set_token(p, TOKEN_QUOTED, (size_t)(end + 1 - start));
	p->word.s++;
	p->word.len -= 2;
}

static void
filter_lex_word(struct filter_parser *p)
{
	filter_set_token(p, TOKEN_WORD, strcspn(p->text + p->pos, SPECIAL));
	for (unsigned i = 0; i < NITEMS(filter_joining_words); i++)
		if (strlen(filter_joining_words[i].s) == p->word.len &&
		    strncasecmp(filter_joining_words[i].s, p->word.s, p->word.len) == 0)
			p->token = filter_joining_words[i].token;
}

static void
filter_next_token(struct filter_parser *p)
{
	char c;

	p->pos += strspn(p->text + p->pos, BLANKS);
	c = p->text[p->pos];
	if (c == '\0') {
		filter_set_token(p, TOKEN_END, 0);
	} else if (filter_lex_symbol(p)) {
		return;
	} else if (c == '"' || c == '\'') {
		filter_lex_quoted(p);
	} else if (c == '&' || c == '|') {
		filter_set_token(p, TOKEN_BAD, 1);
		filter_fail(p->error, p->word.at, "\"%c\" stands alone: write %s", c,
		    c == '&' ? "and" : "or");
	} else {
		filter_lex_word(p);
	}
}

static struct filter_node *
filter_new_node(struct filter_parser *p)
{
	struct filter_node *n = xcalloc(1, sizeof(*n));

	n->prev_made = p->filter->last_node;
	p->filter->last_node = n;
	return n;
}

static bool
filter_match_and(const struct filter_node *n, const struct filter_row *r)
{
	for (const struct filter_node *c = n->child; c != NULL; c = c->next)
		if (!c->match(c, r))
			return false;
	return true;
}

static bool
filter_match_or(const struct filter_node *n, const struct filter_row *r)
{
	for (const struct filter_node *c = n->child; c != NULL; c = c->next)
		if (c->match(c, r))
			return true;
	return false;
}

static bool
filter_match_not(const struct filter_node *n, const struct filter_row *r)
{
	return !n->child->match(n->child, r);
}

/* The value after an operator or keyword: any word, even "and". */
static bool
filter_parse_value(struct filter_parser *p, struct filter_word *value)
{
	if (p->token != TOKEN_WORD && p->token != TOKEN_QUOTED && p->token != TOKEN_AND &&
	    p->token != TOKEN_OR && p->token != TOKEN_NOT)
		return false;
	*value = p->word;
	filter_next_token(p);
	return true;
}

static bool
filter_fail_no_value(struct filter_parser *p, const struct filter_word *word)
{
	int len = word->len < 40 ? (int)word->len : 40;

	return filter_fail(p->error, p->word.at, "%.*s requires a value", len, word->s);
}

static bool
filter_parse_compare(
    struct filter_parser *p, struct filter_node *n, const struct filter_word *column)
{
	enum filter_op op = p->op;
	struct filter_word value;

	filter_next_token(p);
	if (!filter_parse_value(p, &value))
		return filter_fail_no_value(p, column);
	return filter_term_compare(n, p->filter->view, column, op, &value, p->error);
}

static bool
filter_parse_named(struct filter_parser *p, struct filter_node *n, const struct filter_word *word,
    bool has_argument)
{
	struct filter_word argument;

	if (!has_argument)
		return filter_term_named(n, p->filter->view, word, NULL, p->error);
	if (!filter_parse_value(p, &argument))
		return filter_fail_no_value(p, word);
	return filter_term_named(n, p->filter->view, word, &argument, p->error);
}

static struct filter_node *
filter_parse_term(struct filter_parser *p)
{
	struct filter_node *n = filter_new_node(p);
	struct filter_word word = p->word;
	bool quoted = p->token == TOKEN_QUOTED, has_argument, ok;

	filter_next_token(p);
	if (!quoted && p->token == TOKEN_OP)
		ok = filter_parse_compare(p, n, &word);
	else if (!quoted && filter_term_is_named(&word, &has_argument))
		ok = filter_parse_named(p, n, &word, has_argument);
	else
		ok = filter_term_contains(n, &word);
	return ok ? n : NULL;
}

static struct filter_node *filter_parse_or(struct filter_parser *p);

static struct filter_node *
filter_parse_parentheses(struct filter_parser *p)
{
	size_t at = p->word.at;
	struct filter_node *n;

	filter_next_token(p);
	n = filter_parse_or(p);
	if (n == NULL)
		return NULL;
	if (p->token != TOKEN_CLOSE) {
		filter_fail(p->error, at, "unclosed parenthesis");
		return NULL;
	}
	filter_next_token(p);
	return n;
}

static struct filter_node *filter_parse_not(struct filter_parser *p);

static struct filter_node *
filter_parse_negation(struct filter_parser *p)
{
	struct filter_node *n = filter_new_node(p);

	filter_next_token(p);
	n->match = filter_match_not;
	n->child = filter_parse_not(p);
	return n->child != NULL ? n : NULL;
}

static struct filter_node *
filter_parse_not(struct filter_parser *p)
{
	struct filter_node *n = NULL;

	if (p->token == TOKEN_WORD || p->token == TOKEN_QUOTED)
		return filter_parse_term(p);
	if (p->token != TOKEN_NOT && p->token != TOKEN_OPEN) {
		filter_fail(p->error, p->word.at, "expected a term");
		return NULL;
	}
	if (++p->depth > DEPTH_MAX)
		filter_fail(p->error, p->word.at, "nested too deeply");
	else
		n = p->token == TOKEN_NOT ? filter_parse_negation(p) : filter_parse_parentheses(p);
	p->depth--;
	return n;
}

/* Parses operands while wire_append() finds another one; a single one needs no node. */
static struct filter_node *
filter_parse_operands(struct filter_parser *p,
    struct filter_node *(*operand)(struct filter_parser *), bool (*more)(struct filter_parser *),
    bool (*takes)(const struct filter_node *, const struct filter_row *))
{
	struct filter_node *first = operand(p), *last = first, *n;

	while (last != NULL && more(p)) {
		last->next = operand(p);
		last = last->next;
	}
	if (last == NULL)
		return NULL;
	if (first == last)
		return first;
	n = filter_new_node(p);
	n->match = takes;
	n->child = first;
	return n;
}

static bool
filter_joined_by_and(struct filter_parser *p)
{
	if (p->token == TOKEN_AND) {
		filter_next_token(p);
		return true;
	}
	return p->token == TOKEN_WORD || p->token == TOKEN_QUOTED || p->token == TOKEN_NOT ||
	    p->token == TOKEN_OPEN;
}

static bool
filter_joined_by_or(struct filter_parser *p)
{
	if (p->token != TOKEN_OR)
		return false;
	filter_next_token(p);
	return true;
}

static struct filter_node *
filter_parse_and(struct filter_parser *p)
{
	return filter_parse_operands(p, filter_parse_not, filter_joined_by_and, filter_match_and);
}

static struct filter_node *
filter_parse_or(struct filter_parser *p)
{
	return filter_parse_operands(p, filter_parse_and, filter_joined_by_or, filter_match_or);
}

static bool
filter_parse_all(struct filter_parser *p)
{
	if (strlen(p->text) > FILTER_MAX)
		return filter_fail(p->error, FILTER_MAX, "too long (maximum %d bytes)", FILTER_MAX);
	filter_next_token(p);
	if (p->token == TOKEN_END)
		return true;
	p->filter->root = filter_parse_or(p);
	if (p->filter->root == NULL)
		return false;
	if (p->token == TOKEN_CLOSE)
		return filter_fail(p->error, p->word.at, "unmatched closing parenthesis");
	if (p->token != TOKEN_END)
		return filter_fail(p->error, p->word.at, "expected a column before this");
	return !p->error->set;
}

struct filter *
filter_new(const struct view *v, const char *text, struct buf *err, size_t *at)
{
	struct filter *f = xcalloc(1, sizeof(*f));
	struct filter_error error = { .text = err, .at = at };
	struct filter_parser p = { .text = text, .filter = f, .error = &error };

	f->view = v;
	if (filter_parse_all(&p))
		return f;
	filter_del(f);
	return NULL;
}

void
filter_del(struct filter *f)
{
	struct filter_node *n, *before;

	if (f == NULL)
		return;
	for (n = f->last_node; n != NULL; n = before) {
		before = n->prev_made;
		filter_term_fini(n);
		free(n);
	}
	free(f);
}

bool
filter_matches_all(const struct filter *f)
{
	return f == NULL || f->root == NULL;
}

bool
filter_matches(const struct filter *f, const struct scope *s, const void *row)
{
	struct filter_row r = { .scope = s, .row = row };

	if (filter_matches_all(f))
		return true;
	r.view = f->view;
	return f->root->match(f->root, &r);
}

bool
filter_matches_cells(const struct filter *f, const struct view *v, const struct value *cells)
{
	struct filter_row r = { .view = v, .cells = cells };

	return filter_matches_all(f) || f->root->match(f->root, &r);
}

/* Skips a term, an operand of "and" or "or".  False if there is none. */
static bool
filter_skip_term(struct filter_parser *p)
{
	bool quoted, has_argument;
	struct filter_word word;
	unsigned open = 0;

	while (p->token == TOKEN_NOT)
		filter_next_token(p);
	if (p->token == TOKEN_OPEN) {
		do {
			open += p->token == TOKEN_OPEN;
			open -= p->token == TOKEN_CLOSE;
			filter_next_token(p);
		} while (open > 0 && p->token != TOKEN_END && p->token != TOKEN_BAD);
		if (open > 0)
			p->token = TOKEN_BAD;
		return open == 0;
	}
	quoted = p->token == TOKEN_QUOTED;
	word = p->word;
	if (!quoted && p->token != TOKEN_WORD)
		return false;
	filter_next_token(p);
	if (quoted ||
	    (p->token != TOKEN_OP && !(filter_term_is_named(&word, &has_argument) && has_argument)))
		return true;
	if (p->token == TOKEN_OP)
		filter_next_token(p);
	return filter_parse_value(p, &word);
}

size_t
filter_last_term_start(const char *text, bool *either)
{
	struct filter_error error = { .text = NULL };
	struct filter_parser p = { .text = text, .error = &error };
	size_t cut = 0;

	*either = false;
	filter_next_token(&p);
	while (filter_skip_term(&p)) {
		if (p.token == TOKEN_END)
			break;
		cut = p.word.at;
		*either |= p.token == TOKEN_OR;
		if (p.token == TOKEN_AND || p.token == TOKEN_OR)
			filter_next_token(&p);
	}
	if (p.token != TOKEN_END)
		return 0;
	while (cut > 0 && strchr(BLANKS, text[cut - 1]) != NULL)
		cut--;
	return cut;
}
