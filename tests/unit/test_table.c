/* Bounded tables: growth, eviction, and tables whose oldest row is overwritten. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/table.h"

#define ROWS 64
#define MOST 200 /* not a capacity that doubling leads to */

static const struct hashkey key = { 1, 2 };

struct row {
	uint32_t number, score;
};

struct rows {
	struct row *row;
	struct table table;
};

static struct rows
rows_of(uint32_t max, uint32_t most)
{
	struct rows r;

	r.row = table_init(&r.table, sizeof(*r.row), max, most, &key);
	return r;
}

/* Two numbers have the same hash, so that the index has to tell them apart. */
static uint32_t
hash_of(uint32_t number)
{
	return number / 2 * 2654435761u;
}

static const struct row *
find(const struct rows *r, uint32_t number)
{
	INDEX_EACH (&r->table.index, hash_of(number), row)
		if (r->row[row].number == number)
			return &r->row[row];
	return NULL;
}

static void
put(struct rows *r, uint32_t row, uint32_t number, uint32_t score)
{
	r->row[row] = (struct row){ number, score };
	table_put(&r->table, row, hash_of(number), score);
}

static uint32_t
score_of(const void *owner, uint32_t row)
{
	return ((const struct rows *)owner)->row[row].score;
}

static void
fill(struct rows *r, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		assert_true(table_has_room(&r->table));
		put(r, r->table.used++, i, 1000);
	}
}

/* The rows stay where they are, and are found, while the table doubles up to its limit. */
static void
test_grows(void **state)
{
	struct rows r = rows_of(ROWS, MOST);
	const struct row *first = r.row;

	(void)state;
	fill(&r, ROWS);
	assert_int_equal(r.table.max, ROWS);
	assert_true(table_has_room(&r.table));
	assert_in_range(r.table.max, ROWS + 1, MOST);
	for (uint32_t i = 0; i < ROWS; i++)
		assert_ptr_equal(find(&r, i), &first[i]);
	while (table_has_room(&r.table)) {
		put(&r, r.table.used, r.table.used, 1000);
		r.table.used++;
	}
	assert_int_equal(r.table.used, MOST);
	assert_int_equal(r.table.max, MOST);
	for (uint32_t i = 0; i < MOST; i++)
		assert_ptr_equal(find(&r, i), &first[i]);
	assert_null(find(&r, MOST));
	assert_int_equal(r.table.evicted, 0);
	table_fini(&r.table);
}

/* A table that does not grow is full at its capacity. */
static void
test_does_not_grow(void **state)
{
	struct rows r = rows_of(ROWS, ROWS);

	(void)state;
	fill(&r, ROWS);
	assert_false(table_has_room(&r.table));
	table_fini(&r.table);
}

/* Of a few neighbours the lowest score is evicted: heavy rows stay as long as there are others. */
static void
test_evicts_the_lowest(void **state)
{
	struct rows r = rows_of(ROWS, ROWS);

	(void)state;
	fill(&r, ROWS);
	for (uint32_t i = 0; i < ROWS; i += 2)
		put(&r, i, i, 2000);
	for (uint32_t i = 0; i < 200; i++) {
		uint32_t row = table_evict(&r.table, &r, score_of), was = r.row[row].number;

		assert_int_equal(row % 2, 1);
		assert_int_equal(r.table.evicted, i + 1);
		assert_null(find(&r, was));
		put(&r, row, MOST + i, 1000);
		assert_ptr_equal(find(&r, MOST + i), &r.row[row]);
	}
	assert_int_equal(r.table.used, ROWS);
	table_fini(&r.table);
}

/* A score that was cached may be out of date: the present one decides. */
static void
test_evicts_by_the_present_score(void **state)
{
	struct rows r = rows_of(ROWS, ROWS);

	(void)state;
	fill(&r, ROWS);
	for (uint32_t i = 0; i < ROWS; i++)
		r.row[i].score = i == 3 ? 1000 : 5000;
	assert_int_equal(table_evict(&r.table, &r, score_of), 3);
	table_fini(&r.table);
}

/* The oldest row is overwritten. */
static void
test_in_turn(void **state)
{
	struct rows r = rows_of(ROWS, ROWS);

	(void)state;
	for (uint32_t i = 0; i < 3 * ROWS; i++) {
		uint32_t row = table_put_in_turn(&r.table, hash_of(i));

		r.row[row].number = i;
		assert_int_equal(row, i % ROWS);
		assert_int_equal(r.table.used, i < ROWS ? i + 1 : ROWS);
		assert_non_null(find(&r, i));
		if (i >= ROWS)
			assert_null(find(&r, i - ROWS));
	}
	assert_int_equal(r.table.evicted, 2 * ROWS);
	table_fini(&r.table);
}

/* A cleared table has its capacity, no rows, and rows of zeros. */
static void
test_clear(void **state)
{
	struct rows r = rows_of(ROWS, MOST);

	(void)state;
	fill(&r, ROWS + 1);
	r.row = table_clear(&r.table);
	table_clear_index(&r.table);
	assert_int_equal(r.table.used, 0);
	assert_in_range(r.table.max, ROWS + 1, MOST);
	for (uint32_t i = 0; i <= ROWS; i++) {
		assert_null(find(&r, i));
		assert_int_equal(r.row[i].score, 0);
	}
	fill(&r, ROWS);
	assert_non_null(find(&r, ROWS - 1));
	table_fini(&r.table);
}

/* The rows, their scores and the index. */
static void
test_memory(void **state)
{
	(void)state;
	assert_int_equal(
	    table_memory(100, 1000), 1000 * (100 + sizeof(struct lru_entry)) + index_memory(1000));
	assert_true(table_memory(100, 2000) > table_memory(100, 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_does_not_grow),
		cmocka_unit_test(test_evicts_the_lowest),
		cmocka_unit_test(test_evicts_by_the_present_score),
		cmocka_unit_test(test_in_turn),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
