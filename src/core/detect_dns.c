/* DNS: data in names, resolvers that fail or are slow. */
#include "config.h"

#include <string.h>

#include "core/flow.h"
#include "core/private.h"
#include "dissect/dissect.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define DNS_WINDOW    (60 * DETECT_S)
#define DNS_PORT      53
#define TUNNEL_LENGTH 30 /* characters before the domain: hosts of people have fewer */
#define TUNNEL_RUN    16 /* of them without a dot or a dash between them: so have those of clouds */
#define RECORD_LENGTH 16 /* the same, if the records that are asked for can carry data back */
#define RECORD_RUN    12
#define LOOKUP_LENGTH 64 /* hashes are looked up in lists, and most are not there */
#define LOOKUP_ABSENT 80 /* percent of the answers */
#define DNS_ERRORS    10 /* at least */
#define DNS_ANSWERS   10
#define NXDOMAIN      3

enum { QUESTIONS, NAMES_ANSWERED, ABSENT, LONGEST }; /* counters of a domain */
enum { ANSWERS, ERRORS, TIMED, SLOW };               /* counters of a resolver */

static unsigned
dns_longest_run(const struct pkt_question *q)
{
	unsigned run = 0, longest = 0;

	for (unsigned i = 0; i < q->domain_at; i++) {
		run = q->name[i] == '.' || q->name[i] == '-' ? 0 : run + 1;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static bool
dns_carries_data(uint16_t type)
{
	static const uint16_t types[] = { 5 /* CNAME */, 10 /* NULL */, 15 /* MX */, 16 /* TXT */,
		25 /* KEY */, 65399 /* private use */ };

	for (unsigned i = 0; i < NITEMS(types); i++)
		if (types[i] == type)
			return true;
	return false;
}

static bool
dns_is_data(const struct pkt_question *q)
{
	bool carries = dns_carries_data(q->type);
	unsigned length = carries ? RECORD_LENGTH : TUNNEL_LENGTH;

	return q->known && q->below >= length &&
	    dns_longest_run(q) >= (carries ? RECORD_RUN : TUNNEL_RUN);
}

static void
dns_count_name(struct tracker *t, const struct pkt_question *q)
{
	t->n[QUESTIONS] += !q->is_answer;
	t->n[NAMES_ANSWERED] += q->is_answer;
	t->n[ABSENT] += q->is_answer && q->rcode == NXDOMAIN;
	if (q->below > t->n[LONGEST])
		t->n[LONGEST] = q->below;
}

/* Blocklists and virus scanners. */
static bool
dns_is_lookup(const struct tracker *t)
{
	return t->n[LONGEST] <= LOOKUP_LENGTH && t->n[NAMES_ANSWERED] > 0 &&
	    (uint64_t)t->n[ABSENT] * 100 >= (uint64_t)t->n[NAMES_ANSWERED] * LOOKUP_ABSENT;
}

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

	if (!dns_is_data(q) || strcmp(domain_name, "in-addr.arpa") == 0 ||
	    strcmp(domain_name, "ip6.arpa") == 0)
		return;
	t = tracker_get(d, &k, DNS_WINDOW);
	dns_count_name(t, q);
	(void)sketch_add(&t->seen, detect_hash(d, &(struct addr){ .w = { q->hash, 0 } }, 0));
	e.n = t->n[QUESTIONS];
	e.m = sketch_count(&t->seen);
	e.start = t->start;
	e.end = t->last;
	if (!detect_reaches(d, RULE_DNS_TUNNEL, e.m) || dns_is_lookup(t))
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
