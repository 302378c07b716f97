/*
 * A display filter and a row of one long text, for tests of dissection, which cannot include
 * view/view.h because of its packet names.
 */
#ifndef TESTS_MATCHED_H
#define TESTS_MATCHED_H

#include <stdbool.h>

/* A filter of the flows view. Exits if it is invalid. */
void matched_begin(const char *filter);

/* True if it matches the row, whose texts are all a's. */
bool matched_takes(void);

void matched_end(void);

#endif
