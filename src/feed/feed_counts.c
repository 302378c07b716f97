/* The counters of kernels and interfaces, of all sources with one number. */
#include "config.h"

#include "feed/feed.h"

struct source_counts
feed_counts(const struct feed *f, uint16_t number)
{
	struct source_counts sum = f->closed_counts[number], c;

	for (unsigned i = 0; i < f->n; i++) {
		if (f->source[i].source == NULL)
			continue;
		source_counts(f->source[i].source, number, &c);
		source_counts_add(&sum, &c);
	}
	return sum;
}
