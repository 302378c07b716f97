#include "config.h"

#include "view/bpf_exact.h"

#include <string.h>

#include "core/ledger.h"
#include "dissect/bpf_gaps.h"
#include "util/buf.h"
#include "view/columns.h"

static bool
is_ip(uint8_t kind)
{
	return kind == ADDR_IP4 || kind == ADDR_IP6;
}

/* An end without an address matches any. */
static bool
has_end(const struct value *end, uint8_t kind, const struct addr *a)
{
	struct net net = { .addr = end->addr, .kind = end->kind, .bits = end->bits };

	if (end->bits != 0)
		return net_contains(&net, kind, a);
	return kind == end->kind &&
	    (!addr_is_present(kind, &end->addr) || addr_equal(a, &end->addr));
}

static bool
takes_ends(const struct bpf_wanted *w, const struct flowkey *k)
{
	if (w->end != NULL)
		return has_end(w->end, k->kind, &k->a) || has_end(w->end, k->kind, &k->b);
	if (w->a == NULL)
		return is_ip(w->kind) ? is_ip(k->kind) : !is_ip(k->kind);
	return (has_end(w->a, k->kind, &k->a) && has_end(w->b, k->kind, &k->b)) ||
	    (has_end(w->a, k->kind, &k->b) && has_end(w->b, k->kind, &k->a));
}

static bool
takes_ports(const struct bpf_wanted *w, const struct flowkey *k)
{
	if (w->one_port)
		return k->a_port == w->a_port || k->b_port == w->a_port;
	return !w->ports || (k->a_port == w->a_port && k->b_port == w->b_port) ||
	    (k->a_port == w->b_port && k->b_port == w->a_port);
}

/* True where `one` is the context of either direction: "vlan 10" in "vlan 10 / vlan 20". */
static bool
has_context(const char *both, const char *one)
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
ways_in_context(const struct ledger *l, const struct bpf_wanted *w, const struct flow *f)
{
	unsigned n = 0;

	for (int way = 0; way < 2 && w->context != NULL; way++) {
		char text[CONTEXT_TEXT];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		ledger_context_text(&b, l, f->context[way]);
		n += has_context(w->context, text[0] != '\0' ? text : "-");
	}
	return w->context == NULL ? 2 : n;
}

/* True if the ends, protocol and ports of a flow match the query. */
static bool
asks_for(const struct bpf_wanted *w, const struct flowkey *k)
{
	return takes_ends(w, k) && (!w->has_proto || k->proto == w->proto) && takes_ports(w, k);
}

static bool
is_row(const struct view *v, const struct list_row *row, const void *of)
{
	struct rowkey k;

	v->key(of, &k);
	return memcmp(&k, &row->key, sizeof(k)) == 0;
}

/* A flow that is not folded yet counts: it will be. */
static bool
is_of_host(
    const struct ledger *l, const struct view *v, const struct list_row *row, const struct flow *f)
{
	if (f->host[0] == INDEX_NONE && f->host[1] == INDEX_NONE)
		return true;
	for (int end = 0; end < 2; end++)
		if (f->host[end] != INDEX_NONE && is_row(v, row, &l->hosts.row[f->host[end]]))
			return true;
	return false;
}

static bool
is_of_service(
    const struct ledger *l, const struct view *v, const struct list_row *row, const struct flow *f)
{
	return f->port == INDEX_NONE || is_row(v, row, &l->ports.row[f->port]);
}

/* Several prefixes may contain a host. */
static bool
is_of_network(
    const struct ledger *l, const struct view *v, const struct list_row *row, const struct flow *f)
{
	const struct networks *ns = &l->networks;

	if (f->host[0] == INDEX_NONE && f->host[1] == INDEX_NONE)
		return true;
	for (uint32_t i = 0; i < ns->used; i++)
		if (is_row(v, row, &ns->row[i]))
			for (int end = 0; end < 2; end++)
				if (f->host[end] != INDEX_NONE &&
				    networks_contains(ns, &ns->row[i], &l->hosts.row[f->host[end]]))
					return true;
	return false;
}

