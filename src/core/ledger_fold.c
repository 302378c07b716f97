/* The derived tables: what moved in the flows is added to hosts, ports, paths and ways. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"

/* Flows that are folded together, so that what they touch is fetched for all of them at first. */
#define TOGETHER 16

#define NS_PER_S UINT64_C(1000000000)

static const struct addr *
address_of(const struct flow *f, int end)
{
	return end == 0 ? &f->key.a : &f->key.b;
}

/* All ends that no frame names are one host, which has no address. */
static uint8_t
kind_of(const struct flow *f, int end)
{
	return addr_is_present(f->key.kind, address_of(f, end)) ? f->key.kind : ADDR_NONE;
}

/* See contexts_of_host() for what tells hosts of the same address apart. */
static ATTR_INLINE struct host_key
flow_host_key(struct ledger *l, const struct flow *f, int end)
{
	struct host_key k = { .addr = address_of(f, end), .kind = kind_of(f, end) };

	if (UNLIKELY((f->bits & FLOW_TAGGED) | f->key.domain))
		k.context = contexts_of_host(
		    &l->contexts, k.addr, k.kind, f->context[end ^ f->began_at], f->key.domain);
	return k;
}

static ATTR_INLINE void
fetch_host(const struct host *h, enum traffic_class class)
{
	PREFETCH_WRITE(h);
	PREFETCH_WRITE(&h->meter[class]);
	PREFETCH_WRITE(&h->meter[class].interval);
}

void
flow_look_ahead(struct ledger *l, const struct flow *f, struct flow_ends *e)
{
	struct hosts *hs = &l->hosts;

	e->seen = clock_seen(&l->clock, f->source, f->last);
	for (int end = 0; end < 2; end++) {
		struct host_key k = flow_host_key(l, f, end);

		e->known[end] = !hosts_is_at(hs, f->host[end], &k);
		if (e->known[end]) {
			e->hash[end] = hosts_hash(hs, &k);
			index_prefetch(&hs->index, e->hash[end]);
		} else {
			fetch_host(&hs->row[f->host[end]], class_of(f->key.kind, f->key.proto));
		}
	}
}

/* Where the host was last time it may still be, else its hash finds it. */
static struct host *
get_host(struct ledger *l, struct flow *f, int end, const struct flow_ends *e)
{
	struct host_key k = flow_host_key(l, f, end);
	struct hosts *hs = &l->hosts;
	uint32_t hash;

	if (!hosts_is_at(hs, f->host[end], &k)) {
		hash = e->known[end] ? e->hash[end] : hosts_hash(hs, &k);
		f->host[end] = hosts_get(hs, hash, &k, &l->beats, e->seen);
	}
	return &hs->row[f->host[end]];
}

/* For one flow alone: nothing is fetched ahead. */
static struct flow_ends
ends_of(const struct ledger *l, const struct flow *f)
{
	return (struct flow_ends){ .seen = clock_seen(&l->clock, f->source, f->last) };
}

struct host *
flow_host(struct ledger *l, struct flow *f, int end)
{
	struct flow_ends ends = ends_of(l, f);

	return get_host(l, f, end, &ends);
}

static void
note_trip(struct host *h, const struct flow *f)
{
	uint32_t us;

	if (flow_round_trip(f, &us))
		host_note_trip(h, us);
}

static void
fold_host(struct ledger *l, struct flow *f, int end, const struct flow_ends *e, bool fresh)
{
	struct host *h = get_host(l, f, end, e);
	enum traffic_class class = class_of(f->key.kind, f->key.proto);
	struct meter *m = host_meter(h, class, &l->beats);
	struct tally out = flow_pending(f, end), in = flow_pending(f, !end);
	bool met = h->counted;

	h->counted = true;
	if (!met) {
		h->first = f->first;
		h->local = (f->bits & (end == 0 ? FLOW_A_LOCAL : FLOW_B_LOCAL)) != 0;
	}
	if (f->first < h->first)
		h->first = f->first;
	if (f->last > h->last)
		h->last = f->last;
	if (e->seen > h->seen)
		h->seen = e->seen;
	h->flows += fresh;
	if (class == CLASS_TCP)
		note_trip(h, f);
	meter_add(m, 0, out.packets, out.bytes);
	meter_add(m, 1, in.packets, in.bytes);
	peak_add(&h->peak, &l->beats, out.bytes + in.bytes);
	if ((uint32_t)(h - l->hosts.row) < l->networks.taken)
		networks_add(&l->networks, h,
		    &(struct network_move){
			.class = class,
			.out = out,
			.in = in,
			.last = f->last,
			.host = !met,
			.flow = fresh,
		    },
		    &l->beats);
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
	struct port *p = ports_get(&l->ports, &key, &f->port, &l->beats, e->seen);
	int to = f->service == 0; /* the way towards the service */

	if (f->last > p->last)
		p->last = f->last;
	if (e->seen > p->seen)
		p->seen = e->seen;
	p->flows += fresh;
	meter_turn(&p->meter, &l->beats);
	meter_add(&p->meter, 0, f->pending_packets[to], f->pending_bytes[to]);
	meter_add(&p->meter, 1, f->pending_packets[!to], f->pending_bytes[!to]);
}

