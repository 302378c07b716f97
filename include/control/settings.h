/*
 * Settings that are saved between runs, and the themes.
 */
#ifndef CONTROL_SETTINGS_H
#define CONTROL_SETTINGS_H

struct buf;
struct state;

/*
 * The themes by name.  Styles are defined in screen/canvas.h, their colours in ui/term.h.
 */

enum theme { THEME_DARK, THEME_LIGHT, THEME_SAFE, THEME_MONO, THEMES };

extern const char *const theme_names[THEMES + 1]; /* NULL at the end */

/*
 * The settings that are saved between runs: lines of commands, as for the `:` prompt.
 */

/* Adds the settings of st as commands. */
void settings_text(const struct state *st, struct buf *text);

/*
 * Runs the lines of text.  Empty lines and those that begin with # are ignored.  Errors are added
 * to said as "NAME:LINE: what" with a newline, and the line is skipped.  Returns requests.
 */
unsigned settings_run(struct state *st, const char *name, const char *text, struct buf *said);

#endif
