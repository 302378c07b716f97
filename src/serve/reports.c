/* Reports and tables. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "export/csv_json.h"
#include "export/report.h"
#include "platform/clock.h"
#include "serve/private.h"
#include "view/filter.h"

#define NS          UINT64_C(1000000000)
#define TOP_MOST    10000000
#define SHARED_ROWS 1000 /* an answer of so many rows is kept for others who ask the same */
#define EXTRAS_KEPT (30 * NS)
#define CSV_TYPE    "text/csv; charset=utf-8; header=present"

struct scope
reports_scope(const struct server *s)
{
	return scope_of_all(s->feed->ledger, feed_is_offline(s->feed));
}

struct report
reports_describe_now(const struct server *s, uint32_t top)
{
	const struct ledger *l = s->feed->ledger;
	bool offline = feed_is_offline(s->feed);
	uint64_t elapsed = offline ? l->totals.last - l->totals.first : ledger_time(l) - l->started;

	return (struct report){ .format = REPORT_JSON,
		.top = top,
		.now = offline ? l->totals.last : clock_wall(),
		.elapsed = elapsed,
		.interval = offline ? elapsed : l->interval_ns,
		.linktype_name = linktype_name,
		.rates = !offline,
		.header = true };
}

static bool
reports_top(struct exchange *x, uint64_t *top)
{
	*top = TABLE_ROWS;
	return x->top == NULL || exchange_number(x, "top", x->top, 0, TOP_MOST, top);
}

static bool
reports_column_exists(const char *view, const char *sort)
{
	for (unsigned i = 0; i < n_views; i++)
		if ((view == NULL || views[i] == view_by_name(view)) &&
		    view_find_column(views[i], sort + (*sort == '-')) != NULL)
			return true;
	return false;
}

/* Refuses a wrong view, column or filter before a child is made for it. */
static bool
reports_check(struct exchange *x, const char *view)
{
	char why[256];
	struct buf err;
	struct filter *filter;
	bool ok = true;

	buf_init(&err, why, sizeof(why));
	if (view != NULL && view_by_name(view) == NULL) {
		exchange_fail(x, 400, "%s: no such view", view);
		return false;
	}
	if (x->sort != NULL && !reports_column_exists(view, x->sort)) {
		exchange_fail(x, 400, "sort: no such column; /views lists them");
		return false;
	}
	if (x->show != NULL && view != NULL) {
		filter = filter_new(view_by_name(view), x->show, &err, NULL);
		ok = filter != NULL;
		filter_del(filter);
	}
	if (!ok)
		exchange_fail(x, 400, "show: %s", err.s);
	return ok;
}

/* The parameters were checked. */
static struct report
reports_describe(const struct exchange *x)
{
	uint64_t top = TABLE_ROWS;
	struct report r;

	if (x->top != NULL)
		top = strtoull(x->top, NULL, 10);
	r = reports_describe_now(x->server, (uint32_t)top);
	r.show = x->show != NULL ? x->show : "";
	r.view = x->view;
	r.sort = x->sort;
	return r;
}

static bool
reports_write(struct exchange *x, struct buf *out, struct buf *err)
{
	struct report r = reports_describe(x);
	struct scope s = reports_scope(x->server);

	return report_write(out, &r, &s, err);
}

/* Tables that take time and memory are kept while a client asks for them. */
static void
reports_keep(struct server *s, unsigned extras)
{
	if (extras & LEDGER_PACKETS)
		s->packets_until = s->now + EXTRAS_KEPT;
	if (extras & LEDGER_PAIRS) {
		s->pairs_until = s->now + EXTRAS_KEPT;
		ledger_enable_pairs(s->feed->ledger);
	}
}

void
serve_report(struct exchange *x)
{
	uint64_t top;
	struct report r;

	if (!reports_top(x, &top) || !reports_check(x, x->view))
		return;
	if (x->view != NULL)
		reports_keep(x->server, view_by_name(x->view)->extras);
	r = reports_describe(x);
	job_answer(x, reports_write, "application/json",
	    report_output_steps(&r, x->server->feed->ledger), top > 0 && top <= SHARED_ROWS);
}

static const struct {
	const char *path, *view;
} tables[] = {
#define VIEW(name, key, label, help, path) { path, #name },
#include "view/views.def"
#undef VIEW
};

