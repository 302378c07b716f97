#include "config.h"

#include "view/filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/attr.h"
#include "util/die.h"
#include "view/filter_node.h"

/* How deep parentheses and "not" may go. */
#define DEPTH_MAX 32

#define BLANKS  " \t\r\n"
#define SPECIAL BLANKS "()=!<>~&|\"'"

const char *const filter_words[] = { "and", "or", "not", "host", "net", "port", "proto", "context",
	"vlan", "vni", "gre_key", "teid", "label", "session", "tcp", "udp", "icmp", "arp", "ip",
	"ip6", NULL };

struct filter {
	const struct view *view;
	struct filter_node *root; /* NULL: takes all */
	struct filter_node *made; /* all nodes, newest first */
};

enum token { T_END, T_WORD, T_QUOTED, T_OP, T_NOT, T_AND, T_OR, T_OPEN, T_CLOSE, T_BAD };

struct parse {
	const char *text;
	size_t pos; /* behind the token */
	enum token token;
	enum filter_op op;       /* of T_OP */
	struct filter_word word; /* the token's text; of T_QUOTED without the quotes */
	unsigned depth;
	struct filter *filter;
	struct filter_error *error;
};

static void
take(struct parse *p, enum token t, size_t len)
{
	p->token = t;
	p->word = (struct filter_word){ .s = p->text + p->pos, .len = len, .at = p->pos };
	p->pos += len;
}

/* Longer ones first. */
/* clang-format off */
static const struct symbol {
	const char *s;
	enum token token;
	enum filter_op op;
} symbols[] = {
	{ "&&", T_AND, 0 },
	{ "||", T_OR, 0 },
	{ "==", T_OP, OP_EQ },
	{ "!=", T_OP, OP_NE },
	{ ">=", T_OP, OP_GE },
	{ "<=", T_OP, OP_LE },
	{ "=", T_OP, OP_EQ },
	{ ">", T_OP, OP_GT },
	{ "<", T_OP, OP_LT },
	{ "~", T_OP, OP_LIKE },
	{ "!", T_NOT, 0 },
	{ "(", T_OPEN, 0 },
	{ ")", T_CLOSE, 0 },
};

static const struct {
	const char *s;
	enum token token;
} joints[] = { { "and", T_AND }, { "or", T_OR }, { "not", T_NOT } };
/* clang-format on */

static bool
take_symbol(struct parse *p)
{
	for (unsigned i = 0; i < NITEMS(symbols); i++) {
		size_t len = strlen(symbols[i].s);

		if (strncmp(p->text + p->pos, symbols[i].s, len) == 0) {
			p->op = symbols[i].op;
			take(p, symbols[i].token, len);
			return true;
		}
	}
	return false;
}

static void
take_quoted(struct parse *p)
{
	const char *start = p->text + p->pos, *end = strchr(start + 1, *start);

	if (end == NULL) {
		take(p, T_BAD, 1);
		filter_fail(p->error, p->word.at, "the quote is not closed");
		return;
	}
	take(p, T_QUOTED, (size_t)(end + 1 - start));
	p->word.s++;
	p->word.len -= 2;
}

static void
take_word(struct parse *p)
{
	take(p, T_WORD, strcspn(p->text + p->pos, SPECIAL));
	for (unsigned i = 0; i < NITEMS(joints); i++)
		if (strlen(joints[i].s) == p->word.len &&
		    strncasecmp(joints[i].s, p->word.s, p->word.len) == 0)
			p->token = joints[i].token;
}

static void
advance(struct parse *p)
{
	char c;

	p->pos += strspn(p->text + p->pos, BLANKS);
	c = p->text[p->pos];
	if (c == '\0') {
		take(p, T_END, 0);
	} else if (take_symbol(p)) {
		return;
	} else if (c == '"' || c == '\'') {
		take_quoted(p);
	} else if (c == '&' || c == '|') {
		take(p, T_BAD, 1);
		filter_fail(p->error, p->word.at, "\"%c\" stands alone: write %s", c,
		    c == '&' ? "and" : "or");
	} else {
		take_word(p);
	}
}

