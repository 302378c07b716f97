/* Ranking the rows of a table: all of them or the best, in slices, compared with a plain sort. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger.h"
#include "util/attr.h"
#include "view/columns.h"
#include "view/row_list.h"

#define ROWS  500
#define OWN   7 /* each row of that multiple is of this machine */
#define EMPTY 5 /* slots of that multiple have no row */

struct number {
	uint32_t slot, n;
	bool known;
};

static struct number numbers[ROWS];

static uint32_t
number_slots(const struct ledger *l ATTR_UNUSED)
{
	return ROWS;
}

static const void *
number_row(const struct scope *s ATTR_UNUSED, uint32_t i)
{
	return i % EMPTY == 0 ? NULL : &numbers[i];
}

/* Keys run against the slots. */
static void
number_key(const void *row, struct row_key *k)
{
	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, ROWS - ((const struct number *)row)->slot, 4);
}

static bool
number_is_own(const struct scope *s ATTR_UNUSED, const void *row)
{
	return ((const struct number *)row)->slot % OWN == 0;
}

static struct value
number_get(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct number *x = row;

	return x->known ? value_n(V_COUNT, x->n) : value_none();
}

static const struct column columns[] = {
	{ .name = "n", .title = "N", .help = "-", .type = V_COUNT, .get = number_get },
};

static const struct view view_numbers = {
	.name = "numbers",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "n",
	.slots = number_slots,
	.row = number_row,
	.row_key = number_key,
	.is_own = number_is_own,
};

static void
fill(uint32_t distinct)
{
	uint32_t x = 12345;

	for (uint32_t i = 0; i < ROWS; i++) {
		x = x * 1664525 + 1013904223;
		numbers[i] = (struct number){ i, (x >> 8) % distinct, (x >> 4) % 11 != 0 };
	}
}

static bool descending;

/* The order that is promised: known values first, equal ones by key. */
static int
compare(const void *xp, const void *yp)
{
	const struct number *x = *(const struct number *const *)xp,
			    *y = *(const struct number *const *)yp;

	if (x->known != y->known)
		return x->known ? -1 : 1;
	if (x->known && x->n != y->n)
		return (x->n < y->n) != descending ? -1 : 1;
	return x->slot > y->slot ? -1 : 1;
}

static uint32_t
sort_all(const struct number **sorted, const struct filter *f, const struct scope *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ROWS; i++)
		if (number_row(s, i) != NULL && filter_matches(f, s, &numbers[i]))
			sorted[n++] = &numbers[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	return n;
}

static void
check(const struct scope *s, const char *show, uint32_t keep, uint32_t slice)
{
	const struct number *sorted[ROWS];
	struct filter *f = filter_new(&view_numbers, show, NULL, NULL);
	struct row_rank r = { .row = NULL };
	uint32_t n = sort_all(sorted, f, s);

	row_rank_begin(&r, &view_numbers, 0, descending, f, s, keep);
	while (row_rank_step(&r, slice))
		;
	assert_false(row_rank_step(&r, slice));
	assert_int_equal(r.n_matched, n);
	assert_int_equal(r.n, keep != 0 && keep < n ? keep : n);
	for (uint32_t i = 0; i < r.n; i++) {
		assert_ptr_equal(r.row[i].row, sorted[i]);
		assert_int_equal(r.row[i].slot, sorted[i]->slot);
	}
	row_rank_fini(&r);
	filter_del(f);
}

/* Few distinct numbers, so that many are equal; many kept, one, none more than there are. */
static void
test_order(void **state)
{
	static const uint32_t distinct[] = { 1, 9, 1000000 }, keep[] = { 0, 1, 2, 37, ROWS, 9999 },
			      slice[] = { 1, 13, 100000 };
	struct ledger *l = ledger_small();
	struct scope s = scope_of_all(l, true);

	(void)state;
	for (unsigned d = 0; d < NITEMS(distinct); d++) {
		fill(distinct[d]);
		for (unsigned k = 0; k < NITEMS(keep) * NITEMS(slice) * 2; k++) {
			descending = k % 2 == 0;
			check(&s, k % 4 < 2 ? "" : "n > 3", keep[k / 2 % NITEMS(keep)],
			    slice[k / 2 / NITEMS(keep)]);
		}
	}
	ledger_del(l);
}

/* Rows of this machine are kept apart only if the scope asks for it, and then they are not ranked.
 */
static void
test_own_apart(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of_all(l, true);
	struct row_rank r = { .row = NULL };
	uint32_t rows = ROWS - ROWS / EMPTY, own = ROWS / OWN + 1 - ROWS / (OWN * EMPTY) - 1;

	(void)state;
	fill(100);
	s.own_apart = true;
	for (int twice = 0; twice < 2; twice++) {
		row_rank_begin(&r, &view_numbers, 0, true, NULL, &s, 0);
		while (row_rank_step(&r, 100))
			;
	}
	assert_int_equal(r.n_own, own);
	assert_int_equal(r.n, rows - own);
	assert_int_equal(r.n_matched, rows - own);
	for (unsigned i = 0; i < r.n_own; i++)
		assert_int_equal(r.own[i] % OWN, 0);
	row_rank_fini(&r);
	ledger_del(l);
}

/* The memory of an earlier ranking is used again, and nothing of it is left in the new one. */
static void
test_again(void **state)
{
	struct ledger *l = ledger_small();
	struct scope s = scope_of_all(l, true);
	struct row_rank r = { .row = NULL };

	(void)state;
	fill(1000);
	for (uint32_t keep = 200; keep > 0; keep -= 50) {
		row_rank_begin(&r, &view_numbers, 0, true, NULL, &s, keep);
		while (row_rank_step(&r, 7))
			;
		assert_int_equal(r.n, keep);
		assert_int_equal(r.n_matched, ROWS - ROWS / EMPTY);
	}
	row_rank_fini(&r);
	ledger_del(l);
}

/* Unknown values are below all others in both orders. */
static void
test_compare(void **state)
{
	struct value none = value_none(), one = value_n(V_COUNT, 1), two = value_n(V_COUNT, 2);
	struct row_rank up = { .desc = false }, down = { .desc = true };

	(void)state;
	assert_true(row_rank_compare(&up, &one, &two) < 0);
	assert_true(row_rank_compare(&down, &one, &two) > 0);
	assert_true(row_rank_compare(&up, &none, &one) > 0);
	assert_true(row_rank_compare(&down, &none, &one) > 0);
	assert_true(row_rank_compare(&down, &one, &none) < 0);
	assert_int_equal(row_rank_compare(&up, &none, &none), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_own_apart),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
