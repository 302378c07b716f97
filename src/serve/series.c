/* Traffic over time, as columns of equal length. */
#include "config.h"

#include <string.h>

#include "core/time.h"
#include "export/csv_json.h"
#include "serve/private.h"
#include "view/summary.h"

#define NS_PER_S UINT64_C(1000000000)

/* What is asked for: samples from `oldest` to `newest` before the last one. */
struct series_answer {
	const struct ledger *l;
	const struct graph_span *span;
	uint64_t newest, oldest;
};

static const struct graph_span *
series_find_span(const char *name)
{
	for (unsigned i = 0; i < n_graph_spans; i++)
		if (strcmp(graph_spans[i].name, name) == 0)
			return &graph_spans[i];
	return NULL;
}

/* While traffic is live, the newest sample is not complete yet. */
static void
series_find_samples(struct series_answer *a)
{
	a->newest = ledger_is_live(a->l);
	a->oldest = a->newest;
	while (a->oldest + 1 < a->span->n_samples &&
	    a->span->get_sample(&a->l->series, a->oldest + 1) != NULL)
		a->oldest++;
}

static uint64_t
series_time(const struct series_answer *a, uint64_t ago)
{
	const struct ledger *l = a->l;
	uint64_t step = a->span->sample_seconds, newest = l->series.second / step * step;

	return ledger_wall_time(l, (newest - ago * step) * NS_PER_S) / NS_PER_S;
}

static void
series_add_times(struct json *j, const struct series_answer *a)
{
	json_open(j, "time", '[');
	for (uint64_t ago = a->oldest + 1; ago-- > a->newest;)
		json_u64(j, NULL, series_time(a, ago));
	json_close(j, ']');
}

static void
series_add_column(
    struct json *j, const char *name, const struct series_answer *a, int way, bool bits)
{
	json_open(j, name, '[');
	for (uint64_t ago = a->oldest + 1; ago-- > a->newest;) {
		const struct tally *t = &a->span->get_sample(&a->l->series, ago)->way[way];
		double sum = bits ? 8 * (double)t->bytes : (double)t->packets;

		json_num(j, NULL, sum / a->span->sample_seconds);
	}
	json_close(j, ']');
}

static void
series_add_columns(struct json *j, const struct series_answer *a)
{
	static const struct {
		const char *name;
		uint8_t way;
		bool bits;
	} columns[] = {
		{ "bps_in", WAY_IN, true },
		{ "bps_out", WAY_OUT, true },
		{ "bps_other", WAY_OTHER, true },
		{ "pps_in", WAY_IN, false },
		{ "pps_out", WAY_OUT, false },
		{ "pps_other", WAY_OTHER, false },
	};

	series_add_times(j, a);
	for (unsigned i = 0; i < NITEMS(columns); i++)
		series_add_column(j, columns[i].name, a, columns[i].way, columns[i].bits);
}

/* Before the first packet there are no samples. */
static const struct series_answer nothing = { .newest = 1, .oldest = 0 };

void
serve_series(struct exchange *x)
{
	struct series_answer a = { .l = x->server->feed->ledger,
		.span = series_find_span(x->span != NULL ? x->span : "10m") };
	struct json j;

	if (a.span == NULL) {
		exchange_fail(x, 400, "span: must be 1m, 10m, 1h or 1d");
		return;
	}
	series_find_samples(&a);
	if (a.span->get_sample(&a.l->series, a.newest) == NULL) {
		a.newest = nothing.newest;
		a.oldest = nothing.oldest;
	}
	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_str(&j, "span", a.span->name);
	json_u64(&j, "step", a.span->sample_seconds);
	series_add_columns(&j, &a);
	json_close(&j, '}');
	exchange_send_json(x, 200);
}
