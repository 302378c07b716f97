/* The detail of a row: its fields, and the flows that belong to it. */
#include "config.h"

#include "control/detail.h"

#include <string.h>

#include "control/state.h"
#include "util/text.h"
#include "view/columns.h"
#include "view/row_filter.h"

#define GAP         2 /* cells between two fields */
#define SHARE_CELLS 4 /* "100%" */

bool
detail_is_open(const struct state *st)
{
	return st->detail.open && st->detail.view == st->view;
}

static void
detail_forget_related(struct detail *d)
{
	filter_del(d->related_filter);
	d->related_filter = NULL;
	d->related_phase = RELATED_DUE;
	d->has_related = false;
}

void
detail_fini(struct detail *d)
{
	detail_forget_related(d);
	row_list_del(d->related);
	d->related = NULL;
}

void
detail_close(struct state *st)
{
	struct detail *d = &st->detail;

	d->open = d->reopen = false;
	d->max_lines = 0;
	detail_forget_related(d);
}

void
detail_reset(struct state *st)
{
	detail_close(st);
	st->detail.n_breadcrumbs = 0;
	st->detail.sort = NULL;
}

/* Looks for the flows that belong to the row; a flow has none. */
void
detail_find_related(struct state *st)
{
	struct detail *d = &st->detail;
	char text[FILTER_MAX + 1];
	struct buf b;

	detail_forget_related(d);
	buf_init(&b, text, sizeof(text));
	if (views[d->view] == &view_flows || !row_filter_flows(&b, views[d->view], &d->row))
		return;
	d->related_filter = filter_new(&view_flows, text, NULL, NULL);
}

const char *
detail_related_sort(const struct state *st)
{
	if (st->detail.related_sort != NULL)
		return st->detail.related_sort;
	return st->whole_time ? view_flows.sort_whole_time : view_flows.sort;
}

bool
detail_related_step(struct state *st, uint32_t n)
{
	struct detail *d = &st->detail;
	const struct column *by;

	if (!detail_is_open(st) || history_is_shown(st) || st->rows < DETAIL_WITH_RELATED ||
	    d->related_filter == NULL || d->related_phase == RELATED_DONE)
		return false;
	if (d->related_phase == RELATED_DUE) {
		if (d->related == NULL)
			d->related = row_list_new();
		by = view_find_column(&view_flows, detail_related_sort(st));
		row_list_begin(d->related, &view_flows, (unsigned)(by - view_flows.cols), true,
		    d->related_filter, &st->scope, DETAIL_RELATED);
		d->related_phase = RELATED_RUNNING;
	}
	if (row_list_step(d->related, n))
		return true;
	d->related_phase = RELATED_DONE;
	d->has_related = true;
	return false;
}

static void
detail_add_share(struct buf *b, const struct value *v)
{
	if (v->x > 0 && v->x < 0.005)
		buf_adds(b, "<1%");
	else
		buf_addf(b, "%u%%", (unsigned)fmt_rounded(v->x * 100));
}

/* Without the indentation; a name with its origin in words: "www.example.com (DNS answer, 2 more)".
 */
static void
detail_add_text(struct buf *b, const struct value *v)
{
	buf_adds(b, v->text + strspn(v->text, " "));
	if (v->kind == NAME_UNKNOWN)
		return;
	buf_addf(b, " (%s", name_origin_words((enum name_origin)v->kind));
	if (v->bits > 0)
		buf_addf(b, ", %u more", v->bits);
	buf_addc(b, ')');
}

/* False if the value is not known; a rate that will be known later gets a place. */
static bool
detail_make_field(struct detail_field *f, const struct state *st, unsigned column)
{
	const struct column *c = &views[st->detail.view]->cols[column];
	const struct value *v = &st->detail.cell[column];
	bool rate = !st->whole_time && (c->type == V_BYTE_RATE || c->type == V_PACKET_RATE);
	struct buf b;

	if (v->type == V_NONE && !rate)
		return false;
	buf_init(&b, f->text, sizeof(f->text));
	if (v->type == V_NONE)
		buf_addc(&b, '-');
	else if (v->type == V_SHARE)
		detail_add_share(&b, v);
	else if (v->type == V_TEXT)
		detail_add_text(&b, v);
	else
		value_text(&b, v, &st->units);
	f->label = c->title;
	f->left = c->left;
	f->width = c->left ? 0 : c->min;
	if (c->share_bar || c->type == V_SHARE)
		f->width = SHARE_CELLS;
	if ((int)text_width(f->text) > f->width)
		f->width = (int)text_width(f->text);
	return true;
}

static int
detail_field_cells(const struct detail_field *f)
{
	return (int)text_width(f->label) + 1 + f->width;
}

/* Where the next field goes. */
struct detail_field_cursor {
	int cols, x, line;
};

static void
detail_place_field(struct detail_field_cursor *s, struct detail_field *f)
{
	int cells = detail_field_cells(f);

	if (s->x > 1 && s->x + cells > s->cols) {
		s->x = 1;
		s->line++;
	}
	f->x = s->x;
	f->line = s->line;
	s->x += cells + GAP;
}

unsigned
detail_fields(const struct state *st, int cols, struct detail_field *f)
{
	struct detail_field_cursor s = { .cols = cols, .x = 1 };
	const struct view *v = views[st->detail.view];
	const struct column *names;
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_cols; i++) {
		if (v->cols[i].names != NULL || !detail_make_field(&f[n], st, i))
			continue;
		detail_place_field(&s, &f[n++]);
		names = view_find_names(v, &v->cols[i]); /* behind the address */
		if (names != NULL && detail_make_field(&f[n], st, (unsigned)(names - v->cols)))
			detail_place_field(&s, &f[n++]);
	}
	return n;
}

int
detail_field_lines(const struct detail_field *f, unsigned n)
{
	return n > 0 ? f[n - 1].line + 1 : 1;
}

/* The sparkline has its line from the start, so that nothing moves when it appears. */
bool
detail_has_spark(const struct state *st)
{
	return !st->whole_time && view_find_column(views[st->detail.view], "bps") != NULL;
}

/* Lines of the title, the fields, the sparkline and the capture filter. */
static int
detail_own_lines(const struct state *st)
{
	struct detail_field f[DETAIL_FIELDS];

	return 2 + detail_field_lines(f, detail_fields(st, st->cols, f)) + detail_has_spark(st);
}

int
detail_lines(const struct state *st)
{
	int lines;

	if (!st->detail.open || st->detail.view != st->view)
		return 0;
	lines = detail_own_lines(st);
	if (lines < st->detail.max_lines)
		lines = st->detail.max_lines;
	if (st->detail.related_filter != NULL && st->rows >= DETAIL_WITH_RELATED)
		lines += st->rows / 5;
	return lines;
}

void
detail_measure(struct state *st)
{
	int lines = detail_own_lines(st);

	if (st->detail.max_lines_cols != st->cols)
		st->detail.max_lines = 0;
	st->detail.max_lines_cols = st->cols;
	if (lines > st->detail.max_lines)
		st->detail.max_lines = lines;
}
