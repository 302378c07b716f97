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

/* "or dst" behind "src": any end. */
static void
filter_parse_other_end(struct filter_parser *p, struct filter_subject *s)
{
	struct filter_lexer before = p->lex;
	struct filter_subject other;

	if (filter_take(p, TOKEN_OR)) {
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

/* "user root": the name of a column before a word, without an operator. */
static bool
filter_lacks_operator(const struct filter_parser *p)
{
	struct filter_parser ahead = *p;
	const struct filter_word *word = &p->lex.word, *next = &ahead.lex.word;
	struct filter_subject s;

	filter_lex_next(&ahead.lex);
	if (p->filter->view == NULL || ahead.lex.token != TOKEN_WORD ||
	    filter_subject_find_keyword(p->filter->view, next, &s) ||
	    filter_operator_follows(&ahead))
		return false;
	if (filter_subject_find(p->filter->view, word, &s) && s.kind == SUBJECT_COLUMN)
		return !filter_fail(p->error, word->at, "%.*s is a column: write %.*s = %.*s",
		    (int)word->len, word->s, (int)word->len, word->s, (int)next->len, next->s);
	return filter_subject_find(NULL, word, &s) && s.kind == SUBJECT_COLUMN &&
	    !filter_subject_fail(p->filter->view, word, p->error);
}

/* A word that is not a condition: a text to search for. */
static struct filter_node *
filter_parse_text(struct filter_parser *p)
{
	struct filter_word word = p->lex.word;

	if (filter_subject_is_known_language(&word, p->error) || filter_lacks_operator(p))
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
