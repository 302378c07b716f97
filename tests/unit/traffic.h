/*
 * A little traffic in a ledger, for tests of the display:
 *
 *	tcp	10.0.0.1:50000 > 192.0.2.1:443		3 x 1000, back 1 x 6000 bytes
 *	udp	10.0.0.2:40000 > 192.0.2.53:53		1 x 100, back 1 x 300
 *	icmp	10.0.0.1 > 10.0.0.2			1 x 84
 *	tcp	[2001:db8::1]:50001 > [2001:db8::2]:22	1 x 516
 *	arp	02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff	1 x 100
 *
 * 9 packets and 10100 bytes in the one interval that has ended, of 2 s.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <assert.h>
#include <string.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "view/view.h"

#define TRAFFIC_START (UINT64_C(1700000000) * 1000000000)
#define TRAFFIC_NS    UINT64_C(1000000000)

struct traffic {
	uint8_t kind;
	const char *src;
	uint16_t sport;
	const char *dst;
	uint16_t dport;
	uint16_t proto;
	uint8_t layer, app; /* enum proto over IP */
	uint32_t len;
	unsigned packets;
};

static const struct traffic traffic_rows[] = {
	{ ADDR_IP4, "10.0.0.1", 50000, "192.0.2.1", 443, 6, PROTO_TCP, PROTO_TLS, 1000, 3 },
	{ ADDR_IP4, "192.0.2.1", 443, "10.0.0.1", 50000, 6, PROTO_TCP, PROTO_TLS, 6000, 1 },
	{ ADDR_IP4, "10.0.0.2", 40000, "192.0.2.53", 53, 17, PROTO_UDP, PROTO_DNS, 100, 1 },
	{ ADDR_IP4, "192.0.2.53", 53, "10.0.0.2", 40000, 17, PROTO_UDP, PROTO_DNS, 300, 1 },
	{ ADDR_IP4, "10.0.0.1", 0, "10.0.0.2", 0, 1, PROTO_ICMP, PROTO_NONE, 84, 1 },
	{ ADDR_IP6, "2001:db8::1", 50001, "2001:db8::2", 22, 6, PROTO_TCP, PROTO_SSH, 516, 1 },
	{ ADDR_MAC, NULL, 0, NULL, 0, 0x0806, PROTO_ARP, PROTO_NONE, 100, 1 },
};

static inline void
traffic_addr(const struct traffic *t, const char *s, uint8_t mac, struct addr *a)
{
	enum addr_kind kind;
	bool ok;

	*a = (struct addr){ .b = { 0 } };
	if (t->kind == ADDR_MAC) {
		memset(a->b, mac, 6);
		if (mac == 0)
			a->b[0] = 2, a->b[5] = 1;
		return;
	}
	ok = addr_parse(s, &kind, a);
	assert(ok && kind == t->kind);
}

static inline void
traffic_count(struct ledger *l, const struct traffic *t, uint64_t ts)
{
	struct pkt p = {
		.ts = ts,
		.len = t->len,
		.sport = t->sport,
		.dport = t->dport,
		.proto = t->proto,
		.kind = t->kind,
		.app = t->app,
		.app_confidence = t->app != PROTO_NONE ? APP_BY_PORT : APP_UNKNOWN,
		.flags = t->sport != 0 ? PKT_PORTS : 0,
		.tcp_flags = TCP_ACK,
	};

	traffic_addr(t, t->src, 0, &p.src);
	traffic_addr(t, t->dst, 0xff, &p.dst);
	p.stack[p.depth++] = PROTO_ETH;
	if (t->kind == ADDR_IP4 || t->kind == ADDR_IP6)
		p.stack[p.depth++] = t->kind == ADDR_IP4 ? PROTO_IP : PROTO_IPV6;
	p.stack[p.depth++] = t->layer;
	if (t->app != PROTO_NONE)
		p.stack[p.depth++] = t->app;
	for (unsigned i = 0; i < t->packets; i++)
		ledger_count(l, &p, 1);
}

/* The interval ends, ns after the start. */
static inline void
traffic_tick(struct ledger *l, uint64_t ns)
{
	ledger_tick(l, TRAFFIC_START + ns);
	while (ledger_fold(l, 1000))
		;
}

static inline struct ledger *
traffic_none(void)
{
	static const struct hashkey key = { 1, 2 };
	struct ledger *l =
	    ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN, .key = &key });

	ledger_add_source(l, "eth0", 1, 0);
	return l;
}

static inline struct ledger *
traffic_new(void)
{
	struct ledger *l = traffic_none();

	processes_start(&l->processes);
	for (size_t i = 0; i < sizeof(traffic_rows) / sizeof(traffic_rows[0]); i++)
		traffic_count(l, &traffic_rows[i], TRAFFIC_START + i * TRAFFIC_NS / 4);
	traffic_tick(l, 2 * TRAFFIC_NS);
	return l;
}

static inline struct scope
traffic_scope(const struct ledger *l)
{
	return (struct scope){ .ledger = l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
}

#endif
