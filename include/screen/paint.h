/*
 * Shared by all painters; see screen/screen.h.
 */
#ifndef SCREEN_PAINT_H
#define SCREEN_PAINT_H

#include "control/layout.h"
#include "control/state.h"
#include "screen/canvas.h"
#include "screen/screen.h"
#include "util/attr.h"

/* The input of a painter. */
struct painter {
	struct canvas *c;
	struct state *st;
	const struct ledger *l;
	const struct screen_info *f;
	struct layout lo;
};

/* Writes texts one after the other on a line. */
struct pen {
	struct canvas *c;
	int x, y;
	int end; /* the first column behind its part of the line */
	bool has_text;
};

struct pen pen_at(struct canvas *c, int x, int y, int end);

/* Writes a text, cut to the room that is left, with an ellipsis. */
void pen_put(struct pen *p, enum style st, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Writes an item two blanks after the last one, or nothing if it does not fit. */
void pen_item(struct pen *p, enum style st, const char *fmt, ...) ATTR_PRINTF(3, 4);

/* Writes a key and its hint, as an item. */
void pen_key(struct pen *p, const char *label, const char *hint);

/* The same with the key of a command; nothing if it has none. */
void pen_command(
    struct pen *p, const struct key_bindings *b, const char *command, const char *hint);

/* Everything above the table, without the column titles. */
void header_paint(const struct painter *p);

/* The graph within it. */
void sparkline_paint(const struct painter *p);

/* Column titles and rows. */
void table_paint(const struct painter *p);

/* The graph of traffic over time, in the place of the table. */
void traffic_graph_paint(const struct painter *p);

/* Another list with its column titles, in `lines` lines from y on. */
void table_paint_list(
    const struct painter *p, const struct view *v, const struct row_list *l, int y, int lines);

/* The side panel. */
void panel_paint(const struct painter *p);

/* Below the table: message, keys, prompt. */
void footer_paint(const struct painter *p);

/* The keys that matter now. */
void key_hints_paint(const struct painter *p);

/* The menu over the lower part of the table, and its keys on the line for keys. */
void menu_paint(const struct painter *p);
void menu_paint_keys(const struct painter *p);

/* The detail of a row, and its keys on the line for keys. */
void detail_paint(const struct painter *p);
void detail_paint_keys(const struct painter *p);

/* The help over the whole screen but the bottom lines. */
void help_paint(const struct painter *p);

#endif
