#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "core/ledger.h"
#include "export/csv_json.h"
#include "export/private.h"
#include "export/report.h"
#include "util/text.h"

#define LABEL_WIDTH 19
#define GAP         2 /* cells between columns */
#define EVENT_LINES 5
#define CELL_TEXT   256

/* The positions of a table's columns. */
struct layout {
	size_t width[VIEW_COLUMNS];
	bool dropped[VIEW_COLUMNS];
	unsigned last; /* the rightmost column */
};

static void
report_text_add_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_addc(b, ' ');
}

static void
report_text_add_label(struct buf *b, const char *label)
{
	size_t n = strlen(label);

	buf_adds(b, label);
	report_text_add_blanks(b, n < LABEL_WIDTH ? LABEL_WIDTH - n : 1);
}

static void
report_text_add_count(struct buf *b, const char *label, uint64_t n)
{
	report_text_add_label(b, label);
	buf_addu(b, n);
	buf_addc(b, '\n');
}

/* The name comes last, so that blanks in it do not shift other words. */
static void
report_text_add_source(struct buf *b, const struct report *r, const struct source_stats *src)
{
	const char *link = r->linktype_name != NULL ? r->linktype_name(src->linktype) : NULL;

	report_text_add_label(b, "source");
	buf_addu(b, src->totals.all.packets);
	buf_adds(b, " packets  ");
	buf_addu(b, src->totals.all.bytes);
	buf_adds(b, " bytes  ");
	if (src->drops_known)
		buf_addu(b, src->kernel_dropped + src->interface_dropped);
	else
		buf_addc(b, '-');
	buf_adds(b, " dropped  ");
	buf_adds(b, report_source_state(src));
	buf_adds(b, "  ");
	if (link != NULL)
		buf_adds(b, link);
	else
		buf_addu(b, src->linktype);
	buf_adds(b, "  ");
	buf_adds(b, src->name);
	buf_addc(b, '\n');
}

static void
report_text_add_duplicates(struct buf *b, const struct source_stats *src)
{
	if (!source_sees_duplicates(src))
		return;
	report_text_add_label(b, "warning");
	buf_addf(b, "this source sees packets twice: %s (%" PRIu64 " of %" PRIu64 " packets)\n",
	    src->name, src->totals.duplicates, src->totals.all.packets);
}

static void
report_text_add_sizes(struct buf *b, const struct totals *t)
{
	if (t->all.packets == 0)
		return;
	report_text_add_count(b, "smallest", t->smallest);
	report_text_add_count(b, "largest", t->largest);
	report_text_add_label(b, "average");
	decimal_fixed(b, decimal_average(t->all.bytes, t->all.packets), 2);
	buf_addc(b, '\n');
}

static void
report_text_add_dropped(struct buf *b, const struct ledger *l)
{
	uint64_t kernel = 0, interface = 0;

	if (!ledger_knows_drops(l))
		return;
	for (unsigned i = 0; i < l->n_sources; i++) {
		kernel += l->source[i].kernel_dropped;
		interface += l->source[i].interface_dropped;
	}
	report_text_add_count(b, "kernel_dropped", kernel);
	report_text_add_count(b, "interface_dropped", interface);
}

/* Omitted for most files. */
static void
report_text_add_stamps(struct buf *b, const struct ledger *l)
{
	uint64_t back = 0, wild = 0;

	for (unsigned i = 0; i < l->n_sources; i++) {
		back += l->source[i].stamps_back;
		wild += l->source[i].stamps_wild;
	}
	if (back > 0)
		report_text_add_count(b, "stamps_back", back);
	if (wild > 0)
		report_text_add_count(b, "stamps_wild", wild);
}

static void
report_text_add_rates(struct buf *b, const struct report *r, const struct scope *s)
{
	double seconds = scope_seconds(s);
	struct tally moved = report_delta(s);
	struct value v;

	if (!r->rates || !(seconds > 0))
		return;
	report_text_add_label(b, "rate");
	v = value_x(V_BYTE_RATE, (double)moved.bytes / seconds);
	value_text(b, &v, &r->units);
	buf_adds(b, r->units.bytes_per_second ? " bytes/s  " : " bits/s  ");
	v = value_x(V_PACKET_RATE, (double)moved.packets / seconds);
	value_text(b, &v, &r->units);
	buf_adds(b, " packets/s\n");
}

/* The networks that were assumed to be local. */
static void
report_text_add_guess(struct buf *b, const struct ledger *l)
{
	if (!l->local_guessed)
		return;
	report_text_add_label(b, "local");
	for (unsigned i = 0; i < l->n_local; i++) {
		net_text(b, &l->local[i]);
		buf_adds(b, "  ");
	}
	buf_adds(b, "guessed\n");
}

static const char *
report_text_name(const void *ledger, uint8_t kind, const struct addr *a)
{
	return ledger_host_name(ledger, kind, a, false).text;
}

