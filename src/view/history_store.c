#include "config.h"

#include "view/history_store.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "util/delta.h"
#include "util/die.h"
#include "view/history_rows.h"

#define NS_PER_S    UINT64_C(1000000000)
#define BLOCK       ((size_t)1 << 16)
#define PLAIN       ((size_t)48 << 10) /* most bytes of an unpacked picture */
#define COARSE      (10 * NS_PER_S)
#define COARSE_PART 3 /* of the memory */

#define SUMMARY_BYTES offsetof(struct summary, spark)
#define NUMBERS_BYTES (SUMMARY_BYTES + sizeof(struct pane))

/* Headers of a packed picture, and of the rows of each view in an unpacked one. */
struct head {
	uint64_t at;
	uint32_t n; /* bytes that follow */
};
struct section {
	uint32_t view, rows, n;
};

/* Pictures that are delta-encoded: reading one needs all before it in the block. */
struct block {
	uint32_t used, pictures;
	uint64_t first, last;
	uint8_t bytes[BLOCK - 24];
};

struct tier {
	struct block *block;
	unsigned n, newest; /* the oldest is the next one */
	uint64_t every;     /* ns between pictures at least */
	uint8_t *plain;     /* the last picture */
	size_t n_plain;
};

struct past {
	struct tier tier[2]; /* every picture, and one of each COARSE */
	uint8_t *making;     /* a picture, plain */
	size_t n_making;
	uint64_t at;       /* its moment */
	uint8_t *taken[2]; /* buffers to unpack into, used in turn */
};

static void
tier_init(struct tier *t, size_t memory, uint64_t every)
{
	t->n = (unsigned)(memory / sizeof(struct block));
	t->every = every;
	/* Pages that are never written take no memory. */
	t->block = xcalloc(t->n, sizeof(*t->block));
	t->plain = xcalloc(1, PLAIN);
}

struct past *
past_new(size_t memory)
{
	struct past *p = xcalloc(1, sizeof(*p));

	assert(memory >= PAST_LEAST);
	tier_init(&p->tier[0], memory - memory / COARSE_PART, 0);
	tier_init(&p->tier[1], memory / COARSE_PART, COARSE);
	p->making = xcalloc(1, PLAIN);
	p->taken[0] = xcalloc(1, PLAIN);
	p->taken[1] = xcalloc(1, PLAIN);
	return p;
}

void
past_del(struct past *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		free(p->tier[i].block);
		free(p->tier[i].plain);
	}
	free(p->making);
	free(p->taken[0]);
	free(p->taken[1]);
	free(p);
}

void
past_clear(struct past *p)
{
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		struct tier *t = &p->tier[i];

		for (unsigned b = 0; b < t->n; b++)
			t->block[b].pictures = t->block[b].used = 0;
		t->n_plain = 0;
	}
}

void
past_begin(struct past *p, uint64_t at, const struct summary *m, const struct pane *pane)
{
	p->at = at;
	memcpy(p->making, m, SUMMARY_BYTES);
	memcpy(p->making + SUMMARY_BYTES, pane, sizeof(*pane));
	p->n_making = NUMBERS_BYTES;
}

void
past_add(struct past *p, unsigned view, const struct list *l)
{
	struct section s = { .view = view };
	size_t begin = p->n_making, at = begin + sizeof(s);

	if (at >= PLAIN)
		return;
	at += pastrow_put(p->making + at, PLAIN - at, l, views[view]->n_cols, &s.rows);
	if (s.rows == 0)
		return;
	s.n = (uint32_t)(at - begin - sizeof(s));
	memcpy(p->making + begin, &s, sizeof(s));
	p->n_making = at;
}

/* Appends a picture to a block.  False if there is no room. */
static bool
append(struct block *b, uint64_t at, const uint8_t *before, size_t n_before, const uint8_t *s,
    size_t n)
{
	struct head h = { .at = at };
	size_t room = sizeof(b->bytes) - b->used, packed;

	if (room <= sizeof(h))
		return false;
	packed =
	    delta_encode(before, n_before, s, n, b->bytes + b->used + sizeof(h), room - sizeof(h));
	if (packed == 0)
		return false;
	h.n = (uint32_t)packed;
	memcpy(b->bytes + b->used, &h, sizeof(h));
	b->used += (uint32_t)(sizeof(h) + packed);
	if (b->pictures++ == 0)
		b->first = at;
	b->last = at;
	return true;
}

static void
keep(struct tier *t, uint64_t at, const uint8_t *s, size_t n)
{
	struct block *b = &t->block[t->newest];

	if (b->pictures > 0 && at < b->last + t->every)
		return;
	if (b->pictures == 0 || !append(b, at, t->plain, t->n_plain, s, n)) {
		if (b->pictures > 0)
			t->newest = (t->newest + 1) % t->n;
		b = &t->block[t->newest];
		b->used = b->pictures = 0;
		if (!append(b, at, NULL, 0, s, n))
			return;
	}
	memcpy(t->plain, s, n);
	t->n_plain = n;
}

