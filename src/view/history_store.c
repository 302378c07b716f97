#include "config.h"

#include "view/history_store.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "util/number.h"
#include "view/private.h"

#define NS_PER_S        UINT64_C(1000000000)
#define BLOCK_BYTES     ((size_t)1 << 16)
#define ENTRY_MAX       ((size_t)48 << 10) /* most bytes of an unpacked picture */
#define COARSE_GAP_NS   (10 * NS_PER_S)
#define COARSE_FRACTION 3 /* of the memory */

/* Headers of a packed picture, and of the rows of each view in an unpacked one. */
struct history_entry {
	uint64_t at;
	uint32_t n; /* bytes that follow */
};
struct history_section {
	uint32_t view, rows, n;
};

/* Pictures that are delta-encoded: reading one needs all before it in the block. */
struct history_block {
	uint32_t used, n_entries;
	uint64_t first, last;
	uint8_t bytes[BLOCK_BYTES - 24];
};

struct history_tier {
	struct history_block *block;
	unsigned n_blocks, newest_block; /* the oldest is the next one */
	uint64_t min_gap_ns;             /* ns between pictures at least */
	uint8_t *last_entry;             /* the last picture */
	size_t last_entry_len;
};

struct history_store {
	struct history_tier tier[2]; /* every picture, and one of each COARSE_GAP_NS */
	uint8_t *entry;              /* a picture, plain */
	size_t entry_len;
	uint64_t entry_time;                 /* its moment */
	uint8_t *unpacked[2];                /* buffers to unpack into, used in turn */
	const struct history_source *source; /* of the pictures of a file, or NULL */
};

struct history_store *
history_store_new_from(const struct history_source *source)
{
	struct history_store *p = history_store_new(HISTORY_MIN_MEMORY);

	p->source = source;
	return p;
}

bool
history_store_is_file(const struct history_store *p)
{
	return p != NULL && p->source != NULL;
}

static void
history_store_tier_init(struct history_tier *t, size_t memory, uint64_t every)
{
	t->n_blocks = (unsigned)(memory / sizeof(struct history_block));
	t->min_gap_ns = every;
	/* Pages that are never written take no memory. */
	t->block = xcalloc(t->n_blocks, sizeof(*t->block));
	t->last_entry = xcalloc(1, ENTRY_MAX);
}

struct history_store *
history_store_new(size_t memory)
{
	struct history_store *p = xcalloc(1, sizeof(*p));

	assert(memory >= HISTORY_MIN_MEMORY);
	history_store_tier_init(&p->tier[0], memory - memory / COARSE_FRACTION, 0);
	history_store_tier_init(&p->tier[1], memory / COARSE_FRACTION, COARSE_GAP_NS);
	p->entry = xcalloc(1, ENTRY_MAX);
	p->unpacked[0] = xcalloc(1, ENTRY_MAX);
	p->unpacked[1] = xcalloc(1, ENTRY_MAX);
	return p;
}

void
history_store_del(struct history_store *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		free(p->tier[i].block);
		free(p->tier[i].last_entry);
	}
	free(p->entry);
	free(p->unpacked[0]);
	free(p->unpacked[1]);
	free(p);
}

void
history_store_clear(struct history_store *p)
{
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		struct history_tier *t = &p->tier[i];

		for (unsigned b = 0; b < t->n_blocks; b++)
			t->block[b].n_entries = t->block[b].used = 0;
		t->last_entry_len = 0;
	}
}

void
history_store_begin(
    struct history_store *p, uint64_t at, const struct summary *m, const struct panel *pane)
{
	p->entry_time = at;
	memcpy(p->entry, m, SUMMARY_BYTES);
	memcpy(p->entry + SUMMARY_BYTES, pane, sizeof(*pane));
	p->entry_len = NUMBERS_BYTES;
}

void
history_store_add(struct history_store *p, unsigned view, const struct row_list *l)
{
	struct history_section s = { .view = view };
	size_t begin = p->entry_len, at = begin + sizeof(s);

	if (at >= ENTRY_MAX)
		return;
	at += history_rows_encode(p->entry + at, ENTRY_MAX - at, l, views[view]->n_cols, &s.rows);
	if (s.rows == 0)
		return;
	s.n = (uint32_t)(at - begin - sizeof(s));
	memcpy(p->entry + begin, &s, sizeof(s));
	p->entry_len = at;
}

