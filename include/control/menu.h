/*
 * Lists that the user chooses from: menus, interfaces, completions.
 */
#ifndef CONTROL_MENU_H
#define CONTROL_MENU_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

/*
 * The interfaces that can be captured on, as the main loop has listed them for the menu.
 */

#define IFACE_LIST_MAX        64
#define IFACE_NAME_LEN        40
#define IFACE_DESCRIPTION_LEN 96

struct iface_choice {
	char name[IFACE_NAME_LEN];
	char description[IFACE_DESCRIPTION_LEN]; /* addresses, state, description; clean */
	bool captured;                           /* it is captured on */
};

struct iface_list {
	struct iface_choice iface[IFACE_LIST_MAX];
	unsigned n;
	char request[IFACE_NAME_LEN +
	    1]; /* "NAME" only, or "+NAME", or "-NAME"; see REQ_CAPTURE_ON */
};

/*
 * Completion of the word before the prompt's cursor: Tab inserts the next candidate, Shift-Tab the
 * previous one, until another key is pressed.
 */

#define COMPLETION_MAX  128 /* candidates */
#define COMPLETION_WORD 48  /* bytes of one */

struct completion {
	bool active;
	unsigned start;             /* offset of the word in the typed text */
	char stem[COMPLETION_WORD]; /* as it was typed */
	unsigned index;             /* number of the candidate that is inserted */
};

struct completion_list {
	char word[COMPLETION_MAX][COMPLETION_WORD];
	unsigned n;
};

struct state;

/* Finds all candidates for the stem. */
void completion_find(const struct state *st, struct completion_list *c);

/* Inserts the next candidate, or the previous one.  Returns requests. */
unsigned completion_next(struct state *st);
unsigned completion_previous(struct state *st);

struct command;

/* The only argument `word` of that command that begins with stem, in out.  False if there is none,
 * or several. */
bool completion_expand(const struct state *st, const struct command *command, unsigned word,
    const char *stem, char out[COMPLETION_WORD]);

/* The same for the name of a command or a view; NULL with all candidates in c. */
const char *completion_command(const struct state *st, const char *stem, struct completion_list *c);

/*
 * A list over the table to choose from: columns, what to sort by, interfaces.
 *
 * Each key of a menu runs a command with the name of the item under the cursor, so a menu can do
 * nothing that the prompt cannot do.
 */

#define MENU_NAME 48

enum menu_kind { MENU_NONE, MENU_COLUMNS, MENU_SORT, MENU_INTERFACES, MENU_MESSAGES, MENUS };

struct menu {
	enum menu_kind kind;
	unsigned at, top;     /* the item under the cursor, and the first one on the screen */
	char name[MENU_NAME]; /* of the item under the cursor, to find it again */
};

struct menu_item {
	const char *name; /* NULL: own_name */
	const char *about;
	const char *title; /* of a column on the screen; NULL: none */
	char mark;
	char note[16];     /* a word more */
	char own_name[16]; /* room for a name that is not stored elsewhere */
};

static inline const char *
menu_item_name(const struct menu_item *it)
{
	return it->name != NULL ? it->name : it->own_name;
}

struct menu_action {
	uint32_t key;
	const char *label;   /* NULL: an alias of the one before */
	const char *command; /* %s is the item's name */
	const char *hint;
};

struct state;

void menu_close(struct state *st);

/* Handles a key while a menu is open, and queues its command for command_run_next().  False if
 * the menu does not use the key. */
bool menu_key(struct state *st, uint32_t key);

/* Keeps the cursor on its item after the items have changed. */
void menu_follow(struct state *st);

/* Moves the cursor to item `at`, or to the nearest one. */
void menu_select(struct state *st, int64_t at);

/* A click on item `at`: selects it; if it is selected already, works like Enter. */
void menu_pick(struct state *st, int64_t at);

/* Items that the screen has room for. */
int menu_page(const struct state *st);

/* What the menu that is open shows. */
unsigned menu_count(const struct state *st);
struct menu_item menu_item(const struct state *st, unsigned i);
const struct menu_action *menu_actions(const struct state *st); /* key 0 at the end */
const char *menu_title(const struct state *st);
const char *menu_empty(const struct state *st); /* shown if there are no items */

#endif
