/*
 * How options are parsed into struct options. A row of options.c names the type of its argument and
 * the field that stores it; an option that needs more has a function.
 */
#ifndef APP_OPTION_PARSE_H
#define APP_OPTION_PARSE_H

#include <stddef.h>

#include "app/options.h"

/* clang-format off */
#define FLAG(field)            .kind = OPT_FLAG, .at = offsetof(struct options, field)
#define WHOLE(field, low, top) .kind = OPT_WHOLE, .at = offsetof(struct options, field), .min = low, .max = top
#define COUNT(field)           .kind = OPT_COUNT, .at = offsetof(struct options, field)
#define REAL(field, low, top)  .kind = OPT_REAL, .at = offsetof(struct options, field), .min = low, .max = top
#define TEXT(field, wanted)    .kind = OPT_TEXT, .at = offsetof(struct options, field), .want = wanted
/* clang-format on */

/* Parses the argument as the row says. False with one sentence in err. */
bool option_store(struct options *o, const struct opt_row *r, const char *arg, struct buf *err);

/* Adds a file to be read; path is borrowed. */
void options_add_file(struct options *o, const char *path);

opt_fn option_set_interface, option_set_file, option_add_filter, option_set_replay, option_set_show,
    option_set_view, option_set_units, option_set_color, option_set_theme, option_add_local,
    option_set_format, option_set_flow_format, option_set_comment, option_add_rotation,
    option_set_keep, option_set_memory, option_set_keys, option_set_dump;

#endif
