#include "config.h"

#include "view/tree.h"

#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "util/die.h"
#include "view/command.h"
#include "view/rowterm.h"
#include "view/state.h"

#define NOWHERE UINT32_MAX

/* FNV-1a, 64 bits: nobody gains by two paths that fold together. */
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

static void
set_folded(struct tree *t, const struct view *v, const struct list_row *row, bool folded)
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

static uint32_t
parent_of(const struct view *v, const struct list_row *row)
{
	return row->other ? TREE_ROOT : v->parent(&row->key);
}

/* The rows of an order by how they hang together; numbers are places in it. */
struct shape {
	uint32_t *place; /* of a slot, or NOWHERE */
	uint32_t n_slots;
	uint32_t *below, *beside; /* the first row below one, and the next beside one */
	uint32_t first;           /* of the outermost */
};

static const struct list_row *
row_at(const struct order *o, const struct list *l, uint32_t i)
{
	return list_row(l, o->place[i]);
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
	/* From the last on, each goes in front of those that are beside it already. */
	for (uint32_t i = o->n; i-- > 0;) {
		uint32_t parent = parent_of(v, row_at(o, l, i));
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

/* The row that follows i in the tree as it is written down. */
static uint32_t
next_row(const struct shape *s, const struct order *o, const struct view *v, const struct list *l,
    uint32_t i, bool folded)
{
	if (!folded && s->below[i] != NOWHERE)
		return s->below[i];
	while (s->beside[i] == NOWHERE) {
		uint32_t parent = parent_of(v, row_at(o, l, i));

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

/* The row in that slot, shown or folded away; NULL: it is not listed. */
static const struct list_row *
row_in(const struct state *st, uint32_t slot)
{
	for (uint32_t i = 0; i < list_count(st->list); i++)
		if (!list_row(st->list, i)->other && list_row(st->list, i)->slot == slot)
			return list_row(st->list, i);
	return NULL;
}

static bool
has_below(const struct state *st, const struct list_row *row)
{
	const struct view *v = views[st->view];

	for (uint32_t i = 0; i < list_count(st->list); i++)
		if (parent_of(v, list_row(st->list, i)) == row->slot)
			return true;
	return false;
}

/* The row under the cursor, or NULL with a word on why there is none. */
static const struct list_row *
row_here(struct state *st)
{
	const struct list_row *row = state_row(st, st->per[st->view].at);

	if (views[st->view]->parent == NULL) {
		state_say(
		    st, false, "%s are no tree: there is nothing to fold", views[st->view]->name);
		return NULL;
	}
	return row != NULL && !row->other ? row : NULL;
}

static void
select_row(struct state *st, const struct rowkey *key)
{
	for (uint32_t i = 0; i < state_count(st); i++)
		if (memcmp(&state_row(st, i)->key, key, sizeof(*key)) == 0)
			state_select(st, i);
}

/* The cursor stays with its row, or with the one that it is folded away below. */
static void
shape_anew(struct state *st, const struct list_row *row)
{
	const struct view *v = views[st->view];
	const struct list_row *stay = row;

	for (const struct list_row *up = row_in(st, parent_of(v, row)); up != NULL;
	     up = row_in(st, parent_of(v, up)))
		if (tree_is_folded(&st->tree, v, up))
			stay = up;
	state_reorder(st);
	select_row(st, &stay->key);
}

/* All but the outermost: what is in them is what one wants to see. */
static unsigned
fold_all(struct state *st, const struct list_row *row)
{
	const struct view *v = views[st->view];
	bool unfold = st->tree.n > 0;

	st->tree.n = 0;
	for (uint32_t i = 0; !unfold && i < list_count(st->list); i++) {
		const struct list_row *r = list_row(st->list, i);

		if (parent_of(v, r) != TREE_ROOT && has_below(st, r))
			set_folded(&st->tree, v, r, true);
	}
	shape_anew(st, row);
	return 0;
}

unsigned
tree_fold(struct state *st, int argc, char **argv)
{
	const struct view *v = views[st->view];
	const struct list_row *row = row_here(st), *up;

	if (row == NULL)
		return 0;
	if (argc > 1 && strcmp(argv[1], "all") == 0)
		return fold_all(st, row);
	if (argc > 1)
		return command_refuse(st, argv, 1, "all, or nothing more");
	if (has_below(st, row) && !tree_is_folded(&st->tree, v, row)) {
		set_folded(&st->tree, v, row, true);
		shape_anew(st, row);
		return 0;
	}
	up = row_in(st, parent_of(v, row));
	if (up != NULL)
		select_row(st, &up->key);
	return 0;
}

unsigned
tree_unfold(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	const struct list_row *row = row_here(st);

	if (row == NULL)
		return 0;
	if (tree_is_folded(&st->tree, views[st->view], row)) {
		set_folded(&st->tree, views[st->view], row, false);
		shape_anew(st, row);
	} else if (has_below(st, row)) {
		state_select(st, (int64_t)st->per[st->view].at + 1);
	}
	return 0;
}
