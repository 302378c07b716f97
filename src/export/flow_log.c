/* Assigns packets to records, and decides when a record ends. */
#include "config.h"

#include "export/flow_log.h"

#include <string.h>
#include <strings.h>

#include "util/alloc.h"

#define S     UINT64_C(1000000000)
#define PAUSE (5 * S) /* a longer gap ends a period of activity */

/* How the flow ended, or else the given reason. */
static enum flow_end
flow_log_end_reason(const struct flow_record *r, enum flow_end otherwise)
{
	if (zeek_conn_is_closed(&r->conn))
		return FLOW_END_CLOSED;
	return zeek_conn_is_reset(&r->conn) ? FLOW_END_RESET : otherwise;
}

static bool
flow_log_record_is_open(const struct flow_record *r)
{
	return r->t[0].packets + r->t[1].packets > 0;
}

static void
flow_log_finish_record(struct flow_log *fl, uint32_t row, enum flow_end otherwise)
{
	struct flow_record *r = &fl->record[row];

	if (!flow_log_record_is_open(r))
		return;
	spread_add(&r->active, r->last - r->active_since);
	fl->fn(fl->arg, &fl->ledger->flows.row[row], r, flow_log_end_reason(r, otherwise));
	memset(r, 0, sizeof(*r));
	fl->open--;
}

static void
flow_log_record_start(struct flow_record *r, const struct pkt *p, int way)
{
	r->first = r->last = r->active_since = p->ts;
	r->last_way[way] = p->ts;
	zeek_conn_init(&r->conn, p, way);
}

static uint64_t
flow_log_elapsed(uint64_t then, uint64_t now)
{
	return now > then ? now - then : 0;
}

static void
flow_log_record_note(struct flow_record *r, const struct pkt *p, int way, unsigned events)
{
	if (flow_log_elapsed(r->last, p->ts) > PAUSE) {
		spread_add(&r->active, r->last - r->active_since);
		spread_add(&r->idle, p->ts - r->last);
		r->active_since = p->ts;
	}
	if (r->t[way].packets > 0)
		spread_add(&r->gap[way], flow_log_elapsed(r->last_way[way], p->ts));
	spread_add(&r->size[way], p->len);
	tally_add(&r->t[way], 1, p->len);
	r->last = p->ts > r->last ? p->ts : r->last;
	r->last_way[way] = p->ts;
	r->flags[way] |= p->tcp_flags;
	tcp_counts_add(&r->tcp[way], events);
	r->resets += (events & TCP_WAS_RESET) != 0;
	r->handshake_done |= (events & TCP_HANDSHAKE_DONE) != 0;
	zeek_conn_add(&r->conn, p, way);
}

static void
flow_log_on_packet(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events)
{
	struct flow_log *fl = arg;
	struct flow_record *r = &fl->record[row];

	if (fl->walk.ending)
		return;
	if (flow_log_record_is_open(r) && p->ts >= zeek_conn_deadline(&r->conn))
		flow_log_finish_record(fl, row, FLOW_END_IDLE);
	else if (flow_log_record_is_open(r) && zeek_conn_is_reused(&r->conn, p))
		flow_log_finish_record(fl, row, FLOW_END_REUSED);
	if (!flow_log_record_is_open(r)) {
		flow_log_record_start(r, p, way);
		fl->open++;
	}
	/* Recorded packets are in the order of their stamps, not of reading. */
	if (!fl->ledger->packet_time.is_live && p->ts < r->first)
		r->first = p->ts;
	flow_log_record_note(r, p, way, events);
}

#define SWAP(type, pair)                                                                           \
	do {                                                                                       \
		type swap_ = (pair)[0];                                                            \
		(pair)[0] = (pair)[1];                                                             \
		(pair)[1] = swap_;                                                                 \
	} while (0)

static void
flow_log_on_swap(void *arg, uint32_t row)
{
	struct flow_record *r = &((struct flow_log *)arg)->record[row];

	SWAP(struct tally, r->t);
	SWAP(uint64_t, r->last_way);
	SWAP(struct spread, r->size);
	SWAP(struct spread, r->gap);
	SWAP(struct tcp_counts, r->tcp);
	SWAP(uint8_t, r->flags);
	zeek_conn_swap_ends(&r->conn);
}

/* True if the record has ended, and was reported. */
static bool
flow_log_end_row(void *arg, uint32_t row)
{
	struct flow_log *fl = arg;
	const struct flow_record *r = &fl->record[row];

	if (!flow_log_record_is_open(r))
		return false;
	if (fl->ledger->flows.row[row].bits & FLOW_SUPERSEDED)
		flow_log_finish_record(fl, row, FLOW_END_REUSED);
	else if (fl->walk.now >= zeek_conn_deadline(&r->conn))
		flow_log_finish_record(fl, row, FLOW_END_IDLE);
	else if (fl->walk.ending)
		flow_log_finish_record(fl, row, FLOW_END_EXIT);
	else if (fl->walk.flushing)
		flow_log_finish_record(fl, row, FLOW_END_EVICTED);
	else
		return false;
	return true;
}

static void
flow_log_on_evict(void *arg, uint32_t row)
{
	struct flow_log *fl = arg;

	if (fl->walk.ending)
		flow_log_end_row(fl, row);
	else
		flow_log_finish_record(fl, row, FLOW_END_EVICTED);
}

bool
flow_log_is_json(const char *path)
{
	const char *end = strrchr(path, '.');

	return end != NULL && (strcasecmp(end, ".json") == 0 || strcasecmp(end, ".jsonl") == 0);
}

void
flow_log_init(struct flow_log *fl, struct ledger *l, flow_log_fn *fn, void *arg)
{
	*fl = (struct flow_log){
		.ledger = l,
		.record = pages_new_private(l->flows.table.max_grown * sizeof(*fl->record)),
		.watch = { .on_packet = flow_log_on_packet,
		    .on_swap = flow_log_on_swap,
		    .on_evict = flow_log_on_evict,
		    .arg = fl,
		    .row_size = sizeof(*fl->record) },
		.fn = fn,
		.arg = arg,
	};
	fl->watch.rows = (const char *)fl->record;
	flow_watch_add(&l->watch, &fl->watch);
}

void
flow_log_tick(struct flow_log *fl, uint64_t now)
{
	flow_walk_start(&fl->walk, now);
}

bool
flow_log_step(struct flow_log *fl, uint32_t steps)
{
	return flow_walk_step(&fl->walk, fl->ledger, steps, flow_log_end_row, fl);
}

void
flow_log_end(struct flow_log *fl, uint64_t now)
{
	flow_walk_end(&fl->walk, now);
}

void
flow_log_flush(struct flow_log *fl, uint64_t now)
{
	if (!fl->walk.ending && fl->open > 0)
		flow_walk_flush(&fl->walk, now);
}

void
flow_log_fini(struct flow_log *fl)
{
	flow_watch_remove(&fl->ledger->watch, &fl->watch);
	pages_del(fl->record);
	fl->record = NULL;
}
