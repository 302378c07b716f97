/* Pairs of hosts. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/flow.h"
#include "core/ledger.h"
#include "util/alloc.h"

#define PAIRS_FILLED UINT32_MAX /* n_filled: all flows, and all future ones */

static void
pairs_start_empty(struct pairs *ps)
{
	ps->of_flow = pages_new(ps->flows * sizeof(*ps->of_flow));
	ps->other = (struct pair){ .other = true };
	ps->other_sums = (struct overflow_sums){ 0 };
}

void
pairs_init(struct pairs *ps, const struct table_room *room)
{
	memset(ps, 0, sizeof(*ps));
	ps->row = table_init(&ps->table, sizeof(*ps->row), room->max, room->most, room->key);
	ps->flows = room->rows;
	pairs_start_empty(ps);
}

void
pairs_fini(struct pairs *ps)
{
	table_fini(&ps->table);
	pages_del(ps->of_flow);
}

size_t
pairs_memory(uint32_t max)
{
	return table_memory(sizeof(struct pair), max);
}

void
pairs_clear(struct pairs *ps)
{
	uint32_t used = ps->table.used;

	ps->row = table_clear(&ps->table);
	table_clear_index(&ps->table);
	pages_del(ps->of_flow);
	pairs_start_empty(ps);
	ps->n_filled = PAIRS_FILLED;
	baseline_reset_table(ps->baseline, ps->other.meter, ps->row->meter, used);
}

/* Evicted flows are in no pair. */
void
pairs_start(struct ledger *l)
{
	struct pairs *ps = &l->pairs;

	pairs_clear(ps);
	ps->enabled = true;
	ps->n_filled = 0;
	overflow_meter_add_meter(
	    &ps->other.meter[0], &ps->other_sums, &l->intervals, &l->flows.other);
	baseline_add(ps->baseline, &l->flows.other, &ps->other.meter[0], 1);
	ps->other.flows = l->flows.table.evicted;
}

void
pairs_stop(struct pairs *ps)
{
	ps->enabled = false;
}

static uint32_t
pairs_lru_score(const void *table, uint32_t row)
{
	const struct pair *p = &((const struct pairs *)table)->row[row];
	uint64_t packets = 0;

	for (int c = 0; c < CLASSES; c++)
		packets += meter_sum(&p->meter[c]).packets;
	return lru_score(p->score_time, lru_log2(packets));
}

static uint32_t
pairs_evict(struct pairs *ps, const struct intervals *b)
{
	uint32_t row = table_evict(&ps->table, ps, pairs_lru_score);
	const struct pair *p = &ps->row[row];

	for (int c = 0; c < CLASSES; c++) {
		overflow_meter_add_meter(&ps->other.meter[0], &ps->other_sums, b, &p->meter[c]);
		baseline_move(ps->baseline, &p->meter[c], &ps->other.meter[0], 1);
	}
	baseline_forget(ps->baseline, &p->meter[PAIR_RETRANSMISSIONS]);
	ps->other.flows += p->flows;
	return row;
}

static bool
pair_is_of(const struct pair *p, const struct flow *f)
{
	const struct flowkey *k = &f->key;

	return p->kind == k->kind &&
	    ((addr_equal(&p->end[0], &k->a) && addr_equal(&p->end[1], &k->b)) ||
		(addr_equal(&p->end[0], &k->b) && addr_equal(&p->end[1], &k->a)));
}

/* True if the initiator of f is the second host. */
static bool
pair_is_turned(const struct pair *p, const struct flow *f)
{
	return !addr_equal(&p->end[0], &f->key.a);
}

/* The same for both orders of the ends. */
static uint32_t
pairs_hash(const struct pairs *ps, const struct flowkey *k)
{
	bool straight = addr_compare(&k->a, &k->b) <= 0;
	const struct addr *x = straight ? &k->a : &k->b, *y = straight ? &k->b : &k->a;
	const uint64_t words[5] = { x->w[0], x->w[1], y->w[0], y->w[1], k->kind };

	return hash_pairs(&ps->table.key, words, 5);
}

static uint32_t
pairs_add_row(struct pairs *ps, uint32_t hash, const struct flow *f, const struct intervals *b)
{
	uint32_t row = table_has_room(&ps->table) ? ps->table.used++ : pairs_evict(ps, b);
	unsigned local = f->bits & (FLOW_A_LOCAL | FLOW_B_LOCAL);
	bool turn = local == FLOW_B_LOCAL;

	ps->row[row] =
	    (struct pair){ .end = { turn ? f->key.b : f->key.a, turn ? f->key.a : f->key.b },
		    .first = f->first,
		    .kind = f->key.kind,
		    .one_local = local == FLOW_A_LOCAL || local == FLOW_B_LOCAL };
	table_put(&ps->table, row, hash, lru_score(0, 0));
	return row;
}

static uint32_t
pairs_get_row(struct pairs *ps, const struct flow *f, const struct intervals *b)
{
	uint32_t hash = pairs_hash(ps, &f->key);

	INDEX_EACH (&ps->table.index, hash, row)
		if (pair_is_of(&ps->row[row], f))
			return row;
	return pairs_add_row(ps, hash, f, b);
}

