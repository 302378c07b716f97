#include "config.h"

#include "core/victim.h"

#include "util/attr.h"
#include "util/pages.h"

/* How many records further on are fetched. */
#define FETCH_AHEAD 64

void
victims_init(struct victims *v, uint32_t rows)
{
	*v = (struct victims){ .of = pages_new(rows * sizeof(*v->of)) };
}

void
victims_fini(struct victims *v)
{
	pages_del(v->of);
	v->of = NULL;
}

/* The least claim on record in the window that begins at `at`, which moves behind it. */
static uint32_t
least(const struct victims *v, uint32_t used, uint32_t *at)
{
	uint32_t begin = *at < used ? *at : 0, n = VICTIM_WINDOW, best = begin;

	/* The last window is a short one. */
	if (used - begin < n)
		n = used - begin;
	for (uint32_t i = begin + 1; i < begin + n; i++)
		if (v->of[i].claim < v->of[best].claim)
			best = i;
	*at = begin + n;
	return best;
}

uint32_t
victims_choose(struct victims *v, uint32_t used, const void *table, claim_fn *claim)
{
	uint32_t begin = v->hand, row, now;

	/* Each row that claims more than was known is asked once. */
	for (;;) {
		v->hand = begin;
		row = least(v, used, &v->hand);
		now = claim(table, row);
		if (now <= v->of[row].claim)
			return row;
		v->of[row].claim = now;
	}
}

uint32_t
victims_peek(const struct victims *v, uint32_t used, uint32_t ahead)
{
	uint32_t at = v->hand + ahead * VICTIM_WINDOW;

	if (at >= used)
		at = (at - used) % used;
	PREFETCH(&v->of[at + FETCH_AHEAD < used ? at + FETCH_AHEAD : 0]);
	return least(v, used, &at);
}

uint8_t
claim_weight(uint64_t packets)
{
	uint8_t bits = 0;

	while (packets >>= 1)
		bits++;
	return bits;
}
