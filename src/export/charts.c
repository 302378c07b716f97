#include "config.h"

#include "export/draw.h"

#include <math.h>
#include <stdlib.h>

#include "util/text.h"

#define NS    UINT64_C(1000000000)
#define BLUE  0x2f6fb3
#define AMBER 0xe08a1e
#define GREY  0x8a8a8a

#define LABELS 8 /* maximum on the time axis */

#define UPPER_PART 0.55 /* of the height of a drawing with two charts */

static void
charts_range_text(struct buf *b, const struct size_range *r)
{
	if (r->to == UINT32_MAX)
		buf_addf(b, "%u+", r->from);
	else
		buf_addf(b, "%u-%u", r->from, r->to);
}

/* If the counts differ by more than this factor, the scale is logarithmic, to show the small
 * ones. */
#define FAR_APART 100

struct extremes {
	uint64_t least, most; /* of non-zero counts */
};

static struct extremes
charts_size_extremes(const struct ledger *l)
{
	struct extremes e = { UINT64_MAX, 0 };

	for (unsigned i = 0; i < n_size_ranges; i++) {
		uint64_t n = sizes_in(&l->sizes, &size_ranges[i]);

		e.most = n > e.most ? n : e.most;
		e.least = n != 0 && n < e.least ? n : e.least;
	}
	return e;
}

/* Prints the count on each non-zero bar, so that a small one is visible. */
static void
charts_draw_bar(const struct chart *c, double middle, double width, uint64_t n)
{
	double y = chart_y(c, (double)n);
	char text[16];
	struct buf b;

	if (n == 0)
		return;
	buf_init(&b, text, sizeof(text));
	fmt_scaled(&b, (double)n, FMT_SI);
	if (c->bottom - y < 1)
		y = c->bottom - 1;
	c->drawing->ops->box(c->drawing, middle - width / 2, y, width, c->bottom - y, BLUE);
	c->drawing->ops->text(c->drawing, middle, y - 5, DRAW_MIDDLE, 11, CHART_TEXT, text);
}

void
charts_sizes(struct drawing *s, const struct ledger *l)
{
	struct extremes e = charts_size_extremes(l);
	bool far_apart = e.most / FAR_APART > e.least;
	struct chart_frame f = {
		.title = "Packet sizes",
		.y_name = far_apart ? "packets, by powers of ten" : "packets",
		.x_name = "bytes on the link",
		.scale = far_apart ? CHART_LOG : CHART_WHOLE,
		.max = (double)e.most,
		.y_to = s->height,
	};
	struct chart c;
	double step;

	chart_init(&c, s, &f);
	step = (c.right - c.left) / n_size_ranges;
	for (unsigned i = 0; i < n_size_ranges; i++) {
		double middle = c.left + step * (i + 0.5);
		char text[32];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		charts_range_text(&b, &size_ranges[i]);
		chart_x_label(&c, middle, text);
		charts_draw_bar(&c, middle, step * 0.7, sizes_in(&l->sizes, &size_ranges[i]));
	}
	if (l->totals.all.packets == 0)
		chart_empty(&c, "no packets");
}

void
charts_sizes_csv(struct csv *c, const struct ledger *l)
{
	for (unsigned i = 0; i < n_size_ranges; i++) {
		csv_u64(c, size_ranges[i].from);
		if (size_ranges[i].to == UINT32_MAX)
			csv_empty(c);
		else
			csv_u64(c, size_ranges[i].to);
		csv_u64(c, sizes_in(&l->sizes, &size_ranges[i]));
		csv_end_line(c);
	}
}

/* The displayed part of one of the ledger's two series: the finer one that covers the whole
 * time. */
struct span {
	const struct time_series *series;
	bool minutes;
	uint64_t n;     /* samples */
	uint64_t first; /* s since the epoch: start of the oldest one */
};

static struct span
charts_span(const struct ledger *l)
{
	const struct time_series *s = &l->series;
	struct span sp = { .series = s };
	uint64_t unit;

	if (series_is_empty(s))
		return sp;
	sp.minutes = s->second - s->oldest >= SERIES_SECONDS;
	unit = sp.minutes ? 60 : 1;
	sp.n = s->second / unit - s->oldest / unit + 1;
	if (sp.minutes && sp.n > SERIES_MINUTES)
		sp.n = SERIES_MINUTES;
	sp.first = ledger_wall_time(l, (s->second / unit - (sp.n - 1)) * unit * NS) / NS;
	return sp;
}

/* Sample i of the span; 0 is the oldest. */
static const struct sample *
charts_sample_at(const struct span *sp, uint64_t i)
{
	uint64_t ago = sp->n - 1 - i;

	return sp->minutes ? series_minute(sp->series, ago) : series_second(sp->series, ago);
}

/* The drawn value of a sample. */
typedef double measure(const struct tally *t);

static double
charts_bits_of(const struct tally *t)
{
	return (double)t->bytes * 8;
}

