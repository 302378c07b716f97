#include "config.h"

#include <string.h>

#include "feed/feed.h"
#include "feed/private.h"
#include "util/buf.h"

static bool
feed_filter_applies(const struct feed_source *s)
{
	return s->source != NULL && !s->has_filter;
}

struct filter_job *
feed_compile(struct feed *f, const char *filter, struct buf *err)
{
	struct source *sources[OPTIONS_SOURCES];
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++)
		if (feed_filter_applies(&f->source[i]))
			sources[n++] = f->source[i].source;
	return filter_job_new(sources, n, filter, FILTER_JOB_SECONDS, err);
}

bool
feed_set_filter(struct feed *f, const char *filter, struct buf *err)
{
	unsigned i;

	for (i = 0; i < f->n; i++)
		if (feed_filter_applies(&f->source[i]) &&
		    !source_set_filter(f->source[i].source, filter, err))
			break;
	if (i == f->n) {
		strlcpy(f->filter, filter, sizeof(f->filter));
		feed_streams_refilter(f);
		for (i = 0; i < f->n; i++)
			if (f->source[i].source != NULL)
				capture_loss_begin(f, &f->source[i]);
		return true;
	}
	/* Restores the old filter on the sources before this one. */
	while (i-- > 0)
		if (feed_filter_applies(&f->source[i]))
			source_set_filter(f->source[i].source, f->filter, NULL);
	return false;
}
