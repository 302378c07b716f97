/* Applications found by payloads: what the library may read, and what it says. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ext/dpi.h"
#include "util/alloc.h"

#define TCP 6
#define UDP 17

/* DTLS 1.2: ClientHello of 42 bytes (RFC 6347, 4.2.2) */
static const uint8_t dtls_hello[13 + 12 + 42] = { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 54, 1,
	0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 42, 0xfe, 0xfd };

struct fixture {
	struct dpi *dpi;
	void *flow;
	struct flow_found found;
	bool more;
};

static void
setup(struct fixture *f)
{
	if (!dpi_is_available())
		skip();
	*f = (struct fixture){ .dpi = dpi_new() };
	assert_non_null(f->dpi);
	f->flow = xcalloc(1, dpi_flow_size(f->dpi));
}

static void
teardown(struct fixture *f)
{
	dpi_finish(f->dpi, f->flow, &f->found);
	for (size_t i = 0; i < dpi_flow_size(f->dpi); i++)
		assert_int_equal(((const uint8_t *)f->flow)[i], 0);
	free(f->flow);
	dpi_del(f->dpi);
}

static struct pkt
packet_of(uint8_t kind, uint16_t proto, uint16_t sport, uint16_t dport)
{
	struct pkt p = { .kind = kind, .proto = proto, .sport = sport, .dport = dport, .ttl = 64 };

	p.src.b[0] = 10;
	p.src.b[3] = 1;
	p.dst.b[0] = 192;
	p.dst.b[3] = 9;
	p.tcp_flags = proto == TCP ? TCP_ACK | TCP_PSH : 0;
	p.seq = p.ack = 1;
	p.ts = UINT64_C(1700000000000000000);
	return p;
}

static void
look(struct fixture *f, const struct pkt *p, const void *payload, size_t n)
{
	f->more = dpi_look(f->dpi, f->flow, p, payload, n, &f->found);
}

static const struct app *
app(const struct fixture *f)
{
	return &dpi_apps(f->dpi)->app[f->found.app];
}

static const char request[] = "GET /title HTTP/1.1\r\nHost: www.netflix.com\r\n"
			      "User-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n";

static void
test_service(void **state)
{
	static const uint8_t kinds[] = { ADDR_IP4, ADDR_IP6 };

	(void)state;
	for (unsigned i = 0; i < sizeof(kinds); i++) {
		struct pkt p = packet_of(kinds[i], TCP, 40000, 80);
		struct fixture f;

		setup(&f);
		look(&f, &p, request, sizeof(request) - 1);
		assert_int_equal(app(&f)->service, SERVICE_NETFLIX);
		assert_string_equal(app(&f)->name, "NetFlix");
		assert_false(f.found.guessed);
		teardown(&f);
	}
}

/* Names are of our own tables if these have them; others keep the name and kind of the library. */
static void
test_names(void **state)
{
	unsigned own = 0, other = 0;
	struct fixture f;

	(void)state;
	setup(&f);
	for (unsigned i = 1; i < USE_APPS; i++) {
		const struct app *a = &dpi_apps(f.dpi)->app[i];

		if (a->name[0] == '\0')
			continue;
		assert_in_range(a->service, SERVICE_UNKNOWN + 1, SERVICES - 1);
		assert_in_range(a->kind, 0, USE_KINDS - 1);
		(*(a->service < SERVICE_FOUND ? &own : &other))++;
		if (a->service >= SERVICE_FOUND)
			assert_int_equal(a->service, SERVICE_FOUND + i);
	}
	assert_true(own > 100 && other > 100);
	assert_string_equal(dpi_apps(f.dpi)->risk[1], "XSS Attack");
	teardown(&f);
}

/* Readers that overflow are off. */
static void
test_no_dtls(void **state)
{
	struct pkt p = packet_of(ADDR_IP4, UDP, 40000, 40001);
	struct fixture f;

	(void)state;
	setup(&f);
	for (int i = 0; i < 10; i++)
		look(&f, &p, dtls_hello, sizeof(dtls_hello));
	assert_int_equal(f.found.app, 0);
	assert_true(f.more);
	teardown(&f);
}

/* By the port, once no packet has shown more. */
static void
test_guess(void **state)
{
	struct pkt p = packet_of(ADDR_IP4, TCP, 40000, 3306);
	struct fixture f;

	(void)state;
	setup(&f);
	look(&f, &p, "?", 1);
	assert_int_equal(f.found.app, 0);
	dpi_finish(f.dpi, f.flow, &f.found);
	assert_string_equal(app(&f)->name, "MySQL");
	assert_true(f.found.guessed);
	teardown(&f);
}

/* Payloads of any bytes and all lengths: nothing is read behind them (run with sanitizers). */
static void
test_any_bytes(void **state)
{
	uint8_t bytes[DPI_PAYLOAD];
	uint32_t x = 1;
	struct fixture f;

	(void)state;
	setup(&f);
	for (unsigned i = 0; i < 20000; i++) {
		unsigned flow = i / 10;
		struct pkt p = packet_of(flow & 1 ? ADDR_IP4 : ADDR_IP6, flow & 2 ? TCP : UDP,
		    (uint16_t)flow, (uint16_t)(flow % 4 ? 443 : 53));
		size_t n = 1 + i % 97 * (i % 43);

		for (size_t k = 0; k < n; k++)
			bytes[k] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
		if (i % 3 == 0)
			memcpy(bytes, i % 2 ? (const void *)request : dtls_hello,
			    n < sizeof(dtls_hello) ? n : sizeof(dtls_hello));
		look(&f, &p, bytes, n);
		if (i % 10 == 9)
			dpi_finish(f.dpi, f.flow, &f.found);
	}
	look(&f, &(struct pkt){ .kind = ADDR_IP4, .proto = UDP }, bytes, DPI_PAYLOAD);
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_dtls),
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
