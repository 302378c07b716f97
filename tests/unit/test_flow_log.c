/* Flow records: when they end, what they count, and the state of the connection. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "export/flow_log.h"
#include "util/alloc.h"

#define S  UINT64_C(1000000000)
#define T0 (UINT64_C(1700000000) * S) /* 2023-11-14T22:13:20Z */

static const struct hashkey fixed_key = { 1, 2 };

struct fixture {
	struct ledger *ledger;
	struct flow_log log;
	struct buf names, out;
	unsigned records, portions;
	uint64_t packets, bytes;
	enum flow_end portion_end;
	uint64_t portion_packets, portion_bytes, portion_ip_bytes,
	    portion_first; /* first: a to b */
};

/* The cell of that column in the newest line; valid until the next call. */
static const char *
cell(struct fixture *f, const char *name)
{
	static char text[128];
	const char *names = f->names.s, *cells = f->out.s;

	for (;;) {
		size_t n = strcspn(names, ",\r"), m = strcspn(cells, ",\r");

		if (n == strlen(name) && memcmp(names, name, n) == 0) {
			strlcpy(text, cells, m + 1 < sizeof(text) ? m + 1 : sizeof(text));
			return text;
		}
		assert_int_equal(names[n], ',');
		assert_int_equal(cells[m], ',');
		names += n + 1;
		cells += m + 1;
	}
}

static void
take_portion(void *arg, const struct flow *flow, const struct flow_portion *p, enum flow_end end)
{
	struct fixture *f = arg;

	(void)flow;
	f->portions++;
	f->portion_end = end;
	f->portion_first = p->first[0];
	for (int way = 0; way < 2; way++) {
		f->portion_packets += p->t[way].packets;
		f->portion_bytes += p->t[way].bytes;
		f->portion_ip_bytes += p->ip_bytes[way];
	}
}

static void
take(void *arg, const struct flow *flow, const struct flow_record *r, enum flow_end end)
{
	struct fixture *f = arg;

	buf_clear(&f->out);
	flow_record_line(&f->out, false, f->ledger, flow, r, end);
	f->records++;
	f->packets += strtoull(cell(f, "packets_ab"), NULL, 10);
	f->packets += strtoull(cell(f, "packets_ba"), NULL, 10);
	f->bytes += strtoull(cell(f, "bytes_ab"), NULL, 10);
	f->bytes += strtoull(cell(f, "bytes_ba"), NULL, 10);
}

static int
setup(void **state)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN, .key = &fixed_key };
	struct fixture *f = calloc(1, sizeof(*f));

	f->ledger = ledger_new(&c);
	ledger_add_source(f->ledger, "eth0", 1, 0);
	buf_new(&f->names);
	buf_new(&f->out);
	flow_record_columns(&f->names);
	flow_log_init(&f->log, f->ledger, take, f);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	pages_del(f->log.record);
	ledger_del(f->ledger);
	buf_del(&f->names);
	buf_del(&f->out);
	free(f);
	return 0;
}

static void
tick(struct fixture *f, uint64_t now)
{
	flow_log_tick(&f->log, now);
	while (flow_log_step(&f->log, 1))
		;
}

static void
stop(struct fixture *f, uint64_t now)
{
	flow_log_end(&f->log, now);
	while (flow_log_step(&f->log, 1))
		;
	assert_int_equal(0, f->log.open);
	flow_log_fini(&f->log);
}

/* Ends the log, and checks that no packet is lost. */
static void
end(struct fixture *f, uint64_t now)
{
	stop(f, now);
	assert_int_equal(f->packets, f->ledger->totals.all.packets);
	assert_int_equal(f->bytes, f->ledger->totals.all.bytes);
}

