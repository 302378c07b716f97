#include "config.h"

#include "app/actions.h"

#include "control/state.h"
#include "core/ledger.h"
#include "ext/resolver.h"

static void
dns_lookup_on_name(void *arg, uint8_t kind, const struct addr *a, const char *name)
{
	ledger_add_rdns_name(arg, kind, a, name);
}

/* Groups have no names, and addresses with another name are not asked for. */
static bool
dns_lookup_is_wanted(const struct ledger *l, const struct value *cell)
{
	if (cell->type != V_ADDR || cell->bits != 0 ||
	    (cell->kind != ADDR_IP4 && cell->kind != ADDR_IP6))
		return false;
	return !addr_is_group((enum addr_kind)cell->kind, &cell->addr) &&
	    ledger_host_name(l, cell->kind, &cell->addr, false).text == NULL;
}

void
dns_lookup_start(struct resolver **r, const struct state *st, struct ledger *l, uint64_t monotonic)
{
	uint32_t top = st->per_view[st->view].top, page = state_page_rows(st);
	const struct table_row *row;

	if (st->names.mode != NAMES_DNS)
		return;
	if (*r == NULL)
		*r = resolver_new(NULL, dns_lookup_on_name, l);
	for (uint32_t i = top; *r != NULL && i < top + page; i++) {
		row = state_row(st, i);
		for (unsigned c = 0; row != NULL && c < views[st->view]->n_cols; c++)
			if (dns_lookup_is_wanted(l, &row->cell[c]))
				resolver_ask(*r, row->cell[c].kind, &row->cell[c].addr, monotonic);
	}
}
