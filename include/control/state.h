/*
 * What the user chose: the state of the views.
 */
#ifndef CONTROL_STATE_H
#define CONTROL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "control/detail.h"
#include "control/history.h"
#include "control/keymap.h"
#include "control/menu.h"
#include "control/settings.h"
#include "util/buf.h"
#include "view/column_layout.h"
#include "view/filter.h"
#include "view/own_session.h"
#include "view/row_list.h"
#include "view/summary.h"
#include "view/view.h"

/*
 * Tree views: rows are indented below their parent, siblings are in the current order, and a row's
 * descendants can be folded away.  Folds are stored by path, so they survive a new list and a reset
 * of counts.
 */

#define TREE_FOLDS 256 /* most folded rows; one more unfolds the oldest */
#define TREE_ROOT  UINT32_MAX

struct tree {
	uint64_t folded[TREE_FOLDS]; /* hashes of their paths, oldest first */
	unsigned n;
};

bool tree_is_folded(const struct tree *t, const struct view *v, const struct table_row *row);

/*
 * Sorts an order that has all rows as a tree: each row behind its parent, siblings as they were;
 * removes folded rows.  A row whose parent is not listed becomes a top-level row. v has a
 * v_protocols_parent().
 */
void tree_shape(
    const struct tree *t, struct row_order *o, const struct view *v, const struct row_list *l);

/* Folds or unfolds the descendants of a row. */
void tree_set_folded(
    struct tree *t, const struct view *v, const struct table_row *row, bool folded);

/* The slot of the row's parent, or TREE_ROOT. */
uint32_t tree_parent(const struct view *v, const struct table_row *row);

/*
 * The state of the screen: what the user has chosen.  Commands change it, and return requests for
 * what the main loop must do.
 */

#define STATE_PREFIX4 24 /* default prefix lengths of networks */
#define STATE_PREFIX6 64

#define STATE_NEXT_COMMAND 96 /* most bytes of a queued command */

#define HELP_MANUAL       'm' /* the key that leads from the help on keys to the manual */
#define HELP_MANUAL_LABEL "m"

#define HELP_END 1000000 /* a help_top behind every help's end */

enum request { /* what the main loop is asked to do */
	REQ_QUIT = 1 << 0,
	REQ_PAINT = 1 << 1, /* repaint the screen */
	REQ_RANK = 1 << 2,  /* make the list again */
	REQ_SNAPSHOT = 1 << 3,
	REQ_CAPTURE_FILTER = 1 << 4, /* compile and install st->capture_filter */
	REQ_SUSPEND = 1 << 5,
	REQ_REDRAW = 1 << 6,           /* redraw the whole terminal */
	REQ_DELAY = 1 << 7,            /* st->delay has changed */
	REQ_ZERO = 1 << 8,             /* set or remove the baseline, as st->since_baseline says */
	REQ_INNER = 1 << 9,            /* st->inner has changed */
	REQ_PACKET_LOG = 1 << 10,      /* start the packet log in st->record's file, or stop it */
	REQ_PCAP = 1 << 11,            /* start or stop the capture file, likewise */
	REQ_RESTART = 1 << 12,         /* reset everything, files from their start */
	REQ_LIST_INTERFACES = 1 << 13, /* list the interfaces in st->ifaces */
	REQ_CAPTURE_ON = 1 << 14,      /* capture on st->ifaces.request */
	REQ_COPY_ROW = 1 << 15,        /* copy the row's tcpdump command to the clipboard */
	REQ_RECORD_ROW = 1 << 16,      /* start or stop a capture file of the row */
	REQ_FLOW_LOG = 1 << 17,        /* start or stop the flow log, likewise */
	REQ_SAVE_SETTINGS = 1 << 18,   /* save the settings */
	REQ_MOUSE = 1 << 20,           /* st->mouse has changed */
	REQ_THEME = 1 << 19,           /* st->theme has changed */
	REQ_MARK = 1 << 23,            /* the newest of st->past.mark is to be noted */
	REQ_EVENTS = 1 << 22,          /* st->event_limits has changed */
	REQ_STOP_CAPTURE = 1 << 21,    /* stop or resume capturing, as st->record.stopped says */
};

enum prompt { /* what is being typed on the bottom line */
	PROMPT_NONE,
	PROMPT_SHOW,    /* display filter, `/` */
	PROMPT_CAPTURE, /* capture filter, `f` */
	PROMPT_COMMAND, /* `:` */
	PROMPT_DELAY,   /* `d` */
	PROMPT_MARK,    /* the note of a mark, `m` */
	PROMPTS
};

#define PROMPT_HISTORY 16 /* lines of history of each prompt */

struct prompt_history { /* newest first */
	char line[PROMPT_HISTORY][FILTER_MAX + 1];
	unsigned n;
};

