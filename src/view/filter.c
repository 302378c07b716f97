#include "config.h"

#include "view/filter.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "view/columns.h"
#include "view/private.h"

/* How deep parentheses and "not" may go. */
#define DEPTH_MAX 32

const char *const filter_words[] = { "and", "or", "not", "host", "net", "src", "dst", "port",
	"portrange", "proto", "context", "vlan", "vni", "gre_key", "teid", "label", "mpls",
	"session", "pppoes", "greater", "less", "tcp", "udp", "sctp", "icmp", "icmp6", "igmp",
	"esp", "ah", "arp", "ip", "ipv4", "ip6", "ipv6", "multicast", "broadcast", NULL };

struct filter {
	const struct view *view;
	struct filter_node *root;      /* NULL: takes all */
	struct filter_node *last_node; /* all nodes, newest first */
};

struct filter_parser {
	struct filter_lexer lex;
	unsigned depth;
	unsigned open; /* parentheses */
	struct filter *filter;
	struct filter_error *error;
	enum filter_token joint;    /* the word before the term, if there is one; else TOKEN_END */
	size_t joint_at, last_at;   /* where the joint of this term, and of the last one, starts */
	bool either;                /* "or" outside of parentheses */
	struct filter_subject last; /* of the latest term that compares */
	enum filter_op last_op;
	bool has_last;
};

static bool
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

/* A node over one or more children; NULL if the first is missing. */
static struct filter_node *
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

/* Both, of which the second may be missing after an error. */
static struct filter_node *
filter_both(struct filter_parser *p, struct filter_node *first, struct filter_node *second)
{
	if (first == NULL || second == NULL)
		return NULL;
	first->next = second;
	return filter_join(p, filter_match_and, first);
}

static struct filter_node *
filter_leaf(struct filter_parser *p, const struct filter_subject *s, enum filter_op op,
    const struct filter_word *value)
{
	struct filter_node *n = filter_new_node(p);

	return filter_term_compare(n, p->filter->view, s, op, value, p->error) ? n : NULL;
}

static struct filter_node *
filter_flag(struct filter_parser *p, const struct filter_word *word)
{
	struct filter_node *n = filter_new_node(p);

	return filter_term_named(n, p->filter->view, word, p->error) ? n : NULL;
}

static struct filter_node *
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

/* The operator behind the word that is to be read next. */
static bool
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

/* One value, or several with commas between them. */
static struct filter_node *
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

/* With the protocol that the subject is about. */
static struct filter_node *
filter_with_layer(struct filter_parser *p, const struct filter_subject *s, struct filter_node *n)
{
	struct filter_word layer = { .s = s->layer, .at = s->word.at };

	if (s->layer == NULL)
		return n;
	layer.len = strlen(s->layer);
	return n != NULL ? filter_both(p, n, filter_flag(p, &layer)) : NULL;
}

/* What follows a subject: an operator and its operand. */
static struct filter_node *
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

/* "bytes in > 5": a title of two words before an operator. */
static bool
filter_parse_long_title(struct filter_parser *p, struct filter_subject *s)
{
	struct filter_parser ahead = *p;
	struct filter_word title = p->lex.word;

	filter_lex_next(&ahead.lex);
	if (ahead.lex.token != TOKEN_WORD || !filter_operator_follows(&ahead))
		return false;
	title.len = (size_t)(ahead.lex.word.s + ahead.lex.word.len - title.s);
	if (!filter_subject_find(p->filter->view, &title, s))
		return false;
	p->lex = ahead.lex;
	filter_lex_next(&p->lex);
	return true;
}

/* "or dst" behind "src": both ends. */
static void
filter_parse_other_end(struct filter_parser *p, struct filter_subject *s)
{
	struct filter_lexer before = p->lex;
	struct filter_subject other;

	if (filter_take(p, TOKEN_OR) || filter_take(p, TOKEN_AND)) {
		if (p->lex.token == TOKEN_WORD &&
		    filter_subject_find_keyword(p->filter->view, &p->lex.word, &other) &&
		    other.kind == SUBJECT_ADDRESS && other.end != END_ANY && other.end != s->end) {
			s->end = END_ANY;
			filter_lex_next(&p->lex);
			return;
		}
	}
	p->lex = before;
}

