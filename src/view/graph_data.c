#include "config.h"

#include "view/summary.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"

const struct graph_span graph_spans[] = {
	{ "1m", "1 minute", 60, 1, series_second },
	{ "10m", "10 minutes", 600, 1, series_second },
	{ "1h", "1 hour", 3600, 1, series_second },
	{ "1d", "1 day", 1440, 60, series_minute },
};

const unsigned n_graph_spans = NITEMS(graph_spans);

/* The mean of n samples, the newest of which is `ago` back. False if there are none. */
static bool
graph_data_fill_column(struct graph_data *t, unsigned at, const struct time_series *s,
    const struct graph_span *span, uint64_t ago, uint64_t n)
{
	struct sample sum = { 0 };
	unsigned known = 0;

	for (uint64_t i = 0; i < n; i++) {
		const struct sample *sample = span->get_sample(s, ago + i);

		if (sample == NULL)
			continue;
		for (int way = 0; way < SERIES_WAYS; way++)
			tally_add(&sum.way[way], sample->way[way].packets, sample->way[way].bytes);
		known += span->sample_seconds;
	}
	for (int way = 0; known > 0 && way < SERIES_WAYS; way++) {
		t->byte_rate[way][at] = (double)sum.way[way].bytes / known;
		t->packet_rate[way][at] = (double)sum.way[way].packets / known;
	}
	return known > 0;
}

void
samples_reverse(double *v, unsigned n)
{
	for (unsigned i = 0; i < n / 2; i++) {
		double x = v[i];

		v[i] = v[n - 1 - i];
		v[n - 1 - i] = x;
	}
}

/*
 * Columns start at multiples of their length, so that a column keeps its value while it moves left;
 * only the newest may be shorter.  An incomplete sample is left out.
 */
void
graph_data_update(
    struct graph_data *t, const struct ledger *l, unsigned span, unsigned width, uint64_t before)
{
	const struct time_series *s = &l->series;
	const struct graph_span *sp = &graph_spans[span];
	uint64_t ago = before / sp->sample_seconds + (before == 0 && ledger_is_live(l)), step, n;

	assert(span < n_graph_spans);
	if (width > SUMMARY_SAMPLES)
		width = SUMMARY_SAMPLES;
	if (width == 0)
		width = 1;
	step = (sp->n_samples + width - 1) / width;
	*t = (struct graph_data){ .max_columns = (unsigned)((sp->n_samples + step - 1) / step) };
	t->column_cells = width / t->max_columns > 0 ? width / t->max_columns : 1;
	t->has_direction = l->way_total[WAY_IN].packets != 0 || l->way_total[WAY_OUT].packets != 0;
	t->has_other = l->way_total[WAY_OTHER].packets != 0;
	t->bursts = burst_max_final(&l->burst);
	if (series_is_empty(s) || s->second < ago)
		return;
	n = (s->second / sp->sample_seconds + 1 - ago) % step;
	if (n == 0)
		n = step;
	for (; t->n_columns < t->max_columns &&
	     graph_data_fill_column(t, t->n_columns, s, sp, ago, n);
	     t->n_columns++) {
		ago += n;
		n = step;
	}
	for (int way = 0; way < SERIES_WAYS; way++) {
		samples_reverse(t->byte_rate[way], t->n_columns);
		samples_reverse(t->packet_rate[way], t->n_columns);
	}
}
