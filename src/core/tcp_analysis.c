#include "config.h"

#include "core/tcp.h"

#include <stdbool.h>

#include "dissect/pkt.h"
#include "util/attr.h"

static void
tcp_count_dup_acks(struct tcp_end *e, const struct pkt *p, unsigned events)
{
	if (!(e->bits & TCP_END_ACKED) || p->ack != e->last_ack)
		e->dup_acks = 0;
	else if ((events & TCP_DUPLICATE_ACK) && e->dup_acks < TCP_DUP_ACKS_MANY)
		e->dup_acks++;
}

static inline void
tcp_advance(struct tcp_end *e, const struct tcp_end *other, const struct pkt *p, uint32_t us,
    unsigned events)
{
	uint32_t seq = tcp_end_of(p),
		 further = tcp_before(e->next_seq, seq) | !(e->bits & TCP_END_SEEN);

	if (UNLIKELY(tcp_is_zero_window_probe(e, other, p) || (p->tcp_flags & TCP_RST)))
		further = 0;
	if (LIKELY(p->tcp_flags & TCP_ACK)) {
		if (UNLIKELY(e->dup_acks != 0 || (events & TCP_DUPLICATE_ACK)))
			tcp_count_dup_acks(e, p, events);
		e->last_ack = p->ack;
		e->ack_time = us;
		e->bits |= TCP_END_ACKED;
	}
	if (further) {
		e->next_seq = seq;
		e->next_seq_time = us;
		e->bits |= TCP_END_SEEN;
	}
	e->window = p->window;
	e->bits &= (uint8_t)~TCP_END_KEPT_ALIVE;
	if (UNLIKELY(events & TCP_KEEP_ALIVE))
		e->bits |= TCP_END_KEPT_ALIVE;
}

unsigned
tcp_analyse(struct tcp_end end[2], struct tcp_rtt *rtt, const struct pkt *p, int way, uint32_t us)
{
	struct tcp_end *e = &end[way], *other = &end[way ^ 1];
	unsigned events;

	/* If the header was truncated, only the ports are known. */
	if (p->tcp_flags == 0)
		return 0;
	events = tcp_classify(e, other, rtt, p, us);
	events |= tcp_time_handshake(e, other, rtt, p, us);
	tcp_end_sample(e, other, p, us);
	tcp_begin_rtt_sample(e, p, us, events);
	tcp_advance(e, other, p, us, events);
	return events;
}

void
tcp_counts_add(struct tcp_counts *c, unsigned events)
{
	c->retransmissions += (events & TCP_RETRANSMITTED) != 0;
	c->out_of_order += (events & TCP_OUT_OF_ORDER) != 0;
	c->duplicate_acks += (events & TCP_DUPLICATE_ACK) != 0;
	c->zero_windows += (events & TCP_ZERO_WINDOW) != 0;
}
