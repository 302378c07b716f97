/* The classification of segments, and RTTs: see core/tcp.h. */
#include "config.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/tcp.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define A      0
#define B      1
#define SYN    TCP_SYN
#define FIN    TCP_FIN
#define RST    TCP_RST
#define ACK    TCP_ACK
#define RESENT TCP_RETRANSMITTED
#define LATE   TCP_OUT_OF_ORDER
#define DUP    TCP_DUPLICATE_ACK
#define ZERO   TCP_ZERO_WINDOW
#define KEEP   TCP_KEEP_ALIVE
#define RESET  TCP_WAS_RESET
#define SHOOK  TCP_HANDSHAKE_DONE

struct segment {
	uint32_t us;
	int way;
	uint8_t flags;
	uint32_t seq, ack, payload;
	uint16_t window;
	unsigned events;
};

struct connection {
	struct tcp_end end[2];
	struct tcp_counts counts[2];
	struct tcp_rtt rtt;
	bool stampless;
	uint32_t last; /* us: of the last segment */
	bool is_old;
};

/* A plain segment has the same effect as in tcp_analyse(). */
static unsigned
analyse(struct connection *c, const struct pkt *p, int way, uint32_t us)
{
	bool plain = tcp_is_plain(c->end, p, way);
	struct tcp_end end[2];
	unsigned events;

	memcpy(end, c->end, sizeof(end));
	events = tcp_analyse(c->end, &c->rtt, p, way, us);
	c->end[way].flags |= p->tcp_flags;
	if (plain) {
		tcp_go_on(end, p, way, us);
		assert_int_equal(events, 0);
		assert_memory_equal(end, c->end, sizeof(end));
	}
	return events;
}

static void
play_all(struct connection *c, const struct segment *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct pkt p = {
			.ts = !c->stampless,
			.proto = 6,
			.flags = PKT_PORTS,
			.tcp_flags = s[i].flags,
			.seq = s[i].seq,
			.ack = s[i].ack,
			.payload = s[i].payload,
			.window = s[i].window,
		};
		unsigned events = analyse(c, &p, s[i].way, s[i].us);

		c->last = s[i].us;

		tcp_counts_add(&c->counts[s[i].way], events);

		if (events != s[i].events)
			fail_msg("segment %zu: events %#x, not %#x", i, events, s[i].events);
	}
}

#define PLAY(c, segments) play_all(c, segments, NITEMS(segments))

#define UNKNOWN (-1)

static int64_t
round_trip(const struct connection *c)
{
	uint32_t us;

	return tcp_get_rtt(c->end, &c->rtt, c->last, !c->is_old, &us) ? (int64_t)us : UNKNOWN;
}

static int64_t
handshake_of(const struct connection *c)
{
	return tcp_has_handshake_rtt(c->end) ? (int64_t)c->rtt.handshake : UNKNOWN;
}

/* A handshake of 100 ms; the next sequence numbers are 1001 and 5001. */
static const struct segment handshake[] = {
	{ 0, A, SYN, 1000, 0, 0, 900, 0 },
	{ 60000, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
	{ 100000, A, ACK, 1001, 5001, 0, 900, SHOOK },
};

static void
test_in_order(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 120000, A, ACK, 1101, 5001, 100, 900, 0 },
		{ 180000, B, ACK, 5001, 1201, 0, 900, 0 },
		{ 190000, B, ACK, 5001, 1201, 500, 900, 0 },
		{ 230000, A, ACK, 1201, 5501, 0, 900, 0 },
		{ 240000, A, FIN | ACK, 1201, 5501, 0, 900, 0 },
		{ 300000, B, FIN | ACK, 5501, 1202, 0, 900, 0 },
		{ 340000, A, ACK, 1202, 5502, 0, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	for (int way = 0; way < 2; way++) {
		assert_int_equal(0, c.counts[way].retransmissions);
		assert_int_equal(0, c.counts[way].out_of_order);
		assert_int_equal(0, c.counts[way].duplicate_acks);
	}
}

static void
test_retransmission(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		/* The newest segment again is a retransmission, however soon. */
		{ 110001, A, ACK, 1001, 5001, 100, 900, RESENT },
		{ 120000, A, ACK, 1101, 5001, 100, 900, 0 },
		/* So is an older one, after a round trip. */
		{ 220000, A, ACK, 1001, 5001, 100, 900, RESENT },
		{ 280000, B, ACK, 5001, 1201, 0, 900, 0 },
		{ 300000, A, FIN | ACK, 1201, 5001, 0, 900, 0 },
		{ 500000, A, FIN | ACK, 1201, 5001, 0, 900, RESENT },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(3, c.counts[A].retransmissions);
	assert_int_equal(0, c.counts[B].retransmissions);
}

/* Acknowledged data sent again, soon after newer data: a retransmission. */
static void
test_spurious_retransmission(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 110100, A, ACK, 1101, 5001, 100, 900, 0 },
		{ 110200, B, ACK, 5001, 1101, 0, 900, 0 },
		{ 110300, A, ACK, 1001, 5001, 100, 900, RESENT },
		/* One byte more than was acknowledged. */
		{ 110400, A, ACK, 1051, 5001, 51, 900, LATE },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
}