static struct filter_node *
new_node(struct parse *p)
{
	struct filter_node *n = xcalloc(1, sizeof(*n));

	n->made = p->filter->made;
	p->filter->made = n;
	return n;
}

static bool
takes_and(const struct filter_node *n, const struct filter_row *r)
{
	for (const struct filter_node *c = n->child; c != NULL; c = c->next)
		if (!c->takes(c, r))
			return false;
	return true;
}

static bool
takes_or(const struct filter_node *n, const struct filter_row *r)
{
	for (const struct filter_node *c = n->child; c != NULL; c = c->next)
		if (c->takes(c, r))
			return true;
	return false;
}

static bool
takes_not(const struct filter_node *n, const struct filter_row *r)
{
	return !n->child->takes(n->child, r);
}

/* The value after an operator or keyword: any word, even "and". */
static bool
take_value(struct parse *p, struct filter_word *value)
{
	if (p->token != T_WORD && p->token != T_QUOTED && p->token != T_AND && p->token != T_OR &&
	    p->token != T_NOT)
		return false;
	*value = p->word;
	advance(p);
	return true;
}

static bool
wants_value(struct parse *p, const struct filter_word *word)
{
	int len = word->len < 40 ? (int)word->len : 40;

	return filter_fail(p->error, p->word.at, "%.*s wants a value", len, word->s);
}

static bool
parse_compare(struct parse *p, struct filter_node *n, const struct filter_word *column)
{
	enum filter_op op = p->op;
	struct filter_word value;

	advance(p);
	if (!take_value(p, &value))
		return wants_value(p, column);
	return term_compare(n, p->filter->view, column, op, &value, p->error);
}

static bool
parse_named(
    struct parse *p, struct filter_node *n, const struct filter_word *word, bool has_argument)
{
	struct filter_word argument;

	if (!has_argument)
		return term_named(n, p->filter->view, word, NULL, p->error);
	if (!take_value(p, &argument))
		return wants_value(p, word);
	return term_named(n, p->filter->view, word, &argument, p->error);
}

static struct filter_node *
parse_term(struct parse *p)
{
	struct filter_node *n = new_node(p);
	struct filter_word word = p->word;
	bool quoted = p->token == T_QUOTED, has_argument, ok;

	advance(p);
	if (!quoted && p->token == T_OP)
		ok = parse_compare(p, n, &word);
	else if (!quoted && term_is_named(&word, &has_argument))
		ok = parse_named(p, n, &word, has_argument);
	else
		ok = term_contains(n, &word);
	return ok ? n : NULL;
}

static struct filter_node *parse_or(struct parse *p);

static struct filter_node *
parse_parentheses(struct parse *p)
{
	size_t at = p->word.at;
	struct filter_node *n;

	advance(p);
	n = parse_or(p);
	if (n == NULL)
		return NULL;
	if (p->token != T_CLOSE) {
		filter_fail(p->error, at, "the parenthesis is not closed");
		return NULL;
	}
	advance(p);
	return n;
}

static struct filter_node *parse_not(struct parse *p);

static struct filter_node *
parse_negation(struct parse *p)
{
	struct filter_node *n = new_node(p);

	advance(p);
	n->takes = takes_not;
	n->child = parse_not(p);
	return n->child != NULL ? n : NULL;
}

static struct filter_node *
parse_not(struct parse *p)
{
	struct filter_node *n = NULL;

	if (p->token == T_WORD || p->token == T_QUOTED)
		return parse_term(p);
	if (p->token != T_NOT && p->token != T_OPEN) {
		filter_fail(p->error, p->word.at, "a term is missing here");
		return NULL;
	}
	if (++p->depth > DEPTH_MAX)
		filter_fail(p->error, p->word.at, "this goes too deep");
	else
		n = p->token == T_NOT ? parse_negation(p) : parse_parentheses(p);
	p->depth--;
	return n;
}

