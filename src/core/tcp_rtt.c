/* Round-trip times of TCP: the handshake, and samples of data and of timestamps. */
#include "config.h"

#include "core/tcp.h"

#include <stdbool.h>

#include "dissect/pkt.h"

/* Returns false if the timestamps went back. */
static bool
tcp_time_span(uint32_t from, uint32_t to, uint32_t *us)
{
	*us = to - from;
	return !tcp_before(to, from);
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

unsigned
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

void
tcp_begin_rtt_sample(struct tcp_end *e, const struct pkt *p, uint32_t us, unsigned events)
{
	if (!(events & (TCP_RETRANSMITTED | TCP_OUT_OF_ORDER | TCP_KEEP_ALIVE)))
		tcp_begin_sample(e, p, us);
	else if (!(events & TCP_KEEP_ALIVE))
		e->bits &= (uint8_t)~TCP_END_SAMPLING;
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