/* The newest problems; a report without any has no line about them. */
static void
report_text_add_events(struct buf *b, const struct report *r, const struct ledger *l)
{
	const struct event_names names = { r->units.numeric ? NULL : report_text_name, l };
	const struct events *es = detect_events(l->detect);
	unsigned shown = 0;

	for (uint32_t i = 0; i < events_used(es) && shown < EVENT_LINES; i++) {
		const struct event *e = events_newest(es, i);
		enum event_severity severity = (enum event_severity)event_rules[e->rule].severity;

		/* Duplicates have a line of their own. */
		if (severity == EVENT_NOTICE || e->rule == RULE_DUPLICATES)
			continue;
		report_text_add_label(b, event_severity_name(severity));
		event_text(b, e, &names);
		buf_addc(b, '\n');
		shown++;
	}
}

static void
report_text_add_head(struct buf *b, const struct report *r, const struct scope *s)
{
	const struct ledger *l = s->ledger;

	buf_adds(b, r->last ? "pkttop: last report\n" : "pkttop: report\n");
	report_text_add_label(b, "time");
	if (report_has_time(r, l))
		fmt_rfc3339(b, r->now, 3);
	else
		buf_addc(b, '-');
	buf_addc(b, '\n');
	report_text_add_label(b, "elapsed");
	fmt_clock(b, r->elapsed);
	buf_addc(b, '\n');
	for (unsigned i = 0; i < l->n_sources; i++)
		report_text_add_source(b, r, &l->source[i]);
	report_text_add_guess(b, l);
	report_text_add_rates(b, r, s);
	report_text_add_count(b, "packets", l->totals.all.packets);
	report_text_add_count(b, "bytes", l->totals.all.bytes);
	report_text_add_sizes(b, &l->totals);
	report_text_add_dropped(b, l);
	report_text_add_stamps(b, l);
	report_text_add_count(b, "malformed", l->totals.malformed);
	report_text_add_count(b, "truncated", l->totals.truncated);
	report_text_add_count(b, "duplicates", l->totals.duplicates);
	for (unsigned i = 0; i < l->n_sources; i++)
		report_text_add_duplicates(b, &l->source[i]);
	report_text_add_events(b, r, l);
	if (ledger_grown_memory(l) != 0)
		report_text_add_count(b, "memory", ledger_grown_memory(l));
}

/* A cell, or instead of an address its name, if there is one and names are wanted. */
static struct value
report_text_cell(
    const struct report_table *t, uint32_t line, unsigned column, const struct units *u)
{
	const struct column *cols = t->view->cols,
			    *names = u->numeric ? NULL : view_find_names(t->view, &cols[column]);
	struct value v = report_table_cell(t, line, column), name;

	if (names == NULL || v.type != V_ADDR)
		return v;
	name = report_table_cell(t, line, (unsigned)(names - cols));
	return name.type == V_TEXT ? name : v;
}

/* The text of a cell; "-" if empty, so that every line has the same number of words. */
static void
report_text_cell_text(struct buf *b, const struct report_table *t, uint32_t line, unsigned column,
    const struct units *u)
{
	struct value v = report_text_cell(t, line, column, u);

	buf_clear(b);
	value_text(b, &v, u);
	if (b->len == 0)
		buf_addc(b, '-');
}

/* The sort column is never dropped. */
static bool
report_text_may_drop_column(const struct report_table *t, const struct layout *lay, unsigned column)
{
	const struct column *col = &t->view->cols[column];

	return !lay->dropped[column] && col->drop != 0 && column != t->rank.column;
}

/* Drops the columns with the lowest priority; columns of the same rank, such as in and out, are
 * dropped together. Returns the freed cells, 0 if no column can be dropped. */
static size_t
report_text_drop_columns(struct layout *lay, const struct report_table *t)
{
	size_t won = 0;
	uint8_t most = 0;

	for (unsigned i = 0; i < t->view->n_cols; i++)
		if (report_text_may_drop_column(t, lay, i) && t->view->cols[i].drop > most)
			most = t->view->cols[i].drop;
	for (unsigned i = 0; i < t->view->n_cols; i++) {
		if (!report_text_may_drop_column(t, lay, i) || t->view->cols[i].drop != most)
			continue;
		lay->dropped[i] = true;
		won += lay->width[i] + GAP;
	}
	return won;
}

