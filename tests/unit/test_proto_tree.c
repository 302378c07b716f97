/* The protocol tree: the order of its nodes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/port.h"
#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"

static void
count(struct proto_tree *ps, const uint8_t *stack, uint8_t depth, uint64_t bytes)
{
	struct pkt p = { .depth = depth };

	for (unsigned i = 0; i < depth; i++)
		p.stack[i] = stack[i];
	tally_add(&ps->node[proto_tree_get(ps, p.stack, p.depth)].self, 1, bytes);
}

static void
assert_order(const struct proto_tree *ps, const char *const *want, unsigned n)
{
	char text[64];
	struct buf b;

	assert_int_equal(ps->used, n);
	for (uint16_t i = 0; i < ps->used; i++) {
		buf_init(&b, text, sizeof(text));
		proto_tree_path_text(&b, ps, i);
		assert_true(ps->node[i].preorder < n);
		assert_string_equal(text, want[ps->node[i].preorder]);
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
	struct intervals beats;
	struct proto_tree ps;

	(void)state;
	intervals_init(&beats);
	proto_tree_init(&ps);
	count(&ps, arp, 2, 60);
	count(&ps, dns, 4, 80);
	count(&ps, udp, 3, 10);
	count(&ps, tcp, 3, 1000);
	count(&ps, sll, 2, 44);
	proto_tree_fold(&ps, &beats);
	assert_order(&ps, first, NITEMS(first));
	count(&ps, dns, 4, 1000);
	count(&ps, sll, 2, 9000);
	intervals_advance(&beats, 1000000000);
	proto_tree_fold(&ps, &beats);
	assert_order(&ps, later, NITEMS(later));
	proto_tree_fini(&ps);
}

static void
test_nothing(void **state)
{
	struct intervals beats;
	struct proto_tree ps;

	(void)state;
	intervals_init(&beats);
	proto_tree_init(&ps);
	proto_tree_fold(&ps, &beats);
	assert_int_equal(ps.used, 0);
	proto_tree_fini(&ps);
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
