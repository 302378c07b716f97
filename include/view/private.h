/*
 * Private to src/view/.
 */
#ifndef VIEW_PRIVATE_H
#define VIEW_PRIVATE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/attr.h"
#include "view/row_list.h"
#include "view/view.h"

struct buf;
struct panel;

/*
 * The parts of a compiled display filter.  Private to src/view/filter*.c: filter_lex.c splits the
 * text into tokens, filter.c parses "and", "or", "not" and parentheses, filter_condition.c a
 * subject with an operator and values, filter_form.c words such as "tcp/443".  filter_subject.c
 * knows what a term can be about, filter_term.c makes and evaluates the leaves, filter_value.c
 * parses the values to compare with.
 */

enum filter_op {
	OP_EQ,
	OP_NE,
	OP_GT,
	OP_GE,
	OP_LT,
	OP_LE,
	OP_LIKE, /* a regular expression */
	OP_NOT_LIKE,
	OP_CONTAINS,
	OP_PATTERN, /* LIKE of SQL */
	OP_PRESENT, /* known, and not 0 */
	OP_BETWEEN, /* two values joined by "and"; in a leaf: from number to upper */
	OP_IN       /* a list of values; never in a leaf */
};

/* The row that is tested. */
struct filter_row {
	const struct view *view;
	const struct scope *scope;
	const void *row;
	const struct value *cells; /* of the view's columns; NULL: computed from the row */
};

struct filter_node {
	bool (*match)(const struct filter_node *n, const struct filter_row *r);
	struct filter_node *child;     /* of "and", "or", "not": the first operand */
	struct filter_node *next;      /* the next operand of the same parent */
	struct filter_node *prev_made; /* the node allocated before this one */
	/* a leaf: tests the cells of a column, or of all columns of some types */
	bool (*test)(const struct filter_node *n, const struct value *cell);
	const struct column *col;
	const struct column *twin;  /* the same of the other end: one of them must match; or NULL */
	unsigned type_mask;         /* bits (1 << enum value_type), if col is NULL */
	const char *const *columns; /* and the columns of these names; NULL at the end */
	enum filter_op op;          /* of numbers */
	bool negate;                /* !=, of all others */
	long double number, upper;  /* wide enough for every count */
	struct net net;
	uint8_t kind;             /* enum addr_kind */
	char *text;               /* the node's own */
	const char *zone;         /* of an address, in text; NULL: any */
	const char *const *words; /* names, NULL at the end */
	const char *one[2];       /* room for one that is in text */
	regex_t *regex;           /* the node's own */
};

/* A word of the filter's text. */
struct filter_word {
	const char *s; /* the node's own copy ends in NUL; this one does not */
	size_t len;
	size_t at; /* its place in the text */
};

/* Where errors go.  The first one is kept. */
struct filter_error {
	struct buf *text; /* may be NULL */
	size_t *at;       /* may be NULL */
	bool set;
};

/* Always false, for `return filter_fail(...)`. */
bool filter_fail(struct filter_error *e, size_t at, const char *fmt, ...) ATTR_PRINTF(3, 4);

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

/* Reads tokens; a copy of it can look ahead. */
struct filter_lexer {
	const char *text;
	size_t pos; /* behind the token */
	enum filter_token token;
	enum filter_op op;       /* of TOKEN_OP */
	struct filter_word word; /* the token's text; of TOKEN_QUOTED without the quotes */
	struct filter_error *error;
};

void filter_lex_next(struct filter_lexer *x);

/* Reads on to that character, behind the present token.  False if it does not come. */
bool filter_lex_until(struct filter_lexer *x, char close, struct filter_word *content);

/* Splits the first of several words off list, which commas and blanks separate. */
bool filter_word_split(struct filter_word *list, struct filter_word *first);

/* Ignores case. */
bool filter_word_is(const struct filter_word *w, const char *s);

/* The part of w from an offset on, n bytes long. */
static inline struct filter_word
filter_word_part(const struct filter_word *w, size_t from, size_t n)
{
	return (struct filter_word){ .s = w->s + from, .len = n, .at = w->at + from };
}

/* Copies w and ends it; false if it is too long. */
bool filter_word_copy(const struct filter_word *w, char *s, size_t size);

enum filter_subject_kind {
	SUBJECT_COLUMN,
	SUBJECT_ADDRESS,
	SUBJECT_PORT,
	SUBJECT_LAYER,
	SUBJECT_CONTEXT,
	SUBJECT_CONTEXT_NUMBER /* a number in a context */
};