static struct pkt
packet(uint8_t proto, int way, uint32_t len, uint64_t ts)
{
	struct pkt p = {
		.src = { .b = { 192, 0, 2, 1 } },
		.dst = { .b = { 192, 0, 2, 2 } },
		.ts = ts,
		.len = len,
		.sport = 40000,
		.dport = 80,
		.proto = proto,
		.kind = ADDR_IP4,
		.flags = PKT_PORTS,
		.depth = 2,
		.stack = { PROTO_ETH, PROTO_IP },
	};

	if (way == 1) {
		struct addr a = p.src;

		p.src = p.dst;
		p.dst = a;
		p.sport = 80;
		p.dport = 40000;
	}
	return p;
}

static void
count(struct fixture *f, struct pkt p)
{
	ledger_count(f->ledger, &p, 1);
}

/* Segments as ">S <SA >A": direction and flags. */
static void
talk(struct fixture *f, const char *text, uint64_t ts)
{
	static const char letters[] = "FSRPA";

	while (*text != '\0') {
		struct pkt p = packet(6, *text++ == '<', 60, ts++);

		p.seq = (uint32_t)(ts / S); /* so that a later SYN differs */
		for (; *text != '\0' && *text != ' '; text++)
			p.tcp_flags |= (uint8_t)(1 << (strchr(letters, *text) - letters));
		if (*text == ' ')
			text++;
		count(f, p);
	}
}

static void
test_how_connections_went(void **state)
{
	static const struct {
		const char *packets, *conn_state, *ended;
	} rows[] = {
		{ ">S", "S0", "exit" }, { ">S >S", "S0", "exit" }, { ">S <SA", "S1", "exit" },
		{ ">S <SA >A", "S1", "exit" }, { ">S <SA >A >FA <FA >A", "SF", "closed" },
		{ ">S <SA >A >FA <A <FA >A >R", "SF", "closed" }, { ">S <RA", "REJ", "reset" },
		{ ">S >S <RA", "REJ", "reset" }, { ">S <RA >R", "REJ", "reset" },
		{ ">S <SA >A >FA", "S2", "exit" }, { ">S <SA >A <FA", "S3", "exit" },
		{ ">S <SA >A >R", "RSTO", "reset" }, { ">S <SA >R", "RSTO", "reset" },
		{ ">S <SA >A <R", "RSTR", "reset" }, { ">S <SA >A >FA <R", "RSTR", "reset" },
		{ ">S <SA >A >FA >R", "RSTO", "reset" }, { ">S >R", "RSTOS0", "reset" },
		{ ">SA >R", "OTH", "reset" }, { "<SA <R", "RSTRH", "reset" },
		{ ">S >F", "SH", "exit" }, { ">SA >F", "SH", "exit" }, { "<SA <F", "SHR", "exit" },
		{ ">A <A", "OTH", "exit" }, { ">A >F", "SH", "exit" },
		{ ">A <A >FA <FA", "SF", "closed" }, { ">A <A >R", "OTH", "reset" },
		{ ">A <A <R", "RSTRH", "reset" }, { "<SA >A", "S1", "exit" },
		{ "<A >S <SA >A", "S1", "exit" }, /* the ends are swapped */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(setup(state), 0);
		talk(*state, rows[i].packets, T0);
		end(*state, T0 + S);
		assert_string_equal(cell(*state, "conn_state"), rows[i].conn_state);
		assert_string_equal(cell(*state, "ended"), rows[i].ended);
		teardown(state);
	}
}

static void
test_datagrams(void **state)
{
	struct fixture *f = *state;

	count(f, packet(17, 0, 100, T0));
	count(f, packet(1, 0, 100, T0));
	tick(f, T0 + 59 * S);
	assert_int_equal(f->records, 0);
	tick(f, T0 + 61 * S);
	assert_int_equal(f->records, 2);
	assert_string_equal(cell(f, "conn_state"), "OTH");
	assert_string_equal(cell(f, "ended"), "idle");
	count(f, packet(17, 0, 100, T0 + 70 * S));
	count(f, packet(17, 1, 100, T0 + 70 * S));
	end(f, T0 + 71 * S);
	assert_int_equal(f->records, 3);
	assert_string_equal(cell(f, "conn_state"), "SF");
	assert_string_equal(cell(f, "start"), "2023-11-14T22:14:30.000000000Z");
}

