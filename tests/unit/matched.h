/*
 * A display filter and a row of one long text, for tests of dissection, whose packets are others
 * than view/view.h has.
 */
#ifndef TESTS_MATCHED_H
#define TESTS_MATCHED_H

#include <stdbool.h>

/* The filter is of the flows view.  Dies if it cannot be read. */
void matched_begin(const char *filter);

/* True if it takes the row, whose texts are all a's. */
bool matched_takes(void);

void matched_end(void);

#endif
