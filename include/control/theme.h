/*
 * The themes by name.  Styles are defined in screen/canvas.h, their colours in ui/term.h.
 */
#ifndef CONTROL_THEME_H
#define CONTROL_THEME_H

enum theme { THEME_DARK, THEME_LIGHT, THEME_SAFE, THEME_MONO, THEMES };

extern const char *const theme_names[THEMES + 1]; /* NULL at the end */

#endif