void
past_end(struct past *p)
{
	for (unsigned i = 0; i < NITEMS(p->tier); i++)
		keep(&p->tier[i], p->at, p->making, p->n_making);
}

static struct head
head_at(const struct block *b, uint32_t at)
{
	struct head h;

	memcpy(&h, b->bytes + at, sizeof(h));
	return h;
}

/* The time of the last picture in a block that is not after `at`. */
static uint64_t
last_before(const struct block *b, uint64_t at)
{
	uint64_t found = b->first;

	for (uint32_t i = 0; i < b->used;) {
		struct head h = head_at(b, i);

		if (h.at > at)
			break;
		found = h.at;
		i += (uint32_t)sizeof(h) + h.n;
	}
	return found;
}

bool
past_find(const struct past *p, uint64_t at, uint64_t *found)
{
	uint64_t first = UINT64_MAX, best = 0;
	bool any = false, before = false;

	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		const struct tier *t = &p->tier[i];

		for (unsigned k = 0; k < t->n; k++) {
			const struct block *b = &t->block[k];
			uint64_t last;

			if (b->pictures == 0)
				continue;
			any = true;
			first = b->first < first ? b->first : first;
			if (b->first > at)
				continue;
			last = last_before(b, at);
			best = !before || last > best ? last : best;
			before = true;
		}
	}
	*found = before ? best : first;
	return any;
}

struct past_extent
past_extent(const struct past *p)
{
	struct past_extent e = { .first = UINT64_MAX };

	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		for (unsigned k = 0; k < p->tier[i].n; k++) {
			const struct block *b = &p->tier[i].block[k];

			if (b->pictures == 0)
				continue;
			e.pictures += b->pictures;
			e.bytes += b->used;
			e.first = b->first < e.first ? b->first : e.first;
			e.last = b->last > e.last ? b->last : e.last;
		}
	}
	return e;
}

/* Unpacks all pictures of a block up to the one at `at`. NULL if there is none. */
static const uint8_t *
take(struct past *p, const struct block *b, uint64_t at, size_t *n)
{
	unsigned turn = 0;

	*n = 0;
	for (uint32_t i = 0; i < b->used; turn = !turn) {
		struct head h = head_at(b, i);

		*n = delta_decode(
		    p->taken[!turn], *n, b->bytes + i + sizeof(h), h.n, p->taken[turn], PLAIN);
		if (*n == 0 || h.at > at)
			return NULL;
		if (h.at == at)
			return p->taken[turn];
		i += (uint32_t)sizeof(h) + h.n;
	}
	return NULL;
}

static const uint8_t *
find_picture(struct past *p, uint64_t at, size_t *n)
{
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		for (unsigned k = 0; k < p->tier[i].n; k++) {
			const struct block *b = &p->tier[i].block[k];
			const uint8_t *s;

			if (b->pictures == 0 || at < b->first || at > b->last)
				continue;
			if ((s = take(p, b, at, n)) != NULL)
				return s;
		}
	}
	return NULL;
}

/* Fills in the rows of a section that the filter takes. */
static void
load_rows(const uint8_t *s, const struct section *sec, const struct past_wish *w, struct list *l)
{
	const struct view *v = views[w->view];
	struct list_row *row = xcalloc(sec->rows, sizeof(*row));
	struct value *cells = xcalloc((size_t)sec->rows * v->n_cols, sizeof(*cells));
	bool right = pastrow_get(s, sec->n, row, cells, sec->rows, v->n_cols);

	list_begin_rows(l, v, sec->rows);
	for (uint32_t i = 0; right && i < sec->rows; i++)
		if (row[i].other ? filter_is_all(w->filter)
				 : filter_takes_cells(w->filter, v, row[i].cell))
			list_add_row(l, &row[i]);
	list_end_rows(l, w->as_was ? -1 : (int)w->column, w->desc);
	free(cells);
	free(row);
}

bool
past_load(struct past *p, uint64_t at, const struct past_wish *w, struct list *l, struct summary *m,
    struct pane *pane)
{
	size_t n, i = NUMBERS_BYTES;
	const uint8_t *s = find_picture(p, at, &n);
	struct section sec;

	list_begin_rows(l, views[w->view], 0);
	list_end_rows(l, -1, false);
	if (s == NULL || n < NUMBERS_BYTES)
		return false;
	memcpy(m, s, SUMMARY_BYTES);
	memcpy(pane, s + SUMMARY_BYTES, sizeof(*pane));
	for (; i + sizeof(sec) <= n; i += sizeof(sec) + sec.n) {
		memcpy(&sec, s + i, sizeof(sec));
		if (sec.n > n - i - sizeof(sec))
			return false;
		if (sec.view != w->view)
			continue;
		load_rows(s + i + sizeof(sec), &sec, w, l);
		return true;
	}
	return false;
}
