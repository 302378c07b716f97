/* The derived tables: what moved in the flows is added to hosts, ports, paths and ways. */
#include "config.h"

#include <assert.h>

#include "core/ledger.h"
#include "core/private.h"

/* Flows between which the next ones to fold are fetched. */
#define FETCH_AHEAD 8

static void
fold_host(struct ledger *l, const struct flow *f, int end, uint32_t *hint, bool fresh)
{
	const struct addr *a = end == 0 ? &f->key.a : &f->key.b;
	struct host *h = hosts_get(&l->hosts, f->key.kind, a, hint, l->interval);
	struct meter *m = &h->meter[class_of(f->key.kind, f->key.proto)];
	const struct flow_pending *out = &f->pending[end], *in = &f->pending[!end];
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
	h->flows += fresh;
	meter_turn(m, l->interval);
	tally_add(&m->t[0], out->packets, out->bytes);
	tally_add(&m->t[1], in->packets, in->bytes);
	if ((uint32_t)(h - l->hosts.row) < l->networks.taken)
		networks_add(&l->networks, h,
		    &(struct network_move){
			.class = class_of(f->key.kind, f->key.proto),
			.out = { out->packets, out->bytes },
			.in = { in->packets, in->bytes },
			.last = f->last,
			.host = !met,
			.flow = fresh,
		    },
		    l->interval);
}

static void
fold_port(struct ledger *l, struct flow *f, bool fresh)
{
	bool is_ip = f->key.kind == ADDR_IP4 || f->key.kind == ADDR_IP6;
	uint16_t number = f->service == 0 ? f->key.a_port : f->key.b_port;
	struct port like = {
		.proto = f->key.proto,
		.port = number,
		.kind = is_ip ? ADDR_IP4 : f->key.kind,
		.has_port = f->key.a_port != 0 || f->key.b_port != 0,
	};
	struct port *p = ports_get(&l->ports, &like, &f->port, l->interval);
	int to = f->service == 0; /* the way towards the service */

	if (f->last > p->last)
		p->last = f->last;
	p->flows += fresh;
	meter_turn(&p->meter, l->interval);
	tally_add(&p->meter.t[0], f->pending[to].packets, f->pending[to].bytes);
	tally_add(&p->meter.t[1], f->pending[!to].packets, f->pending[!to].bytes);
}

static uint8_t
log2_of(uint64_t n)
{
	uint8_t bits = 0;

	while (n >>= 1)
		bits++;
	return bits;
}

void
flow_fold(struct ledger *l, struct flow *f)
{
	bool fresh = !(f->bits & FLOW_COUNTED);

	if (f->pending[0].packets == 0 && f->pending[1].packets == 0)
		return;
	meter_turn(&f->meter, l->interval);
	for (int way = 0; way < 2; way++)
		tally_add(&f->meter.t[way], f->pending[way].packets, f->pending[way].bytes);
	fold_host(l, f, 0, &f->host[0], fresh);
	fold_host(l, f, 1, &f->host[1], fresh && !addr_equal(&f->key.a, &f->key.b));
	fold_port(l, f, fresh);
	f->pending[0] = f->pending[1] = (struct flow_pending){ 0, 0 };
	f->bits |= FLOW_COUNTED;
	f->weight = log2_of(meter_sum(&f->meter).packets);
}

/* What is always current goes into the meters of the interval that ends. */
static void
fold_arrays(struct ledger *l)
{
	paths_fold(&l->paths, l->interval);
	for (int w = 0; w < SERIES_WAYS; w++) {
		meter_turn(&l->way[w], l->interval);
		l->way[w].t[0] = l->way_now[w];
	}
	for (unsigned i = 0; i < l->n_sources; i++) {
		meter_turn(&l->source[i].meter, l->interval);
		l->source[i].meter.t[0] = l->source[i].totals.all;
	}
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

static void
fold_listed(struct ledger *l, uint32_t end)
{
	struct flow *row = l->flows.row;

	for (; l->folded < end; l->folded++) {
		struct flow *f = &row[l->folding[l->folded]];

		if (l->folded + FETCH_AHEAD < l->n_folding)
			PREFETCH(&row[l->folding[l->folded + FETCH_AHEAD]]);
		f->bits &= (uint16_t)~FLOW_LISTED;
		flow_fold(l, f);
	}
}

void
ledger_tick(struct ledger *l, uint64_t now)
{
	while (ledger_fold(l, UINT32_MAX))
		;
	take_list(l);
	l->tick_at = now;
	l->in_fold = true;
	if (l->started == 0 || (l->now == 0 && l->started > now))
		l->started = now;
	fold_arrays(l);
	if (now / UINT64_C(1000000000) > l->series.second && l->series.second != 0)
		series_advance(&l->series, now / UINT64_C(1000000000));
}

/* Takes hosts into the networks.  True while there are more. */
static bool
take_hosts(struct ledger *l, unsigned steps)
{
	struct networks *ns = &l->networks;

	if (!ns->watched || ns->taken == NETWORKS_ALL)
		return false;
	for (; steps > 0 && ns->taken < l->hosts.used; steps--)
		networks_take(ns, &l->hosts.row[ns->taken], l->interval);
	if (ns->taken < l->hosts.used)
		return true;
	ns->taken = NETWORKS_ALL;
	return false;
}

bool
ledger_fold(struct ledger *l, unsigned steps)
{
	uint64_t since;

	if (take_hosts(l, steps))
		return true;
	if (!l->in_fold)
		return false;
	fold_listed(l, l->n_folding - l->folded > steps ? l->folded + steps : l->n_folding);
	if (l->folded < l->n_folding)
		return true;
	since = l->now != 0 ? l->now : l->started;
	l->closed_ns = l->tick_at > since ? l->tick_at - since : 0;
	l->now = l->tick_at;
	l->interval++;
	l->in_fold = false;
	return false;
}

void
ledger_settle(struct ledger *l)
{
	while (ledger_fold(l, UINT32_MAX))
		;
	take_list(l);
	fold_listed(l, l->n_folding);
	fold_arrays(l);
}
