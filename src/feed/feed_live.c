/*
 * Decides what happens if an interface goes away, goes down or comes back.
 *
 *	          open            down            gone, failed
 *	 up       running         running, or opened again
 *	 down     down            down            down
 *	 missing  closed: gone    closed: gone    gone
 *
 * A name may be reused by another interface: compare its index.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "feed/private.h"
#include "platform/net.h"

/*
 * A device without an index ("any", "nflog") is known to libpcap alone. If the kernel cannot be
 * asked, for example because no descriptor is free, nothing has changed.
 */
static enum source_state
feed_link_state(const struct feed *f, const struct feed_source *s, struct link *l)
{
	*l = (struct link){ .index = 0 };
	if (s->index == 0)
		return SOURCE_RUNNING;
	if (links_find(s->config.name, l))
		return l->up ? SOURCE_RUNNING : SOURCE_DOWN;
	if (errno == ENODEV)
		return SOURCE_GONE;
	l->index = s->index;
	return f->ledger->source[s->config.number].state;
}

static void
feed_add_notice(struct buf *said, const struct feed_source *s, const char *what)
{
	buf_addf(said, "%s%s%s", said->len > 0 ? "\n" : "", s->name, what);
}

/* True if the handle is still read, although the interface is gone. */
static bool
feed_is_draining(struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said)
{
	feed_source_drain(f, s, monotonic);
	if (!feed_source_is_drained(f, s, monotonic))
		return true;
	feed_source_ended(f, s, SOURCE_GONE);
	feed_add_notice(said, s, ": the interface disappeared");
	return false;
}

/* The handle failed, or belongs to another interface than the name. */
static bool
feed_link_changed(const struct feed_source *s, const struct link *l)
{
	return s->source != NULL && (s->close_at != 0 || l->index != s->index);
}

/* The state after opening. The interface may have gone or come during the call. */
static enum source_state
feed_reopen(struct feed *f, struct feed_source *s, struct buf *why)
{
	enum source_state is = SOURCE_RUNNING;
	struct link l;

	for (int tries = 0; tries < 2 && is == SOURCE_RUNNING; tries++) {
		s->source = feed_source_open(s, why);
		if (s->source != NULL) {
			feed_source_started(f, s);
			return SOURCE_RUNNING;
		}
		is = feed_link_state(f, s, &l);
	}
	return is == SOURCE_RUNNING ? SOURCE_FAILED : is;
}

/* An interface that is still missing is not reported as down. */
static void
feed_report_change(const struct feed_source *s, enum source_state is, bool was_open,
    const struct buf *why, struct buf *said)
{
	if (is == SOURCE_FAILED)
		buf_addf(said, "%s%s", said->len > 0 ? "\n" : "", why->s);
	else if (is == SOURCE_RUNNING)
		feed_add_notice(said, s, was_open ? ": the interface is up again" : " is back");
	else if (is == SOURCE_DOWN && was_open)
		feed_add_notice(said, s, ": the interface is down");
}

void
feed_source_check_link(struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said)
{
	const struct source_stats *st = &f->ledger->source[s->config.number];
	enum source_state was, is;
	bool was_open;
	char text[512];
	struct buf why;
	struct link l;

	buf_init(&why, text, sizeof(text));
	is = feed_link_state(f, s, &l);
	if (feed_link_changed(s, &l) && feed_is_draining(f, s, monotonic, said))
		return;
	was = st->state;
	was_open = s->source != NULL;
	if (!was_open && is == SOURCE_RUNNING)
		is = feed_reopen(f, s, &why);
	if (is == was)
		return;
	feed_source_set_state(f, s, is);
	feed_report_change(s, is, was_open, &why, said);
}

/* An interface that is down has not failed. */
bool
feed_has_failed(const struct feed *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		const struct feed_source *s = &f->source[i];
		uint8_t state = f->ledger->source[s->config.number].state;

		if (s->config.kind == SOURCE_LIVE && !s->deselected &&
		    (state == SOURCE_GONE || state == SOURCE_FAILED))
			return true;
	}
	return f->failed;
}
