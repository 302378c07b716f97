#include "config.h"

#include "view/summary.h"

#include <string.h>

#include "dissect/dissect.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/columns.h"

#define BITS_PER_BYTE 8
#define MOST_TRIPS    0.95

/* Bytes a second over the last 10 s, or bytes of the whole time; shares are computed from it. */
static double
panel_data_weight(const struct scope *s, const struct meter *m)
{
	return s->whole_time ? (double)scope_count(s, m, 0).bytes
			     : meter_rate(m, &s->ledger->intervals, METER_10S);
}

static bool
panel_data_is_ip(const struct proto_node *node)
{
	return node->proto == PROTO_IP || node->proto == PROTO_IPV6;
}

/* True if node i is directly above the outermost IP layer. */
static bool
panel_data_is_over_ip(const struct proto_tree *ps, uint16_t i)
{
	uint16_t up = ps->node[i].parent;

	if (up == PROTO_TREE_MAX || !panel_data_is_ip(&ps->node[up]))
		return false;
	while ((up = ps->node[up].parent) != PROTO_TREE_MAX)
		if (panel_data_is_ip(&ps->node[up]))
			return false;
	return true;
}

static enum traffic_class
panel_data_class_of_proto(uint8_t proto)
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
panel_data_add_proto(struct panel *p, uint8_t proto, double w)
{
	unsigned at = p->n_protos;

	while (at > 0 && p->proto[at - 1].share < w)
		at--;
	if (at == PANEL_PROTOS || w <= 0)
		return;
	if (p->n_protos < PANEL_PROTOS)
		p->n_protos++;
	memmove(&p->proto[at + 1], &p->proto[at], (p->n_protos - 1 - at) * sizeof(p->proto[0]));
	p->proto[at] = (struct panel_proto){ proto_name(proto), w };
}

/*
 * Classes are the layers directly above IP. The protocols listed are what TCP and UDP carry, other
 * protocols above IP, and ARP.
 */
static void
panel_data_fill_protocols(struct panel *p, const struct scope *s)
{
	const struct proto_tree *ps = &s->ledger->proto_tree;
	double kind[PROTO_MAX] = { 0 }, all = 0;

	for (uint16_t i = 0; i < ps->used; i++) {
		const struct proto_node *node = &ps->node[i];
		double w = panel_data_weight(s, &node->meter);
		enum traffic_class class = panel_data_class_of_proto(node->proto);

		if (node->depth == 0)
			all += w;
		if (panel_data_is_over_ip(ps, i)) {
			p->class[class] += w;
			if (class == CLASS_OTHER || class == CLASS_ICMP)
				kind[node->proto] += w;
		} else if (node->proto == PROTO_ARP ||
		    (node->parent != PROTO_TREE_MAX && panel_data_is_over_ip(ps, node->parent) &&
			panel_data_class_of_proto(ps->node[node->parent].proto) <= CLASS_UDP)) {
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
		panel_data_add_proto(p, (uint8_t)i, kind[i] / all);
}

static void
panel_data_fill_sizes(struct panel *p, const struct scope *s)
{
	uint64_t all = scope_all_traffic(s).packets;

	for (unsigned i = 0; all > 0 && i < n_size_ranges && i < PANEL_SIZES; i++)
		p->size[i] = (double)scope_packets_of_size(s, &size_ranges[i]) / (double)all;
}

static void
panel_data_fill_tcp(struct panel *p, const struct scope *s)
{
	const struct tcp_stats *t = &s->ledger->tcp_stats;
	double seconds = scope_seconds(s);

	p->has_tcp = t->n[TCP_STATS_SEGMENTS] > 0;
	for (unsigned k = 0; k < TCP_STATS_KINDS; k++) {
		double w = panel_data_weight(s, &t->meter[k]);

		if (s->whole_time)
			w = seconds > 0 ? w / seconds : 0;
		p->tcp[k] = w;
	}
	p->has_rtt = tcp_stats_rtt_quantile(t, 0.5, &p->rtt_median_us) &&
	    tcp_stats_rtt_quantile(t, MOST_TRIPS, &p->rtt_p95_us);
}

static void
panel_data_fill_source(
    struct panel_source *to, const struct scope *s, const struct source_stats *src)
{
	struct value rate = s->whole_time
	    ? scope_rate(s, V_BYTE_RATE, scope_count(s, &src->meter, 0).bytes)
	    : scope_window(s, &src->meter, METER_10S);
	struct baseline_source counted = scope_source_counts(s, src);
	struct buf name;

	buf_init(&name, to->name, sizeof(to->name));
	text_clean(&name, src->name, strlen(src->name));
	to->byte_rate = rate.type == V_NONE ? -1 : rate.x;
	to->link_share = -1;
	if (src->link_bps != 0 && to->byte_rate >= 0)
		to->link_share = to->byte_rate * BITS_PER_BYTE / (double)src->link_bps;
	to->drops_known = src->drops_known;
	to->dropped = counted.kernel_dropped + counted.interface_dropped;
	to->state = src->state;
}

void
panel_data_update(struct panel *p, const struct scope *s)
{
	const struct ledger *l = s->ledger;

	memset(p, 0, sizeof(*p));
	panel_data_fill_protocols(p, s);
	panel_data_fill_sizes(p, s);
	panel_data_fill_tcp(p, s);
	p->n_sources = l->n_sources;
	for (unsigned i = 0; i < l->n_sources && i < PANEL_SOURCES; i++)
		panel_data_fill_source(&p->source[i], s, &l->source[i]);
	p->flows =
	    (struct panel_table){ l->flows.table.used, l->flows.table.max, l->flows.table.evicted };
	p->hosts =
	    (struct panel_table){ l->hosts.table.used, l->hosts.table.max, l->hosts.table.evicted };
}
