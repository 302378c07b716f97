#include "config.h"

#include "control/state.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "view/row_filter.h"

#define NOWHERE UINT32_MAX

/* FNV-1a, 64 bits.  A collision only folds two paths together, so no key is needed. */
static uint64_t
tree_path_hash(const struct view *v, const struct table_row *row)
{
	const struct value *path = row_find_cell(v, row, "path");
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	if (path == NULL || path->type != V_TEXT)
		return 0;
	for (const char *s = path->text; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * UINT64_C(0x100000001b3);
	return h;
}

static unsigned
tree_find(const struct tree *t, uint64_t hash)
{
	unsigned i = 0;

	while (i < t->n && t->folded[i] != hash)
		i++;
	return i;
}

bool
tree_is_folded(const struct tree *t, const struct view *v, const struct table_row *row)
{
	return v->parent_slot != NULL && !row->other && tree_find(t, tree_path_hash(v, row)) < t->n;
}

static void
tree_remove(struct tree *t, unsigned i)
{
	memmove(&t->folded[i], &t->folded[i + 1], (--t->n - i) * sizeof(*t->folded));
}

void
tree_set_folded(struct tree *t, const struct view *v, const struct table_row *row, bool folded)
{
	uint64_t hash = tree_path_hash(v, row);
	unsigned i = tree_find(t, hash);

	if ((i < t->n) == folded)
		return;
	if (!folded) {
		tree_remove(t, i);
		return;
	}
	if (t->n == TREE_FOLDS)
		tree_remove(t, 0);
	t->folded[t->n++] = hash;
}

uint32_t
tree_parent(const struct view *v, const struct table_row *row)
{
	return row->other ? TREE_ROOT : v->parent_slot(&row->key);
}

/* The tree of the rows in an order, as links; numbers are places in that order. */
struct tree_links {
	uint32_t *place; /* by slot; NOWHERE if it is not listed */
	uint32_t n_slots;
	uint32_t *first_child, *next_sibling; /* first child and next sibling of each row */
	uint32_t first;                       /* of the outermost */
};

static const struct table_row *
tree_row_at(const struct row_order *o, const struct row_list *l, uint32_t i)
{
	return row_list_get(l, o->list_index[i]);
}

static void
tree_shape_make(
    struct tree_links *s, const struct row_order *o, const struct view *v, const struct row_list *l)
{
	s->n_slots = 0;
	for (uint32_t i = 0; i < o->n; i++)
		if (tree_row_at(o, l, i)->slot >= s->n_slots)
			s->n_slots = tree_row_at(o, l, i)->slot + 1;
	s->place = xcalloc((size_t)s->n_slots + 1, sizeof(*s->place));
	s->first_child = xcalloc((size_t)o->n + 1, sizeof(*s->first_child));
	s->next_sibling = xcalloc((size_t)o->n + 1, sizeof(*s->next_sibling));
	s->first = NOWHERE;
	for (uint32_t i = 0; i < s->n_slots; i++)
		s->place[i] = NOWHERE;
	for (uint32_t i = 0; i < o->n; i++) {
		s->first_child[i] = NOWHERE;
		if (!tree_row_at(o, l, i)->other)
			s->place[tree_row_at(o, l, i)->slot] = i;
	}
	/* From last to first, so that each becomes the head of its siblings. */
	for (uint32_t i = o->n; i-- > 0;) {
		uint32_t parent = tree_parent(v, tree_row_at(o, l, i));
		uint32_t up = parent < s->n_slots ? s->place[parent] : NOWHERE;
		uint32_t *head = up != NOWHERE ? &s->first_child[up] : &s->first;

		s->next_sibling[i] = *head;
		*head = i;
	}
}

static void
tree_shape_fini(struct tree_links *s)
{
	free(s->place);
	free(s->first_child);
	free(s->next_sibling);
}

/* The row after i in depth-first order. */
static uint32_t
tree_next_row(const struct tree_links *s, const struct row_order *o, const struct view *v,
    const struct row_list *l, uint32_t i, bool folded)
{
	if (!folded && s->first_child[i] != NOWHERE)
		return s->first_child[i];
	while (s->next_sibling[i] == NOWHERE) {
		uint32_t parent = tree_parent(v, tree_row_at(o, l, i));

		if (parent >= s->n_slots || s->place[parent] == NOWHERE)
			return NOWHERE;
		i = s->place[parent];
	}
	return s->next_sibling[i];
}

void
tree_shape(
    const struct tree *t, struct row_order *o, const struct view *v, const struct row_list *l)
{
	struct row_order next;
	struct tree_links s;

	tree_shape_make(&s, o, v, l);
	row_order_init(&next);
	row_order_reserve(&next, o->n);
	for (uint32_t i = o->n > 0 ? s.first : NOWHERE; i != NOWHERE;) {
		next.key[next.n] = o->key[i];
		next.list_index[next.n] = o->list_index[i];
		next.rate[next.n++] = o->rate[i];
		i = tree_next_row(&s, o, v, l, i, tree_is_folded(t, v, tree_row_at(o, l, i)));
	}
	tree_shape_fini(&s);
	next.n_listed = o->n_listed;
	next.is_tree = true;
	row_order_fini(o);
	*o = next;
}
