/*
 * The commands that make a display filter of what is under the cursor.
 */
#ifndef VIEW_NARROW_H
#define VIEW_NARROW_H

#include "view/state.h"

/*
 * As the functions of struct command.  They take the cell in the column sorted by where it names
 * something, else what tells the row from the others, and join it to the filter in force by "and".
 */
unsigned narrow_only(struct state *st, int argc, char **argv);
unsigned narrow_exclude(struct state *st, int argc, char **argv);

/* Takes the filter's last term away again. */
unsigned narrow_drop(struct state *st, int argc, char **argv);

/* Wishes for the row's tcpdump line in the clipboard, and for a capture file of it. */
unsigned narrow_copy(struct state *st, int argc, char **argv);
unsigned narrow_record(struct state *st, int argc, char **argv);

#endif