static void
test_fast_retransmission(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 110100, A, ACK, 1201, 5001, 100, 900, 0 },
		{ 110200, A, ACK, 1301, 5001, 100, 900, 0 },
		{ 110300, A, ACK, 1401, 5001, 100, 900, 0 },
		{ 170000, B, ACK, 5001, 1101, 0, 900, 0 },
		{ 170100, B, ACK, 5001, 1101, 0, 900, DUP },
		{ 170200, B, ACK, 5001, 1101, 0, 900, DUP },
		/* Within the RTT, but requested. */
		{ 180000, A, ACK, 1101, 5001, 100, 900, RESENT },
		/* Not the requested data. */
		{ 180100, A, ACK, 1201, 5001, 100, 900, LATE },
		/* 20 ms after the last duplicate. */
		{ 190199, A, ACK, 1101, 5001, 100, 900, RESENT },
		{ 190200, A, ACK, 1101, 5001, 100, 900, LATE },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(2, c.counts[B].duplicate_acks);
	assert_int_equal(2, c.counts[A].retransmissions);
	assert_int_equal(2, c.counts[A].out_of_order);
}

/* One duplicate ACK is not a request, and a new ACK ends the series. */
static void
test_too_few_duplicates(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1101, 5001, 100, 900, 0 },
		{ 110100, A, ACK, 1201, 5001, 100, 900, 0 },
		{ 110300, B, ACK, 5001, 1001, 0, 900, DUP },
		{ 110400, A, ACK, 1001, 5001, 50, 900, LATE },
		{ 110500, B, ACK, 5001, 1051, 0, 900, 0 },
		{ 110600, B, ACK, 5001, 1051, 0, 900, DUP },
		{ 110700, A, ACK, 1051, 5001, 50, 900, LATE },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
}

/* A window update, data, and the answer to a keep-alive are not duplicate ACKs. */
static void
test_not_duplicates(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 170000, B, ACK, 5001, 1101, 0, 900, 0 },
		{ 170100, B, ACK, 5001, 1101, 0, 800, 0 },
		{ 170200, B, ACK, 5001, 1101, 10, 800, 0 },
		{ 170300, B, ACK, 5011, 1101, 0, 800, DUP },
		{ 900000, A, ACK, 1100, 5011, 0, 900, KEEP },
		{ 960000, B, ACK, 5011, 1101, 0, 800, 0 },
		{ 970000, B, RST | ACK, 5011, 1101, 0, 800, RESET },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(1, c.counts[B].duplicate_acks);
}

static void
test_out_of_order(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 110010, A, ACK, 1201, 5001, 100, 900, 0 },
		{ 110020, A, ACK, 1101, 5001, 100, 900, LATE },
		{ 400000, A, ACK, 1401, 5001, 100, 900, 0 },
		/* The handshake took 100 ms. */
		{ 499999, A, ACK, 1301, 5001, 50, 900, LATE },
		{ 500000, A, ACK, 1351, 5001, 50, 900, RESENT },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(2, c.counts[A].out_of_order);
}

/* Without a handshake 3 ms is the limit. */
static void
test_out_of_order_midstream(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, ACK, 1201, 5001, 100, 900, 0 },
		{ 2999, A, ACK, 1001, 5001, 100, 900, LATE },
		{ 3000, A, ACK, 1101, 5001, 100, 900, RESENT },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
}

