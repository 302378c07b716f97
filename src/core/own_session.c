#include "config.h"

#include "core/own_session.h"

#include <stdio.h>
#include <string.h>

#include "core/baseline.h"
#include "core/ledger.h"

#define IP_PROTO_TCP 6

/* Parses an address, without its zone ("fe80::1%eth0"); an IPv4-mapped IPv6 address (RFC
 * 4291, 2.5.5.2) becomes IPv4. */
static bool
own_session_parse_addr(char *s, enum addr_kind *kind, struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	s[strcspn(s, "%")] = '\0';
	if (!addr_parse(s, kind, a))
		return false;
	if (*kind == ADDR_IP6 && memcmp(a->b, mapped, sizeof(mapped)) == 0) {
		*a = (struct addr){ .b = { a->b[12], a->b[13], a->b[14], a->b[15] } };
		*kind = ADDR_IP4;
	}
	return true;
}

bool
own_session_parse(struct own_session *o, const char *text)
{
	char client[64], server[64];
	unsigned client_port, server_port;
	enum addr_kind kind, other;
	char more;

	*o = (struct own_session){ .known = false };
	if (sscanf(text, "%63s %5u %63s %5u %c", client, &client_port, server, &server_port,
		&more) != 4)
		return false;
	if (!own_session_parse_addr(client, &kind, &o->client) ||
	    !own_session_parse_addr(server, &other, &o->server))
		return false;
	o->kind = (uint8_t)kind;
	o->client_port = (uint16_t)client_port;
	o->server_port = (uint16_t)server_port;
	o->known = kind == other && client_port - 1 < UINT16_MAX && server_port - 1 < UINT16_MAX;
	return o->known;
}

/* The session's flow at the capture point of a source, or NULL. */
static const struct flow *
own_session_find_flow(const struct ledger *l, unsigned source)
{
	const struct own_session *o = &l->own_session;
	struct pkt p = {
		.src = o->client,
		.dst = o->server,
		.sport = o->client_port,
		.dport = o->server_port,
		.proto = IP_PROTO_TCP,
		.kind = o->kind,
		.source = (uint16_t)source,
	};

	return ledger_find_flow(l, &p);
}

static bool
own_session_is_first_source(const struct ledger *l, unsigned source)
{
	for (unsigned i = 0; i < source; i++)
		if (l->source[i].domain == l->source[source].domain)
			return false;
	return true;
}

static void
own_session_add_tcp(
    struct tcp_counts *to, const struct tcp_counts *now, const struct tcp_counts *was)
{
	to->retransmissions += now->retransmissions - was->retransmissions;
	to->out_of_order += now->out_of_order - was->out_of_order;
	to->duplicate_acks += now->duplicate_acks - was->duplicate_acks;
	to->zero_windows += now->zero_windows - was->zero_windows;
}

static void
own_session_add_flow(struct own_session_share *part, const struct ledger *l, const struct flow *f)
{
	bool turned = f->key.a_port != l->own_session.client_port ||
	    !addr_equal(&f->key.a, &l->own_session.client);
	const struct tally *t = f->meter.t, *was = baseline_of(l->baseline, &f->meter);
	struct baseline_tcp tcp = baseline_tcp(l->baseline, f);

	for (int way = 0; way < OWN_WAYS; way++) {
		struct tally m = meter_last_delta(&f->meter, &l->intervals, way ^ turned);
		struct tally all = tally_minus(t[way ^ turned], &was[way ^ turned]);

		tally_add(&part->counted[way], all.packets, all.bytes);
		tally_add(&part->delta[way], m.packets, m.bytes);
		own_session_add_tcp(&part->tcp[way], &f->tcp[way ^ turned], &tcp.end[way ^ turned]);
	}
	for (int w = 0; w < METER_WINDOWS; w++)
		part->rate[w] += meter_rate(&f->meter, &l->intervals, (enum meter_window)w);
	part->port = flow_service_port(f);
	part->flows++;
}

void
own_session_measure(struct own_session_share *part, const struct ledger *l)
{
	const struct flow *f;

	*part =
	    (struct own_session_share){ .session = l->own_session.known ? &l->own_session : NULL };
	for (unsigned i = 0; part->session != NULL && i < l->n_sources; i++)
		if (own_session_is_first_source(l, i) &&
		    (f = own_session_find_flow(l, i)) != NULL && (f->bits & FLOW_FOLDED))
			own_session_add_flow(part, l, f);
}