/* A call checks so many flows, fewer if their records are written. */
static void
test_steps(void **state)
{
	struct fixture *f = *state;
	unsigned before = 0, calls = 0, quiet = 0;
	bool more;

	for (uint16_t i = 0; i < 1000; i++) {
		struct pkt p = packet(17, 0, 100, i % 2 == 0 ? T0 : T0 + 50 * S);

		p.sport = i;
		count(f, p);
		quiet += i % 2 == 0;
	}
	flow_log_tick(&f->log, T0 + 61 * S);
	assert_int_equal(0, f->records);
	do {
		more = flow_log_step(&f->log, 100);
		assert_in_range(f->records - before, 0, 7);
		assert_in_range(f->log.walk.at, 0, ++calls * 100);
		before = f->records;
	} while (more);
	assert_int_equal(quiet, f->records);
	end(f, T0 + 71 * S);
	assert_int_equal(1000, f->records);
}

/* So many packets of each flow, from number `from` on. */
static void
count_each(struct fixture *f, uint32_t from, uint32_t n, uint64_t ts)
{
	for (uint32_t i = from; i < from + n; i++) {
		struct pkt p = packet(6, 0, 100, ts);

		p.tcp_flags = 0x10;
		p.payload = 46;
		p.seq = 1;
		memcpy(&p.src.b[1], &i, 3);
		count(f, p);
	}
}

/*
 * After its end a log takes no more packets, but has all earlier ones, also of flows that are
 * evicted or continue before they are written; a call writes few records.
 */
static void
test_end_in_steps(void **state)
{
	struct fixture *f = *state;
	uint32_t max = f->ledger->flows.table.max;
	unsigned before, calls = 0;
	bool more;

	count_each(f, 0, max, T0);
	flow_log_end(&f->log, T0 + S);
	count_each(f, max - 500, 500, T0 + 2 * S);
	count_each(f, max, 300, T0 + 2 * S);
	assert_int_equal(300, f->records);
	assert_int_equal(max - 300, f->log.open);
	assert_string_equal(cell(f, "ended"), "exit");
	do {
		before = f->records;
		more = flow_log_step(&f->log, 160);
		assert_in_range(f->records - before, 0, 10);
		assert_string_equal(cell(f, "end"), "2023-11-14T22:13:20.000000000Z");
		count_each(f, max - 10, 5, T0 + 3 * S);
		calls++;
	} while (more);
	assert_in_range(calls, max / 10 - 30, max / 10 + 30);
	assert_int_equal(max, f->records);
	assert_int_equal(max, f->packets);
	assert_int_equal(0, f->log.open);
	flow_log_fini(&f->log);
	count_each(f, 0, 10, T0 + 4 * S);
	assert_int_equal(max, f->records);
}

/* All records end, and new ones start for flows that continue. */
static void
test_part(void **state)
{
	struct fixture *f = *state;

	flow_log_flush(&f->log, T0);
	assert_false(flow_log_step(&f->log, 1));
	count_each(f, 0, 1000, T0);
	flow_log_flush(&f->log, T0 + S);
	for (unsigned i = 0; i < 10; i++) {
		assert_true(flow_log_step(&f->log, 160));
		assert_int_equal((i + 1) * 10, f->records);
	}
	count_each(f, 50, 100, T0 + S);
	while (flow_log_step(&f->log, 160))
		;
	assert_int_equal(1000, f->records);
	assert_int_equal(1050, f->packets);
	assert_int_equal(50, f->log.open);
	assert_string_equal(cell(f, "ended"), "evicted");
	count_each(f, 0, 10, T0 + 2 * S);
	assert_int_equal(60, f->log.open);
	/* Then no more than usual. */
	tick(f, T0 + 3 * S);
	assert_int_equal(60, f->log.open);
	end(f, T0 + 3 * S);
}

