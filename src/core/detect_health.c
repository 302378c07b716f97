/* What does not work: services that are gone or do not answer, full windows, lost large packets. */
#include "config.h"

#include <string.h>

#include "core/flow_lookup.h"
#include "core/ledger.h"
#include "core/private.h"

#define HEALTH_WINDOW    (60 * DETECT_S)
#define WINDOW_WINDOW    (10 * DETECT_S)
#define PMTU_LARGE       1000      /* bytes of a segment that a path may not take */
#define PMTU_SMALL       4000      /* bytes that came through before, in small segments */
#define ANSWERED_SECONDS 0xffffffu /* the rest of the slot is the tag */
#define GONE_FOR         3         /* s since the last answer */
#define ONE_WAY          90        /* percent of the connections */
#define BUSY_FOR         (3 * DETECT_S)
#define BURST_BPS        10e6
#define MEGA             1000000

enum { ANSWERED, REFUSED, SILENT }; /* counters of a service */
enum { ZEROS };
enum { TIMES, SEQ }; /* counters of a large segment */

static struct tracker *
health_service(struct detect *d, const struct flowkey *key)
{
	struct tracker_key k = detect_key(TRACK_SERVICE, key->kind, NULL, &key->b, key->b_port);

	return tracker_get(d, &k, UINT64_MAX);
}

static uint32_t
health_seconds(const struct detect *d)
{
	return ((uint32_t)((d->now - d->started) / DETECT_S) + 1) & ANSWERED_SECONDS;
}

/* When the service answered last, in s; 0: it has not. */
static uint32_t
health_answered(const struct detect *d, const struct flowkey *key)
{
	uint32_t hash = detect_hash(d, &key->b, key->b_port);
	uint32_t slot = d->answered[hash % DETECT_SLOTS];

	return ((slot ^ hash) & ~ANSWERED_SECONDS) == 0 ? slot & ANSWERED_SECONDS : 0;
}

static void
health_note_answer(struct detect *d, const struct flowkey *key)
{
	uint32_t hash = detect_hash(d, &key->b, key->b_port);

	d->answered[hash % DETECT_SLOTS] = (hash & ~ANSWERED_SECONDS) | health_seconds(d);
}

/* Starts counting again if the service has answered meanwhile. */
static void
health_forget(struct detect *d, struct tracker *t, const struct flow *f)
{
	uint32_t answered = health_answered(d, &f->key);

	if (answered == t->n[ANSWERED])
		return;
	*t = (struct tracker){
		.key = t->key, .start = d->now, .last = d->now, .event = t->event, .waits = t->waits
	};
	t->n[ANSWERED] = answered;
}

static void
health_note_refusal(struct detect *d, const struct flow *f)
{
	uint32_t answered = health_answered(d, &f->key);
	struct tracker *t;

	/* What never answered, or has just answered, has not gone. */
	if (answered == 0 || health_seconds(d) - answered < GONE_FOR)
		return;
	t = health_service(d, &f->key);
	health_forget(d, t, f);
	t->n[REFUSED]++;
	if (detect_reaches(d, RULE_SERVICE_GONE, t->n[REFUSED]))
		detect_raise(d, t, RULE_SERVICE_GONE, DETECT_TCP,
		    (struct event_numbers){ .n = t->n[REFUSED] });
}

/* Data of the initiator without any packet of the other end: only one direction is captured. */
static void
health_note_direction(struct detect *d, const struct flow *f)
{
	struct event e = { .start = d->started, .end = d->now, .rule = RULE_ASYMMETRIC };

	d->tcp_flows++;
	d->tcp_one_way += f->end[1].flags == 0;
	e.n = d->tcp_one_way;
	e.m = d->tcp_flows;
	if (detect_reaches(d, RULE_ASYMMETRIC, e.n) && e.n * 100 >= e.m * ONE_WAY)
		detect_raise_event(d, &e);
}

void
detect_health_state(struct detect *d, const struct detect_note *n)
{
	const struct flow *f = n->f;

	if (f->state == FLOW_SYN_RECEIVED && n->was == FLOW_SYN_SENT)
		health_note_answer(d, &f->key);
	else if (f->state == FLOW_RESET && n->was == FLOW_SYN_SENT && n->way == 1)
		health_note_refusal(d, f);
	if (f->state == FLOW_ESTABLISHED && (f->bits & FLOW_SYN_SEEN))
		health_note_direction(d, f);
}

static void
health_note_silence(struct detect *d, const struct flow *f)
{
	struct tracker *t = health_service(d, &f->key);

	health_forget(d, t, f);
	t->n[SILENT]++;
	if (detect_reaches(d, RULE_NO_ANSWER, t->n[SILENT]))
		detect_raise(
		    d, t, RULE_NO_ANSWER, DETECT_TCP, (struct event_numbers){ .n = t->n[SILENT] });
}

static void
health_note_window(struct detect *d, const struct pkt *p)
{
	struct tracker_key k = detect_key(TRACK_WINDOW, p->kind, NULL, &p->src, 0);
	struct tracker *t = tracker_get(d, &k, WINDOW_WINDOW);

	t->n[ZEROS]++;
	if (detect_reaches(d, RULE_ZERO_WINDOW, t->n[ZEROS]))
		detect_raise(
		    d, t, RULE_ZERO_WINDOW, DETECT_TCP, (struct event_numbers){ .n = t->n[ZEROS] });
}

