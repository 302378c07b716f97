/*
 * Most segments are plain: such a segment begins where the previous one ended, has data or
 * acknowledges more, and nothing about it is unusual. It is neither an event (see
 * core/tcp_analysis.h) nor a duplicate, so a few lines do the same as tcp_analyse(). Private to
 * src/core/.
 */
#ifndef CORE_TCP_PLAIN_H
#define CORE_TCP_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/tcp_analysis.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define TCP_SMOOTHED_MAX 0x3fffffff

enum tcp_end_bit {
	TCP_END_SEEN = 1 << 0,       /* next_seq is known */
	TCP_END_ACKED = 1 << 1,      /* last_ack is known */
	TCP_END_SAMPLING = 1 << 2,   /* an RTT sample is in progress */
	TCP_END_KEPT_ALIVE = 1 << 3, /* the last segment was a keep-alive */
	TCP_END_SYN_SENT = 1 << 4,   /* syn_at is of this end, and the handshake is not complete */
	TCP_END_SYN_ACKED = 1 << 5,  /* this end answered the other's SYN */
	TCP_END_TIMED = 1 << 6,      /* the handshake's RTT is known */
	TCP_END_SMOOTHED = 1 << 7,   /* smoothed is known */
};

/* Sequence numbers compare modulo 2^32 (RFC 9293, 3.4).  1 or 0. */
static inline uint32_t
tcp_before(uint32_t x, uint32_t y)
{
	return (x - y) >> 31;
}

/*
 * Whether a segment has data, and its direction, are unpredictable: a branch on them costs more
 * than everything else. So the common work uses masks, and the remaining branches test rare
 * conditions.
 */
static inline uint32_t
tcp_choose(uint32_t which, uint32_t yes, uint32_t no)
{
	return no ^ ((yes ^ no) & -which);
}

/* One past the last sequence number of a segment. */
static inline uint32_t
tcp_end_of(const struct pkt *p)
{
	return p->seq + p->payload + ((p->tcp_flags & (TCP_SYN | TCP_FIN)) != 0);
}

/* The smoothed average after one more sample; the first sample is the average. */
static inline uint32_t
tcp_smooth(uint32_t first, uint32_t average, uint32_t sample)
{
	uint32_t next = tcp_choose(first, sample, average - average / 8 + sample / 8);

	return next < TCP_SMOOTHED_MAX ? next : TCP_SMOOTHED_MAX;
}

/* An ACK may complete the RTT sample of the other end's data. */
static inline void
tcp_end_sample(struct tcp_end *other, const struct pkt *p, uint32_t us)
{
	uint32_t trip = us - other->sample_time;
	uint32_t ends = other->bits / TCP_END_SAMPLING & p->tcp_flags / TCP_ACK & 1;
	uint32_t first = !(other->bits & TCP_END_SMOOTHED), next;

	ends &= !tcp_before(p->ack, other->sample_seq);
	other->bits &= (uint8_t) ~(ends * TCP_END_SAMPLING);
	ends &= !tcp_before(us, other->sample_time);
	other->bits |= (uint8_t)(ends * TCP_END_SMOOTHED);
	next = tcp_smooth(first, other->srtt, trip);
	other->srtt = tcp_choose(ends, next, other->srtt) & TCP_SMOOTHED_MAX;
}

/* Data may start an RTT sample. */
static inline void
tcp_begin_sample(struct tcp_end *e, const struct pkt *p, uint32_t us)
{
	uint32_t begins = (p->payload > 0) & !(e->bits & TCP_END_SAMPLING);

	e->bits |= (uint8_t)(begins * TCP_END_SAMPLING);
	e->sample_seq = tcp_choose(begins, tcp_end_of(p), e->sample_seq);
	e->sample_time = tcp_choose(begins, us, e->sample_time);
}

/* True if p, in that direction, is plain. One byte of data may be a probe. */
static ATTR_INLINE bool
tcp_is_plain(const struct tcp_end end[2], const struct pkt *p, int way)
{
	const struct tcp_end *e = &end[way], *other = &end[way ^ 1];
	uint32_t flags = p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK);
	uint32_t bits = e->bits & (TCP_END_SEEN | TCP_END_SYN_SENT);
	uint32_t odd = (p->seq ^ e->next_seq) | (flags ^ TCP_ACK) | (bits ^ TCP_END_SEEN) |
	    (~e->flags & TCP_ACK);
	uint32_t idle = (p->payload == 1) | ((p->payload == 0) & (p->ack == e->last_ack));

	return (odd | idle | (p->window == 0) | tcp_before(p->seq, other->last_ack)) == 0;
}

/* Processes a plain segment like tcp_analyse(). */
static ATTR_INLINE void
tcp_go_on(struct tcp_end end[2], const struct pkt *p, int way, uint32_t us)
{
	struct tcp_end *e = &end[way];

	tcp_end_sample(&end[way ^ 1], p, us);
	tcp_begin_sample(e, p, us);
	if (UNLIKELY(e->dup_acks != 0) && p->ack != e->last_ack)
		e->dup_acks = 0;
	e->last_ack = p->ack;
	e->ack_time = us;
	e->next_seq = p->seq + p->payload;
	e->next_seq_time = tcp_choose(p->payload > 0, us, e->next_seq_time);
	e->window = p->window;
	e->bits = (uint8_t)((e->bits | TCP_END_ACKED) & ~TCP_END_KEPT_ALIVE);
	e->flags |= p->tcp_flags;
}

#endif
