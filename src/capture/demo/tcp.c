/*
 * Synthetic TCP connections: opened, a few messages in each direction with their ACKs, closed. Some
 * are reset; some segments are lost and retransmitted.
 *
 *	open, accept, opened, (data, ack)..., turn ..., close, close too, closed
 */
#include "config.h"

#include "capture/demo/session.h"

#define CLIENT      0
#define SERVER      1
#define LOST_ONE_IN 120 /* segments */
#define CLIENT_US   180 /* the client is near: delay of its ACK */
#define RECORD      5   /* bytes in the header of a TLS record */
#define WINDOW      502 /* 64256 bytes at the scale that a SYN offers */
#define FULL_ACKS   2   /* segments per ACK (RFC 9293, 3.8.6.3) */

static demo_step_fn demo_tcp_data;

static uint16_t
demo_tcp_window(const struct demo_session *s, unsigned from)
{
	return (uint16_t)(WINDOW - (s->seq[!from] >> 12 & 15));
}

/* Sends the content of the wire as a segment. */
static void
demo_tcp_send(
    struct demo *d, const struct demo_session *s, unsigned from, const struct demo_segment *g)
{
	struct demo_route r = demo_route(s, from);

	wire_tcp(&d->wire, &r, g);
}

/* The next segment of that end; SYN and FIN take a sequence number each. */
static void
demo_tcp_send_next(struct demo *d, struct demo_session *s, unsigned from, uint8_t flags)
{
	struct demo_segment g = {
		.seq = s->seq[from],
		.ack = (flags & WIRE_ACK) != 0 ? s->seq[!from] : 0,
		.flags = flags,
		.window = (flags & WIRE_RST) != 0 ? 0 : demo_tcp_window(s, from),
	};

	s->seq[from] += (uint32_t)wire_length(&d->wire);
	if ((flags & (WIRE_SYN | WIRE_FIN)) != 0)
		s->seq[from]++;
	demo_tcp_send(d, s, from, &g);
}

/* Delay until the answer of that end is captured. */
static uint64_t
demo_tcp_delay(struct demo *d, const struct demo_session *s, unsigned from)
{
	return demo_about(d, from == SERVER ? s->kind->rtt_us : CLIENT_US);
}

static uint64_t
demo_tcp_closed(struct demo *d, struct demo_session *s)
{
	demo_tcp_send_next(d, s, CLIENT, WIRE_ACK);
	return demo_renew(d, s);
}

static uint64_t
demo_tcp_close_other(struct demo *d, struct demo_session *s)
{
	demo_tcp_send_next(d, s, SERVER, WIRE_FIN | WIRE_ACK);
	s->step = demo_tcp_closed;
	return demo_tcp_delay(d, s, CLIENT);
}

static uint64_t
demo_tcp_close(struct demo *d, struct demo_session *s)
{
	if (demo_random(d, 100) < s->kind->resets) {
		demo_tcp_send_next(d, s, CLIENT, WIRE_RST | WIRE_ACK);
		return demo_renew(d, s);
	}
	demo_tcp_send_next(d, s, CLIENT, WIRE_FIN | WIRE_ACK);
	s->step = demo_tcp_close_other;
	return demo_tcp_delay(d, s, SERVER);
}

/* That end starts a message. */
static void
demo_tcp_begin_message(struct demo *d, struct demo_session *s, uint8_t from)
{
	s->from = from;
	s->left = demo_between(d, from == CLIENT ? s->kind->ask : s->kind->answer);
	s->message_unsent = true;
	s->unacked = 0;
	s->step = demo_tcp_data;
}

/* A message has arrived: the other end answers, or the connection closes. */
static uint64_t
demo_tcp_answer(struct demo *d, struct demo_session *s)
{
	if (s->from == CLIENT) {
		demo_tcp_begin_message(d, s, SERVER);
		return demo_tcp_delay(d, s, SERVER);
	}
	if (++s->turn >= s->turns)
		s->step = demo_tcp_close;
	else
		demo_tcp_begin_message(d, s, CLIENT);
	return (uint64_t)demo_between(d, s->kind->think) * 1000;
}

static uint64_t
demo_tcp_ack(struct demo *d, struct demo_session *s)
{
	demo_tcp_send_next(d, s, !s->from, WIRE_ACK);
	s->unacked = 0;
	if (s->left == 0)
		return demo_tcp_answer(d, s);
	s->step = demo_tcp_data;
	return demo_about(d, s->kind->gap_us);
}

/* Filler that depends only on its position, so that a retransmission has the same bytes. */
static void
demo_tcp_fill(struct demo *d, const struct demo_session *s, uint32_t seq, size_t n)
{
	size_t left = n - wire_length(&d->wire);

	if ((s->kind->bits & DEMO_TLS) != 0 && left > RECORD) {
		wire_u8(&d->wire, 23); /* application data (RFC 8446, 5.1) */
		wire_u16(&d->wire, 0x0303);
		wire_u16(&d->wire, (unsigned)(left - RECORD));
		left -= RECORD;
	}
	wire_bytes(&d->wire, d->pool + seq % (DEMO_POOL - WIRE_MTU), left);
}

/* Retransmits the lost segment; its ACK covers everything. */
static uint64_t
demo_tcp_retransmit(struct demo *d, struct demo_session *s)
{
	struct demo_segment g = {
		.seq = s->lost_seq,
		.ack = s->seq[!s->from],
		.flags = WIRE_ACK,
		.window = demo_tcp_window(s, s->from),
	};

	demo_tcp_fill(d, s, s->lost_seq, s->lost);
	demo_tcp_send(d, s, s->from, &g);
	s->lost = 0;
	s->step = demo_tcp_ack;
	return demo_tcp_delay(d, s, !s->from);
}

