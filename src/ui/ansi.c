#include "config.h"

#include "ui/term.h"

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"

#define COLORS 256

static void
ansi_add_style(struct buf *b, const struct look *l)
{
	static const struct {
		unsigned bit, code;
	} codes[] = { { LOOK_BOLD, 1 }, { LOOK_DIM, 2 }, { LOOK_UNDERLINE, 4 },
		{ LOOK_REVERSE, 7 } };

	buf_adds(b, "\033[0");
	for (unsigned i = 0; i < NITEMS(codes); i++)
		if (l->bits & codes[i].bit)
			buf_addf(b, ";%u", codes[i].code);
	if (l->fg != LOOK_DEFAULT)
		buf_addf(b, ";38;5;%d", l->fg);
	if (l->bg != LOOK_DEFAULT)
		buf_addf(b, ";48;5;%d", l->bg);
	buf_adds(b, "m");
}

static void
ansi_add_char(struct buf *b, uint32_t cp)
{
	char s[5] = { 0 };

	text_encode(cp, s);
	buf_adds(b, s);
}

void
ansi_row(struct buf *b, const struct canvas *c, int y, enum theme theme)
{
	int style = -1;

	for (int x = 0; x < c->cols; x++) {
		const struct cell *cell = &c->cell[(size_t)y * (size_t)c->cols + (size_t)x];

		if (cell->ch == 0)
			continue;
		if (cell->style != style) {
			style = cell->style;
			ansi_add_style(b, theme_look(theme, (enum style)style, COLORS));
		}
		ansi_add_char(b, cell->ch);
		for (int i = 0; i < CELL_MARKS && cell->mark[i] != 0; i++)
			ansi_add_char(b, cell->mark[i]);
	}
	buf_adds(b, "\033[0m");
}
