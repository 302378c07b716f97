/* The line protocol, the URL, and the queue of lines. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/influx.h"
#include "ext/http_client.h"
#include "feed/private.h"
#include "ledger.h"

static const char *
escaped(const char *value)
{
	static char text[256];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	influx_escape_tag(&b, value);
	return text;
}

static void
test_escape(void **state)
{
	(void)state;
	assert_string_equal(escaped("eth0"), "eth0");
	assert_string_equal(escaped("a b,c=d"), "a\\ b\\,c\\=d");
	assert_string_equal(escaped("\\Device\\NPF\\"), "/Device/NPF/");
	assert_string_equal(escaped("line\nnext\r\x7f"), "line_next__");
	assert_string_equal(escaped("\"caf\xc3\xa9\""), "\"caf\xc3\xa9\"");
}

static void
test_lines(void **state)
{
	struct ledger *l = ledger_small();
	struct influx_top top;
	struct influx_point p = { .ledger = l, .site = "my site", .time = 5 * S, .top = &top };
	struct pkt packets[2] = {
		packet(17, 0x0a000001, 1000, 0x0a000002, 53, 100, 2 * S),
		packet(17, 0x0a000003, 1000, 0x0a000002, 53, 60, 2 * S),
	};
	struct buf b;

	(void)state;
	ledger_tick(l, S);
	l->source[0].drops_known = true;
	l->source[0].kernel_dropped = UINT64_MAX;
	ledger_count(l, packets, 2);
	ledger_tick(l, 3 * S);
	while (ledger_fold(l, 1))
		;
	influx_top_begin(&top, 2);
	while (influx_top_step(&top, l, 1))
		;
	buf_new(&b);
	influx_lines(&b, &p);
	assert_string_equal(b.s,
	    "pkttop_total,host=my\\ site packets=2i,bytes=160i,packets_in=0i,bytes_in=0i,"
	    "packets_out=0i,bytes_out=0i,malformed=0i,truncated=0i,duplicates=0i,flows=2i,hosts=3i,"
	    "evicted_flows=0i,tcp_segments=0i,retransmissions=0i,out_of_order=0i,resets=0i "
	    "5000000000\n"
	    "pkttop_source,host=my\\ site,source=test packets=2i,bytes=160i,bps=640,"
	    "kernel_dropped=9223372036854775807i,interface_dropped=0i,state=\"running\" "
	    "5000000000\n"
	    "pkttop_protocol,host=my\\ site,path=eth packets=2i,bytes=160i 5000000000\n"
	    "pkttop_protocol,host=my\\ site,path=eth/ip packets=2i,bytes=160i 5000000000\n"
	    "pkttop_protocol,host=my\\ site,path=eth/ip/udp packets=2i,bytes=160i 5000000000\n"
	    "pkttop_host,host=my\\ site,address=10.0.0.2 packets_out=0i,bytes_out=0i,packets_in=2i,"
	    "bytes_in=160i,bps=640 5000000000\n"
	    "pkttop_host,host=my\\ site,address=10.0.0.1 "
	    "packets_out=1i,bytes_out=100i,packets_in=0i,"
	    "bytes_in=0i,bps=400 5000000000\n");
	buf_del(&b);

	/* In the next interval nobody sends. */
	ledger_tick(l, 4 * S);
	while (ledger_fold(l, 1))
		;
	influx_top_begin(&top, 2);
	while (influx_top_step(&top, l, 1))
		;
	assert_int_equal(top.n, 0);
	ledger_del(l);
}

static void
test_measurements(void **state)
{
	(void)state;
	assert_string_equal(influx_measurement_name(0), "pkttop_total");
	assert_string_equal(influx_measurement_name(3), "pkttop_host");
	assert_null(influx_measurement_name(4));
}

