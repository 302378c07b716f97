#include "config.h"

#include "control/detail.h"

#include <string.h>

#include "control/cmd.h"
#include "control/state.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"

/* The view that Enter on a row leads to, and the filter that it is opened with. */
struct drill_target {
	const struct view *to;
	row_filter_fn *filter_fn;
	uint8_t group;    /* of its rows, see struct view */
	const char *sort; /* the column that it is sorted by; NULL: as it was */
};

static struct drill_target
drilldown_target(const struct state *st)
{
	const struct view *v = views[st->view];
	bool is_deeper = v->leads_to == v;

	if (v->leads_to == NULL || (is_deeper && st->per_view[st->view].group != 0))
		return (struct drill_target){ &view_flows, row_filter_flows, 0, v->leads_to_sort };
	return (
	    struct drill_target){ v->leads_to, v->leads_to_filter, is_deeper, v->leads_to_sort };
}

static unsigned
drilldown_view_number(const struct view *v)
{
	unsigned i = 0;

	while (i + 1 < n_views && views[i] != v)
		i++;
	return i;
}

/* Copies the row and its values. */
static void
drilldown_copy_row(struct detail *d, const struct view *v, const struct table_row *row)
{
	memcpy(d->cell, row->cell, v->n_cols * sizeof(*d->cell));
	d->row = *row;
	d->row.cell = d->cell;
	d->gone = false;
}

/* Adds the row's rate, one sample for each list. */
static void
drilldown_add_rate(struct state *st)
{
	struct detail *d = &st->detail;
	const struct value *bps = row_find_cell(views[d->view], &d->row, "bps");

	if (bps == NULL || bps->type != V_BYTE_RATE || st->whole_time)
		return;
	if (d->n_rates > 0 && st->ranked_at == d->rated_at) {
		d->rate[d->n_rates - 1] = bps->x;
		return;
	}
	if (d->n_rates == DETAIL_SAMPLES)
		memmove(d->rate, d->rate + 1, --d->n_rates * sizeof(*d->rate));
	d->rate[d->n_rates++] = bps->x;
	d->rated_at = st->ranked_at;
}

void
drilldown_open_row(struct state *st)
{
	struct state_view *p = &st->per_view[st->view];
	const struct table_row *row = state_row(st, p->cursor);
	struct detail *d = &st->detail;

	if (row == NULL)
		return;
	d->open = true;
	d->view = st->view;
	d->n_rates = 0;
	drilldown_copy_row(d, views[st->view], row);
	drilldown_add_rate(st);
	d->related_sort = drilldown_target(st).sort;
	detail_find_related(st);
	detail_measure(st);
	p->stays_on_top = false;
	state_select(st, p->cursor);
}

const struct table_row *
drilldown_row(const struct state *st)
{
	return detail_is_open(st) ? &st->detail.row : state_row(st, st->per_view[st->view].cursor);
}

/*
 * Reads the values from the ledger: the row may be below those that are kept, or hidden by a
 * filter.
 */
static bool
drilldown_read_slot(struct state *st)
{
	struct detail *d = &st->detail;
	const struct view *v = views[d->view];
	struct scope all = st->scope;
	const void *row = NULL;
	struct row_key key;

	all.classes = SCOPE_ALL;
	all.ip4 = all.ip6 = true;
	all.own = (struct own_session_share){ 0 };
	if (!d->row.other && d->row.slot < v->slots(all.ledger))
		row = v->row(&all, d->row.slot);
	if (row == NULL)
		return false;
	v->row_key(row, &key);
	if (memcmp(&key, &d->row.key, sizeof(key)) != 0)
		return false;
	for (unsigned c = 0; c < v->n_cols; c++)
		d->cell[c] = column_value(&v->cols[c], &all, row);
	d->gone = false;
	return true;
}

/* Opens the detail again after going back, if its row still exists. */
static void
drilldown_reopen(struct state *st)
{
	struct state_view *p = &st->per_view[st->view];
	struct detail *d = &st->detail;

	d->reopen = false;
	if (p->has_selected && memcmp(&p->selected_key, &d->reopen_key, sizeof(d->reopen_key)) == 0)
		drilldown_open_row(st);
}

