/*
 * The capture filter of a source with frames of several link types: compiled for a link type at its
 * first frame. Private to src/capture/.
 */
#ifndef CAPTURE_LINK_FILTER_H
#define CAPTURE_LINK_FILTER_H

#include <stdint.h>

#include "util/buf.h"

struct bpf_program;
struct link_filters;

/* NULL if the filter cannot be compiled for that link type: then none of its frames pass.
 * Creates *fs if it is NULL. */
const struct bpf_program *link_filters_get(
    struct link_filters **fs, const char *text, uint16_t linktype);
void link_filters_del(struct link_filters *fs);

/* Appends to err, once, the link type that the filter could not be compiled for. */
void link_filters_take_error(struct link_filters *fs, const char *name, struct buf *err);

#endif
