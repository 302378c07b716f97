/* Reports of recordings: the sums of the moments of a span, in all formats. */
#include "config.h"

#include "feed/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/csv_json.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/die.h"
#include "util/text.h"

#define NS_PER_S     UINT64_C(1000000000)
#define DEFAULT_ROWS 10
#define CELL         (TEXT_MAX + 1)
#define TITLE        24

/* The views of tables, and their keys in JSON reports. */
static const struct record_section {
	const char *view, *title, *json;
	enum record_table_id table;
} sections[] = {
	{ "talkers", "Talkers", "hosts", RECORD_HOST },
	{ "flows", "Flows", "flows", RECORD_FLOW },
	{ "protocols", "Protocols", "protocols", RECORD_PROTOCOL },
	{ "ports", "Ports", "ports", RECORD_PORT },
};

struct record_report {
	const struct options *o;
	const struct record_process *p;
	uint64_t from, to;
	uint64_t rows; /* of a table, at most; 0: all */
	struct buf out;
	struct json json;
	struct buf err;
	char err_text[512];
};

/* The rows of a table. */
struct record_rows {
	const struct record_table *t;
	unsigned n_texts, n_values; /* of a row */
	struct buf moment;
	struct record_reader r;
	uint64_t given; /* rows, without "(other)" */
};

static bool
record_rows_begin(struct record_report *w, enum record_table_id table, struct record_rows *rows)
{
	const struct record_table *t = &record_table[table];

	*rows = (struct record_rows){ .t = t,
		.n_texts = record_table_keys(t) + record_table_facts(t),
		.n_values = record_table_values(t) };
	buf_new(&rows->moment);
	if (!record_ask_sums(w->p, table, w->from, w->to, &rows->moment, &w->err))
		return false;
	rows->r.s = (const uint8_t *)rows->moment.s;
	rows->r.end = rows->r.s + rows->moment.len;
	return record_read_moment(&rows->r);
}

static void
record_rows_rewind(struct record_rows *rows)
{
	rows->r = (struct record_reader){ .s = (const uint8_t *)rows->moment.s };
	rows->r.end = rows->r.s + rows->moment.len;
	rows->given = 0;
	(void)record_read_moment(&rows->r);
}

static bool
record_rows_is_other(const struct record_rows *rows)
{
	const struct record_value *v = &rows->r.value[0];

	return v->text != NULL && v->n == strlen(RECORD_OTHER) &&
	    memcmp(v->text, RECORD_OTHER, v->n) == 0;
}

/* The next row. The row "(other)" comes whatever its place is. */
static bool
record_rows_next(struct record_rows *rows, uint64_t most)
{
	while (record_read_row(&rows->r)) {
		if (record_rows_is_other(rows))
			return true;
		if (most == 0 || rows->given < most) {
			rows->given++;
			return true;
		}
	}
	return false;
}

static const char *
record_rows_name(const struct record_rows *rows, unsigned i)
{
	unsigned keys = record_table_keys(rows->t);

	if (i < keys)
		return rows->t->key[i];
	return i < rows->n_texts ? rows->t->fact[i - keys] : rows->t->counter[i - rows->n_texts];
}

/* The cleaned text of a value that is one. */
static void
record_rows_text(const struct record_value *v, struct buf *b)
{
	buf_clear(b);
	if (v->text != NULL)
		text_clean(b, v->text, v->n);
	else
		buf_addu(b, v->n);
}

static void
record_report_json_row(struct record_report *w, const struct record_rows *rows, unsigned first)
{
	char text[CELL];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (unsigned i = first; i < rows->n_values; i++) {
		const struct record_value *v = &rows->r.value[i];

		if (v->text == NULL) {
			json_u64(&w->json, record_rows_name(rows, i), v->n);
			continue;
		}
		record_rows_text(v, &b);
		if (b.len > 0)
			json_str(&w->json, record_rows_name(rows, i), b.s);
	}
}

/* Returns false if the recording cannot be read. */
static bool
record_report_json_table(struct record_report *w, const struct record_section *s, bool others)
{
	struct record_rows rows;
	bool ok = record_rows_begin(w, s->table, &rows);

	if (!others)
		json_open(&w->json, s->json, '[');
	while (ok && record_rows_next(&rows, w->rows)) {
		if (record_rows_is_other(&rows) != others)
			continue;
		json_open(&w->json, others ? s->json : NULL, '{');
		record_report_json_row(w, &rows, others ? rows.n_texts : 0);
		json_close(&w->json, '}');
	}
	if (!others)
		json_close(&w->json, ']');
	buf_del(&rows.moment);
	return ok;
}

