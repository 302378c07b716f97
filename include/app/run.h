/*
 * The three ways to run: on a screen, in batch, or as one screen printed as text. Each returns the
 * exit status.
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/options.h"
#include "control/state.h"
#include "feed/feed.h"
#include "screen/screen.h"

int interactive_run(const struct options *o, struct feed *f);
int batch_run(const struct options *o, struct feed *f);
int dump_run(const struct options *o, struct feed *f);

/* Sets the state from the options, for the screen and for --dump. Exits with status 2 if an
 * option is wrong. Returns requests. */
unsigned setup_state(struct state *st, const struct options *o, const struct feed *f);

/* Enables in the ledger the optional counters that the first view needs. */
void setup_watch(const struct options *o, struct feed *f);

/* Types the --keys text, and ranks the list between keys if needed. Returns the remaining
 * requests. */
unsigned setup_type_keys(struct state *st, struct feed *f, const char *text);

/* "DEMO", "FILE" or "LIVE". */
const char *setup_mode_name(const struct options *o, const struct feed *f);

#endif
