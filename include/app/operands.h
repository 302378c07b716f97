/*
 * The words after the options. Capture files are read as with -r; the other words are the capture
 * filter.
 */
#ifndef APP_OPERANDS_H
#define APP_OPERANDS_H

#include <stdbool.h>

#include "app/options.h"
#include "util/buf.h"

/* False with one sentence in err if a word is ambiguous, or neither a file nor part of a filter. */
bool options_take_operands(struct options *o, char *const *word, unsigned n, struct buf *err);

#endif
