/*
 * What the dissectors of src/dissect/ share: their shape and their names.
 * Private to that folder.
 */
#ifndef DISSECT_LAYERS_H
#define DISSECT_LAYERS_H

#include "dissect/dissect.h"

/* Reads one header at c, notes facts in p, says what comes next. */
typedef struct next dissect_fn(struct cursor *c, struct pkt *p);

#endif
