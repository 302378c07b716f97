#include "config.h"

#include "view/graph_data.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"
#include "view/summary.h"

const struct trend_span trend_spans[] = {
	{ "1m", "1 minute", 60, 1, series_second },
	{ "10m", "10 minutes", 600, 1, series_second },
	{ "1h", "1 hour", 3600, 1, series_second },
	{ "1d", "1 day", 1440, 60, series_minute },
};

const unsigned n_trend_spans = NITEMS(trend_spans);

/* The mean of n samples, the newest of which is `ago` back. False if there are none. */
static bool
take_column(struct trend *t, unsigned at, const struct time_series *s,
    const struct trend_span *span, uint64_t ago, uint64_t n)
{
	struct sample sum = { 0 };
	unsigned known = 0;

	for (uint64_t i = 0; i < n; i++) {
		const struct sample *sample = span->sample(s, ago + i);

		if (sample == NULL)
			continue;
		for (int way = 0; way < SERIES_WAYS; way++)
			tally_add(&sum.way[way], sample->way[way].packets, sample->way[way].bytes);
		known += span->seconds;
	}
	for (int way = 0; known > 0 && way < SERIES_WAYS; way++) {
		t->bytes[way][at] = (double)sum.way[way].bytes / known;
		t->packets[way][at] = (double)sum.way[way].packets / known;
	}
	return known > 0;
}

static void
reverse(double *v, unsigned n)
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
trend_take(struct trend *t, const struct ledger *l, unsigned span, unsigned width, uint64_t before)
{
	const struct time_series *s = &l->series;
	const struct trend_span *sp = &trend_spans[span];
	uint64_t ago = before / sp->seconds + (before == 0 && summary_goes_on(l)), step, n;

	assert(span < n_trend_spans);
	if (width > SUMMARY_SAMPLES)
		width = SUMMARY_SAMPLES;
	if (width == 0)
		width = 1;
	step = (sp->samples + width - 1) / width;
	*t = (struct trend){ .columns = (unsigned)((sp->samples + step - 1) / step) };
	t->cells = width / t->columns > 0 ? width / t->columns : 1;
	t->directed = l->way_total[WAY_IN].packets != 0 || l->way_total[WAY_OUT].packets != 0;
	t->other = l->way_total[WAY_OTHER].packets != 0;
	t->bursts = burst_max_final(&l->burst);
	if (series_is_empty(s) || s->second < ago)
		return;
	n = (s->second / sp->seconds + 1 - ago) % step;
	if (n == 0)
		n = step;
	for (; t->n < t->columns && take_column(t, t->n, s, sp, ago, n); t->n++) {
		ago += n;
		n = step;
	}
	for (int way = 0; way < SERIES_WAYS; way++) {
		reverse(t->bytes[way], t->n);
		reverse(t->packets[way], t->n);
	}
}
