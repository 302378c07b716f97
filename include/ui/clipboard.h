/*
 * Copies text to the terminal's clipboard, also through SSH, with the control sequence OSC 52 of
 * xterm (ctlseqs, "Manipulate Selection Data").
 */
#ifndef UI_CLIPBOARD_H
#define UI_CLIPBOARD_H

#include <stdbool.h>

struct buf;

#define CLIPBOARD_MAX 2048 /* maximum bytes of text */

/*
 * Appends the sequence for a terminal of that type ($TERM). For tmux and screen it is wrapped; tmux
 * passes it on if so configured. False, and nothing appended, if the terminal would print it as
 * text, or if the text is too long.
 */
bool clipboard_sequence(struct buf *b, const char *type, bool tmux, const char *text);

#endif
