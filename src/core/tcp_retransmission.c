/* Which TCP segments are retransmissions, out of order, duplicate ACKs, or probes. */
#include "config.h"

#include "core/tcp.h"

#include <stdbool.h>

#include "dissect/pkt.h"

#define FAST_RETRANSMIT_US 20000 /* us after the last duplicate ACK */
#define REORDER_US         3000  /* us, while the RTT is unknown */

static bool
tcp_is_control(const struct pkt *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0;
}

static bool
tcp_is_keep_alive(const struct tcp_end *e, const struct pkt *p)
{
	uint32_t differs = (p->seq ^ (e->next_seq - 1)) | p->payload >> 1;

	return differs == 0 && (e->bits & TCP_END_SEEN) && !tcp_is_control(p);
}

static bool
tcp_is_duplicate_ack(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p)
{
	uint32_t differs = p->payload | (p->seq ^ e->next_seq) | (p->ack ^ e->last_ack) |
	    (uint32_t)(p->window ^ e->window);

	return differs == 0 && p->window != 0 && !tcp_is_control(p) && (e->bits & TCP_END_ACKED) &&
	    (e->bits & TCP_END_SEEN) && !(other->bits & TCP_END_KEPT_ALIVE);
}

/* True if all data of p was acknowledged before.  Without data the left side is greater than any
 * value. */
static bool
tcp_is_acked(const struct tcp_end *other, const struct pkt *p)
{
	return (int64_t)(uint32_t)(p->payload - 1) < (int32_t)(other->last_ack - p->seq) &&
	    (other->bits & TCP_END_ACKED);
}

bool
tcp_is_requested(const struct tcp_end end[2], const struct pkt *p, int way)
{
	return end[!way].dup_acks >= 2 && end[!way].last_ack == p->seq;
}

/* Classifies a segment below the highest sequence number. */
static unsigned
tcp_classify_old(const struct tcp_end *e, const struct tcp_end *other, const struct tcp_rtt *rtt,
    const struct pkt *p, uint32_t us)
{
	uint32_t patience = (e->bits & TCP_END_TIMED) ? rtt->handshake : REORDER_US;

	/* New data that repeats the byte of a zero-window probe. */
	if (p->payload > 1 && p->seq == e->next_seq - 1)
		return 0;
	if (other->dup_acks == TCP_DUP_ACKS_MANY && other->last_ack == p->seq &&
	    us - other->ack_time < FAST_RETRANSMIT_US)
		return TCP_RETRANSMITTED;
	if (us - e->next_seq_time < patience && e->next_seq != tcp_end_of(p))
		return TCP_OUT_OF_ORDER;
	return TCP_RETRANSMITTED;
}

unsigned
tcp_classify(const struct tcp_end *e, const struct tcp_end *other, const struct tcp_rtt *rtt,
    const struct pkt *p, uint32_t us)
{
	unsigned events = 0;

	if (p->tcp_flags & TCP_RST)
		events |= TCP_WAS_RESET;
	if (tcp_is_zero_window_probe(e, other, p))
		return events;
	if (p->window == 0 && !tcp_is_control(p))
		events |= TCP_ZERO_WINDOW;
	if (tcp_is_keep_alive(e, p))
		return events | TCP_KEEP_ALIVE;
	if (tcp_is_duplicate_ack(e, other, p))
		return events | TCP_DUPLICATE_ACK;
	if (tcp_is_acked(other, p))
		return events | TCP_RETRANSMITTED;
	if (tcp_before(p->seq, e->next_seq) && (e->bits & TCP_END_SEEN) &&
	    (p->payload > 0 || (p->tcp_flags & (TCP_SYN | TCP_FIN))))
		events |= tcp_classify_old(e, other, rtt, p, us);
	return events;
}
