#include "config.h"

#include "control/state.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/layout.h"
#include "util/number.h"
#include "view/columns.h"
#include "view/history_store.h"

#define OWN_ROW_LEAST 5 /* rows of a table that has room for the one of this machine */

void
state_init(struct state *st)
{
	memset(st, 0, sizeof(*st));
	for (unsigned i = 0; i < n_views; i++)
		st->per_view[i].stays_on_top = true;
	for (unsigned i = 0; i < n_views; i++)
		column_prefs_default(&st->column_prefs[i]);
	st->list = row_list_new();
	row_order_init(&st->order);
	st->listed_view = -1;
	st->classes = SCOPE_ALL;
	st->ip4 = st->ip6 = st->panel_shown = true;
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
		filter_del(st->per_view[i].filter);
	if (st->list_filter_stale)
		filter_del(st->list_filter);
	history_store_del(st->past.store);
	history_maker_fini(&st->past.maker);
	row_order_fini(&st->order);
	detail_fini(&st->detail);
	row_list_del(st->list);
}

struct scope
state_scope(const struct state *st, const struct ledger *l)
{
	struct scope s = {
		.ledger = l,
		.classes = st->classes,
		.ip4 = st->ip4,
		.ip6 = st->ip6,
		.whole_time = st->whole_time,
		.name_mode = st->names.mode,
		.group = st->per_view[st->view].group,
		.since_baseline = l->baseline != NULL,
	};

	if (!st->own.shown)
		own_session_measure(&s.own, l);
	return s;
}

/* A filter that the list is still using is freed later. */
static void
state_replace_filter(struct state *st, struct filter *f, bool bad)
{
	struct state_view *p = &st->per_view[st->view];

	if (p->filter != NULL && p->filter == st->list_filter)
		st->list_filter_stale = true;
	else
		filter_del(p->filter);
	p->filter = f;
	p->filter_compiled = true;
	p->filter_invalid = bad;
}

void
state_set_filter_text(struct state *st, const char *text)
{
	if (text != st->filter_text)
		strlcpy(st->filter_text, text, sizeof(st->filter_text));
	for (unsigned i = 0; i < n_views; i++)
		st->per_view[i].filter_compiled = false;
}

/* The filter of the user, with that of active rows if the view has what it asks for. */
static struct filter *
state_new_filter(const struct state *st, const char *text, struct buf *err, size_t *at)
{
	static const char *const terms[][2] = {
		{ "bps_10s", "(bps > 0 or bps_10s > 0)" },
		{ "state", "!(state = closed or state = reset)" },
	};
	const struct view *v = views[st->view];
	struct filter *f = filter_new(v, text, err, at), *active;
	char all[FILTER_MAX + 128];
	struct buf b;

	if (f == NULL || !st->active_only || strcmp(v->name, "sources") == 0)
		return f;
	buf_init(&b, all, sizeof(all));
	buf_addf(&b, filter_matches_all(f) ? "%s" : "(%s)", text);
	for (size_t i = 0; i < NITEMS(terms); i++)
		if (view_find_column(v, terms[i][0]) != NULL)
			buf_addf(&b, " %s", terms[i][1]);
	active = filter_new(v, all, NULL, NULL);
	if (active == NULL)
		return f;
	filter_del(f);
	return active;
}

bool
state_set_filter(struct state *st, const char *text)
{
	struct filter *f;

	buf_clear(&st->error);
	st->error_at = 0;
	f = state_new_filter(st, text, &st->error, &st->error_at);
	if (f == NULL)
		return false;
	state_set_filter_text(st, text);
	state_replace_filter(st, f, false);
	return true;
}

bool
state_apply_filter(struct state *st, const char *text)
{
	bool offered = strcmp(text, st->offered_text) == 0;
	const struct view *other;

	st->offered_text[0] = '\0';
	if (state_set_filter(st, text))
		return true;
	other = filter_find_view(text);
	if (other == NULL)
		return false;
	for (unsigned i = 0; offered && i < n_views; i++) {
		if (views[i] == other) {
			state_show_view(st, i);
			return state_set_filter(st, text);
		}
	}
	strlcpy(st->offered_text, text, sizeof(st->offered_text));
	buf_addf(&st->error, "; Enter again opens %s", other->name);
	return false;
}

