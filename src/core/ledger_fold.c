/* Folding: adds the pending counts of flows to hosts, ports, protocols and directions. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"

/* Flows per batch: their memory is prefetched together. */
#define FOLD_BATCH 16

#define NS_PER_S UINT64_C(1000000000)

static const struct addr *
fold_end_addr(const struct flow *f, int end)
{
	return end == 0 ? &f->key.a : &f->key.b;
}

/* All ends without an address are one host. */
static uint8_t
fold_end_kind(const struct flow *f, int end)
{
	return addr_is_present(f->key.kind, fold_end_addr(f, end)) ? f->key.kind : ADDR_NONE;
}

/* contexts_host_id() explains which hosts of the same address are separate. */
static ATTR_INLINE struct host_key
fold_host_key(struct ledger *l, const struct flow *f, int end)
{
	struct host_key k = { .addr = fold_end_addr(f, end), .kind = fold_end_kind(f, end) };

	if (UNLIKELY((f->bits & FLOW_HAS_CONTEXT) | f->key.domain))
		k.context = contexts_host_id(
		    &l->contexts, k.addr, k.kind, f->context[end ^ f->first_sender], f->key.domain);
	return k;
}

static ATTR_INLINE void
fold_prefetch_host(const struct host *h, enum traffic_class class)
{
	PREFETCH_WRITE(h);
	PREFETCH_WRITE(&h->meter[class]);
	PREFETCH_WRITE(&h->meter[class].interval);
}

void
flow_prefetch_ends(struct ledger *l, const struct flow *f, struct flow_ends *e)
{
	struct hosts *hs = &l->hosts;

	e->score_time = packet_time_score(&l->packet_time, f->source, f->last);
	for (int end = 0; end < 2; end++) {
		struct host_key k = fold_host_key(l, f, end);

		e->need_hash[end] = !hosts_row_matches(hs, f->host[end], &k);
		if (e->need_hash[end]) {
			e->hash[end] = hosts_hash(hs, &k);
			index_prefetch(&hs->table.index, e->hash[end]);
		} else {
			fold_prefetch_host(
			    &hs->row[f->host[end]], traffic_class_of(f->key.kind, f->key.proto));
		}
	}
}

void
flow_prefetch_hosts(const struct ledger *l, const struct flow *f, const struct flow_ends *e)
{
	const struct hosts *hs = &l->hosts;

	for (int end = 0; end < 2; end++) {
		uint32_t row =
		    e->need_hash[end] ? index_guess(&hs->table.index, e->hash[end]) : INDEX_NONE;

		if (row != INDEX_NONE)
			fold_prefetch_host(
			    &hs->row[row], traffic_class_of(f->key.kind, f->key.proto));
	}
}

/* Tries the last known row first, then the hash. */
static struct host *
fold_get_host(struct ledger *l, struct flow *f, int end, const struct flow_ends *e)
{
	struct host_key k = fold_host_key(l, f, end);
	struct hosts *hs = &l->hosts;
	uint32_t hash;

	if (!hosts_row_matches(hs, f->host[end], &k)) {
		hash = e->need_hash[end] ? e->hash[end] : hosts_hash(hs, &k);
		f->host[end] = hosts_get(hs, hash, &k, &l->intervals, e->score_time);
	}
	return &hs->row[f->host[end]];
}

/* The ends of a single flow, without prefetching. */
static struct flow_ends
fold_flow_ends(const struct ledger *l, const struct flow *f)
{
	return (struct flow_ends){ .score_time =
				       packet_time_score(&l->packet_time, f->source, f->last) };
}

struct host *
flow_get_host(struct ledger *l, struct flow *f, int end)
{
	struct flow_ends ends = fold_flow_ends(l, f);

	return fold_get_host(l, f, end, &ends);
}

static void
fold_note_rtt(struct host *h, const struct flow *f)
{
	uint32_t us;

	if (flow_rtt(f, &us))
		host_note_rtt(h, us);
}

/* Adds new traffic of a host to its network and its places. */
static void
fold_groups_of_host(struct ledger *l, struct host *h, const struct network_delta *m)
{
	uint32_t row = (uint32_t)(h - l->hosts.row);

	if (row < l->networks.n_added)
		networks_count_host(&l->networks, h, m, &l->intervals);
	if (l->places != NULL)
		place_table_count_host(&l->place_table, l->places, row, h, m, &l->intervals);
}

