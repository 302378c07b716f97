#include "config.h"

#include "export/private.h"

#include <stdlib.h>

#include "util/sort.h"

/* -1, 0, 1. */
#define COMPARE(x, y) (((x) > (y)) - ((x) < (y)))

static bool
report_rows_init(struct report_rows *rows, uint32_t n)
{
	rows->n = n;
	rows->at = calloc(n > 0 ? n : 1, sizeof(*rows->at));
	return rows->at != NULL;
}

void
report_rows_fini(struct report_rows *rows)
{
	free(rows->at);
	*rows = (struct report_rows){ .at = NULL };
}

static int
report_rows_compare_bytes(const struct report_row *x, const struct report_row *y)
{
	return COMPARE(y->bytes, x->bytes);
}

static int
report_rows_compare_ends(const struct flowkey *x, const struct flowkey *y)
{
	int c = COMPARE(x->kind, y->kind);

	if (c == 0)
		c = addr_compare(&x->a, &y->a);
	if (c == 0)
		c = COMPARE(x->a_port, y->a_port);
	if (c == 0)
		c = addr_compare(&x->b, &y->b);
	if (c == 0)
		c = COMPARE(x->b_port, y->b_port);
	return c;
}

static int
report_rows_compare_flows(const void *xp, const void *yp)
{
	const struct report_row *x = xp, *y = yp;
	const struct flow *f = x->row, *g = y->row;
	int c = report_rows_compare_bytes(x, y);

	if (c == 0)
		c = COMPARE(f->first, g->first);
	if (c == 0)
		c = report_rows_compare_ends(&f->key, &g->key);
	if (c == 0)
		c = COMPARE(f->key.proto, g->key.proto);
	if (c == 0)
		c = COMPARE(f->key.domain, g->key.domain);
	return c != 0 ? c : COMPARE(f, g);
}

bool
report_rows_flows(struct report_rows *rows, const struct ledger *l, uint32_t top)
{
	if (!report_rows_init(rows, l->flows.table.used))
		return false;
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct flow *f = &l->flows.row[i];

		rows->at[i] = (struct report_row){ meter_sum(&f->meter).bytes, f };
	}
	sort_first(rows->at, rows->n, sizeof(*rows->at), top, report_rows_compare_flows);
	return true;
}

struct tally
report_rows_host_tally(const struct host *h, int way)
{
	struct tally sum = { 0, 0 };

	for (int c = 0; c < CLASSES; c++)
		tally_add(&sum, h->meter[c].t[way].packets, h->meter[c].t[way].bytes);
	return sum;
}

static int
report_rows_compare_hosts(const void *xp, const void *yp)
{
	const struct report_row *x = xp, *y = yp;
	const struct host *g = x->row, *h = y->row;
	int c = report_rows_compare_bytes(x, y);

	if (c == 0)
		c = COMPARE(g->kind, h->kind);
	if (c == 0)
		c = addr_compare(&g->addr, &h->addr);
	if (c == 0)
		c = COMPARE(g->first, h->first);
	return c != 0 ? c : COMPARE(g, h);
}

bool
report_rows_hosts(struct report_rows *rows, const struct ledger *l, uint32_t top)
{
	if (!report_rows_init(rows, l->hosts.table.used))
		return false;
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct host *h = &l->hosts.row[i];

		rows->at[i] = (struct report_row){
			report_rows_host_tally(h, 0).bytes + report_rows_host_tally(h, 1).bytes, h
		};
	}
	sort_first(rows->at, rows->n, sizeof(*rows->at), top, report_rows_compare_hosts);
	return true;
}

static int
report_rows_compare_ports(const void *xp, const void *yp)
{
	const struct report_row *x = xp, *y = yp;
	const struct port *p = x->row, *q = y->row;
	int c = report_rows_compare_bytes(x, y);

	if (c == 0)
		c = COMPARE(p->kind, q->kind);
	if (c == 0)
		c = COMPARE(p->proto, q->proto);
	if (c == 0)
		c = COMPARE(p->port, q->port);
	return c != 0 ? c : COMPARE(p->has_port, q->has_port);
}

bool
report_rows_ports(struct report_rows *rows, const struct ledger *l, uint32_t top)
{
	if (!report_rows_init(rows, l->ports.table.used))
		return false;
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct port *p = &l->ports.row[i];

		rows->at[i] = (struct report_row){ meter_sum(&p->meter).bytes, p };
	}
	sort_first(rows->at, rows->n, sizeof(*rows->at), top, report_rows_compare_ports);
	return true;
}

/* A parent has all bytes of its children and the lower number, so it comes before them. */
static int
report_rows_compare_protocols(const void *xp, const void *yp)
{
	const struct report_row *x = xp, *y = yp;
	const struct proto_node *p = x->row, *q = y->row;
	int c = report_rows_compare_bytes(x, y);

	return c != 0 ? c : COMPARE(p, q);
}

bool
report_rows_protocols(struct report_rows *rows, const struct ledger *l, uint32_t top)
{
	if (!report_rows_init(rows, l->proto_tree.used))
		return false;
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct proto_node *p = &l->proto_tree.node[i];

		rows->at[i] = (struct report_row){ p->meter.t[0].bytes, p };
	}
	sort_first(rows->at, rows->n, sizeof(*rows->at), top, report_rows_compare_protocols);
	return true;
}

uint16_t
report_rows_protocol_number(const struct ledger *l, const struct proto_node *p)
{
	return (uint16_t)(p - l->proto_tree.node);
}
