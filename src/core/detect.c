#include "config.h"

#include "core/event.h"

#include <assert.h>
#include <string.h>

#include "core/ledger.h"
#include "core/private.h"
#include "util/alloc.h"
#include "util/attr.h"

#define SPOOFED_MOST 600 /* different addresses that are counted well */
#define DECAY        (15 * DETECT_S)

static void
detect_alloc(struct detect *d)
{
	d->tracker = pages_new(DETECT_TRACKERS * sizeof(*d->tracker));
	d->tag = pages_new(DETECT_TRACKERS * sizeof(*d->tag));
}

static void
detect_free(struct detect *d)
{
	pages_del(d->tracker);
	pages_del(d->tag);
}

void
detect_set_key(struct detect *d, const struct pairkey *key)
{
	d->pairkey = *key;
}

struct detect *
detect_new(void)
{
	static const struct hashkey fixed = { 1, 2 };
	struct detect *d = pages_new(sizeof(*d));

	detect_alloc(d);
	pairkey_init(&d->pairkey, &fixed);
	for (unsigned i = 0; i < EVENT_RULES; i++)
		d->threshold[i] = event_rules[i].threshold;
	return d;
}

void
detect_del(struct detect *d)
{
	if (d == NULL)
		return;
	detect_free(d);
	pages_del(d);
}

void
detect_clear(struct detect *d)
{
	struct pairkey pairkey = d->pairkey;
	uint64_t changes = d->events.changes;
	uint32_t threshold[EVENT_RULES];

	memcpy(threshold, d->threshold, sizeof(threshold));
	detect_free(d);
	memset(d, 0, sizeof(*d));
	detect_alloc(d);
	d->pairkey = pairkey;
	d->events.changes = changes + 1;
	memcpy(d->threshold, threshold, sizeof(d->threshold));
}

struct events *
detect_events(struct detect *d)
{
	return &d->events;
}

uint32_t
detect_threshold(const struct detect *d, enum event_rule r)
{
	assert(r < EVENT_RULES);
	return d->threshold[r];
}

void
detect_set_threshold(struct detect *d, enum event_rule r, uint32_t threshold)
{
	assert(r < EVENT_RULES);
	d->threshold[r] = threshold;
}

void
detect_set_limits(struct detect *d, const struct event_limits *limits)
{
	for (unsigned i = 0; i < EVENT_RULES; i++)
		if (limits->given[i])
			d->threshold[i] = limits->n[i];
}

void
detect_judge_later(struct detect *d, struct tracker *t, uint64_t delay, detect_judge_fn *judge)
{
	assert(judge != NULL);
	if (t->waits || d->n_candidates == DETECT_CANDIDATES)
		return;
	tracker_hold(d, t, true);
	d->candidate[d->n_candidates++] =
	    (struct detect_candidate){ .t = t, .at = d->now + delay, .judge = judge };
}

/* Judges the candidates that are due, or all. */
static void
detect_judge(struct detect *d, bool all)
{
	for (unsigned i = 0; i < d->n_candidates;) {
		struct detect_candidate c = d->candidate[i];

		if (!all && c.at > d->now) {
			i++;
			continue;
		}
		d->candidate[i] = d->candidate[--d->n_candidates];
		tracker_hold(d, c.t, false);
		c.judge(d, c.t);
	}
}

void
detect_raise_event(struct detect *d, const struct event *e)
{
	(void)events_raise(&d->events, e);
}

void
detect_raise(struct detect *d, struct tracker *t, enum event_rule r, uint16_t proto,
    struct event_numbers numbers)
{
	const struct tracker_key *k = &t->key;
	struct event e = { .start = t->start,
		.end = t->last,
		.n = numbers.n,
		.m = numbers.m,
		.a = { .addr = k->a, .kind = (k->a.w[0] | k->a.w[1]) != 0 ? k->kind : ADDR_NONE },
		.b = { .addr = k->b, .kind = (k->b.w[0] | k->b.w[1]) != 0 ? k->kind : ADDR_NONE },
		.port = k->port,
		.proto = proto,
		.number = t->event,
		.rule = (uint8_t)r };

	if (numbers.detail != NULL)
		strlcpy(e.detail, numbers.detail, sizeof(e.detail));
	t->event = events_raise(&d->events, &e);
}

/* Nobody answers, and hardly an address comes twice. */
static void
detect_judge_second(struct detect *d)
{
	struct detect_second *s = &d->second;
	uint32_t sources = sketch_count(&s->sources), destinations = sketch_count(&s->destinations);
	uint32_t least = s->flows / 3 < SPOOFED_MOST ? s->flows / 3 : SPOOFED_MOST;
	struct tracker t = { .start = d->ticked, .last = d->now };

	if (detect_reaches(d, RULE_SPOOFED_FLOOD, s->flows) && s->answers < s->flows / 20 &&
	    sources >= least && destinations >= least)
		detect_raise(d, &t, RULE_SPOOFED_FLOOD, 0,
		    (struct event_numbers){ .n = s->flows, .m = sources });
	*s = (struct detect_second){ .flows = 0 };
}

/* What was left open is forgotten after some time. */
static void
detect_decay(struct detect *d)
{
	for (unsigned i = 0; i < DETECT_SLOTS; i++) {
		for (unsigned k = 0; k < DETECT_OPEN_WAYS; k++)
			d->open[i][k].n /= 2;
		d->half_open[i] /= 2;
	}
	d->decayed = d->now;
}

void
detect_advance(struct detect *d, uint64_t now)
{
	if (now <= d->now)
		return;
	d->now = now;
	if (d->started == 0)
		d->started = d->ticked = now;
	if (now - d->ticked < DETECT_S)
		return;
	detect_judge_second(d);
	d->ticked = now;
	if (now - d->decayed > DECAY)
		detect_decay(d);
	detect_judge(d, false);
}

void
detect_finish(struct detect *d)
{
	detect_judge_second(d);
	detect_judge(d, true);
}