/* Events of a flow after the end are not in its record, also if the ends are swapped. */
static void
test_suffered_after_the_end(void **state)
{
	struct fixture *f = *state;

	count_each(f, 1, 1, T0);
	count_each(f, 1, 1, T0 + S);
	flow_log_end(&f->log, T0 + S);
	for (unsigned i = 0; i < 4; i++)
		count_each(f, 1, 1, T0 + 2 * S + i * S / 100);
	assert_int_equal(5, f->ledger->flows.row[0].tcp[0].retransmissions);
	while (flow_log_step(&f->log, 1))
		;
	assert_string_equal(cell(f, "packets_ab"), "2");
	assert_string_equal(cell(f, "retransmissions_ab"), "1");
	flow_log_fini(&f->log);
}

/* The events of a record's first packet belong to that record, and a handshake to the one in
 * which it ends. */
static void
test_events_of_the_first_packet(void **state)
{
	struct fixture *f = *state;
	struct pkt p = packet(6, 0, 60, T0 + 400 * S);

	talk(f, ">S <SA >A <R", T0);
	talk(f, "<R", T0 + 20 * S);
	assert_int_equal(f->records, 1);
	assert_string_equal(cell(f, "resets"), "1");
	assert_string_not_equal(cell(f, "handshake"), "");
	p.tcp_flags = TCP_ACK;
	p.seq = (uint32_t)(T0 / S) - 50;
	p.payload = 10;
	count(f, p);
	assert_int_equal(f->records, 2);
	assert_string_equal(cell(f, "resets"), "1");
	assert_string_equal(cell(f, "retransmissions_ab"), "0");
	assert_string_equal(cell(f, "handshake"), "");
	end(f, T0 + 401 * S);
	assert_string_equal(cell(f, "resets"), "0");
	assert_string_equal(cell(f, "retransmissions_ab"), "1");
}

/* The same packets give the same records, with or without ticks in between. */
static void
test_a_pause_parts_records_without_a_tick(void **state)
{
	struct fixture *f = *state;

	count(f, packet(17, 0, 100, T0));
	count(f, packet(17, 0, 100, T0 + 30 * S));
	count(f, packet(17, 0, 100, T0 + 95 * S));
	assert_int_equal(f->records, 1);
	assert_string_equal(cell(f, "packets_ab"), "2");
	assert_string_equal(cell(f, "duration"), "30.000000000");
	end(f, T0 + 95 * S);
	assert_int_equal(f->records, 2);
}

/* Packets just after the end belong to the connection; a new SYN does not. */
static void
test_behind_the_end(void **state)
{
	struct fixture *f = *state;

	talk(f, ">S <SA >A >FA <FA >A", T0);
	talk(f, "<FA >A", T0 + S);
	tick(f, T0 + 2 * S);
	assert_int_equal(f->records, 0);
	talk(f, ">S", T0 + 3 * S);
	tick(f, T0 + 7 * S);
	assert_int_equal(f->records, 1);
	assert_string_equal(cell(f, "ended"), "closed");
	assert_string_equal(cell(f, "packets_ab"), "5");
	end(f, T0 + 8 * S);
	assert_int_equal(f->records, 2);
	assert_string_equal(cell(f, "conn_state"), "S0");
}

/* An unanswered attempt ends after five seconds; a later attempt starts another record. */
static void
test_attempts(void **state)
{
	struct fixture *f = *state;
	static const unsigned at[] = { 0, 1, 3, 7, 15 };

	for (unsigned i = 0; i < 5; i++) {
		struct pkt p = packet(6, 0, 60, T0 + at[i] * S);

		p.tcp_flags = TCP_SYN;
		count(f, p);
	}
	end(f, T0 + 30 * S);
	assert_int_equal(f->records, 3);
	assert_string_equal(cell(f, "conn_state"), "S0");
	assert_string_equal(cell(f, "packets_ab"), "1");
}

/* A SYN with another number within a connection starts another record, and another flow. */
static void
test_reused(void **state)
{
	struct fixture *f = *state;

	talk(f, ">S <SA >A", T0);
	talk(f, ">S", T0 + 2 * S);
	tick(f, T0 + 3 * S);
	assert_int_equal(f->records, 1);
	assert_string_equal(cell(f, "ended"), "reused");
	assert_string_equal(cell(f, "packets_ab"), "2");
	end(f, T0 + 3 * S);
	assert_int_equal(f->records, 2);
	assert_int_equal(f->ledger->flows.table.used, 2);
}

