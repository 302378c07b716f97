/* Floods: SYNs that nobody completes, answers that nobody asked for. */
#include "config.h"

#include "core/flow_lookup.h"
#include "core/private.h"
#include "util/attr.h"

#define FLOOD_COMPLETED 25 /* percent of the connections that may be completed */
#define HALF_OPEN       20 /* connections to a service, at any time */
#define REFLECT_WINDOW  (10 * DETECT_S)
#define REFLECT_ANSWERS 20 /* at least */
#define AMPLIFIED       8  /* times as large as the question */
#define AMPLIFIED_SHARE 80 /* percent of the answers */

enum { SYNS, COMPLETED }; /* counters of SYNs */
enum { ANSWERS, LARGE };  /* counters of an amplifier */

/* UDP services that answer with much more than they are asked (CISA alert TA14-017A), and from what
 * payload on an answer is large. */
static const struct {
	uint16_t port, large;
} amplifiers[] = {
	{ 17, 80 },     /* quote of the day */
	{ 19, 80 },     /* character generator */
	{ 53, 400 },    /* DNS */
	{ 69, 80 },     /* TFTP */
	{ 111, 60 },    /* port mapper */
	{ 123, 80 },    /* NTP */
	{ 137, 100 },   /* NetBIOS */
	{ 161, 300 },   /* SNMP */
	{ 389, 200 },   /* CLDAP */
	{ 1434, 80 },   /* SQL Server's browser */
	{ 1900, 100 },  /* SSDP */
	{ 3283, 200 },  /* Apple remote desktop */
	{ 3702, 200 },  /* WS-Discovery */
	{ 5093, 200 },  /* Sentinel */
	{ 5353, 200 },  /* mDNS */
	{ 5683, 200 },  /* CoAP */
	{ 11211, 200 }, /* memcached */
};

/* 0: answers of that port do not amplify. */
static uint16_t
flood_large(uint16_t port)
{
	for (unsigned i = 0; i < NITEMS(amplifiers); i++)
		if (amplifiers[i].port == port)
			return amplifiers[i].large;
	return 0;
}

static void
flood_judge_syns(struct detect *d, struct tracker *t)
{
	uint64_t ns = t->last - t->start > DETECT_S ? t->last - t->start : DETECT_S;
	uint64_t rate = t->n[SYNS] * DETECT_S / ns;
	uint32_t sources = sketch_count(&t->seen);
	struct tracker named = *t;

	if (!detect_reaches(d, RULE_SYN_FLOOD, rate) ||
	    (uint64_t)t->n[COMPLETED] * 100 >= (uint64_t)t->n[SYNS] * FLOOD_COMPLETED)
		return;
	if (sources == 1)
		named.key.a = t->peer;
	detect_raise(d, &named, RULE_SYN_FLOOD, DETECT_TCP,
	    (struct event_numbers){ .n = rate, .m = sources });
}

/* SYNs to a service that are not completed yet. */
static uint16_t *
flood_half_open(struct detect *d, const struct addr *service, uint16_t port)
{
	return &d->half_open[detect_hash(d, service, port) % DETECT_SLOTS];
}

static struct tracker_key
flood_key_of_service(const struct pkt *p)
{
	return detect_key(TRACK_SYNS, p->kind, NULL, &p->dst, p->dport);
}

void
detect_prefetch(struct detect *d, const struct pkt *p)
{
	struct tracker_key k;

	if (p->proto != DETECT_TCP || !pkt_is_syn(p) ||
	    *flood_half_open(d, &p->dst, p->dport) <= HALF_OPEN)
		return;
	k = flood_key_of_service(p);
	tracker_prefetch(d, &k);
}

/* A service is tracked while many connections to it are half open. */
static void
flood_note_syn(struct detect *d, const struct pkt *p)
{
	struct tracker_key k;
	uint16_t *open = flood_half_open(d, &p->dst, p->dport);
	struct tracker *t;

	if (*open < UINT16_MAX)
		++*open;
	if (*open <= HALF_OPEN)
		return;
	k = flood_key_of_service(p);
	t = tracker_get(d, &k, DETECT_S);
	if (t->n[SYNS] == 0)
		t->n[SYNS] = *open - 1u < HALF_OPEN ? *open - 1u : HALF_OPEN;
	t->n[SYNS]++;
	t->peer = p->src;
	(void)sketch_add(&t->seen, detect_hash(d, &p->src, 0));
	if (detect_reaches(d, RULE_SYN_FLOOD, t->n[SYNS]))
		detect_judge_later(d, t, DETECT_S, flood_judge_syns);
}

