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

struct paint;
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

/* Over the lower part of the table. */
void menu_paint(const struct paint *p);

/* Its keys, on the line for keys. */
void menu_paint_keys(const struct paint *p);

#endif
