/* Sources that are added, stopped and started one by one. */
#include "config.h"

#include <string.h>

#include "feed/feed.h"
#include "feed/link_topology.h"
#include "feed/private.h"
#include "platform/net.h"
#include "util/buf.h"

#define ETHERNET    1   /* DLT_EN10MB */
#define FILTER_MOST 256 /* bytes */

/* While all are stopped, one is started: the others stay stopped, each for itself. */
static void
feed_stream_resume(struct feed *f, const struct feed_source *started)
{
	for (unsigned i = 0; i < f->n && f->stopped; i++)
		f->source[i].stopped |= &f->source[i] != started && !f->source[i].deselected;
	f->stopped = false;
}

/* ---- Adding ---- */

/* A place for a new source: that of a source of the same name that was removed, else the next one.
 */
static struct feed_source *
feed_stream_place(struct feed *f, enum source_kind kind, const char *name, struct buf *err)
{
	for (unsigned i = 0; i < f->n; i++) {
		struct feed_source *s = &f->source[i];

		if (s->deselected && s->config.kind == kind && strcmp(s->config.name, name) == 0)
			return s;
	}
	return feed_alloc_source(f, kind, name, err);
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

/* Finds the streams that capture all that this one can see. */
static void
feed_stream_find_overlaps(struct feed *f, struct feed_source *s)
{
	static struct link links[TOPOLOGY_LINKS];
	unsigned n = links_list(links, TOPOLOGY_LINKS);

	for (unsigned i = 0; i < f->n; i++) {
		const struct feed_source *other = &f->source[i];

		if (other != s && other->config.kind == SOURCE_LIVE && !other->deselected &&
		    topology_overlap(s->config.name, other->config.name, links, n) == OVERLAP_WHOLE)
			feed_stream_add_overlap(s, other);
	}
}

static void
feed_stream_begin(struct feed *f, struct feed_source *s, bool again)
{
	feed_forget_stream(f, s);
	if (again || s->config.kind == SOURCE_FILE)
		feed_stream_begin_counts(s);
	if (s->config.kind == SOURCE_LIVE)
		feed_stream_find_overlaps(f, s);
	s->deselected = s->stopped = false;
	feed_stream_resume(f, s);
	feed_source_started(f, s);
	feed_update_local(f);
}

struct feed_source *
feed_add_stream(
    struct feed *f, enum source_kind kind, const char *name, const char *filter, struct buf *err)
{
	struct feed_source *s;
	bool again;

	if (!feed_stream_check_filter(filter, err) ||
	    (s = feed_stream_place(f, kind, name, err)) == NULL)
		return NULL;
	again = s->deselected;
	s->has_filter = *filter != '\0';
	strlcpy(s->filter, filter, sizeof(s->filter));
	s->source = feed_source_open(s, err);
	if (s->source == NULL)
		return NULL;
	if (!again)
		feed_register_source(f, s);
	feed_stream_begin(f, s, again);
	return s;
}

/* ---- Stopping and starting ---- */

void
feed_stop_source(struct feed *f, struct feed_source *s)
{
	if (s->config.folder != NULL && s->source == NULL)
		return;
	if (s->config.folder == NULL && s->source != NULL)
		feed_source_ended(f, s, SOURCE_STOPPED);
	feed_source_set_state(f, s, SOURCE_STOPPED);
	s->stopped = true;
}

bool
feed_start_source(struct feed *f, struct feed_source *s, struct buf *err)
{
	if (s->config.folder != NULL && s->source == NULL) {
		buf_setf(err, "the file was read to its end; restart reads it again");
		return false;
	}
	if (s->source == NULL && (s->source = feed_source_open(s, err)) == NULL)
		return false;
	if (s->stopped || s->deselected || f->stopped) {
		feed_stream_resume(f, s);
		s->stopped = s->deselected = false;
		feed_source_started(f, s);
		feed_update_local(f);
	}
	return true;
}

/* Reads a file from its beginning. */
static bool
feed_stream_reopen(struct feed *f, struct feed_source *s, struct buf *err)
{
	struct source *again = feed_source_open(s, err);

	if (again == NULL)
		return false;
	if (s->source != NULL)
		feed_source_ended(f, s, SOURCE_STOPPED);
	s->source = again;
	s->interfaces = 0;
	s->stopped = false;
	feed_stream_resume(f, s);
	feed_source_started(f, s);
	return true;
}

bool
feed_restart_stream(struct feed *f, struct feed_source *s, struct buf *err)
{
	bool is_file = s->config.kind == SOURCE_FILE;

	if (!(is_file ? feed_stream_reopen(f, s, err) : feed_start_source(f, s, err)))
		return false;
	feed_stream_begin_counts(s);
	return true;
}
