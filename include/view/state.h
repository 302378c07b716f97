/*
 * The state of the screen: what the person looking at it has chosen.  Commands
 * change it, and return wishes for what is not theirs to do.
 */
#ifndef VIEW_STATE_H
#define VIEW_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/arrange.h"
#include "view/bind.h"
#include "view/complete.h"
#include "view/detail.h"
#include "view/filter.h"
#include "view/fit.h"
#include "view/list.h"
#include "view/look.h"
#include "view/menu.h"
#include "view/order.h"
#include "view/own.h"
#include "view/pane.h"
#include "view/summary.h"
#include "view/taps.h"
#include "view/travel.h"
#include "view/tree.h"
#include "view/trend.h"
#include "view/view.h"

#define STATE_VIEWS 16

#define STATE_PREFIX4 24 /* bits of the networks' prefixes, until others are chosen */
#define STATE_PREFIX6 64

#define STATE_THEN 96 /* bytes of a command that another one goes on to */

#define HELP_MANUAL       'm' /* the key that leads from the help on keys to the manual */
#define HELP_MANUAL_LABEL "m"

#define HELP_END 1000000 /* a help_top behind every help's end */

enum wish { /* what the loop is to do */
	WISH_QUIT = 1 << 0,
	WISH_PAINT = 1 << 1, /* the screen is to be painted anew */
	WISH_RANK = 1 << 2,  /* the list is to be made anew */
	WISH_SNAPSHOT = 1 << 3,
	WISH_CAPTURE = 1 << 4, /* st->capture_filter is to be compiled and put in place */
	WISH_SUSPEND = 1 << 5,
	WISH_CLEAR = 1 << 6,  /* everything on the terminal is to be sent again */
	WISH_DELAY = 1 << 7,  /* st->delay has changed */
	WISH_ZERO = 1 << 8,   /* what is shown counts from now on, or no longer, as st->zero says */
	WISH_INNER = 1 << 9,  /* st->inner has changed */
	WISH_LOG = 1 << 10,   /* the packet log stops, or starts in st->record's file */
	WISH_WRITE = 1 << 11, /* the capture file, likewise */
	WISH_RESTART = 1 << 12,  /* all begins anew, files from their beginning */
	WISH_TAPS = 1 << 13,     /* st->taps is to be filled in */
	WISH_TAP = 1 << 14,      /* captured on is st->taps.wanted */
	WISH_COPY = 1 << 15,     /* the row's tcpdump line goes to the clipboard */
	WISH_RECORD = 1 << 16,   /* a capture file of the row starts, or stops */
	WISH_FLOW_LOG = 1 << 17, /* the flow log, as the packet log */
	WISH_SAVE = 1 << 18,     /* the settings are to be saved */
	WISH_MOUSE = 1 << 20,    /* st->mouse has changed */
	WISH_THEME = 1 << 19,    /* st->theme has changed */
	WISH_STOP = 1 << 21,     /* capturing stops or goes on, as st->record.stopped says */
};

enum prompt { /* what is being typed on the bottom line */
	PROMPT_NONE,
	PROMPT_SHOW,    /* display filter, `/` */
	PROMPT_CAPTURE, /* capture filter, `f` */
	PROMPT_COMMAND, /* `:` */
	PROMPT_DELAY,   /* `d` */
	PROMPTS
};

#define PROMPT_HISTORY 16 /* lines that are remembered of each prompt */

struct history { /* newest first */
	char line[PROMPT_HISTORY][FILTER_MAX + 1];
	unsigned n;
};

struct state_own { /* the own session of SSH, see view/own.h */
	bool shown;
};

struct state_naming {
	uint8_t mode; /* enum naming */
	bool can_ask; /* this program can, set by whoever owns the state */
};

struct state_processes {
	bool on;
	/* One sentence each, set by whoever owns the state. */
	const char *cannot; /* why it cannot be known; NULL: it can */
	const char *limit;  /* what cannot be known of it; NULL: all can */
};

struct state_record {
	bool stopped;              /* nothing is captured */
	char path[FILTER_MAX + 1]; /* that the one started last is to have; "": a name of its own */
};

struct state_view {    /* what is remembered of each view */
	unsigned sort; /* column */
	bool desc;
	bool chosen;  /* by the user, so that the default no longer matters */
	uint32_t top; /* first row on the screen */
	uint32_t at;  /* place of the selected row */
	struct rowkey selected;
	bool has_selected;
	bool at_top;           /* the cursor stays on the first row until it is moved */
	bool follow;           /* the cursor stays with its row, however far down it goes */
	bool to_bottom;        /* the cursor goes to the last row as soon as there is a new list */
	struct filter *filter; /* the display filter as this view reads it; NULL: takes all */
	bool filter_made;      /* filter is of the present st->show */
	bool filter_bad;       /* this view cannot read st->show, and so takes all */
};

