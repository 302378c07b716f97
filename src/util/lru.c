#include "config.h"

#include "util/table.h"

#include <assert.h>

#include "util/alloc.h"

/* How many entries ahead are prefetched. */
#define FETCH_AHEAD 64

void
lru_init(struct lru *v, uint32_t rows)
{
	assert(rows > 0);
	*v = (struct lru){ .entry = pages_new(rows * sizeof(*v->entry)) };
}

void
lru_fini(struct lru *v)
{
	pages_del(v->entry);
	v->entry = NULL;
}

static inline uint64_t
lru_min(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/*
 * Finds the lowest cached score in the window.  Score and row are compared as one number, without
 * branches, because the comparison cannot be predicted.
 */
static inline void
lru_scan_window(const struct lru *v, struct lru_window *w)
{
	uint64_t best = UINT64_MAX;

	if (LIKELY(w->end - w->begin == LRU_WINDOW))
		for (uint32_t i = w->begin; i < w->begin + LRU_WINDOW; i++)
			best = lru_min(best, (uint64_t)v->entry[i].score << 32 | i);
	else
		for (uint32_t i = w->begin; i < w->end; i++)
			best = lru_min(best, (uint64_t)v->entry[i].score << 32 | i);
	w->row = (uint32_t)best;
	w->score = (uint32_t)(best >> 32);
}

/* Replaces a used window by the next one of the table. */
static void
lru_next_window(struct lru *v, uint32_t used, struct lru_window *w)
{
	uint32_t begin = v->clock_hand < used ? v->clock_hand : 0;

	/* The last window may be shorter. */
	w->begin = begin;
	w->end = used - begin < LRU_WINDOW ? used : begin + LRU_WINDOW;
	v->clock_hand = w->end;
	lru_scan_window(v, w);
	PREFETCH(&v->entry[w->end + FETCH_AHEAD < used ? w->end + FETCH_AHEAD : 0]);
}

uint32_t
lru_choose(struct lru *v, uint32_t used, const void *owner, lru_score_fn *score)
{
	struct lru_window *place = &v->window[v->next_window++ % LRU_AHEAD], w;
	uint32_t now;

	for (; v->n_prefetched < LRU_AHEAD; v->n_prefetched++)
		lru_next_window(v, used, &v->window[v->n_prefetched]);
	w = *place;
	lru_next_window(v, used, place);
	if (UNLIKELY(v->entry[w.row].score != w.score))
		lru_scan_window(v, &w);
	/* A row whose score has increased is updated, and the window is scanned again. */
	while ((now = score(owner, w.row)) > w.score) {
		v->entry[w.row].score = now;
		lru_scan_window(v, &w);
	}
	return w.row;
}
