/*
 * The capture filter of a source whose frames are of several link types: compiled for each of
 * them when its first frame comes.  Private to src/capture/.
 */
#ifndef CAPTURE_LINK_FILTER_H
#define CAPTURE_LINK_FILTER_H

#include <stdint.h>

#include "util/buf.h"

struct bpf_program;
struct link_filters;

/* NULL where the filter cannot be one of that link: then none of its frames pass.  *fs is made
 * when it is NULL. */
const struct bpf_program *link_filters_get(
    struct link_filters **fs, const char *text, uint16_t linktype);
void link_filters_del(struct link_filters *fs);

/* Says in err, once, for which link type there is no filter. */
void link_filters_say(struct link_filters *fs, const char *name, struct buf *err);

#endif