/* Appends a picture to a block.  False if there is no room. */
static bool
history_store_append_entry(struct history_block *b, uint64_t at, const uint8_t *before,
    size_t n_before, const uint8_t *s, size_t n)
{
	struct history_entry h = { .at = at };
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
	if (b->n_entries++ == 0)
		b->first = at;
	b->last = at;
	return true;
}

static void
history_store_add_to_tier(struct history_tier *t, uint64_t at, const uint8_t *s, size_t n)
{
	struct history_block *b = &t->block[t->newest_block];

	if (b->n_entries > 0 && at < b->last + t->min_gap_ns)
		return;
	if (b->n_entries == 0 ||
	    !history_store_append_entry(b, at, t->last_entry, t->last_entry_len, s, n)) {
		if (b->n_entries > 0)
			t->newest_block = (t->newest_block + 1) % t->n_blocks;
		b = &t->block[t->newest_block];
		b->used = b->n_entries = 0;
		if (!history_store_append_entry(b, at, NULL, 0, s, n))
			return;
	}
	memcpy(t->last_entry, s, n);
	t->last_entry_len = n;
}

uint64_t
history_picture_export(struct history_store *p, const uint8_t **bytes, size_t *n)
{
	history_picture_number_protocols(p->entry + SUMMARY_BYTES);
	*n = delta_encode(NULL, 0, p->entry, p->entry_len, p->unpacked[0], ENTRY_MAX);
	*bytes = p->unpacked[0];
	return p->entry_time;
}

void
history_store_end(struct history_store *p)
{
	for (unsigned i = 0; i < NITEMS(p->tier); i++)
		history_store_add_to_tier(&p->tier[i], p->entry_time, p->entry, p->entry_len);
}

static struct history_entry
history_store_entry_header(const struct history_block *b, uint32_t at)
{
	struct history_entry h;

	memcpy(&h, b->bytes + at, sizeof(h));
	return h;
}

/* The time of the last picture in a block that is not after `at`. */
static uint64_t
history_store_last_before(const struct history_block *b, uint64_t at)
{
	uint64_t found = b->first;

	for (uint32_t i = 0; i < b->used;) {
		struct history_entry h = history_store_entry_header(b, i);

		if (h.at > at)
			break;
		found = h.at;
		i += (uint32_t)sizeof(h) + h.n;
	}
	return found;
}

bool
history_store_find(const struct history_store *p, uint64_t at, uint64_t *found)
{
	uint64_t first = UINT64_MAX, best = 0;
	bool any = false, before = false;

	if (p->source != NULL)
		return p->source->find(p->source->arg, at, found);
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		const struct history_tier *t = &p->tier[i];

		for (unsigned k = 0; k < t->n_blocks; k++) {
			const struct history_block *b = &t->block[k];
			uint64_t last;

			if (b->n_entries == 0)
				continue;
			any = true;
			first = b->first < first ? b->first : first;
			if (b->first > at)
				continue;
			last = history_store_last_before(b, at);
			best = !before || last > best ? last : best;
			before = true;
		}
	}
	*found = before ? best : first;
	return any;
}

bool
history_store_find_next(const struct history_store *p, uint64_t at, uint64_t *found)
{
	return p->source != NULL && p->source->next(p->source->arg, at, found);
}

struct history_store_extent
history_store_extent(const struct history_store *p)
{
	struct history_store_extent e = { .first = UINT64_MAX };

	if (p->source != NULL) {
		p->source->extent(p->source->arg, &e.first, &e.last);
		return e;
	}
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		for (unsigned k = 0; k < p->tier[i].n_blocks; k++) {
			const struct history_block *b = &p->tier[i].block[k];

			if (b->n_entries == 0)
				continue;
			e.n_entries += b->n_entries;
			e.bytes += b->used;
			e.first = b->first < e.first ? b->first : e.first;
			e.last = b->last > e.last ? b->last : e.last;
		}
	}
	return e;
}

