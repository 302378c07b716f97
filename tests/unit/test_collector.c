/* Connections to collectors: addresses, queues that are full, and TCP that breaks. */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/ipfix.h"

#define S UINT64_C(1000000000)

struct fixture {
	struct collector c;
	int listener, peer;
	char where[64], said_text[512];
	struct buf said;
	unsigned greetings;
};

static int
listen_on(int type, uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(*port) };
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, type, 0), yes = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static struct fixture *
start(int type)
{
	struct fixture *f = calloc(1, sizeof(*f));
	uint16_t port = 0;

	buf_init(&f->said, f->said_text, sizeof(f->said_text));
	f->listener = listen_on(type, &port);
	f->peer = -1;
	snprintf(
	    f->where, sizeof(f->where), "%s127.0.0.1:%u", type == SOCK_STREAM ? "tcp:" : "", port);
	if (!collector_open(&f->c, f->where, "4739", 0, &f->said))
		fail_msg("%s", f->said.s);
	return f;
}

static void
stop(struct fixture *f)
{
	collector_close(&f->c);
	close(f->listener);
	if (f->peer != -1)
		close(f->peer);
	free(f);
}

/* Services the collector until it has reached the state, and everything is sent if it is up. */
static void
settle(struct fixture *f, enum collector_state state, uint64_t now)
{
	for (int i = 0; i < 1000 && (f->c.state != state || (state == COLLECTOR_UP && f->c.n > 0));
	     i++) {
		collector_service(&f->c, now, &f->said);
		usleep(1000);
	}
	assert_int_equal(f->c.state, state);
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *text, *said;
	} bad[] = {
		{ "", "must be HOST:PORT" },
		{ ":4739", "must be HOST:PORT" },
		{ "127.0.0.1:", "must be HOST:PORT" },
		{ "[::1", "must be HOST:PORT" },
		{ "[::1]x", "must be HOST:PORT" },
		{ "127.0.0.1:no-such-service", "127.0.0.1:no-such-service: " },
	};
	static const struct {
		const char *text;
		uint16_t port;
		bool tcp;
	} good[] = {
		{ "127.0.0.1", 4739, false },
		{ "udp:127.0.0.1:9995", 9995, false },
		{ "tcp:127.0.0.1:1", 1, true },
	};
	struct collector c;
	char text[256];
	struct buf err;

	(void)state;
	buf_init(&err, text, sizeof(text));
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(collector_open(&c, bad[i].text, "4739", 0, &err));
		assert_non_null(strstr(err.s, bad[i].said));
	}
	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const void *address = &c.address;

		assert_true(collector_open(&c, good[i].text, "4739", 0, &err));
		assert_int_equal(c.tcp, good[i].tcp);
		assert_int_equal(
		    ntohs(((const struct sockaddr_in *)address)->sin_port), good[i].port);
		collector_close(&c);
	}
}

/* Datagrams arrive in order; not more at once than the pace allows. */
static void
test_datagrams(void **state)
{
	struct fixture *f = start(SOCK_DGRAM);
	uint64_t now = 1000 * S;
	char bytes[COLLECTOR_MESSAGE], got[2000];
	unsigned at_once;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		memset(bytes, (int)i, sizeof(bytes));
		collector_add(&f->c, bytes, 100 + i, 1);
	}
	collector_service(&f->c, now, &f->said);
	at_once = 100 - f->c.n;
	assert_in_range(at_once, 10, 40);
	assert_int_equal(collector_timeout(&f->c, now), 1);
	for (unsigned i = 0; i < at_once; i++) {
		assert_int_equal(recv(f->listener, got, sizeof(got), 0), 100 + i);
		assert_int_equal(got[0], i);
	}
	while (!collector_is_idle(&f->c))
		collector_service(&f->c, now += 1000000, &f->said);
	assert_in_range(now - 1000 * S, 1000000, 20000000);
	assert_int_equal(f->c.sent_messages, 100);
	assert_int_equal(collector_timeout(&f->c, now), -1);
	stop(f);
}

/* A full queue drops what is new, and counts it. */
static void
test_full(void **state)
{
	struct fixture *f = start(SOCK_DGRAM);

	(void)state;
	for (unsigned i = 0; i < COLLECTOR_QUEUE; i++) {
		assert_true(collector_has_room(&f->c));
		collector_add(&f->c, "x", 1, 7);
	}
	assert_false(collector_has_room(&f->c));
	assert_int_equal(f->c.dropped_records, 0);
	collector_add(&f->c, "x", 1, 7);
	assert_int_equal(f->c.dropped_messages, 1);
	assert_int_equal(f->c.dropped_records, 7);
	collector_service(&f->c, S, &f->said);
	assert_true(collector_has_room(&f->c));
	stop(f);
}

