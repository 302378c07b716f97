/*
 * Which row leaves a table that is full: of a few neighbours the one with the
 * least claim to stay.  Looking at neighbours costs the same in a table of any
 * size, and the hand that moves on gives every row its turn.
 */
#ifndef CORE_VICTIM_H
#define CORE_VICTIM_H

#include <stdint.h>

#define VICTIM_WINDOW 8

/* A claim is a time in ns: of two rows the one whose claim ends sooner leaves. */
typedef uint64_t claim_fn(const void *table, uint32_t row);

/* The row of used (> 0) that leaves; *hand moves on. */
uint32_t victim_choose(const void *table, uint32_t used, uint32_t *hand, claim_fn *claim);

/* The claim of what was last seen at last and had packets: 8 s more for each doubling. */
uint64_t victim_claim(uint64_t last, uint64_t packets);

#endif
