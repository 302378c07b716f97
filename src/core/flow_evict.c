/*
 * Making room in a full flow table, as on a conveyor: at one end a flow leaves, at the other one is
 * chosen to leave later, and still further on the row of one that may be is fetched.  So
 * what leaving touches (the row, the index, the hosts) has time to come.
 */
#include "config.h"

#include "core/flow_lookup.h"
#include "core/flow_watch.h"
#include "core/ledger.h"
#include "core/private.h"

static uint32_t
claim(const void *table, uint32_t row)
{
	const struct ledger *l = table;
	const struct flow *f = &l->flows.row[row];

	struct tally all = flow_tally(f, 0), back = flow_tally(f, 1);

	tally_add(&all, back.packets, back.bytes);
	return flow_claim(f, clock_seen(&l->clock, f->source, f->last)) +
	    claim_heavy(&all, &l->totals.all);
}

static ATTR_INLINE void
fetch(const struct flow *f)
{
	PREFETCH_WRITE(f);
	PREFETCH_WRITE(&f->first);
}

static void
choose_leaver(struct ledger *l, struct leaver *x)
{
	struct flows *fs = &l->flows;

	x->row = victims_choose(&fs->victims, fs->used, l, claim);
	fetch(&fs->row[victims_peek(&fs->victims, VICTIMS_AHEAD - 1)]);
	x->packets = flow_pending_packets(&fs->row[x->row]);
	if (fs->row[x->row].bits & FLOW_COUNTED) {
		PREFETCH_WRITE(&fs->row[x->row].meter);
		PREFETCH_WRITE(&fs->row[x->row].meter.interval);
	}
	if (fs->row[x->row].key.proto == 6)
		PREFETCH_WRITE(&fs->row[x->row].end);
	index_prefetch(&fs->index, fs->victims.of[x->row].hash);
	flow_look_ahead(l, &fs->row[x->row], &x->ends);
}

static struct leaver
next_leaver(struct ledger *l)
{
	struct flows *fs = &l->flows;
	struct leaver *place = &fs->leaving[fs->left++ % FLOWS_LEAVING], x;

	while (fs->n_leaving < FLOWS_LEAVING)
		choose_leaver(l, &fs->leaving[fs->n_leaving++]);
	x = *place;
	choose_leaver(l, place);
	return x;
}

uint32_t
flows_make_room(struct ledger *l)
{
	struct flows *fs = &l->flows;
	struct leaver x;

	/* Who has moved since it was chosen stays. */
	do
		x = next_leaver(l);
	while (flow_pending_packets(&fs->row[x.row]) != x.packets);
	if (UNLIKELY(l->watch != NULL))
		l->watch->leave(l->watch->arg, x.row);
	flow_leave(l, &fs->row[x.row], &x.ends);
	if (fs->row[x.row].context[0] != fs->row[x.row].context[1])
		index_remove(&fs->index, flow_answers_hash(fs, x.row), x.row);
	fs->evicted++;
	index_remove(&fs->index, fs->victims.of[x.row].hash, x.row);
	return x.row;
}
