#include "config.h"

#include "feed/private.h"

#include <string.h>

#include "feed/feed.h"
#include "feed/link_topology.h"

void
any_device_open(struct feed_source *s)
{
	if (s->config.kind != SOURCE_LIVE || strcmp(s->config.name, "any") != 0)
		return;
	any_device_close(s);
	s->topology = topology_new();
	topology_refresh(s->topology);
}

void
any_device_close(struct feed_source *s)
{
	topology_del(s->topology);
	s->topology = NULL;
}

/* If the ledger has no free source, the interface counts as unknown. */
static void
any_device_register_member(struct feed *f, struct feed_source *s, struct link_role *role)
{
	struct ledger *l = f->ledger;
	const struct source_stats *any = &l->source[s->config.number];
	int number = ledger_find_source(l, role->name, any->domain);

	if (number < 0)
		number = ledger_add_source(l, role->name, any->linktype, any->domain);
	role->registered = true;
	role->source = number >= 0 ? (uint16_t)number : s->config.number;
	if (number >= 0)
		strlcpy(l->source[number].counted_text, role->counted_text,
		    sizeof(l->source[number].counted_text));
}

bool
any_device_map_frame(
    struct feed *f, struct feed_source *s, const struct frame *frame, struct frame *as)
{
	struct link_role *role = topology_find_frame(s->topology, frame);

	*as = *frame;
	if (role == NULL)
		return true;
	if (!role->registered)
		any_device_register_member(f, s, role);
	as->source = role->source;
	return topology_counts_frame(role, frame);
}

static enum source_state
any_device_member_state(const struct link_role *role)
{
	if (role == NULL)
		return SOURCE_GONE;
	return role->up ? SOURCE_RUNNING : SOURCE_DOWN;
}

static void
any_device_update_states(struct ledger *l, const struct feed_source *s)
{
	for (unsigned i = 0; i < l->n_sources; i++) {
		struct source_stats *part = &l->source[i];

		if (i != s->config.number && part->domain == l->source[s->config.number].domain)
			part->state = (uint8_t)any_device_member_state(
			    topology_find_name(s->topology, part->name));
	}
}

void
any_device_tick(struct feed *f, struct feed_source *s)
{
	if (s->topology == NULL || s->source == NULL)
		return;
	topology_refresh(s->topology);
	for (unsigned i = 0; i < s->topology->n; i++)
		if (s->topology->role[i].registered)
			any_device_register_member(f, s, &s->topology->role[i]);
	any_device_update_states(f->ledger, s);
}
