/* The counts of one stream alone, and what other streams count. */
#include "config.h"

#include <stdlib.h>

#include "capture/source.h"
#include "feed/feed.h"
#include "feed/private.h"
#include "util/alloc.h"

#define ETHERNET   1 /* DLT_EN10MB */
#define OWN_MEMORY ((size_t)16 << 20)

/* Its sources have the numbers that they have in the feed's ledger. */
static struct ledger *
feed_stream_new_ledger(void)
{
	struct ledger *l = ledger_new(&(struct ledger_config){ .memory = OWN_MEMORY });

	for (unsigned i = 0; i < LEDGER_SOURCES; i++)
		ledger_add_source(l, "", ETHERNET, 0);
	return l;
}

void
feed_stream_begin_counts(struct feed_source *s)
{
	if (s->stream == NULL)
		s->stream = xcalloc(1, sizeof(*s->stream));
	ledger_del(s->stream->ledger);
	s->stream->ledger = feed_stream_new_ledger();
}

void
feed_stream_clear_counts(struct feed_source *s)
{
	if (s->stream != NULL)
		feed_stream_begin_counts(s);
}

struct ledger *
feed_own_counts(const struct feed_source *s)
{
	return s->stream != NULL ? s->stream->ledger : NULL;
}

const struct feed_source *
feed_first_overlap(const struct feed_source *s)
{
	return s->stream != NULL && s->stream->n_overlaps > 0 ? s->stream->overlap[0].with : NULL;
}

void
feed_stream_add_overlap(struct feed_source *s, const struct feed_source *with)
{
	if (s->stream == NULL)
		feed_stream_begin_counts(s);
	s->stream->overlap[s->stream->n_overlaps++].with = with;
}

static void
feed_stream_drop_overlap(struct feed_stream *stream, unsigned i)
{
	link_filters_del(stream->overlap[i].filters);
	stream->overlap[i] = stream->overlap[--stream->n_overlaps];
}

void
feed_forget_stream(struct feed *f, struct feed_source *s)
{
	for (unsigned i = 0; i < f->n; i++) {
		struct feed_stream *other = f->source[i].stream;

		for (unsigned k = 0; other != NULL && k < other->n_overlaps; k++)
			if (other->overlap[k].with == s)
				feed_stream_drop_overlap(other, k--);
	}
	if (s->stream == NULL)
		return;
	while (s->stream->n_overlaps > 0)
		feed_stream_drop_overlap(s->stream, 0);
	ledger_del(s->stream->ledger);
	free(s->stream);
	s->stream = NULL;
}

static bool
feed_stream_passes(struct feed_overlap *o, const struct frame *frame)
{
	return o->with->source != NULL &&
	    capture_filter_passes(&o->filters, feed_source_filter(o->with), frame);
}

void
feed_stream_note_frame(struct feed *f, const struct frame *frame)
{
	struct feed_stream *stream = f->reading->stream;
	bool passes = false;

	for (unsigned i = 0; i < stream->n_overlaps && !passes; i++)
		passes = feed_stream_passes(&stream->overlap[i], frame);
	f->elsewhere |= (uint64_t)passes << f->n_batch;
}

unsigned
feed_stream_count(struct feed *f, struct pkt *counted)
{
	struct ledger *own = f->reading->stream->ledger;
	unsigned n = 0;

	if (f->reading->config.kind == SOURCE_LIVE)
		ledger_set_time(own, ledger_time(f->ledger));
	for (unsigned i = 0; i < f->n_batch; i++)
		if ((f->elsewhere >> i & 1) == 0)
			counted[n++] = f->batch[i];
	ledger_count(own, f->batch, f->n_batch);
	return n;
}

void
feed_streams_refilter(struct feed *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		struct feed_stream *stream = f->source[i].stream;

		for (unsigned k = 0; stream != NULL && k < stream->n_overlaps; k++) {
			link_filters_del(stream->overlap[k].filters);
			stream->overlap[k].filters = NULL;
		}
	}
}
