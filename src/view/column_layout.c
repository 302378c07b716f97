#include "config.h"

#include "view/column_layout.h"

#include "util/number.h"
#include "util/text.h"

#define GAP       1  /* cells between columns: numbers rarely fill theirs, so more is seen */
#define ESSENTIAL 1  /* texts are cut for a column with this drop */
#define IMPORTANT 2  /* up to this drop, those that do not identify the row are cut for it */
#define MINOR     10 /* columns from this drop on get what all texts leave */

#define CUT_PORT 5 /* cells of a port as a number */

/* Which texts may be cut for another column. */
enum cut {
	CUT_OTHERS, /* those that do not identify the row */
	CUT_KEYS,   /* all, unless two rows would look alike then */
	CUT_MORE,   /* the same texts, shorter */
	CUT_ALL,
};

/* Cells that are left of a cut text. */
static const int cut_cells[] = { [CUT_OTHERS] = 14, [CUT_KEYS] = 8, [CUT_MORE] = 4, [CUT_ALL] = 4 };

/* The order in which columns get room. */
enum { RANK_KEY, RANK_SORTED, RANK_ALWAYS, RANK_SHOWN, RANK_AUTO };

static const struct column_demand *
column_layout_demand(const struct column_space *s)
{
	static const struct column_demand unknown = { .has_rows = false };

	return s->needs != NULL && s->needs->v == s->v ? &s->needs->held : &unknown;
}

static bool
column_layout_is_in(uint64_t columns, unsigned column)
{
	return column < COLUMN_BITS && (columns >> column & 1) != 0;
}

static unsigned
column_layout_rank(const struct column_space *s, unsigned column)
{
	const struct column *c = &s->v->cols[column];

	if (column_layout_is_in(column_layout_demand(s)->required, column) ||
	    (c->identifies && c->drop == 0))
		return RANK_KEY;
	if (column == s->sorted)
		return RANK_SORTED;
	if (c->drop == 0)
		return RANK_ALWAYS;
	return s->prefs->visibility[column] == COLUMN_SHOWN ? RANK_SHOWN : RANK_AUTO + c->drop;
}

/* True if the column is shown while there is room. */
static bool
column_layout_is_wanted(const struct column_space *s, unsigned column)
{
	const struct column_demand *d = column_layout_demand(s);

	if (s->prefs->visibility[column] == COLUMN_HIDDEN)
		return column == s->sorted;
	if (s->v->cols[column].names != NULL && s->prefs->visibility[column] == COLUMN_AUTO)
		return column == s->sorted;
	if (column_layout_rank(s, column) <= RANK_SHOWN)
		return true;
	if (column_is_busy(&s->v->cols[column]) && s->width < COLUMN_BUSY_WIDTH)
		return false;
	return d->has_rows ? d->cells[column] > 0 : !s->v->cols[column].when_used;
}

/* Sorts the wanted columns by rank. */
static unsigned
column_layout_rank_all(const struct column_space *s, uint8_t columns[VIEW_COLUMNS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->v->n_cols; i++) {
		unsigned column = s->prefs->order[i], rank = column_layout_rank(s, column), at = n;

		if (!column_layout_is_wanted(s, column))
			continue;
		for (; at > 0 && column_layout_rank(s, columns[at - 1]) > rank; at--)
			columns[at] = columns[at - 1];
		columns[at] = (uint8_t)column;
		n++;
	}
	return n;
}

/* True for a text that is still useful when it is shortened in the middle. */
static bool
column_layout_can_shorten(const struct column *c)
{
	return c->left && (c->type == V_TEXT || c->type == V_ADDR);
}

/* True if a cell says as much, or nearly, in fewer cells than it needs. */
static bool
column_layout_can_cut(const struct column *c)
{
	return column_layout_can_shorten(c) || (c->left && c->type == V_PORT);
}

/* The width with which nothing of a column is cut; the least if its texts are not known.  The title
 * of the sorted column has a mark, for which there is room unless the user narrowed it. */
