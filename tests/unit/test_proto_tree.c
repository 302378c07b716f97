/* The protocol tree: the order in which it is written down. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/proto_tree.h"
#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"

static void
count(struct paths *ps, const uint8_t *stack, uint8_t depth, uint64_t bytes)
{
	struct pkt p = { .depth = depth };

	for (unsigned i = 0; i < depth; i++)
		p.stack[i] = stack[i];
	tally_add(&ps->node[paths_get(ps, p.stack, p.depth)].own, 1, bytes);
}

static void
assert_order(const struct paths *ps, const char *const *want, unsigned n)
{
	char text[64];
	struct buf b;

	assert_int_equal(ps->used, n);
	for (uint16_t i = 0; i < ps->used; i++) {
		buf_init(&b, text, sizeof(text));
		path_text(&b, ps, i);
		assert_true(ps->node[i].rank < n);
		assert_string_equal(text, want[ps->node[i].rank]);
	}
}

static void
test_rank(void **state)
{
	static const uint8_t arp[] = { PROTO_ETH, PROTO_ARP },
			     dns[] = { PROTO_ETH, PROTO_IP, PROTO_UDP, PROTO_DNS },
			     udp[] = { PROTO_ETH, PROTO_IP, PROTO_UDP },
			     tcp[] = { PROTO_ETH, PROTO_IP, PROTO_TCP },
			     sll[] = { PROTO_SLL, PROTO_ARP };
	static const char *const first[] = { "eth", "eth/ip", "eth/ip/tcp", "eth/ip/udp",
		"eth/ip/udp/dns", "eth/arp", "sll", "sll/arp" };
	static const char *const later[] = { "sll", "sll/arp", "eth", "eth/ip", "eth/ip/udp",
		"eth/ip/udp/dns", "eth/ip/tcp", "eth/arp" };
	struct beats beats;
	struct paths ps;

	(void)state;
	beats_init(&beats);
	paths_init(&ps);
	count(&ps, arp, 2, 60);
	count(&ps, dns, 4, 80);
	count(&ps, udp, 3, 10);
	count(&ps, tcp, 3, 1000);
	count(&ps, sll, 2, 44);
	paths_fold(&ps, &beats);
	assert_order(&ps, first, NITEMS(first));
	count(&ps, dns, 4, 1000);
	count(&ps, sll, 2, 9000);
	beats_close(&beats, 1000000000);
	paths_fold(&ps, &beats);
	assert_order(&ps, later, NITEMS(later));
	paths_fini(&ps);
}

static void
test_nothing(void **state)
{
	struct beats beats;
	struct paths ps;

	(void)state;
	beats_init(&beats);
	paths_init(&ps);
	paths_fold(&ps, &beats);
	assert_int_equal(ps.used, 0);
	paths_fini(&ps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
