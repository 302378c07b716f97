/*
 * The demo as a source: all of its traffic at once, or without end in real time.
 */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include <pcap/pcap.h>

#include "capture/demo/demo.h"
#include "capture/pcap_records.h"
#include "capture/private.h"
#include "util/alloc.h"
#include "util/die.h"

#define NS      UINT64_C(1000000000)
#define BOUNDED (60 * NS) /* traffic of the bounded demo */

struct demo_source {
	struct source source;
	struct demo *demo;
	struct frame waiting; /* its data is NULL: no frame waits */
	struct replay_clock clock;
	uint64_t shift; /* ns, modulo 2^64: from the demo's stamps to the real clock */
	bool endless;
	bool ended;
};

static struct demo_source *
demo_source_as_demo(const struct source *s)
{
	return (struct demo_source *)(uintptr_t)s;
}

static bool
demo_source_is_due(struct demo_source *m, uint64_t now)
{
	return !m->endless || replay_clock_wait(&m->clock, m->waiting.ts, now) == 0;
}

static void
demo_source_next_frame(struct demo_source *m)
{
	demo_next(m->demo, &m->waiting);
	m->waiting.linktype = m->source.linktype;
	m->waiting.source = m->source.number;
	if (!m->endless && m->waiting.ts >= DEMO_EPOCH + BOUNDED)
		m->ended = true;
}

static void
demo_source_deliver(struct demo_source *m)
{
	struct frame f = m->waiting;

	m->waiting.data = NULL;
	if (!source_passes(&m->source, &f))
		return;
	f.ts += m->shift;
	source_deliver(&m->source, &f);
}

static enum source_outcome
demo_source_read(struct source *s, unsigned max, struct buf *err)
{
	struct demo_source *m = demo_source_as_demo(s);
	uint64_t now = m->endless ? replay_clock_now() : 0;

	(void)err;
	for (unsigned i = 0; i < max && !m->ended; i++) {
		if (m->waiting.data == NULL)
			demo_source_next_frame(m);
		if (m->ended || !demo_source_is_due(m, now))
			break;
		demo_source_deliver(m);
	}
	return m->ended ? SOURCE_DONE : SOURCE_READ;
}

static int
demo_source_timeout(const struct source *s)
{
	struct demo_source *m = demo_source_as_demo(s);

	if (m->ended)
		return -1;
	if (!m->endless || m->waiting.data == NULL)
		return 0;
	return replay_clock_timeout(
	    replay_clock_wait(&m->clock, m->waiting.ts, replay_clock_now()));
}

static void
demo_source_del(struct source *s)
{
	struct demo_source *m = demo_source_as_demo(s);

	demo_del(m->demo);
	free(m);
}

/* Synthetic traffic has no drops. */
static void
demo_source_counts(struct source *s, uint16_t number, struct source_counts *c)
{
	c->known = number == s->number;
}

static const struct source_ops demo_source_ops = {
	.read = demo_source_read,
	.timeout = demo_source_timeout,
	.del = demo_source_del,
	.counts = demo_source_counts,
};

static uint64_t
demo_source_wall_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

struct source *
demo_source_open(const struct source_config *c, struct buf *err)
{
	struct demo_source *m = xcalloc(1, sizeof(*m));

	(void)err;
	m->source.ops = &demo_source_ops;
	m->source.pcap = pcap_open_dead(DLT_EN10MB, UINT16_MAX);
	if (m->source.pcap == NULL)
		die("not enough memory for the demo");
	m->demo = demo_new();
	m->endless = c->demo_endless;
	m->shift = m->endless ? demo_source_wall_clock() - DEMO_EPOCH : 0;
	replay_clock_init(&m->clock, 1);
	return &m->source;
}
