/*
 * Hosts against what they usually do: new ones, ones that have gone, more loss, longer round trips.
 *
 * What a host usually does is kept by the hash of its address, in windows of ten seconds.  A host
 * that was heard of lately keeps its slot.
 */
#include "config.h"

#include "core/flow_lookup.h"
#include "core/private.h"
#include "util/attr.h"

#define HOST_WINDOW (10 * DETECT_S)
#define HOST_KEPT   (300 * DETECT_S)
#define HOST_LEARNT 6     /* windows */
#define HOST_MEMORY 16    /* windows that an average is over */
#define HOST_FLOOD  1000  /* new flows a second whose hosts are not worth learning */
#define AGAIN_LEAST 5     /* segments sent again in a window */
#define AGAIN_TIMES 4     /* as many as usual */
#define AGAIN_UNIT  16    /* of the average */
#define RTT_MORE    50000 /* us above the usual */
#define RTT_SAMPLES 3     /* handshakes of a window, at least */

/* NULL: another host has its slot. */
static struct detect_host *
host_get(struct detect *d, const struct addr *a)
{
	uint32_t hash = detect_hash(d, a, 0) | 1;
	struct detect_host *s = &d->host[(hash >> 1) % NITEMS(d->host)];

	if (s->hash == hash)
		return s;
	if (s->hash != 0 && d->now - s->heard < HOST_KEPT)
		return NULL;
	*s = (struct detect_host){ .hash = hash, .since = d->now };
	return s;
}

static void
host_raise(
    struct detect *d, enum event_rule rule, const struct event_end *host, uint64_t n, uint64_t m)
{
	struct event e = {
		.start = d->now, .end = d->now, .n = n, .m = m, .b = *host, .rule = (uint8_t)rule
	};

	detect_raise_event(d, &e);
}

static void
host_usual_add(uint32_t *usual, uint32_t now, uint32_t windows)
{
	uint32_t n = windows < HOST_MEMORY ? windows + 1 : HOST_MEMORY;

	*usual = (uint32_t)(((uint64_t)*usual * (n - 1) + now) / n);
}

/* Ends the window if its time is over. */
static void
host_advance(const struct detect *d, struct detect_host *s)
{
	uint64_t windows = (d->now - s->since) / HOST_WINDOW;

	if (windows == 0)
		return;
	host_usual_add(&s->usual_again, s->again * AGAIN_UNIT, s->windows);
	if (s->samples > 0)
		host_usual_add(&s->usual_rtt, s->rtt_sum / s->samples, s->windows);
	s->windows++;
	s->steady = windows == 1 ? s->steady + 1 : 0;
	s->again = s->samples = s->rtt_sum = 0;
	s->since += windows * HOST_WINDOW;
}

static bool
host_is_learnt(const struct detect_host *s)
{
	return s->windows >= HOST_LEARNT;
}

/* A bit for each address, because slots are taken by others. */
static void
host_note_new(struct detect *d, const struct event_end *host)
{
	uint32_t hash = detect_hash(d, &host->addr, 0);
	uint64_t *word = &d->known_host[hash / 64 % DETECT_SLOTS], bit = UINT64_C(1) << (hash % 64);
	uint64_t age_s = (d->now - d->started) / DETECT_S;

	if ((*word & bit) == 0 && detect_reaches(d, RULE_NEW_HOST, age_s))
		host_raise(d, RULE_NEW_HOST, host, 0, 0);
	*word |= bit;
}

/* Hosts of the internet come and go. */
static void
host_hear(struct detect *d, uint8_t kind, const struct addr *a)
{
	struct event_end host = { .addr = *a, .kind = kind };
	struct detect_host *s;

	if (d->second.flows > HOST_FLOOD || !addr_is_non_global((enum addr_kind)kind, a))
		return;
	s = host_get(d, a);
	if (s == NULL || s->heard == 0)
		host_note_new(d, &host);
	if (s == NULL)
		return;
	s->host = host;
	s->heard = d->now;
	host_advance(d, s);
}

static bool
host_is_ip(const struct pkt *p)
{
	return p->kind == ADDR_IP4 || p->kind == ADDR_IP6;
}

/* Hosts that opened or accepted connections all the time, and do not any more. */
static void
host_seek_silent(struct detect *d)
{
	d->hosts_judged = d->now;
	for (unsigned i = 0; i < NITEMS(d->host); i++) {
		struct detect_host *s = &d->host[i];
		uint64_t silent_s = (d->now - s->heard) / DETECT_S;

		if (s->steady < HOST_LEARNT || s->host.kind == ADDR_NONE ||
		    !detect_reaches(d, RULE_HOST_GONE, silent_s))
			continue;
		host_raise(d, RULE_HOST_GONE, &s->host, silent_s, 0);
		s->steady = 0;
	}
}

/* The sender of a packet, with which a flow begins or is answered. */
void
detect_hosts_new(struct detect *d, const struct detect_note *n)
{
	if (host_is_ip(n->p))
		host_hear(d, n->p->kind, &n->p->src);
	if (d->now - d->hosts_judged >= DETECT_S)
		host_seek_silent(d);
}

static void
host_time(struct detect *d, const struct flow *f, uint32_t us)
{
	struct event_end host = { .addr = f->key.b, .kind = f->key.kind };
	struct detect_host *s = host_get(d, &f->key.b);
	uint32_t mean;

	if (s == NULL)
		return;
	s->heard = d->now;
	host_advance(d, s);
	s->rtt_sum += us < UINT32_MAX / UINT16_MAX ? us : UINT32_MAX / UINT16_MAX;
	s->samples++;
	mean = s->rtt_sum / s->samples;
	if (host_is_learnt(s) && s->samples >= RTT_SAMPLES && mean > s->usual_rtt + RTT_MORE &&
	    detect_reaches(d, RULE_RTT, mean / (s->usual_rtt + 1)))
		host_raise(d, RULE_RTT, &host, mean / 1000, (s->usual_rtt + 500) / 1000);
}

void
detect_hosts_state(struct detect *d, const struct detect_note *n)
{
	const struct flow *f = n->f;
	uint32_t us;

	if (f->state == FLOW_SYN_RECEIVED && n->was == FLOW_SYN_SENT)
		host_hear(d, n->p->kind, &n->p->src);
	else if (f->state == FLOW_ESTABLISHED && flow_handshake_rtt(f, &us))
		host_time(d, f, us);
}

/* The sender's segments get lost. */
void
detect_hosts_event(struct detect *d, const struct detect_note *n)
{
	const struct flow *f = n->f;
	struct event_end host = { .addr = n->p->src, .kind = n->p->kind };
	uint64_t percent = flow_retransmissions(f) * 100 /
	    (flow_tally(f, 0).packets + flow_tally(f, 1).packets + 1);
	struct detect_host *s;

	if (!(n->events & TCP_RETRANSMITTED) || f->state == FLOW_SYN_SENT)
		return;
	s = host_get(d, &n->p->src);
	if (s == NULL)
		return;
	s->heard = d->now;
	host_advance(d, s);
	s->again++;
	if (host_is_learnt(s) && s->again >= AGAIN_LEAST && detect_reaches(d, RULE_LOSS, percent) &&
	    s->again * AGAIN_UNIT >= s->usual_again * AGAIN_TIMES)
		host_raise(d, RULE_LOSS, &host, s->again, s->usual_again / AGAIN_UNIT);
}
