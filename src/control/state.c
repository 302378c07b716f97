#include "config.h"

#include "control/state.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/layout.h"
#include "view/history_store.h"

void
state_init(struct state *st)
{
	assert(n_views <= STATE_VIEWS);
	memset(st, 0, sizeof(*st));
	for (unsigned i = 0; i < n_views; i++)
		st->per[i].at_top = true;
	for (unsigned i = 0; i < STATE_VIEWS; i++)
		arrange_default(&st->arrange[i]);
	st->list = list_new();
	order_init(&st->order);
	st->listed = -1;
	st->classes = SCOPE_ALL;
	st->ip4 = st->ip6 = st->pane_shown = true;
	st->prefix4 = STATE_PREFIX4;
	st->prefix6 = STATE_PREFIX6;
	st->delay = 1;
	st->mouse = true;
	st->cols = 80;
	st->rows = 24;
	buf_init(&st->error, st->error_text, sizeof(st->error_text));
	buf_init(&st->message, st->message_text, sizeof(st->message_text));
}

void
state_fini(struct state *st)
{
	for (unsigned i = 0; i < n_views; i++)
		filter_del(st->per[i].filter);
	if (st->lent_is_old)
		filter_del(st->lent);
	past_del(st->travel.past);
	list_del(st->travel.list);
	order_fini(&st->order);
	detail_fini(&st->detail);
	list_del(st->list);
}

struct scope
state_scope(const struct state *st, const struct ledger *l)
{
	struct scope s = {
		.ledger = l,
		.classes = st->classes,
		.ip4 = st->ip4,
		.ip6 = st->ip6,
		.average = st->average,
		.naming = st->naming.mode,
		.zeroed = l->baseline != NULL,
	};

	if (!st->own.shown)
		own_session_measure(&s.own, l);
	return s;
}

/* A filter that the list is still using is freed later. */
static void
set_filter(struct state *st, struct filter *f, bool bad)
{
	struct state_view *p = &st->per[st->view];

	if (p->filter != NULL && p->filter == st->lent)
		st->lent_is_old = true;
	else
		filter_del(p->filter);
	p->filter = f;
	p->filter_made = true;
	p->filter_bad = bad;
}

void
state_set_show(struct state *st, const char *text)
{
	if (text != st->show)
		strlcpy(st->show, text, sizeof(st->show));
	for (unsigned i = 0; i < n_views; i++)
		st->per[i].filter_made = false;
}

bool
state_show(struct state *st, const char *text)
{
	struct filter *f;

	buf_clear(&st->error);
	st->error_at = 0;
	f = filter_new(views[st->view], text, &st->error, &st->error_at);
	if (f == NULL)
		return false;
	state_set_show(st, text);
	set_filter(st, f, false);
	return true;
}

void
state_refilter(struct state *st)
{
	struct state_view *p = &st->per[st->view];
	struct filter *f;
	struct buf err;
	char text[160];
	size_t at;

	if (p->filter_made)
		return;
	buf_init(&err, text, sizeof(text));
	f = filter_new(views[st->view], st->show, &err, &at);
	set_filter(st, f, f == NULL);
	if (f == NULL)
		state_say(st, true, "all rows are shown: %s", err.s);
}

void
state_view(struct state *st, unsigned view)
{
	assert(view < n_views);
	st->view = view;
	st->help = false;
	st->menu.kind = MENU_NONE;
	detail_leave(st);
	order_clear(&st->order);
}

static unsigned
column_number(const struct view *v, const char *name)
{
	const struct column *c = view_column(v, name);

	return c != NULL ? (unsigned)(c - v->cols) : 0;
}

unsigned
state_sort(const struct state *st, bool *desc)
{
	const struct view *v = views[st->view];
	const struct state_view *p = &st->per[st->view];
	unsigned column;

	if (p->chosen) {
		*desc = p->desc;
		return p->sort;
	}
	column = column_number(v, st->average ? v->sort_average : v->sort);
	*desc = v->cols[column].desc;
	return column;
}

unsigned
state_page(const struct state *st)
{
	struct layout lo = layout_make(st->rows, detail_lines(st));

	return (unsigned)lo.n_table;
}

/* True if the rows have an order of their own, other than that of the list. */
static bool
is_ordered(const struct state *st)
{
	return st->order.n != 0 && st->order.rows == list_count(st->list);
}

uint32_t
state_count(const struct state *st)
{
	if (st->listed != (int)st->view)
		return 0;
	return is_ordered(st) ? st->order.n : list_count(st->list);
}

const struct list_row *
state_row(const struct state *st, uint32_t i)
{
	if (i >= state_count(st))
		return NULL;
	return list_get(st->list, is_ordered(st) ? st->order.place[i] : i);
}

int64_t
state_find(const struct state *st, const struct rowkey *k)
{
	if (!is_ordered(st))
		return list_find(st->list, k);
	for (uint32_t i = 0; i < st->order.n; i++)
		if (memcmp(&st->order.key[i], k, sizeof(*k)) == 0)
			return i;
	return -1;
}

void
state_select(struct state *st, int64_t at)
{
	struct state_view *p = &st->per[st->view];
	uint32_t count = state_count(st), page = state_page(st), last;

	p->has_selected = count != 0;
	if (count == 0) {
		p->at = p->top = 0;
		return;
	}
	if (page == 0)
		page = 1;
	p->at = at < 0 ? 0 : at >= count ? count - 1 : (uint32_t)at;
	p->selected = state_row(st, p->at)->key;
	last = count > page ? count - page : 0;
	if (p->at < p->top)
		p->top = p->at;
	else if (p->at >= p->top + page)
		p->top = p->at - page + 1;
	if (p->top > last)
		p->top = last;
}

void
state_say(struct state *st, bool bad, const char *fmt, ...)
{
	char text[sizeof(st->message_text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_clear(&st->message);
	text_clean_line(&st->message, text);
	st->message_bad = bad;
	st->message_until = 0;
}
