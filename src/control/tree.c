#include "config.h"

#include "control/tree.h"

#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "util/die.h"
#include "view/row_filter.h"

#define NOWHERE UINT32_MAX

/* FNV-1a, 64 bits.  A collision only folds two paths together, so no key is needed. */
static uint64_t
hash_of(const struct view *v, const struct list_row *row)
{
	const struct value *path = rowterm_cell_of(v, row, "path");
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	if (path == NULL || path->type != V_TEXT)
		return 0;
	for (const char *s = path->text; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * UINT64_C(0x100000001b3);
	return h;
}

static unsigned
find(const struct tree *t, uint64_t hash)
{
	unsigned i = 0;

	while (i < t->n && t->folded[i] != hash)
		i++;
	return i;
}

bool
tree_is_folded(const struct tree *t, const struct view *v, const struct list_row *row)
{
	return v->parent != NULL && !row->other && find(t, hash_of(v, row)) < t->n;
}

static void
take_out(struct tree *t, unsigned i)
{
	memmove(&t->folded[i], &t->folded[i + 1], (--t->n - i) * sizeof(*t->folded));
}

void
tree_set_folded(struct tree *t, const struct view *v, const struct list_row *row, bool folded)
{
	uint64_t hash = hash_of(v, row);
	unsigned i = find(t, hash);

	if ((i < t->n) == folded)
		return;
	if (!folded) {
		take_out(t, i);
		return;
	}
	if (t->n == TREE_FOLDS)
		take_out(t, 0);
	t->folded[t->n++] = hash;
}

uint32_t
tree_parent(const struct view *v, const struct list_row *row)
{
	return row->other ? TREE_ROOT : v->parent(&row->key);
}

/* The tree of the rows in an order, as links; numbers are places in that order. */
struct shape {
	uint32_t *place; /* by slot; NOWHERE if it is not listed */
	uint32_t n_slots;
	uint32_t *below, *beside; /* first child and next sibling of each row */
	uint32_t first;           /* of the outermost */
};

static const struct list_row *
row_at(const struct order *o, const struct list *l, uint32_t i)
{
	return list_get(l, o->place[i]);
}

static void
shape_make(struct shape *s, const struct order *o, const struct view *v, const struct list *l)
{
	s->n_slots = 0;
	for (uint32_t i = 0; i < o->n; i++)
		if (row_at(o, l, i)->slot >= s->n_slots)
			s->n_slots = row_at(o, l, i)->slot + 1;
	s->place = xcalloc((size_t)s->n_slots + 1, sizeof(*s->place));
	s->below = xcalloc((size_t)o->n + 1, sizeof(*s->below));
	s->beside = xcalloc((size_t)o->n + 1, sizeof(*s->beside));
	s->first = NOWHERE;
	for (uint32_t i = 0; i < s->n_slots; i++)
		s->place[i] = NOWHERE;
	for (uint32_t i = 0; i < o->n; i++) {
		s->below[i] = NOWHERE;
		if (!row_at(o, l, i)->other)
			s->place[row_at(o, l, i)->slot] = i;
	}
	/* From last to first, so that each becomes the head of its siblings. */
	for (uint32_t i = o->n; i-- > 0;) {
		uint32_t parent = tree_parent(v, row_at(o, l, i));
		uint32_t up = parent < s->n_slots ? s->place[parent] : NOWHERE;
		uint32_t *head = up != NOWHERE ? &s->below[up] : &s->first;

		s->beside[i] = *head;
		*head = i;
	}
}

static void
shape_fini(struct shape *s)
{
	free(s->place);
	free(s->below);
	free(s->beside);
}

/* The row after i in depth-first order. */
static uint32_t
next_row(const struct shape *s, const struct order *o, const struct view *v, const struct list *l,
    uint32_t i, bool folded)
{
	if (!folded && s->below[i] != NOWHERE)
		return s->below[i];
	while (s->beside[i] == NOWHERE) {
		uint32_t parent = tree_parent(v, row_at(o, l, i));

		if (parent >= s->n_slots || s->place[parent] == NOWHERE)
			return NOWHERE;
		i = s->place[parent];
	}
	return s->beside[i];
}

void
tree_shape(const struct tree *t, struct order *o, const struct view *v, const struct list *l)
{
	struct order next;
	struct shape s;

	shape_make(&s, o, v, l);
	order_init(&next);
	order_reserve(&next, o->n);
	for (uint32_t i = o->n > 0 ? s.first : NOWHERE; i != NOWHERE;) {
		next.key[next.n] = o->key[i];
		next.place[next.n] = o->place[i];
		next.rate[next.n++] = o->rate[i];
		i = next_row(&s, o, v, l, i, tree_is_folded(t, v, row_at(o, l, i)));
	}
	shape_fini(&s);
	next.rows = o->rows;
	next.tree = true;
	order_fini(o);
	*o = next;
}
