#include "config.h"

#include "capture/demo/demo.h"

#include <assert.h>
#include <stdlib.h>

#include "capture/demo/session.h"
#include "util/alloc.h"

#define LINK_ETHERNET 1 /* DLT_EN10MB */
#define NS_PER_US     1000
#define NS_PER_MS     1000000
#define SEED          UINT64_C(0x706b74746f700001)

/* -32768 to 32768, a sine of that period, approximated by two parabolas. */
static int64_t
demo_wave(uint64_t ms, uint64_t period_ms)
{
	int64_t phase = (int64_t)(ms % period_ms * 65536 / period_ms);
	int64_t half = phase & 32767;
	int64_t height = half * (32768 - half) >> 13;

	return phase < 32768 ? height : -height;
}

/* The network's current load, in 256ths of the average: long waves with shorter ones on them. */
static uint64_t
demo_load(uint64_t now)
{
	uint64_t ms = (now - DEMO_EPOCH) / NS_PER_MS;

	return (uint64_t)(256 + (demo_wave(ms, 23000) * 128 + demo_wave(ms, 5900) * 64) / 32768);
}

static bool
demo_is_before(const struct demo *d, unsigned i, unsigned j)
{
	const struct demo_session *x = &d->session[d->heap[i]], *y = &d->session[d->heap[j]];

	return x->at != y->at ? x->at < y->at : x < y;
}

/* Moves the session at i down the heap after its time has increased. */
static void
demo_sift_down(struct demo *d, unsigned i)
{
	unsigned child;
	uint8_t moved;

	while ((child = 2 * i + 1) < d->n) {
		if (child + 1 < d->n && demo_is_before(d, child + 1, child))
			child++;
		if (!demo_is_before(d, child, i))
			return;
		moved = d->heap[i];
		d->heap[i] = d->heap[child];
		d->heap[child] = moved;
		i = child;
	}
}

/* Sessions start at random times within the longest pause of their kind, to look as if they had
 * always run. */
static void
demo_add_sessions(struct demo *d, const struct demo_kind *k)
{
	for (unsigned i = 0; i < k->sessions; i++) {
		struct demo_session *s = &d->session[d->n];

		assert(d->n < DEMO_SESSIONS);
		d->heap[d->n] = (uint8_t)d->n;
		d->n++;
		s->kind = k;
		demo_renew(d, s);
		s->at = DEMO_EPOCH + (uint64_t)demo_random(d, k->pause.most) * NS_PER_US;
	}
}

struct demo *
demo_new(void)
{
	struct demo *d = xcalloc(1, sizeof(*d));

	d->now = DEMO_EPOCH;
	d->random = SEED;
	for (size_t i = 0; i < sizeof(d->pool); i++)
		d->pool[i] = (uint8_t)demo_random_word(d);
	for (unsigned i = 0; i < n_demo_kinds; i++)
		demo_add_sessions(d, &demo_kinds[i]);
	for (unsigned i = d->n; i-- > 0;)
		demo_sift_down(d, i);
	return d;
}

void
demo_del(struct demo *d)
{
	free(d);
}

void
demo_next(struct demo *d, struct frame *f)
{
	struct demo_session *s = &d->session[d->heap[0]];
	uint64_t wait;

	d->now = s->at;
	wire_start(&d->wire);
	wait = s->step(d, s);
	if ((s->kind->bits & DEMO_WAVES) != 0)
		wait = wait * 256 / demo_load(d->now);
	s->at = d->now + wait;
	demo_sift_down(d, 0);
	*f = (struct frame){
		.ts = d->now,
		.data = d->wire.b + d->wire.at,
		.caplen = (uint32_t)wire_length(&d->wire),
		.len = (uint32_t)wire_length(&d->wire),
		.linktype = LINK_ETHERNET,
	};
}
