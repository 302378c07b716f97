/* What a library finds of a flow goes to where it is counted. */
#include "config.h"

#include <assert.h>

#include "core/private.h"

void
flow_set_found(struct ledger *l, uint32_t row, const struct flow_found *found)
{
	struct flow *f = &l->flows.row[row];
	uint64_t was = l->flows.found[row].risks;

	assert(l->apps != NULL && row < l->flows.table.used && found->app < USE_APPS);
	l->flows.found[row] = *found;
	if ((found->risks & l->apps->serious) != 0 && (was & l->apps->serious) == 0)
		host_errors_note_risk(l, f);
	if (f->bits & FLOW_FOLDED)
		flow_use_update(l, f);
}
