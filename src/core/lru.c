#include "config.h"

#include "core/lru.h"

#include "core/meter.h"
#include "util/attr.h"
#include "util/index.h"
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

static inline uint64_t
lesser(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/*
 * Looks for the least claim on record in the window.  Claim and row are compared as one number:
 * which claim is less nobody can foretell, so nothing branches on it.
 */
static inline void
look(const struct victims *v, struct victim_window *w)
{
	uint64_t best = UINT64_MAX;

	if (LIKELY(w->end - w->begin == VICTIM_WINDOW))
		for (uint32_t i = w->begin; i < w->begin + VICTIM_WINDOW; i++)
			best = lesser(best, (uint64_t)v->of[i].claim << 32 | i);
	else
		for (uint32_t i = w->begin; i < w->end; i++)
			best = lesser(best, (uint64_t)v->of[i].claim << 32 | i);
	w->row = (uint32_t)best;
	w->claim = (uint32_t)(best >> 32);
}

/* The next window of the table comes into the place of one that is done. */
static void
look_further(struct victims *v, uint32_t used, struct victim_window *w)
{
	uint32_t begin = v->hand < used ? v->hand : 0;

	/* The last window is a short one. */
	w->begin = begin;
	w->end = used - begin < VICTIM_WINDOW ? used : begin + VICTIM_WINDOW;
	v->hand = w->end;
	look(v, w);
	PREFETCH(&v->of[w->end + FETCH_AHEAD < used ? w->end + FETCH_AHEAD : 0]);
}

uint32_t
victims_choose(struct victims *v, uint32_t used, const void *table, claim_fn *claim)
{
	struct victim_window *place = &v->window[v->next++ % VICTIMS_AHEAD], w;
	uint32_t now;

	for (; v->looked < VICTIMS_AHEAD; v->looked++)
		look_further(v, used, &v->window[v->looked]);
	w = *place;
	look_further(v, used, place);
	if (UNLIKELY(v->of[w.row].claim != w.claim))
		look(v, &w);
	/* Each row that claims more than was known is asked once. */
	while ((now = claim(table, w.row)) > w.claim) {
		v->of[w.row].claim = now;
		look(v, &w);
	}
	return w.row;
}

bool
victims_grow(const struct victims *v, struct index *x, uint32_t used, uint32_t *max, uint32_t most)
{
	if (*max >= most)
		return false;
	index_double(x);
	for (uint32_t row = 0; row < used; row++)
		index_add(x, v->of[row].hash, row);
	*max = index_capacity(x) < most ? index_capacity(x) : most;
	return true;
}

uint32_t
claim_heavy(const struct tally *row, const struct tally *all)
{
	bool heavy = row->packets >= all->packets / CLAIM_HEAVY_PART ||
	    row->bytes >= all->bytes / CLAIM_HEAVY_PART;

	return heavy ? CLAIM_HEAVY : 0;
}

uint8_t
claim_weight(uint64_t packets)
{
	uint8_t bits = 0;

	while (packets >>= 1)
		bits++;
	return bits;
}