struct state_own { /* the own session of SSH, see view/own_session.h */
	bool shown;
};

struct state_names {
	uint8_t mode; /* enum name_mode */
	bool has_dns; /* reverse DNS is available; set by the owner of the state */
};

struct state_processes {
	bool on;       /* flows show theirs */
	/* One sentence each, set by the owner of the state. */
	const char *unavailable; /* why processes are not available; NULL: they are */
	const char *limitation;  /* what is missing; NULL: nothing */
};

struct state_record {
	bool stopped;              /* nothing is captured */
	char path[FILTER_MAX + 1]; /* of the file started last; "": a default name */
};

#define STATE_MESSAGES 50

struct state_messages { /* what was said, newest first */
	struct {
		uint64_t at; /* ns: the ledger's time */
		char text[256];
	} said[STATE_MESSAGES];
	unsigned n;
};

struct state_view {           /* what is remembered of each view */
	unsigned sort_column; /* column */
	bool sort_desc;
	bool sort_chosen; /* the user has chosen the order */
	uint8_t group;    /* how the rows are grouped, as in struct scope */
	uint32_t top;     /* first row on the screen */
	uint32_t cursor;  /* number of the selected row */
	struct row_key selected_key;
	bool has_selected;
	bool stays_on_top; /* the cursor stays on the first row until it is moved */
	bool follows_row;  /* the cursor follows its row */
	bool go_to_bottom; /* the cursor goes to the last row of the next list */
	struct filter
	    *filter; /* the display filter compiled for this view; NULL: matches all rows */
	bool filter_compiled; /* filter is compiled from the current st->filter_text */
	bool filter_invalid;  /* st->filter_text is not valid for this view: all rows are shown */
};

struct state {
	unsigned view; /* number in views[] */
	struct state_view per_view[VIEW_COUNT];
	struct column_prefs column_prefs[VIEW_COUNT];
	struct column_needs column_needs;
	struct menu menu;
	struct key_bindings bindings;
	enum theme theme;
	struct event_limits event_limits;
	bool mouse; /* mouse events are handled */
	struct iface_list ifaces;
	struct detail detail;
	struct row_list *list;      /* the rows on screen, see state_row() */
	struct row_order order;     /* the order of the rows on screen */
	struct tree tree;           /* folded rows of a tree */
	int listed_view;            /* the view whose rows the list holds; -1: none yet */
	unsigned ranking_view;      /* the view whose list is being made */
	struct scope scope;         /* as of the last ranking */
	struct filter *list_filter; /* the filter that is in use while the list is made */
	bool list_filter_stale;     /* it has been replaced: free it afterwards */
	struct graph_data graph;    /* as of the last ranking, if the view shown is the graph */
	struct history_cursor past; /* the moment of the past that is shown */
	struct summary summary;     /* the numbers above the table, of the last ranking */
	struct panel panel;         /* the numbers of the side panel */
	bool panel_shown;           /* if there is room */
	/* what is shown */
	unsigned classes; /* as in struct scope */
	bool ip4, ip6;
	bool whole_time; /* as in struct scope */
	struct state_own own;
	struct state_names names;
	struct state_processes processes;
	unsigned graph_span;      /* the graph's span: number of a row of graph_spans */
	bool graph_packets;       /* it shows packets a second instead of bits or bytes */
	uint8_t prefix4, prefix6; /* bits of the networks' prefixes */
	unsigned extras;          /* extras of the ledger that are always kept: enum ledger_extra */
	struct units units;
	struct state_record record;
	bool frozen;             /* the list is made again only if a command requests it */
	uint64_t ranked_at;      /* ns: the ledger's time when the list was made */
	uint64_t logged_at_rank; /* packets that had been logged then */
	bool log_is_held_back;   /* newer packets are held back for a moment */
	bool order_held;         /* the order of the rows is fixed */
	bool help;
	bool manual;         /* the second part of the help: columns, filter, commands */
	unsigned help_top;   /* first line of the help on the screen; screen_paint() clamps it */
	bool since_baseline; /* counts are since a baseline, not since the start */
	bool inner;          /* tunnels: inner addresses */
	double delay;        /* s between redraws */
	char filter_text[FILTER_MAX + 1];  /* display filter */
	bool active_only;                  /* idle rows and ended connections are hidden */
	char offered_text[FILTER_MAX + 1]; /* a filter for another view, which was offered */
	char capture_filter[FILTER_MAX + 1];
	/* a paste */
	bool pasting;     /* keys are pasted */
	bool paste_taken; /* the rest of the paste is ignored */
	/* the prompt */
	enum prompt prompt;
	char typed[FILTER_MAX + 1];    /* UTF-8 */
	unsigned typed_len, cursor_at; /* bytes; the offset of the cursor */
	struct buf error;              /* error in the typed text; "" if there is none */
	char error_text[160];
	size_t error_at;                    /* its offset in typed; past the end if not known */
	char filter_before[FILTER_MAX + 1]; /* the display filter, for Esc */
	char draft[FILTER_MAX + 1];         /* the typed text while history is shown */
	unsigned history_line; /* line of the history that is shown, from 1 on; 0: none */
	struct prompt_history history[PROMPTS];
	struct completion complete;
	char next_command[STATE_NEXT_COMMAND]; /* command to run next; "": none */
	int bad_word; /* number of the wrong word in the last command; -1: none */
	/* the bottom line's message */
	struct buf message;
	char message_text[256];
	bool message_bad;
	struct state_messages messages;
	const char *confirm_command; /* the command that needs a y to run; NULL: none */
	uint64_t message_until;      /* ns, monotonic; 0: until the next key */
	/* the screen */
	int cols, rows;
	bool ascii;
};