static void
flood_note_unasked(struct detect *d, const struct pkt *p)
{
	struct tracker_key k;
	uint16_t large = flood_large(p->sport);
	uint32_t servers;
	struct tracker *t;

	if (large == 0 || p->payload < large || p->dport == p->sport ||
	    addr_is_group((enum addr_kind)p->kind, &p->dst))
		return;
	k = detect_key(TRACK_REFLECTION, p->kind, NULL, &p->dst, p->sport);
	t = tracker_get(d, &k, REFLECT_WINDOW);
	t->n[ANSWERS]++;
	(void)sketch_add(&t->seen, detect_hash(d, &p->src, 0));
	servers = sketch_count(&t->seen);
	if (t->n[ANSWERS] >= REFLECT_ANSWERS && detect_reaches(d, RULE_REFLECTION, servers))
		detect_raise(d, t, RULE_REFLECTION, DETECT_UDP,
		    (struct event_numbers){ .n = t->n[ANSWERS], .m = servers });
}

static void
flood_note_ends(struct detect *d, const struct pkt *p)
{
	(void)sketch_add(&d->second.sources, detect_hash(d, &p->src, 0));
	(void)sketch_add(&d->second.destinations, detect_hash(d, &p->dst, 0));
}

void
detect_flood_new(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	bool is_ip = p->kind == ADDR_IP4 || p->kind == ADDR_IP6;

	if (!is_ip || !(p->flags & PKT_PORTS))
		return;
	if (++d->second.flows > d->threshold[RULE_SPOOFED_FLOOD] / 4 &&
	    d->second.answers < d->second.flows / 10)
		flood_note_ends(d, p);
	if (p->proto == DETECT_TCP && pkt_is_syn(p))
		flood_note_syn(d, p);
	else if (p->proto == DETECT_UDP)
		flood_note_unasked(d, p);
}

void
detect_flood_state(struct detect *d, const struct detect_note *n)
{
	const struct flowkey *key = &n->f->key;
	struct tracker *t = NULL;
	struct tracker_key k;
	uint16_t *open;

	if (n->was >= FLOW_ESTABLISHED || n->f->state < FLOW_ESTABLISHED)
		return;
	d->second.answers++;
	open = flood_half_open(d, &key->b, key->b_port);
	if (*open > HALF_OPEN && n->f->state == FLOW_ESTABLISHED) {
		k = detect_key(TRACK_SYNS, key->kind, NULL, &key->b, key->b_port);
		t = tracker_find(d, &k);
	}
	if (t != NULL)
		t->n[COMPLETED]++;
	if (*open > 0)
		--*open;
}

/* The answer of a service that amplifies, to a client that may have been made up. */
static void
flood_note_amplified(struct detect *d, const struct detect_note *n)
{
	const struct pkt *p = n->p;
	const struct tally asked = flow_tally(n->f, 0);
	struct tracker_key k = detect_key(TRACK_AMPLIFIER, p->kind, &p->src, &p->dst, p->sport);
	uint64_t ratio = asked.bytes > 0 ? p->len * asked.packets / asked.bytes : 0;
	struct tracker *t;

	if (ratio < AMPLIFIED) {
		t = d->now - d->amplified < REFLECT_WINDOW ? tracker_find(d, &k) : NULL;
		if (t != NULL)
			t->n[ANSWERS]++;
		return;
	}
	d->amplified = d->now;
	t = tracker_get(d, &k, REFLECT_WINDOW);
	t->n[ANSWERS]++;
	t->n[LARGE]++;
	if (detect_reaches(d, RULE_AMPLIFIER, t->n[LARGE]) &&
	    (uint64_t)t->n[LARGE] * 100 >= (uint64_t)t->n[ANSWERS] * AMPLIFIED_SHARE)
		detect_raise(d, t, RULE_AMPLIFIER, DETECT_UDP,
		    (struct event_numbers){ .n = t->n[LARGE], .m = ratio });
}

void
detect_flood_answer(struct detect *d, const struct detect_note *n)
{
	d->second.answers++;
	if (flood_large(n->p->sport) != 0)
		flood_note_amplified(d, n);
}