/* The qualifiers of tcpdump: "port", "src", "dst port", "src or dst net". */
static bool
filter_parse_keyword(struct filter_parser *p, struct filter_subject *s)
{
	struct filter_subject kind;

	if (!filter_subject_find_keyword(p->filter->view, &p->lex.word, s))
		return false;
	filter_lex_next(&p->lex);
	if (s->kind != SUBJECT_ADDRESS || s->end == END_ANY)
		return true;
	filter_parse_other_end(p, s);
	if (p->lex.token == TOKEN_WORD &&
	    filter_subject_find_keyword(p->filter->view, &p->lex.word, &kind) &&
	    (kind.kind == SUBJECT_ADDRESS || kind.kind == SUBJECT_PORT) && kind.end == END_ANY) {
		s->kind = kind.kind;
		filter_lex_next(&p->lex);
	}
	return true;
}

/* The subject before an operator.  False after an error, and for a word of a text. */
static bool
filter_parse_compared(struct filter_parser *p, struct filter_subject *s)
{
	struct filter_lexer before = p->lex;
	struct filter_word word = p->lex.word;
	bool known;

	if (word.len > 1 && word.s[word.len - 1] == ':') /* "bytes:>1k" */
		word.len--;
	known = filter_subject_find(p->filter->view, &word, s);
	filter_lex_next(&p->lex);
	if (known || (p->filter->view == NULL && p->lex.token == TOKEN_OP))
		return true;
	if (filter_subject_is_known_language(&word, p->error))
		return false;
	if (p->lex.token == TOKEN_OP)
		return filter_subject_fail(p->filter->view, &word, p->error);
	p->lex = before;
	return false;
}

/* Reads a subject, up to its operator or value.  False if this is none, or after an error. */
static bool
filter_parse_subject(struct filter_parser *p, struct filter_subject *s)
{
	if (filter_parse_long_title(p, s))
		return true;
	return filter_operator_follows(p) ? filter_parse_compared(p, s)
					  : filter_parse_keyword(p, s);
}

static const struct filter_subject filter_any_host = { .kind = SUBJECT_ADDRESS };
static const struct filter_subject filter_any_port = { .kind = SUBJECT_PORT };

static bool
filter_is_number(const struct filter_word *w)
{
	size_t n = 0;

	while (n < w->len && strchr("0123456789-", w->s[n]) != NULL)
		n++;
	return n > 0 && n == w->len;
}

static bool
filter_is_port(const struct filter_word *w)
{
	char name[32];

	return filter_is_number(w) ||
	    (filter_word_copy(w, name, sizeof(name)) && service_exists(name));
}

/* "192.0.2.1:443", "[2001:db8::1]:443", "example.org:https", ":443". */
static struct filter_node *
filter_parse_host_port(struct filter_parser *p, struct filter_word host, struct filter_word port)
{
	struct filter_node *n;

	filter_lex_next(&p->lex);
	if (host.len == 0)
		return filter_leaf(p, &filter_any_port, OP_EQ, &port);
	if (host.len > 2 && host.s[0] == '[' && host.s[host.len - 1] == ']')
		host = filter_word_part(&host, 1, host.len - 2);
	n = filter_leaf(p, &filter_any_host, OP_EQ, &host);
	return n != NULL ? filter_both(p, n, filter_leaf(p, &filter_any_port, OP_EQ, &port)) : NULL;
}

/* "tcp:443", "tcp/443", "443/tcp". */
static struct filter_node *
filter_parse_protocol_port(
    struct filter_parser *p, const struct filter_word *protocol, const struct filter_word *port)
{
	struct filter_node *n = filter_flag(p, protocol);

	filter_lex_next(&p->lex);
	return n != NULL ? filter_both(p, n, filter_leaf(p, &filter_any_port, OP_EQ, port)) : NULL;
}

