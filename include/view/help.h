/*
 * The keys of the view shown, and behind them the manual: its columns, the filter, all commands.
 */
#ifndef VIEW_HELP_H
#define VIEW_HELP_H

#include <stdbool.h>
#include <stdint.h>

#define HELP_MANUAL       'm' /* the key that leads from the keys to the manual */
#define HELP_MANUAL_LABEL "m"

struct state;

/* As the function of struct command. */
unsigned help_show(struct state *st, int argc, char **argv);

/* A key while the help is shown.  True when it means something there. */
bool help_key(struct state *st, uint32_t key, unsigned *wishes);

/* From the manual to the keys, from there to the table. */
void help_back(struct state *st);

#endif
