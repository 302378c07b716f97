/*
 * A small ledger, packets for it from a few numbers, and the balance law of its tables.
 */
#ifndef TEST_LEDGER_H
#define TEST_LEDGER_H

#include "core/ledger.h"
#include "dissect/dissect.h"

#define S UINT64_C(1000000000)

static const struct hashkey fixed_key = { 1, 2 };

static inline struct ledger *
ledger_small(void)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN, .key = &fixed_key };
	struct ledger *l = ledger_new(&c);

	assert_int_equal(ledger_add_source(l, "test", 1, 0), 0);
	return l;
}

static inline struct addr
ip4(uint32_t n)
{
	return (struct addr){ .b = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
				  (uint8_t)n } };
}

static inline struct pkt
packet(uint8_t proto, uint32_t src, uint16_t sport, uint32_t dst, uint16_t dport, uint32_t len,
    uint64_t ts)
{
	struct pkt p = {
		.src = ip4(src),
		.dst = ip4(dst),
		.ts = ts,
		.len = len,
		.sport = sport,
		.dport = dport,
		.proto = proto,
		.kind = ADDR_IP4,
		.flags = sport != 0 ? PKT_PORTS : 0,
		.depth = 3,
		.stack = { PROTO_ETH, PROTO_IP, proto == 6 ? PROTO_TCP : PROTO_UDP },
	};

	return p;
}

static inline struct pkt
tcp(uint32_t src, uint16_t sport, uint32_t dst, uint16_t dport, uint8_t flags, uint32_t seq)
{
	struct pkt p = packet(6, src, sport, dst, dport, 60, S);

	p.tcp_flags = flags;
	p.seq = seq;
	return p;
}

static inline void
count1(struct ledger *l, struct pkt p)
{
	ledger_count(l, &p, 1);
}

static inline void
assert_tally(struct tally t, uint64_t packets, uint64_t bytes)
{
	assert_int_equal(t.packets, packets);
	assert_int_equal(t.bytes, bytes);
}

/* The sum of each table and of its "(other)" is the total. */
static inline void
assert_balance(struct ledger *l)
{
	struct tally flows = { 0, 0 }, out = { 0, 0 }, in = { 0, 0 }, ports = { 0, 0 },
		     paths = { 0, 0 }, ways = { 0, 0 }, t;
	uint64_t packets = l->totals.all.packets, bytes = l->totals.all.bytes, sized = 0;

	ledger_flush(l);
	for (uint32_t i = 0; i < l->flows.table.used; i++) {
		t = meter_sum(&l->flows.row[i].meter);
		tally_add(&flows, t.packets, t.bytes);
	}
	t = meter_sum(&l->flows.other);
	tally_add(&flows, t.packets, t.bytes);
	for (uint32_t i = 0; i <= l->hosts.table.used; i++) {
		const struct host *h = i < l->hosts.table.used ? &l->hosts.row[i] : &l->hosts.other;

		for (int c = 0; c < CLASSES; c++) {
			tally_add(&out, h->meter[c].t[0].packets, h->meter[c].t[0].bytes);
			tally_add(&in, h->meter[c].t[1].packets, h->meter[c].t[1].bytes);
		}
	}
	for (uint32_t i = 0; i <= l->ports.table.used; i++) {
		t = meter_sum(
		    i < l->ports.table.used ? &l->ports.row[i].meter : &l->ports.other.meter);
		tally_add(&ports, t.packets, t.bytes);
	}
	for (unsigned i = 0; i < l->proto_tree.used; i++)
		if (l->proto_tree.node[i].depth == 0)
			tally_add(&paths, l->proto_tree.node[i].meter.t[0].packets,
			    l->proto_tree.node[i].meter.t[0].bytes);
	for (int w = 0; w < SERIES_WAYS; w++)
		tally_add(&ways, l->way[w].t[0].packets, l->way[w].t[0].bytes);
	for (unsigned i = 0; i < n_size_ranges; i++)
		sized += sizes_in(&l->sizes, &size_ranges[i]);
	assert_tally(flows, packets, bytes);
	assert_tally(out, packets, bytes);
	assert_tally(in, packets, bytes);
	assert_tally(ports, packets, bytes);
	assert_tally(paths, packets, bytes);
	assert_tally(ways, packets, bytes);
	assert_int_equal(sized, packets);
}

#endif