static void
fold_host(struct ledger *l, struct flow *f, int end, const struct flow_ends *e, bool fresh)
{
	struct host *h = fold_get_host(l, f, end, e);
	enum traffic_class class = traffic_class_of(f->key.kind, f->key.proto);
	struct meter *m = host_meter(h, class, &l->intervals);
	struct tally out = flow_pending(f, end), in = flow_pending(f, !end);
	bool met = h->has_traffic;

	h->has_traffic = true;
	if (!met) {
		h->first = f->first;
		h->local = (f->bits & (end == 0 ? FLOW_A_LOCAL : FLOW_B_LOCAL)) != 0;
	}
	if (f->first < h->first)
		h->first = f->first;
	if (f->last > h->last)
		h->last = f->last;
	if (e->score_time > h->score_time)
		h->score_time = e->score_time;
	h->flows += fresh;
	if (class == CLASS_TCP)
		fold_note_rtt(h, f);
	meter_add(m, 0, out.packets, out.bytes);
	meter_add(m, 1, in.packets, in.bytes);
	peak_add(&h->peak, &l->intervals, out.bytes + in.bytes);
	fold_groups_of_host(l, h,
	    &(struct network_delta){
		.class = class,
		.out = out,
		.in = in,
		.last = f->last,
		.new_host = !met,
		.new_flow = fresh,
	    });
}

static void
fold_port(struct ledger *l, struct flow *f, const struct flow_ends *e, bool fresh)
{
	bool is_ip = f->key.kind == ADDR_IP4 || f->key.kind == ADDR_IP6;
	struct port_key key = {
		.proto = f->key.proto,
		.port = flow_service_port(f),
		.kind = is_ip ? ADDR_IP4 : f->key.kind,
		.has_port = flow_has_ports(f),
	};
	struct port *p = ports_get(&l->ports, &key, &f->port, &l->intervals, e->score_time);
	int to = f->server_end == 0; /* the direction towards the server */

	if (f->last > p->last)
		p->last = f->last;
	if (e->score_time > p->score_time)
		p->score_time = e->score_time;
	p->flows += fresh;
	meter_advance(&p->meter, &l->intervals);
	meter_add(&p->meter, 0, f->pending_packets[to], f->pending_bytes[to]);
	meter_add(&p->meter, 1, f->pending_packets[!to], f->pending_bytes[!to]);
}

static void
fold_tables(struct ledger *l, struct flow *f, const struct flow_ends *e)
{
	bool fresh = !(f->bits & FLOW_FOLDED);

	fold_host(l, f, 0, e, fresh);
	fold_host(l, f, 1, e, fresh && !addr_equal(&f->key.a, &f->key.b));
	fold_port(l, f, e, fresh);
	flow_use_count(l, f);
	if (l->processes.enabled)
		processes_fold(l, f, fresh, e->score_time);
	if (UNLIKELY(l->pairs.enabled))
		pairs_fold(l, f, e->score_time);
	if (f->has_wait)
		flow_wait_fold(l, f);
}

static bool
fold_is_clean(const struct flow *f)
{
	return flow_pending_packets(f) == 0;
}

static void
fold_flow(struct ledger *l, struct flow *f, const struct flow_ends *e)
{
	struct tally sum;

	if (fold_is_clean(f))
		return;
	if (UNLIKELY(l->pairs.enabled))
		pairs_add_flow(l, f);
	flow_use_update(l, f);
	meter_advance(&f->meter, &l->intervals);
	for (int way = 0; way < 2; way++)
		meter_add(&f->meter, way, f->pending_packets[way], f->pending_bytes[way]);
	fold_tables(l, f, e);
	memset(f->pending_packets, 0, sizeof(f->pending_packets));
	memset(f->pending_bytes, 0, sizeof(f->pending_bytes));
	f->bits |= FLOW_FOLDED;
	sum = meter_sum(&f->meter);
	f->log2_packets = lru_log2(sum.packets);
	f->log2_bytes = lru_log2(sum.bytes);
	if (f->log2_packets > FLOW_YOUNG_LOG2)
		f->bits |= FLOW_GROWN;
}