static void
fold_tables(struct ledger *l, struct flow *f, const struct flow_ends *e)
{
	bool fresh = !(f->bits & FLOW_COUNTED);

	fold_host(l, f, 0, e, fresh);
	fold_host(l, f, 1, e, fresh && !addr_equal(&f->key.a, &f->key.b));
	fold_port(l, f, e, fresh);
}

static bool
is_settled(const struct flow *f)
{
	return flow_pending_packets(f) == 0;
}

static void
fold(struct ledger *l, struct flow *f, const struct flow_ends *e)
{
	if (is_settled(f))
		return;
	meter_turn(&f->meter, &l->beats);
	for (int way = 0; way < 2; way++)
		meter_add(&f->meter, way, f->pending_packets[way], f->pending_bytes[way]);
	fold_tables(l, f, e);
	memset(f->pending_packets, 0, sizeof(f->pending_packets));
	memset(f->pending_bytes, 0, sizeof(f->pending_bytes));
	f->bits |= FLOW_COUNTED;
	f->weight = claim_weight(meter_sum(&f->meter).packets);
	if (f->weight > FLOW_YOUNG_WEIGHT)
		f->bits |= FLOW_GROWN;
}

/* Flows that were chosen to leave by what was pending in them are to be chosen anew. */
static void
forget_leavers(struct flows *fs)
{
	fs->n_leaving = fs->left = 0;
}

void
flow_fold(struct ledger *l, struct flow *f)
{
	struct flow_ends ends = ends_of(l, f);

	forget_leavers(&l->flows);
	fold(l, f, &ends);
}

/* What is pending goes past the flow's own meter: of most flows of a flood that was never used. */
void
flow_leave(struct ledger *l, struct flow *f, const struct flow_ends *e)
{
	const struct tally moved[2] = { flow_pending(f, 0), flow_pending(f, 1) };
	struct flows *fs = &l->flows;

	if (!is_settled(f)) {
		other_add(&fs->other, &fs->other_sums, &l->beats, moved);
		fold_tables(l, f, e);
	}
	if (f->bits & FLOW_COUNTED) {
		other_merge(&fs->other, &fs->other_sums, &l->beats, &f->meter);
		meter_clear(&f->meter);
	}
	baseline_flow_leaves(l->baseline, f);
	if (f->key.proto == 6)
		memset(f->tcp, 0, sizeof(f->tcp));
}

/* What is always current goes into the meters of the interval that ends. */
static void
fold_arrays(struct ledger *l)
{
	paths_fold(&l->paths, &l->beats);
	tcpsum_fold(&l->tcp, &l->beats);
	for (int w = 0; w < SERIES_WAYS; w++)
		meter_reach(&l->way[w], &l->beats, 0, &l->way_now[w]);
	for (unsigned i = 0; i < l->n_sources; i++)
		meter_reach(&l->source[i].meter, &l->beats, 0, &l->source[i].totals.all);
}

/* The list of flows that moved becomes the one to fold, and a new one begins. */
static void
take_list(struct ledger *l)
{
	uint32_t *list = l->flows.moved;

	l->flows.moved = l->folding;
	l->folding = list;
	l->n_folding = l->flows.n_moved;
	l->folded = 0;
	l->flows.n_moved = 0;
}

static ATTR_INLINE void
fetch_flow(const struct flow *f)
{
	PREFETCH_WRITE(f);
	PREFETCH_WRITE(&f->end);
	PREFETCH_WRITE(&f->first);
	PREFETCH_WRITE(&f->meter);
	PREFETCH_WRITE(&f->meter.interval);
}

