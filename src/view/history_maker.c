#include "config.h"

#include "view/history_store.h"

#include <assert.h>

/* Views whose data the ledger always has. */
static bool
history_maker_keeps(const struct view *v)
{
	return !v->is_graph && v->extras == 0;
}

/* A tree needs all of its rows. */
static uint32_t
history_maker_rows(const struct view *v)
{
	return v->parent_slot != NULL ? 0 : HISTORY_ROWS;
}

/* A scope of all traffic, as other things may be hidden later. */
static struct scope
history_maker_scope(const struct scope *s)
{
	struct scope all = *s;

	all.classes = SCOPE_ALL;
	all.ip4 = all.ip6 = true;
	return all;
}

static void
history_maker_begin_view(struct history_maker *m, const struct scope *s)
{
	struct scope all = history_maker_scope(s);
	const struct column *by;
	const struct view *v;

	while (m->view < n_views && !history_maker_keeps(views[m->view]))
		m->view++;
	if (m->view == n_views)
		return;
	v = views[m->view];
	all.group = m->group[m->view];
	by = view_find_column(v, s->whole_time ? v->sort_whole_time : v->sort);
	m->credit -= v->slots(s->ledger);
	row_list_begin(
	    m->list, v, (unsigned)(by - v->cols), by->desc, NULL, &all, history_maker_rows(v));
}

void
history_maker_begin(struct history_maker *m, struct history_store *p, const struct scope *s)
{
	struct scope all = history_maker_scope(s);
	struct summary summary;
	struct panel pane;

	/* An unfinished picture is dropped: it would mix two moments. */
	assert(n_views <= HISTORY_VIEWS);
	m->busy = false;
	m->credit += HISTORY_WORK;
	if (m->credit > HISTORY_WORK)
		m->credit = HISTORY_WORK;
	if (m->credit < 0)
		return;
	if (m->list == NULL)
		m->list = row_list_new();
	summary_update(&summary, &all, 0);
	panel_data_update(&pane, &all);
	history_store_begin(p, s->ledger->now, &summary, &pane);
	m->busy = true;
	m->view = 0;
	history_maker_begin_view(m, s);
}

bool
history_maker_step(
    struct history_maker *m, struct history_store *p, const struct scope *s, uint32_t n)
{
	if (!m->busy)
		return false;
	if (row_list_step(m->list, n))
		return true;
	history_store_add(p, m->view++, m->list);
	history_maker_begin_view(m, s);
	if (m->view < n_views)
		return true;
	history_store_end(p);
	m->busy = false;
	return false;
}

void
history_maker_fini(struct history_maker *m)
{
	row_list_del(m->list);
}
