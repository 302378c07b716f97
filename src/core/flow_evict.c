/*
 * Evicting flows from a full table, as a pipeline: while one flow is evicted, another is chosen for
 * later, and the row of a possible one is prefetched.  So the memory that an eviction touches (row,
 * index, hosts) has time to arrive.
 */
#include "config.h"

#include "core/flow.h"
#include "core/flow_lookup.h"
#include "core/ledger.h"
#include "core/private.h"

/* How many evictions ahead the hosts are prefetched; their hashes were FLOWS_EVICT_AHEAD ahead. */
#define HOSTS_AHEAD 3

/* False only if its share is certainly too small: then its meter, which is not in the cache, need
 * not be read. */
static bool
flow_evict_may_be_heavy(const struct flow *f, const struct tally *all)
{
	struct tally most = flow_pending(f, 0);

	tally_add(&most, f->pending_packets[1], f->pending_bytes[1]);
	tally_add(&most, UINT64_C(2) << f->log2_packets, UINT64_C(2) << f->log2_bytes);
	return tally_heavy_bonus(&most, all) != 0;
}

static uint32_t
flow_evict_lru_score(const void *table, uint32_t row)
{
	const struct ledger *l = table;
	const struct flow *f = &l->flows.row[row];
	uint32_t score = flow_lru_score(f, packet_time_score(&l->packet_time, f->source, f->last));
	struct tally all, back;

	if (!flow_evict_may_be_heavy(f, &l->totals.all))
		return score;
	all = flow_tally(f, 0);
	back = flow_tally(f, 1);
	tally_add(&all, back.packets, back.bytes);
	return score + tally_heavy_bonus(&all, &l->totals.all);
}

static ATTR_INLINE void
flow_evict_prefetch(const struct flow *f)
{
	PREFETCH_WRITE(f);
	PREFETCH_WRITE(&f->first);
}

static void
flow_evict_choose(struct ledger *l, struct evict_candidate *x)
{
	struct flows *fs = &l->flows;

	x->row = lru_choose(&fs->table.lru, fs->table.used, l, flow_evict_lru_score);
	flow_evict_prefetch(&fs->row[lru_peek(&fs->table.lru, LRU_AHEAD - 1)]);
	x->packets = flow_pending_packets(&fs->row[x->row]);
	if (fs->row[x->row].bits & FLOW_FOLDED) {
		PREFETCH_WRITE(&fs->row[x->row].meter);
		PREFETCH_WRITE(&fs->row[x->row].meter.interval);
	}
	if (fs->row[x->row].key.proto == 6)
		PREFETCH_WRITE(&fs->row[x->row].end);
	PREFETCH_WRITE(&fs->use[x->row]);
	flow_watch_prefetch(l->watch, x->row);
	index_prefetch(&fs->table.index, fs->table.lru.entry[x->row].hash);
	flow_prefetch_ends(l, &fs->row[x->row], &x->ends);
}

static struct evict_candidate
flow_evict_next(struct ledger *l)
{
	struct flows *fs = &l->flows;
	struct evict_candidate *place = &fs->candidate[fs->next_candidate++ % FLOWS_EVICT_AHEAD], x;
	const struct evict_candidate *later;

	while (fs->n_candidates < FLOWS_EVICT_AHEAD)
		flow_evict_choose(l, &fs->candidate[fs->n_candidates++]);
	x = *place;
	flow_evict_choose(l, place);
	later = &fs->candidate[(fs->next_candidate + HOSTS_AHEAD) % FLOWS_EVICT_AHEAD];
	flow_prefetch_hosts(l, &fs->row[later->row], &later->ends);
	return x;
}

uint32_t
flows_evict_one(struct ledger *l)
{
	struct flows *fs = &l->flows;
	struct evict_candidate x;

	/* A flow with packets since it was chosen is kept. */
	do
		x = flow_evict_next(l);
	while (flow_pending_packets(&fs->row[x.row]) != x.packets);
	for (const struct flow_watch *w = l->watch; UNLIKELY(w != NULL); w = w->next)
		w->on_evict(w->arg, x.row);
	flow_fold_evicted(l, &fs->row[x.row], &x.ends);
	if (fs->row[x.row].context[0] != fs->row[x.row].context[1])
		index_remove(&fs->table.index, flow_reply_hash(fs, x.row), x.row);
	fs->table.evicted++;
	index_remove(&fs->table.index, fs->table.lru.entry[x.row].hash, x.row);
	return x.row;
}