/* Unpacks all pictures of a block up to the one at `at`. NULL if there is none. */
static const uint8_t *
history_store_unpack_entry(
    struct history_store *p, const struct history_block *b, uint64_t at, size_t *n)
{
	unsigned turn = 0;

	*n = 0;
	for (uint32_t i = 0; i < b->used; turn = !turn) {
		struct history_entry h = history_store_entry_header(b, i);

		*n = delta_decode(p->unpacked[!turn], *n, b->bytes + i + sizeof(h), h.n,
		    p->unpacked[turn], ENTRY_MAX);
		if (*n == 0 || h.at > at)
			return NULL;
		if (h.at == at)
			return p->unpacked[turn];
		i += (uint32_t)sizeof(h) + h.n;
	}
	return NULL;
}

/* Unpacks a picture of a file, and checks it. */
static const uint8_t *
history_store_load_entry(struct history_store *p, uint64_t at, size_t *n)
{
	size_t packed;
	const uint8_t *s = p->source->load(p->source->arg, at, &packed);

	if (s == NULL)
		return NULL;
	*n = delta_decode(NULL, 0, s, packed, p->unpacked[0], ENTRY_MAX);
	return history_picture_check(p->unpacked[0], *n) ? p->unpacked[0] : NULL;
}

static const uint8_t *
history_store_find_entry(struct history_store *p, uint64_t at, size_t *n)
{
	if (p->source != NULL)
		return history_store_load_entry(p, at, n);
	for (unsigned i = 0; i < NITEMS(p->tier); i++) {
		for (unsigned k = 0; k < p->tier[i].n_blocks; k++) {
			const struct history_block *b = &p->tier[i].block[k];
			const uint8_t *s;

			if (b->n_entries == 0 || at < b->first || at > b->last)
				continue;
			if ((s = history_store_unpack_entry(p, b, at, n)) != NULL)
				return s;
		}
	}
	return NULL;
}

/* Fills in the rows of a section that the filter takes. */
static void
history_store_load_rows(const uint8_t *s, const struct history_section *sec,
    const struct history_query *w, struct row_list *l)
{
	const struct view *v = views[w->view];
	struct table_row *row = xcalloc(sec->rows, sizeof(*row));
	struct value *cells = xcalloc((size_t)sec->rows * v->n_cols, sizeof(*cells));
	bool right = history_rows_decode(s, sec->n, row, cells, sec->rows, v->n_cols);

	for (uint32_t i = 0; right && i < sec->rows; i++)
		right = history_picture_check_row(v, &row[i], &cells[(size_t)i * v->n_cols]);

	row_list_load_begin(l, v, sec->rows);
	for (uint32_t i = 0; right && i < sec->rows; i++)
		if (!(row[i].other ? filter_matches_all(w->filter)
				   : filter_matches_cells(w->filter, v, row[i].cell)))
			continue;
		else if (row[i].own && w->own_apart)
			row_list_load_own(l, &row[i]);
		else
			row_list_load_row(l, &row[i]);
	row_list_load_end(l, w->keep_order ? -1 : (int)w->column, w->desc);
	free(cells);
	free(row);
}

bool
history_store_load(struct history_store *p, uint64_t at, const struct history_query *w,
    struct row_list *l, struct summary *m, struct panel *pane)
{
	size_t n = 0, i = NUMBERS_BYTES;
	const uint8_t *s = history_store_find_entry(p, at, &n);
	struct history_section sec;

	row_list_load_begin(l, views[w->view], 0);
	row_list_load_end(l, -1, false);
	if (s == NULL || n < NUMBERS_BYTES)
		return false;
	memcpy(m, s, SUMMARY_BYTES);
	memcpy(pane, s + SUMMARY_BYTES, sizeof(*pane));
	if (p->source != NULL)
		history_picture_name_protocols(pane);
	for (; i + sizeof(sec) <= n; i += sizeof(sec) + sec.n) {
		memcpy(&sec, s + i, sizeof(sec));
		if (sec.n > n - i - sizeof(sec))
			return false;
		if (sec.view != w->view || sec.rows > HISTORY_SECTION_ROWS)
			continue;
		history_store_load_rows(s + i + sizeof(sec), &sec, w, l);
		return true;
	}
	return false;
}
