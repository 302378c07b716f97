/* What flows have carried since they were last reported. */
#include "config.h"

#include <string.h>

#include "export/flow_log.h"
#include "util/alloc.h"

#define S      UINT64_C(1000000000)
#define LINGER (5 * S) /* after the end of a connection, for late packets */

static uint64_t
portions_elapsed(uint64_t then, uint64_t now)
{
	return now > then ? now - then : 0;
}

static enum flow_end
portions_end_reason(const struct flow *f, enum flow_end otherwise)
{
	if (!flow_has_ended(f))
		return otherwise;
	return f->state == FLOW_RESET ? FLOW_END_RESET : FLOW_END_CLOSED;
}

static void
portions_report(struct flow_portions *fp, uint32_t row, enum flow_end end)
{
	struct portion_way *w = fp->row[row];
	struct flow_portion p;

	for (int way = 0; way < 2; way++) {
		p.t[way] = w[way].t;
		p.ip_bytes[way] = w[way].ip_bytes;
		p.first[way] = w[way].first;
		p.last[way] = w[way].last;
		p.flags[way] = w[way].flags;
	}
	fp->fn(fp->arg, &fp->ledger->flows.row[row], &p, end);
	memset(w, 0, sizeof(fp->row[row]));
}

/* Reports the portion of a flow that goes on if it is due. */
static bool
portions_end_due(struct flow_portions *fp, uint32_t row, uint64_t now)
{
	const struct portion_way *w = fp->row[row];
	uint64_t last = w[0].last > w[1].last ? w[0].last : w[1].last;
	bool inactive = portions_elapsed(last, now) >= fp->inactive_ns;

	if (!inactive && portions_elapsed(w[0].start, now) < fp->active_ns)
		return false;
	portions_report(fp, row, inactive ? FLOW_END_INACTIVE : FLOW_END_ACTIVE);
	return true;
}

static bool
portions_is_open(const struct portion_way *pair)
{
	return pair[0].t.packets + pair[1].t.packets > 0;
}

/* The first packet of direction w, or an earlier one: recorded packets are in the order of reading.
 */
static void
portions_start_way(struct portion_way *pair, struct portion_way *w, uint64_t ts)
{
	if (!portions_is_open(pair) || ts < pair->start)
		pair[0].start = pair[1].start = ts;
	if (w->t.packets == 0)
		w->last = ts;
	w->first = ts;
}

/* By the cache line of one direction alone. */
static bool
portions_may_be_due(const struct flow_portions *fp, const struct portion_way *w, uint64_t now)
{
	return portions_elapsed(w->start, now) >= fp->active_ns ||
	    portions_elapsed(w->last, now) >= fp->inactive_ns;
}

static void
portions_on_packet(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events)
{
	struct flow_portions *fp = arg;
	struct portion_way *w = &fp->row[row][way];

	(void)events;
	if (fp->walk.ending)
		return;
	if (UNLIKELY(portions_may_be_due(fp, w, p->ts)) && portions_is_open(fp->row[row]))
		portions_end_due(fp, row, p->ts);
	if (UNLIKELY(w->t.packets == 0 || p->ts < w->first))
		portions_start_way(fp->row[row], w, p->ts);
	if (p->ts > w->last)
		w->last = p->ts;
	tally_add(&w->t, 1, p->len);
	w->ip_bytes += p->net_len;
	w->flags |= p->tcp_flags;
}

static void
portions_on_swap(void *arg, uint32_t row)
{
	struct portion_way *w = ((struct flow_portions *)arg)->row[row], first = w[0];

	w[0] = w[1];
	w[1] = first;
}

/* True if the portion has ended, and was reported. */
static bool
portions_end_row(void *arg, uint32_t row)
{
	struct flow_portions *fp = arg;
	const struct flow *f = &fp->ledger->flows.row[row];
	const struct portion_way *w = fp->row[row];
	uint64_t last = w[0].last > w[1].last ? w[0].last : w[1].last;

	if (!portions_is_open(w))
		return false;
	if (f->bits & FLOW_SUPERSEDED)
		portions_report(fp, row, FLOW_END_REUSED);
	else if (flow_has_ended(f) && portions_elapsed(last, fp->walk.now) >= LINGER)
		portions_report(fp, row, portions_end_reason(f, FLOW_END_CLOSED));
	else if (fp->walk.ending || fp->walk.flushing)
		portions_report(fp, row,
		    portions_end_reason(f, fp->walk.ending ? FLOW_END_EXIT : FLOW_END_EVICTED));
	else
		return portions_end_due(fp, row, fp->walk.now);
	return true;
}

static void
portions_on_evict(void *arg, uint32_t row)
{
	struct flow_portions *fp = arg;

	if (portions_is_open(fp->row[row]))
		portions_report(
		    fp, row, portions_end_reason(&fp->ledger->flows.row[row], FLOW_END_EVICTED));
}

void
flow_portions_init(struct flow_portions *fp, struct ledger *l, flow_portions_fn *fn, void *arg)
{
	*fp = (struct flow_portions){
		.ledger = l,
		.row = pages_new_private(l->flows.table.max_grown * sizeof(*fp->row)),
		.watch = { .on_packet = portions_on_packet,
		    .on_swap = portions_on_swap,
		    .on_evict = portions_on_evict,
		    .arg = fp,
		    .row_size = sizeof(*fp->row) },
		.fn = fn,
		.arg = arg,
	};
	fp->watch.rows = (const char *)fp->row;
	flow_watch_add(&l->watch, &fp->watch);
}

void
flow_portions_tick(struct flow_portions *fp, uint64_t now)
{
	flow_walk_start(&fp->walk, now);
}

bool
flow_portions_step(struct flow_portions *fp, uint32_t steps)
{
	return flow_walk_step(&fp->walk, fp->ledger, steps, portions_end_row, fp);
}

void
flow_portions_end(struct flow_portions *fp, uint64_t now)
{
	flow_walk_end(&fp->walk, now);
}

void
flow_portions_flush(struct flow_portions *fp, uint64_t now)
{
	if (!fp->walk.ending)
		flow_walk_flush(&fp->walk, now);
}

void
flow_portions_fini(struct flow_portions *fp)
{
	flow_watch_remove(&fp->ledger->watch, &fp->watch);
	pages_del(fp->row);
	fp->row = NULL;
}