/* "state:established", and "bps:>1M". */
static struct filter_node *
filter_parse_key_value(
    struct filter_parser *p, const struct filter_subject *s, const struct filter_word *value)
{
	filter_lex_next(&p->lex);
	if (value->len == 0)
		return filter_parse_condition(p, s);
	return filter_with_layer(p, s, filter_compare(p, s, OP_EQ, value));
}

/* Only digits and colons, so part of an address. */
static bool
filter_is_hexadecimal(const struct filter_word *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (strchr("0123456789abcdefABCDEF:", w->s[i]) == NULL)
			return false;
	return true;
}

static struct filter_node *
filter_parse_colon(struct filter_parser *p, struct filter_word word)
{
	size_t first = 0, last = word.len - 1;
	struct filter_word key, value, host, port;
	struct filter_subject s;

	while (word.s[first] != ':')
		first++;
	while (word.s[last] != ':')
		last--;
	key = filter_word_part(&word, 0, first);
	value = filter_word_part(&word, first + 1, word.len - first - 1);
	host = filter_word_part(&word, 0, last);
	port = filter_word_part(&word, last + 1, word.len - last - 1);
	if (filter_subject_find(p->filter->view, &key, &s))
		return filter_parse_key_value(p, &s, &value);
	if (filter_term_is_named(&key) && filter_is_port(&value))
		return filter_parse_protocol_port(p, &key, &value);
	if (filter_is_port(&port))
		return filter_parse_host_port(p, host, port);
	filter_fail(p->error, word.at, "no column \"%.*s\": quote the text to search for it",
	    (int)(key.len < 40 ? key.len : 40), key.s);
	return NULL;
}

static struct filter_node *
filter_parse_slash(struct filter_parser *p, struct filter_word word, bool *is_form)
{
	const char *slash = memchr(word.s, '/', word.len);
	struct filter_word left = filter_word_part(&word, 0, (size_t)(slash - word.s));
	struct filter_word right = filter_word_part(&word, left.len + 1, word.len - left.len - 1);

	*is_form = true;
	if (filter_term_is_named(&left) && filter_is_number(&right))
		return filter_parse_protocol_port(p, &left, &right);
	if (filter_term_is_named(&right) && filter_is_number(&left))
		return filter_parse_protocol_port(p, &right, &left);
	*is_form = false;
	return NULL;
}

/* A word that is a condition by its own form.  *is_form is false for all others. */
static struct filter_node *
filter_parse_form(struct filter_parser *p, bool *is_form)
{
	struct filter_word word = p->lex.word;

	*is_form = true;
	if (filter_value_is_address(&word)) {
		filter_lex_next(&p->lex);
		return filter_leaf(p, &filter_any_host, OP_EQ, &word);
	}
	if (*word.s == ':' && word.len > 1 &&
	    filter_is_number(&(struct filter_word){ word.s + 1, word.len - 1, 0 }))
		return filter_parse_colon(p, word);
	if (memchr(word.s, ':', word.len) != NULL && !filter_is_hexadecimal(&word))
		return filter_parse_colon(p, word);
	if (memchr(word.s, '/', word.len) != NULL)
		return filter_parse_slash(p, word, is_form);
	*is_form = false;
	return NULL;
}

/*
 * pcap-filter(7): a value without a keyword belongs to the latest one, as in "port 80 or 443".
 * Words that could be texts to search for do so behind "or" only.
 */
static bool
filter_repeats(const struct filter_parser *p)
{
	const struct filter_word *word = &p->lex.word;

	if (!p->has_last || (p->joint != TOKEN_AND && p->joint != TOKEN_OR))
		return false;
	switch (p->last.kind) {
	case SUBJECT_ADDRESS:
		return filter_value_is_address(word);
	case SUBJECT_PORT:
		return filter_is_number(word) || (p->joint == TOKEN_OR && filter_is_port(word));
	case SUBJECT_CONTEXT_NUMBER:
		return filter_is_number(word);
	case SUBJECT_COLUMN:
		return p->joint == TOKEN_OR && p->last_op == OP_EQ && p->last.col != NULL &&
		    p->last.col->type == V_TEXT && !filter_value_is_address(word);
	default:
		return p->joint == TOKEN_OR && !filter_value_is_address(word);
	}
}

