/* Passwords are tried: many short connections to a login service, or many refusals. */
#include "config.h"

#include "core/flow.h"
#include "core/private.h"
#include "dissect/dissect.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define LOGIN_WINDOW  (120 * DETECT_S)
#define BARE_WINDOW   (15 * DETECT_S)
#define LOGIN_PACKETS 80 /* of a short connection, at most */
#define LOGIN_LENGTH  (60 * DETECT_S)
#define NS_PER_MS     1000000
#define BEACON_BURST  500  /* ms */
#define BEACON_LEAST  2000 /* ms between connections, at least */
#define BEACON_SPREAD 12   /* percent that gaps differ from their mean, on average */
#define BEACON_MEMORY 32u  /* gaps that the mean is over */
#define BEACON_MISSED 4    /* after a gap so many times as long it starts again */

enum { ATTEMPTS }; /* counter of logins */

/*
 * Login services, the payload that a client sends at most if it only logs in, and how often the
 * server answers it: less often if it is only asked whether it lives, more often if it has work
 * after the login.  Servers that relay mail are not here: their short connections are mail that
 * is refused.
 */
static const struct login_service {
	uint16_t port, most;
	uint8_t turns, turns_most;
} login_services[] = {
	{ 21, 300, 2, WAIT_MEMORY },
	{ 22, 6000, 3, WAIT_MEMORY },
	{ 23, 600, 2, WAIT_MEMORY },
	{ 110, 300, 2, WAIT_MEMORY },
	{ 139, 3000, 2, WAIT_MEMORY },
	{ 143, 400, 2, WAIT_MEMORY },
	{ 445, 3000, 2, WAIT_MEMORY },
	{ 465, 3000, 3, 6 },
	{ 587, 3000, 3, 6 },
	{ 993, 3000, 3, 5 },
	{ 995, 3000, 3, 5 },
	{ 2222, 6000, 3, WAIT_MEMORY },
	{ 3389, 4000, 3, WAIT_MEMORY },
	{ 5900, 300, 2, WAIT_MEMORY },
};

/* NULL: not a login service. */
static const struct login_service *
login_service(uint16_t port)
{
	for (unsigned i = 0; i < NITEMS(login_services); i++)
		if (login_services[i].port == port)
			return &login_services[i];
	return NULL;
}

static bool
login_is_short(const struct flow *f, uint64_t last)
{
	return flow_tally(f, 0).packets + flow_tally(f, 1).packets <= LOGIN_PACKETS &&
	    last - f->first <= LOGIN_LENGTH;
}

static void
login_count(struct detect *d, const struct flow *f, enum tracker_kind kind, uint64_t window)
{
	const struct flowkey *key = &f->key;
	struct tracker_key k = detect_key(kind, key->kind, &key->a, &key->b, key->b_port);
	struct tracker *t = tracker_get(d, &k, window);

	t->n[ATTEMPTS]++;
	if (t->n[ATTEMPTS] == 1)
		t->start = f->first;
	if (detect_reaches(d, RULE_BRUTE_FORCE, t->n[ATTEMPTS]))
		detect_raise(d, t, RULE_BRUTE_FORCE, DETECT_TCP,
		    (struct event_numbers){ .n = t->n[ATTEMPTS] });
}

/* A connection that is too short for a login may only check that the service works, which nobody
 * does as often as once a second. */
void
detect_login_state(struct detect *d, const struct detect_note *n)
{
	const struct flow *f = n->f;
	const struct login_service *service = login_service(f->key.b_port);
	uint32_t sent = detect_sent(f, 0);

	if (service == NULL || !flow_has_ended(f) || n->was >= FLOW_CLOSED ||
	    n->was < FLOW_ESTABLISHED || !(f->bits & FLOW_SYN_SEEN) ||
	    !login_is_short(f, n->p->ts) || sent > service->most || n->turns > service->turns_most)
		return;
	if (sent > 0 && detect_sent(f, 1) > 0 && n->turns >= service->turns)
		login_count(d, f, TRACK_LOGINS, LOGIN_WINDOW);
	else
		login_count(d, f, TRACK_BARE_LOGINS, BARE_WINDOW);
}