/* Discards the eviction candidates: they were chosen by pending counts that change now. */
static void
fold_reset_candidates(struct flows *fs)
{
	fs->n_candidates = fs->next_candidate = 0;
}

void
flow_fold(struct ledger *l, struct flow *f)
{
	struct flow_ends ends = fold_flow_ends(l, f);

	fold_reset_candidates(&l->flows);
	fold_flow(l, f, &ends);
}

/* Pending counts go directly to "(other)": most flows of a flood never used their own meter. */
void
flow_fold_evicted(struct ledger *l, struct flow *f, const struct flow_ends *e)
{
	const struct tally moved[2] = { flow_pending(f, 0), flow_pending(f, 1) };
	struct flows *fs = &l->flows;

	if (UNLIKELY(l->pairs.enabled) && !flow_is_new(f))
		pairs_add_flow(l, f);
	if (!fold_is_clean(f)) {
		flow_use_update(l, f);
		overflow_meter_add(&fs->other, &fs->other_sums, &l->intervals, moved);
		fold_tables(l, f, e);
	}
	if (f->bits & FLOW_FOLDED) {
		overflow_meter_add_meter(&fs->other, &fs->other_sums, &l->intervals, &f->meter);
		meter_clear(&f->meter);
	}
	baseline_evict_flow(l->baseline, f);
	if (f->key.proto == 6)
		memset(f->tcp, 0, sizeof(f->tcp));
}

/* Updates the meters of totals at the end of an interval. */
static void
fold_totals(struct ledger *l)
{
	proto_tree_fold(&l->proto_tree, &l->intervals);
	tcp_stats_fold(&l->tcp_stats, &l->intervals);
	for (int w = 0; w < SERIES_WAYS; w++)
		meter_set_total(&l->way[w], &l->intervals, 0, &l->way_total[w]);
	for (unsigned i = 0; i < l->n_sources; i++)
		meter_set_total(&l->source[i].meter, &l->intervals, 0, &l->source[i].totals.all);
}

/* Swaps the list of dirty flows with the empty one; the old one is folded. */
static void
fold_take_dirty_list(struct ledger *l)
{
	uint32_t *list = l->flows.dirty;

	l->flows.dirty = l->fold_rows;
	l->fold_rows = list;
	l->n_fold_rows = l->flows.n_dirty;
	l->n_folded = 0;
	l->flows.n_dirty = 0;
}

static ATTR_INLINE void
fold_prefetch_flow(const struct flow *f)
{
	PREFETCH_WRITE(f);
	PREFETCH_WRITE(&f->end);
	PREFETCH_WRITE(&f->first);
	PREFETCH_WRITE(&f->meter);
	PREFETCH_WRITE(&f->meter.interval);
}

/* Folds a batch: first prefetches what each flow needs, then folds them. */
static void
fold_batch(struct ledger *l, const uint32_t *rows, uint32_t n)
{
	struct flow_ends ends[FOLD_BATCH];
	struct flow *row = l->flows.row;

	for (uint32_t i = 0; i < n; i++)
		flow_prefetch_ends(l, &row[rows[i]], &ends[i]);
	for (uint32_t i = 0; i < n; i++)
		flow_prefetch_hosts(l, &row[rows[i]], &ends[i]);
	for (uint32_t i = 0; i < n; i++) {
		row[rows[i]].bits &= (uint16_t)~FLOW_DIRTY;
		fold_flow(l, &row[rows[i]], &ends[i]);
	}
}

static void
fold_dirty_flows(struct ledger *l, uint32_t end)
{
	fold_reset_candidates(&l->flows);
	while (l->n_folded < end) {
		const uint32_t *list = &l->fold_rows[l->n_folded];
		uint32_t n = end - l->n_folded < FOLD_BATCH ? end - l->n_folded : FOLD_BATCH;
		uint32_t further = l->n_fold_rows - l->n_folded - n;

		for (uint32_t i = 0; i < FOLD_BATCH && i < further; i++)
			fold_prefetch_flow(&l->flows.row[list[n + i]]);
		fold_batch(l, list, n);
		l->n_folded += n;
	}
}

