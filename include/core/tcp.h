/*
 * TCP: analysis of each direction of a flow, its fast path, and totals.
 */
#ifndef CORE_TCP_H
#define CORE_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"
#include "dissect/pkt.h"
#include "util/attr.h"

/*
 * TCP analysis from the observer's point of view: retransmissions, out-of-order segments, duplicate
 * ACKs, and round-trip times.
 *
 * The rules are those of Wireshark's TCP analysis (User's Guide, 7.5, "TCP Analysis"), so that the
 * numbers agree with tshark's.  A segment below the highest sequence number is the first of these
 * that applies:
 *
 *	a keep-alive		zero or one byte, just below the next expected number
 *	a retransmission	of what the other end has acknowledged
 *	a retransmission	of data requested by two duplicate ACKs, the newest less than
 *				20 ms ago
 *	out of order		closer to the newest segment than the handshake's RTT (3 ms
 *				if it is unknown), unless it ends where the newest one ends
 *	a retransmission	else
 *
 * RTTs are smoothed as in RFC 6298, without samples of retransmitted data (Karn).  The observer
 * sees two halves: from a segment of one end to the answer of the other, and back.  Data is
 *answered by its ACK.  An end that only receives sends ACKs without data: the first one with a new
 *timestamp (RFC 7323) is answered by the data that echoes it.  Such a sample is valid only if that
 *data was not waiting for the application, so if data had come shortly before.
 */

enum tcp_event {
	TCP_RETRANSMITTED = 1 << 0,
	TCP_OUT_OF_ORDER = 1 << 1,
	TCP_DUPLICATE_ACK = 1 << 2,
	TCP_ZERO_WINDOW = 1 << 3,
	TCP_KEEP_ALIVE = 1 << 4,
	TCP_WAS_RESET = 1 << 5,
	TCP_HANDSHAKE_DONE = 1 << 6, /* the handshake's RTT is now known */
};

struct tcp_end {                /* state needed for every segment; times in us, modulo 2^32 */
	uint32_t next_seq;      /* one past the highest sequence number */
	uint32_t next_seq_time; /* when next_seq advanced */
	uint32_t last_ack;      /* the last ACK number it sent */
	uint32_t ack_time;
	uint32_t
	    sample_seq; /* an ACK of this, or the echo of this timestamp, ends the RTT sample */
	uint32_t sample_time;
	uint32_t srtt : 25;     /* us, smoothed RTT from a segment of this end to the answer */
	uint32_t misses : 3;    /* consecutive samples that were rejected */
	uint32_t by_stamp : 1;  /* the sample is of a timestamp */
	uint32_t has_stamp : 1; /* no sample is in progress, and sample_seq is a timestamp */
	uint32_t dup_acks : 2;  /* consecutive duplicate ACKs, up to 2 */
	uint16_t window;
	uint8_t bits;  /* enum tcp_end_bit */
	uint8_t flags; /* all TCP flags seen */
};

struct tcp_counts { /* of the segments of one end */
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows;
};

/* The handshake: the time of the newest SYN, or once the RTT is known (see
 * tcp_has_handshake_rtt()), the time from that SYN to the last ACK or to the refusal. */
struct tcp_rtt {
	union {
		uint32_t syn_time, handshake; /* us */
	};
};

/*
 * Analyses a packet from end `way` at time `us`, in a time base common to all packets.  Returns
 * enum tcp_event.
 */
unsigned tcp_analyse(
    struct tcp_end end[2], struct tcp_rtt *rtt, const struct pkt *p, int way, uint32_t us);

/* True if duplicate ACKs of the other end have requested p. */
bool tcp_is_requested(const struct tcp_end end[2], const struct pkt *p, int way);

/* Counts the events (enum tcp_event). */
void tcp_counts_add(struct tcp_counts *c, unsigned events);

/* True if the handshake's RTT is known, in rtt->handshake. */
bool tcp_has_handshake_rtt(const struct tcp_end end[2]);

/*
 * Sets *us to the RTT between the ends at `now`, in us: the sum of both smoothed halves, if both
 * are recent.  Else that of the handshake, if the connection is young, or if no half was ever
 * known. Returns false if it is not known; one half alone is not enough.
 */
bool tcp_get_rtt(
    const struct tcp_end end[2], const struct tcp_rtt *r, uint32_t now, bool young, uint32_t *us);

#define TCP_RTT_LAPSES_US 60000000 /* an RTT of so long ago is not shown */

/*
 * Most segments are plain: such a segment begins where the previous one ended, has data or
 * acknowledges more, and nothing about it is unusual. It is neither an event (enum
 * tcp_event) nor a duplicate, so a few lines do the same as tcp_analyse(). Private to
 * src/core/.
 */

#define TCP_SMOOTHED_MAX  0x1ffffff
#define TCP_MISSES_MAX    7    /* then the average is too old */
#define TCP_SHORT_TRIP    1000 /* us */
#define TCP_DUP_ACKS_MANY 2

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

