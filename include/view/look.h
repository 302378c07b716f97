/*
 * The themes by name.  Styles are defined in view/canvas.h, their colours in ui/theme.h.
 */
#ifndef VIEW_LOOK_H
#define VIEW_LOOK_H

enum theme { THEME_DARK, THEME_LIGHT, THEME_SAFE, THEME_MONO, THEMES };

extern const char *const theme_names[THEMES + 1]; /* NULL at the end */

#endif