bool
ledger_apply_local(struct ledger *l, unsigned steps)
{
	for (; steps > 0 && l->n_flows_to_locate > 0; steps--)
		flow_set_local(l, &l->flows.row[--l->n_flows_to_locate]);
	for (; steps > 0 && l->n_hosts_to_locate > 0; steps--)
		host_set_local(l, &l->hosts.row[--l->n_hosts_to_locate]);
	return l->n_flows_to_locate > 0 || l->n_hosts_to_locate > 0;
}

void
ledger_tick(struct ledger *l, uint64_t now)
{
	while (l->is_folding)
		ledger_fold(l, UINT32_MAX);
	fold_take_dirty_list(l);
	l->tick_at = now;
	l->is_folding = true;
	if (l->started == 0 || (l->now == 0 && l->started > now))
		l->started = now;
	fold_totals(l);
	packet_time_tick(&l->packet_time, now);
	if (!series_is_empty(&l->series))
		series_advance(&l->series, l->packet_time.now / NS_PER_S);
	if (l->packet_time.is_live)
		burst_advance(&l->burst, l->packet_time.now);
	else
		burst_finish(&l->burst);
}

/* Adds hosts to the networks.  Returns true while there are more. */
static bool
fold_fill_networks(struct ledger *l, unsigned steps)
{
	struct networks *ns = &l->networks;

	if (!ns->enabled || ns->n_added == NETWORKS_ALL)
		return false;
	for (; steps > 0 && ns->n_added < l->hosts.table.used; steps--)
		networks_add_host(ns, &l->hosts.row[ns->n_added], &l->intervals);
	if (ns->n_added < l->hosts.table.used)
		return true;
	ns->n_added = NETWORKS_ALL;
	return false;
}

/* Updates the prefix level of each host.  Returns true while there is more to do. */
static bool
fold_step_rollup(struct ledger *l, unsigned steps)
{
	struct networks *ns = &l->networks;
	bool changed;

	if (!l->rollup.busy)
		return false;
	if (rollup_step(
		&l->rollup, &l->hosts, &l->intervals, l->packet_time.is_live, steps, &changed))
		return true;
	if (changed && ns->enabled && ns->bits4 == NETWORKS_AUTO)
		networks_start(ns, NETWORKS_AUTO, NETWORKS_AUTO, &l->hosts.other, &l->intervals);
	return ns->n_added != NETWORKS_ALL;
}

bool
ledger_fold(struct ledger *l, unsigned steps)
{
	uint64_t since;

	if (ledger_apply_local(l, steps) || fold_step_rollup(l, steps) ||
	    fold_fill_networks(l, steps) || pairs_fill(l, steps))
		return true;
	if (!l->is_folding)
		return false;
	fold_dirty_flows(
	    l, l->n_fold_rows - l->n_folded > steps ? l->n_folded + steps : l->n_fold_rows);
	if (l->n_folded < l->n_fold_rows)
		return true;
	l->is_folding = false;
	if (l->is_flushing) {
		l->is_flushing = false;
		return false;
	}
	since = l->now != 0 ? l->now : l->started;
	l->interval_ns = l->tick_at > since ? l->tick_at - since : 0;
	l->now = l->tick_at;
	intervals_advance(&l->intervals, l->interval_ns);
	dns_table_expire(&l->dns, &l->intervals, l->packet_time.now);
	detect_tick(l->detect, l);
	return false;
}

void
ledger_flush_begin(struct ledger *l)
{
	while (ledger_fold(l, UINT32_MAX))
		;
	fold_take_dirty_list(l);
	l->is_folding = l->is_flushing = true;
	fold_totals(l);
}

void
ledger_flush(struct ledger *l)
{
	ledger_flush_begin(l);
	while (ledger_fold(l, UINT32_MAX))
		;
}

uint64_t
ledger_flush_rows(const struct ledger *l)
{
	const struct networks *ns = &l->networks;
	uint64_t rows = (uint64_t)l->flows.n_dirty + l->n_flows_to_locate + l->n_hosts_to_locate;

	if (l->is_folding)
		rows += l->n_fold_rows - l->n_folded;
	if (l->rollup.busy || (ns->enabled && ns->n_added != NETWORKS_ALL))
		rows += l->hosts.table.used;
	return rows;
}
