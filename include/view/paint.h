/*
 * What the painters of the parts of the screen share; see view/screen.h.
 */
#ifndef VIEW_PAINT_H
#define VIEW_PAINT_H

#include "util/attr.h"
#include "view/canvas.h"
#include "view/layout.h"
#include "view/screen.h"
#include "view/state.h"

/* All that a painter looks at. */
struct paint {
	struct canvas *c;
	struct state *st;
	const struct ledger *l;
	const struct facts *f;
	struct layout lo;
};

/* Writes pieces of text one after the other on a line. */
struct pen {
	struct canvas *c;
	int x, y;
	int end; /* the first column that is not ours */
	bool began;
};

struct pen pen_at(struct canvas *c, int x, int y, int end);

/* Writes on, as much as there is room for. */
void pen_put(struct pen *p, enum style st, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Writes a whole item, two blanks behind the one before, or nothing when there is no room. */
void pen_item(struct pen *p, enum style st, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Writes a key and what it does, as an item. */
void pen_key(struct pen *p, const char *label, const char *hint);

/* The same with the key that stands for a command; nothing where none does. */
void pen_command(struct pen *p, const struct bindings *b, const char *command, const char *hint);

/* Cuts s in its middle to at most `cells` cells, with an ellipsis in place of what is gone. */
void text_shorten(struct buf *b, const char *s, int cells);

/* Everything above the table, without the column titles. */
void header_paint(const struct paint *p);

/* The graph within it. */
void spark_paint(const struct paint *p);

/* Column titles and rows. */
void table_paint(const struct paint *p);

/* The graph of traffic over time, in the place of the table. */
void trend_paint(const struct paint *p);

/* The rows of another list below column titles of its own, in so many lines from y on. */
void table_paint_list(
    const struct paint *p, const struct view *v, const struct list *l, int y, int lines);

/* The side panel. */
void pane_paint(const struct paint *p);

/* Below the table: message, keys, prompt. */
void bottom_paint(const struct paint *p);

/* The keys that matter now. */
void hints_paint(const struct paint *p);

/* The menu over the lower part of the table, and its keys on the line for keys. */
void menu_paint(const struct paint *p);
void menu_paint_keys(const struct paint *p);

/* The detail of a row, and what can be done with it on the line for keys. */
void detail_paint(const struct paint *p);
void detail_paint_keys(const struct paint *p);

/* The help over the whole screen but the bottom lines. */
void help_paint(const struct paint *p);

#endif
