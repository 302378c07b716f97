/* The table of trackers, and sketches. */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/private.h"
#include "util/attr.h"

#define WAYS        8 /* places of a key */
#define SETS        (DETECT_TRACKERS / WAYS)
#define SKETCH_BITS 256
#define WEIGHT_MOST 64 /* notes that keep a tracker a second longer each */

bool
sketch_add(struct sketch *s, uint32_t hash)
{
	uint64_t *word = &s->bits[hash / 64 % 4], bit = UINT64_C(1) << (hash % 64);
	bool fresh = (*word & bit) == 0;

	*word |= bit;
	return fresh;
}

uint32_t
sketch_count(const struct sketch *s)
{
	unsigned set = 0;

	for (unsigned i = 0; i < 4; i++)
		set += (unsigned)__builtin_popcountll(s->bits[i]);
	if (set == SKETCH_BITS)
		set--;
	return (uint32_t)lround(SKETCH_BITS * log(SKETCH_BITS / (double)(SKETCH_BITS - set)));
}

static uint32_t
tracker_hash(const struct detect *d, const struct tracker_key *k)
{
	uint64_t words[PAIR_WORDS] = { k->a.w[0], k->a.w[1], k->b.w[0], k->b.w[1],
		(uint64_t)k->port << 16 | (uint64_t)k->kind << 8 | k->track };

	return hash_pairs(&d->pairkey, words, PAIR_WORDS);
}

static bool
tracker_is_of(const struct tracker *t, const struct tracker_key *k)
{
	return addr_equal(&t->key.a, &k->a) && addr_equal(&t->key.b, &k->b) &&
	    t->key.port == k->port && t->key.kind == k->kind && t->key.track == k->track;
}

/* The place of a key among the WAYS from `set` on; WAYS if it has none. */
static unsigned
tracker_place(const struct detect *d, size_t set, uint32_t hash, const struct tracker_key *k)
{
	unsigned i = 0;

	while (
	    i < WAYS && (d->tag[set + i].hash != hash || !tracker_is_of(&d->tracker[set + i], k)))
		i++;
	return i;
}

struct tracker *
tracker_find(struct detect *d, const struct tracker_key *k)
{
	uint32_t hash = tracker_hash(d, k);
	size_t set = (size_t)(hash % SETS) * WAYS;
	unsigned i = tracker_place(d, set, hash, k);

	return i < WAYS ? &d->tracker[set + i] : NULL;
}

void
tracker_prefetch(const struct detect *d, const struct tracker_key *k)
{
	uint32_t hash = tracker_hash(d, k);
	size_t set = (size_t)(hash % SETS) * WAYS;

	for (unsigned i = 0; i < WAYS; i++)
		if (d->tag[set + i].hash == hash) {
			PREFETCH_WRITE(&d->tracker[set + i]);
			PREFETCH_WRITE(&d->tracker[set + i].peer);
		}
}

/* The place that is worth the least. */
static unsigned
tracker_choose(const struct tracker_tag *tag)
{
	unsigned least = 0;

	for (unsigned i = 1; i < WAYS; i++)
		if (tag[i].worth < tag[least].worth)
			least = i;
	return least;
}

/* Trackers that wait for a verdict stay. */
static void
tracker_weigh(struct detect *d, size_t at)
{
	const struct tracker *t = &d->tracker[at];
	uint32_t weight = t->n[0] < WEIGHT_MOST ? t->n[0] : WEIGHT_MOST;

	d->tag[at].worth = 1 + weight + (uint32_t)((d->now - d->started) / DETECT_S);
	if (t->waits)
		d->tag[at].worth = UINT32_MAX;
}

void
tracker_hold(struct detect *d, struct tracker *t, bool waits)
{
	t->waits = waits;
	tracker_weigh(d, (size_t)(t - d->tracker));
}

struct tracker *
tracker_get(struct detect *d, const struct tracker_key *k, uint64_t window)
{
	uint32_t hash = tracker_hash(d, k);
	size_t set = (size_t)(hash % SETS) * WAYS;
	unsigned i = tracker_place(d, set, hash, k);
	struct tracker *t;

	assert(k->track != TRACK_NONE && window > 0);
	if (i == WAYS) {
		i = tracker_choose(&d->tag[set]);
		d->tag[set + i].hash = hash;
		d->tracker[set + i] = (struct tracker){ .key = *k, .start = d->now };
	}
	t = &d->tracker[set + i];
	if (d->now - t->start > window && !t->waits)
		*t = (struct tracker){
			.key = *k, .peer = t->peer, .start = d->now, .event = t->event
		};
	t->last = d->now;
	tracker_weigh(d, set + i);
	return t;
}