/* The same large segment again and again, after small ones came through. */
static void
health_note_large(struct detect *d, const struct detect_note *n)
{
	const struct flow *f = n->f;
	const struct pkt *p = n->p;
	struct tracker_key k = detect_key(TRACK_PMTU, p->kind, &p->src, &p->dst, p->dport);
	uint32_t acked = f->end[!n->way].last_ack - f->isn[n->way] - 1;
	struct tracker *t;

	if (p->payload < PMTU_LARGE || !(f->end[n->way].flags & TCP_SYN) || acked > PMTU_SMALL)
		return;
	t = tracker_get(d, &k, HEALTH_WINDOW);
	t->n[TIMES] = t->n[SEQ] == p->seq ? t->n[TIMES] + 1 : 1;
	t->n[SEQ] = p->seq;
	if (detect_reaches(d, RULE_PMTU, t->n[TIMES]))
		detect_raise(d, t, RULE_PMTU, DETECT_TCP,
		    (struct event_numbers){ .n = p->payload, .m = t->n[TIMES] });
}

void
detect_health_event(struct detect *d, const struct detect_note *n)
{
	if (n->events & TCP_ZERO_WINDOW)
		health_note_window(d, n->p);
	if (!(n->events & TCP_RETRANSMITTED))
		return;
	if (n->f->state == FLOW_SYN_SENT && pkt_is_syn(n->p))
		health_note_silence(d, n->f);
	else
		health_note_large(d, n);
}

/* An event about a source, named in its detail. */
static void
health_raise_source(
    struct detect *d, const struct source_stats *s, enum event_rule rule, uint64_t n, uint64_t m)
{
	struct event e = { .start = d->now,
		.end = d->now,
		.n = n,
		.m = m,
		.port = s->number,
		.rule = (uint8_t)rule };

	strlcpy(e.detail, s->name, sizeof(e.detail));
	detect_raise_event(d, &e);
}

/* Errors from before the start are not news. */
static void
health_judge_errors(struct detect *d, const struct source_stats *s, struct detect_source *was)
{
	if (!was->errors_known)
		was->first_errors = s->link_errors;
	else if (s->link_errors > was->errors &&
	    detect_reaches(d, RULE_IF_ERRORS, s->link_errors - was->errors))
		health_raise_source(d, s, RULE_IF_ERRORS, s->link_errors - was->first_errors, 0);
	was->errors_known = true;
	was->errors = s->link_errors;
}

static void
health_judge_source(struct detect *d, const struct source_stats *s, struct detect_source *was)
{
	uint64_t lost = s->drops_known ? s->kernel_dropped + s->interface_dropped : 0;
	bool down = s->state == SOURCE_DOWN || s->state == SOURCE_GONE;

	if (lost > was->lost && detect_reaches(d, RULE_DROPS, lost - was->lost))
		health_raise_source(d, s, RULE_DROPS, lost, 0);
	was->lost = lost;
	health_judge_errors(d, s, was);
	if (down && !was->down && d->threshold[RULE_IF_DOWN] != 0)
		health_raise_source(d, s, RULE_IF_DOWN, 0, 0);
	if (!down && was->down && d->threshold[RULE_IF_UP] != 0)
		health_raise_source(d, s, RULE_IF_UP, 0, 0);
	was->down = down;
	if (source_sees_duplicates(s) && detect_reaches(d, RULE_DUPLICATES, s->totals.duplicates))
		health_raise_source(
		    d, s, RULE_DUPLICATES, s->totals.duplicates, s->totals.all.packets);
}

/* The rate of a link in percent of its speed, over the last interval. */
static void
health_judge_link(
    struct detect *d, const struct source_stats *s, struct detect_source *was, double bps)
{
	double percent = s->link_bps > 0 ? bps * 100 / (double)s->link_bps : 0;

	if (!detect_reaches(d, RULE_SATURATION, (uint64_t)percent)) {
		was->busy_since = 0;
		return;
	}
	if (was->busy_since == 0)
		was->busy_since = d->now;
	else if (d->now - was->busy_since >= BUSY_FOR)
		health_raise_source(d, s, RULE_SATURATION, (uint64_t)percent, s->link_bps / MEGA);
}

/* The rate against its decaying average of about a minute. */
static void
health_judge_burst(struct detect *d, double bps)
{
	struct event e = { .start = d->now, .end = d->now, .rule = RULE_BURST };

	if (d->usual_ticks >= 10 && bps >= BURST_BPS &&
	    detect_reaches(d, RULE_BURST, (uint64_t)(bps / (d->usual_bps + 1)))) {
		e.n = (uint64_t)(bps / MEGA);
		e.m = (uint64_t)(bps / (d->usual_bps + 1));
		detect_raise_event(d, &e);
	}
	d->usual_bps += (bps - d->usual_bps) / (d->usual_ticks < 60 ? d->usual_ticks + 1 : 60);
	d->usual_ticks++;
}

void
detect_tick(struct detect *d, const struct ledger *l)
{
	double seconds = (double)l->interval_ns / (double)DETECT_S, all = 0;

	detect_advance(d, ledger_time(l));
	for (unsigned i = 0; i < l->n_sources; i++) {
		const struct source_stats *s = &l->source[i];
		struct detect_source *was = &d->source[i];
		double bps =
		    seconds > 0 ? (double)(s->totals.all.bytes - was->bytes) * 8 / seconds : 0;

		health_judge_source(d, s, was);
		health_judge_link(d, s, was, bps);
		was->bytes = s->totals.all.bytes;
		all += bps;
	}
	if (l->packet_time.is_live && seconds > 0)
		health_judge_burst(d, all);
}
