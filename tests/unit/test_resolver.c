/* Reverse DNS against a server of the test's own: names, no names, timeouts, and far too many
 * queries. */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef HAVE_CARES
#include <ares.h>
#include <dlfcn.h>
#include <netdb.h>
#endif
#ifdef __linux__
#include <sys/mount.h>
#endif

#include "ext/resolver.h"

#define S UINT64_C(1000000000)

static struct {
	int fd;
	unsigned questions, names;
	char last[256];
	bool silent;
} server;

static uint64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * S + (uint64_t)t.tv_nsec;
}

static void
on_name(void *arg, uint8_t kind, const struct addr *a, const char *name)
{
	(void)arg;
	(void)kind;
	(void)a;
	server.names++;
	snprintf(server.last, sizeof(server.last), "%s", name);
}

/* Answers with the name hN.example; N is the last number of the address. Above 200 there is no
 * name, and the name of 200 would move the cursor. */
static void
answer(uint8_t *q, ssize_t n, const struct sockaddr_in *to)
{
	uint8_t out[512];
	unsigned number = 0;
	size_t at;
	char label[16];

	for (uint8_t i = 1; i <= q[12]; i++)
		number = number * 10 + (unsigned)(q[12 + i] - '0');
	/* The question alone: what follows it (EDNS) is not sent back. */
	for (at = 12; at < (size_t)n && q[at] != 0; at += q[at] + 1u)
		;
	at += 5;
	memcpy(out, q, at);
	out[2] = 0x81;
	out[3] = number > 200 ? 0x83 : 0x80;
	out[6] = 0;
	out[7] = number > 200 ? 0 : 1;
	memset(out + 8, 0, 4);
	if (number <= 200) {
		static const uint8_t head[] = { 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60 };
		size_t length;

		snprintf(label, sizeof(label), number == 200 ? "h\033%u" : "h%u", number);
		length = strlen(label);
		memcpy(out + at, head, sizeof(head));
		at += sizeof(head);
		out[at++] = 0;
		out[at++] = (uint8_t)(length + 10);
		out[at++] = (uint8_t)length;
		memcpy(out + at, label, length);
		at += length;
		memcpy(out + at,
		    "\x07"
		    "example",
		    9);
		at += 9;
	}
	sendto(server.fd, out, at, 0, (const struct sockaddr *)to, sizeof(*to));
}

static void
serve(void)
{
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	uint8_t q[512];
	ssize_t n;

	while ((n = recvfrom(server.fd, q, sizeof(q), 0, (struct sockaddr *)&from, &length)) > 12) {
		server.questions++;
		if (!server.silent)
			answer(q, n, &from);
		length = sizeof(from);
	}
}

/* The answer to every query, instead of the library's own encoding; or NULL. */
static char *answered;

#ifdef HAVE_CARES

/* Replaces the library's function. */
void
ares_gethostbyaddr(
    ares_channel channel, const void *a, int n, int family, ares_host_callback fn, void *arg)
{
	struct hostent host = { .h_name = answered };
	void (*real)(ares_channel, const void *, int, int, ares_host_callback, void *);

	if (answered != NULL) {
		fn(arg, ARES_SUCCESS, 0, &host);
		return;
	}
	*(void **)(uintptr_t)&real = dlsym(RTLD_NEXT, "ares_gethostbyaddr");
	real(channel, a, n, family, fn, arg);
}

#endif

static struct resolver *
setup_server(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t length = sizeof(a);
	struct resolver *r;
	char text[64];

	if (!resolver_is_available())
		skip();
	memset(&server, 0, sizeof(server));
	server.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(server.fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(server.fd, (struct sockaddr *)&a, &length), 0);
	snprintf(text, sizeof(text), "127.0.0.1:%u", ntohs(a.sin_port));
	r = resolver_new(text, on_name, NULL);
	assert_non_null(r);
	return r;
}

static void
run(struct resolver *r, unsigned ms)
{
	uint64_t end = now() + ms * (S / 1000);

	while (now() < end && resolver_in_flight(r) > 0) {
		struct pollfd fds[RESOLVER_FDS + 1];
		unsigned n = resolver_poll(r, fds);
		uint64_t began;

		fds[n++] = (struct pollfd){ .fd = server.fd, .events = POLLIN };
		poll(fds, n, 20);
		serve();
		began = now();
		resolver_step(r, began);
		/* The loop is not blocked. */
		assert_true(now() - began < S / 10);
	}
}

static struct addr
address(unsigned n)
{
	return (struct addr){ .b = { 10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n } };
}

static bool
ask(struct resolver *r, unsigned n, uint64_t at)
{
	struct addr a = address(n);

	return resolver_ask(r, ADDR_IP4, &a, at);
}