static size_t
report_text_column_width(const struct report_table *t, unsigned column, const struct units *u)
{
	size_t width = text_width(t->view->cols[column].title);
	char text[CELL_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (uint32_t line = 0; line < report_table_lines(t); line++) {
		report_text_cell_text(&b, t, line, column, u);
		if (text_width(text) > width)
			width = text_width(text);
	}
	return width;
}

/* A detail column without any value is dropped: it would be a title only.  So are names that stand
 * in the column of their addresses. */
static bool
report_text_column_is_empty(const struct report_table *t, unsigned column)
{
	if (t->view->cols[column].names != NULL)
		return column != t->rank.column;
	if (t->view->cols[column].drop < DROP_DETAIL && !t->view->cols[column].when_used)
		return false;
	for (uint32_t line = 0; line < report_table_lines(t); line++)
		if (report_table_cell(t, line, column).type != V_NONE)
			return false;
	return true;
}

/* Text reports cut no cell: each column is as wide as its longest cell, so fewer columns fit. */
static void
report_text_layout(struct layout *lay, const struct report_table *t, const struct report *r)
{
	size_t all = 0, won = 1;

	*lay = (struct layout){ .last = 0 };
	for (unsigned i = 0; i < t->view->n_cols; i++) {
		lay->dropped[i] = report_text_column_is_empty(t, i);
		if (lay->dropped[i])
			continue;
		lay->width[i] = report_text_column_width(t, i, &r->units);
		all += lay->width[i] + GAP;
	}
	while (all > r->width + (size_t)GAP && won > 0) {
		won = report_text_drop_columns(lay, t);
		all -= won;
	}
	for (unsigned i = 0; i < t->view->n_cols; i++)
		if (!lay->dropped[i])
			lay->last = i;
}

static void
report_text_add_cell(struct buf *b, const struct layout *lay, const struct view *v, unsigned column,
    const char *text)
{
	size_t pad = lay->width[column] - text_width(text);
	bool left = v->cols[column].left;

	if (!left)
		report_text_add_blanks(b, pad);
	buf_adds(b, text);
	if (column == lay->last)
		buf_addc(b, '\n');
	else
		report_text_add_blanks(b, left ? pad + GAP : GAP);
}

static void
report_text_add_lines(struct buf *b, const struct report_table *t, const struct report *r)
{
	const struct view *v = t->view;
	struct layout lay;
	char text[CELL_TEXT];
	struct buf cell;

	report_text_layout(&lay, t, r);
	for (unsigned i = 0; i < v->n_cols; i++)
		if (!lay.dropped[i])
			report_text_add_cell(b, &lay, v, i, v->cols[i].title);
	buf_init(&cell, text, sizeof(text));
	for (uint32_t line = 0; line < report_table_lines(t); line++) {
		for (unsigned i = 0; i < v->n_cols; i++) {
			if (lay.dropped[i])
				continue;
			report_text_cell_text(&cell, t, line, i, &r->units);
			report_text_add_cell(b, &lay, v, i, text);
		}
	}
}

static bool
report_text_add_table(struct buf *b, const struct view *v, const struct report *r,
    const struct scope *s, struct buf *err)
{
	struct report_table t;

	if (!report_table_init(&t, v, r, s, err))
		return false;
	buf_addf(b, "\n%s\n", v->title);
	report_text_add_lines(b, &t, r);
	if (t.rank.n_matched > t.rank.n)
		buf_addf(b, "… %" PRIu64 " more\n", t.rank.n_matched - t.rank.n);
	report_table_fini(&t);
	return true;
}

/* A table without the display filter's columns is omitted. */
static bool
report_text_add_tables(
    struct buf *b, const struct report *r, const struct scope *s, struct buf *err)
{
	unsigned told = 0;

	for (size_t i = 0; i < REPORT_SECTIONS; i++) {
		const struct view *v = view_by_name(report_section[i].view);
		struct report whole = *r;

		if (v == NULL)
			continue;
		if (report_section[i].all_rows)
			whole.top = 0;
		if (report_text_add_table(b, v, &whole, s, err))
			told++;
		else
			buf_addf(b, "\n%s\n(omitted: %s)\n", v->title, err->s);
	}
	return told > 0;
}

/* True if v, or any table if v is NULL, has the sort column. */
static bool
report_text_can_sort(const struct view *v, const struct report *r)
{
	if (r->sort == NULL)
		return true;
	if (v != NULL)
		return report_table_sort_column(v, r) != NULL;
	for (size_t i = 0; i < REPORT_SECTIONS; i++) {
		v = view_by_name(report_section[i].view);
		if (v != NULL && report_table_sort_column(v, r) != NULL)
			return true;
	}
	return false;
}

bool
report_text(struct buf *b, const struct report *r, const struct scope *s, struct buf *err)
{
	const struct view *v = r->view != NULL ? view_by_name(r->view) : NULL;
	bool ok;

	if (r->view != NULL && v == NULL) {
		buf_setf(err, "%s: no such view", r->view);
		return false;
	}
	if (!report_text_can_sort(v, r)) {
		buf_setf(err, "%s: no such column to sort by", r->sort);
		return false;
	}
	report_text_add_head(b, r, s);
	ok = v != NULL ? report_text_add_table(b, v, r, s, err)
		       : report_text_add_tables(b, r, s, err);
	buf_addc(b, '\n');
	return ok;
}