enum filter_end { END_ANY, END_SOURCE, END_DESTINATION };

/* What a term compares with a value. */
struct filter_subject {
	uint8_t kind;      /* enum filter_subject_kind */
	uint8_t end;       /* enum filter_end, of an address or a port */
	uint8_t op;        /* enum filter_op, if a value follows without an operator */
	const char *layer; /* the row must have this protocol, too; NULL: any */
	const char *name;  /* of a number in a context */
	const struct column *col;
	const struct column *twin; /* the same of the other end, or NULL */
	struct filter_word word;   /* as typed */
};

/*
 * Finds the subject that w names before an operator: a column of v by its name or title, a keyword,
 * or a field of Wireshark.  v may be NULL: any view.  False if there is none, without an error.
 */
bool filter_subject_find(
    const struct view *v, const struct filter_word *w, struct filter_subject *s);

/* Finds the keyword that takes a value without an operator, such as "port". */
bool filter_subject_find_keyword(
    const struct view *v, const struct filter_word *w, struct filter_subject *s);

/* The fields of Wireshark that are a condition by themselves. */
bool filter_subject_find_flag(
    const struct view *v, const struct filter_word *w, struct filter_subject *s);

/* Reports that w names nothing that v can be filtered by.  Always false. */
bool filter_subject_fail(const struct view *v, const struct filter_word *w, struct filter_error *e);

/* Reports a word of another language that has no meaning here.  True if w is none. */
bool filter_subject_is_known_language(const struct filter_word *w, struct filter_error *e);

/*
 * Make n a leaf: a subject compared with a value; a keyword without a value; a word that some text
 * contains.  False after filter_fail().  v may be NULL: only the syntax is checked.
 */
bool filter_term_compare(struct filter_node *n, const struct view *v,
    const struct filter_subject *s, enum filter_op op, const struct filter_word *value,
    struct filter_error *e);
bool filter_term_named(struct filter_node *n, const struct view *v, const struct filter_word *word,
    struct filter_error *e);
bool filter_term_contains(struct filter_node *n, const struct filter_word *word);

/* True for a keyword that is a term without a value, such as "tcp". */
bool filter_term_is_named(const struct filter_word *w);

/* Frees what a leaf owns. */
void filter_term_fini(struct filter_node *n);

/* Reads a number in the unit of cells of that type; see view/filter.h for suffixes.  False if it
 * is none. */
bool filter_value_number(const char *s, enum value_type type, long double *x);

/* True if a number of that type and the word behind it, as "1 M", are one value. */
bool filter_value_takes_unit(
    const struct filter_word *number, const struct filter_word *unit, enum value_type type);

/* True for a whole address or network, right or wrong, and not only a part of one. */
bool filter_value_is_address(const struct filter_word *w);

/* Reads an address or network; of IPv4 networks, "10.1" is short for 10.1.0.0/16. */
bool filter_value_net(const char *s, struct net *n);

/* Makes a regular expression of a pattern of SQL, in which % is any text and _ any character. */
void filter_value_pattern(struct buf *b, const char *s);

#define FILTER_REGEX_MAX 128 /* bytes of a regular expression */

/* Why this regular expression is refused, or NULL. */
const char *filter_value_regex_error(const char *s);

/*
 * Checks that a row's capture filter matches exactly the packets that were counted for the row. The
 * flows know how their packets look to a filter (dissect/bpf_gaps.h).
 */

/* ---- The parser ---- */

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

/* Of filter_condition.c.  Reads the token, if it is the present one. */
bool filter_take(struct filter_parser *p, enum filter_token token);

/* How nodes match that have children. */
bool filter_match_and(const struct filter_node *n, const struct filter_row *r);
bool filter_match_or(const struct filter_node *n, const struct filter_row *r);
bool filter_match_not(const struct filter_node *n, const struct filter_row *r);

/* Nodes; NULL after an error.  join: over one or more children, NULL if the first is missing; both:
 * of which the second may be missing after an error; leaf: a subject compared with a value; flag
 * and text: a word alone. */
struct filter_node *filter_join(struct filter_parser *p,
    bool (*match)(const struct filter_node *, const struct filter_row *),
    struct filter_node *first);
struct filter_node *filter_both(
    struct filter_parser *p, struct filter_node *first, struct filter_node *second);