static void
record_report_time(struct buf *b, uint64_t second)
{
	fmt_rfc3339(b, second * NS_PER_S, 0);
}

static bool
record_report_json_total(struct record_report *w)
{
	struct record_rows rows;
	bool ok = record_rows_begin(w, RECORD_TRAFFIC, &rows);

	json_open(&w->json, "total", '{');
	if (ok && record_read_row(&rows.r))
		record_report_json_row(w, &rows, 0);
	json_close(&w->json, '}');
	buf_del(&rows.moment);
	return ok;
}

static bool
record_report_is_wanted(const struct record_report *w, const struct record_section *s)
{
	return w->o->view == NULL || strcmp(w->o->view, s->view) == 0;
}

static bool
record_report_json(struct record_report *w)
{
	char time[64];
	struct buf b;
	bool ok;

	buf_init(&b, time, sizeof(time));
	json_init(&w->json, &w->out);
	json_open(&w->json, NULL, '{');
	json_str(&w->json, "schema", "pkttop.report/1");
	record_report_time(&b, w->to);
	json_str(&w->json, "time", b.s);
	json_u64(&w->json, "elapsed", w->to - w->from);
	ok = record_report_json_total(w);
	for (unsigned i = 0; i < NITEMS(sections) && ok; i++)
		if (record_report_is_wanted(w, &sections[i]))
			ok = record_report_json_table(w, &sections[i], false);
	json_open(&w->json, "other", '{');
	for (unsigned i = 0; i < NITEMS(sections) && ok; i++)
		if (record_report_is_wanted(w, &sections[i]))
			ok = record_report_json_table(w, &sections[i], true);
	json_close(&w->json, '}');
	json_close(&w->json, '}');
	buf_addc(&w->out, '\n');
	return ok;
}

static bool
record_report_csv(struct record_report *w)
{
	const struct record_section *s = &sections[0];
	struct record_rows rows;
	char text[CELL];
	struct buf b;
	bool ok;

	for (unsigned i = 1; i < NITEMS(sections) && w->o->view != NULL; i++)
		s = record_report_is_wanted(w, &sections[i]) ? &sections[i] : s;
	buf_init(&b, text, sizeof(text));
	ok = record_rows_begin(w, s->table, &rows);
	for (unsigned i = 0; i < rows.n_values; i++)
		buf_addf(&w->out, "%s%s", i > 0 ? "," : "", record_rows_name(&rows, i));
	buf_adds(&w->out, CSV_EOL);
	while (ok && record_rows_next(&rows, w->rows)) {
		for (unsigned i = 0; i < rows.n_values; i++) {
			buf_adds(&w->out, i > 0 ? "," : "");
			record_rows_text(&rows.r.value[i], &b);
			value_quote_csv(&w->out, b.s);
		}
		buf_adds(&w->out, CSV_EOL);
	}
	buf_del(&rows.moment);
	return ok;
}

/* A cell for people. */
static void
record_report_cell(const struct record_rows *rows, unsigned i, struct buf *b)
{
	const struct record_value *v = &rows->r.value[i];

	if (i >= rows->n_texts && v->text == NULL) {
		buf_clear(b);
		fmt_scaled(b, (double)v->n, FMT_SI);
		return;
	}
	record_rows_text(v, b);
	if (b->len == 0)
		buf_adds(b, "-");
}

static void
record_report_title(const struct record_rows *rows, unsigned i, struct buf *b)
{
	buf_clear(b);
	for (const char *s = record_rows_name(rows, i); *s != '\0'; s++)
		buf_addc(b, *s == '_' ? ' ' : (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s));
}

/* Numbers are aligned to the right. */
static void
record_report_put_cell(struct record_report *w, const struct record_rows *rows, unsigned i,
    size_t width, const char *s)
{
	size_t pad = width > text_width(s) ? width - text_width(s) : 0;

	buf_adds(&w->out, i > 0 ? "  " : "");
	if (i < rows->n_texts)
		buf_adds(&w->out, s);
	if (i < rows->n_texts && i + 1 == rows->n_values)
		return;
	for (; pad > 0; pad--)
		buf_addc(&w->out, ' ');
	if (i >= rows->n_texts)
		buf_adds(&w->out, s);
}

