#include "config.h"

#include "view/panel_data.h"

#include <string.h>

#include "dissect/dissect.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/columns.h"

#define BITS_PER_BYTE 8
#define MOST_TRIPS    0.95

/* Bytes a second over the last 10 s, or bytes of the whole time; shares are computed from it. */
static double
weight(const struct scope *s, const struct meter *m)
{
	return s->average ? (double)scope_counted(s, m, 0).bytes
			  : meter_rate(m, &s->ledger->intervals, METER_10S);
}

static bool
is_ip(const struct proto_node *node)
{
	return node->proto == PROTO_IP || node->proto == PROTO_IPV6;
}

/* True if node i is directly above the outermost IP layer. */
static bool
is_upon_ip(const struct proto_tree *ps, uint16_t i)
{
	uint16_t up = ps->node[i].parent;

	if (up == PROTO_TREE_MAX || !is_ip(&ps->node[up]))
		return false;
	while ((up = ps->node[up].parent) != PROTO_TREE_MAX)
		if (is_ip(&ps->node[up]))
			return false;
	return true;
}

static enum traffic_class
class_of_proto(uint8_t proto)
{
	switch (proto) {
	case PROTO_TCP:
		return CLASS_TCP;
	case PROTO_UDP:
		return CLASS_UDP;
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		return CLASS_ICMP;
	default:
		return CLASS_OTHER;
	}
}

/* Inserts a protocol into the list of the largest shares. */
static void
add_kind(struct pane *p, uint8_t proto, double w)
{
	unsigned at = p->n_kinds;

	while (at > 0 && p->kind[at - 1].share < w)
		at--;
	if (at == PANE_KINDS || w <= 0)
		return;
	if (p->n_kinds < PANE_KINDS)
		p->n_kinds++;
	memmove(&p->kind[at + 1], &p->kind[at], (p->n_kinds - 1 - at) * sizeof(p->kind[0]));
	p->kind[at] = (struct pane_kind){ proto_name(proto), w };
}

/*
 * Classes are the layers directly above IP. The protocols listed are what TCP and UDP carry, other
 * protocols above IP, and ARP.
 */
static void
take_protocols(struct pane *p, const struct scope *s)
{
	const struct proto_tree *ps = &s->ledger->proto_tree;
	double kind[PROTO_MAX] = { 0 }, all = 0;

	for (uint16_t i = 0; i < ps->used; i++) {
		const struct proto_node *node = &ps->node[i];
		double w = weight(s, &node->meter);
		enum traffic_class class = class_of_proto(node->proto);

		if (node->depth == 0)
			all += w;
		if (is_upon_ip(ps, i)) {
			p->class[class] += w;
			if (class == CLASS_OTHER || class == CLASS_ICMP)
				kind[node->proto] += w;
		} else if (node->proto == PROTO_ARP ||
		    (node->parent != PROTO_TREE_MAX && is_upon_ip(ps, node->parent) &&
			class_of_proto(ps->node[node->parent].proto) <= CLASS_UDP)) {
			kind[node->proto] += w;
		}
	}
	p->known = all > 0;
	if (!p->known)
		return;
	p->class[CLASS_OTHER] =
	    all - p->class[CLASS_TCP] - p->class[CLASS_UDP] - p->class[CLASS_ICMP];
	for (unsigned c = 0; c < CLASSES; c++)
		p->class[c] = p->class[c] > 0 ? p->class[c] / all : 0;
	for (unsigned i = 0; i < PROTO_MAX; i++)
		add_kind(p, (uint8_t)i, kind[i] / all);
}

static void
take_sizes(struct pane *p, const struct scope *s)
{
	uint64_t all = scope_total(s).packets;

	for (unsigned i = 0; all > 0 && i < n_size_ranges && i < PANE_SIZES; i++)
		p->size[i] = (double)scope_size(s, &size_ranges[i]) / (double)all;
}

static void
take_tcp(struct pane *p, const struct scope *s)
{
	const struct tcp_stats *t = &s->ledger->tcp_stats;
	double seconds = scope_seconds(s);

	p->has_tcp = t->n[TCP_STATS_SEGMENTS] > 0;
	for (unsigned k = 0; k < TCP_STATS_KINDS; k++) {
		double w = weight(s, &t->meter[k]);

		p->tcp[k] = !s->average ? w : seconds > 0 ? w / seconds : 0;
	}
	p->timed = tcp_stats_rtt_quantile(t, 0.5, &p->trip) &&
	    tcp_stats_rtt_quantile(t, MOST_TRIPS, &p->long_trip);
}

static void
take_source(struct pane_source *to, const struct scope *s, const struct source_stats *src)
{
	struct value rate = s->average
	    ? scope_rate(s, V_BYTE_RATE, scope_counted(s, &src->meter, 0).bytes)
	    : scope_window(s, &src->meter, METER_10S);
	struct baseline_source counted = scope_source(s, src);
	struct buf name;

	buf_init(&name, to->name, sizeof(to->name));
	text_clean(&name, src->name, strlen(src->name));
	to->bytes = rate.type == V_NONE ? -1 : rate.x;
	to->use = -1;
	if (src->link_bps != 0 && to->bytes >= 0)
		to->use = to->bytes * BITS_PER_BYTE / (double)src->link_bps;
	to->drops_known = src->drops_known;
	to->dropped = counted.kernel_dropped + counted.interface_dropped;
	to->state = src->state;
}

void
pane_take(struct pane *p, const struct scope *s)
{
	const struct ledger *l = s->ledger;

	memset(p, 0, sizeof(*p));
	take_protocols(p, s);
	take_sizes(p, s);
	take_tcp(p, s);
	p->n_sources = l->n_sources;
	for (unsigned i = 0; i < l->n_sources && i < PANE_SOURCES; i++)
		take_source(&p->source[i], s, &l->source[i]);
	p->flows = (struct pane_room){ l->flows.used, l->flows.max, l->flows.evicted };
	p->hosts = (struct pane_room){ l->hosts.used, l->hosts.max, l->hosts.evicted };
}
