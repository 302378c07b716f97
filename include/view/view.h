/*
 * Views: a view is a table of the ledger with its columns.
 *
 * A view is one file (v_NAME.c) and one row in view.c.  A column is a getter in that file and one
 * row in its table, which is used by the screen, sorting, filter terms, CSV, JSON and the check of
 * the man page.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/traffic_class.h"
#include "view/value.h"

struct buf;
struct view;
struct table_row;

#define VIEW_COLUMNS 80 /* of one view at most */

/* Columns with a drop of that or more say little that is new: text reports leave them out if they
 * are empty. */
#define DROP_DETAIL 20

/* Which host names are shown: those seen in traffic, those of reverse DNS too, or none. */
enum name_mode { NAMES_LEARNED, NAMES_DNS, NAMES_OFF, NAME_MODES };

/* Which part of the ledger is shown, and how it is counted. */
struct scope {
	const struct ledger *ledger;
	unsigned classes; /* bit (1 << enum traffic_class): shown */
	bool ip4, ip6;    /* shown */
	bool whole_time;  /* rates over the whole time instead of over the last interval (files) */
	bool since_baseline; /* counts are since the ledger's baseline, if it has one */
	uint8_t name_mode;   /* enum name_mode */
	uint8_t group;       /* how the rows of the view are grouped: number in its groups */
	struct own_session_share
	    own; /* what is kept out of the tables, see view/own_session.h; zeros: nothing */
	bool ends_as_counted; /* a of a flow is a of the ledger, see flow_is_reversed() */
	bool own_apart;       /* the rows of this machine are one row, see row_list_own() */
	uint64_t share_total; /* total bytes that shares are based on, see scope_total_step(); 0: no
				 shares */
};

#define SCOPE_ALL ((1u << CLASSES) - 1)

/* Everything that the ledger has, for reports and records. */
static inline struct scope
scope_of_all(const struct ledger *l, bool whole_time)
{
	return (struct scope){ .ledger = l,
		.classes = SCOPE_ALL,
		.ip4 = true,
		.ip6 = true,
		.whole_time = whole_time };
}

/*
 * The identity of a row, whatever its place.  Rows with equal values are sorted by the first
 * ROW_KEY_SORTED bytes; the others may differ from run to run.
 */
#define ROW_KEY_SORTED 48

struct row_key {
	uint8_t b[52];
};

/*
 * How much the rows of a table sent and received.  A table whose traffic has no directions has only
 * one way, TRAFFIC_OUT.
 */
enum { TRAFFIC_OUT, TRAFFIC_IN };

typedef struct tally traffic_tally(const struct scope *s, const void *row, int way);

struct row_traffic {
	bool one_way;
	/* From this machine's point of view, which way TRAFFIC_OUT of a row is; NULL: rows have
	 * none. */
	enum pkt_dir (*dir)(const struct scope *s, const void *row);
	traffic_tally *count;    /* in the time that the scope counts */
	traffic_tally *interval; /* in scope_seconds() */
	struct value (*window)(const struct scope *s, const void *row, enum meter_window w);
	struct value (*peak)(const struct scope *s, const void *row);
};

/* Outputs with an order of their own: columns marked for one follow those that it names itself. */
enum column_output { IN_SNAPSHOT = 1 << 0, IN_FLOW_LOG = 1 << 1 };

/* When a cell of the column shows trouble; see trouble_of_cell(). */
enum trouble_rule {
	TROUBLE_NEVER,
	TROUBLE_IF_ANY,   /* each one is a failure */
	TROUBLE_IF_RESET, /* often harmless */
	TROUBLE_IF_MANY,  /* retransmissions: if the row has many of them */
	TROUBLE_OF_FLOW,  /* by the row's problem, see flow_problem() */
};

#define COLUMN_TEXT 512 /* maximum length of a column's text, and the NUL */

struct column {
	const char *name;  /* lower case: filter term, command argument */
	const char *key;   /* in CSV and JSON, and accepted as a name; NULL: the name */
	const char *title; /* on the screen */
	const char *help;  /* one sentence */
	uint8_t type;      /* enum value_type of its known values */
	uint8_t min, max;  /* cells; min < max grows with the screen */
	uint8_t drop;      /* 0: never dropped; else those with higher values are dropped first */
	bool left;         /* aligned left */
	bool cut_end;      /* its text is most important at the start */
	bool desc;         /* sorts from large to small at first */
	bool when_used;    /* not in text reports and empty tables unless a row has a value */
	bool identifies;   /* two rows never agree in all columns with this mark */
	bool share_bar;    /* a share bar is painted in the cell (V_SHARE) */
	const char *names; /* the column of addresses whose names are in this one: they are shown
			      there, see column_shown_cell() */
	unsigned outputs;  /* enum column_output */
	uint8_t trouble;   /* enum trouble_rule */
	struct value (*get)(const struct scope *s, const void *row);
	/* Instead of get: a text that may be longer than a cell; empty: not known. */
	void (*text)(struct buf *b, const struct scope *s, const void *row);
	/* Instead of get: the column is one of view/columns.h that all tables of traffic have. */
	const struct row_traffic *traffic;
	struct value (*get_traffic)(
	    const struct row_traffic *t, const struct scope *s, const void *row);
	/* The value to sort by instead; NULL: that of get. */
	struct value (*sort_key)(const struct scope *s, const void *row);
};

