/* Sources that are added, stopped and started one by one. */
#include "config.h"

#include <string.h>

#include "feed/feed.h"
#include "feed/private.h"
#include "util/buf.h"

#define ETHERNET    1   /* DLT_EN10MB */
#define FILTER_MOST 256 /* bytes */

/* A place for a new source: the next one, else that of a source with this interface that was
 * removed. */
static struct feed_source *
feed_stream_place(struct feed *f, const char *interface, struct buf *err)
{
	struct feed_source *s;

	for (unsigned i = 0; i < f->n; i++) {
		s = &f->source[i];
		if (s->deselected && s->config.kind == SOURCE_LIVE &&
		    strcmp(s->config.name, interface) == 0)
			return s;
	}
	return feed_alloc_source(f, interface, err);
}

/*
 * It is compiled here and now: names would have to be looked up, and libpcap takes 100 ms for 1000
 * bytes, but 5 ms for 256.
 */
static bool
feed_stream_check_filter(const char *filter, struct buf *err)
{
	if (strlen(filter) > FILTER_MOST) {
		buf_setf(
		    err, "the capture filter of a stream is longer than %d bytes", FILTER_MOST);
		return false;
	}
	return *filter == '\0' || capture_filter_check(filter, ETHERNET, true, err);
}

struct feed_source *
feed_add_stream(struct feed *f, const char *interface, const char *filter, struct buf *err)
{
	struct feed_source *s;
	bool again;

	if (!feed_stream_check_filter(filter, err) ||
	    (s = feed_stream_place(f, interface, err)) == NULL)
		return NULL;
	again = s->deselected;
	s->has_filter = *filter != '\0';
	strlcpy(s->filter, filter, sizeof(s->filter));
	s->source = feed_source_open(s, err);
	if (s->source == NULL)
		return NULL;
	if (!again)
		feed_register_source(f, s);
	s->deselected = s->stopped = false;
	feed_source_started(f, s);
	feed_update_local(f);
	return s;
}

void
feed_stop_source(struct feed *f, struct feed_source *s)
{
	if (s->source != NULL)
		feed_source_ended(f, s, SOURCE_STOPPED);
	feed_source_set_state(f, s, SOURCE_STOPPED);
	s->stopped = true;
}

bool
feed_start_source(struct feed *f, struct feed_source *s, struct buf *err)
{
	if (s->source == NULL && (s->source = feed_source_open(s, err)) == NULL)
		return false;
	if (s->stopped || s->deselected) {
		s->stopped = s->deselected = false;
		feed_source_started(f, s);
		feed_update_local(f);
	}
	return true;
}