/* The pair of a flow, whose last row may belong to another one by now. */
static struct pair *
pairs_get(struct ledger *l, const struct flow *f, struct pair_flow *pf)
{
	struct pairs *ps = &l->pairs;

	if (pf->added && pf->row < ps->table.used && pair_is_of(&ps->row[pf->row], f))
		return &ps->row[pf->row];
	pf->row = pairs_get_row(ps, f, &l->intervals);
	ps->row[pf->row].flows++;
	return &ps->row[pf->row];
}

/* Adds what the flow has more of since the last time. */
static void
pair_note_tcp(struct pair *p, struct pair_flow *pf, const struct flow *f, const struct intervals *b)
{
	uint32_t all = (uint32_t)flow_retransmissions(f), us;
	struct meter *m = &p->meter[PAIR_RETRANSMISSIONS];

	if (all != pf->retransmissions) {
		meter_advance(m, b);
		meter_add(m, 0, all - pf->retransmissions, 0);
		pf->retransmissions = all;
	}
	if (flow_rtt(f, &us)) {
		p->rtt = p->has_rtt ? p->rtt - p->rtt / 8 + us / 8 : us;
		p->has_rtt = true;
	}
}

static void
pair_note_flow(struct pair *p, const struct flow *f, uint32_t score_time)
{
	p->first = f->first < p->first ? f->first : p->first;
	p->last = f->last > p->last ? f->last : p->last;
	p->score_time = score_time > p->score_time ? score_time : p->score_time;
}

/* What the flow had at the baseline. */
static void
pairs_add_to_baseline(
    struct pairs *ps, const struct pair *p, const struct flow *f, enum traffic_class class)
{
	const struct tally *was = baseline_of(ps->baseline, &f->meter);
	bool turned = pair_is_turned(p, f);
	struct baseline_tcp tcp = baseline_tcp(ps->baseline, f);

	baseline_add_tallies(
	    ps->baseline, &p->meter[class], (struct tally[2]){ was[turned], was[!turned] });
	baseline_add_tallies(ps->baseline, &p->meter[PAIR_RETRANSMISSIONS],
	    (struct tally[2]){
		{ (uint64_t)tcp.end[0].retransmissions + tcp.end[1].retransmissions, 0 } });
}

void
pairs_add_flow(struct ledger *l, const struct flow *f)
{
	struct pair_flow *pf = &l->pairs.of_flow[f - l->flows.row];
	enum traffic_class class = traffic_class_of(f->key.kind, f->key.proto);
	struct meter m = f->meter;
	struct pair *p;

	assert(l->pairs.enabled);
	if (pf->added && pf->generation == f->generation)
		return;
	*pf = (struct pair_flow){ .generation = f->generation };
	p = pairs_get(l, f, pf);
	pf->added = true;
	if (pair_is_turned(p, f))
		meter_swap_ways(&m);
	meter_add_meter(&p->meter[class], &l->intervals, &m);
	if (class == CLASS_TCP)
		pair_note_tcp(p, pf, f, &l->intervals);
	pair_note_flow(p, f, packet_time_score(&l->packet_time, f->source, f->last));
	if (l->baseline != NULL)
		pairs_add_to_baseline(&l->pairs, p, f, class);
}

void
pairs_fold(struct ledger *l, const struct flow *f, uint32_t score_time)
{
	struct pair_flow *pf = &l->pairs.of_flow[f - l->flows.row];
	struct pair *p = pairs_get(l, f, pf);
	enum traffic_class class = traffic_class_of(f->key.kind, f->key.proto);
	bool turned = pair_is_turned(p, f);
	struct tally out = flow_pending(f, turned), in = flow_pending(f, !turned);

	meter_advance(&p->meter[class], &l->intervals);
	meter_add(&p->meter[class], 0, out.packets, out.bytes);
	meter_add(&p->meter[class], 1, in.packets, in.bytes);
	peak_add(&p->peak, &l->intervals, out.bytes + in.bytes);
	if (class == CLASS_TCP)
		pair_note_tcp(p, pf, f, &l->intervals);
	pair_note_flow(p, f, score_time);
}

/* A flow that is not folded yet is added when it is. */
bool
pairs_fill(struct ledger *l, unsigned steps)
{
	struct pairs *ps = &l->pairs;

	if (!ps->enabled || ps->n_filled == PAIRS_FILLED)
		return false;
	for (; steps > 0 && ps->n_filled < l->flows.table.used; steps--, ps->n_filled++)
		if (l->flows.row[ps->n_filled].bits & FLOW_FOLDED)
			pairs_add_flow(l, &l->flows.row[ps->n_filled]);
	if (ps->n_filled < l->flows.table.used)
		return true;
	ps->n_filled = PAIRS_FILLED;
	return false;
}

unsigned
pairs_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->pairs, l->pairs.row, meter[0], PAIR_METERS);
	of[0].other = l->pairs.other.meter;
	of[0].owner = &l->pairs.baseline;
	return 1;
}
