/*
 * What can be shown: a view is a table of the ledger with its columns.
 *
 * A view is one file (v_NAME.c) and one row in views.c.  A column is a getter in
 * it and one row in its table; the screen, sorting, filter terms, CSV, JSON and the check of
 * the man page all read that row.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/baseline.h"
#include "core/class.h"
#include "core/ledger.h"
#include "view/value.h"

#define VIEW_COLUMNS 48 /* of one view at most */

/*
 * A column whose drop is that high comes only on a very wide screen: its numbers change with every
 * picture and tell little that others do not, and a slow line would have to carry them.
 */
#define DROP_DETAIL 20

/* Which names of hosts are shown: those that the traffic told, or those of reverse DNS as well. */
enum naming { NAMING_LEARNED, NAMING_ASKED, NAMING_OFF, NAMINGS };

/* Which part of the ledger is looked at, and how. */
struct scope {
	const struct ledger *ledger;
	unsigned classes; /* bit (1 << enum traffic_class): shown */
	bool ip4, ip6;    /* shown */
	bool average;     /* rates over the whole time instead of over the last interval (files) */
	bool zeroed;      /* counts are since the ledger's baseline, where it has one */
	uint8_t naming;   /* enum naming */
	struct own_part own; /* what is kept out of the tables, see view/own.h; zeros: nothing */
	uint64_t whole;      /* bytes that shares are of, see scope_weigh(); 0: no shares */
};

#define SCOPE_ALL ((1u << CLASSES) - 1)

/* What tells a row from every other one, whatever its place. */
struct rowkey {
	uint8_t b[52];
};

struct column {
	const char *name;  /* lower case: filter term, CSV header, command argument */
	const char *title; /* on the screen */
	const char *help;  /* one sentence */
	uint8_t type;      /* enum vtype of its values, where they are known */
	uint8_t min, max;  /* cells; min < max grows with the screen */
	uint8_t drop;      /* 0: never leaves a narrow screen; else the higher, the sooner */
	bool left;         /* aligned left */
	bool desc;         /* sorts from large to small at first */
	bool rare;         /* comes by itself only where rows on the screen have a text in it */
	bool bar;          /* a share bar is painted in the cell (V_SHARE) */
	struct value (*get)(const struct scope *s, const void *row);
	/* What rows are sorted by in its stead; NULL: what get gives. */
	struct value (*order)(const struct scope *s, const void *row);
};

struct view {
	const char *name;  /* "talkers" */
	const char *title; /* "Talkers" */
	const char *help;  /* one sentence */
	const struct column *cols;
	unsigned n_cols;
	const char *sort;         /* column sorted by at first while traffic is live */
	const char *sort_average; /* and when the scope is an average */
	uint32_t (*slots)(const struct ledger *l);
	/* The row in slot i, or NULL: none, or not in the scope (class and address family). */
	const void *(*row)(const struct scope *s, uint32_t i);
	/* The row "(other)", or NULL while nothing is in it, or where nobody can say how much of it
	 * is in the scope.  Always shown last. */
	const void *(*other)(const struct scope *s);
	void (*key)(const void *row, struct rowkey *k); /* of any row but "(other)" */
	bool without_own;                               /* what s->own says is not in its rows */
	/* Of rows that are a tree: the slot of the row that the one with that key is below,
	 * UINT32_MAX of the outermost.  NULL: they are none. */
	uint32_t (*parent)(const struct rowkey *k);
	bool log;        /* its rows are events, which never change; the newest is the first */
	unsigned extras; /* of the ledger that are to be kept for it: enum ledger_extra */
	bool graph;      /* shown as a graph over time in the table's stead */
};

static inline struct value
column_order(const struct column *c, const struct scope *s, const void *row)
{
	return c->order != NULL ? c->order(s, row) : c->get(s, row);
}

extern const struct view *const views[]; /* in the order of their number keys */
extern const unsigned n_views;

/* NULL when there is none of that name. */
const struct view *view_find(const char *name);
const struct column *view_column(const struct view *v, const char *name);

/* Seconds that a rate is over: of the last interval, or of all that is counted; 0 while unknown. */
double scope_seconds(const struct scope *s);

/* What the scope's counts begin after; NULL: nothing, they are of all the time. */
const struct baseline *scope_baseline(const struct scope *s);

/* What a meter of the ledger has counted one way, and both ways. */
struct tally scope_counted(const struct scope *s, const struct meter *m, int way);
struct tally scope_counted_both(const struct scope *s, const struct meter *m);

/* Counts over the seconds of the scope's rates, one way of a meter. */
struct tally scope_tally(const struct scope *s, const struct meter *m, int way);

/*
 * Finds s->whole: the bytes of all traffic in the scope over those seconds.  Looks at n hosts more,
 * from *at (at first 0) on; true while there are more.
 */
bool scope_weigh(struct scope *s, uint32_t *at, uint32_t n);

#endif
