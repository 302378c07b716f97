/*
 * Dissects one packet at a time: build k, call run(), check p. For test programs that include it
 * once.
 */
#ifndef TESTS_DISSECTED_H
#define TESTS_DISSECTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/dissect.h"
#include "packets.h"

#define LINK_ETHER 1
#define A4         "192.0.2.1"
#define B4         "192.0.2.2"
#define C4         "198.51.100.1"
#define D4         "198.51.100.2"
#define A6         "2001:db8::1"
#define B6         "2001:db8::2"

static struct dissector *d;
static struct packet k;
static struct pkt p;

static int
setup(void **state)
{
	(void)state;
	d = dissector_new();
	packet_new(&k);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	dissector_del(d);
	return 0;
}

static inline void
run(void)
{
	struct frame f = packet_frame(&k, LINK_ETHER);
	struct pkt slow;

	memset(&p, 0xff, sizeof(p));
	memset(&slow, 0xff, sizeof(slow));
	dissector_set_fast_path(d, false);
	dissect(d, &f, &slow);
	dissector_set_fast_path(d, true);
	dissect(d, &f, &p);
	assert_memory_equal(&slow, &p, sizeof(p));
}

static inline void
assert_stack(unsigned n, const uint8_t *want)
{
	assert_int_equal(n, p.depth);
	for (unsigned i = 0; i < n; i++)
		assert_string_equal(proto_name(want[i]), proto_name(p.stack[i]));
}

#define ASSERT_STACK(...)                                                                          \
	assert_stack(sizeof((uint8_t[]){ __VA_ARGS__ }), (const uint8_t[]){ __VA_ARGS__ })

static inline void
assert_ends(const char *src, const char *dst)
{
	enum addr_kind kind;
	struct addr a;

	assert_true(addr_parse(src, &kind, &a));
	assert_int_equal(kind, p.kind);
	assert_memory_equal(&a, &p.src, sizeof(a));
	assert_true(addr_parse(dst, &kind, &a));
	assert_memory_equal(&a, &p.dst, sizeof(a));
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)

#endif
