/*
 * Which colours the screen has: a theme by name.  What each means is view/canvas.h's business, and
 * what it looks like ui/theme.h's.
 */
#ifndef VIEW_LOOK_H
#define VIEW_LOOK_H

enum theme { THEME_DARK, THEME_LIGHT, THEME_SAFE, THEME_MONO, THEMES };

extern const char *const theme_names[THEMES + 1]; /* NULL at the end */

#endif