void
state_compile_filter(struct state *st)
{
	struct state_view *p = &st->per_view[st->view];
	struct filter *f;
	struct buf err;
	char text[160];
	size_t at;

	if (p->filter_compiled)
		return;
	buf_init(&err, text, sizeof(text));
	f = state_new_filter(st, st->filter_text, &err, &at);
	state_replace_filter(st, f, f == NULL);
	if (f == NULL)
		status_message(st, true, "filter ignored in this view: %s", err.s);
}

void
state_show_view(struct state *st, unsigned view)
{
	assert(view < n_views);
	st->view = view;
	st->help = false;
	st->menu.kind = MENU_NONE;
	detail_reset(st);
	row_order_clear(&st->order);
	if (views[view] == &view_processes && st->processes.limitation != NULL)
		status_message(st, false, "%s", st->processes.limitation);
}

static unsigned
state_column_number(const struct view *v, const char *name)
{
	const struct column *c = view_find_column(v, name);

	return c != NULL ? (unsigned)(c - v->cols) : 0;
}

unsigned
state_get_sort(const struct state *st, bool *desc)
{
	const struct view *v = views[st->view];
	const struct state_view *p = &st->per_view[st->view];
	unsigned column;

	if (st->detail.sort != NULL && st->detail.sort_view == st->view) {
		*desc = true;
		return state_column_number(v, st->detail.sort);
	}
	if (p->sort_chosen) {
		*desc = p->sort_desc;
		return p->sort_column;
	}
	column = state_column_number(v, st->whole_time ? v->sort_whole_time : v->sort);
	*desc = v->cols[column].desc;
	return column;
}

const struct table_row *
state_own_row(const struct state *st)
{
	return st->listed_view == (int)st->view ? row_list_own(st->list) : NULL;
}

struct layout
state_layout(const struct state *st)
{
	struct layout lo = layout_make(st->rows, detail_lines(st));

	if (state_own_row(st) != NULL && lo.n_table >= OWN_ROW_LEAST)
		lo.own = lo.table + --lo.n_table;
	return lo;
}

unsigned
state_page_rows(const struct state *st)
{
	return (unsigned)state_layout(st).n_table;
}

/* True if the rows have an order of their own, other than that of the list. */
static bool
state_is_ordered(const struct state *st)
{
	return st->order.n != 0 && st->order.n_listed == row_list_count(st->list);
}

uint32_t
state_row_count(const struct state *st)
{
	if (st->listed_view != (int)st->view)
		return 0;
	return state_is_ordered(st) ? st->order.n : row_list_count(st->list);
}

const struct table_row *
state_row(const struct state *st, uint32_t i)
{
	if (i >= state_row_count(st))
		return NULL;
	return row_list_get(st->list, state_is_ordered(st) ? st->order.list_index[i] : i);
}

int64_t
state_find_row(const struct state *st, const struct row_key *k)
{
	if (!state_is_ordered(st))
		return row_list_find(st->list, k);
	for (uint32_t i = 0; i < st->order.n; i++)
		if (memcmp(&st->order.key[i], k, sizeof(*k)) == 0)
			return i;
	return -1;
}

void
state_select(struct state *st, int64_t at)
{
	struct state_view *p = &st->per_view[st->view];
	uint32_t count = state_row_count(st), page = state_page_rows(st), last;

	p->has_selected = count != 0;
	if (count == 0) {
		p->cursor = p->top = 0;
		return;
	}
	if (page == 0)
		page = 1;
	p->cursor = (uint32_t)clamp(at, 0, count - 1);
	p->selected_key = state_row(st, p->cursor)->key;
	last = count > page ? count - page : 0;
	if (p->cursor < p->top)
		p->top = p->cursor;
	else if (p->cursor >= p->top + page)
		p->top = p->cursor - page + 1;
	if (p->top > last)
		p->top = last;
}

static void
state_log_message(struct state *st)
{
	struct state_messages *m = &st->messages;

	if (m->n > 0 && strcmp(m->said[0].text, st->message.s) == 0)
		return;
	if (m->n < STATE_MESSAGES)
		m->n++;
	memmove(&m->said[1], &m->said[0], (m->n - 1) * sizeof(m->said[0]));
	m->said[0].at = st->ranked_at;
	strlcpy(m->said[0].text, st->message.s, sizeof(m->said[0].text));
}

void
status_message(struct state *st, bool bad, const char *fmt, ...)
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
	state_log_message(st);
}
