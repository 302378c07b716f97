#include "config.h"

#include "core/dns.h"

#include <string.h>

#include "core/baseline.h"
#include "core/private.h"
#include "util/alloc.h"

#define CUT_MARK "..."
#define SERVFAIL 2 /* RFC 1035, 4.1.1 */
#define NXDOMAIN 3

/* A message, with what it is counted for. */
struct dns_message {
	const struct pkt *p;
	const struct pkt_question *q;
	const struct intervals *intervals;
	struct dns_key key[DNS_GROUPS];
	struct dns_end resolver, client;
	uint64_t now;
	uint32_t peer[DNS_PEERS]; /* hashes */
	uint32_t seen;
};

uint32_t
distinct_count(const struct distinct *d)
{
	uint32_t n = d->n;

	if (n > DISTINCT_EXACT)
		n = sketch_count(&d->sketch);
	return n > d->n ? n : d->n;
}

static void
distinct_add(struct distinct *d, uint32_t hash)
{
	struct sketch all = { { 0 } };

	if (d->n > DISTINCT_EXACT) {
		(void)sketch_add(&d->sketch, hash);
		return;
	}
	for (unsigned i = 0; i < d->n; i++)
		if (d->hash[i] == hash)
			return;
	if (d->n < DISTINCT_EXACT) {
		d->hash[d->n++] = hash;
		return;
	}
	for (unsigned i = 0; i < d->n; i++)
		(void)sketch_add(&all, d->hash[i]);
	(void)sketch_add(&all, hash);
	d->sketch = all;
	d->n++;
}

/* A hash that is the same in each run, so that estimates of a file are. */
static uint32_t
distinct_hash(uint64_t x, uint64_t y)
{
	x ^= y * UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(x ^ x >> 31);
}

void
distinct_add_addr(struct distinct *d, const struct addr *a)
{
	distinct_add(d, distinct_hash(a->w[0], a->w[1]));
}

static void
dns_table_start(struct dns_table *t)
{
	for (unsigned g = 0; g < DNS_GROUPS; g++)
		t->other[g] = (struct dns_row){ .key.group = (uint8_t)g, .other = true };
	t->n_opened = t->n_expired = 0;
}

void
dns_table_init(struct dns_table *t, const struct table_room *room)
{
	t->hashkey = *room->key;
	t->row = table_init(&t->table, sizeof(*t->row), room->max, room->most, room->key);
	t->open = table_init(&t->open_table, sizeof(*t->open), DNS_OPEN, DNS_OPEN, room->key);
	dns_table_start(t);
}

void
dns_table_fini(struct dns_table *t)
{
	table_fini(&t->table);
	table_fini(&t->open_table);
}

void
dns_table_clear(struct dns_table *t)
{
	t->row = table_clear(&t->table);
	table_clear_index(&t->table);
	t->open = table_clear(&t->open_table);
	table_clear_index(&t->open_table);
	dns_table_start(t);
}

size_t
dns_table_memory(uint32_t max)
{
	return table_memory(sizeof(struct dns_row), max);
}

static uint32_t
dns_table_lru_score(const void *table, uint32_t row)
{
	const struct dns_row *r = &((const struct dns_table *)table)->row[row];

	return lru_score(r->score_time, lru_log2(meter_sum(&r->meter[0]).packets));
}

static uint32_t
dns_table_evict(struct dns_table *t, const struct intervals *b)
{
	uint32_t row = table_evict(&t->table, t, dns_table_lru_score);
	struct dns_row *r = &t->row[row], *other = &t->other[r->key.group];

	for (unsigned i = 0; i < DNS_METERS; i++)
		meter_add_meter(&other->meter[i], b, &r->meter[i]);
	baseline_move(t->baseline, r->meter, other->meter, DNS_METERS);
	return row;
}

static bool
dns_table_is_key(const struct dns_key *x, const struct dns_key *y)
{
	return addr_equal(&x->end.addr, &y->end.addr) && x->end.kind == y->end.kind &&
	    x->group == y->group;
}