/* Parses operands while more() finds another one; a single one needs no node. */
static struct filter_node *
parse_operands(struct parse *p, struct filter_node *(*operand)(struct parse *),
    bool (*more)(struct parse *),
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
	n = new_node(p);
	n->takes = takes;
	n->child = first;
	return n;
}

static bool
more_and(struct parse *p)
{
	if (p->token == T_AND) {
		advance(p);
		return true;
	}
	return p->token == T_WORD || p->token == T_QUOTED || p->token == T_NOT ||
	    p->token == T_OPEN;
}

static bool
more_or(struct parse *p)
{
	if (p->token != T_OR)
		return false;
	advance(p);
	return true;
}

static struct filter_node *
parse_and(struct parse *p)
{
	return parse_operands(p, parse_not, more_and, takes_and);
}

static struct filter_node *
parse_or(struct parse *p)
{
	return parse_operands(p, parse_and, more_or, takes_or);
}

static bool
parse_all(struct parse *p)
{
	if (strlen(p->text) > FILTER_MAX)
		return filter_fail(p->error, FILTER_MAX, "longer than %d bytes", FILTER_MAX);
	advance(p);
	if (p->token == T_END)
		return true;
	p->filter->root = parse_or(p);
	if (p->filter->root == NULL)
		return false;
	if (p->token == T_CLOSE)
		return filter_fail(p->error, p->word.at, "no parenthesis is open here");
	if (p->token != T_END)
		return filter_fail(p->error, p->word.at, "a column is missing before this");
	return !p->error->set;
}

struct filter *
filter_new(const struct view *v, const char *text, struct buf *err, size_t *at)
{
	struct filter *f = xcalloc(1, sizeof(*f));
	struct filter_error error = { .text = err, .at = at };
	struct parse p = { .text = text, .filter = f, .error = &error };

	f->view = v;
	if (parse_all(&p))
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
	for (n = f->made; n != NULL; n = before) {
		before = n->made;
		term_fini(n);
		free(n);
	}
	free(f);
}

bool
filter_is_all(const struct filter *f)
{
	return f == NULL || f->root == NULL;
}

bool
filter_takes(const struct filter *f, const struct scope *s, const void *row)
{
	struct filter_row r = { .scope = s, .row = row };

	if (filter_is_all(f))
		return true;
	r.view = f->view;
	return f->root->takes(f->root, &r);
}

bool
filter_takes_cells(const struct filter *f, const struct view *v, const struct value *cells)
{
	struct filter_row r = { .view = v, .cells = cells };

	return filter_is_all(f) || f->root->takes(f->root, &r);
}

/* Skips a term, an operand of "and" or "or".  False if there is none. */
static bool
skip_term(struct parse *p)
{
	bool quoted, has_argument;
	struct filter_word word;
	unsigned open = 0;

	while (p->token == T_NOT)
		advance(p);
	if (p->token == T_OPEN) {
		do {
			open += p->token == T_OPEN;
			open -= p->token == T_CLOSE;
			advance(p);
		} while (open > 0 && p->token != T_END && p->token != T_BAD);
		if (open > 0)
			p->token = T_BAD;
		return open == 0;
	}
	quoted = p->token == T_QUOTED;
	word = p->word;
	if (!quoted && p->token != T_WORD)
		return false;
	advance(p);
	if (quoted || (p->token != T_OP && !(term_is_named(&word, &has_argument) && has_argument)))
		return true;
	if (p->token == T_OP)
		advance(p);
	return take_value(p, &word);
}

size_t
filter_last_term(const char *text, bool *either)
{
	struct filter_error error = { .text = NULL };
	struct parse p = { .text = text, .error = &error };
	size_t cut = 0;

	*either = false;
	advance(&p);
	while (skip_term(&p)) {
		if (p.token == T_END)
			break;
		cut = p.word.at;
		*either |= p.token == T_OR;
		if (p.token == T_AND || p.token == T_OR)
			advance(&p);
	}
	if (p.token != T_END)
		return 0;
	while (cut > 0 && strchr(BLANKS, text[cut - 1]) != NULL)
		cut--;
	return cut;
}
