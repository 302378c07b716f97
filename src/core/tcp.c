#include "config.h"

#include "core/tcp.h"

#include <stdbool.h>

#include "dissect/pkt.h"

#define FAST_RETRANSMIT_US 20000 /* after the last duplicate ACK */
#define REORDER_US         3000  /* while no round trip is known */
#define SMOOTHED_MAX       0xffffff

enum {
	SEEN = 1 << 0,       /* next_seq is known */
	ACKED = 1 << 1,      /* last_ack is known */
	SAMPLING = 1 << 2,   /* a round trip is being measured */
	KEPT_ALIVE = 1 << 3, /* the last segment was a keep-alive */
	SYN_SENT = 1 << 4,   /* syn_at is of this end */
	SYN_ACKED = 1 << 5,  /* this end answered the other's SYN */
	TIMED = 1 << 6,      /* the handshake's round trip is known */
};

/* Sequence numbers compare modulo 2^32 (RFC 9293, 3.4). */
static bool
before(uint32_t x, uint32_t y)
{
	return (int32_t)(x - y) < 0;
}

/* False where the stamps went back: then the span means nothing. */
static bool
span(uint32_t from, uint32_t to, uint32_t *us)
{
	*us = to - from;
	return !before(to, from);
}

static bool
is_control(const struct pkt *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST)) != 0;
}

static uint32_t
end_of(const struct pkt *p)
{
	return p->seq + p->payload + ((p->tcp_flags & (TCP_SYN | TCP_FIN)) != 0);
}

static bool
is_keep_alive(const struct tcp_end *e, const struct pkt *p)
{
	return (e->bits & SEEN) && p->payload <= 1 && !is_control(p) && p->seq == e->next_seq - 1;
}

/* One byte into a window that the other end has closed. */
static bool
is_zero_window_probe(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p)
{
	return (e->bits & SEEN) && p->payload == 1 && p->seq == e->next_seq &&
	    (other->bits & ACKED) && other->window == 0;
}

static bool
is_duplicate_ack(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p)
{
	if ((other->bits & KEPT_ALIVE) || !(e->bits & ACKED) || !(e->bits & SEEN))
		return false;
	return p->payload == 0 && !is_control(p) && p->window != 0 && p->window == e->window &&
	    p->seq == e->next_seq && p->ack == e->last_ack;
}

/* Data that the other end has acknowledged before was received before. */
static bool
is_acked(const struct tcp_end *other, const struct pkt *p)
{
	return p->payload > 0 && (other->bits & ACKED) &&
	    !before(other->last_ack, p->seq + p->payload);
}

/* What a segment below the highest sequence number is. */
static unsigned
judge_old(const struct tcp_end *e, const struct tcp_end *other, const struct tcp_rtt *rtt,
    const struct pkt *p, uint32_t us)
{
	uint32_t patience = rtt->handshake != 0 ? rtt->handshake : REORDER_US;

	/* New data behind a zero window probe's byte. */
	if (p->payload > 1 && p->seq == e->next_seq - 1)
		return 0;
	if (other->same_acks >= 2 && other->last_ack == p->seq &&
	    us - other->ack_at < FAST_RETRANSMIT_US)
		return TCP_RETRANSMITTED;
	if (us - e->next_at < patience && e->next_seq != end_of(p))
		return TCP_OUT_OF_ORDER;
	return TCP_RETRANSMITTED;
}

static unsigned
judge(const struct tcp_end *e, const struct tcp_end *other, const struct tcp_rtt *rtt,
    const struct pkt *p, uint32_t us)
{
	unsigned events = 0;

	if (p->tcp_flags & TCP_RST)
		events |= TCP_WAS_RESET;
	if (is_zero_window_probe(e, other, p))
		return events;
	if (p->window == 0 && !is_control(p))
		events |= TCP_ZERO_WINDOW;
	if (is_keep_alive(e, p))
		return events | TCP_KEEP_ALIVE;
	if (is_duplicate_ack(e, other, p))
		return events | TCP_DUPLICATE_ACK;
	if (is_acked(other, p))
		return events | TCP_RETRANSMITTED;
	if ((p->payload > 0 || (p->tcp_flags & (TCP_SYN | TCP_FIN))) && (e->bits & SEEN) &&
	    before(p->seq, e->next_seq))
		events |= judge_old(e, other, rtt, p, us);
	return events;
}

static void
smooth(struct tcp_end *e, uint32_t sample)
{
	uint32_t average = e->smoothed;

	average = average == 0 ? sample : average - average / 8 + sample / 8;
	if (average == 0)
		average = 1;
	e->smoothed = (average < SMOOTHED_MAX ? average : SMOOTHED_MAX) & SMOOTHED_MAX;
}

