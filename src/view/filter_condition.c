/* A condition of the display filter: what it is about, an operator and values. */
#include "config.h"

#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "view/private.h"

bool
filter_take(struct filter_parser *p, enum filter_token token)
{
	if (p->lex.token != token)
		return false;
	filter_lex_next(&p->lex);
	return true;
}

static struct filter_node *
filter_new_node(struct filter_parser *p)
{
	struct filter_node *n = xcalloc(1, sizeof(*n));

	n->prev_made = p->filter->last_node;
	p->filter->last_node = n;
	return n;
}

bool
filter_match_and(const struct filter_node *n, const struct filter_row *r)
{
	for (const struct filter_node *c = n->child; c != NULL; c = c->next)
		if (!c->match(c, r))
			return false;
	return true;
}

bool
filter_match_or(const struct filter_node *n, const struct filter_row *r)
{
	for (const struct filter_node *c = n->child; c != NULL; c = c->next)
		if (c->match(c, r))
			return true;
	return false;
}

bool
filter_match_not(const struct filter_node *n, const struct filter_row *r)
{
	return !n->child->match(n->child, r);
}

struct filter_node *
filter_join(struct filter_parser *p,
    bool (*match)(const struct filter_node *, const struct filter_row *), struct filter_node *first)
{
	struct filter_node *n;

	if (first == NULL)
		return NULL;
	n = filter_new_node(p);
	n->match = match;
	n->child = first;
	return n;
}

struct filter_node *
filter_both(struct filter_parser *p, struct filter_node *first, struct filter_node *second)
{
	if (first == NULL || second == NULL)
		return NULL;
	first->next = second;
	return filter_join(p, filter_match_and, first);
}

struct filter_node *
filter_leaf(struct filter_parser *p, const struct filter_subject *s, enum filter_op op,
    const struct filter_word *value)
{
	struct filter_node *n = filter_new_node(p);

	return filter_term_compare(n, p->filter->view, s, op, value, p->error) ? n : NULL;
}

struct filter_node *
filter_flag(struct filter_parser *p, const struct filter_word *word)
{
	struct filter_node *n = filter_new_node(p);

	return filter_term_named(n, p->filter->view, word, p->error) ? n : NULL;
}

struct filter_node *
filter_text(struct filter_parser *p, const struct filter_word *word)
{
	struct filter_node *n = filter_new_node(p);

	return filter_term_contains(n, word) ? n : NULL;
}

/* A value for each word of the list: any of them, or none for "!=". */
static struct filter_node *
filter_leaves(struct filter_parser *p, const struct filter_subject *s, enum filter_op op,
    struct filter_word list)
{
	struct filter_node *first = NULL, **next = &first;
	struct filter_word value;

	while (filter_word_split(&list, &value)) {
		if ((*next = filter_leaf(p, s, op, &value)) == NULL)
			return NULL;
		next = &(*next)->next;
	}
	if (first == NULL)
		filter_fail(p->error, list.at, "the list is empty");
	return filter_join(p, op == OP_NE ? filter_match_and : filter_match_or, first);
}

/* The next token as a value: any word, even "and". */
static bool
filter_parse_value(
    struct filter_parser *p, const struct filter_subject *s, struct filter_word *value)
{
	enum value_type type = s->col != NULL ? s->col->type : V_NONE;

	if (p->lex.token != TOKEN_WORD && p->lex.token != TOKEN_QUOTED &&
	    p->lex.token != TOKEN_AND && p->lex.token != TOKEN_OR && p->lex.token != TOKEN_NOT)
		return filter_fail(p->error, p->lex.word.at, "%.*s requires a value",
		    (int)(s->word.len < 40 ? s->word.len : 40), s->word.s);
	*value = p->lex.word;
	filter_lex_next(&p->lex);
	if (p->lex.token == TOKEN_WORD && filter_value_takes_unit(value, &p->lex.word, type)) {
		value->len = (size_t)(p->lex.word.s + p->lex.word.len - value->s);
		filter_lex_next(&p->lex);
	}
	return true;
}

/* The operators that are words. */
/* clang-format off */
static const struct {
	const char *word;
	enum filter_op op;
} filter_operators[] = {
	{ "eq", OP_EQ },
	{ "is", OP_EQ },
	{ "ne", OP_NE },
	{ "gt", OP_GT },
	{ "ge", OP_GE },
	{ "lt", OP_LT },
	{ "le", OP_LE },
	{ "contains", OP_CONTAINS },
	{ "matches", OP_LIKE },
	{ "like", OP_PATTERN },
	{ "ilike", OP_PATTERN },
	{ "between", OP_BETWEEN },
	{ "in", OP_IN },
};
/* clang-format on */

static bool
filter_operator_of_word(const struct filter_lexer *x, enum filter_op *op)
{
	for (unsigned i = 0; x->token == TOKEN_WORD && i < NITEMS(filter_operators); i++) {
		if (filter_word_is(&x->word, filter_operators[i].word)) {
			*op = filter_operators[i].op;
			return true;
		}
	}
	return false;
}

