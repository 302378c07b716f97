/*
 * The words after the options: those that are capture files are read as with -r, the others are the
 * capture filter.
 */
#ifndef OPTS_WORDS_H
#define OPTS_WORDS_H

#include <stdbool.h>

#include "opts.h"
#include "util/buf.h"

/* False with one sentence in err if a word may be both, or is neither. */
bool opts_take_words(struct opts *o, char *const *word, unsigned n, struct buf *err);

#endif