static double
charts_packets_of(const struct tally *t)
{
	return (double)t->packets;
}

/* Per second. */
static double
charts_rate_at(const struct span *sp, measure *of, uint64_t i, int way)
{
	return of(&charts_sample_at(sp, i)->way[way]) / (sp->minutes ? 60 : 1);
}

static double
charts_max_rate(const struct span *sp, measure *of)
{
	double most = 0;

	for (uint64_t i = 0; i < sp->n; i++)
		for (int way = 0; way < SERIES_WAYS; way++)
			most = fmax(most, charts_rate_at(sp, of, i, way));
	return most;
}

/* Draws each sample as a step of its own width, so that a single one is visible. */
static void
charts_draw_way(const struct chart *c, const struct span *sp, measure *of, int way, uint32_t color)
{
	struct draw_point *at = calloc(2 * (size_t)sp->n, sizeof(*at));
	double step = (c->right - c->left) / (double)sp->n;
	bool some = false;

	if (at == NULL)
		return;
	for (uint64_t i = 0; i < sp->n; i++) {
		double rate = charts_rate_at(sp, of, i, way), y = chart_y(c, rate);

		some = some || rate > 0;
		at[2 * i] = (struct draw_point){ c->left + step * (double)i, y };
		at[2 * i + 1] = (struct draw_point){ c->left + step * (double)(i + 1), y };
	}
	if (some)
		c->drawing->ops->path(c->drawing, at, (unsigned)(2 * sp->n), false, color);
	free(at);
}

/* The interval between labels: a round number of seconds, for at most LABELS of them. */
static uint64_t
charts_label_step(uint64_t seconds)
{
	static const uint64_t steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
		7200, 10800, 14400 };
	unsigned i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) && seconds / steps[i] > LABELS)
		i++;
	return steps[i];
}

static void
charts_draw_times(const struct chart *c, const struct span *sp)
{
	uint64_t all = sp->n * (sp->minutes ? 60 : 1), step = charts_label_step(all);
	uint64_t at = (sp->first + step - 1) / step * step;

	for (; at <= sp->first + all; at += step) {
		double x = c->left + (c->right - c->left) * (double)(at - sp->first) / (double)all;
		char text[16];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		buf_addf(&b, "%02u:%02u", (unsigned)(at / 3600 % 24), (unsigned)(at / 60 % 60));
		if (step < 60)
			buf_addf(&b, ":%02u", (unsigned)(at % 60));
		chart_x_label(c, x, text);
	}
}

static void
charts_draw_rates(struct drawing *s, const struct span *sp, struct chart_frame *f, measure *of)
{
	struct chart c;

	f->max = charts_max_rate(sp, of);
	chart_init(&c, s, f);
	if (sp->n == 0) {
		chart_empty(&c, "no packets");
		return;
	}
	if (f->title != NULL) {
		chart_legend(&c, 2, BLUE, "in");
		chart_legend(&c, 1, AMBER, "out");
		chart_legend(&c, 0, GREY, "other");
	}
	charts_draw_way(&c, sp, of, WAY_OTHER, GREY);
	charts_draw_way(&c, sp, of, WAY_OUT, AMBER);
	charts_draw_way(&c, sp, of, WAY_IN, BLUE);
	charts_draw_times(&c, sp);
}

/* Bits above, packets below, on the same time axis. */
void
charts_traffic(struct drawing *s, const struct ledger *l)
{
	struct span sp = charts_span(l);
	char text[64] = "time (UTC)", date[32];
	double middle = s->height * UPPER_PART;
	struct chart_frame bits = {
		.title = "Traffic over time", .y_name = "bits per second", .y_to = middle
	};
	struct chart_frame packets = {
		.y_name = "packets per second", .x_name = text, .y_from = middle, .y_to = s->height
	};
	struct buf b, day;

	buf_init(&b, text, sizeof(text));
	buf_init(&day, date, sizeof(date));
	if (sp.n > 0) {
		fmt_rfc3339(&day, sp.first * NS, 0);
		buf_setf(&b, "time (UTC), from %.10s %.8s on", date, date + 11);
	}
	charts_draw_rates(s, &sp, &bits, charts_bits_of);
	charts_draw_rates(s, &sp, &packets, charts_packets_of);
}

void
charts_traffic_csv(struct csv *c, const struct ledger *l)
{
	struct span sp = charts_span(l);

	for (uint64_t i = 0; i < sp.n; i++) {
		const struct sample *s = charts_sample_at(&sp, i);

		csv_time(c, (sp.first + i * (sp.minutes ? 60 : 1)) * NS);
		csv_u64(c, sp.minutes ? 60 : 1);
		for (int way = 0; way < SERIES_WAYS; way++) {
			csv_u64(c, s->way[way].packets);
			csv_u64(c, s->way[way].bytes);
		}
		csv_end_line(c);
	}
}
