/*
 * The keys of the view shown, and behind them the manual: its columns, the filter, all commands.
 */
#ifndef VIEW_HELP_H
#define VIEW_HELP_H

#define HELP_MANUAL       'm' /* the key that leads from the keys to the manual */
#define HELP_MANUAL_LABEL "m"

#endif
