#include "config.h"

#include "view/own_session.h"

#include "view/columns.h"

#define IP_PROTO_TCP 6

bool
own_session_hides(const struct scope *s, uint16_t proto, uint8_t kind, const struct addr *a,
    uint16_t a_port, const struct addr *b, uint16_t b_port)
{
	const struct own_session *o = s->own.session;

	return o != NULL && proto == IP_PROTO_TCP && own_session_is(o, kind, a, a_port, b, b_port);
}

/* True if there are hidden flows. */
static bool
own_session_is_hidden(const struct scope *s)
{
	return s->own.session != NULL && s->own.flows != 0;
}

/* The ends of the hidden session that are that host, as bits (1 << enum own_session_way). */
static unsigned
own_session_host_ends(const struct scope *s, const struct host *h)
{
	const struct own_session *o = s->own.session;
	unsigned ends = 0;

	if (!own_session_is_hidden(s) || h->other || h->kind != o->kind)
		return 0;
	if (addr_equal(&h->addr, &o->client))
		ends |= 1u << OWN_SENT;
	if (addr_equal(&h->addr, &o->server))
		ends |= 1u << OWN_RECEIVED;
	return ends;
}

/* The ends that are in that network, likewise. */
static unsigned
own_session_network_ends(const struct scope *s, const struct network *n)
{
	const struct own_session *o = s->own.session;
	unsigned ends = 0;

	if (!own_session_is_hidden(s) || n->other || n->kind != o->kind)
		return 0;
	for (int way = 0; way < OWN_WAYS; way++) {
		const struct addr *end = way == OWN_SENT ? &o->client : &o->server;
		const struct host *h = hosts_find(&s->ledger->hosts, o->kind, end);

		if (h != NULL && networks_contains(&s->ledger->networks, n, h))
			ends |= 1u << way;
	}
	return ends;
}

/* The hidden traffic of these ends; way 0 is out. */
static struct tally
own_session_sum_ends(const struct scope *s, unsigned ends, int way, bool moved)
{
	const struct tally *t = moved && !s->whole_time ? s->own.delta : s->own.counted;
	struct tally sum = { 0, 0 };

	for (int end = 0; end < OWN_WAYS; end++)
		if (ends & 1u << end)
			tally_add(&sum, t[end ^ way].packets, t[end ^ way].bytes);
	return sum;
}

bool
own_session_has_host(const struct scope *s, const struct host *h)
{
	return own_session_host_ends(s, h) != 0;
}

struct tally
own_session_of_host(const struct scope *s, const struct host *h, int way, bool moved)
{
	return own_session_sum_ends(s, own_session_host_ends(s, h), way, moved);
}

unsigned
own_session_n_ends_in(const struct scope *s, const struct network *n)
{
	unsigned ends = own_session_network_ends(s, n);

	return (ends >> OWN_SENT & 1) + (ends >> OWN_RECEIVED & 1);
}

struct tally
own_session_of_network(const struct scope *s, const struct network *n, int way, bool moved)
{
	return own_session_sum_ends(s, own_session_network_ends(s, n), way, moved);
}

bool
own_session_has_pair(const struct scope *s, const struct pair *p)
{
	const struct own_session *o = s->own.session;

	if (!own_session_is_hidden(s) || p->other || p->kind != o->kind)
		return false;
	return (addr_equal(&p->end[0], &o->client) && addr_equal(&p->end[1], &o->server)) ||
	    (addr_equal(&p->end[0], &o->server) && addr_equal(&p->end[1], &o->client));
}

struct tally
own_session_of_pair(const struct scope *s, const struct pair *p, int way, bool moved)
{
	bool client = addr_equal(&p->end[0], &s->own.session->client);

	return own_session_sum_ends(s, 1u << (client ? OWN_SENT : OWN_RECEIVED), way, moved);
}

static void
own_session_subtract(uint32_t *n, uint32_t hidden)
{
	*n -= hidden < *n ? hidden : *n;
}

void
own_session_subtract_errors(const struct scope *s, const struct host *h, struct host_errors *health)
{
	unsigned ends = own_session_host_ends(s, h);

	for (int end = 0; end < OWN_WAYS; end++) {
		const struct tcp_counts *c = &s->own.tcp[end];

		if (!(ends & 1u << end))
			continue;
		own_session_subtract(&health->retransmissions, c->retransmissions);
		own_session_subtract(&health->out_of_order, c->out_of_order);
		own_session_subtract(&health->duplicate_acks, c->duplicate_acks);
		own_session_subtract(&health->zero_windows, c->zero_windows);
	}
}

struct tally
tally_subtract(struct tally t, struct tally hidden)
{
	t.packets -= hidden.packets < t.packets ? hidden.packets : t.packets;
	t.bytes -= hidden.bytes < t.bytes ? hidden.bytes : t.bytes;
	return t;
}