static const char *
reports_route_view(const struct route *r)
{
	unsigned i = 0;

	while (strcmp(tables[i].path, r->pattern) != 0)
		i++;
	return tables[i].view;
}

static const char *
reports_table_view(const struct exchange *x)
{
	return reports_route_view(x->route);
}

static bool
reports_write_csv(struct exchange *x, struct buf *out, struct buf *err)
{
	struct report r = reports_describe(x);
	struct scope s = reports_scope(x->server);

	r.format = REPORT_CSV;
	r.view = reports_table_view(x);
	return report_write(out, &r, &s, err);
}

static bool
reports_write_table(struct exchange *x, struct buf *out, struct buf *err)
{
	struct report r = reports_describe(x);
	struct scope s = reports_scope(x->server);

	return report_write_table(out, reports_table_view(x), &r, &s, err);
}

static uint64_t
reports_table_steps(const struct exchange *x, const struct view *v, uint64_t top)
{
	uint64_t slots = v->slots(x->server->feed->ledger);

	return slots + (top > 0 && top < slots ? top : slots) * REPORT_OUTPUT_WRITING;
}

void
serve_table(struct exchange *x)
{
	const struct view *v = view_by_name(reports_table_view(x));
	uint64_t top;

	if (!reports_top(x, &top) || !reports_check(x, v->name))
		return;
	reports_keep(x->server, v->extras);
	job_answer(x, x->csv ? reports_write_csv : reports_write_table,
	    x->csv ? CSV_TYPE : "application/json", reports_table_steps(x, v, top),
	    top > 0 && top <= SHARED_ROWS);
}

static const char *
reports_type_name(uint8_t type)
{
	static const char *const names[] = { [V_NONE] = "text",
		[V_TEXT] = "text",
		[V_ADDR] = "addr",
		[V_PORT] = "port",
		[V_COUNT] = "count",
		[V_BYTES] = "bytes",
		[V_BYTE_RATE] = "byte_rate",
		[V_PACKET_RATE] = "packet_rate",
		[V_SHARE] = "share",
		[V_TIME] = "time",
		[V_DURATION] = "duration",
		[V_ID] = "id" };

	return names[type];
}

static void
reports_add_column(struct json *j, const struct column *c)
{
	json_open(j, NULL, '{');
	json_str(j, "name", c->name);
	json_str(j, "key", view_column_key(c));
	json_str(j, "title", c->title);
	json_str(j, "help", c->help);
	json_str(j, "type", reports_type_name(c->type));
	json_bool(j, "descending", c->desc);
	json_close(j, '}');
}

/* The path of the table of a view, with its slash. */
static const char *
reports_view_path(const struct server *s, const struct view *v)
{
	for (unsigned i = 0; i < s->n_routes; i++)
		if ((s->routes[i].flags & ROUTE_TABLE) &&
		    strcmp(reports_route_view(&s->routes[i]), v->name) == 0)
			return s->routes[i].pattern;
	return NULL;
}

static void
reports_add_view(struct json *j, const struct view *v, const char *path, bool whole_time)
{
	json_open(j, NULL, '{');
	json_str(j, "name", v->name);
	json_str(j, "path", path);
	json_str(j, "title", v->title);
	json_str(j, "help", v->help);
	json_str(j, "sort", whole_time ? v->sort_whole_time : v->sort);
	json_open(j, "columns", '[');
	for (unsigned i = 0; i < v->n_cols; i++)
		reports_add_column(j, &v->cols[i]);
	json_close(j, ']');
	json_close(j, '}');
}

void
serve_views(struct exchange *x)
{
	struct json j;

	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_open(&j, "views", '[');
	for (unsigned i = 0; i < n_views; i++) {
		const char *path = reports_view_path(x->server, views[i]);

		if (path != NULL)
			reports_add_view(&j, views[i], path, feed_is_offline(x->server->feed));
	}
	json_close(&j, ']');
	json_close(&j, '}');
	exchange_send_json(x, 200);
}

void
serve_health(struct exchange *x)
{
	struct json j;

	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_str(&j, "status", "ok");
	json_str(&j, "version", PACKAGE_VERSION);
	json_close(&j, '}');
	exchange_send_json(x, 200);
}
