/*
 * Checks that a row's capture filter matches exactly the packets that were counted for the row. The
 * flows know how their packets look to a filter (dissect/bpf_gaps.h).
 */
#ifndef VIEW_BPF_EXACT_H
#define VIEW_BPF_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "view/row_list.h"

struct buf;
struct ledger;

/* What the packets of a row have in common: the query that its filter expresses. */
struct bpf_query {
	uint8_t kind; /* enum addr_kind; ADDR_IP4 stands for both kinds of IP; ADDR_NONE: not IP */
	const struct value *end; /* its one address, or NULL */
	const struct value *a, *b;
	uint16_t a_port, b_port; /* with ports or one_port */
	const char *context;     /* of a flow or a packet, as text; NULL: any */
	uint16_t proto;
	bool has_proto;
	bool ports;
	bool one_port; /* a_port, at any end */
	bool one_way;  /* from a to b alone */
};

/* False, with a sentence in `why`, if the filter would match more or fewer packets than the row
 * has. */
bool bpf_exact_check(const struct ledger *l, const struct view *v, const struct table_row *row,
    const struct bpf_query *w, struct buf *why);

#endif
