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

#include "core/ledger.h"
#include "core/private.h"
#include "dissect/dissect.h"

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
