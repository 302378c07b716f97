/* The detail of a row: its fields, and the flows that belong to it. */
#include "config.h"

#include "control/detail.h"

#include <string.h>

#include "control/state.h"
#include "util/fmt.h"
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
forget_related(struct detail *d)
{
	filter_del(d->related_filter);
	d->related_filter = NULL;
	d->relating = RELATED_DUE;
	d->has_related = false;
}

void
detail_fini(struct detail *d)
{
	forget_related(d);
	list_del(d->related);
	d->related = NULL;
}

void
detail_shut(struct state *st)
{
	struct detail *d = &st->detail;

	d->open = d->reopen = false;
	d->lines = 0;
	forget_related(d);
}

void
detail_leave(struct state *st)
{
	detail_shut(st);
	st->detail.n_back = 0;
}

/* Looks for the flows that belong to the row; a flow has none. */
void
detail_relate(struct state *st)
{
	struct detail *d = &st->detail;
	char text[FILTER_MAX + 1];
	struct buf b;

	forget_related(d);
	buf_init(&b, text, sizeof(text));
	if (views[d->view] == &view_flows || !rowterm_flows(&b, views[d->view], &d->row))
		return;
	d->related_filter = filter_new(&view_flows, text, NULL, NULL);
}

bool
detail_step(struct state *st, uint32_t n)
{
	struct detail *d = &st->detail;
	const struct column *by;

	if (!detail_is_open(st) || travel_is_past(st) || st->rows < DETAIL_WITH_RELATED ||
	    d->related_filter == NULL || d->relating == RELATED_DONE)
		return false;
	if (d->relating == RELATED_DUE) {
		if (d->related == NULL)
			d->related = list_new();
		by = view_column(
		    &view_flows, st->average ? view_flows.sort_average : view_flows.sort);
		list_begin(d->related, &view_flows, (unsigned)(by - view_flows.cols), true,
		    d->related_filter, &st->scope, DETAIL_RELATED);
		d->relating = RELATED_COMING;
	}
	if (list_step(d->related, n))
		return true;
	d->relating = RELATED_DONE;
	d->has_related = true;
	return false;
}

static void
add_share(struct buf *b, const struct value *v)
{
	if (v->x > 0 && v->x < 0.005)
		buf_adds(b, "<1%");
	else
		buf_addf(b, "%u%%", (unsigned)fmt_rounded(v->x * 100));
}

/* False if the value is not known; a rate that will be known later gets a place. */
static bool
make_field(struct detail_field *f, const struct state *st, unsigned column)
{
	const struct column *c = &views[st->detail.view]->cols[column];
	const struct value *v = &st->detail.cell[column];
	bool rate = !st->average && (c->type == V_BYTE_RATE || c->type == V_PACKET_RATE);
	struct buf b;

	if (v->type == V_NONE && !rate)
		return false;
	buf_init(&b, f->text, sizeof(f->text));
	if (v->type == V_NONE)
		buf_addc(&b, '-');
	else if (v->type == V_SHARE)
		add_share(&b, v);
	else if (v->type == V_TEXT) /* without the indentation */
		buf_adds(&b, v->text + strspn(v->text, " "));
	else
		value_text(&b, v, &st->units);
	f->label = c->title;
	f->left = c->left;
	f->width = c->bar || c->type == V_SHARE ? SHARE_CELLS : c->left ? 0 : c->min;
	if ((int)text_width(f->text) > f->width)
		f->width = (int)text_width(f->text);
	return true;
}

static int
field_cells(const struct detail_field *f)
{
	return (int)text_width(f->label) + 1 + f->width;
}

/* Where the next field goes. */
struct sheet {
	int cols, x, line;
};

static void
place_field(struct sheet *s, struct detail_field *f)
{
	int cells = field_cells(f);

	if (s->x > 1 && s->x + cells > s->cols) {
		s->x = 1;
		s->line++;
	}
	f->x = s->x;
	f->line = s->line;
	s->x += cells + GAP;
}

/* The host name of an address, if the view has no column for names. */
static bool
make_name(struct detail_field *f, const struct state *st, const struct value *v)
{
	const struct ledger *l = st->scope.ledger;
	const char *name;

	if (v->type != V_ADDR || v->bits != 0 || l == NULL ||
	    view_column(views[st->detail.view], "name") != NULL)
		return false;
	name = ledger_dns_name(l, v->kind, &v->addr);
	if (name == NULL)
		return false;
	f->label = "NAME";
	f->left = true;
	strlcpy(f->text, name, sizeof(f->text));
	f->width = (int)text_width(f->text);
	return true;
}

unsigned
detail_fields(const struct state *st, int cols, struct detail_field *f)
{
	struct sheet s = { .cols = cols, .x = 1 };
	unsigned n = 0;

	for (unsigned i = 0; i < views[st->detail.view]->n_cols; i++) {
		if (!make_field(&f[n], st, i))
			continue;
		place_field(&s, &f[n++]);
		if (make_name(&f[n], st, &st->detail.cell[i]))
			place_field(&s, &f[n++]);
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
	return !st->average && view_column(views[st->detail.view], "bps") != NULL;
}

/* Lines of the title, the fields, the sparkline and the capture filter. */
static int
lines_without_related(const struct state *st)
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
	lines = lines_without_related(st);
	if (lines < st->detail.lines)
		lines = st->detail.lines;
	if (st->detail.related_filter != NULL && st->rows >= DETAIL_WITH_RELATED)
		lines += st->rows / 5;
	return lines;
}

void
detail_measure(struct state *st)
{
	int lines = lines_without_related(st);

	if (st->detail.lines_cols != st->cols)
		st->detail.lines = 0;
	st->detail.lines_cols = st->cols;
	if (lines > st->detail.lines)
		st->detail.lines = lines;
}
