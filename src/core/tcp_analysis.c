#include "config.h"

#include "core/tcp.h"

#include <stdbool.h>

#include "dissect/pkt.h"
#include "util/attr.h"

#define FAST_RETRANSMIT_US 20000 /* us after the last duplicate ACK */
#define REORDER_US         3000  /* us, while the RTT is unknown */
#define DUP_ACKS_MANY      2

/* Returns false if the timestamps went back. */
static bool
tcp_time_span(uint32_t from, uint32_t to, uint32_t *us)
{
	*us = to - from;
	return !tcp_before(to, from);
}

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

/* One byte sent into a closed window. */
static bool
tcp_is_zero_window_probe(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p)
{
	return p->payload == 1 && p->seq == e->next_seq && (e->bits & TCP_END_SEEN) &&
	    (other->bits & TCP_END_ACKED) && other->window == 0;
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
	if (other->dup_acks == DUP_ACKS_MANY && other->last_ack == p->seq &&
	    us - other->ack_time < FAST_RETRANSMIT_US)
		return TCP_RETRANSMITTED;
	if (us - e->next_seq_time < patience && e->next_seq != tcp_end_of(p))
		return TCP_OUT_OF_ORDER;
	return TCP_RETRANSMITTED;
}

static unsigned
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

/*
 * True if p ends the handshake: an ACK by the SYN's sender, even if the SYN/ACK was not seen (but
 * not a FIN then), or a refusal by the other end.
 */
static bool
tcp_ends_handshake(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p)
{
	unsigned flags = p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST);

	if (flags == TCP_ACK)
		return (e->bits & TCP_END_SYN_SENT) != 0 &&
		    (!(p->tcp_flags & TCP_FIN) || (other->bits & TCP_END_SYN_ACKED));
	return flags == (TCP_RST | TCP_ACK) && (other->bits & TCP_END_SYN_SENT) &&
	    !(e->bits & TCP_END_SYN_ACKED);
}

/* Returns TCP_HANDSHAKE_DONE or 0. */
static unsigned
tcp_time_handshake(
    struct tcp_end *e, struct tcp_end *other, struct tcp_rtt *rtt, const struct pkt *p, uint32_t us)
{
	unsigned flags = p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST);
	uint32_t trip;

	/* Most packets return here without touching rtt. */
	if ((e->bits & TCP_END_TIMED) || (flags == TCP_ACK && !(e->bits & TCP_END_SYN_SENT)))
		return 0;
	if (flags == TCP_SYN) {
		e->bits |= p->ts != 0 ? TCP_END_SYN_SENT : 0;
		rtt->syn_time = us;
	} else if (flags == (TCP_SYN | TCP_ACK)) {
		e->bits |= TCP_END_SYN_ACKED;
	} else if (tcp_ends_handshake(e, other, p) && tcp_time_span(rtt->syn_time, us, &trip)) {
		rtt->handshake = trip;
		e->bits = (uint8_t)((e->bits | TCP_END_TIMED) & ~TCP_END_SYN_SENT);
		other->bits = (uint8_t)((other->bits | TCP_END_TIMED) & ~TCP_END_SYN_SENT);
		return TCP_HANDSHAKE_DONE;
	}
	return 0;
}

/* p, which comes so long after the sample of a timestamp began, is a prompt answer to it. */
static bool
tcp_is_prompt(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p,
    uint32_t trip, uint32_t us)
{
	return p->ts_echo == other->sample_seq && p->payload > 0 &&
	    (trip < TCP_SHORT_TRIP || us - e->next_seq_time < trip / 2);
}

void
tcp_count_miss(struct tcp_end *other, bool valid)
{
	if (valid)
		other->misses = 0;
	else if (++other->misses == TCP_MISSES_MAX)
		other->bits &= (uint8_t)~TCP_END_SMOOTHED;
}

void
tcp_end_stamp_sample(
    const struct tcp_end *e, struct tcp_end *other, const struct pkt *p, uint32_t us)
{
	uint32_t trip = us - other->sample_time;

	if (!(other->bits & TCP_END_SAMPLING) || !(p->tcp_flags & TCP_ACK) ||
	    tcp_before(p->ts_echo, other->sample_seq))
		return;
	other->has_stamp = 0;
	tcp_take_sample(other, trip, 1,
	    !tcp_before(us, other->sample_time) && tcp_is_prompt(e, other, p, trip, us));
}

/*
 * Data may start a sample, and stops that of a timestamp.  The first ACK with a timestamp shows its
 * value; the next one with another value is the first with that value, and starts a sample.
 */
void
tcp_begin_stamp_sample(struct tcp_end *e, const struct pkt *p, uint32_t us)
{
	bool idle = !(e->bits & TCP_END_SAMPLING), data = p->payload > 0, begins;

	if (data ? !idle && !e->by_stamp : !idle || p->ts_value == 0)
		return;
	begins = data || (e->has_stamp && p->ts_value != e->sample_seq);
	e->sample_seq = data ? tcp_end_of(p) : p->ts_value;
	e->has_stamp = !data;
	if (!begins)
		return;
	e->by_stamp = !data;
	e->sample_time = us;
	e->bits |= TCP_END_SAMPLING;
}

static void
tcp_begin_rtt_sample(struct tcp_end *e, const struct pkt *p, uint32_t us, unsigned events)
{
	if (!(events & (TCP_RETRANSMITTED | TCP_OUT_OF_ORDER | TCP_KEEP_ALIVE)))
		tcp_begin_sample(e, p, us);
	else if (!(events & TCP_KEEP_ALIVE))
		e->bits &= (uint8_t)~TCP_END_SAMPLING;
}

static void
tcp_count_dup_acks(struct tcp_end *e, const struct pkt *p, unsigned events)
{
	if (!(e->bits & TCP_END_ACKED) || p->ack != e->last_ack)
		e->dup_acks = 0;
	else if ((events & TCP_DUPLICATE_ACK) && e->dup_acks < DUP_ACKS_MANY)
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

bool
tcp_has_handshake_rtt(const struct tcp_end end[2])
{
	return (end[0].bits & TCP_END_TIMED) != 0;
}

static bool
tcp_half_is_recent(const struct tcp_end *e, uint32_t now)
{
	return (e->bits & TCP_END_SMOOTHED) && now - e->sample_time <= TCP_RTT_LAPSES_US;
}

bool
tcp_get_rtt(
    const struct tcp_end end[2], const struct tcp_rtt *r, uint32_t now, bool young, uint32_t *us)
{
	bool known = ((end[0].bits | end[1].bits) & TCP_END_SMOOTHED) != 0;

	if (tcp_half_is_recent(&end[0], now) && tcp_half_is_recent(&end[1], now)) {
		*us = end[0].srtt + end[1].srtt;
		return true;
	}
	*us = r->handshake;
	return (young || !known) && tcp_has_handshake_rtt(end);
}
