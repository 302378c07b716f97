#include "config.h"

#include "screen/canvas.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/number.h"
#include "util/text.h"

/* ASCII replacements of the symbols that painters use. */
/* clang-format off */
static const struct {
	uint32_t from;
	char to;
} nearest[] = {
	{ 0x00b7, '.' }, /* middle dot */
	{ 0x00d7, 'x' }, /* multiplication sign */
	{ 0x2013, '-' }, /* en dash */
	{ 0x2014, '-' }, /* em dash */
	{ 0x2026, '~' }, /* ellipsis */
	{ 0x2190, '<' }, /* arrows */
	{ 0x2191, '^' },
	{ 0x2192, '>' },
	{ 0x2193, 'v' },
	{ 0x2194, '=' },
	{ 0x2500, '-' }, /* lines */
	{ 0x2502, '|' },
	{ 0x250c, '+' },
	{ 0x2510, '+' },
	{ 0x2514, '`' },
	{ 0x2518, '+' },
	{ 0x251c, '|' },
	{ 0x2524, '|' },
	{ 0x2581, '.' }, /* blocks that grow upwards by eighths */
	{ 0x2582, ':' },
	{ 0x2583, '-' },
	{ 0x2584, '=' },
	{ 0x2585, '+' },
	{ 0x2586, '*' },
	{ 0x2587, '#' },
	{ 0x2588, '@' },
	{ 0x2589, '#' }, /* blocks that grow to the right by eighths */
	{ 0x258a, '#' },
	{ 0x258b, '#' },
	{ 0x258c, '=' },
	{ 0x258d, '=' },
	{ 0x258e, '-' },
	{ 0x258f, '-' },
	{ 0x25b2, '^' }, /* triangles */
	{ 0x25b4, '^' },
	{ 0x25bc, 'v' },
	{ 0x25be, 'v' },
};
/* clang-format on */

static const struct cell blank = { .ch = ' ', .style = STYLE_PLAIN };

void
canvas_init(struct canvas *c, bool ascii)
{
	*c = (struct canvas){ .ascii = ascii, .cursor_x = -1, .cursor_y = -1 };
}

void
canvas_fini(struct canvas *c)
{
	free(c->cell);
	canvas_init(c, c->ascii);
}

void
canvas_resize(struct canvas *c, int cols, int rows)
{
	cols = (int)clamp(cols, 1, CANVAS_MAX_COLS);
	rows = (int)clamp(rows, 1, CANVAS_MAX_ROWS);
	if (cols != c->cols || rows != c->rows) {
		free(c->cell);
		c->cell = xcalloc((size_t)cols * (size_t)rows, sizeof(*c->cell));
		c->cols = cols;
		c->rows = rows;
	}
	canvas_clear(c);
}

void
canvas_clear(struct canvas *c)
{
	size_t n = (size_t)c->cols * (size_t)c->rows;

	for (size_t i = 0; i < n; i++)
		c->cell[i] = blank;
	c->cursor_x = c->cursor_y = -1;
	c->n_zones = 0;
}

static struct cell *
canvas_cell_at(const struct canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->cols || y >= c->rows)
		return NULL;
	return &c->cell[(size_t)y * (size_t)c->cols + (size_t)x];
}

/* The cell at x to write to.  Blanks the other half of a wide character that is overwritten. */
static struct cell *
canvas_cell_claim(struct canvas *c, int x, int y)
{
	struct cell *cell = canvas_cell_at(c, x, y), *beside;

	if (cell == NULL)
		return NULL;
	if (cell->ch == 0 && (beside = canvas_cell_at(c, x - 1, y)) != NULL)
		*beside = blank;
	if ((beside = canvas_cell_at(c, x + 1, y)) != NULL && beside->ch == 0)
		*beside = blank;
	return cell;
}

static char
canvas_to_ascii(uint32_t cp)
{
	for (size_t i = 0; i < NITEMS(nearest); i++)
		if (nearest[i].from == cp)
			return nearest[i].to;
	return '?';
}

static bool
canvas_is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

