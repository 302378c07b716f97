/*
 * How options are read into struct opts.  A row of options.c says with one of these
 * what its argument is and where it goes, or names a function for what wants more.
 */
#ifndef APP_OPTION_PARSE_H
#define APP_OPTION_PARSE_H

#include <stddef.h>

#include "app/options.h"

/* clang-format off */
#define FLAG(field)            .kind = OPT_FLAG, .at = offsetof(struct opts, field)
#define WHOLE(field, low, top) .kind = OPT_WHOLE, .at = offsetof(struct opts, field), .min = low, .max = top
#define COUNT(field)           .kind = OPT_COUNT, .at = offsetof(struct opts, field)
#define REAL(field, low, top)  .kind = OPT_REAL, .at = offsetof(struct opts, field), .min = low, .max = top
#define TEXT(field, wanted)    .kind = OPT_TEXT, .at = offsetof(struct opts, field), .want = wanted
/* clang-format on */

/* Does what the row says with its argument.  False with one sentence in err. */
bool opt_store(struct opts *o, const struct opt_row *r, const char *arg, struct buf *err);

/* One more file to be read; path is lent. */
void opts_add_file(struct opts *o, const char *path);

opt_fn opt_set_interface, opt_set_file, opt_add_filter, opt_set_replay, opt_set_show, opt_set_view,
    opt_set_units, opt_set_color, opt_set_theme, opt_add_local, opt_set_format, opt_set_flow_format,
    opt_set_comment, opt_add_rotation, opt_set_keep, opt_set_memory, opt_set_keys, opt_set_dump;

#endif