static void
names_come_once(void **state)
{
	struct resolver *r = setup_server();
	uint64_t at = now();

	(void)state;
	assert_true(ask(r, 7, at));
	assert_false(ask(r, 7, at));
	run(r, 2000);
	assert_int_equal(server.names, 1);
	assert_string_equal(server.last, "h7.example");
	assert_false(ask(r, 7, at + S));
	assert_true(ask(r, 7, at + 700 * S));
	resolver_del(r);
	close(server.fd);
}

static void
no_name_is_kept_longer_than_silence(void **state)
{
	struct resolver *r = setup_server();

	(void)state;
	assert_true(ask(r, 201, now()));
	run(r, 2000);
	assert_int_equal(resolver_in_flight(r), 0);
	assert_int_equal(server.names, 0);
	assert_false(ask(r, 201, now() + 60 * S));
	/* A server that does not answer does not prove that there is no name. */
	server.silent = true;
	assert_true(ask(r, 9, now()));
	run(r, 9000);
	assert_int_equal(resolver_in_flight(r), 0);
	assert_false(ask(r, 9, now()));
	server.silent = false;
	assert_true(ask(r, 9, now() + 40 * S));
	run(r, 2000);
	assert_string_equal(server.last, "h9.example");
	resolver_del(r);
	close(server.fd);
}

static void
no_more_than_so_many_fly(void **state)
{
	struct resolver *r = setup_server();
	unsigned asked = 0;

	(void)state;
	for (unsigned n = 0; n < 1000; n++)
		asked += ask(r, n << 8 | 1, now());
	assert_int_equal(asked, RESOLVER_FLYING);
	for (unsigned round = 0; round < 100 && server.names < 1000; round++) {
		for (unsigned n = 0; n < 1000; n++)
			ask(r, n << 8 | 1, now());
		assert_true(resolver_in_flight(r) <= RESOLVER_FLYING);
		run(r, 2000);
	}
	assert_int_equal(server.names, 1000);
	/* Each was queried once, none was lost. */
	assert_int_equal(server.questions, 1000);
	resolver_del(r);
	close(server.fd);
}

static void
a_name_that_moves_the_cursor_is_none(void **state)
{
	struct resolver *r = setup_server();

	(void)state;
	assert_true(ask(r, 200, now()));
	run(r, 9000);
	assert_null(strchr(server.last, '\033'));
	resolver_del(r);
	close(server.fd);
}

static void
names_are_cleaned(void **state)
{
	char name[] = "h\033[2J\037\342\200\256.example";
	struct resolver *r = setup_server();

	(void)state;
	answered = name;
	assert_true(ask(r, 1, now()));
	assert_string_equal(server.last, "h\\x1b[2J\\x1f?.example");
	answered = NULL;
	resolver_del(r);
	close(server.fd);
}

static void
it_can_be_left_with_questions_under_way(void **state)
{
	struct resolver *r = setup_server();

	(void)state;
	server.silent = true;
	for (unsigned n = 0; n < 20; n++)
		ask(r, n, now());
	resolver_del(r);
	close(server.fd);
}

#if defined(HAVE_CARES) && defined(__linux__)

static bool no_memory;

static void *
may_malloc(size_t n)
{
	return no_memory ? NULL : malloc(n);
}

static void *
may_realloc(void *p, size_t n)
{
	return no_memory ? NULL : realloc(p, n);
}

/* Replaces resolv.conf, for this process alone. */
static int
replace_resolv_conf(void)
{
	char path[] = "/tmp/test_resolver.XXXXXX";
	int fd = mkstemp(path);
	bool ok = unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;

	unlink(path);
	if (fd != -1 && !ok)
		close(fd);
	return ok ? fd : -1;
}

static void
another_channel_may_be_long_in_coming(void **state)
{
	const struct timespec times[2] = { { 1, 0 }, { 1, 0 } };
	struct resolver *r;
	uint64_t t = now();
	int fd = replace_resolv_conf();

	(void)state;
	if (fd == -1)
		skip();
	assert_int_equal(
	    ares_library_init_mem(ARES_LIB_INIT_ALL, may_malloc, free, may_realloc), ARES_SUCCESS);
	r = setup_server();
	resolver_step(r, t);
	assert_int_equal(futimens(fd, times), 0);
	no_memory = true;
	resolver_step(r, t += 11 * S);
	assert_false(ask(r, 1, t));
	no_memory = false;
	resolver_step(r, t += 11 * S);
	assert_true(ask(r, 1, t));
	resolver_del(r);
	ares_library_cleanup();
	close(server.fd);
	close(fd);
}

#else

static void
another_channel_may_be_long_in_coming(void **state)
{
	(void)state;
	skip();
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_once),
		cmocka_unit_test(no_name_is_kept_longer_than_silence),
		cmocka_unit_test(no_more_than_so_many_fly),
		cmocka_unit_test(a_name_that_moves_the_cursor_is_none),
		cmocka_unit_test(names_are_cleaned),
		cmocka_unit_test(it_can_be_left_with_questions_under_way),
		cmocka_unit_test(another_channel_may_be_long_in_coming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