/* Of a name that is too long, the end: its domain says most. */
static void
dns_table_set_name(struct dns_row *r, const struct pkt_question *q)
{
	const char *name = q->name + (r->key.group == DNS_BY_DOMAIN ? q->domain_at : 0);
	size_t n = strlen(name), domain = strlen(q->name + q->domain_at), mark = 0;

	if (n >= DNS_NAME) {
		mark = strlen(CUT_MARK);
		memcpy(r->name, CUT_MARK, mark);
		name += n - (DNS_NAME - 1 - mark);
		n = DNS_NAME - 1;
	}
	strlcpy(r->name + mark, name, sizeof(r->name) - mark);
	r->domain_at = (uint8_t)(n > domain ? n - domain : 0);
}

static uint32_t
dns_table_find(const struct dns_table *t, uint32_t hash, const struct dns_key *k)
{
	INDEX_EACH (&t->table.index, hash, row)
		if (dns_table_is_key(&t->row[row].key, k))
			return row;
	return INDEX_NONE;
}

static uint32_t
dns_table_get(struct dns_table *t, const struct dns_message *m, enum dns_group group)
{
	const struct dns_key *k = &m->key[group];
	const uint64_t words[] = { k->end.addr.w[0], k->end.addr.w[1],
		(uint64_t)k->end.kind << 8 | k->group };
	uint32_t hash = hash_pairs(&t->table.key, words, NITEMS(words));
	uint32_t row = dns_table_find(t, hash, k);

	if (row != INDEX_NONE)
		return row;
	row = table_has_room(&t->table) ? t->table.used++ : dns_table_evict(t, m->intervals);
	t->row[row] = (struct dns_row){ .key = *k, .generation = (uint32_t)t->table.evicted };
	table_put(&t->table, row, hash, lru_score(m->seen, 0));
	return row;
}

static void
dns_table_add(struct dns_row *r, const struct intervals *b, enum dns_count what, uint32_t bytes)
{
	struct meter *m = &r->meter[what / 2];

	meter_advance(m, b);
	meter_add(m, what % 2, 1, bytes);
}

/* Hashes stand for the name: one that nobody can foresee, after one that is the same in each run
 * and so sorts rows. */
static struct dns_key
dns_table_name_key(const struct dns_table *t, enum dns_group group, const char *name)
{
	static const struct hashkey unkeyed;
	size_t n = strlen(name);

	return (struct dns_key){
		.end.addr.w = { hash_bytes(&unkeyed, name, n), hash_bytes(&t->hashkey, name, n) },
		.group = (uint8_t)group,
	};
}

static struct dns_message
dns_table_read(const struct dns_table *t, const struct pkt *p)
{
	const struct pkt_question *q = &p->meta->question;
	const struct dns_end ends[2] = { { p->src, p->kind }, { p->dst, p->kind } };
	struct dns_message m = { .p = p,
		.q = q,
		.resolver = ends[!q->is_answer],
		.client = ends[q->is_answer],
		.key[DNS_BY_NAME] = dns_table_name_key(t, DNS_BY_NAME, q->name),
		.key[DNS_BY_DOMAIN] =
		    dns_table_name_key(t, DNS_BY_DOMAIN, q->name + q->domain_at) };

	m.key[DNS_BY_RESOLVER] = (struct dns_key){ m.resolver, DNS_BY_RESOLVER };
	m.key[DNS_BY_CLIENT] = (struct dns_key){ m.client, DNS_BY_CLIENT };
	m.peer[DNS_NAMES] = distinct_hash(q->hash, q->domain_hash);
	m.peer[DNS_RESOLVERS] = distinct_hash(m.resolver.addr.w[0], m.resolver.addr.w[1]);
	m.peer[DNS_CLIENTS] = distinct_hash(m.client.addr.w[0], m.client.addr.w[1]);
	return m;
}

/* The hash of what a query and its answer have in common. */
static uint64_t
dns_table_open_key(const struct dns_table *t, const struct dns_message *m)
{
	const struct pkt *p = m->p;
	uint16_t port = m->q->is_answer ? p->dport : p->sport;
	const uint64_t words[] = { m->client.addr.w[0], m->client.addr.w[1], m->resolver.addr.w[0],
		m->resolver.addr.w[1], m->key[DNS_BY_NAME].end.addr.w[1],
		(uint64_t)p->proto << 32 | (uint64_t)port << 16 | m->q->id };

	return hash_words(&t->hashkey, words, NITEMS(words));
}

