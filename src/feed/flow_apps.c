/*
 * Applications of flows: the first packets with payload of each flow go to a library.
 *
 * A packet that it is to look at is counted at once, as the last one of its batch, while the frame
 * still has its bytes.  Then on_packet() is called with the row of its flow.  The number of flows
 * that the library looks at is bounded; the one that has had no packet for longest makes room.
 */
#include "config.h"

#include "feed/feed.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "core/flow_lookup.h"
#include "ext/dpi.h"
#include "feed/private.h"
#include "util/alloc.h"

#define LOOKS_MOST   10   /* packets of a flow */
#define OPEN_MOST    2048 /* flows at once */
#define CREDIT_MOST  4000 /* looks that can be saved up */
#define CREDIT_EVERY 256  /* each so many packets give one */
#define CREDIT_LIVE  1000 /* and each second of a live capture gives so many */

#define NS_PER_S UINT64_C(1000000000)
#define IDLE     (5 * NS_PER_S) /* a flow that pauses for this time is given up */

struct open_flow {
	TAILQ_ENTRY(open_flow) entry;
	uint32_t row;
	uint64_t last; /* ns: its newest packet */
	void *state;   /* of the library */
};

TAILQ_HEAD(open_flows, open_flow);

struct flow_apps {
	struct dpi *dpi;
	struct ledger *ledger;
	struct flow_watch watch;
	uint16_t *open; /* by row: number of its open flow + 1; 0: none */
	struct open_flow flow[OPEN_MOST];
	struct open_flows used, unused; /* used: the one with the oldest packet first */
	char *states;
	const uint8_t *payload; /* of the packet that is counted now */
	size_t n;
	uint64_t packets;
	uint64_t second; /* of the newest packet */
	unsigned credit; /* packets that may be looked at */
	bool live;
};

static void
flow_apps_close(struct flow_apps *a, struct open_flow *o)
{
	struct flow_found found = a->ledger->flows.found[o->row];

	dpi_finish(a->dpi, o->state, &found);
	found.looks = LOOKS_ALL;
	flow_set_found(a->ledger, o->row, &found);
	a->open[o->row] = 0;
	TAILQ_REMOVE(&a->used, o, entry);
	TAILQ_INSERT_HEAD(&a->unused, o, entry);
}

static struct open_flow *
flow_apps_open(struct flow_apps *a, uint32_t row)
{
	struct open_flow *o;

	if (a->open[row] != 0)
		return &a->flow[a->open[row] - 1];
	if (TAILQ_EMPTY(&a->unused))
		flow_apps_close(a, TAILQ_FIRST(&a->used));
	o = TAILQ_FIRST(&a->unused);
	TAILQ_REMOVE(&a->unused, o, entry);
	TAILQ_INSERT_TAIL(&a->used, o, entry);
	o->row = row;
	a->open[row] = (uint16_t)(o - a->flow + 1);
	return o;
}

static void
flow_apps_on_packet(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events)
{
	struct flow_apps *a = arg;
	struct flow_found found;
	struct open_flow *o;
	bool more;

	(void)way;
	(void)events;
	/* Only the packets that are looked at are worth a cache miss. */
	if (LIKELY(p->payload_at == 0))
		return;
	found = a->ledger->flows.found[row];
	if (found.looks >= LOOKS_MOST)
		return;
	o = flow_apps_open(a, row);
	TAILQ_REMOVE(&a->used, o, entry);
	TAILQ_INSERT_TAIL(&a->used, o, entry);
	o->last = p->ts;
	more = dpi_look(a->dpi, o->state, p, a->payload, a->n, &found);
	found.looks++;
	flow_set_found(a->ledger, row, &found);
	if (!more || found.looks == LOOKS_MOST)
		flow_apps_close(a, o);
}

static void
flow_apps_on_swap(void *arg, uint32_t row)
{
	(void)arg;
	(void)row;
}

static void
flow_apps_on_evict(void *arg, uint32_t row)
{
	struct flow_apps *a = arg;

	if (a->open[row] != 0)
		flow_apps_close(a, &a->flow[a->open[row] - 1]);
}

static void
flow_apps_earn(struct flow_apps *a, unsigned looks)
{
	a->credit += looks;
	if (a->credit > CREDIT_MOST)
		a->credit = CREDIT_MOST;
}