/* A quoted text is searched for, if it is not the title of a column before an operator. */
static struct filter_node *
filter_parse_quoted(struct filter_parser *p)
{
	struct filter_word word = p->lex.word;
	struct filter_subject s;

	filter_lex_next(&p->lex);
	if (p->lex.token != TOKEN_OP)
		return filter_text(p, &word);
	if (filter_subject_find(p->filter->view, &word, &s) || p->filter->view == NULL)
		return filter_parse_condition(p, &s);
	filter_subject_fail(p->filter->view, &word, p->error);
	return NULL;
}

/* Signs of a pattern, which no text on the screen contains. */
static bool
filter_is_pattern(const struct filter_word *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (strchr("*^$[]{}\\", w->s[i]) != NULL)
			return true;
	return false;
}

/* A word that is not a condition: a text to search for. */
static struct filter_node *
filter_parse_text(struct filter_parser *p)
{
	struct filter_word word = p->lex.word;

	if (filter_subject_is_known_language(&word, p->error))
		return NULL;
	if (filter_is_pattern(&word)) {
		filter_fail(p->error, word.at,
		    "words are searched as they are: write COLUMN ~ REGEX, or quote the word");
		return NULL;
	}
	filter_lex_next(&p->lex);
	return filter_text(p, &word);
}

static struct filter_node *
filter_parse_term(struct filter_parser *p)
{
	struct filter_word word = p->lex.word;
	struct filter_subject s;
	struct filter_node *n;
	bool is_form;

	if (p->lex.token == TOKEN_QUOTED)
		return filter_parse_quoted(p);
	if (filter_parse_subject(p, &s))
		return filter_parse_condition(p, &s);
	if (p->error->set)
		return NULL;
	if (filter_repeats(p)) {
		s = p->last;
		filter_lex_next(&p->lex);
		return filter_with_layer(p, &s, filter_compare(p, &s, p->last_op, &word));
	}
	n = filter_parse_form(p, &is_form);
	if (is_form)
		return n;
	if (filter_subject_find_flag(p->filter->view, &word, &s)) {
		filter_lex_next(&p->lex);
		return filter_parse_condition(p, &s);
	}
	if (!filter_term_is_named(&word))
		return filter_parse_text(p);
	filter_lex_next(&p->lex);
	return filter_flag(p, &word);
}

static struct filter_node *filter_parse_or(struct filter_parser *p);

static struct filter_node *
filter_parse_parentheses(struct filter_parser *p)
{
	size_t at = p->lex.word.at;
	struct filter_node *n;

	filter_lex_next(&p->lex);
	p->open++;
	n = filter_parse_or(p);
	if (n == NULL)
		return NULL;
	if (!filter_take(p, TOKEN_CLOSE)) {
		filter_fail(p->error, at, "unclosed parenthesis");
		return NULL;
	}
	p->open--;
	return n;
}

static struct filter_node *filter_parse_not(struct filter_parser *p);

static struct filter_node *
filter_parse_negation(struct filter_parser *p)
{
	filter_lex_next(&p->lex);
	return filter_join(p, filter_match_not, filter_parse_not(p));
}

static struct filter_node *
filter_parse_not(struct filter_parser *p)
{
	struct filter_node *n = NULL;

	if (p->depth == 0)
		p->last_at = p->joint_at;
	if (p->lex.token == TOKEN_WORD || p->lex.token == TOKEN_QUOTED)
		return filter_parse_term(p);
	if (p->lex.token != TOKEN_NOT && p->lex.token != TOKEN_OPEN) {
		filter_fail(p->error, p->lex.word.at, "expected a term");
		return NULL;
	}
	if (++p->depth > DEPTH_MAX)
		filter_fail(p->error, p->lex.word.at, "nested too deeply");
	else
		n = p->lex.token == TOKEN_NOT ? filter_parse_negation(p)
					      : filter_parse_parentheses(p);
	p->depth--;
	return n;
}

