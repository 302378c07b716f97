/*
 * Whether a row's filter takes just the packets that were counted for the row: asked of the flows,
 * which know how their packets look to a filter (dissect/sight.h).
 */
#ifndef VIEW_BPF_EXACT_H
#define VIEW_BPF_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#include "view/list.h"

struct buf;
struct ledger;

/* What the packets of a row have in common, and its filter asks for. */
struct bpf_wanted {
	uint8_t kind;            /* enum addr_kind; of IP ADDR_IP4 for both; ADDR_NONE: no IP */
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

/* False with a sentence in `why` for a filter that takes more packets than the row has, or less. */
bool bpf_is_exact(const struct ledger *l, const struct view *v, const struct list_row *row,
    const struct bpf_wanted *w, struct buf *why);

#endif