static struct dns_open *
dns_table_find_open(const struct dns_table *t, uint64_t key)
{
	INDEX_EACH (&t->open_table.index, (uint32_t)key, row)
		if (t->open[row].waits && t->open[row].key == key)
			return &t->open[row];
	return NULL;
}

/* A query that is repeated has been open since the first time. */
static void
dns_table_open(struct dns_table *t, const struct dns_message *m, const struct dns_rows *rows)
{
	uint64_t key = dns_table_open_key(t, m);

	if (dns_table_find_open(t, key) != NULL)
		return;
	if (t->n_opened - t->n_expired == DNS_OPEN)
		t->n_expired++;
	t->open[table_put_in_turn(&t->open_table, (uint32_t)key)] =
	    (struct dns_open){ .key = key, .at = m->now, .rows = *rows, .waits = true };
	t->n_opened++;
}

static struct dns_row *
dns_table_row_of(struct dns_table *t, const struct dns_rows *rows, unsigned group)
{
	struct dns_row *r = &t->row[rows->row[group]];

	return r->generation == rows->generation[group] ? r : &t->other[group];
}

static void
dns_table_answer(struct dns_table *t, const struct dns_message *m, const struct dns_rows *rows)
{
	struct dns_open *o = dns_table_find_open(t, dns_table_open_key(t, m));
	uint64_t us;

	if (o == NULL)
		return;
	o->waits = false;
	us = m->now > o->at ? (m->now - o->at) / 1000 : 0;
	for (unsigned g = 0; g < DNS_GROUPS; g++)
		wait_histogram_add(&dns_table_row_of(t, rows, g)->wait, (uint32_t)us, 1);
}

static enum dns_count
dns_table_kind(const struct pkt_question *q)
{
	if (!q->is_answer)
		return DNS_QUERIES;
	switch (q->rcode) {
	case 0:
		return DNS_ANSWERS;
	case SERVFAIL:
		return DNS_SERVFAIL;
	case NXDOMAIN:
		return DNS_NXDOMAIN;
	default:
		return DNS_ERRORS;
	}
}

static void
dns_table_count_row(struct dns_row *r, const struct dns_message *m)
{
	dns_table_add(r, m->intervals, dns_table_kind(m->q), m->p->len);
	for (unsigned i = 0; i < DNS_PEERS; i++)
		distinct_add(&r->peers[i], m->peer[i]);
	r->resolver = m->resolver;
	r->client = m->client;
	r->score_time = m->seen;
	r->last = m->p->ts;
	if (r->key.group >= DNS_BY_RESOLVER || r->name[0] == '\0')
		dns_table_set_name(r, m->q);
}

void
dns_table_count(struct dns_table *t, const struct pkt *p, const struct intervals *b, uint64_t now,
    uint32_t seen)
{
	struct dns_message m = dns_table_read(t, p);
	struct dns_rows rows;

	m.intervals = b;
	m.now = now;
	m.seen = seen;
	for (unsigned g = 0; g < DNS_GROUPS; g++) {
		rows.row[g] = dns_table_get(t, &m, (enum dns_group)g);
		rows.generation[g] = t->row[rows.row[g]].generation;
		dns_table_count_row(&t->row[rows.row[g]], &m);
	}
	if (m.q->is_answer)
		dns_table_answer(t, &m, &rows);
	else
		dns_table_open(t, &m, &rows);
}

void
dns_table_expire(struct dns_table *t, const struct intervals *b, uint64_t now)
{
	while (t->n_expired < t->n_opened) {
		struct dns_open *o = &t->open[t->n_expired % DNS_OPEN];

		if (o->waits && o->at + DNS_PATIENCE_NS > now)
			return;
		for (unsigned g = 0; o->waits && g < DNS_GROUPS; g++)
			dns_table_add(dns_table_row_of(t, &o->rows, g), b, DNS_UNANSWERED, 0);
		o->waits = false;
		t->n_expired++;
	}
}

unsigned
dns_table_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->dns, l->dns.row, meter[0], DNS_METERS);
	of[0].owner = &l->dns.baseline;
	of[1] = BASELINE_ALL_METERS(l->dns.other, DNS_GROUPS, meter[0], DNS_METERS);
	return 2;
}