/* The list has the largest, in order, for any number that is wanted. */
static void
test_top(void **state)
{
	struct ledger *l = ledger_small();
	struct influx_top top;

	(void)state;
	ledger_tick(l, S);
	for (uint32_t i = 1; i <= 50; i++) {
		struct pkt p =
		    packet(17, 0x0a000000 + i, 1, 0x0b000000 + i, 2, 60 + i * 37 % 50, S);

		ledger_count(l, &p, 1);
	}
	ledger_tick(l, 2 * S);
	while (ledger_fold(l, 1))
		;
	for (unsigned wanted = 0; wanted <= 120; wanted += 40) {
		influx_top_begin(&top, wanted);
		while (influx_top_step(&top, l, 7))
			;
		assert_int_equal(top.n, wanted < 100 ? wanted : 100);
		for (unsigned i = 1; i < top.n; i++)
			assert_in_range(top.host[i].t[0].bytes + top.host[i].t[1].bytes, 0,
			    top.host[i - 1].t[0].bytes + top.host[i - 1].t[1].bytes);
		if (top.n > 0)
			assert_int_equal(top.host[0].t[0].bytes + top.host[0].t[1].bytes, 109);
	}
	ledger_del(l);
}

static void
test_url(void **state)
{
	static const struct {
		const char *url, *user, *host, *port, *path, *database;
		bool tls, v2;
	} good[] = {
		{ "http://db:8086/?db=net", "", "db", "8086", "", "net", false, false },
		{ "http://db?db=net", "", "db", "8086", "", "net", false, false },
		{ "https://me@db.example:443/influx/?db=a%20b", "me", "db.example", "443",
		    "/influx", "a%20b", true, false },
		{ "http://[::1]:99/?org=o&bucket=b", "", "::1", "99", "", "b", false, true },
		{ "http://[2001:db8::1]/x/y?bucket=b", "", "2001:db8::1", "8086", "/x/y", "b",
		    false, true },
	};
	static const char *const bad[][2] = {
		{ "db:8086", "must be http" },
		{ "ftp://db/?db=x", "must be http" },
		{ "http:///?db=x", "must be http" },
		{ "http://db/?db=x y", "must be http" },
		{ "http://db/\n?db=x", "must be http" },
		{ "http://db:8086/", "which database" },
		{ "http://db/?db=", "which database" },
		{ "http://me:secret@db/?db=x", "a password in the URL" },
		{ "http://db/?db=x&u=me&p=secret", "\"p=\" in the URL" },
		{ "http://db/?bucket=x&token=secret", "\"token=\" in the URL" },
	};
	struct influx_url u;
	char text[1024];
	struct buf err;

	(void)state;
	buf_init(&err, text, sizeof(text));
	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(influx_url_parse(&u, good[i].url, &err));
		assert_string_equal(u.user, good[i].user);
		assert_string_equal(u.host, good[i].host);
		assert_string_equal(u.port, good[i].port);
		assert_string_equal(u.path, good[i].path);
		assert_string_equal(u.database, good[i].database);
		assert_int_equal(u.tls, good[i].tls);
		assert_int_equal(u.v2, good[i].v2);
	}
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(influx_url_parse(&u, bad[i][0], &err));
		assert_non_null(strstr(err.s, bad[i][1]));
		assert_null(strstr(err.s, "secret"));
	}
}

struct folder {
	char path[64], text[512];
	struct buf said;
	struct influx_queue q;
};

static struct folder *
open_folder(void)
{
	struct folder *f = calloc(1, sizeof(*f));

	strlcpy(f->path, "/tmp/pkttop-influx.XXXXXX", sizeof(f->path));
	assert_non_null(mkdtemp(f->path));
	buf_init(&f->said, f->text, sizeof(f->text));
	if (!influx_queue_open(&f->q, f->path, &f->said))
		fail_msg("%s", f->said.s);
	return f;
}

/* Writes all that waits: the numbers of the batches are summed. */
static unsigned
drain(struct influx_queue *q, uint64_t *sum)
{
	const struct influx_batch *x;
	unsigned n = 0;

	for (*sum = 0; (x = influx_queue_first(q)) != NULL; n++) {
		*sum += x->time;
		assert_int_equal(x->lines.len, x->time % 7 == 0 ? 200001 : 200000);
		influx_queue_remove(q);
	}
	return n;
}