static void
test_keep_alive(void **state)
{
	static const struct segment segments[] = {
		{ 1000000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 1060000, B, ACK, 5001, 1101, 0, 900, 0 },
		{ 9000000, A, ACK, 1100, 5001, 0, 900, KEEP },
		{ 9060000, B, ACK, 5001, 1101, 0, 900, 0 },
		{ 18000000, A, ACK, 1100, 5001, 1, 900, KEEP },
		{ 18060000, B, ACK, 5001, 1101, 0, 900, 0 },
		/* The last byte together with new ones. */
		{ 20000000, A, ACK, 1100, 5001, 1, 900, KEEP },
		{ 27000000, A, FIN | ACK, 1100, 5001, 1, 900, RESENT },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(0, c.counts[B].duplicate_acks);
	assert_int_equal(1, c.counts[A].retransmissions);
}

static void
test_zero_window_probe(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 170000, B, ACK, 5001, 1101, 0, 0, ZERO },
		{ 370000, A, ACK, 1101, 5001, 1, 900, 0 },
		{ 430000, B, ACK, 5001, 1101, 0, 0, ZERO },
		/* The same probe again. */
		{ 830000, A, ACK, 1101, 5001, 1, 900, 0 },
		{ 890000, B, ACK, 5001, 1101, 0, 0, ZERO },
		{ 900000, B, ACK, 5001, 1101, 0, 900, 0 },
		{ 960000, A, ACK, 1101, 5001, 100, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(3, c.counts[B].zero_windows);
	assert_int_equal(0, c.counts[A].retransmissions);
}

/* The window opened unseen after a byte that was treated as data: the next segment begins at it. */
static void
test_data_behind_a_probe(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 1, 900, 0 },
		{ 120000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 420000, A, ACK, 1001, 5001, 100, 900, RESENT },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
}

/* One byte into an open window is data. */
static void
test_single_byte(void **state)
{
	static const struct segment segments[] = { { 110000, A, ACK, 1001, 5001, 1, 900, 0 } };
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(1002, c.end[A].next_seq);
}

/* The window of SYN, FIN and RST has no meaning. */
static void
test_no_zero_window(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, SYN, 1000, 0, 0, 0, 0 },
		{ 10, B, RST | ACK, 0, 1001, 0, 0, RESET | SHOOK },
		{ 20, A, FIN | ACK, 1001, 1, 0, 0, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(0, c.counts[A].zero_windows);
}

static void
test_zero_windows_go_on(void **state)
{
	static const struct segment segments[] = { { 0, A, ACK, 1, 1, 0, 0, ZERO } };
	struct connection c = { 0 };

	(void)state;
	c.counts[A].zero_windows = UINT16_MAX;
	PLAY(&c, segments);
	assert_int_equal(UINT16_MAX + 1, c.counts[A].zero_windows);
}

static void
test_sequence_wraps(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, ACK, UINT32_MAX - 99, 5001, 100, 900, 0 },
		{ 5, A, ACK, UINT32_MAX, 5001, 0, 900, KEEP },
		{ 10, A, ACK, 0, 5001, 100, 900, 0 },
		{ 20, A, ACK, 200, 5001, 100, 900, 0 },
		{ 30, B, ACK, 5001, 100, 0, 900, 0 },
		{ 40, A, ACK, 100, 5001, 100, 900, LATE },
		{ 5000, A, ACK, UINT32_MAX - 99, 5001, 100, 900, RESENT },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(300, c.end[A].next_seq);
}

