/*
 * A list over the table to choose from: of columns, of what to sort by, of interfaces.
 *
 * What can be done in a menu are commands: a key runs one with the name of the item under the
 * cursor in it.  So a menu does nothing that the prompt could not do.
 */
#ifndef VIEW_MENU_H
#define VIEW_MENU_H

#include <stdbool.h>
#include <stdint.h>

#define MENU_NAME 48

enum menu_kind { MENU_NONE, MENU_COLUMNS, MENU_SORT, MENU_INTERFACES, MENUS };

struct menu {
	enum menu_kind kind;
	unsigned at, top;     /* the item under the cursor, and the first one on the screen */
	char name[MENU_NAME]; /* of the item under the cursor, which may move */
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

/* A key while a menu is open: leaves its command to command_run_then().  True when it means
 * something there. */
bool menu_key(struct state *st, uint32_t key);

/* The items may have moved, or be others: the cursor stays on the one that it was on. */
void menu_follow(struct state *st);

/* Moves the cursor to item `at`, or as near to it as there are items. */
void menu_select(struct state *st, int64_t at);

/* The same as the mouse has it: on the item under the cursor, what Enter does. */
void menu_pick(struct state *st, int64_t at);

/* Items that the screen has room for. */
int menu_page(const struct state *st);

/* What the menu that is open shows. */
unsigned menu_count(const struct state *st);
struct menu_item menu_item(const struct state *st, unsigned i);
const struct menu_action *menu_actions(const struct state *st); /* key 0 at the end */
const char *menu_title(const struct state *st);
const char *menu_empty(const struct state *st); /* in the place of items, where there is none */

#endif
