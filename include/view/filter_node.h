/*
 * The parts of a compiled display filter.  Private to src/view/filter*.c: filter.c parses the
 * language and builds the tree, filter_term.c makes and evaluates its leaves, filter_value.c parses
 * the values to compare with.
 */
#ifndef VIEW_FILTER_NODE_H
#define VIEW_FILTER_NODE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/attr.h"
#include "view/view.h"

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

#endif