static void
test_time_wraps(void **state)
{
	static const struct segment segments[] = {
		{ UINT32_MAX - 9, A, ACK, 1201, 5001, 100, 900, 0 },
		{ 90, B, ACK, 5001, 1301, 0, 900, 0 },
		{ 95, A, ACK, 1301, 5001, 100, 900, 0 },
		{ 99, A, ACK, 1501, 5001, 100, 900, 0 },
		{ 105, A, ACK, 1401, 5001, 100, 900, LATE },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(100, c.end[A].srtt);
}

static void
test_handshake(void **state)
{
	struct connection c = { 0 };

	(void)state;
	assert_int_equal(UNKNOWN, round_trip(&c));
	PLAY(&c, handshake);
	assert_int_equal(100000, handshake_of(&c));
	assert_int_equal(100000, round_trip(&c));
}

/* The RTT is that of the newest SYN, and a retransmitted SYN/ACK does not change it. */
static void
test_syn_retransmitted(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, SYN, 1000, 0, 0, 900, 0 },
		{ 1000000, A, SYN, 1000, 0, 0, 900, RESENT },
		{ 1060000, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
		{ 1061000, B, SYN | ACK, 5000, 1001, 0, 900, RESENT },
		{ 1100000, A, ACK, 1001, 5001, 0, 900, SHOOK },
		{ 1200000, A, ACK, 1001, 5001, 10, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(100000, handshake_of(&c));
	assert_int_equal(1, c.counts[A].retransmissions);
	assert_int_equal(1, c.counts[B].retransmissions);
}

/* Each row is a handshake, and its RTT. */
static void
test_other_handshakes(void **state)
{
	/* clang-format off */
	static const struct {
		struct segment s[3];
		int64_t handshake;
	} rows[] = {
		{ .s = { /* refused */
			{ 0, A, SYN, 1000, 0, 0, 900, 0 },
			{ 40000, B, RST | ACK, 0, 1001, 0, 0, RESET | SHOOK },
			{ 40000, A, ACK, 1001, 1, 0, 900, 0 },
		  }, .handshake = 40000 },
		{ .s = { /* one direction only */
			{ 0, A, SYN, 1000, 0, 0, 900, 0 },
			{ 100000, A, ACK, 1001, 5001, 0, 900, SHOOK },
			{ 100010, A, ACK, 1001, 5001, 9, 900, 0 },
		  }, .handshake = 100000 },
		{ .s = { /* reset by the client */
			{ 0, A, SYN, 1000, 0, 0, 900, 0 },
			{ 1000000, A, SYN, 1000, 0, 0, 900, RESENT },
			{ 99000000, A, RST | ACK, 1001, 0, 0, 0, RESET },
		  }, .handshake = UNKNOWN },
		{ .s = { /* reset by the server */
			{ 0, A, SYN, 1000, 0, 0, 900, 0 },
			{ 40000, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
			{ 99000000, B, RST | ACK, 5001, 1001, 0, 0, RESET },
		  }, .handshake = UNKNOWN },
		{ .s = { /* the SYN was not captured */
			{ 0, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
			{ 60000, A, ACK, 1001, 5001, 0, 900, 0 },
			{ 60010, A, ACK, 1001, 5001, 9, 900, 0 },
		  }, .handshake = UNKNOWN },
		{ .s = { /* stamps that go back */
			{ 50000, A, SYN, 1000, 0, 0, 900, 0 },
			{ 50010, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
			{ 49990, A, ACK, 1001, 5001, 0, 900, 0 },
		  }, .handshake = UNKNOWN },
		{ .s = { /* within one tick of the clock: a valid RTT */
			{ 5, A, SYN, 1000, 0, 0, 900, 0 },
			{ 5, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
			{ 5, A, ACK, 1001, 5001, 0, 900, SHOOK },
		  }, .handshake = 0 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < NITEMS(rows); i++) {
		struct connection c = { 0 };

		play_all(&c, rows[i].s, NITEMS(rows[i].s));
		if (handshake_of(&c) != rows[i].handshake)
			fail_msg("row %zu: %" PRId64 " us", i, handshake_of(&c));
	}
}

/* RFC 6298, 2: the first sample is used as it is, each later one has a weight of 1/8. */
/* A stamp of 0 is none: without stamps the duration of the handshake is unknown. */
static void
test_handshake_without_stamps(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, SYN, 1000, 0, 0, 900, 0 },
		{ 0, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
		{ 0, A, ACK, 1001, 5001, 0, 900, 0 },
	};
	struct connection c = { .stampless = true };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(UNKNOWN, handshake_of(&c));
}

/* A reset is not a complete handshake, but a handshake with data in one segment is. */
static void
test_handshake_with_fin(void **state)
{
	static const struct segment unanswered[] = {
		{ 0, A, SYN, 1000, 0, 0, 900, 0 },
		{ 9000000, A, FIN | ACK, 1001, 0, 0, 900, 0 },
	};
	static const struct segment answered[] = {
		{ 0, A, SYN, 1000, 0, 0, 900, 0 },
		{ 60000, B, SYN | ACK, 5000, 1001, 0, 900, 0 },
		{ 100000, A, FIN | ACK, 1001, 5001, 10, 900, SHOOK },
	};
	struct connection c = { 0 }, d = { 0 };

	(void)state;
	PLAY(&c, unanswered);
	assert_int_equal(UNKNOWN, handshake_of(&c));
	PLAY(&d, answered);
	assert_int_equal(100000, handshake_of(&d));
}

/* A sends an ACK of all that B has sent, with the timestamp of its ms; B sends 100 bytes with the
 * timestamp that came `delay` ms before. */
static void
download(struct connection *c, unsigned n, uint32_t interval_ms, uint32_t delay_ms)
{
	for (uint32_t i = 1; i <= n; i++) {
		uint32_t ms = i * interval_ms, echo = ms > delay_ms ? ms - delay_ms : 0;
		struct pkt data = { .ts = 1,
			.proto = 6,
			.tcp_flags = ACK,
			.seq = 5000 + i * 100,
			.ack = 1001,
			.payload = 100,
			.window = 900,
			.ts_value = 70 + i,
			.ts_echo = echo };
		struct pkt ack = { .ts = 1,
			.proto = 6,
			.tcp_flags = ACK,
			.seq = 1001,
			.ack = 5100 + i * 100,
			.window = 900,
			.ts_value = ms,
			.ts_echo = 70 + i };

		analyse(c, &data, B, ms * 1000);
		analyse(c, &ack, A, ms * 1000 + 50);
		c->last = ms * 1000 + 50;
	}
}

/* A connection that is older than the capture, with A 100 ms away from B. */
static void
test_stamps_time_a_download(void **state)
{
	struct connection c = { .is_old = true };

	(void)state;
	download(&c, 400, 10, 100);
	assert_in_range(round_trip(&c), 99000, 101000);
}

/* Data that waited for the application of B gives no round trip. */
static void
test_idle_ends_are_not_timed(void **state)
{
	struct connection c = { .is_old = true };

	(void)state;
	download(&c, 40, 2000, 2000);
	assert_int_equal(UNKNOWN, round_trip(&c));
}

/* What was not measured for a minute is not shown. */
static void
test_old_round_trips_lapse(void **state)
{
	struct connection c = { .is_old = true };

	(void)state;
	download(&c, 400, 10, 100);
	c.last += TCP_RTT_LAPSES_US - 200000;
	assert_in_range(round_trip(&c), 99000, 101000);
	c.last += 400000;
	assert_int_equal(UNKNOWN, round_trip(&c));
}

static void
test_round_trip_samples(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, ACK, 1001, 5001, 100, 900, 0 },
		/* Not acknowledged yet, so the first sample continues. */
		{ 1000, A, ACK, 1101, 5001, 100, 900, 0 },
		{ 8000, B, ACK, 5001, 1201, 0, 900, 0 },
		{ 20000, A, ACK, 1201, 5001, 100, 900, 0 },
		{ 36000, B, ACK, 5001, 1301, 0, 900, 0 },
		{ 40000, B, ACK, 5001, 1301, 100, 900, 0 },
		{ 44000, A, ACK, 1301, 5101, 0, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	play_all(&c, segments, 3);
	assert_int_equal(8000, c.end[A].srtt);
	/* Half of the path alone is not an RTT. */
	assert_int_equal(UNKNOWN, round_trip(&c));
	play_all(&c, segments + 3, NITEMS(segments) - 3);
	assert_int_equal(8000 - 1000 + 2000, c.end[A].srtt);
	assert_int_equal(4000, c.end[B].srtt);
	assert_int_equal(13000, round_trip(&c));
}

/* An ACK within one tick of the clock: a valid RTT. */
static void
test_shortest_sample(void **state)
{
	static const struct segment segments[] = {
		{ 5, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 5, B, ACK, 5001, 1101, 100, 900, 0 },
		{ 5, A, ACK, 1101, 5101, 0, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(0, round_trip(&c));
}

/* Half a minute is not cut off. */
static void
test_long_sample(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 30000000, B, ACK, 5001, 1101, 100, 900, 0 },
		{ 60000000, A, ACK, 1101, 5101, 0, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(60000000, round_trip(&c));
}

/* After a retransmission it is unknown which segment an ACK acknowledges (RFC 6298, 3). */
static void
test_karn(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 300000, A, ACK, 1001, 5001, 100, 900, RESENT },
		{ 301000, B, ACK, 5001, 1101, 0, 900, 0 },
	};
	static const struct segment after[] = {
		{ 400000, A, ACK, 1101, 5001, 100, 900, 0 },
		{ 407000, B, ACK, 5001, 1201, 0, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(0, c.end[A].srtt);
	PLAY(&c, after);
	assert_int_equal(7000, c.end[A].srtt);
}

/* An ACK below the sample's end does not complete it, and a keep-alive does not start one. */
static void
test_no_samples(void **state)
{
	static const struct segment segments[] = {
		{ 0, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 1000, B, ACK, 5001, 1100, 0, 900, 0 },
		{ 2000, B, RST, 5001, 0, 0, 900, RESET },
	};
	static const struct segment keep_alive[] = {
		{ 0, A, ACK, 1000, 5001, 0, 900, 0 },
		{ 9000000, A, ACK, 999, 5001, 1, 900, KEEP },
		{ 9005000, B, ACK, 5001, 1000, 0, 900, 0 },
	};
	struct connection c = { 0 }, k = { 0 };

	(void)state;
	PLAY(&c, segments);
	assert_int_equal(UNKNOWN, round_trip(&c));
	PLAY(&k, keep_alive);
	assert_int_equal(UNKNOWN, round_trip(&k));
}

/* A header truncated after the ports has no flags or window: in particular, not a closed window. */
static void
test_cut_header(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 120000, A, 0, 0, 0, 0, 0, 0 },
		{ 130000, A, ACK, 1101, 5001, 100, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
	assert_int_equal(0, c.counts[A].zero_windows);
	assert_int_equal(900, c.end[A].window);
}

/* A reset with a forged number must not make all later segments look old. */
static void
test_reset_does_not_advance(void **state)
{
	static const struct segment segments[] = {
		{ 110000, A, ACK, 1001, 5001, 100, 900, 0 },
		{ 120000, A, RST, 900001, 0, 0, 0, RESET },
		{ 400000, A, ACK, 1101, 5001, 100, 900, 0 },
	};
	struct connection c = { 0 };

	(void)state;
	PLAY(&c, handshake);
	PLAY(&c, segments);
}

/* Numbers that are close enough to meet. */
static void
test_plain_segments(void **state)
{
	static const uint8_t flags[] = { ACK, ACK, ACK, ACK | TCP_PSH, ACK | FIN, SYN, SYN | ACK,
		RST };
	static const uint16_t window[] = { 900, 900, 901, 0 };
	static const uint32_t step[] = { 0, 0, 1, 2, 100, UINT32_MAX };
	struct connection c = { 0 };
	uint32_t us = 0, sent[2] = { 0 }, x = 1, plain = 0;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		int way = (int)(x >> 30 & 1);
		struct pkt p = { .ts = 1, .proto = 6, .flags = PKT_PORTS };

		x = x * 1664525 + 1013904223;
		p.tcp_flags = flags[(x >> 8) % NITEMS(flags)];
		p.window = window[(x >> 12) % NITEMS(window)];
		p.payload = step[(x >> 16) % NITEMS(step)] % UINT32_MAX;
		p.seq = sent[way] + step[(x >> 20) % 7 / 2 * (x >> 23 & 1)];
		p.ack = sent[!way] + step[(x >> 24) % NITEMS(step)];
		us += (x >> 28) * 500;
		plain += tcp_is_plain(c.end, &p, way);
		analyse(&c, &p, way, us);
		sent[way] = c.end[way].next_seq;
		if (i % 50 == 0)
			c = (struct connection){ 0 };
	}
	assert_in_range(plain, 10000, 190000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_spurious_retransmission),
		cmocka_unit_test(test_fast_retransmission),
		cmocka_unit_test(test_too_few_duplicates),
		cmocka_unit_test(test_not_duplicates),
		cmocka_unit_test(test_out_of_order),
		cmocka_unit_test(test_out_of_order_midstream),
		cmocka_unit_test(test_keep_alive),
		cmocka_unit_test(test_zero_window_probe),
		cmocka_unit_test(test_data_behind_a_probe),
		cmocka_unit_test(test_single_byte),
		cmocka_unit_test(test_no_zero_window),
		cmocka_unit_test(test_zero_windows_go_on),
		cmocka_unit_test(test_sequence_wraps),
		cmocka_unit_test(test_time_wraps),
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_syn_retransmitted),
		cmocka_unit_test(test_other_handshakes),
		cmocka_unit_test(test_handshake_without_stamps),
		cmocka_unit_test(test_handshake_with_fin),
		cmocka_unit_test(test_round_trip_samples),
		cmocka_unit_test(test_stamps_time_a_download),
		cmocka_unit_test(test_idle_ends_are_not_timed),
		cmocka_unit_test(test_old_round_trips_lapse),
		cmocka_unit_test(test_shortest_sample),
		cmocka_unit_test(test_long_sample),
		cmocka_unit_test(test_karn),
		cmocka_unit_test(test_no_samples),
		cmocka_unit_test(test_cut_header),
		cmocka_unit_test(test_reset_does_not_advance),
		cmocka_unit_test(test_plain_segments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
