#include "config.h"

#include "view/private.h"

#include <string.h>

#include "core/ledger.h"
#include "dissect/bpf_gaps.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"

static bool
bpf_exact_is_ip(uint8_t kind)
{
	return kind == ADDR_IP4 || kind == ADDR_IP6;
}

/* An end without an address matches any. */
static bool
bpf_exact_address_matches(const struct value *end, uint8_t kind, const struct addr *a)
{
	struct net net = { .addr = end->addr, .kind = end->kind, .bits = end->bits };

	if (end->bits != 0)
		return net_contains(&net, kind, a);
	return kind == end->kind &&
	    (!addr_is_present(kind, &end->addr) || addr_equal(a, &end->addr));
}

static bool
bpf_exact_ends_match(const struct bpf_query *w, const struct flowkey *k)
{
	if (w->end != NULL)
		return bpf_exact_address_matches(w->end, k->kind, &k->a) ||
		    bpf_exact_address_matches(w->end, k->kind, &k->b);
	if (w->a == NULL)
		return bpf_exact_is_ip(w->kind) ? bpf_exact_is_ip(k->kind)
						: !bpf_exact_is_ip(k->kind);
	return (bpf_exact_address_matches(w->a, k->kind, &k->a) &&
		   bpf_exact_address_matches(w->b, k->kind, &k->b)) ||
	    (bpf_exact_address_matches(w->a, k->kind, &k->b) &&
		bpf_exact_address_matches(w->b, k->kind, &k->a));
}

static bool
bpf_exact_ports_match(const struct bpf_query *w, const struct flowkey *k)
{
	if (w->one_port)
		return k->a_port == w->a_port || k->b_port == w->a_port;
	return !w->ports || (k->a_port == w->a_port && k->b_port == w->b_port) ||
	    (k->a_port == w->b_port && k->b_port == w->a_port);
}

/* True if `one` is the context of either direction: "vlan 10" in "vlan 10 / vlan 20". */
static bool
bpf_exact_context_matches(const char *both, const char *one)
{
	static const char between[] = " / ";
	const char *slash = strstr(both, between);
	size_t n = slash != NULL ? (size_t)(slash - both) : strlen(both);

	if (both[0] == '\0')
		both = "-";
	if (slash == NULL)
		return strcmp(both, one) == 0;
	return (strlen(one) == n && memcmp(both, one, n) == 0) ||
	    strcmp(slash + strlen(between), one) == 0;
}

/* The number of a flow's directions that are in the context of the query. */
static unsigned
bpf_exact_ways_in_context(const struct ledger *l, const struct bpf_query *w, const struct flow *f)
{
	unsigned n = 0;

	for (int way = 0; way < 2 && w->context != NULL; way++) {
		char text[CONTEXT_TEXT];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		ledger_context_text(&b, l, f->context[way]);
		n += bpf_exact_context_matches(w->context, text[0] != '\0' ? text : "-");
	}
	return w->context == NULL ? 2 : n;
}

/* True if the ends, protocol and ports of a flow match the query. */
static bool
bpf_exact_flow_matches(const struct bpf_query *w, const struct flowkey *k)
{
	return bpf_exact_ends_match(w, k) && (!w->has_proto || k->proto == w->proto) &&
	    bpf_exact_ports_match(w, k);
}

static bool
bpf_exact_is_row(const struct view *v, const struct table_row *row, const void *of)
{
	struct row_key k;

	v->row_key(of, &k);
	return memcmp(&k, &row->key, sizeof(k)) == 0;
}

/* A flow that is not folded yet counts: it will be. */
static bool
bpf_exact_flow_is_of_host(
    const struct ledger *l, const struct view *v, const struct table_row *row, const struct flow *f)
{
	if (f->host[0] == INDEX_NONE && f->host[1] == INDEX_NONE)
		return true;
	for (int end = 0; end < 2; end++)
		if (f->host[end] != INDEX_NONE &&
		    bpf_exact_is_row(v, row, &l->hosts.row[f->host[end]]))
			return true;
	return false;
}

static bool
bpf_exact_flow_is_of_service(
    const struct ledger *l, const struct view *v, const struct table_row *row, const struct flow *f)
{
	return f->port == INDEX_NONE || bpf_exact_is_row(v, row, &l->ports.row[f->port]);
}

/* Several prefixes may contain a host. */
static bool
bpf_exact_flow_is_of_network(
    const struct ledger *l, const struct view *v, const struct table_row *row, const struct flow *f)
{
	const struct networks *ns = &l->networks;

	if (f->host[0] == INDEX_NONE && f->host[1] == INDEX_NONE)
		return true;
	for (uint32_t i = 0; i < ns->table.used; i++)
		if (bpf_exact_is_row(v, row, &ns->row[i]))
			for (int end = 0; end < 2; end++)
				if (f->host[end] != INDEX_NONE &&
				    networks_contains(ns, &ns->row[i], &l->hosts.row[f->host[end]]))
					return true;
	return false;
}