void
drilldown_refresh(struct state *st)
{
	struct detail *d = &st->detail;
	int64_t at;

	d->related_phase = RELATED_DUE;
	if (st->listed_view != (int)st->view)
		return;
	if (d->reopen) {
		drilldown_reopen(st);
		return;
	}
	if (!detail_is_open(st))
		return;
	at = row_list_find(st->list, &d->row.key);
	if (at >= 0)
		drilldown_copy_row(d, views[d->view], row_list_get(st->list, (uint32_t)at));
	else if (!drilldown_read_slot(st))
		d->gone = true;
	if (!d->gone)
		drilldown_add_rate(st);
	detail_measure(st);
}

unsigned
drilldown_follow_cursor(struct state *st, unsigned view, const struct row_key *before)
{
	const struct state_view *p = &st->per_view[st->view];

	if (st->view != view || !detail_is_open(st) || !p->has_selected ||
	    memcmp(&p->selected_key, before, sizeof(*before)) == 0)
		return 0;
	drilldown_open_row(st);
	return st->rows >= DETAIL_WITH_RELATED && !st->frozen ? REQ_RANK : 0;
}

unsigned
drilldown_extras(const struct state *st)
{
	return detail_is_open(st) ? drilldown_target(st).to->extras : 0;
}

/* Saves the current place for going back. */
static bool
drilldown_push_breadcrumb(struct state *st)
{
	struct detail *d = &st->detail;
	const struct state_view *p = &st->per_view[st->view];
	struct breadcrumb *here;

	if (d->n_breadcrumbs == DETAIL_DEPTH)
		return false;
	here = &d->breadcrumbs[d->n_breadcrumbs++];
	*here = (struct breadcrumb){ .view = st->view,
		.group = p->group,
		.top = p->top,
		.cursor = p->cursor,
		.selected_key = p->selected_key,
		.has_selected = p->has_selected,
		.stays_on_top = p->stays_on_top,
		.open = d->open };
	strlcpy(here->filter_text, st->filter_text, sizeof(here->filter_text));
	return true;
}

/* Shows another view and keeps the saved places. */
static void
drilldown_go_to(struct state *st, unsigned view, const char *show)
{
	unsigned n = st->detail.n_breadcrumbs;

	state_show_view(st, view);
	st->detail.n_breadcrumbs = n;
	state_set_filter_text(st, show);
}

/* The moment that a row is about, if it is an event; else 0. */
static uint64_t
drilldown_moment(const struct view *v, const struct table_row *row)
{
	const struct value *last = v == &view_events ? row_find_cell(v, row, "last") : NULL;

	return last != NULL && last->type == V_TIME ? last->n : 0;
}

static unsigned
drilldown_go_down(struct state *st, const struct table_row *row)
{
	struct drill_target down = drilldown_target(st);
	struct state_view *p = &st->per_view[drilldown_view_number(down.to)];
	uint64_t moment = drilldown_moment(views[st->view], row);
	char text[FILTER_MAX + 1];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (!down.filter_fn(&b, views[st->view], row)) {
		status_message(st, false, "no more details for this row");
		return 0;
	}
	if (!drilldown_push_breadcrumb(st)) {
		status_message(st, false, "maximum depth reached; Esc goes back");
		return 0;
	}
	drilldown_go_to(st, drilldown_view_number(down.to), text);
	st->detail.sort_view = drilldown_view_number(down.to);
	st->detail.sort = down.sort;
	p->group = down.group;
	p->top = p->cursor = 0;
	p->has_selected = false;
	p->stays_on_top = true;
	history_visit(st, moment);
	return REQ_RANK;
}

unsigned
cmd_open(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct table_row *row = drilldown_row(st);

	if (row == NULL || views[st->view]->is_graph) {
		status_message(st, false, "no row here to open");
		return 0;
	}
	if (detail_is_open(st))
		return drilldown_go_down(st, row);
	drilldown_open_row(st);
	return st->frozen ? 0 : REQ_RANK;
}

unsigned
drilldown_go_back(struct state *st)
{
	struct breadcrumb *there = &st->detail.breadcrumbs[--st->detail.n_breadcrumbs];
	struct state_view *p = &st->per_view[there->view];

	drilldown_go_to(st, there->view, there->filter_text);
	if (there->view != st->detail.sort_view)
		st->detail.sort = NULL;
	p->group = there->group;
	p->top = there->top;
	p->cursor = there->cursor;
	p->selected_key = there->selected_key;
	p->has_selected = there->has_selected;
	p->stays_on_top = there->stays_on_top;
	st->detail.reopen = there->open;
	st->detail.reopen_key = there->selected_key;
	return REQ_RANK;
}