/* Writes one character of that many cells.  A wide one that does not fit becomes a blank. */
static void
canvas_put_char(struct canvas *c, int x, int y, int cells, enum style st, uint32_t cp)
{
	struct cell *left, *right = NULL;

	if ((left = canvas_cell_claim(c, x, y)) == NULL)
		return;
	if (cells == 2 && (right = canvas_cell_claim(c, x + 1, y)) == NULL)
		cp = ' ';
	*left = (struct cell){ .ch = cp, .style = (uint8_t)st };
	if (right != NULL)
		*right = (struct cell){ .ch = 0, .style = (uint8_t)st };
}

/* A combining character is stored with the one before it, up to CELL_MARKS. */
static void
canvas_put_mark(struct canvas *c, int x, int y, uint32_t cp)
{
	struct cell *cell = canvas_cell_at(c, x, y);

	if (cell == NULL)
		return;
	if (cell->ch == 0 && (cell = canvas_cell_at(c, x - 1, y)) == NULL)
		return;
	for (int i = 0; i < CELL_MARKS; i++) {
		if (cell->mark[i] == 0) {
			cell->mark[i] = cp;
			return;
		}
	}
}

int
canvas_put(struct canvas *c, int x, int y, int width, enum style st, const char *s)
{
	int used = 0;

	while (*s != '\0') {
		uint32_t cp;
		int cells;

		s += text_decode(s, &cp);
		if (canvas_is_control(cp))
			cp = '?';
		cells = text_cell_width(cp);
		if (cells == 0) {
			if (used > 0 && !c->ascii)
				canvas_put_mark(c, x + used - 1, y, cp);
			continue;
		}
		if (used + cells > width)
			break;
		if (c->ascii && cp >= 0x80) {
			char near = canvas_to_ascii(cp);

			for (int i = 0; i < cells; i++)
				canvas_put_char(c, x + used + i, y, 1, st, (uint32_t)near);
		} else {
			canvas_put_char(c, x + used, y, cells, st, cp);
		}
		used += cells;
	}
	return used;
}

void
canvas_put_right(struct canvas *c, int x, int y, int width, enum style st, const char *s)
{
	size_t cells = text_width(s);
	int space = width > 0 && cells < (size_t)width ? width - (int)cells : 0;

	canvas_put(c, x + space, y, width - space, st, s);
}

void
canvas_style(struct canvas *c, int x, int y, int width, enum style st)
{
	for (int i = 0; i < width; i++) {
		struct cell *cell = canvas_cell_at(c, x + i, y);

		if (cell != NULL)
			cell->style = (uint8_t)st;
	}
}

void
canvas_zone(struct canvas *c, int x, int y, int width, const char *command)
{
	struct zone *z = &c->zone[c->n_zones];

	if (c->n_zones == CANVAS_ZONES || width <= 0)
		return;
	*z = (struct zone){ .x = x, .y = y, .width = width };
	if (strlcpy(z->command, command, sizeof(z->command)) < sizeof(z->command))
		c->n_zones++;
}

const char *
canvas_zone_at(const struct canvas *c, int x, int y)
{
	for (unsigned i = c->n_zones; i-- > 0;) {
		const struct zone *z = &c->zone[i];

		if (y == z->y && x >= z->x && x < z->x + z->width)
			return z->command[0] != '\0' ? z->command : NULL;
	}
	return NULL;
}

static void
canvas_add_char(struct buf *b, uint32_t cp)
{
	char utf8[4];

	buf_add(b, utf8, text_encode(cp, utf8));
}

static bool
canvas_is_blank(const struct cell *cell)
{
	return cell->ch == ' ' && cell->mark[0] == 0;
}

void
canvas_text(const struct canvas *c, int y, struct buf *b)
{
	int end = c->cols;

	assert(y >= 0 && y < c->rows);
	while (end > 0 && canvas_is_blank(canvas_cell_at(c, end - 1, y)))
		end--;
	for (int x = 0; x < end; x++) {
		const struct cell *cell = canvas_cell_at(c, x, y);

		if (cell->ch == 0)
			continue;
		canvas_add_char(b, cell->ch);
		for (int i = 0; i < CELL_MARKS && cell->mark[i] != 0; i++)
			canvas_add_char(b, cell->mark[i]);
	}
}
