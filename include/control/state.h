/*
 * The state of the screen: what the user has chosen.  Commands change it, and return wishes for
 * what the main loop must do.
 */
#ifndef CONTROL_STATE_H
#define CONTROL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/completion.h"
#include "control/detail.h"
#include "control/history.h"
#include "control/iface_list.h"
#include "control/key_bindings.h"
#include "control/menu.h"
#include "control/theme.h"
#include "control/tree.h"
#include "util/buf.h"
#include "view/column_layout.h"
#include "view/column_prefs.h"
#include "view/filter.h"
#include "view/graph_data.h"
#include "view/own_session.h"
#include "view/panel_data.h"
#include "view/row_list.h"
#include "view/row_order.h"
#include "view/summary.h"
#include "view/view.h"

#define STATE_VIEWS 16

#define STATE_PREFIX4 24 /* default prefix lengths of networks */
#define STATE_PREFIX6 64

#define STATE_THEN 96 /* most bytes of a queued command */

#define HELP_MANUAL       'm' /* the key that leads from the help on keys to the manual */
#define HELP_MANUAL_LABEL "m"

#define HELP_END 1000000 /* a help_top behind every help's end */

enum wish { /* what the main loop is asked to do */
	WISH_QUIT = 1 << 0,
	WISH_PAINT = 1 << 1, /* repaint the screen */
	WISH_RANK = 1 << 2,  /* make the list again */
	WISH_SNAPSHOT = 1 << 3,
	WISH_CAPTURE = 1 << 4, /* compile and install st->capture_filter */
	WISH_SUSPEND = 1 << 5,
	WISH_CLEAR = 1 << 6,     /* redraw the whole terminal */
	WISH_DELAY = 1 << 7,     /* st->delay has changed */
	WISH_ZERO = 1 << 8,      /* set or remove the baseline, as st->zero says */
	WISH_INNER = 1 << 9,     /* st->inner has changed */
	WISH_LOG = 1 << 10,      /* start the packet log in st->record's file, or stop it */
	WISH_WRITE = 1 << 11,    /* start or stop the capture file, likewise */
	WISH_RESTART = 1 << 12,  /* reset everything, files from their start */
	WISH_TAPS = 1 << 13,     /* list the interfaces in st->taps */
	WISH_TAP = 1 << 14,      /* capture on st->taps.wanted */
	WISH_COPY = 1 << 15,     /* copy the row's tcpdump command to the clipboard */
	WISH_RECORD = 1 << 16,   /* start or stop a capture file of the row */
	WISH_FLOW_LOG = 1 << 17, /* start or stop the flow log, likewise */
	WISH_SAVE = 1 << 18,     /* save the settings */
	WISH_MOUSE = 1 << 20,    /* st->mouse has changed */
	WISH_THEME = 1 << 19,    /* st->theme has changed */
	WISH_STOP = 1 << 21,     /* stop or resume capturing, as st->record.stopped says */
};

enum prompt { /* what is being typed on the bottom line */
	PROMPT_NONE,
	PROMPT_SHOW,    /* display filter, `/` */
	PROMPT_CAPTURE, /* capture filter, `f` */
	PROMPT_COMMAND, /* `:` */
	PROMPT_DELAY,   /* `d` */
	PROMPTS
};

#define PROMPT_HISTORY 16 /* lines of history of each prompt */

struct history { /* newest first */
	char line[PROMPT_HISTORY][FILTER_MAX + 1];
	unsigned n;
};

struct state_own { /* the own session of SSH, see view/own_session.h */
	bool shown;
};

struct state_naming {
	uint8_t mode; /* enum naming */
	bool can_ask; /* reverse DNS is available; set by the owner of the state */
};

struct state_processes {
	bool on;
	/* One sentence each, set by the owner of the state. */
	const char *cannot; /* why processes are not available; NULL: they are */
	const char *limit;  /* what is missing; NULL: nothing */
};

struct state_record {
	bool stopped;              /* nothing is captured */
	char path[FILTER_MAX + 1]; /* of the file started last; "": a default name */
};

struct state_view {    /* what is remembered of each view */
	unsigned sort; /* column */
	bool desc;
	bool chosen;  /* the user has chosen the order */
	uint32_t top; /* first row on the screen */
	uint32_t at;  /* number of the selected row */
	struct rowkey selected;
	bool has_selected;
	bool at_top;    /* the cursor stays on the first row until it is moved */
	bool follow;    /* the cursor follows its row */
	bool to_bottom; /* the cursor goes to the last row of the next list */
	struct filter
	    *filter;      /* the display filter compiled for this view; NULL: matches all rows */
	bool filter_made; /* filter is compiled from the current st->show */
	bool filter_bad;  /* st->show is not valid for this view: all rows are shown */
};