/* Parses operands while more() finds another one; a single one needs no node. */
static struct filter_node *
filter_parse_operands(struct filter_parser *p,
    struct filter_node *(*operand)(struct filter_parser *), bool (*more)(struct filter_parser *),
    bool (*takes)(const struct filter_node *, const struct filter_row *))
{
	struct filter_node *first = operand(p), *last = first;

	while (last != NULL && more(p)) {
		last->next = operand(p);
		last = last->next;
	}
	if (last == NULL || first == last)
		return last;
	return filter_join(p, takes, first);
}

static bool
filter_joined_by_and(struct filter_parser *p)
{
	enum filter_token token = p->lex.token;

	if (token != TOKEN_AND && token != TOKEN_WORD && token != TOKEN_QUOTED &&
	    token != TOKEN_NOT && token != TOKEN_OPEN)
		return false;
	p->joint = token == TOKEN_AND ? TOKEN_AND : TOKEN_END;
	p->joint_at = p->lex.word.at;
	filter_take(p, TOKEN_AND);
	return true;
}

static bool
filter_joined_by_or(struct filter_parser *p)
{
	if (p->lex.token != TOKEN_OR)
		return false;
	p->joint = TOKEN_OR;
	p->joint_at = p->lex.word.at;
	p->either |= p->depth == 0;
	filter_lex_next(&p->lex);
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
	if (strlen(p->lex.text) > FILTER_MAX)
		return filter_fail(p->error, FILTER_MAX, "too long (maximum %d bytes)", FILTER_MAX);
	filter_lex_next(&p->lex);
	if (p->lex.token == TOKEN_END)
		return true;
	p->filter->root = filter_parse_or(p);
	if (p->filter->root == NULL)
		return false;
	if (p->lex.token == TOKEN_CLOSE)
		return filter_fail(p->error, p->lex.word.at, "unmatched closing parenthesis");
	if (p->lex.token != TOKEN_END)
		return filter_fail(p->error, p->lex.word.at, "expected a column before this");
	return !p->error->set;
}

struct filter *
filter_new(const struct view *v, const char *text, struct buf *err, size_t *at)
{
	struct filter *f = xcalloc(1, sizeof(*f));
	struct filter_error error = { .text = err, .at = at };
	struct filter_parser p = {
		.lex = { .text = text, .error = &error }, .filter = f, .error = &error
	};

	f->view = v;
	if (filter_parse_all(&p))
		return f;
	filter_del(f);
	return NULL;
}

/* The view of flows has most columns, so it is tried first. */
const struct view *
filter_find_view(const char *text)
{
	for (unsigned i = 0; i <= n_views; i++) {
		const struct view *v = i == 0 ? &view_flows : views[i - 1];
		struct filter *f = filter_new(v, text, NULL, NULL);

		if (f != NULL) {
			filter_del(f);
			return v;
		}
	}
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

/*
 * The first error at the end of the text may be that a term is missing behind "and".  False if the
 * text has a syntax error in the view.
 */
static bool
filter_find_last_term(const struct view *v, const char *text, size_t *cut, bool *either)
{
	struct filter *f = xcalloc(1, sizeof(*f));
	struct filter_error error = { .text = NULL };
	struct filter_parser p = {
		.lex = { .text = text, .error = &error }, .filter = f, .error = &error
	};
	bool ok;

	f->view = v;
	ok = filter_parse_all(&p);
	*cut = p.last_at;
	*either = p.either;
	filter_del(f);
	return ok || (p.lex.token == TOKEN_END && p.open == 0);
}

size_t
filter_last_term_start(const struct view *v, const char *text, bool *either)
{
	size_t cut;

	if (!filter_find_last_term(v, text, &cut, either) &&
	    !filter_find_last_term(NULL, text, &cut, either))
		return 0;
	while (cut > 0 && strchr(" \t\r\n", text[cut - 1]) != NULL)
		cut--;
	return cut;
}
