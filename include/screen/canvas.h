/*
 * The canvas that painters draw on, and graphs on it.
 */
#ifndef SCREEN_CANVAS_H
#define SCREEN_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * A grid of cells to paint on.  Painters do not know the terminal: ui/term.c copies the cells to
 * curses, and --dump prints them.
 */

enum style { /* what a cell means; themes give it colours */
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_STRONG,
	STYLE_TITLE,    /* the top line, and titles of parts */
	STYLE_HEAD,     /* column titles */
	STYLE_SORTED,   /* title of the sorted column */
	STYLE_SELECTED, /* the row under the cursor */
	STYLE_KEY,      /* a key in the bottom line */
	STYLE_CHIP_OFF, /* a toggle that hides something */
	STYLE_GRAPH,    /* and the received part of it */
	STYLE_GRAPH_OUT,
	STYLE_GRAPH_OTHER,
	STYLE_BAR,
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_BAD,   /* loss and errors, never high traffic */
	STYLE_ERROR, /* a message that something failed */
	STYLES
};

#define CELL_MARKS 3 /* combining characters that a cell keeps */

struct cell {
	uint32_t ch; /* 0: the right half of a wide character */
	uint32_t mark[CELL_MARKS];
	uint8_t style;
};

#define CANVAS_ZONES 800
#define ZONE_COMMAND 48

struct zone { /* part of a line where a click means something */
	int x, y, width;
	char command[ZONE_COMMAND];
};

struct canvas {
	struct cell *cell; /* rows * cols, row by row */
	int cols, rows;
	bool ascii;             /* only ASCII is put; other characters become similar ones */
	int cursor_x, cursor_y; /* where the terminal's cursor stands; -1: hidden */
	struct zone zone[CANVAS_ZONES];
	unsigned n_zones;
};

#define CANVAS_MAX_COLS 1000
#define CANVAS_MAX_ROWS 500

void canvas_init(struct canvas *c, bool ascii);
void canvas_fini(struct canvas *c);

/* A blank canvas of that size, clamped to 1 x 1 ... CANVAS_MAX_*.  Dies when there is no memory. */
void canvas_resize(struct canvas *c, int cols, int rows);
void canvas_clear(struct canvas *c);

/* Writes s from x on, at most width cells, clipped to the canvas.  Returns the cells used. */
int canvas_put(struct canvas *c, int x, int y, int width, enum style st, const char *s);

/* Writes s aligned right in width cells; a longer text is cut at its right end. */
void canvas_put_right(struct canvas *c, int x, int y, int width, enum style st, const char *s);

/* Changes the style of width cells from x on, but not their characters. */
void canvas_style(struct canvas *c, int x, int y, int width, enum style st);

/* A click on these cells runs that command; "" does nothing.  Later zones cover earlier ones. */
void canvas_zone(struct canvas *c, int x, int y, int width, const char *command);

/* The command of the topmost zone at that cell, or NULL. */
const char *canvas_zone_at(const struct canvas *c, int x, int y);

/* The text of row y, without blanks at its end, as UTF-8. */
void canvas_text(const struct canvas *c, int y, struct buf *b);

/*
 * Sparklines and bars made of eighth blocks, or of ASCII without UTF-8.
 */

/*
 * The newest samples at the right end, n of them; top is the value of a full cell.  In
 * several rows from y up when rows > 1.
 */
void graph_bars_up(struct canvas *c, int x, int y, int width, int rows, const double *v, size_t n,
    double top, enum style st);

/* A horizontal bar of share (0 to 1) of width cells. */
void graph_bar(struct canvas *c, int x, int y, int width, double share, enum style st);

/* The least number of the form 1, 2 or 5 times a power of ten that is at least v. */
double graph_axis_top(double v);

#endif