static int
column_layout_full_width(const struct column_space *s, unsigned column)
{
	const struct column *c = &s->v->cols[column];
	int cells = column_layout_demand(s)->cells[column], extra = s->prefs->extra_width[column];
	int width = column_prefs_min_width(s->prefs, s->v, column), title = 0;

	if (c->left && cells > 0)
		width = (int)clamp(cells + extra, cut_cells[CUT_ALL],
		    column_prefs_max_width(s->prefs, s->v, column));
	if (extra >= 0 && (c->left || column == s->sorted))
		title = (int)text_width(c->title) + (column == s->sorted);
	return width > title ? width : title;
}

/* The width with which a column is added: long texts get more once all important columns are there.
 * Texts that identify rows get two fifths of the room together. */
static int
column_layout_base_width(const struct column_space *s, unsigned column, unsigned n_keys)
{
	const struct column *c = &s->v->cols[column];
	int full = column_layout_full_width(s, column),
	    base = column_prefs_min_width(s->prefs, s->v, column);

	if (column_layout_is_in(column_layout_demand(s)->uncut, column))
		return full;
	if (column_layout_rank(s, column) == RANK_KEY && n_keys > 0)
		base = (int)clamp(s->width * 2 / 5 / (int)n_keys, base, INT32_MAX);
	return column_layout_can_cut(c) && full > base ? base : full;
}

/* The width to which a column may be cut.  A title may always be cut. */
static int
column_layout_cut_width(const struct column_space *s, const struct column_slot *slot, enum cut cut)
{
	const struct column *c = &s->v->cols[slot->column];
	const struct column_demand *d = column_layout_demand(s);
	int least = cut_cells[cut], cells = d->cells[slot->column];

	if (!column_layout_can_cut(c))
		return slot->width;
	if (c->type == V_PORT)
		least = CUT_PORT;
	else if ((cut == CUT_OTHERS && column_layout_rank(s, slot->column) == RANK_KEY) ||
	    (cut != CUT_ALL && column_layout_is_in(d->uncut, slot->column)))
		least = slot->width;
	if (cells > 0 && cells < least)
		least = cells;
	return slot->width < least ? slot->width : least;
}

/* Cells by which the columns exceed the room; there is no gap behind the last one. */
static int
column_layout_excess(const struct column_layout *fit, const struct column_space *s)
{
	int sum = -GAP;

	for (unsigned i = 0; i < fit->n; i++)
		sum += fit->col[i].width + GAP;
	return sum - s->width;
}

/* The column to take the next cell from: ports first, as their numbers say the same, then the
 * widest text. */
static struct column_slot *
column_layout_widest(struct column_layout *fit, const struct column_space *s, enum cut cut)
{
	struct column_slot *found = NULL;
	int most = 0;

	for (unsigned i = 0; i < fit->n; i++) {
		struct column_slot *slot = &fit->col[i];
		int width =
		    slot->width + (s->v->cols[slot->column].type == V_PORT ? VALUE_TEXT : 0);

		if (slot->width > column_layout_cut_width(s, slot, cut) && width > most) {
			most = width;
			found = slot;
		}
	}
	return found;
}

/* Cuts texts until the columns fit, if that is enough. */
static bool
column_layout_cut(struct column_layout *fit, const struct column_space *s, enum cut cut)
{
	struct column_layout narrow = *fit;

	for (int excess = column_layout_excess(fit, s); excess > 0; excess--) {
		struct column_slot *slot = column_layout_widest(&narrow, s, cut);

		if (slot == NULL)
			return false;
		slot->width--;
	}
	*fit = narrow;
	return true;
}

static void
column_layout_insert(
    struct column_layout *fit, const struct column_space *s, unsigned column, int width)
{
	unsigned place = column_prefs_position(s->prefs, s->v, column), i = fit->n++;

	for (; i > 0 && column_prefs_position(s->prefs, s->v, fit->col[i - 1].column) > place; i--)
		fit->col[i] = fit->col[i - 1];
	fit->col[i] = (struct column_slot){ .column = column, .width = width };
}

