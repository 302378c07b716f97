#include "config.h"

#include "ui/theme.h"

#include <assert.h>

#include "util/attr.h"

#define PLAIN LOOK_DEFAULT, LOOK_DEFAULT

/*
 * The background may be dark or light and nobody can ask it.  So text keeps the
 * terminal's own colours or a hue that can be read on both, and where a
 * background is set, the foreground is set with it.
 */
/* clang-format off */
static const struct look mono[STYLES] = {
	[STYLE_PLAIN]    = { PLAIN, 0 },
	[STYLE_DIM]      = { PLAIN, LOOK_DIM },
	[STYLE_STRONG]   = { PLAIN, LOOK_BOLD },
	[STYLE_TITLE]    = { PLAIN, LOOK_REVERSE },
	[STYLE_SORTED]   = { PLAIN, LOOK_BOLD | LOOK_UNDERLINE },
	[STYLE_SELECTED] = { PLAIN, LOOK_REVERSE },
	[STYLE_KEY]      = { PLAIN, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { PLAIN, LOOK_REVERSE },
	[STYLE_GRAPH]    = { PLAIN, 0 },
	[STYLE_BAR]      = { PLAIN, 0 },
	[STYLE_GOOD]     = { PLAIN, 0 },
	[STYLE_WARN]     = { PLAIN, LOOK_UNDERLINE },
	[STYLE_BAD]      = { PLAIN, LOOK_BOLD | LOOK_REVERSE },
	[STYLE_ERROR]    = { PLAIN, LOOK_BOLD | LOOK_REVERSE },
};

static const struct look ansi8[STYLES] = { /* 0 black, red, green, yellow, blue, magenta, cyan, 7 white */
	[STYLE_PLAIN]    = { PLAIN, 0 },
	[STYLE_DIM]      = { PLAIN, LOOK_DIM },
	[STYLE_STRONG]   = { PLAIN, LOOK_BOLD },
	[STYLE_TITLE]    = { 7, 4, 0 },
	[STYLE_SORTED]   = { 0, 6, 0 },
	[STYLE_SELECTED] = { PLAIN, LOOK_REVERSE },
	[STYLE_KEY]      = { 6, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 0, 3, 0 },
	[STYLE_GRAPH]    = { 6, LOOK_DEFAULT, 0 },
	[STYLE_BAR]      = { PLAIN, 0 },
	[STYLE_GOOD]     = { 2, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 3, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 1, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 7, 1, LOOK_BOLD },
};

static const struct look ansi16[STYLES] = { /* and the same again, brighter, from 8 on */
	[STYLE_PLAIN]    = { PLAIN, 0 },
	[STYLE_DIM]      = { PLAIN, LOOK_DIM },
	[STYLE_STRONG]   = { PLAIN, LOOK_BOLD },
	[STYLE_TITLE]    = { 15, 4, 0 },
	[STYLE_SORTED]   = { 0, 14, 0 },
	[STYLE_SELECTED] = { PLAIN, LOOK_REVERSE },
	[STYLE_KEY]      = { 6, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 0, 11, 0 },
	[STYLE_GRAPH]    = { 6, LOOK_DEFAULT, 0 },
	[STYLE_BAR]      = { PLAIN, 0 },
	[STYLE_GOOD]     = { 2, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 3, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 9, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 15, 1, LOOK_BOLD },
};

static const struct look xterm256[STYLES] = { /* 16 + 36 r + 6 g + b, each 0 to 5; 232 to 255 grey */
	[STYLE_PLAIN]    = { PLAIN, 0 },
	[STYLE_DIM]      = { 244, LOOK_DEFAULT, 0 },
	[STYLE_STRONG]   = { PLAIN, LOOK_BOLD },
	[STYLE_TITLE]    = { 15, 24, 0 },
	[STYLE_SORTED]   = { 16, 117, LOOK_BOLD },
	[STYLE_SELECTED] = { PLAIN, LOOK_REVERSE },
	[STYLE_KEY]      = { 31, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_CHIP_OFF] = { 16, 215, 0 },
	[STYLE_GRAPH]    = { 37, LOOK_DEFAULT, 0 },
	[STYLE_BAR]      = { PLAIN, 0 },
	[STYLE_GOOD]     = { 35, LOOK_DEFAULT, 0 },
	[STYLE_WARN]     = { 172, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_BAD]      = { 160, LOOK_DEFAULT, LOOK_BOLD },
	[STYLE_ERROR]    = { 231, 160, LOOK_BOLD },
};
/* clang-format on */

/* The first row that fits is taken.  With direct colour only the first eight numbers keep their
 * meaning. */
static const struct {
	int at_least, at_most;
	const struct look *looks;
} palettes[] = {
	{ 0, 7, mono },
	{ 8, 15, ansi8 },
	{ 16, 255, ansi16 },
	{ 256, 256, xterm256 },
	{ 257, INT32_MAX, ansi8 },
};

const struct look *
theme_look(enum style st, int colors)
{
	unsigned i;

	assert(st < STYLES);
	for (i = 0; i < NITEMS(palettes); i++)
		if (colors >= palettes[i].at_least && colors <= palettes[i].at_most)
			return &palettes[i].looks[st];
	return &mono[st];
}
