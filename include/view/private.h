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

/*
 * The parts of a compiled display filter.  Private to src/view/filter*.c: filter.c parses the
 * language and builds the tree, filter_term.c makes and evaluates its leaves, filter_value.c parses
 * the values to compare with.
 */

enum filter_op { OP_EQ, OP_NE, OP_GT, OP_GE, OP_LT, OP_LE, OP_LIKE };

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
	unsigned type_mask;    /* bits (1 << enum value_type), if col is NULL */
	bool any_layer_column; /* or: all columns with names of layers */
	enum filter_op op;     /* of numbers */
	bool negate;           /* !=, of all others */
	long double number;    /* wide enough for every count */
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

/*
 * Make n a leaf: COLUMN op VALUE; a keyword with its argument; a word that some text contains.
 * False after filter_fail().
 */
bool filter_term_compare(struct filter_node *n, const struct view *v,
    const struct filter_word *column, enum filter_op op, const struct filter_word *value,
    struct filter_error *e);
bool filter_term_named(struct filter_node *n, const struct view *v, const struct filter_word *word,
    const struct filter_word *argument, struct filter_error *e);
bool filter_term_contains(struct filter_node *n, const struct filter_word *word);

/* True for a keyword that starts a term; *has_argument: it needs one. */
bool filter_term_is_named(const struct filter_word *w, bool *has_argument);

/* Frees what a leaf owns. */
void filter_term_fini(struct filter_node *n);

/* Reads a number in the unit of cells of that type; see view/filter.h for suffixes.  False if it
 * is none. */
bool filter_value_number(const char *s, enum value_type type, long double *x);

#define FILTER_REGEX_MAX 128 /* bytes of a regular expression */

/* Why this regular expression is refused, or NULL. */
const char *filter_value_regex_error(const char *s);

/*
 * Checks that a row's capture filter matches exactly the packets that were counted for the row. The
 * flows know how their packets look to a filter (dissect/bpf_gaps.h).
 */

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

#endif
