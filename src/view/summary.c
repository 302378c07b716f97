#include "config.h"

#include "view/summary.h"

#include <string.h>

#include "view/columns.h"

#define RECENT 10 /* s */

/* Adds packets and bytes a second over that many seconds, the newest of which is `ago` back. */
static bool
summary_add_sample(struct summary *m, const struct time_series *s, uint64_t ago, uint64_t seconds)
{
	struct tally sum = { 0, 0 };
	unsigned known = 0;

	for (uint64_t i = 0; i < seconds; i++) {
		const struct sample *sample = series_second(s, ago + i);
		struct tally one;

		if (sample == NULL)
			continue;
		one = series_sample_sum(sample);
		tally_add(&sum, one.packets, one.bytes);
		known++;
	}
	if (known == 0)
		return false;
	m->packet_sample[m->n_samples] = (double)sum.packets / known;
	m->byte_sample[m->n_samples++] = (double)sum.bytes / known;
	return true;
}

/*
 * Steps begin at whole multiples of SUMMARY_STEP, so that a sample keeps its value while it moves
 * to the left; only the newest one may be over less.
 */
void
summary_update_samples(struct summary *m, const struct ledger *l, unsigned samples, uint64_t before)
{
	const struct time_series *s = &l->series;
	uint64_t ago = before + (before == 0 && ledger_is_live(l));
	uint64_t seconds = (s->second + 1 - ago) % SUMMARY_STEP;

	m->n_samples = 0;
	if (series_is_empty(s) || s->second < ago)
		return;
	if (samples > SUMMARY_SAMPLES)
		samples = SUMMARY_SAMPLES;
	if (seconds == 0)
		seconds = SUMMARY_STEP;
	while (m->n_samples < samples && summary_add_sample(m, s, ago, seconds)) {
		ago += seconds;
		seconds = SUMMARY_STEP;
	}
	samples_reverse(m->packet_sample, m->n_samples);
	samples_reverse(m->byte_sample, m->n_samples);
}

double
summary_burst_rate(const struct bursts *b, enum burst_window w, enum burst_kind k)
{
	return (double)b->bytes[w][k] * 1000 / burst_ms[w];
}

/* The highest burst: of the last seconds if rates are live, so that it stays readable, else of
 * all. */
static double
summary_recent_burst(const struct scope *s)
{
	const struct burst *b = &s->ledger->burst;
	struct bursts most = s->whole_time ? burst_max_final(b) : burst_max_recent(b, RECENT);

	return summary_burst_rate(&most, BURST_10MS, BURST_ALL);
}

void
summary_update(struct summary *m, const struct scope *s, unsigned samples)
{
	const struct ledger *l = s->ledger;
	const struct baseline *z = scope_baseline(s);
	const struct tally *way = l->way_total;
	double seconds = scope_seconds(s);

	memset(m, 0, sizeof(*m));
	m->rates_known = seconds > 0;
	m->has_direction = way[WAY_IN].packets != 0 || way[WAY_OUT].packets != 0;
	m->has_other = way[WAY_OTHER].packets != 0;
	m->total = scope_all_traffic(s);
	m->since = z != NULL ? z->at : 0;
	m->burst_rate = summary_recent_burst(s);
	for (int i = 0; i < SERIES_WAYS && m->rates_known; i++) {
		struct tally t = scope_rate_tally(s, &l->way[i], 0);

		m->byte_rate[i] = (double)t.bytes / seconds;
		m->packet_rate += (double)t.packets / seconds;
	}
	/* The newest second is not whole yet. */
	if (m->burst_rate < summary_total_rate(m))
		m->burst_rate = summary_total_rate(m);
	summary_update_samples(m, l, samples, 0);
}

double
summary_total_rate(const struct summary *m)
{
	double sum = 0;

	for (int i = 0; i < SERIES_WAYS; i++)
		sum += m->byte_rate[i];
	return sum;
}