/* Nobody listens: it is counted and said once, and does no harm. */
static void
test_refused(void **state)
{
	struct fixture *f = start(SOCK_DGRAM);

	(void)state;
	close(f->listener);
	for (unsigned i = 0; i < 10; i++) {
		collector_add(&f->c, "x", 1, 1);
		collector_service(&f->c, (i + 1) * S, &f->said);
	}
	assert_true(collector_is_idle(&f->c));
	assert_in_range(f->c.refused, 1, 10);
	assert_non_null(strstr(f->said.s, "no collector is listening there"));
	assert_null(strchr(f->said.s, '\n'));
	stop(f);
}

static size_t
greet(void *arg, void *bytes, size_t size)
{
	struct fixture *f = arg;

	assert_int_equal(size, COLLECTOR_MESSAGE);
	f->greetings++;
	memcpy(bytes, collector_queued(&f->c, 0) != NULL ? "hello " : "HELLO ", 6);
	return 6;
}

static void
accept_peer(struct fixture *f)
{
	f->peer = accept(f->listener, NULL, NULL);
	assert_int_not_equal(f->peer, -1);
}

static void
expect(struct fixture *f, const char *text)
{
	char got[64] = "";
	size_t n = 0;
	ssize_t more;

	while (n < strlen(text) && (more = read(f->peer, got + n, strlen(text) - n)) > 0)
		n += (size_t)more;
	assert_string_equal(got, text);
}

/* A connection that is closed is opened again after a second, and begins with a greeting. */
static void
test_stream(void **state)
{
	struct fixture *f = start(SOCK_STREAM);

	(void)state;
	collector_set_greeting(&f->c, greet, f);
	accept_peer(f);
	settle(f, COLLECTOR_UP, 0);
	collector_add(&f->c, "one", 3, 1);
	settle(f, COLLECTOR_UP, 0);
	expect(f, "HELLO one");
	assert_string_equal(f->said.s, "");

	close(f->peer);
	settle(f, COLLECTOR_DOWN, 0);
	assert_non_null(strstr(f->said.s, "retrying"));
	collector_add(&f->c, "two", 3, 1);
	assert_in_range(collector_timeout(&f->c, 0), 1000, 1001);
	collector_service(&f->c, S - 1, &f->said);
	assert_int_equal(f->c.state, COLLECTOR_DOWN);
	collector_service(&f->c, S, &f->said);
	accept_peer(f);
	settle(f, COLLECTOR_UP, S);
	expect(f, "hello two");
	assert_int_equal(f->greetings, 2);
	assert_non_null(strstr(f->said.s, "connected again"));
	assert_int_equal(f->c.dropped_messages, 0);
	stop(f);
}

/* A reader that stalls delays nothing; the message that it got a part of is sent again. */
static void
test_stalled(void **state)
{
	struct fixture *f = start(SOCK_STREAM);
	char bytes[COLLECTOR_MESSAGE] = { 0 };
	unsigned first;

	(void)state;
	accept_peer(f);
	settle(f, COLLECTOR_UP, 0);
	while (f->c.sent == 0) {
		collector_add(&f->c, bytes, sizeof(bytes), 1);
		collector_service(&f->c, 0, &f->said);
	}
	while (collector_has_room(&f->c))
		collector_add(&f->c, bytes, sizeof(bytes), 1);
	first = f->c.first;
	collector_service(&f->c, 0, &f->said);
	assert_int_equal(f->c.first, first);
	close(f->peer);
	settle(f, COLLECTOR_DOWN, 0);
	assert_int_equal(f->c.sent, 0);
	assert_int_equal(f->c.first, first);
	assert_int_equal(f->c.retry_at, S);
	collector_close(&f->c);
	assert_int_equal(f->c.dropped_records, COLLECTOR_QUEUE);
	stop(f);
}

/* Attempts become rarer, up to one in 30 s. */
static void
test_unreachable(void **state)
{
	struct fixture *f = start(SOCK_STREAM);

	(void)state;
	close(f->listener);
	collector_close(&f->c);
	assert_true(collector_open(&f->c, f->where, "4739", 0, &f->said));
	for (unsigned i = 0; i < 8; i++) {
		settle(f, COLLECTOR_DOWN, 0);
		collector_service(&f->c, UINT64_MAX, &f->said);
	}
	settle(f, COLLECTOR_DOWN, 0);
	assert_int_equal(f->c.retry_delay, 30 * S);
	assert_non_null(strstr(f->said.s, "Connection refused; retrying"));
	assert_null(strchr(f->said.s, '\n'));
	f->listener = dup(0);
	stop(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_stalled),
		cmocka_unit_test(test_unreachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