static uint32_t
login_hash(const struct detect *d, const struct flow *f)
{
	const struct flowkey *key = &f->key;

	return detect_mix(
		   detect_hash(d, &key->a, key->a_port), detect_hash(d, &key->b, key->b_port)) |
	    1;
}

static uint32_t *
login_http(struct detect *d, const struct flow *f)
{
	return &d->password[login_hash(d, f) % DETECT_SLOTS];
}

/* HTTP refuses requests without a password, too, and most clients ask so first. */
static bool
login_was_tried(struct detect *d, const struct detect_note *n)
{
	uint32_t *slot = login_http(d, n->f);
	bool tried = *slot == login_hash(d, n->f);

	if (n->f->app != PROTO_HTTP)
		return true;
	if (tried)
		*slot = 0;
	return tried;
}

void
detect_login_meta(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	struct tracker_key k;
	struct tracker *t;

	if (p->meta->has_password)
		*login_http(d, n->f) = login_hash(d, n->f);
	if (p->meta->type != META_LOGIN_FAILED || !login_was_tried(d, n))
		return;
	k = detect_key(TRACK_FAILURES, p->kind, &p->dst, &p->src, p->sport);
	t = tracker_get(d, &k, LOGIN_WINDOW);
	t->n[ATTEMPTS]++;
	if (detect_reaches(d, RULE_LOGIN_FAILURES, t->n[ATTEMPTS]))
		detect_raise(d, t, RULE_LOGIN_FAILURES, DETECT_TCP,
		    (struct event_numbers){ .n = t->n[ATTEMPTS] });
}

/* Updates the mean of the gaps, and how far they are from it. */
static void
beacon_add_gap(struct detect_gap *g, uint32_t ms)
{
	uint32_t away = ms > g->mean ? ms - g->mean : g->mean - ms;
	uint32_t weight = g->times < BEACON_MEMORY ? g->times : BEACON_MEMORY;

	if (g->mean == 0 || ms > g->mean * BEACON_MISSED) {
		g->times = 2;
		g->mean = ms;
		g->spread = 0;
		return;
	}
	g->mean = g->mean - g->mean / weight + ms / weight;
	g->spread = g->spread - g->spread / weight + away / weight;
	g->times++;
}

static void
beacon_raise(struct detect *d, const struct pkt *p, const struct detect_gap *g)
{
	struct event e = { .start = d->now - (uint64_t)g->mean * (g->times - 1) * NS_PER_MS,
		.end = d->now,
		.n = (g->mean + 500) / 1000,
		.m = g->times,
		.a = { .addr = p->src, .kind = p->kind },
		.b = { .addr = p->dst, .kind = p->kind },
		.port = p->dport,
		.proto = p->proto,
		.rule = RULE_BEACON };

	detect_raise_event(d, &e);
}

/* Connections close together are one.  A pair makes room for another one that uses its slot if its
 * next connection is overdue. */
void
detect_beacon_new(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	uint32_t now = (uint32_t)(d->now / NS_PER_MS), hash;
	struct detect_gap *g;

	if (p->proto != DETECT_TCP || (p->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return;
	hash = detect_mix(detect_hash(d, &p->src, p->dport), detect_hash(d, &p->dst, 0)) | 1;
	g = &d->gap[hash % DETECT_GAPS];
	if (g->hash != hash) {
		if (g->times < 3 || now - g->last > 2 * g->mean)
			*g = (struct detect_gap){ .hash = hash, .last = now, .times = 1 };
		return;
	}
	if (now - g->last < BEACON_BURST)
		return;
	beacon_add_gap(g, now - g->last);
	g->last = now;
	if (detect_reaches(d, RULE_BEACON, g->times) && g->mean >= BEACON_LEAST &&
	    (uint64_t)g->spread * 100 <= (uint64_t)g->mean * BEACON_SPREAD)
		beacon_raise(d, p, g);
}