/* True while the screen shows the past. */
static inline bool
history_is_shown(const struct state *st)
{
	return st->past.shown_at != 0;
}

void state_init(struct state *st);
void state_fini(struct state *st);

/* The scope of l that this state shows. */
struct scope state_scope(const struct state *st, const struct ledger *l);

/* True while rows of this machine are one row.  A display filter may ask for one of them. */
static inline bool
state_keeps_own_apart(const struct state *st)
{
	return st->filter_text[0] == '\0';
}

/* The row of this machine below the table, or NULL: none, or no room for it. */
const struct table_row *state_own_row(const struct state *st);

/* Compiles st->filter_text for the view shown, if that has not been done yet. */
void state_compile_filter(struct state *st);

/*
 * Sets the display filter.  False, with st->error and st->error_at, if it is not valid for the view
 * shown; then the old one stays.
 */
bool state_set_filter(struct state *st, const char *text);

/*
 * The same, but offers the view that the filter is for, in st->error, and shows it if the filter is
 * applied again.
 */
bool state_apply_filter(struct state *st, const char *text);

/* Sets the display filter without compiling it; state_compile_filter() reports an error later. */
void state_set_filter_text(struct state *st, const char *text);

/* Shows views[view]. */
void state_show_view(struct state *st, unsigned view);

/* The column sorted by in the view shown, and which way. */
unsigned state_get_sort(const struct state *st, bool *desc);

/* Rows of the table that the screen has room for. */
unsigned state_page_rows(const struct state *st);

/* The rows of the view shown, in the order of the screen; none before its first list. */
uint32_t state_row_count(const struct state *st);
const struct table_row *state_row(const struct state *st, uint32_t i);

/* The place of the row with that key among them, or -1. */
int64_t state_find_row(const struct state *st, const struct row_key *k);

/* Moves the cursor to row `at`, or to the nearest one. */
void state_select(struct state *st, int64_t at);

/*
 * Tells the ledger which extras the view shown needs.  True if ledger_fold() must be called until
 * it is done before the list is made.
 */
bool refresh_watch_extras(const struct state *st, struct ledger *l);

/* Starts to make st->list.  Then call refresh_step() until it is done, and refresh_finish(). */
void refresh_begin(struct state *st, const struct ledger *l);

/* Looks at n more rows of a table.  True while there are more. */
bool refresh_step(struct state *st, uint32_t n);

/* The list is done: keeps the cursor on its row, and the row on the screen. */
void refresh_finish(struct state *st);

/* Orders the listed rows again, after folds have changed. */
void refresh_order(struct state *st);

/* Shows a message below the table, until the next key or st->message_until. */
void status_message(struct state *st, bool bad, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Handles a key; see control/keymap.h.  Returns requests. */
unsigned input_key(struct state *st, uint32_t key);

/*
 * What the cursor follows.  In a table: its row, while it is followed, wherever the order takes it.
 * In the log of packets: the newest packet, until one scrolls; then the log is paused, and F
 * resumes it.
 */

/* True if the list is paused until a command requests another one. */
bool follow_is_paused(const struct state *st);

/* Updates the numbers above the table while the list is paused. */
void follow_update_summary(struct state *st, const struct ledger *l);

/*
 * True if the list, which is age_ns old, should stay a while longer: a log that is followed and
 * passes faster than it can be read.  Other reasons to pause are ignored.
 */
bool follow_is_held_back(struct state *st, const struct ledger *l, uint64_t age_ns);

/* Packets that were logged since the list was made, if it is paused or held back. */
uint64_t follow_n_newer(const struct state *st, const struct ledger *l);

/* The followed row is no longer listed: stops following it. */
void follow_row_lost(struct state *st);

/* A word for the header that says what is followed; NULL if nothing is. */
const char *follow_label(const struct state *st);

#endif
