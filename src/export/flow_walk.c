/* Visits the rows of the flow table in steps, to find records that end. */
#include "config.h"

#include "export/flow_log.h"

#define WRITING 16 /* steps for a row with a record that ended */

void
flow_walk_start(struct flow_walk *w, uint64_t now)
{
	w->now = now;
	if (!w->is_under_way)
		w->at = 0;
	w->is_under_way = true;
}

static void
flow_walk_restart(struct flow_walk *w, uint64_t now)
{
	w->is_under_way = false;
	flow_walk_start(w, now);
}

void
flow_walk_flush(struct flow_walk *w, uint64_t now)
{
	flow_walk_restart(w, now);
	w->flushing = true;
}

void
flow_walk_end(struct flow_walk *w, uint64_t now)
{
	flow_walk_restart(w, now);
	w->ending = true;
}

bool
flow_walk_step(
    struct flow_walk *w, const struct ledger *l, uint32_t steps, flow_walk_row_fn *fn, void *arg)
{
	uint32_t price;

	for (; w->is_under_way && steps > 0; steps -= price < steps ? price : steps) {
		if (w->at >= l->flows.table.used) {
			w->is_under_way = w->flushing = false;
			break;
		}
		price = fn(arg, w->at++) ? WRITING : 1;
	}
	return w->is_under_way;
}