static void
fill(struct folder *f, unsigned n, uint64_t now)
{
	static char lines[200001];

	memset(lines, 'x', sizeof(lines));
	for (unsigned i = 1; i <= n; i++)
		influx_queue_add(&f->q, lines, i % 7 == 0 ? 200001 : 200000, i, now, &f->said);
}

/* What has no room in memory goes to the file; nothing is lost, and nothing is left. */
static void
test_spool(void **state)
{
	struct folder *f = open_folder();
	uint64_t sum, kept;

	(void)state;
	fill(f, 200, 0);
	assert_in_range(f->q.bytes, INFLUX_MEMORY - 200001, INFLUX_MEMORY);
	assert_in_range(influx_queue_bytes(&f->q), 200 * 200000, 200 * 200100);
	assert_int_equal(drain(&f->q, &sum), 200);
	assert_int_equal(sum, 200 * 201 / 2);
	assert_int_equal(influx_queue_bytes(&f->q), 0);
	assert_true(influx_queue_close(&f->q, &kept, &f->said));
	assert_int_equal(kept, 0);
	assert_int_equal(rmdir(f->path), 0);
	free(f);
}

/* The next run reads what the one before it kept, and removes it. */
static void
test_next_run(void **state)
{
	struct folder *f = open_folder();
	struct stat st;
	char name[128];
	uint64_t sum, kept;

	(void)state;
	fill(f, 100, 0);
	assert_true(influx_queue_close(&f->q, &kept, &f->said));
	assert_in_range(kept, 100 * 200000, 100 * 200100);
	snprintf(name, sizeof(name), "%s/pkttop-influx-1.spool", f->path);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, kept);

	assert_true(influx_queue_open(&f->q, f->path, &f->said));
	fill(f, 10, 0);
	assert_int_equal(drain(&f->q, &sum), 110);
	assert_int_equal(sum, 100 * 101 / 2 + 10 * 11 / 2);
	assert_true(influx_queue_close(&f->q, &kept, &f->said));
	assert_int_equal(rmdir(f->path), 0);
	free(f);
}

/* Without a file, and with a damaged one, lines are lost, and counted. */
static void
test_lost(void **state)
{
	struct influx_queue q;
	char line[100001], name[128];
	uint64_t kept, sum;
	struct folder *f;
	FILE *damaged;

	(void)state;
	memset(line, '\n', sizeof(line));
	assert_true(influx_queue_open(&q, NULL, NULL));
	for (unsigned i = 0; i < 200; i++)
		influx_queue_add(&q, line, sizeof(line), i, 0, NULL);
	assert_in_range(q.bytes, INFLUX_MEMORY - 3 * sizeof(line), INFLUX_MEMORY);
	assert_in_range(q.dropped_lines, 200 * sizeof(line) - INFLUX_MEMORY, 4000000);
	assert_false(influx_queue_close(&q, &kept, NULL));
	assert_int_equal(kept, 0);
	assert_int_equal(q.dropped_lines, 200 * sizeof(line));

	f = open_folder();
	fill(f, 3, 0);
	assert_true(influx_queue_close(&f->q, &kept, &f->said));
	snprintf(name, sizeof(name), "%s/pkttop-influx-1.spool", f->path);
	damaged = fopen(name, "r+");
	fwrite("junk", 1, 4, damaged);
	fclose(damaged);
	assert_true(influx_queue_open(&f->q, f->path, &f->said));
	assert_int_equal(drain(&f->q, &sum), 0);
	assert_true(influx_queue_close(&f->q, &kept, &f->said));
	assert_int_equal(rmdir(f->path), 0);
	free(f);
}

/* Compressed text is that of gzip. */
static void
test_gzip(void **state)
{
	struct buf b;
	char text[10000];

	(void)state;
	memset(text, 'a', sizeof(text));
	buf_new(&b);
	if (gzip_compress(&b, text, sizeof(text))) {
		assert_in_range(b.len, 20, 200);
		assert_memory_equal(b.s, "\x1f\x8b", 2);
	} else {
		assert_int_equal(b.len, 0);
	}
	buf_del(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_measurements),
		cmocka_unit_test(test_top),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_spool),
		cmocka_unit_test(test_next_run),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_gzip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
