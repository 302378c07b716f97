/*
 * The words after the options: those that are capture files are read as with -r, the others are the
 * capture filter.
 */
#ifndef APP_OPERANDS_H
#define APP_OPERANDS_H

#include <stdbool.h>

#include "app/options.h"
#include "util/buf.h"

/* False with one sentence in err if a word may be both, or is neither. */
bool options_take_operands(struct options *o, char *const *word, unsigned n, struct buf *err);

#endif
