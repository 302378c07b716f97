#include "config.h"

#include "control/detail.h"

#include <string.h>

#include "control/cmd.h"
#include "control/state.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"

typedef bool term_fn(struct buf *b, const struct view *v, const struct list_row *row);

/* The view that Enter on a row leads to, and the filter that it is opened with. */
struct down {
	const struct view *from, *to;
	term_fn *term;
};

static const struct down downs[] = {
	{ &view_networks, &view_talkers, rowterm_row },
	{ &view_flows, &view_packets, rowterm_packets },
	{ &view_sizes, &view_packets, rowterm_packets },
};

static struct down
down_from(const struct view *v)
{
	for (size_t i = 0; i < NITEMS(downs); i++)
		if (downs[i].from == v)
			return downs[i];
	return (struct down){ v, &view_flows, rowterm_flows };
}

static unsigned
number_of(const struct view *v)
{
	unsigned i = 0;

	while (i + 1 < n_views && views[i] != v)
		i++;
	return i;
}

/* Copies the row and its values. */
static void
keep(struct detail *d, const struct view *v, const struct list_row *row)
{
	memcpy(d->cell, row->cell, v->n_cols * sizeof(*d->cell));
	d->row = *row;
	d->row.cell = d->cell;
	d->gone = false;
}

/* Adds the row's rate, one sample for each list. */
static void
keep_rate(struct state *st)
{
	struct detail *d = &st->detail;
	const struct value *bps = rowterm_cell_of(views[d->view], &d->row, "bps");

	if (bps == NULL || bps->type != V_BYTE_RATE || st->average)
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
detail_aim(struct state *st)
{
	struct state_view *p = &st->per[st->view];
	const struct list_row *row = state_row(st, p->at);
	struct detail *d = &st->detail;

	if (row == NULL)
		return;
	d->open = true;
	d->view = st->view;
	d->n_rates = 0;
	keep(d, views[st->view], row);
	keep_rate(st);
	detail_relate(st);
	detail_measure(st);
	p->at_top = false;
	state_select(st, p->at);
}

const struct list_row *
detail_row(const struct state *st)
{
	return detail_is_open(st) ? &st->detail.row : state_row(st, st->per[st->view].at);
}

/*
 * Reads the values from the ledger: the row may be below those that are kept, or hidden by a
 * filter.
 */
static bool
take_from_slot(struct state *st)
{
	struct detail *d = &st->detail;
	const struct view *v = views[d->view];
	struct scope all = st->scope;
	const void *row = NULL;
	struct rowkey key;

	all.classes = SCOPE_ALL;
	all.ip4 = all.ip6 = true;
	all.own = (struct own_session_share){ 0 };
	if (!d->row.other && d->row.slot < v->slots(all.ledger))
		row = v->row(&all, d->row.slot);
	if (row == NULL)
		return false;
	v->key(row, &key);
	if (memcmp(&key, &d->row.key, sizeof(key)) != 0)
		return false;
	for (unsigned c = 0; c < v->n_cols; c++)
		d->cell[c] = v->cols[c].get(&all, row);
	d->gone = false;
	return true;
}

/* Opens the detail again after going back, if its row still exists. */
static void
reopen(struct state *st)
{
	struct state_view *p = &st->per[st->view];
	struct detail *d = &st->detail;

	d->reopen = false;
	if (p->has_selected && memcmp(&p->selected, &d->reopened, sizeof(d->reopened)) == 0)
		detail_aim(st);
}

void
detail_take(struct state *st)
{
	struct detail *d = &st->detail;
	int64_t at;

	d->relating = RELATED_DUE;
	if (st->listed != (int)st->view)
		return;
	if (d->reopen) {
		reopen(st);
		return;
	}
	if (!detail_is_open(st))
		return;
	at = list_find(st->list, &d->row.key);
	if (at >= 0)
		keep(d, views[d->view], list_get(st->list, (uint32_t)at));
	else if (!take_from_slot(st))
		d->gone = true;
	if (!d->gone)
		keep_rate(st);
	detail_measure(st);
}

unsigned
detail_follow(struct state *st, unsigned view, const struct rowkey *before)
{
	const struct state_view *p = &st->per[st->view];

	if (st->view != view || !detail_is_open(st) || !p->has_selected ||
	    memcmp(&p->selected, before, sizeof(*before)) == 0)
		return 0;
	detail_aim(st);
	return st->rows >= DETAIL_WITH_RELATED && !st->frozen ? WISH_RANK : 0;
}

unsigned
detail_extras(const struct state *st)
{
	return detail_is_open(st) ? down_from(views[st->view]).to->extras : 0;
}

/* Saves the current place for going back. */
static bool
push(struct state *st)
{
	struct detail *d = &st->detail;
	const struct state_view *p = &st->per[st->view];
	struct place *here;

	if (d->n_back == DETAIL_DEPTH)
		return false;
	here = &d->back[d->n_back++];
	*here = (struct place){ .view = st->view,
		.top = p->top,
		.at = p->at,
		.selected = p->selected,
		.has_selected = p->has_selected,
		.at_top = p->at_top,
		.open = d->open };
	strlcpy(here->show, st->show, sizeof(here->show));
	return true;
}

/* Shows another view and keeps the saved places. */
static void
go(struct state *st, unsigned view, const char *show)
{
	unsigned n = st->detail.n_back;

	state_view(st, view);
	st->detail.n_back = n;
	state_set_show(st, show);
}

static unsigned
go_down(struct state *st, const struct list_row *row)
{
	struct down down = down_from(views[st->view]);
	struct state_view *p = &st->per[number_of(down.to)];
	char text[FILTER_MAX + 1];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (!down.term(&b, views[st->view], row)) {
		state_say(st, false, "there is nothing more to see of this row");
		return 0;
	}
	if (!push(st)) {
		state_say(st, false, "this is deep enough; Esc goes back");
		return 0;
	}
	go(st, number_of(down.to), text);
	p->top = p->at = 0;
	p->has_selected = false;
	p->at_top = true;
	return WISH_RANK;
}

unsigned
cmd_open(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct list_row *row = detail_row(st);

	if (row == NULL || views[st->view]->graph) {
		state_say(st, false, "there is no row here to look into");
		return 0;
	}
	if (detail_is_open(st))
		return go_down(st, row);
	detail_aim(st);
	return st->frozen ? 0 : WISH_RANK;
}

unsigned
detail_go_back(struct state *st)
{
	struct place *there = &st->detail.back[--st->detail.n_back];
	struct state_view *p = &st->per[there->view];

	go(st, there->view, there->show);
	p->top = there->top;
	p->at = there->at;
	p->selected = there->selected;
	p->has_selected = there->has_selected;
	p->at_top = there->at_top;
	st->detail.reopen = there->open;
	st->detail.reopened = there->selected;
	return WISH_RANK;
}