/*
 * What ends the round trip of the newest SYN: an ACK of its sender, also where the SYN/ACK was not
 * seen, or the refusal by the other end.
 */
static bool
ends_handshake(const struct tcp_end *e, const struct tcp_end *other, unsigned flags)
{
	if (flags == TCP_ACK)
		return (e->bits & SYN_SENT) != 0;
	return flags == (TCP_RST | TCP_ACK) && (other->bits & SYN_SENT) && !(e->bits & SYN_ACKED);
}

/* TCP_SHOOK_HANDS, or no event. */
static unsigned
time_handshake(
    struct tcp_end end[2], struct tcp_rtt *rtt, const struct pkt *p, int way, uint32_t us)
{
	struct tcp_end *e = &end[way], *other = &end[!way];
	unsigned flags = p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST);
	uint32_t trip;

	/* Most packets leave here, and touch nothing of rtt. */
	if ((e->bits & TIMED) || (flags == TCP_ACK && !(e->bits & SYN_SENT)))
		return 0;
	if (flags == TCP_SYN) {
		e->bits |= SYN_SENT;
		rtt->syn_at = us;
	} else if (flags == (TCP_SYN | TCP_ACK)) {
		e->bits |= SYN_ACKED;
	} else if (ends_handshake(e, other, flags) && span(rtt->syn_at, us, &trip)) {
		rtt->handshake = trip != 0 ? trip : 1;
		e->bits |= TIMED;
		other->bits |= TIMED;
		return TCP_SHOOK_HANDS;
	}
	return 0;
}

static void
time_data(struct tcp_end end[2], const struct pkt *p, int way, uint32_t us, unsigned events)
{
	struct tcp_end *e = &end[way], *other = &end[!way];
	uint32_t trip;

	if ((other->bits & SAMPLING) && (p->tcp_flags & TCP_ACK) &&
	    !before(p->ack, other->sample_seq)) {
		if (span(other->sample_at, us, &trip))
			smooth(other, trip);
		other->bits &= (uint8_t)~SAMPLING;
	}
	if (events & (TCP_RETRANSMITTED | TCP_OUT_OF_ORDER)) {
		e->bits &= (uint8_t)~SAMPLING;
	} else if (p->payload > 0 && !(e->bits & SAMPLING) && !(events & TCP_KEEP_ALIVE)) {
		e->bits |= SAMPLING;
		e->sample_seq = end_of(p);
		e->sample_at = us;
	}
}

static void
advance(struct tcp_end *e, const struct tcp_end *other, const struct pkt *p, uint32_t us,
    unsigned events)
{
	bool probe = is_zero_window_probe(e, other, p);

	if (p->tcp_flags & TCP_ACK) {
		if (!(e->bits & ACKED) || p->ack != e->last_ack)
			e->same_acks = 0;
		else if ((events & TCP_DUPLICATE_ACK) && e->same_acks < UINT8_MAX)
			e->same_acks++;
		e->last_ack = p->ack;
		e->ack_at = us;
		e->bits |= ACKED;
	}
	if (!probe && (!(e->bits & SEEN) || before(e->next_seq, end_of(p))) &&
	    !(p->tcp_flags & TCP_RST)) {
		e->next_seq = end_of(p);
		e->next_at = us;
		e->bits |= SEEN;
	}
	e->window = p->window;
	if (events & TCP_KEEP_ALIVE)
		e->bits |= KEPT_ALIVE;
	else
		e->bits &= (uint8_t)~KEPT_ALIVE;
}

unsigned
tcp_analyse(struct tcp_end end[2], struct tcp_rtt *rtt, const struct pkt *p, int way, uint32_t us)
{
	unsigned events;

	/* Of a header that is cut off nothing but the ports is known. */
	if (p->tcp_flags == 0)
		return 0;
	events = judge(&end[way], &end[!way], rtt, p, us);
	events |= time_handshake(end, rtt, p, way, us);
	time_data(end, p, way, us, events);
	advance(&end[way], &end[!way], p, us, events);
	return events;
}

void
tcp_counts_add(struct tcp_counts *c, unsigned events)
{
	c->retransmissions += (events & TCP_RETRANSMITTED) != 0;
	c->out_of_order += (events & TCP_OUT_OF_ORDER) != 0;
	c->duplicate_acks += (events & TCP_DUPLICATE_ACK) != 0;
	if ((events & TCP_ZERO_WINDOW) && c->zero_windows < UINT16_MAX)
		c->zero_windows++;
}

uint32_t
tcp_round_trip(const struct tcp_end end[2], const struct tcp_rtt *r)
{
	uint32_t both = end[0].smoothed + end[1].smoothed;

	if (r->handshake == 0 && (end[0].smoothed == 0 || end[1].smoothed == 0))
		return both;
	return end[0].smoothed != 0 && end[1].smoothed != 0 ? both : r->handshake;
}