/* One byte sent into a closed window. */
static inline bool
tcp_is_zero_window_probe(const struct tcp_end *e, const struct tcp_end *other, const struct pkt *p)
{
	return p->payload == 1 && p->seq == e->next_seq && (e->bits & TCP_END_SEEN) &&
	    (other->bits & TCP_END_ACKED) && other->window == 0;
}

/* Of src/core/tcp_retransmission.c: the events of a segment, without the handshake. */
unsigned tcp_classify(const struct tcp_end *e, const struct tcp_end *other,
    const struct tcp_rtt *rtt, const struct pkt *p, uint32_t us);

/* Of src/core/tcp_rtt.c.  The first returns TCP_HANDSHAKE_DONE or 0; the others are for samples of
 * segments with events, of timestamps, and for those that are rejected. */
unsigned tcp_time_handshake(struct tcp_end *e, struct tcp_end *other, struct tcp_rtt *rtt,
    const struct pkt *p, uint32_t us);
void tcp_begin_rtt_sample(struct tcp_end *e, const struct pkt *p, uint32_t us, unsigned events);
void tcp_end_stamp_sample(
    const struct tcp_end *e, struct tcp_end *other, const struct pkt *p, uint32_t us);
void tcp_begin_stamp_sample(struct tcp_end *e, const struct pkt *p, uint32_t us);
void tcp_count_miss(struct tcp_end *other, bool valid);

/* Ends the sample of `other` if `ends`; it counts if `valid`. */
static inline void
tcp_take_sample(struct tcp_end *other, uint32_t trip, uint32_t ends, uint32_t valid)
{
	uint32_t first = !(other->bits & TCP_END_SMOOTHED);
	uint32_t next = tcp_smooth(first, other->srtt, trip);

	other->srtt = tcp_choose(valid, next, other->srtt) & TCP_SMOOTHED_MAX;
	other->bits =
	    (uint8_t)((other->bits & ~(ends * TCP_END_SAMPLING)) | valid * TCP_END_SMOOTHED);
	if (UNLIKELY((ends ^ valid) | (valid & (other->misses != 0))))
		tcp_count_miss(other, valid);
}

/* A segment from e may complete the RTT sample of the other end. */
static inline void
tcp_end_sample(const struct tcp_end *e, struct tcp_end *other, const struct pkt *p, uint32_t us)
{
	uint32_t trip = us - other->sample_time;
	uint32_t ends = other->bits / TCP_END_SAMPLING & p->tcp_flags / TCP_ACK & 1;

	if (UNLIKELY(other->by_stamp)) {
		tcp_end_stamp_sample(e, other, p, us);
		return;
	}
	ends &= !tcp_before(p->ack, other->sample_seq);
	tcp_take_sample(other, trip, ends, ends & !tcp_before(us, other->sample_time));
}

/* Data may start an RTT sample. */
static inline void
tcp_begin_sample(struct tcp_end *e, const struct pkt *p, uint32_t us)
{
	uint32_t idle = !(e->bits & TCP_END_SAMPLING), begins = (p->payload > 0) & idle;
	uint32_t stamped = (p->payload == 0) & (p->ts_value != 0) & idle;

	if (UNLIKELY(stamped | e->by_stamp | e->has_stamp)) {
		tcp_begin_stamp_sample(e, p, us);
		return;
	}
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

	tcp_end_sample(e, &end[way ^ 1], p, us);
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

/*
 * Totals over all TCP connections: segments and errors, connections opened and answered, and
 * round-trip times.  Each count has a meter, and so a rate.
 */

enum tcp_stats_kind {
	TCP_STATS_SEGMENTS,
	TCP_STATS_RETRANSMITTED,
	TCP_STATS_OUT_OF_ORDER,
	TCP_STATS_ZERO_WINDOWS,
	TCP_STATS_RESETS,
	TCP_STATS_OPENED,   /* SYN */
	TCP_STATS_ANSWERED, /* SYN/ACK */
	TCP_STATS_DUPLICATES,
	TCP_STATS_KINDS
};

#define TCP_STATS_OCTAVE 8                       /* bins per doubling of the RTT */
#define TCP_STATS_BINS   (32 * TCP_STATS_OCTAVE) /* up to 2^32 us */

struct tcp_stats {
	uint64_t n[TCP_STATS_KINDS]; /* always current */
	/* t[0] only, with n as packets and as bytes; as of the last fold */
	struct meter meter[TCP_STATS_KINDS];
	uint32_t rtt_bin[TCP_STATS_BINS]; /* histogram of handshake RTTs; old ones weigh less */
	uint32_t n_rtts;
};

/* Counts the events of a segment: enum tcp_event. */
void tcp_stats_note(struct tcp_stats *t, unsigned events);

/* Adds a handshake RTT, in us. */
void tcp_stats_add_rtt(struct tcp_stats *t, uint32_t us);

/* Updates the meters, in the current interval. */
void tcp_stats_fold(struct tcp_stats *t, const struct intervals *b);

/* The RTT quantile `part` (0 to 1) of the handshakes in us, with a precision of 1/8.  Returns false
 * if there was none. */
bool tcp_stats_rtt_quantile(const struct tcp_stats *t, double part, uint32_t *us);

#endif
