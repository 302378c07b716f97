/* The fields of an output: its own list, then the columns that the view marks for it. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "export/private.h"
#include "util/attr.h"
#include "util/buf.h"

static void
put_nothing(void *out ATTR_UNUSED, const struct field *f ATTR_UNUSED, const void *row ATTR_UNUSED)
{
}

static struct value
get_one(const struct scope *s ATTR_UNUSED, const void *row ATTR_UNUSED)
{
	struct value v = { .type = V_COUNT };

	v.n = 1;
	return v;
}

/* As long a name as a cell cannot hold; none for a row of NULL. */
static void
long_text(struct buf *b, const struct scope *s ATTR_UNUSED, const void *row)
{
	for (unsigned i = 0; row != NULL && i < VALUE_TEXT; i++)
		buf_addc(b, 'x');
}

static const struct column columns[] = {
	{ .name = "one", .type = V_COUNT, .get = get_one },
	{ .name = "two", .type = V_COUNT, .outputs = IN_SNAPSHOT | IN_FLOW_LOG, .get = get_one },
	{ .name = "three", .type = V_TEXT, .outputs = IN_FLOW_LOG, .text = long_text },
};
static const struct view view = { .name = "test", .cols = columns, .n_cols = NITEMS(columns) };
static const struct field list[] = {
	{ .key = "own", .put = put_nothing },
	{ .key = "first", .column = "one" },
	{ .key = "two" },
};

static void
assert_names(unsigned outputs, const char *want)
{
	char text[64];
	struct fields fs;
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fields_init(&fs, &view, list, NITEMS(list), outputs);
	fields_add_names(&b, &fs);
	assert_string_equal(text, want);
}

static void
marked_columns_follow_the_list_once(void **state ATTR_UNUSED)
{
	assert_names(IN_SNAPSHOT, "own,first,two");
	assert_names(IN_FLOW_LOG, "own,first,two,three");
	assert_names(0, "own,first,two,one,three");
}

static void
fields_know_their_columns(void **state ATTR_UNUSED)
{
	struct fields fs;

	fields_init(&fs, &view, list, NITEMS(list), IN_SNAPSHOT);
	assert_ptr_equal(fs.at[0].own, &list[0]);
	assert_null(fs.at[0].column);
	assert_ptr_equal(fs.at[1].column, &columns[0]);
	assert_ptr_equal(fs.at[2].column, &columns[1]);
}

static void
cells_have_texts_in_full(void **state ATTR_UNUSED)
{
	struct scope s = { .ledger = NULL };
	struct field_cell cell;

	assert_true(field_cell_get(&cell, &columns[2], &s, columns));
	assert_true(cell.is_text);
	assert_int_equal(strlen(cell.text), VALUE_TEXT);
	assert_false(field_cell_get(&cell, &columns[2], &s, NULL));
	assert_true(field_cell_get(&cell, &columns[0], &s, columns));
	assert_false(cell.is_text);
	assert_int_equal(cell.value.n, 1);
}

/* No output of the real tables has a key twice, and each names columns that exist. */
static void
snapshot_tables_have_no_key_twice(void **state ATTR_UNUSED)
{
	for (unsigned i = 0; i < n_snapshot_files; i++) {
		const struct snapshot_file *file = &snapshot_file[i];
		struct fields fs;

		if (file->view == NULL)
			continue;
		fields_init(
		    &fs, view_by_name(file->view), file->fields, file->n_fields, IN_SNAPSHOT);
		for (unsigned k = 0; k < fs.n; k++) {
			assert_true((fs.at[k].column != NULL) != (fs.at[k].own != NULL));
			for (unsigned j = 0; j < k; j++)
				assert_string_not_equal(fs.at[k].key, fs.at[j].key);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marked_columns_follow_the_list_once),
		cmocka_unit_test(fields_know_their_columns),
		cmocka_unit_test(cells_have_texts_in_full),
		cmocka_unit_test(snapshot_tables_have_no_key_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