static bool
is_of_flow(
    const struct ledger *l, const struct view *v, const struct list_row *row, const struct flow *f)
{
	(void)l;
	return is_row(v, row, f);
}

typedef bool belongs_fn(
    const struct ledger *l, const struct view *v, const struct list_row *row, const struct flow *f);

/* The function that says if a flow counts for a row of the view; NULL for packets. */
static belongs_fn *
belongs_in(const struct view *v)
{
	static const struct {
		const struct view *v;
		belongs_fn *fn;
	} table[] = { { &view_flows, is_of_flow }, { &view_talkers, is_of_host },
		{ &view_health, is_of_host }, { &view_ports, is_of_service },
		{ &view_networks, is_of_network } };

	for (size_t i = 0; i < NITEMS(table); i++)
		if (table[i].v == v)
			return table[i].fn;
	return NULL;
}

/* The parts of packets that the filter must be able to see. */
static unsigned
needs(const struct bpf_wanted *w)
{
	unsigned bits = BPF_GAP_ALL;

	if (!is_ip(w->kind))
		bits |= BPF_WRONG_ADDRS;
	if (is_ip(w->kind) || w->end != NULL || w->a != NULL)
		bits |= BPF_GAP_ADDRS;
	if (w->context != NULL)
		bits |= BPF_GAP_TAGS;
	if (w->has_proto)
		bits |= BPF_GAP_PROTO;
	if (w->ports || w->one_port)
		bits |= BPF_GAP_PORTS;
	return bits;
}

static bool
takes_seen(const struct bpf_wanted *w, const struct seen *s)
{
	const struct flowkey k = { .a = s->src,
		.b = s->dst,
		.a_port = s->sport,
		.b_port = s->dport,
		.proto = s->proto,
		.kind = s->kind };

	if (!s->ends)
		return w->end == NULL && w->a == NULL;
	return takes_ends(w, &k) && (!w->has_proto || w->proto == s->proto) &&
	    (!s->ports || takes_ports(w, &k));
}

/* True if a filter takes packets that are others, or nobody knows. */
static bool
takes_others(const struct ledger *l, const struct bpf_wanted *w)
{
	const struct mistaken *m = &l->mistaken;

	if (!is_ip(w->kind))
		return l->bpf_gaps & BPF_WRONG_PROTO;
	if (!(l->bpf_gaps & BPF_WRONG_ADDRS))
		return false;
	for (unsigned i = 0; i < m->n; i++)
		if (takes_seen(w, &m->of[i]))
			return true;
	return m->n == 0 || m->more;
}

static bool
fail(struct buf *why, const char *text)
{
	if (why != NULL)
		buf_setf(why, "%s", text);
	return false;
}

bool
bpf_is_exact(const struct ledger *l, const struct view *v, const struct list_row *row,
    const struct bpf_wanted *w, struct buf *why)
{
	belongs_fn *belongs = belongs_in(v);
	/* Evicted flows are part of all rows but those of flows. */
	unsigned bits = v != &view_flows && l->flows.evicted > 0 ? l->bpf_gaps : 0;

	if (takes_others(l, w))
		return fail(why, "a capture filter takes some packets here for others");
	for (uint32_t i = 0; i < l->flows.used; i++) {
		const struct flow *f = &l->flows.row[i];
		unsigned ways = asks_for(w, &f->key) ? ways_in_context(l, w, f) : 0;

		if (!asks_for(w, &f->key) || (belongs == NULL && ways == 0))
			continue;
		if (belongs != NULL && ways != (belongs(l, v, row, f) ? 2 : 0))
			return fail(why, "a capture filter cannot tell this row from others");
		bits |= ways > 0 ? f->bpf_gaps : 0;
	}
	if (bits & needs(w))
		return fail(why, "a capture filter does not see all the packets of this row");
	return true;
}
