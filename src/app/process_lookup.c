#include "config.h"

#include "app/actions.h"

#include <string.h>

#include "app/options.h"
#include "control/command.h"
#include "control/state.h"
#include "feed/feed.h"
#include "platform/privilege.h"
#include "platform/process_owner.h"
#include "view/columns.h"

#define HIDDEN 256 /* flows, some us each */

/* With and without --processes; both fit 80 columns. */
static const char missing[] =
    "other users' as uid only: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH are missing";
static const char not_kept[] =
    "other users' as uid only; CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH: --processes";

static const char *
process_lookup_why_not(const struct options *o, const struct feed *f)
{
	struct owners *tried;

	if (o->demo || !f->live)
		return "processes are known for live traffic only";
	tried = owners_new();
	owners_del(tried);
	return tried == NULL ? "this system does not show which process owns a socket" : NULL;
}

unsigned
process_lookup_setup(struct state *st, const struct options *o, const struct feed *f)
{
	st->processes.unavailable = process_lookup_why_not(o, f);
	if (!privilege_sees_processes())
		st->processes.limitation = o->processes ? missing : not_kept;
	return o->processes ? command_run(st, "processes on") : 0;
}

/* A row of the list may belong to another flow by now. */
static const struct flow *
process_lookup_row_flow(const struct ledger *l, const struct table_row *row)
{
	const struct flow *f;
	struct row_key key;

	if (row == NULL || row->other || row->slot >= l->flows.table.used)
		return NULL;
	f = &l->flows.row[row->slot];
	memset(&key, 0, sizeof(key));
	view_flows.row_key(f, &key);
	return memcmp(&key, &row->key, sizeof(key)) == 0 ? f : NULL;
}

static bool
process_lookup_ask_flow(struct owners *o, struct ledger *l, const struct flow *f)
{
	const char *before = flow_owner(l, f);
	char array[VALUE_TEXT];
	enum owner_known known;
	struct buf text;

	if (before != NULL && (f->bits & FLOW_OWNER_FINAL) != 0)
		return false;
	buf_init(&text, array, sizeof(array));
	known = owners_find(o, &f->key, &text);
	if (known == OWNER_UNKNOWN || (before != NULL && strcmp(before, text.s) == 0))
		return false;
	ledger_add_owner(l, (uint32_t)(f - l->flows.row), text.s, known == OWNER_PROCESS);
	return true;
}

/* A filter on unknown processes would hide the flows that have to be looked up. */
static bool
process_lookup_ask_hidden(struct process_lookup *o, struct ledger *l)
{
	uint32_t used = l->flows.table.used, n = used < HIDDEN ? used : HIDDEN;
	bool more = false;

	for (; n > 0; n--) {
		o->next_hidden = o->next_hidden + 1 < used ? o->next_hidden + 1 : 0;
		if (process_lookup_ask_flow(o->owners, l, &l->flows.row[o->next_hidden]))
			more = true;
	}
	return more;
}

bool
process_lookup_ask(struct process_lookup *o, const struct state *st, struct ledger *l)
{
	uint32_t top = st->per_view[st->view].top, page = state_page_rows(st);
	const struct flow *f;
	bool more = false;

	if (!st->processes.on || views[st->view] != &view_flows || history_is_shown(st))
		return false;
	if (o->owners == NULL && (o->owners = owners_new()) == NULL)
		return false;
	for (uint32_t i = top; i < top + page; i++) {
		f = process_lookup_row_flow(l, state_row(st, i));
		if (f != NULL && process_lookup_ask_flow(o->owners, l, f))
			more = true;
	}
	if (strstr(st->filter_text, "process") != NULL && process_lookup_ask_hidden(o, l))
		more = true;
	return more;
}

void
process_lookup_settle(const struct state *st, struct ledger *l)
{
	struct process_lookup o = { .owners = NULL };

	process_lookup_ask(&o, st, l);
	while (owners_busy(o.owners))
		owners_step(o.owners);
	process_lookup_ask(&o, st, l);
	owners_del(o.owners);
}