/* The most that may be cut for a column of that rank. */
static enum cut
column_layout_cut_for(unsigned rank)
{
	if (rank == RANK_KEY)
		return CUT_ALL;
	return rank <= RANK_AUTO + ESSENTIAL ? CUT_KEYS : CUT_OTHERS;
}

/* Adds a column if it fits, and cuts texts for an important one.  The first one always fits. */
static void
column_layout_add(
    struct column_layout *fit, const struct column_space *s, unsigned column, int width)
{
	struct column_layout before = *fit;
	unsigned rank = column_layout_rank(s, column);

	column_layout_insert(fit, s, column, width);
	if (column_layout_excess(fit, s) <= 0)
		return;
	for (enum cut cut = CUT_OTHERS; cut <= column_layout_cut_for(rank); cut++)
		if (rank <= RANK_AUTO + IMPORTANT && column_layout_cut(fit, s, cut))
			return;
	if (fit->n == 1)
		fit->col[0].width = s->width > 0 ? s->width : 1;
	else
		*fit = before;
}

/* Gives unused cells to a column, up to that width. */
static void
column_layout_grow(
    struct column_layout *fit, const struct column_space *s, unsigned column, int width)
{
	int room = -column_layout_excess(fit, s);

	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == column && fit->col[i].width < width)
			fit->col[i].width = (int)clamp(width, 0, fit->col[i].width + room);
}

/* Grows a share to have a bar, if there is room for a useful one. */
static void
column_layout_grow_bar(struct column_layout *fit, const struct column_space *s, unsigned column)
{
	int width = column_prefs_max_width(s->prefs, s->v, column),
	    room = column_layout_full_width(s, column) - column_layout_excess(fit, s);

	if (s->v->cols[column].share_bar && room >= COLUMN_BAR_CELLS)
		column_layout_grow(fit, s, column, width);
}

/* The number of columns whose texts identify rows. */
static unsigned
column_layout_count_keys(const struct column_space *s, const uint8_t *columns, unsigned n)
{
	unsigned keys = 0;

	for (unsigned i = 0; i < n; i++)
		keys += column_layout_rank(s, columns[i]) == RANK_KEY &&
		    column_layout_can_shorten(&s->v->cols[columns[i]]);
	return keys;
}

/* Adds columns, then gives the room that is left to those whose texts are cut. */
static void
column_layout_add_all(struct column_layout *fit, const struct column_space *s,
    const uint8_t *columns, unsigned n, unsigned n_keys)
{
	for (unsigned i = 0; i < n; i++)
		column_layout_add(
		    fit, s, columns[i], column_layout_base_width(s, columns[i], n_keys));
	for (unsigned i = 0; i < n; i++)
		column_layout_grow(fit, s, columns[i], column_layout_full_width(s, columns[i]));
}

void
column_layout_make(struct column_layout *fit, const struct column_space *s)
{
	uint8_t columns[VIEW_COLUMNS];
	unsigned n = column_layout_rank_all(s, columns),
		 n_keys = column_layout_count_keys(s, columns, n), n_major = 0;
	int x = s->x;

	while (n_major < n && column_layout_rank(s, columns[n_major]) < RANK_AUTO + MINOR)
		n_major++;
	fit->n = 0;
	column_layout_add_all(fit, s, columns, n_major, n_keys);
	column_layout_add_all(fit, s, columns + n_major, n - n_major, n_keys);
	for (unsigned i = 0; i < n; i++)
		column_layout_grow_bar(fit, s, columns[i]);
	for (unsigned i = 0; i < fit->n; i++) {
		fit->col[i].x = x;
		x += fit->col[i].width + GAP;
	}
}

bool
column_layout_has(const struct column_layout *fit, unsigned column)
{
	for (unsigned i = 0; i < fit->n; i++)
		if (fit->col[i].column == column)
			return true;
	return false;
}