/*
 * A look costs as much as twenty packets. Live, a second has room for a thousand, so that it takes
 * less than 1 % of a processor. In a file all seconds come at once, so that only a share of many
 * packets is looked at: it is counted, not measured, so that a file gives the same result each
 * time.
 */
static void
flow_apps_pass(struct flow_apps *a, uint64_t ts)
{
	if (++a->packets % CREDIT_EVERY == 0)
		flow_apps_earn(a, 1);
	if (LIKELY(ts / NS_PER_S == a->second))
		return;
	a->second = ts / NS_PER_S;
	if (a->live)
		flow_apps_earn(a, CREDIT_LIVE);
	flow_apps_expire(a, ts);
}

/* True if the library may read p: it is whole, up to its payload. */
static bool
flow_apps_can_read(const struct pkt *p, const struct frame *frame)
{
	return (p->kind == ADDR_IP4 || p->kind == ADDR_IP6) && (p->proto == 6 || p->proto == 17) &&
	    p->payload > 0 && p->payload_at != 0 && p->payload_at < frame->caplen &&
	    (p->flags & (PKT_FRAGMENT | PKT_MALFORMED)) == 0;
}

/* True if its flow is new, or needs more packets. */
static bool
flow_apps_wants(struct flow_apps *a, struct pkt *p)
{
	uint32_t row = ledger_guess_row(a->ledger, p);

	return row == INDEX_NONE || a->ledger->flows.found[row].looks < LOOKS_MOST;
}

bool
flow_apps_note(struct flow_apps *a, struct pkt *p, const struct frame *frame)
{
	flow_apps_pass(a, p->ts);
	if (a->credit == 0 || !flow_apps_can_read(p, frame) || LIKELY(!flow_apps_wants(a, p))) {
		p->payload_at = 0;
		return false;
	}
	a->credit--;
	a->payload = frame->data + p->payload_at;
	a->n = frame->caplen - p->payload_at;
	if (a->n > p->payload)
		a->n = p->payload;
	if (a->n > DPI_PAYLOAD)
		a->n = DPI_PAYLOAD;
	return true;
}

void
flow_apps_expire(struct flow_apps *a, uint64_t now)
{
	struct open_flow *o;

	while ((o = TAILQ_FIRST(&a->used)) != NULL && o->last + IDLE < now)
		flow_apps_close(a, o);
}

void
flow_apps_end(struct flow_apps *a)
{
	while (!TAILQ_EMPTY(&a->used))
		flow_apps_close(a, TAILQ_FIRST(&a->used));
}

void
feed_set_apps(struct feed *f, struct dpi *dpi)
{
	struct ledger *l = f->ledger;
	size_t size = dpi_flow_size(dpi);
	struct flow_apps *a = xcalloc(1, sizeof(*a));

	a->dpi = dpi;
	a->credit = CREDIT_MOST;
	a->live = f->live;
	a->ledger = l;
	a->states = xcalloc(OPEN_MOST, size);
	a->open = pages_new_private(l->flows.table.max_grown * sizeof(*a->open));
	TAILQ_INIT(&a->used);
	TAILQ_INIT(&a->unused);
	for (unsigned i = 0; i < OPEN_MOST; i++) {
		a->flow[i].state = a->states + i * size;
		TAILQ_INSERT_TAIL(&a->unused, &a->flow[i], entry);
	}
	a->watch = (struct flow_watch){ .on_packet = flow_apps_on_packet,
		.on_swap = flow_apps_on_swap,
		.on_evict = flow_apps_on_evict,
		.arg = a,
		.rows = (const char *)a->open,
		.row_size = sizeof(*a->open) };
	l->apps = dpi_apps(dpi);
	flow_watch_add(&l->watch, &a->watch);
	f->apps = a;
}

/* A forked child frees it too, and has no tables: what is found now counts for nothing. */
void
flow_apps_del(struct flow_apps *a)
{
	struct flow_found unread = { .app = 0 };
	struct open_flow *o;

	if (a == NULL)
		return;
	while ((o = TAILQ_FIRST(&a->used)) != NULL) {
		dpi_finish(a->dpi, o->state, &unread);
		TAILQ_REMOVE(&a->used, o, entry);
	}
	flow_watch_remove(&a->ledger->watch, &a->watch);
	pages_del(a->open);
	free(a->states);
	free(a);
}