static void
test_features(void **state)
{
	struct fixture *f = *state;

	count(f, packet(17, 0, 100, T0));
	count(f, packet(17, 0, 200, T0 + 1 * S));
	count(f, packet(17, 0, 600, T0 + 11 * S));
	end(f, T0 + 12 * S);
	assert_string_equal(cell(f, "size_min_ab"), "100");
	assert_string_equal(cell(f, "size_mean_ab"), "300");
	assert_string_equal(cell(f, "size_max_ab"), "600");
	assert_true(fabs(strtod(cell(f, "size_deviation_ab"), NULL) - 216.0247) < 0.001);
	assert_string_equal(cell(f, "size_min_ba"), "");
	assert_string_equal(cell(f, "gap_min_ab"), "1.000000000");
	assert_string_equal(cell(f, "gap_mean_ab"), "5.5");
	assert_string_equal(cell(f, "gap_max_ab"), "10.000000000");
	assert_string_equal(cell(f, "active_min"), "0.000000000");
	assert_string_equal(cell(f, "active_max"), "1.000000000");
	assert_string_equal(cell(f, "idle_mean"), "10");
	assert_string_equal(cell(f, "flags_ab"), "");
	assert_string_equal(cell(f, "resets"), "");
}

/* Five seconds are the longest gap within a period of activity. */
static void
test_activity(void **state)
{
	struct fixture *f = *state;

	count(f, packet(17, 0, 100, T0));
	count(f, packet(17, 0, 100, T0 + 5 * S));
	count(f, packet(17, 0, 100, T0 + 10 * S + 1));
	end(f, T0 + 12 * S);
	assert_string_equal(cell(f, "active_max"), "5.000000000");
	assert_string_equal(cell(f, "idle_max"), "5.000000001");
}

/* More flows than there is room for: each has a record. */
static void
test_evicted(void **state)
{
	struct fixture *f = *state;
	uint32_t n = f->ledger->flows.table.max + 1000;

	for (uint32_t i = 0; i < n; i++) {
		struct pkt p = packet(17, 0, 100, T0 + i);

		memcpy(&p.src.b[1], &i, 3);
		count(f, p);
	}
	assert_int_equal(f->records, 1000);
	assert_string_equal(cell(f, "ended"), "evicted");
	end(f, T0 + S);
	assert_int_equal(f->records, n);
}

static void
test_counting_starts_anew(void **state)
{
	struct fixture *f = *state;

	count(f, packet(17, 0, 100, T0));
	ledger_reset(f->ledger);
	assert_int_equal(f->records, 1);
	count(f, packet(17, 0, 100, T0 + 1));
	stop(f, T0 + 2);
	assert_int_equal(f->records, 2);
}

/* A clock that is set back does not cause a pause of centuries. */
static void
test_time_goes_back(void **state)
{
	struct fixture *f = *state;

	count(f, packet(17, 0, 100, T0 + 50 * S));
	count(f, packet(17, 0, 100, T0));
	end(f, T0);
	assert_int_equal(f->records, 1);
	assert_string_equal(cell(f, "gap_max_ab"), "0.000000000");
}

static struct pkt
sized(int way, uint32_t len, uint64_t ts)
{
	struct pkt p = packet(17, way, len, ts);

	p.net_len = len - 14;
	return p;
}

static struct pkt
segment(int way, uint8_t flags, uint32_t seq, uint64_t ts)
{
	struct pkt p = packet(6, way, 60, ts);

	p.tcp_flags = flags;
	p.seq = seq;
	return p;
}

static void
start_portions(struct fixture *f, struct flow_portions *fp)
{
	flow_portions_init(fp, f->ledger, take_portion, f);
	fp->active_ns = 10 * S;
	fp->inactive_ns = 4 * S;
}

