#include "config.h"

#include "members.h"

#include <string.h>

#include "feed.h"
#include "loop.h"
#include "stack.h"

void
members_begin(struct feed_source *s)
{
	if (s->config.kind != SOURCE_LIVE || strcmp(s->config.name, "any") != 0)
		return;
	members_end(s);
	s->stack = stack_new();
	stack_look(s->stack, clock_monotonic());
}

void
members_end(struct feed_source *s)
{
	stack_del(s->stack);
	s->stack = NULL;
}

/* Where all sources are taken it is counted with those that are not known. */
static void
meet(struct feed *f, struct feed_source *s, struct stack_role *role)
{
	struct ledger *l = f->ledger;
	const struct source_stats *any = &l->source[s->config.number];
	int number = ledger_find_source(l, role->name, any->domain);

	if (number < 0)
		number = ledger_add_source(l, role->name, any->linktype, any->domain);
	role->met = true;
	role->source = number >= 0 ? (uint16_t)number : s->config.number;
	if (number >= 0)
		strlcpy(l->source[number].counted, role->words, sizeof(l->source[number].counted));
}

bool
members_take(struct feed *f, struct feed_source *s, const struct frame *frame, struct frame *as)
{
	struct stack_role *role = stack_find(s->stack, frame);

	*as = *frame;
	if (role == NULL)
		return true;
	if (!role->met)
		meet(f, s, role);
	as->source = role->source;
	return stack_counts(role, frame);
}

void
members_tick(struct feed *f, struct feed_source *s, uint64_t monotonic)
{
	if (s->stack == NULL || !stack_look(s->stack, monotonic))
		return;
	for (unsigned i = 0; i < s->stack->n; i++)
		if (s->stack->role[i].met)
			meet(f, s, &s->stack->role[i]);
}