/* All flows between these addresses are of the pair. */
static bool
bpf_exact_flow_is_of_pair(const struct ledger *l ATTR_UNUSED, const struct view *v ATTR_UNUSED,
    const struct table_row *row ATTR_UNUSED, const struct flow *f ATTR_UNUSED)
{
	return true;
}

static bool
bpf_exact_flow_is_row(
    const struct ledger *l, const struct view *v, const struct table_row *row, const struct flow *f)
{
	(void)l;
	return bpf_exact_is_row(v, row, f);
}

typedef bool bpf_membership_fn(const struct ledger *l, const struct view *v,
    const struct table_row *row, const struct flow *f);

/* The function that says if a flow counts for a row of the view; NULL for packets. */
static bpf_membership_fn *
bpf_exact_membership(const struct view *v)
{
	static const struct {
		const struct view *v;
		bpf_membership_fn *fn;
	} table[] = { { &view_flows, bpf_exact_flow_is_row },
		{ &view_talkers, bpf_exact_flow_is_of_host },
		{ &view_health, bpf_exact_flow_is_of_host },
		{ &view_ports, bpf_exact_flow_is_of_service },
		{ &view_networks, bpf_exact_flow_is_of_network },
		{ &view_pairs, bpf_exact_flow_is_of_pair } };

	for (size_t i = 0; i < NITEMS(table); i++)
		if (table[i].v == v)
			return table[i].fn;
	return NULL;
}

/* The parts of packets that the filter must be able to see. */
static unsigned
bpf_exact_blind_spots(const struct bpf_query *w)
{
	unsigned bits = BPF_GAP_ALL;

	if (!bpf_exact_is_ip(w->kind))
		bits |= BPF_WRONG_ADDRS;
	if (bpf_exact_is_ip(w->kind) || w->end != NULL || w->a != NULL)
		bits |= BPF_GAP_ADDRS;
	if (w->context != NULL)
		bits |= BPF_GAP_TAGS;
	if (w->has_proto)
		bits |= BPF_GAP_PROTO;
	if (w->ports || w->one_port)
		bits |= BPF_GAP_PORTS;
	return bits;
}

/* True if a filter may match the ends of a packet whose header is cut off behind the source. */
static bool
bpf_exact_cut_ends_match(const struct bpf_query *w, const struct seen *s)
{
	if (w->end == NULL)
		return w->a == NULL;
	return s->ends > 0 && bpf_exact_address_matches(w->end, s->kind, &s->src);
}

static bool
bpf_exact_takes_seen(const struct bpf_query *w, const struct seen *s)
{
	const struct flowkey k = { .a = s->src,
		.b = s->dst,
		.a_port = s->sport,
		.b_port = s->dport,
		.proto = s->proto,
		.kind = s->kind };

	if (s->ends < 2)
		return bpf_exact_cut_ends_match(w, s);
	return bpf_exact_ends_match(w, &k) && (!w->has_proto || w->proto == s->proto) &&
	    (!s->ports || bpf_exact_ports_match(w, &k));
}

/* True if a filter may match other packets, too. */
static bool
bpf_exact_takes_others(const struct ledger *l, const struct bpf_query *w)
{
	const struct mistaken *m = &l->mistaken;

	if (!bpf_exact_is_ip(w->kind))
		return l->bpf_gaps & BPF_WRONG_PROTO;
	if (!(l->bpf_gaps & BPF_WRONG_ADDRS))
		return false;
	for (unsigned i = 0; i < m->n; i++)
		if (bpf_exact_takes_seen(w, &m->of[i]))
			return true;
	return m->n == 0 || m->more;
}

static bool
bpf_exact_fail(struct buf *why, const char *text)
{
	if (why != NULL)
		buf_setf(why, "%s", text);
	return false;
}

bool
bpf_exact_check(const struct ledger *l, const struct view *v, const struct table_row *row,
    const struct bpf_query *w, struct buf *why)
{
	bpf_membership_fn *belongs = bpf_exact_membership(v);
	/* Evicted flows are part of all rows but those of flows. */
	unsigned bits = v != &view_flows && l->flows.table.evicted > 0 ? l->bpf_gaps : 0;

	if (bpf_exact_takes_others(l, w))
		return bpf_exact_fail(why, "a capture filter misinterprets some of these packets");
	for (uint32_t i = 0; i < l->flows.table.used; i++) {
		const struct flow *f = &l->flows.row[i];
		unsigned ways =
		    bpf_exact_flow_matches(w, &f->key) ? bpf_exact_ways_in_context(l, w, f) : 0;

		if (!bpf_exact_flow_matches(w, &f->key) || (belongs == NULL && ways == 0))
			continue;
		if (belongs != NULL && ways != (belongs(l, v, row, f) ? 2 : 0))
			return bpf_exact_fail(
			    why, "a capture filter cannot distinguish this row from others");
		bits |= ways > 0 ? f->bpf_gaps : 0;
	}
	if (bits & bpf_exact_blind_spots(w))
		return bpf_exact_fail(why, "a capture filter cannot see all packets of this row");
	return true;
}
