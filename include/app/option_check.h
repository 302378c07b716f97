/* Checks the options of a command line against each other, after all of them were parsed. */
#ifndef APP_OPTION_CHECK_H
#define APP_OPTION_CHECK_H

#include <stdbool.h>

#include "util/buf.h"

struct options;

/* False with one sentence in err that names the option that is wrong, or that has no effect with
 * the others. */
bool option_check(const struct options *o, struct buf *err);

#endif
