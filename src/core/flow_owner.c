/* Which process each direction of a flow counts for. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"
#include "core/process.h"

#define IP_PROTO_TCP 6
#define IP_PROTO_UDP 17

/* Of a flow whose owner is not known. */
static enum process_kind
flow_rest_kind(const struct ledger *l, const struct flow *f)
{
	bool ip = f->key.kind == ADDR_IP4 || f->key.kind == ADDR_IP6;

	if (l->n_local > 0 && !(f->bits & (FLOW_A_LOCAL | FLOW_B_LOCAL)))
		return PROCESS_FORWARDED;
	if (ip && (f->key.proto == IP_PROTO_TCP || f->key.proto == IP_PROTO_UDP))
		return PROCESS_UNKNOWN;
	return PROCESS_KERNEL;
}

/* What a local end sends is out; without local ends, what a sends. */
static void
flow_account_start(const struct ledger *l, const struct flow *f, struct flow_account *a)
{
	uint32_t id = flow_rest_kind(l, f);
	uint8_t way_a = (f->bits & FLOW_B_LOCAL) != 0 && !(f->bits & FLOW_A_LOCAL);

	*a = (struct flow_account){
		.id = { id, id },
		.generation = f->generation,
		.way = { way_a, !way_a },
		.used = true,
	};
}

static bool
flow_account_is_valid(const struct flow_account *a, const struct flow *f)
{
	return a->used && a->generation == f->generation;
}

struct flow_account *
flow_account(struct ledger *l, const struct flow *f)
{
	struct flow_account *a = &l->processes.account[f - l->flows.row];

	if (!flow_account_is_valid(a, f))
		flow_account_start(l, f, a);
	return a;
}

const struct process *
flow_process(const struct ledger *l, const struct flow *f, int end)
{
	const struct processes *ps = &l->processes;
	const struct flow_account *a = &ps->account[f - l->flows.row];
	const struct process *p = &ps->row[a->id[end] % PROCESSES_MAX];

	return ps->enabled && flow_account_is_valid(a, f) && p->id == a->id[end] ? p : NULL;
}

void
flow_account_swap(struct ledger *l, const struct flow *f)
{
	struct flow_account *a = &l->processes.account[f - l->flows.row], was = *a;

	if (!l->processes.enabled || !flow_account_is_valid(a, f))
		return;
	for (int way = 0; way < 2; way++) {
		a->id[way] = was.id[!way];
		a->way[way] = was.way[!way];
	}
}

const struct kernel_tcp *
flow_kernel(const struct ledger *l, const struct flow *f)
{
	const struct kernel_tcp *k = &l->processes.kernel[f - l->flows.row];

	return l->processes.enabled && k->used && k->generation == f->generation ? k : NULL;
}

void
flow_set_kernel(struct ledger *l, const struct flow *f, const struct kernel_tcp *k)
{
	struct kernel_tcp *to = &l->processes.kernel[f - l->flows.row];

	*to = *k;
	to->generation = f->generation;
	to->used = true;
}

void
processes_fold(struct ledger *l, const struct flow *f, bool fresh, uint32_t score_time)
{
	struct processes *ps = &l->processes;
	const struct flow_account *a = flow_account(l, f);

	for (int way = 0; way < 2; way++) {
		struct process *p = processes_at(ps, a->id[way]);
		struct tally moved = flow_pending(f, way);

		if (p->other) {
			struct tally ways[2] = { { 0, 0 }, { 0, 0 } };

			ways[a->way[way]] = moved;
			overflow_meter_add(&p->meter, &ps->other_sums, &l->intervals, ways);
		} else {
			meter_advance(&p->meter, &l->intervals);
			meter_add(&p->meter, a->way[way], moved.packets, moved.bytes);
		}
		if (f->last > p->last)
			p->last = f->last;
		if (score_time > p->score_time)
			p->score_time = score_time;
		p->flows += fresh && (way == 0 || a->id[0] != a->id[1]);
	}
}

/* One direction of f counts for another process from now on, and has always done so. */
static void
flow_owner_move(struct ledger *l, const struct flow *f, int way, uint32_t id, uint8_t to_way)
{
	struct flow_account *a = flow_account(l, f);
	struct process *from = processes_at(&l->processes, a->id[way]);
	struct process *to = processes_at(&l->processes, id);
	struct meter_move m = { .part = &f->meter,
		.part_way = (uint8_t)way,
		.from = &from->meter,
		.from_way = a->way[way],
		.to = &to->meter,
		.to_way = to_way,
		.totals_only = from->other || to->other };

	if (from == to && m.from_way == m.to_way)
		return;
	if (f->bits & FLOW_FOLDED) {
		meter_move(&m, &l->intervals);
		baseline_move_way(l->baseline, &m);
	}
	if (f->last > to->last)
		to->last = f->last;
	a->id[way] = id;
	a->way[way] = to_way;
}

static void
flow_owner_count(struct ledger *l, const struct flow *f, uint64_t n)
{
	const struct flow_account *a = flow_account(l, f);

	if (!(f->bits & FLOW_FOLDED))
		return;
	processes_at(&l->processes, a->id[0])->flows += n;
	if (a->id[0] != a->id[1])
		processes_at(&l->processes, a->id[1])->flows += n;
}

const struct process *
flow_owner(const struct ledger *l, const struct flow *f, int end)
{
	const struct process *p = flow_process(l, f, end);
	const struct flow_account *a = &l->processes.account[f - l->flows.row];

	return p != NULL && a->way[end] == 0 && p->facts.kind >= PROCESS_RESTS ? p : NULL;
}

void
ledger_set_owners(
    struct ledger *l, uint32_t row, uint32_t generation, const struct process_facts *const ends[2])
{
	struct flow *f = &l->flows.row[row];
	uint32_t id[2];

	if (row >= l->flows.table.used || f->generation != generation ||
	    (ends[0] == NULL && ends[1] == NULL))
		return;
	for (int end = 0; end < 2; end++)
		if (ends[end] != NULL)
			id[end] = processes_get(&l->processes, ends[end], &l->intervals,
			    packet_time_score(&l->packet_time, f->source, f->last))
				      ->id;
	flow_owner_count(l, f, UINT64_MAX); /* one flow less */
	for (int way = 0; way < 2; way++) {
		bool sends = ends[way] != NULL;

		flow_owner_move(l, f, way, id[sends ? way : !way], sends ? 0 : 1);
	}
	flow_owner_count(l, f, 1);
}