struct state {
	unsigned view; /* number in views[] */
	struct state_view per[STATE_VIEWS];
	struct arrange arrange[STATE_VIEWS];
	struct fit_needs needs;
	struct menu menu;
	struct bindings bindings;
	enum theme theme;
	bool mouse; /* mouse events are handled */
	struct taps taps;
	struct detail detail;
	struct list *list;      /* the rows on screen, see state_row() */
	struct order order;     /* the order of the rows on screen */
	struct tree tree;       /* folded rows of a tree */
	int listed;             /* the view whose rows the list holds; -1: none yet */
	unsigned ranking;       /* the view whose list is being made */
	struct scope scope;     /* as of the last ranking */
	struct filter *lent;    /* the filter that is in use while the list is made */
	bool lent_is_old;       /* it has been replaced: free it afterwards */
	struct trend trend;     /* as of the last ranking, if the view shown is the graph */
	struct travel travel;   /* the moment of the past that is shown */
	struct summary summary; /* the numbers above the table, of the last ranking */
	struct pane pane;       /* the numbers beside it */
	bool pane_shown;        /* if there is room */
	/* what is shown */
	unsigned classes; /* as in struct scope */
	bool ip4, ip6;
	bool average; /* as in struct scope */
	struct state_own own;
	struct state_naming naming;
	struct state_processes processes;
	unsigned span;            /* the graph's span: number of a row of trend_spans */
	bool trend_packets;       /* it shows packets a second instead of bits or bytes */
	uint8_t prefix4, prefix6; /* bits of the networks' prefixes */
	unsigned extras;          /* extras of the ledger that are always kept: enum ledger_extra */
	struct units units;
	struct state_record record;
	bool frozen;        /* the list is made again only if a command requests it */
	uint64_t ranked_at; /* ns: the ledger's time when the list was made */
	uint64_t logged;    /* packets that had been logged then */
	bool log_waits;     /* newer packets are held back for a moment */
	bool hold;          /* the order of the rows is fixed */
	bool help;
	bool manual;       /* the second part of the help: columns, filter, commands */
	unsigned help_top; /* first line of the help on the screen; screen_paint() clamps it */
	bool zero;         /* counts are since a baseline, not since the start */
	bool inner;        /* tunnels: inner addresses */
	double delay;      /* s between redraws */
	char show[FILTER_MAX + 1]; /* display filter */
	char capture_filter[FILTER_MAX + 1];
	/* the prompt */
	enum prompt prompt;
	char typed[FILTER_MAX + 1];   /* UTF-8 */
	unsigned typed_len, typed_at; /* bytes; the offset of the cursor */
	struct buf error;             /* error in the typed text; "" if there is none */
	char error_text[160];
	size_t error_at;             /* its offset in typed; past the end if not known */
	char before[FILTER_MAX + 1]; /* the display filter, for Esc */
	char draft[FILTER_MAX + 1];  /* the typed text while history is shown */
	unsigned recalled;           /* line of the history that is shown, from 1 on; 0: none */
	struct history history[PROMPTS];
	struct complete complete;
	char then[STATE_THEN]; /* command to run next; "": none */
	int refused;           /* number of the wrong word in the last command; -1: none */
	/* the bottom line's message */
	struct buf message;
	char message_text[256];
	bool message_bad;
	const char *asked;      /* the command that needs a y to run; NULL: none */
	uint64_t message_until; /* ns, monotonic; 0: until the next key */
	/* the screen */
	int cols, rows;
	bool ascii;
};

/* True while the screen shows the past. */
static inline bool
travel_is_past(const struct state *st)
{
	return st->travel.at != 0;
}

void state_init(struct state *st);
void state_fini(struct state *st);

/* The scope of l that this state shows. */
struct scope state_scope(const struct state *st, const struct ledger *l);

/* Compiles st->show for the view shown, if that has not been done yet. */
void state_refilter(struct state *st);

/*
 * Sets the display filter.  False, with st->error and st->error_at, if it is not valid for the view
 * shown; then the old one stays.
 */
bool state_show(struct state *st, const char *text);

/* Sets the display filter without compiling it; state_refilter() reports an error later. */
void state_set_show(struct state *st, const char *text);

/* Shows views[view]. */
void state_view(struct state *st, unsigned view);

/* The column sorted by in the view shown, and which way. */
unsigned state_sort(const struct state *st, bool *desc);

/* Rows of the table that the screen has room for. */
unsigned state_page(const struct state *st);

/* The rows of the view shown, in the order of the screen; none before its first list. */
uint32_t state_count(const struct state *st);
const struct list_row *state_row(const struct state *st, uint32_t i);

/* The place of the row with that key among them, or -1. */
int64_t state_find(const struct state *st, const struct rowkey *k);

/* Moves the cursor to row `at`, or to the nearest one. */
void state_select(struct state *st, int64_t at);

/*
 * Tells the ledger which extras the view shown needs.  True if ledger_fold() must be called until
 * it is done before the list is made.
 */
bool state_watch(const struct state *st, struct ledger *l);

/* Starts to make st->list.  Then call state_step() until it is done, and state_ranked(). */
void state_rank(struct state *st, const struct ledger *l);

/* Looks at n more rows of a table.  True while there are more. */
bool state_step(struct state *st, uint32_t n);

/* The list is done: keeps the cursor on its row, and the row on the screen. */
void state_ranked(struct state *st);

/* Orders the listed rows again, after folds have changed. */
void state_reorder(struct state *st);

/* Shows a message below the table, until the next key or st->message_until. */
void state_say(struct state *st, bool bad, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Handles a key; see control/keymap.h.  Returns wishes. */
unsigned state_key(struct state *st, uint32_t key);

#endif