static void
record_report_measure(struct record_report *w, struct record_rows *rows, size_t *width)
{
	char text[CELL];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < rows->n_values; i++) {
		record_report_title(rows, i, &b);
		width[i] = text_width(b.s);
	}
	while (record_rows_next(rows, w->rows)) {
		for (unsigned i = 0; i < rows->n_values; i++) {
			record_report_cell(rows, i, &b);
			width[i] = text_width(b.s) > width[i] ? text_width(b.s) : width[i];
		}
	}
	record_rows_rewind(rows);
}

static bool
record_report_text_table(struct record_report *w, const struct record_section *s)
{
	size_t width[RECORD_VALUES];
	struct record_rows rows;
	char text[CELL];
	struct buf b;
	bool ok = record_rows_begin(w, s->table, &rows);

	buf_init(&b, text, sizeof(text));
	if (ok) {
		record_report_measure(w, &rows, width);
		buf_addf(&w->out, "\n%s\n", s->title);
		for (unsigned i = 0; i < rows.n_values; i++) {
			record_report_title(&rows, i, &b);
			record_report_put_cell(w, &rows, i, width[i], b.s);
		}
		buf_addc(&w->out, '\n');
	}
	while (ok && record_rows_next(&rows, w->rows)) {
		for (unsigned i = 0; i < rows.n_values; i++) {
			record_report_cell(&rows, i, &b);
			record_report_put_cell(w, &rows, i, width[i], b.s);
		}
		buf_addc(&w->out, '\n');
	}
	buf_del(&rows.moment);
	return ok;
}

static bool
record_report_text_total(struct record_report *w)
{
	struct record_rows rows;
	bool ok = record_rows_begin(w, RECORD_TRAFFIC, &rows);

	if (ok && record_read_row(&rows.r))
		for (unsigned i = 0; i < rows.n_values; i++)
			buf_addf(&w->out, "%-19s%llu\n", record_rows_name(&rows, i),
			    (unsigned long long)rows.r.value[i].n);
	buf_del(&rows.moment);
	return ok;
}

static bool
record_report_text(struct record_report *w)
{
	bool ok;

	buf_addf(&w->out, "%-19s", "from");
	record_report_time(&w->out, w->from);
	buf_addf(&w->out, "\n%-19s", "to");
	record_report_time(&w->out, w->to);
	buf_addc(&w->out, '\n');
	ok = record_report_text_total(w);
	for (unsigned i = 0; i < NITEMS(sections) && ok; i++)
		if (record_report_is_wanted(w, &sections[i]))
			ok = record_report_text_table(w, &sections[i]);
	return ok;
}

static uint64_t
record_report_parse(const char *option, const char *text, uint64_t end, uint64_t otherwise)
{
	uint64_t at = otherwise;

	if (text != NULL && !record_parse_time(text, end, &at))
		die_usage("--%s: \"%s\" must be a time such as 03:00, yesterday, -2h or 2026-01-01",
		    option, text);
	return at;
}

static void
record_report_check(const struct record_report *w)
{
	bool known = w->o->view == NULL;

	for (unsigned i = 0; i < NITEMS(sections); i++)
		known |= record_report_is_wanted(w, &sections[i]);
	if (!known)
		die_usage("--view: a recording has talkers, flows, protocols and ports");
	if (w->o->show != NULL || w->o->sort != NULL)
		die_usage("--show and --sort: not possible for a recording; ask sqlite3 instead");
	if (w->from >= w->to)
		die_usage("--from: not before the end of what is reported");
}

int
record_report_run(const struct options *o, const struct record_process *p)
{
	static bool (*const formats[])(struct record_report * w) = {
		[REPORT_TEXT] = record_report_text,
		[REPORT_JSON] = record_report_json,
		[REPORT_CSV] = record_report_csv,
	};
	struct record_report w = { .o = o, .p = p };
	uint64_t first = 0, end = 0;

	buf_init(&w.err, w.err_text, sizeof(w.err_text));
	if (!record_ask_extent(p, &first, &end, &w.err))
		die("%s: %s", o->file[0], w.err.s);
	if (end == 0)
		die("%s: nothing is recorded", o->file[0]);
	w.from = record_report_parse("from", o->from, end, first);
	w.to = record_report_parse("to", o->to, end, end);
	w.rows = o->format == REPORT_TEXT ? DEFAULT_ROWS : 0;
	if (o->top >= 0)
		w.rows = (uint64_t)o->top;
	record_report_check(&w);
	buf_new(&w.out);
	if (!formats[o->format](&w))
		die("%s: %s", o->file[0], w.err.s);
	fwrite(w.out.s, 1, w.out.len, stdout);
	buf_del(&w.out);
	return EXIT_DONE;
}
