/*
 * A list over the table to choose from: columns, what to sort by, interfaces.
 *
 * Each key of a menu runs a command with the name of the item under the cursor, so a menu can do
 * nothing that the prompt cannot do.
 */
#ifndef CONTROL_MENU_H
#define CONTROL_MENU_H

#include <stdbool.h>
#include <stdint.h>

#define MENU_NAME 48

enum menu_kind { MENU_NONE, MENU_COLUMNS, MENU_SORT, MENU_INTERFACES, MENUS };

struct menu {
	enum menu_kind kind;
	unsigned at, top;     /* the item under the cursor, and the first one on the screen */
	char name[MENU_NAME]; /* of the item under the cursor, to find it again */
};

struct menu_item {
	const char *name, *about;
	char mark;
	char note[16]; /* a word more */
};

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
