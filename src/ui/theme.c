#include "config.h"

#include "ui/term.h"

#include <assert.h>

#include "util/attr.h"

#define ENTRY_MAX LOOK_DEFAULT, LOOK_DEFAULT

/*
 * The terminal's background may be dark or light, and cannot be queried. So text keeps the
 * terminal's colours or, in the first theme, a hue that is readable on both; a style that sets a
 * background sets the foreground too. Red is for loss and errors alone.
 */
/* clang-format off */
static const struct look mono[STYLES] = {
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { ENTRY_MAX, LOOK_DIM },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_HEAD]     = { ENTRY_MAX, LOOK_UNDERLINE },
	[STYLE_SORTED]   = { ENTRY_MAX, LOOK_BOLD | LOOK_UNDERLINE },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_GRAPH]    = { ENTRY_MAX, 0 },
	[STYLE_GRAPH_OUT] = { ENTRY_MAX, 0 },
	[STYLE_GRAPH_OTHER] = { ENTRY_MAX, LOOK_DIM },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { ENTRY_MAX, 0 },
	[STYLE_WARN]     = { ENTRY_MAX, LOOK_UNDERLINE },
	[STYLE_BAD]      = { ENTRY_MAX, LOOK_BOLD | LOOK_UNDERLINE },
	[STYLE_ERROR]    = { ENTRY_MAX, LOOK_BOLD | LOOK_REVERSE },
};

static const struct look ansi8[STYLES] = { /* 0 black, red, green, yellow, blue, magenta, cyan, 7 white */
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { ENTRY_MAX, LOOK_DIM },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 7, 4, 0 },
	[STYLE_HEAD]     = { 7, 4, 0 },
	[STYLE_SORTED]   = { 0, 6, 0 },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { 6, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 0, 3, 0 },
	[STYLE_GRAPH]    = { 6, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 3, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { ENTRY_MAX, LOOK_DIM },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 2, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 3, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 1, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 7, 1, LOOK_BOLD },
};

static const struct look ansi16[STYLES] = { /* and bright versions of these from 8 on */
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { ENTRY_MAX, LOOK_DIM },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 15, 4, 0 },
	[STYLE_HEAD]     = { 15, 4, 0 },
	[STYLE_SORTED]   = { 0, 14, 0 },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { 6, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 0, 11, 0 },
	[STYLE_GRAPH]    = { 6, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 3, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { ENTRY_MAX, LOOK_DIM },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 2, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 3, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 9, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 15, 1, LOOK_BOLD },
};

static const struct look xterm256[STYLES] = { /* 16 + 36 r + 6 g + b, each 0 to 5; 232 to 255 grey */
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { 244, LOOK_DEFAULT, 0 },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 15, 24, 0 },
	[STYLE_HEAD]     = { 15, 24, 0 },
	[STYLE_SORTED]   = { 16, 117, LOOK_BOLD },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { 31, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 16, 215, 0 },
	[STYLE_GRAPH]    = { 37, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 173, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { 244, LOOK_DEFAULT, 0 },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 35, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 172, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 160, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 231, 160, LOOK_BOLD },
};

/*
 * On a white background: no yellow, no cyan, nothing bright.
 */
static const struct look light8[STYLES] = {
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { ENTRY_MAX, LOOK_DIM },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 7, 4, 0 },
	[STYLE_HEAD]     = { 7, 4, 0 },
	[STYLE_SORTED]   = { 4, 7, LOOK_BOLD },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { 4, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 7, 5, 0 },
	[STYLE_GRAPH]    = { 4, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 5, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { ENTRY_MAX, LOOK_DIM },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 2, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 5, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 1, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 7, 1, LOOK_BOLD },
};

static const struct look light256[STYLES] = {
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { 241, LOOK_DEFAULT, 0 },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 16, 153, 0 },
	[STYLE_HEAD]     = { 16, 153, 0 },
	[STYLE_SORTED]   = { 231, 25, LOOK_BOLD },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { 25, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 16, 222, 0 },
	[STYLE_GRAPH]    = { 25, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 130, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { 241, LOOK_DEFAULT, 0 },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 22, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 94, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 124, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 231, 124, LOOK_BOLD },
};

/*
 * For colour-blind users (red and green, or blue and yellow): blue and orange (the colours of Okabe
 * and Ito) of different brightness; loss is also underlined.
 */
static const struct look safe8[STYLES] = {
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { ENTRY_MAX, LOOK_DIM },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 7, 4, 0 },
	[STYLE_HEAD]     = { 7, 4, 0 },
	[STYLE_SORTED]   = { 4, 7, LOOK_BOLD },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 0, 3, 0 },
	[STYLE_GRAPH]    = { 6, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 3, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { ENTRY_MAX, LOOK_DIM },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 6, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 3, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 1, LOOK_DEFAULT, LOOK_BOLD | LOOK_UNDERLINE },
	[STYLE_ERROR]    = { 7, 1, LOOK_BOLD | LOOK_UNDERLINE },
};

static const struct look safe256[STYLES] = {
	[STYLE_PLAIN]    = { ENTRY_MAX, 0 },
	[STYLE_DIM]      = { 244, LOOK_DEFAULT, 0 },
	[STYLE_STRONG]   = { ENTRY_MAX, LOOK_BOLD },
	[STYLE_TITLE]    = { 231, 25, 0 },
	[STYLE_HEAD]     = { 231, 25, 0 },
	[STYLE_SORTED]   = { 16, 117, LOOK_BOLD },
	[STYLE_SELECTED] = { ENTRY_MAX, LOOK_REVERSE },
	[STYLE_KEY]      = { 32, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 16, 178, 0 },
	[STYLE_GRAPH]    = { 74, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OUT] = { 178, LOOK_DEFAULT, 0 },
	[STYLE_GRAPH_OTHER] = { 244, LOOK_DEFAULT, 0 },
	[STYLE_BAR]      = { ENTRY_MAX, 0 },
	[STYLE_GOOD]     = { 32, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 178, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 166, LOOK_DEFAULT, LOOK_BOLD | LOOK_UNDERLINE },
	[STYLE_ERROR]    = { 231, 166, LOOK_BOLD | LOOK_UNDERLINE },
};
/* clang-format on */

/* The first matching row is used. With direct colour only the first eight numbers keep their
 * meaning. */
static const struct {
	enum theme theme;
	int at_least, at_most;
	const struct look *looks;
} palettes[] = {
	{ THEME_DARK, 8, 15, ansi8 },
	{ THEME_DARK, 16, 255, ansi16 },
	{ THEME_DARK, 256, 256, xterm256 },
	{ THEME_DARK, 257, INT32_MAX, ansi8 },
	{ THEME_LIGHT, 8, 255, light8 },
	{ THEME_LIGHT, 256, 256, light256 },
	{ THEME_LIGHT, 257, INT32_MAX, light8 },
	{ THEME_SAFE, 8, 255, safe8 },
	{ THEME_SAFE, 256, 256, safe256 },
	{ THEME_SAFE, 257, INT32_MAX, safe8 },
};

const struct look *
theme_look(enum theme theme, enum style st, int colors)
{
	unsigned i;

	assert(st < STYLES);
	for (i = 0; i < NITEMS(palettes); i++)
		if (palettes[i].theme == theme && colors >= palettes[i].at_least &&
		    colors <= palettes[i].at_most)
			return &palettes[i].looks[st];
	return &mono[st];
}