static void
step_portions(struct flow_portions *fp)
{
	while (flow_portions_step(fp, 1))
		;
}

static void
tick_portions(struct flow_portions *fp, uint64_t now)
{
	flow_portions_tick(fp, now);
	step_portions(fp);
}

static void
end_portions(struct fixture *f, struct flow_portions *fp, uint64_t now)
{
	flow_portions_end(fp, now);
	step_portions(fp);
	flow_portions_fini(fp);
	assert_int_equal(f->portion_packets, f->ledger->totals.all.packets);
	assert_int_equal(f->portion_bytes, f->ledger->totals.all.bytes);
}

/* Portions of a long flow end at the timeouts, the limits included, and lose nothing. */
static void
test_portions(void **state)
{
	struct fixture *f = *state;
	struct flow_portions fp;

	start_portions(f, &fp);
	for (unsigned i = 0; i <= 9; i++)
		count(f, sized(0, 100, T0 + i * S));
	tick_portions(&fp, T0 + 10 * S - 1);
	assert_int_equal(f->portions, 0);
	tick_portions(&fp, T0 + 10 * S);
	assert_int_equal(f->portions, 1);
	assert_int_equal(f->portion_end, FLOW_END_ACTIVE);
	assert_int_equal(f->portion_packets, 10);
	assert_int_equal(f->portion_ip_bytes, 860);
	tick_portions(&fp, T0 + 10 * S);
	assert_int_equal(f->portions, 1);

	/* A pause ends one without a tick, as a file has none. */
	count(f, sized(1, 200, T0 + 12 * S));
	count(f, sized(0, 50, T0 + 16 * S));
	assert_int_equal(f->portions, 2);
	assert_int_equal(f->portion_end, FLOW_END_INACTIVE);
	count(f, sized(0, 50, T0 + 26 * S - 1));
	tick_portions(&fp, T0 + 30 * S - 2);
	assert_int_equal(f->portions, 3);
	tick_portions(&fp, T0 + 30 * S - 1);
	assert_int_equal(f->portions, 4);
	end_portions(f, &fp, T0 + 31 * S);
	assert_int_equal(f->portions, 4);
	end(f, T0 + 31 * S);
}

/* One direction pauses while the other one goes on, and an earlier packet is read later. */
static void
test_portions_of_both_ways(void **state)
{
	struct fixture *f = *state;
	struct flow_portions fp;

	start_portions(f, &fp);
	count(f, sized(0, 100, T0 + S));
	for (unsigned i = 2; i <= 7; i++)
		count(f, sized(1, 100, T0 + i * S));
	count(f, sized(0, 100, T0 + 7 * S));
	count(f, sized(0, 100, T0));
	assert_int_equal(f->portions, 0);
	count(f, sized(1, 100, T0 + 10 * S - 1));
	assert_int_equal(f->portions, 0);
	count(f, sized(1, 100, T0 + 10 * S));
	assert_int_equal(f->portions, 1);
	assert_int_equal(f->portion_end, FLOW_END_ACTIVE);
	assert_int_equal(f->portion_first, T0);
	flow_portions_flush(&fp, T0 + 10 * S);
	step_portions(&fp);
	assert_int_equal(f->portions, 2);
	assert_int_equal(f->portion_end, FLOW_END_EVICTED);
	count(f, sized(1, 100, T0 + 11 * S));
	end_portions(f, &fp, T0 + 12 * S);
	assert_int_equal(f->portion_end, FLOW_END_EXIT);
	end(f, T0 + 12 * S);
}

