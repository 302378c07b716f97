/* DNS: data in names, resolvers that fail or are slow. */
#include "config.h"

#include <string.h>

#include "core/flow.h"
#include "core/private.h"
#include "dissect/dissect.h"
#include "dissect/pkt.h"

#define DNS_WINDOW    (60 * DETECT_S)
#define DNS_PORT      53
#define TUNNEL_LENGTH 30 /* characters before the domain: hosts of people have fewer */
#define DNS_ERRORS    10 /* at least */
#define DNS_ANSWERS   10
#define NXDOMAIN      3

enum { QUESTIONS };                    /* counter of a domain */
enum { ANSWERS, ERRORS, TIMED, SLOW }; /* counters of a resolver */

static void
dns_note_name(struct detect *d, const struct pkt *p)
{
	const struct pkt_question *q = &p->meta->question;
	struct addr domain = { .w = { q->domain_hash, 1 } };
	const struct addr *client = q->is_answer ? &p->dst : &p->src;
	struct tracker_key k = detect_key(TRACK_DOMAIN, p->kind, client, &domain, 0);
	struct event e = { .a = { .addr = *client, .kind = p->kind },
		.port = q->is_answer ? p->sport : p->dport,
		.proto = p->proto,
		.rule = RULE_DNS_TUNNEL };
	const char *domain_name = q->name + q->domain_at;
	struct tracker *t;

	if (!q->known || q->below < TUNNEL_LENGTH || strcmp(domain_name, "in-addr.arpa") == 0 ||
	    strcmp(domain_name, "ip6.arpa") == 0)
		return;
	t = tracker_get(d, &k, DNS_WINDOW);
	t->n[QUESTIONS] += !q->is_answer;
	(void)sketch_add(&t->seen, detect_hash(d, &(struct addr){ .w = { q->hash, 0 } }, 0));
	e.n = t->n[QUESTIONS];
	e.m = sketch_count(&t->seen);
	e.start = t->start;
	e.end = t->last;
	if (!detect_reaches(d, RULE_DNS_TUNNEL, e.m))
		return;
	strlcpy(e.detail, domain_name, sizeof(e.detail));
	detect_raise_event(d, &e);
}

static void
dns_judge(struct detect *d, struct tracker *t)
{
	uint32_t percent = t->n[ANSWERS] > 0 ? t->n[ERRORS] * 100 / t->n[ANSWERS] : 0;

	if (t->n[ERRORS] >= DNS_ERRORS && detect_reaches(d, RULE_DNS_FAILURES, percent))
		detect_raise(d, t, RULE_DNS_FAILURES, DETECT_UDP,
		    (struct event_numbers){
			.n = percent, .m = t->n[ERRORS], .detail = "SERVFAIL or REFUSED" });
	if (t->n[TIMED] >= DNS_ANSWERS && t->n[SLOW] * 2 > t->n[TIMED])
		detect_raise(d, t, RULE_SLOW_DNS, DETECT_UDP,
		    (struct event_numbers){ .n = d->threshold[RULE_SLOW_DNS], .m = t->n[SLOW] });
}

static struct tracker *
dns_resolver(struct detect *d, const struct pkt *p)
{
	struct tracker_key k = detect_key(TRACK_DNS, p->kind, NULL, &p->src, DNS_PORT);

	return tracker_get(d, &k, DNS_WINDOW);
}

void
detect_dns_meta(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	uint8_t type = p->meta->type;
	struct tracker *t;

	if (type != META_DNS_QUESTION && type != META_DNS_ANSWER && type != META_DNS_ERROR)
		return;
	dns_note_name(d, p);
	if (p->sport != DNS_PORT)
		return;
	t = dns_resolver(d, p);
	t->n[ANSWERS]++;
	if (type != META_DNS_ERROR || p->meta->rcode == NXDOMAIN)
		return;
	t->n[ERRORS]++;
	if (t->n[ERRORS] >= DNS_ERRORS)
		detect_judge_later(d, t, DETECT_S, dns_judge);
}

void
detect_dns_answer(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	uint32_t limit = d->threshold[RULE_SLOW_DNS];
	struct tracker *t;

	if (p->sport != DNS_PORT || limit == 0)
		return;
	t = dns_resolver(d, p);
	t->n[TIMED]++;
	if (p->ts - n->f->first <= limit * (DETECT_S / 1000))
		return;
	t->n[SLOW]++;
	if (t->n[SLOW] >= DNS_ANSWERS / 2)
		detect_judge_later(d, t, DETECT_S, dns_judge);
}
