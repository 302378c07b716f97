/*
 * Where the waiting of a flow is: in the network, at the server, or at the client.
 *
 * Ends of a connection take turns.  The time from the end of a request to the begin of the answer
 * is that of the server, and of the network behind the point of capture, whose share is known from
 * the handshake (SYN to SYN/ACK).  The time from the end of an answer to the next request is that
 * of the client, and of the network before the point of capture.  This needs no payload, so it
 * works for encrypted traffic.  Of UDP the time is from a request to its answer, the network
 * included.
 */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/ledger.h"
#include "core/private.h"
#include "dissect/dissect.h"

#define WAIT_LOG2  5 /* the first bucket ends at 2^5 us ... */
#define WAIT_PARTS 4 /* ... and each doubling has so many */

static struct flow_wait *
wait_get(struct ledger *l, struct flow *f)
{
	struct flow_wait *w = &l->flows.wait[f - l->flows.row];

	if (!f->has_wait)
		*w = (struct flow_wait){ .far = 0 };
	f->has_wait = true;
	return w;
}

const struct flow_wait *
flow_wait(const struct ledger *l, const struct flow *f)
{
	return f->has_wait ? &l->flows.wait[f - l->flows.row] : NULL;
}

static void
wait_add(uint32_t *mean, uint8_t *n, uint32_t us)
{
	if (*n < WAIT_MEMORY)
		++*n;
	*mean = *mean - *mean / *n + us / *n;
}

static void
wait_add_server(struct flow_wait *w, uint32_t us)
{
	wait_add(&w->server, &w->n_server, us);
	if (w->unfolded < UINT16_MAX)
		w->unfolded++;
}

void
flow_wait_answered(struct ledger *l, struct flow *f, const struct pkt *p)
{
	wait_get(l, f)->far = (uint32_t)(p->ts / 1000) - f->rtt.syn_time;
}

void
flow_wait_turn(struct ledger *l, struct flow *f, const struct pkt *p, int way)
{
	uint32_t gap = (uint32_t)(p->ts / 1000) - f->end[!way].next_seq_time, network, handshake;
	struct flow_wait *w;

	if (detect_sent(f, !way) == 0 || (int32_t)gap < 0)
		return;
	w = &l->flows.wait[f - l->flows.row];
	if (way == f->server_end) {
		wait_add_server(w, gap > w->far ? gap - w->far : 0);
		return;
	}
	network = flow_handshake_rtt(f, &handshake) && handshake > w->far ? handshake - w->far : 0;
	wait_add(&w->client, &w->n_client, gap > network ? gap - network : 0);
}

/* Of QUIC only the handshake is a request with an answer. */
void
flow_wait_datagram(struct ledger *l, struct flow *f, const struct pkt *p, int way)
{
	uint32_t now = (uint32_t)(p->ts / 1000);
	struct flow_wait *w = wait_get(l, f);

	if (way != f->server_end) {
		if (w->asked == 0 && !(f->app == PROTO_QUIC && w->n_server > 0))
			w->asked = now | 1;
	} else if (w->asked != 0) {
		wait_add_server(w, now - w->asked);
		w->asked = 0;
	}
}

static unsigned
wait_bucket(uint32_t us)
{
	unsigned log2 = us > 0 ? 31 - (unsigned)__builtin_clz(us) : 0, at;

	if (log2 < WAIT_LOG2)
		return 0;
	at = (log2 - WAIT_LOG2) * WAIT_PARTS + (us >> (log2 - 2) & 3) + 1;
	return at < WAIT_BUCKETS ? at : WAIT_BUCKETS - 1;
}

/* The middle of a bucket, us. */
static uint32_t
wait_bucket_middle(unsigned at)
{
	unsigned log2, width;

	if (at == 0)
		return (1u << WAIT_LOG2) / 2;
	log2 = (at - 1) / WAIT_PARTS + WAIT_LOG2;
	width = 1u << (log2 - 2);
	return ((at - 1) % WAIT_PARTS + WAIT_PARTS) * width + width / 2;
}

void
wait_histogram_add(struct wait_histogram *h, uint32_t us, uint32_t n)
{
	uint16_t *bucket = &h->n[wait_bucket(us)];

	if (n > UINT16_MAX - (uint32_t)*bucket)
		for (unsigned i = 0; i < WAIT_BUCKETS; i++)
			h->n[i] /= 2;
	*bucket = (uint16_t)(*bucket + (n < UINT16_MAX / 2 ? n : UINT16_MAX / 2));
}

bool
wait_histogram_get(const struct wait_histogram *h, unsigned percent, uint32_t *us)
{
	uint64_t sum = 0, before = 0;

	assert(percent <= 100);
	for (unsigned i = 0; i < WAIT_BUCKETS; i++)
		sum += h->n[i];
	for (unsigned i = 0; i < WAIT_BUCKETS && sum > 0; i++) {
		before += h->n[i];
		*us = wait_bucket_middle(i);
		if (before * 100 >= sum * percent)
			return true;
	}
	return false;
}

void
flow_wait_fold(struct ledger *l, struct flow *f)
{
	struct flow_wait *w = &l->flows.wait[f - l->flows.row];

	if (w->unfolded == 0)
		return;
	hosts_add_wait(&l->hosts, f->host[f->server_end], w->server, w->unfolded);
	ports_add_wait(&l->ports, f->port, w->server, w->unfolded);
	w->unfolded = 0;
}
