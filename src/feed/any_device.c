#include "config.h"

#include "feed/any_device.h"

#include <string.h>

#include "feed/feed.h"
#include "feed/link_topology.h"

void
members_begin(struct feed_source *s)
{
	if (s->config.kind != SOURCE_LIVE || strcmp(s->config.name, "any") != 0)
		return;
	members_end(s);
	s->stack = stack_new();
	stack_look(s->stack);
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
		strlcpy(l->source[number].counted_text, role->words,
		    sizeof(l->source[number].counted_text));
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

static enum source_state
part_state(const struct stack_role *role)
{
	if (role == NULL)
		return SOURCE_GONE;
	return role->up ? SOURCE_RUNNING : SOURCE_DOWN;
}

static void
follow_parts(struct ledger *l, const struct feed_source *s)
{
	for (unsigned i = 0; i < l->n_sources; i++) {
		struct source_stats *part = &l->source[i];

		if (i != s->config.number && part->domain == l->source[s->config.number].domain)
			part->state = (uint8_t)part_state(stack_named(s->stack, part->name));
	}
}

void
members_tick(struct feed *f, struct feed_source *s)
{
	if (s->stack == NULL || s->source == NULL)
		return;
	stack_look(s->stack);
	for (unsigned i = 0; i < s->stack->n; i++)
		if (s->stack->role[i].met)
			meet(f, s, &s->stack->role[i]);
	follow_parts(f->ledger, s);
}
