/* The fields of a view's rows in an output with names and an order of its own. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "export/private.h"

static void
fields_add(struct fields *fs, const char *key, const struct column *column, const struct field *own)
{
	assert(fs->n < NITEMS(fs->at));
	fs->at[fs->n++] = (struct output_field){ key, column, own };
}

static bool
fields_have_key(const struct field *list, unsigned n, const char *key)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(list[i].key, key) == 0)
			return true;
	return false;
}

static void
fields_add_listed(struct fields *fs, const struct view *v, const struct field *f)
{
	if (f->put != NULL)
		fields_add(fs, f->key, NULL, f);
	else
		fields_add(
		    fs, f->key, view_find_column(v, f->column != NULL ? f->column : f->key), NULL);
}

void
fields_init(
    struct fields *fs, const struct view *v, const struct field *list, unsigned n, unsigned outputs)
{
	*fs = (struct fields){ .n = 0 };
	for (unsigned i = 0; i < n; i++)
		fields_add_listed(fs, v, &list[i]);
	for (unsigned i = 0; i < v->n_cols; i++) {
		const struct column *c = &v->cols[i];

		if ((c->outputs & outputs) == outputs && !fields_have_key(list, n, c->name))
			fields_add(fs, c->name, c, NULL);
	}
}

void
fields_add_names(struct buf *b, const struct fields *fs)
{
	for (unsigned i = 0; i < fs->n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		buf_adds(b, fs->at[i].key);
	}
}

bool
field_cell_get(
    struct field_cell *cell, const struct column *c, const struct scope *s, const void *row)
{
	struct buf b;

	cell->is_text = c->text != NULL;
	if (cell->is_text) {
		buf_init(&b, cell->text, sizeof(cell->text));
		c->text(&b, s, row);
		return b.len > 0;
	}
	cell->value = column_value(c, s, row);
	if (cell->value.type == V_ADDR)
		return addr_is_present(cell->value.kind, &cell->value.addr);
	return cell->value.type != V_NONE;
}
