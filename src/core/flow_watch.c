#include "config.h"

#include "core/flow.h"

void
flow_watch_add(struct flow_watch **list, struct flow_watch *w)
{
	w->next = *list;
	*list = w;
}

void
flow_watch_remove(struct flow_watch **list, const struct flow_watch *w)
{
	while (*list != w)
		list = &(*list)->next;
	*list = w->next;
}
