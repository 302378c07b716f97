#include "config.h"

#include "export/flow_log.h"

#include <math.h>

void
spread_add(struct spread *s, uint64_t x)
{
	double off = (double)x - s->mean;

	s->n++;
	s->min = s->n == 1 || x < s->min ? x : s->min;
	s->max = x > s->max ? x : s->max;
	s->mean += off / (double)s->n;
	s->squares += off * ((double)x - s->mean);
}

double
spread_deviation(const struct spread *s)
{
	return s->n > 0 ? sqrt(s->squares / (double)s->n) : 0;
}