/* Some flows: their rows are fetched, then what folding each needs, then they are folded. */
static void
fold_together(struct ledger *l, const uint32_t *rows, uint32_t n)
{
	struct flow_ends ends[TOGETHER];
	struct flow *row = l->flows.row;

	for (uint32_t i = 0; i < n; i++)
		flow_look_ahead(l, &row[rows[i]], &ends[i]);
	for (uint32_t i = 0; i < n; i++) {
		row[rows[i]].bits &= (uint16_t)~FLOW_LISTED;
		fold(l, &row[rows[i]], &ends[i]);
	}
}

static void
fold_listed(struct ledger *l, uint32_t end)
{
	forget_leavers(&l->flows);
	while (l->folded < end) {
		const uint32_t *list = &l->folding[l->folded];
		uint32_t n = end - l->folded < TOGETHER ? end - l->folded : TOGETHER;
		uint32_t further = l->n_folding - l->folded - n;

		for (uint32_t i = 0; i < TOGETHER && i < further; i++)
			fetch_flow(&l->flows.row[list[n + i]]);
		fold_together(l, list, n);
		l->folded += n;
	}
}

bool
ledger_locate(struct ledger *l, unsigned steps)
{
	for (; steps > 0 && l->to_locate_flows > 0; steps--)
		flow_locate(l, &l->flows.row[--l->to_locate_flows]);
	for (; steps > 0 && l->to_locate_hosts > 0; steps--)
		host_locate(l, &l->hosts.row[--l->to_locate_hosts]);
	return l->to_locate_flows > 0 || l->to_locate_hosts > 0;
}

void
ledger_tick(struct ledger *l, uint64_t now)
{
	while (l->in_fold)
		ledger_fold(l, UINT32_MAX);
	take_list(l);
	l->tick_at = now;
	l->in_fold = true;
	if (l->started == 0 || (l->now == 0 && l->started > now))
		l->started = now;
	fold_arrays(l);
	clock_tick(&l->clock, now);
	if (!series_is_empty(&l->series))
		series_advance(&l->series, l->clock.now / NS_PER_S);
	if (l->clock.told)
		burst_reach(&l->burst, l->clock.now);
	else
		burst_settle(&l->burst);
}

/* Takes hosts into the networks.  True while there are more. */
static bool
take_hosts(struct ledger *l, unsigned steps)
{
	struct networks *ns = &l->networks;

	if (!ns->watched || ns->taken == NETWORKS_ALL)
		return false;
	for (; steps > 0 && ns->taken < l->hosts.used; steps--)
		networks_take(ns, &l->hosts.row[ns->taken], &l->beats);
	if (ns->taken < l->hosts.used)
		return true;
	ns->taken = NETWORKS_ALL;
	return false;
}

/* Looks which network each host is told under.  True while there is more. */
static bool
roll_hosts(struct ledger *l, unsigned steps)
{
	struct networks *ns = &l->networks;
	bool changed;

	if (!l->rollup.busy)
		return false;
	if (rollup_step(&l->rollup, &l->hosts, &l->beats, l->clock.told, steps, &changed))
		return true;
	if (changed && ns->watched && ns->bits4 == NETWORKS_AUTO)
		networks_watch(ns, NETWORKS_AUTO, NETWORKS_AUTO, &l->hosts.other, &l->beats);
	return ns->taken != NETWORKS_ALL;
}

bool
ledger_fold(struct ledger *l, unsigned steps)
{
	uint64_t since;

	if (ledger_locate(l, steps) || roll_hosts(l, steps) || take_hosts(l, steps))
		return true;
	if (!l->in_fold)
		return false;
	fold_listed(l, l->n_folding - l->folded > steps ? l->folded + steps : l->n_folding);
	if (l->folded < l->n_folding)
		return true;
	l->in_fold = false;
	if (l->settling) {
		l->settling = false;
		return false;
	}
	since = l->now != 0 ? l->now : l->started;
	l->closed_ns = l->tick_at > since ? l->tick_at - since : 0;
	l->now = l->tick_at;
	beats_close(&l->beats, l->closed_ns);
	return false;
}

void
ledger_settle_begin(struct ledger *l)
{
	while (ledger_fold(l, UINT32_MAX))
		;
	take_list(l);
	l->in_fold = l->settling = true;
	fold_arrays(l);
}

void
ledger_settle(struct ledger *l)
{
	ledger_settle_begin(l);
	while (ledger_fold(l, UINT32_MAX))
		;
}
