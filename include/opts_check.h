/* What the options of a command line mean together: looked at once all of them were read. */
#ifndef OPTS_CHECK_H
#define OPTS_CHECK_H

#include <stdbool.h>

#include "util/buf.h"

struct opts;

/* False with one sentence in err that names the option which is wrong, or has no effect beside the
 * others. */
bool opts_check(const struct opts *o, struct buf *err);

#endif
