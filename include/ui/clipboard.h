/*
 * Text for the clipboard of the terminal, at the far end of SSH, by the control
 * sequence OSC 52 of xterm (ctlseqs, "Manipulate Selection Data").
 */
#ifndef UI_CLIPBOARD_H
#define UI_CLIPBOARD_H

#include <stdbool.h>

struct buf;

#define CLIPBOARD_MAX 2048 /* bytes of text */

/*
 * Adds what makes a terminal of that type ($TERM) put text there.  tmux, whose own setting decides
 * whether it hands it on, and screen get it wrapped so that they do.  False, and nothing added,
 * where the terminal would show it as rubbish, or where text is too long.
 */
bool clipboard_sequence(struct buf *b, const char *type, bool tmux, const char *text);

#endif