/* Adds a filter made from a row of v.  False, and nothing added, if it has none. */
typedef bool row_filter_fn(struct buf *b, const struct view *v, const struct table_row *row);

struct view {
	const char *name;        /* "talkers" */
	const char *title;       /* "Talkers" */
	const char *short_title; /* for tabs with little room; NULL: the title */
	const char *help;        /* one sentence */
	const struct column *cols;
	unsigned n_cols;
	const char *sort;            /* column sorted by at first while traffic is live */
	const char *sort_whole_time; /* and when the scope is an average */
	uint32_t (*slots)(const struct ledger *l);
	/* The row in slot i, or NULL: none, or not in the scope (class and address family). */
	const void *(*row)(const struct scope *s, uint32_t i);
	/* The row "(other)" of evicted rows; NULL if it is empty or if its part in the scope is
	 * not known.  Always shown last. */
	const void *(*other_row)(const struct scope *s);
	void (*row_key)(const void *row, struct row_key *k); /* of any row but "(other)" */
	/* True for a row of this machine itself; NULL: the view has none. */
	bool (*is_own)(const struct scope *s, const void *row);
	bool hides_own_session; /* its rows do not count s->own */
	/* For trees: the slot of the parent of the row with that key, UINT32_MAX for a top-level
	 * row.  NULL: no tree. */
	uint32_t (*parent_slot)(const struct row_key *k);
	/* What its rows can be grouped by, the default first, up to a NULL; NULL: only one thing.
	 */
	const char *const *groups;
	bool is_log;     /* its rows are events that never change, newest first */
	unsigned extras; /* extras of the ledger that it needs: enum ledger_extra */
	bool is_graph;   /* shown as a graph over time instead of a table */
	/* The view that Enter on a row leads to, with that filter in it; a view that leads to
	 * itself shows its second grouping.  NULL: the row's flows. */
	const struct view *leads_to;
	row_filter_fn *leads_to_filter;
	const char *leads_to_sort; /* the column that it is sorted by then; NULL: as it was */
	/* The filters for a row's flows and packets; NULL: made from its cells; that of its flows.
	 */
	row_filter_fn *flows_filter;
	row_filter_fn *packets_filter;
	/* True if it has or can have rows: only then it has a tab, even on narrow screens.  NULL:
	 * it has one if there is room. */
	bool (*is_in_use)(const struct ledger *l);
	/* Why it cannot have rows; NULL: it can. */
	const char *(*why_empty)(const struct ledger *l);
};

/* As much of a column's text as a cell holds. */
struct value column_text_value(const struct column *c, const struct scope *s, const void *row);

static inline struct value
column_value(const struct column *c, const struct scope *s, const void *row)
{
	if (c->traffic != NULL)
		return c->get_traffic(c->traffic, s, row);
	return c->text != NULL ? column_text_value(c, s, row) : c->get(s, row);
}

/* True for a detail whose numbers change with most redraws. */
static inline bool
column_is_busy(const struct column *c)
{
	return c->drop >= DROP_DETAIL && c->desc;
}

static inline struct value
column_order(const struct column *c, const struct scope *s, const void *row)
{
	return c->sort_key != NULL ? c->sort_key(s, row) : column_value(c, s, row);
}

extern const struct view *const views[]; /* in the order of view/views.def */
extern const unsigned n_views;

/* n_views as a constant. */
#define VIEW(...) +1
enum {
	VIEW_COUNT = 0
#include "view/views.def"
};
#undef VIEW

/* NULL if there is none of that name. */
const struct view *view_by_name(const char *name);
const struct column *view_find_column(const struct view *v, const char *name);

/* The first column with that title, in any case. */
const struct column *view_find_title(const struct view *v, const char *title);

/* A column as users call it: by its name, or else by its title. */
const struct column *view_match_column(const struct view *v, const char *word);

/* The column with the names of a column's addresses, or NULL. */
const struct column *view_find_names(const struct view *v, const struct column *c);

/* What stands for a column in CSV and JSON: it never changes. */
const char *view_column_key(const struct column *c);

/* The seconds that rates are measured over: the last interval, or all that is counted; 0 if
 * unknown. */
double scope_seconds(const struct scope *s);

/* The baseline of the scope's counts; NULL if they are since the start. */
const struct baseline *scope_baseline(const struct scope *s);

/* The counts of a ledger meter in one direction, and in both. */
struct tally scope_count(const struct scope *s, const struct meter *m, int way);
struct tally scope_count_both(const struct scope *s, const struct meter *m);

/* The counts of a meter in scope_seconds(), one direction. */
struct tally scope_rate_tally(const struct scope *s, const struct meter *m, int way);

/*
 * Computes s->share_total, the bytes of all traffic in the scope in scope_seconds().  Adds n more
 * hosts, from *at (at first 0) on; true while there are more.
 */
bool scope_total_step(struct scope *s, uint32_t *at, uint32_t n);

#endif