struct state {
	unsigned view; /* number in views[] */
	struct state_view per[STATE_VIEWS];
	struct arrange arrange[STATE_VIEWS];
	struct fit_needs needs;
	struct menu menu;
	struct bindings bindings;
	enum theme theme;
	bool mouse; /* it is heeded */
	struct taps taps;
	struct detail detail;
	struct list *list;      /* the rows on screen, see state_row() */
	struct order order;     /* of the rows, while it is held */
	struct tree tree;       /* what is folded, where they are one */
	int listed;             /* the view whose rows the list holds; -1: none yet */
	unsigned ranking;       /* the view whose rows it is going to hold */
	struct scope scope;     /* as of the last ranking */
	struct filter *lent;    /* the filter that the list reads while it is made */
	bool lent_is_old;       /* no view has it any more */
	struct trend trend;     /* as of the last ranking, where the view shown is a graph of it */
	struct travel travel;   /* back in time */
	struct summary summary; /* the numbers above the table, as of the last ranking */
	struct pane pane;       /* and those beside it */
	bool pane_shown;        /* where there is room for them */
	/* what is shown */
	unsigned classes; /* as in struct scope */
	bool ip4, ip6;
	bool average; /* as in struct scope */
	struct state_own own;
	struct state_naming naming;
	struct state_processes processes;
	unsigned span;            /* of the graph of traffic: number of a row in trend.c */
	bool trend_packets;       /* it shows packets a second instead of bits or bytes */
	uint8_t prefix4, prefix6; /* bits of the networks' prefixes */
	unsigned extras;          /* that the ledger keeps whatever is shown: enum ledger_extra */
	struct units units;
	struct state_record record;
	bool frozen;        /* the list is made anew only where a command wishes it */
	uint64_t ranked_at; /* ns: the ledger's time when the list was made */
	uint64_t logged;    /* packets that had been logged then */
	bool log_waits;     /* what was logged since is shown a little later */
	bool hold;          /* the order stays, the numbers go on */
	bool help;
	bool manual;       /* of it the second part: columns, filter, commands */
	unsigned help_top; /* first line of it on the screen; screen_paint() keeps it in bounds */
	bool zero;         /* what is shown counts from some moment on, and not since the start */
	bool inner;        /* tunnels: inner addresses */
	double delay;      /* s between redraws */
	char show[FILTER_MAX + 1]; /* display filter */
	char capture_filter[FILTER_MAX + 1];
	/* the prompt */
	enum prompt prompt;
	char typed[FILTER_MAX + 1];   /* UTF-8 */
	unsigned typed_len, typed_at; /* bytes; the cursor's place */
	struct buf error;             /* of what is being typed, "" while it is right */
	char error_text[160];
	size_t error_at;             /* where in typed; past its end where that is not known */
	char before[FILTER_MAX + 1]; /* the display filter, for Esc */
	char draft[FILTER_MAX + 1];  /* what was typed before history was looked up */
	unsigned recalled;           /* line of the history that is shown, from 1 on; 0: none */
	struct history history[PROMPTS];
	struct complete complete;
	char then[STATE_THEN]; /* the command that the one at hand goes on to; "": none */
	int refused; /* number of the word that the last command could not read; -1: none */
	/* the bottom line's message */
	struct buf message;
	char message_text[256];
	bool message_bad;
	const char *asked;      /* the command that the next key, y, runs; NULL: nothing is asked */
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

/* The scope through which this state looks at l. */
struct scope state_scope(const struct state *st, const struct ledger *l);

/* Compiles st->show for the view shown, where that is still to be done. */
void state_refilter(struct state *st);

/*
 * Makes text the display filter.  False, with st->error and st->error_at, when the view
 * shown cannot read it: then the one before stays.
 */
bool state_show(struct state *st, const char *text);

/* The same without a look at it: state_refilter() says when the view shown cannot read it. */
void state_set_show(struct state *st, const char *text);

/* Shows views[view]. */
void state_view(struct state *st, unsigned view);

/* The column sorted by in the view shown, and which way. */
unsigned state_sort(const struct state *st, bool *desc);

/* Rows of the table that the screen has room for. */
unsigned state_page(const struct state *st);

/* The rows of the view shown, in the order of the screen; none while there is no list of it. */
uint32_t state_count(const struct state *st);
const struct list_row *state_row(const struct state *st, uint32_t i);

/* The place of the row with that key among them, or -1. */
int64_t state_find(const struct state *st, const struct rowkey *k);

/* Moves the cursor to row `at`, or as near to it as there are rows. */
void state_select(struct state *st, int64_t at);

/*
 * Tells the ledger what the view shown needs beyond the usual.  True when ledger_fold() has to be
 * called until it is done before the list is made.
 */
bool state_watch(const struct state *st, struct ledger *l);

/* Begins to make st->list anew.  Then state_step() it to the end and call state_ranked(). */
void state_rank(struct state *st, const struct ledger *l);

/* Looks at n more rows of a table.  True while there are more. */
bool state_step(struct state *st, uint32_t n);

/* The list is new: keeps the selected row by identity and on the screen. */
void state_ranked(struct state *st);

/* The order of the rows listed, anew: what is folded has changed. */
void state_reorder(struct state *st);

/* Says something on the line below the table, until the next key or st->message_until. */
void state_say(struct state *st, bool bad, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* A key was pressed: see view/key.h.  Returns wishes. */
unsigned state_key(struct state *st, uint32_t key);

#endif