/* A duplicate ACK reports the loss; three of them trigger the retransmission (RFC 5681, 3.2). */
static uint64_t
demo_tcp_duplicate_ack(struct demo *d, struct demo_session *s)
{
	struct demo_segment g = {
		.seq = s->seq[!s->from],
		.ack = s->lost_seq,
		.flags = WIRE_ACK,
		.window = demo_tcp_window(s, !s->from),
	};

	demo_tcp_send(d, s, !s->from, &g);
	if (s->left > 0 && ++s->unacked <= 3) {
		s->step = demo_tcp_data;
		return demo_about(d, s->kind->gap_us);
	}
	s->step = demo_tcp_retransmit;
	return demo_about(d, s->kind->rtt_us);
}

static uint64_t
demo_tcp_after_data(struct demo *d, struct demo_session *s)
{
	if (s->lost != 0) {
		s->step = demo_tcp_duplicate_ack;
		return demo_tcp_delay(d, s, !s->from);
	}
	s->unacked++;
	/* A short request is acknowledged by its response. */
	if (s->left == 0 && s->from == CLIENT && s->unacked < FULL_ACKS)
		return demo_tcp_answer(d, s);
	if (s->left == 0 || s->unacked >= FULL_ACKS) {
		s->step = demo_tcp_ack;
		return demo_tcp_delay(d, s, !s->from);
	}
	return demo_about(d, s->kind->gap_us);
}

/* Loses the segment of n bytes at seq, if others follow that reveal the loss. */
static void
demo_tcp_lose_segment(struct demo *d, struct demo_session *s, uint32_t seq, size_t n)
{
	if (s->lost != 0 || s->left < 4 * n || demo_random(d, LOST_ONE_IN) != 0)
		return;
	s->lost_seq = seq;
	s->lost = (uint16_t)n;
	s->unacked = 0;
}

/* Sends one segment of the message. */
static uint64_t
demo_tcp_data(struct demo *d, struct demo_session *s)
{
	size_t most = WIRE_MTU - (s->six ? 60 : 40), n;
	uint32_t seq = s->seq[s->from];
	bool lost = s->lost != 0, fresh = s->message_unsent;

	if (fresh)
		s->kind->make(d, s);
	s->message_unsent = false;
	n = s->left < most ? s->left : most;
	demo_tcp_fill(d, s, seq, n);
	s->left -= (uint32_t)n;
	/* The rest must have room for a record. */
	if ((s->kind->bits & DEMO_TLS) != 0 && s->left <= RECORD)
		s->left = 0;
	demo_tcp_send_next(d, s, s->from, s->left == 0 ? WIRE_ACK | WIRE_PSH : WIRE_ACK);
	if (!fresh)
		demo_tcp_lose_segment(d, s, seq, n);
	if (!lost && s->lost != 0)
		return demo_about(d, s->kind->gap_us);
	return demo_tcp_after_data(d, s);
}

static uint64_t
demo_tcp_opened(struct demo *d, struct demo_session *s)
{
	demo_tcp_send_next(d, s, CLIENT, WIRE_ACK);
	demo_tcp_begin_message(d, s, (s->kind->bits & DEMO_SERVER_FIRST) != 0 ? SERVER : CLIENT);
	return demo_tcp_delay(d, s, s->from);
}

static uint64_t
demo_tcp_accept(struct demo *d, struct demo_session *s)
{
	demo_tcp_send_next(d, s, SERVER, WIRE_SYN | WIRE_ACK);
	s->step = demo_tcp_opened;
	return demo_tcp_delay(d, s, CLIENT);
}

uint64_t
demo_tcp_open(struct demo *d, struct demo_session *s)
{
	demo_tcp_send_next(d, s, CLIENT, WIRE_SYN);
	s->step = demo_tcp_accept;
	return demo_tcp_delay(d, s, SERVER);
}

static uint64_t
demo_tcp_next_probe(struct demo *d, struct demo_session *s)
{
	s->step = demo_tcp_probe;
	if (++s->turn == s->turns)
		return demo_renew(d, s);
	return (uint64_t)demo_between(d, s->kind->think) * 1000;
}

/* RFC 9293, 3.5.2: a reset that refuses a SYN has sequence number 0. */
static uint64_t
demo_tcp_refuse(struct demo *d, struct demo_session *s)
{
	struct demo_segment g = { .ack = s->seq[CLIENT], .flags = WIRE_RST | WIRE_ACK };

	demo_tcp_send(d, s, SERVER, &g);
	return demo_tcp_next_probe(d, s);
}

/* Probes a port. A host that does not exist sends no refusal. */
uint64_t
demo_tcp_probe(struct demo *d, struct demo_session *s)
{
	static const uint16_t ports[] = { 21, 22, 23, 25, 80, 110, 135, 139, 143, 443, 445, 1433,
		3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200 };
	const unsigned n_ports = sizeof(ports) / sizeof(ports[0]);

	if ((s->kind->bits & DEMO_SWEEPS) != 0) {
		demo_local(&s->end[SERVER], PLACE_CLIENTS + s->turn / n_ports, s->six);
		s->end[SERVER].port = ports[s->turn % n_ports];
		s->end[CLIENT].port++;
	}
	demo_tcp_send_next(d, s, CLIENT, WIRE_SYN);
	if (demo_random(d, 100) >= s->kind->resets)
		return demo_tcp_next_probe(d, s);
	s->step = demo_tcp_refuse;
	return demo_about(d, s->kind->rtt_us);
}
