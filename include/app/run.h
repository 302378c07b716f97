/*
 * The three ways to run: on a screen, in batch, or as one screen printed as text.
 * Each returns the exit status.
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

/* What the screen's two ways share: the state that the options ask for. Dies with status 2 when
 * they cannot be read.  Returns requests. */
unsigned setup_state(struct state *st, const struct options *o, const struct feed *f);

/* Tells the ledger what the first view, or the only one, needs beyond the usual. */
void setup_watch(const struct options *o, struct feed *f);

/* Types the --keys text. Returns the requests that are left; what a list needs is done between
 * keys.
 */
unsigned setup_type_keys(struct state *st, struct feed *f, const char *text);

/* "DEMO", "FILE" or "LIVE". */
const char *setup_mode_name(const struct options *o, const struct feed *f);

#endif
