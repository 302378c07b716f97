/*
 * The state of the screen: what the person looking at it has chosen.  Commands
 * change it, and return wishes for what is not theirs to do.
 */
#ifndef VIEW_STATE_H
#define VIEW_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "view/filter.h"
#include "view/list.h"
#include "view/view.h"

#define STATE_VIEWS 16

enum wish { /* what the loop is to do */
	WISH_QUIT = 1 << 0,
	WISH_PAINT = 1 << 1, /* the screen is to be painted anew */
	WISH_RANK = 1 << 2,  /* the list is to be made anew */
	WISH_SNAPSHOT = 1 << 3,
	WISH_CAPTURE = 1 << 4, /* st->capture_filter is to be compiled and put in place */
	WISH_SUSPEND = 1 << 5,
	WISH_CLEAR = 1 << 6, /* everything on the terminal is to be sent again */
	WISH_DELAY = 1 << 7, /* st->delay has changed */
	WISH_RESET = 1 << 8, /* all counts start anew */
	WISH_INNER = 1 << 9, /* st->inner has changed */
};

enum prompt { /* what is being typed on the bottom line */
	PROMPT_NONE,
	PROMPT_SHOW,    /* display filter, `/` */
	PROMPT_CAPTURE, /* capture filter, `f` */
	PROMPT_COMMAND, /* `:` */
	PROMPT_DELAY,   /* `d` */
};

struct state_view {    /* what is remembered of each view */
	unsigned sort; /* column */
	bool desc;
	bool chosen;  /* by the user, so that the default no longer matters */
	uint32_t top; /* first row on the screen */
	struct rowkey selected;
	bool has_selected;
	bool at_top;           /* the cursor stays on the first row until it is moved */
	struct filter *filter; /* the display filter as this view reads it; NULL: takes all */
};

struct state {
	unsigned view; /* number in views[] */
	struct state_view per[STATE_VIEWS];
	struct list *list; /* the rows on screen */
	/* what is shown */
	unsigned classes; /* as in struct scope */
	bool ip4, ip6;
	bool average; /* as in struct scope */
	struct units units;
	bool frozen;
	uint64_t frozen_at; /* ns: of the picture that stands still */
	bool hold;          /* the order stays, the numbers go on */
	bool help;
	unsigned help_top;
	bool inner;                /* tunnels: inner addresses */
	double delay;              /* s between redraws */
	char show[FILTER_MAX + 1]; /* display filter */
	char capture_filter[FILTER_MAX + 1];
	/* the prompt */
	enum prompt prompt;
	char typed[FILTER_MAX + 1];   /* UTF-8 */
	unsigned typed_len, typed_at; /* bytes; the cursor's place */
	struct buf error;             /* of what is being typed, "" while it is right */
	char error_text[160];
	/* the bottom line's message */
	struct buf message;
	char message_text[256];
	bool message_bad;
	uint64_t message_until; /* ns, monotonic; 0: until the next key */
	/* the screen */
	int cols, rows;
	bool ascii;
};

void state_init(struct state *st);
void state_fini(struct state *st);

/* The scope through which this state looks at l. */
struct scope state_scope(const struct state *st, const struct ledger *l);

/* Compiles st->show for the view shown, where that is still to be done. */
void state_refilter(struct state *st);

/* Rows of the table that the screen has room for. */
unsigned state_page(const struct state *st);

/* Begins to make st->list anew.  Then list_step() it to the end and call state_ranked(). */
void state_rank(struct state *st, const struct ledger *l);

/* The list is new: keeps the selected row by identity and on the screen. */
void state_ranked(struct state *st);

/* Says something on the bottom line. */
void state_say(struct state *st, bool bad, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* A key was pressed: see view/key.h.  Returns wishes. */
unsigned state_key(struct state *st, uint32_t key);

#endif