struct filter_node *filter_leaf(struct filter_parser *p, const struct filter_subject *s,
    enum filter_op op, const struct filter_word *value);
struct filter_node *filter_flag(struct filter_parser *p, const struct filter_word *word);
struct filter_node *filter_text(struct filter_parser *p, const struct filter_word *word);

/* True if an operator is behind the word that is to be read next. */
bool filter_operator_follows(const struct filter_parser *p);

/* A subject compared with one value, or with several that have commas between them. */
struct filter_node *filter_compare(struct filter_parser *p, const struct filter_subject *s,
    enum filter_op op, const struct filter_word *value);

/* n, and the protocol that the subject is about. */
struct filter_node *filter_with_layer(
    struct filter_parser *p, const struct filter_subject *s, struct filter_node *n);

/* Reads what follows a subject: an operator and its operand. */
struct filter_node *filter_parse_condition(struct filter_parser *p, const struct filter_subject *s);

/* Of filter_form.c: a number or a range of them; these, or the name of a service. */
bool filter_is_number(const struct filter_word *w);
bool filter_is_port(const struct filter_word *w);

/* Reads a word that is a condition by its own form.  *is_form is false for all others. */
struct filter_node *filter_parse_form(struct filter_parser *p, bool *is_form);

/* What the packets of a row have in common: the query that its filter expresses. */
struct bpf_query {
	uint8_t kind; /* enum addr_kind; ADDR_IP4 stands for both kinds of IP; ADDR_NONE: not IP */
	const struct value *end; /* its one address, or NULL */
	const struct value *a, *b;
	uint16_t a_port, b_port; /* with ports or one_port */
	const char *context;     /* of a flow or a packet, as text; NULL: any */
	uint16_t proto;
	bool has_proto;
	bool ports;
	bool one_port; /* a_port, at any end */
	bool one_way;  /* from a to b alone */
};

/* False, with a sentence in `why`, if the filter would match more or fewer packets than the row
 * has. */
bool bpf_exact_check(const struct ledger *l, const struct view *v, const struct table_row *row,
    const struct bpf_query *w, struct buf *why);

/*
 * Parts of the filters of rows (view/row_filter.h), for views with filters of their own.
 */

/* The cell of a row in the column of that name, if it has that type; else NULL. */
const struct value *row_filter_find_typed_cell(
    const struct view *v, const struct table_row *row, const char *name, enum value_type type);

/* Adds the term of an address.  False if there is none: such a row shows "-", and is found by it.
 */
bool row_filter_add_address(struct buf *b, const struct value *address);

/* Adds column = text, quoted if there are special characters.  False if it is empty or has both
 * kinds of quotes. */
bool row_filter_add_text(struct buf *b, const char *column, const char *text);

/* True if what was added to b after `before` bytes was not cut; else removes it. */
bool row_filter_keep_or_undo(struct buf *b, size_t before);

/*
 * Rows of a list as bytes, for view/history_store.h: numbers to five digits, times to the
 * millisecond. Cells are stored by column, as many columns do not change from one picture to the
 * next.
 */

/* Encodes as many rows of l, of n_cols cells each, as fit: *rows.  Returns the bytes. */
size_t history_rows_encode(
    uint8_t *out, size_t room, const struct row_list *l, unsigned n_cols, uint32_t *rows);

/*
 * Decodes that many rows; row and cells have room for them.  False if the bytes were not made by
 * history_rows_encode().
 */
bool history_rows_decode(const uint8_t *s, size_t n, struct table_row *row, struct value *cells,
    uint32_t rows, unsigned n_cols);

/*
 * Pictures of files. A picture in memory begins with a summary and a panel, as they are; in a file
 * the names of protocols are their numbers.
 */
#define SUMMARY_BYTES        offsetof(struct summary, packet_sample)
#define NUMBERS_BYTES        (SUMMARY_BYTES + sizeof(struct panel))
#define HISTORY_SECTION_ROWS PROTO_TREE_MAX

void history_picture_number_protocols(uint8_t *panel);
void history_picture_name_protocols(struct panel *p);

/* Makes the numbers valid, whatever they are; false if the picture is too short. The second checks
 * a row of a view and its cells, and cleans texts. */
bool history_picture_check(uint8_t *s, size_t n);
bool history_picture_check_row(const struct view *v, struct table_row *row, struct value *cells);

#endif