/* Reads an operator: a symbol, a word, "not" and a word, or "is not".  False, and nothing read, if
 * there is none. */
static bool
filter_parse_operator(struct filter_parser *p, enum filter_op *op, bool *negated)
{
	struct filter_lexer before = p->lex;

	*negated = false;
	if (p->lex.token == TOKEN_OP) {
		*op = p->lex.op;
		filter_lex_next(&p->lex);
		return true;
	}
	*negated = filter_take(p, TOKEN_NOT);
	if (!filter_operator_of_word(&p->lex, op)) {
		p->lex = before;
		return false;
	}
	before = p->lex;
	filter_lex_next(&p->lex);
	if (filter_word_is(&before.word, "is") && p->lex.token == TOKEN_NOT)
		*negated = filter_take(p, TOKEN_NOT);
	return true;
}

bool
filter_operator_follows(const struct filter_parser *p)
{
	struct filter_parser ahead = *p;
	enum filter_op op;
	bool negated;

	filter_lex_next(&ahead.lex);
	return filter_parse_operator(&ahead, &op, &negated);
}

static struct filter_node *
filter_parse_between(struct filter_parser *p, const struct filter_subject *s)
{
	struct filter_word least, most;
	struct filter_node *n, *upper;

	if (!filter_parse_value(p, s, &least))
		return NULL;
	if (!filter_take(p, TOKEN_AND)) {
		filter_fail(p->error, p->lex.word.at, "write: between 1 and 10");
		return NULL;
	}
	if (!filter_parse_value(p, s, &most))
		return NULL;
	n = filter_leaf(p, s, OP_GE, &least);
	upper = filter_leaf(p, s, OP_LE, &most);
	if (n == NULL || upper == NULL)
		return NULL;
	n->upper = upper->number;
	n->op = OP_BETWEEN;
	return n;
}

static struct filter_node *
filter_parse_list(struct filter_parser *p, const struct filter_subject *s)
{
	bool brace = p->lex.token == TOKEN_WORD && *p->lex.word.s == '{';
	struct filter_word list;

	if (!brace && p->lex.token != TOKEN_OPEN) {
		filter_fail(p->error, p->lex.word.at, "write: in (80, 443)");
		return NULL;
	}
	if (!filter_lex_until(&p->lex, brace ? '}' : ')', &list))
		return NULL;
	return filter_leaves(p, s, OP_EQ, list);
}

struct filter_node *
filter_compare(struct filter_parser *p, const struct filter_subject *s, enum filter_op op,
    const struct filter_word *value)
{
	p->last = *s;
	p->last_op = op;
	p->has_last = true;
	if ((op == OP_EQ || op == OP_NE) && memchr(value->s, ',', value->len) != NULL)
		return filter_leaves(p, s, op, *value);
	return filter_leaf(p, s, op, value);
}

/* The value or values behind the operator. */
static struct filter_node *
filter_parse_operand(struct filter_parser *p, const struct filter_subject *s, enum filter_op op)
{
	bool quoted = p->lex.token == TOKEN_QUOTED;
	struct filter_word value;

	if (op == OP_PRESENT)
		return filter_leaf(p, s, op, &s->word);
	if (op == OP_BETWEEN)
		return filter_parse_between(p, s);
	if (op == OP_IN)
		return filter_parse_list(p, s);
	if (!filter_parse_value(p, s, &value))
		return NULL;
	if (s->kind == SUBJECT_ADDRESS && p->lex.token == TOKEN_WORD &&
	    filter_word_is(&p->lex.word, "mask")) {
		filter_fail(
		    p->error, p->lex.word.at, "write the network with its length, as 10.0.0.0/8");
		return NULL;
	}
	return quoted ? filter_leaf(p, s, op, &value) : filter_compare(p, s, op, &value);
}

struct filter_node *
filter_with_layer(struct filter_parser *p, const struct filter_subject *s, struct filter_node *n)
{
	struct filter_word layer = { .s = s->layer, .at = s->word.at };

	if (s->layer == NULL)
		return n;
	layer.len = strlen(s->layer);
	return n != NULL ? filter_both(p, n, filter_flag(p, &layer)) : NULL;
}

struct filter_node *
filter_parse_condition(struct filter_parser *p, const struct filter_subject *s)
{
	enum filter_op op = s->op;
	struct filter_node *n;
	bool negated;

	/* "vlan" alone is any VLAN. */
	if (!filter_parse_operator(p, &op, &negated) && s->kind == SUBJECT_CONTEXT_NUMBER &&
	    (*p->lex.word.s < '0' || *p->lex.word.s > '9'))
		op = OP_PRESENT;
	n = filter_parse_operand(p, s, op);
	return filter_with_layer(p, s, negated ? filter_join(p, filter_match_not, n) : n);
}