/* The portion of a connection that has ended waits for late packets; the next one is another. */
static void
test_portions_of_connections(void **state)
{
	struct fixture *f = *state;
	struct flow_portions fp;

	start_portions(f, &fp);
	fp.inactive_ns = 100 * S;
	count(f, segment(0, TCP_SYN, 1, T0));
	count(f, segment(1, TCP_SYN | TCP_ACK, 1, T0));
	count(f, segment(0, TCP_ACK | TCP_FIN, 2, T0));
	count(f, segment(1, TCP_ACK | TCP_FIN, 2, T0 + S));
	tick_portions(&fp, T0 + 6 * S - 1);
	assert_int_equal(f->portions, 0);
	tick_portions(&fp, T0 + 6 * S);
	assert_int_equal(f->portions, 1);
	assert_int_equal(f->portion_end, FLOW_END_CLOSED);
	count(f, segment(0, TCP_SYN, 1000, T0 + 7 * S));
	count(f, segment(1, TCP_RST | TCP_ACK, 0, T0 + 7 * S));
	count(f, segment(0, TCP_SYN, 5000, T0 + 8 * S));
	tick_portions(&fp, T0 + 8 * S);
	assert_int_equal(f->portions, 2);
	assert_int_equal(f->portion_end, FLOW_END_REUSED);
	end_portions(f, &fp, T0 + 9 * S);
	end(f, T0 + 9 * S);
}

/* Two logs at the same time; one stops. */
static void
test_two_logs(void **state)
{
	struct fixture *f = *state, other = { .ledger = f->ledger };
	struct flow_log log;

	buf_new(&other.out);
	other.names = f->names;
	flow_log_init(&log, f->ledger, take, &other);
	count(f, packet(17, 0, 100, T0));
	flow_log_end(&log, T0);
	while (flow_log_step(&log, 1))
		;
	flow_log_fini(&log);
	assert_int_equal(other.packets, 1);
	count(f, packet(17, 0, 100, T0));
	end(f, T0);
	assert_int_equal(f->packets, 2);
	assert_int_equal(other.packets, 1);
	buf_del(&other.out);
}

static void
test_json(void **state)
{
	struct fixture *f = *state;
	char text[FLOW_RECORD_LINE];
	struct buf line;

	count(f, packet(17, 0, 100, T0));
	buf_init(&line, text, sizeof(text));
	flow_record_line(
	    &line, true, f->ledger, &f->ledger->flows.row[0], &f->log.record[0], FLOW_END_EVICTED);
	assert_string_equal(text,
	    "{\"start\":\"2023-11-14T22:13:20.000000000Z\","
	    "\"end\":\"2023-11-14T22:13:20.000000000Z\",\"duration\":0.000000000,"
	    "\"source\":\"eth0\",\"protocol\":\"udp\",\"a\":\"192.0.2.1\",\"a_port\":40000,"
	    "\"b\":\"192.0.2.2\",\"b_port\":80,\"ended\":\"evicted\",\"conn_state\":\"S0\","
	    "\"packets_ab\":1,\"bytes_ab\":100,\"packets_ba\":0,\"bytes_ba\":0,"
	    "\"size_min_ab\":100,\"size_mean_ab\":100,\"size_max_ab\":100,"
	    "\"size_deviation_ab\":0,\"originator\":\"a\",\"history\":\"D\",\"orig_bytes\":0,"
	    "\"resp_bytes\":0,\"orig_pkts\":1,\"orig_ip_bytes\":0,\"resp_pkts\":0,"
	    "\"resp_ip_bytes\":0,\"ttl\":0}\n");
	end(f, T0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_how_connections_went),
		cmocka_unit_test_setup_teardown(test_datagrams, setup, teardown),
		cmocka_unit_test_setup_teardown(test_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end_in_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_suffered_after_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_part, setup, teardown),
		cmocka_unit_test_setup_teardown(test_events_of_the_first_packet, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_pause_parts_records_without_a_tick, setup, teardown),
		cmocka_unit_test_setup_teardown(test_behind_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_attempts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_features, setup, teardown),
		cmocka_unit_test_setup_teardown(test_activity, setup, teardown),
		cmocka_unit_test_setup_teardown(test_evicted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counting_starts_anew, setup, teardown),
		cmocka_unit_test_setup_teardown(test_time_goes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_portions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_portions_of_both_ways, setup, teardown),
		cmocka_unit_test_setup_teardown(test_portions_of_connections, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_logs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
