/* Which record a packet belongs to, and when a record ends. */
#include "config.h"

#include "export/flow_log.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "util/pages.h"

#define S     UINT64_C(1000000000)
#define PAUSE (5 * S) /* what is longer parts times of activity */

#define WRITING 16 /* steps that a record written is worth */

void
spread_add(struct spread *s, uint64_t x)
{
	double off = (double)x - s->mean;

	s->n++;
	s->min = s->n == 1 || x < s->min ? x : s->min;
	s->max = x > s->max ? x : s->max;
	s->mean += off / (double)s->n;
	s->squares += off * ((double)x - s->mean);
}

double
spread_deviation(const struct spread *s)
{
	return s->n > 0 ? sqrt(s->squares / (double)s->n) : 0;
}

/* How it ended, unless for the reason given. */
static enum flow_end
end_of(const struct flowrec *r, enum flow_end otherwise)
{
	if (conn_is_closed(&r->conn))
		return FLOW_END_CLOSED;
	return conn_is_reset(&r->conn) ? FLOW_END_RESET : otherwise;
}

static bool
is_open(const struct flowrec *r)
{
	return r->t[0].packets + r->t[1].packets > 0;
}

static void
finish(struct flowlog *fl, uint32_t row, enum flow_end otherwise)
{
	const struct flow *f = &fl->ledger->flows.row[row];
	struct flowrec *r = &fl->rec[row];
	char text[FLOWLOG_LINE];
	struct buf line;

	if (!is_open(r))
		return;
	spread_add(&r->active, r->last - r->active_since);
	buf_init(&line, text, sizeof(text));
	flowlog_line(&line, fl->json, fl->ledger, f, r, end_of(r, otherwise));
	fl->write(fl->arg, f, line.s, line.len);
	memset(r, 0, sizeof(*r));
	fl->open--;
}

static void
begin(struct flowrec *r, const struct pkt *p, int way)
{
	r->first = r->last = r->active_since = p->ts;
	r->last_way[way] = p->ts;
	conn_begin(&r->conn, p, way);
}

static uint64_t
since(uint64_t then, uint64_t now)
{
	return now > then ? now - then : 0;
}

static void
note(struct flowrec *r, const struct pkt *p, int way, unsigned events)
{
	if (since(r->last, p->ts) > PAUSE) {
		spread_add(&r->active, r->last - r->active_since);
		spread_add(&r->idle, p->ts - r->last);
		r->active_since = p->ts;
	}
	if (r->t[way].packets > 0)
		spread_add(&r->gap[way], since(r->last_way[way], p->ts));
	spread_add(&r->size[way], p->len);
	tally_add(&r->t[way], 1, p->len);
	r->last = p->ts > r->last ? p->ts : r->last;
	r->last_way[way] = p->ts;
	r->flags[way] |= p->tcp_flags;
	tcp_counts_add(&r->tcp[way], events);
	r->resets += (events & TCP_WAS_RESET) != 0;
	r->shook |= (events & TCP_HANDSHAKE_DONE) != 0;
	conn_add(&r->conn, p, way);
}

static void
on_packet(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events)
{
	struct flowlog *fl = arg;
	struct flowrec *r = &fl->rec[row];

	if (fl->ending)
		return;
	if (is_open(r) && p->ts >= conn_deadline(&r->conn))
		finish(fl, row, FLOW_END_IDLE);
	else if (is_open(r) && conn_is_reused(&r->conn, p))
		finish(fl, row, FLOW_END_REUSED);
	if (!is_open(r)) {
		begin(r, p, way);
		fl->open++;
	}
	/* What was recorded is in the order of its stamps, however it was read. */
	if (!fl->ledger->packet_time.is_live && p->ts < r->first)
		r->first = p->ts;
	note(r, p, way, events);
}

#define SWAP(type, pair)                                                                           \
	do {                                                                                       \
		type swap_ = (pair)[0];                                                            \
		(pair)[0] = (pair)[1];                                                             \
		(pair)[1] = swap_;                                                                 \
	} while (0)

static void
on_turn(void *arg, uint32_t row)
{
	struct flowrec *r = &((struct flowlog *)arg)->rec[row];

	SWAP(struct tally, r->t);
	SWAP(uint64_t, r->last_way);
	SWAP(struct spread, r->size);
	SWAP(struct spread, r->gap);
	SWAP(struct tcp_counts, r->tcp);
	SWAP(uint8_t, r->flags);
	conn_turn(&r->conn);
}

/* True where its record is over, and was written. */
static bool
end_row(struct flowlog *fl, uint32_t row)
{
	const struct flowrec *r = &fl->rec[row];

	if (!is_open(r))
		return false;
	if (fl->ledger->flows.row[row].bits & FLOW_SUPERSEDED)
		finish(fl, row, FLOW_END_REUSED);
	else if (fl->now >= conn_deadline(&r->conn))
		finish(fl, row, FLOW_END_IDLE);
	else if (fl->ending)
		finish(fl, row, FLOW_END_EXIT);
	else if (fl->parting)
		finish(fl, row, FLOW_END_EVICTED);
	else
		return false;
	return true;
}

static void
on_leave(void *arg, uint32_t row)
{
	struct flowlog *fl = arg;

	if (fl->ending)
		end_row(fl, row);
	else
		finish(fl, row, FLOW_END_EVICTED);
}

bool
flowlog_is_json(const char *path)
{
	const char *end = strrchr(path, '.');

	return end != NULL && (strcasecmp(end, ".json") == 0 || strcasecmp(end, ".jsonl") == 0);
}

void
flowlog_init(struct flowlog *fl, struct ledger *l, bool json,
    void (*write)(void *arg, const struct flow *f, const char *line, size_t n), void *arg)
{
	*fl = (struct flowlog){
		.ledger = l,
		.rec = pages_new_private(l->flows.max_grown * sizeof(*fl->rec)),
		.watch = { on_packet, on_turn, on_leave, fl },
		.json = json,
		.write = write,
		.arg = arg,
	};
	l->watch = &fl->watch;
}

void
flowlog_tick(struct flowlog *fl, uint64_t now)
{
	fl->now = now;
	if (!fl->ticking)
		fl->at = 0;
	fl->ticking = true;
}

bool
flowlog_step(struct flowlog *fl, uint32_t steps)
{
	uint32_t price;

	for (; fl->ticking && steps > 0; steps -= price < steps ? price : steps) {
		if (fl->at >= fl->ledger->flows.used) {
			fl->ticking = fl->parting = false;
			break;
		}
		price = end_row(fl, fl->at++) ? WRITING : 1;
	}
	return fl->ticking;
}

void
flowlog_end(struct flowlog *fl, uint64_t now)
{
	fl->ticking = false;
	flowlog_tick(fl, now);
	fl->ending = true;
}

void
flowlog_part(struct flowlog *fl, uint64_t now)
{
	if (fl->ending || fl->open == 0)
		return;
	fl->ticking = false;
	flowlog_tick(fl, now);
	fl->parting = true;
}

void
flowlog_fini(struct flowlog *fl)
{
	fl->ledger->watch = NULL;
	pages_del(fl->rec);
	fl->rec = NULL;
}
