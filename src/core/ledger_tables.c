/* The tables of the ledger, as they are listed in core/tables.def. */
#include "config.h"

#include "core/baseline.h"
#include "core/ledger.h"
#include "core/private.h"
#include "util/attr.h"

struct ledger_table {
	unsigned percent; /* of the memory; 0: it has a number of rows of its own */
	size_t (*memory)(uint32_t rows);
	uint32_t (*grown)(const struct ledger *l);  /* rows that fit now; NULL: it does not grow */
	uint32_t (*max_of)(const struct ledger *l); /* rows of another table at most */
	void (*init)(struct ledger *l, const struct table_room *room);
	void (*fini)(struct ledger *l);
	void (*clear)(struct ledger *l);
	baseline_meters_fn *meters;
};

#define FIXED_TABLE(type, member, prefix, percent, meters)                                         \
	static void ledger_init_##member(struct ledger *l, const struct table_room *room)          \
	{                                                                                          \
		prefix##_init(&l->member, room);                                                   \
	}                                                                                          \
	static void ledger_fini_##member(struct ledger *l)                                         \
	{                                                                                          \
		prefix##_fini(&l->member);                                                         \
	}                                                                                          \
	static void ledger_clear_##member(struct ledger *l)                                        \
	{                                                                                          \
		prefix##_clear(&l->member);                                                        \
	}
#define GROWING_TABLE(type, member, prefix, percent, meters)                                       \
	FIXED_TABLE(type, member, prefix, percent, meters)                                         \
	static uint32_t ledger_grown_##member(const struct ledger *l)                              \
	{                                                                                          \
		return l->member.table.max;                                                        \
	}
#define TABLE_FOR_ROWS(type, member, prefix, percent, memory, other, meters)                       \
	FIXED_TABLE(type, member, prefix, 0, meters)                                               \
	static uint32_t ledger_max_of_##member(const struct ledger *l)                             \
	{                                                                                          \
		return l->other.table.max_grown;                                                   \
	}
#include "core/tables.def"
#undef FIXED_TABLE
#undef GROWING_TABLE
#undef TABLE_FOR_ROWS

/* clang-format off */
static const struct ledger_table ledger_tables[] = {
#define FIXED_TABLE(type, member, prefix, percent, meters) \
	{ percent, prefix##_memory, NULL, NULL, \
	  ledger_init_##member, ledger_fini_##member, ledger_clear_##member, meters },
#define GROWING_TABLE(type, member, prefix, percent, meters) \
	{ percent, prefix##_memory, ledger_grown_##member, NULL, \
	  ledger_init_##member, ledger_fini_##member, ledger_clear_##member, meters },
#define TABLE_FOR_ROWS(type, member, prefix, percent, memory, other, meters) \
	{ percent, memory, NULL, ledger_max_of_##member, \
	  ledger_init_##member, ledger_fini_##member, ledger_clear_##member, meters },
#include "core/tables.def"
#undef FIXED_TABLE
#undef GROWING_TABLE
#undef TABLE_FOR_ROWS
};
/* clang-format on */

/* The greatest number of rows whose memory() fits into bytes.  Avoids much larger numbers, for
 * which memory() could overflow. */
static uint32_t
ledger_rows_for(size_t bytes, size_t (*memory)(uint32_t))
{
	uint32_t low = 64, high = 2 * low;

	while (high < UINT32_C(1) << 28 && memory(high) <= bytes)
		high *= 2;
	while (low + 1 < high) {
		uint32_t mid = low + (high - low) / 2;

		if (memory(mid) <= bytes)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static struct table_room
ledger_table_room(const struct ledger_table *t, const struct ledger *l,
    const struct ledger_config *c, const struct hashkey *key)
{
	bool grows = (t->grown != NULL || t->max_of != NULL) && c->memory_max > c->memory;
	size_t most = grows ? c->memory_max : c->memory;
	struct table_room room = { .rows = t->max_of != NULL ? t->max_of(l) : 0, .key = key };

	if (t->memory == NULL)
		return room;
	room.max = ledger_rows_for(c->memory / 100 * t->percent, t->memory);
	room.most = ledger_rows_for(most / 100 * t->percent, t->memory);
	return room;
}

void
ledger_tables_init(struct ledger *l, const struct ledger_config *c)
{
	struct hashkey key;

	if (c->key != NULL)
		key = *c->key;
	else
		hashkey_init(&key);
	for (unsigned i = 0; i < NITEMS(ledger_tables); i++) {
		struct table_room room = ledger_table_room(&ledger_tables[i], l, c, &key);

		ledger_tables[i].init(l, &room);
	}
}

void
ledger_tables_fini(struct ledger *l)
{
	for (unsigned i = 0; i < NITEMS(ledger_tables); i++)
		ledger_tables[i].fini(l);
}

void
ledger_tables_clear(struct ledger *l)
{
	for (unsigned i = 0; i < NITEMS(ledger_tables); i++)
		ledger_tables[i].clear(l);
}

size_t
ledger_tables_memory(const struct ledger *l)
{
	size_t sum = 0;

	for (unsigned i = 0; i < NITEMS(ledger_tables); i++)
		if (ledger_tables[i].grown != NULL)
			sum += ledger_tables[i].memory(ledger_tables[i].grown(l));
	return sum;
}

unsigned
ledger_tables_meters(struct ledger *l, struct baseline_meters *of)
{
	unsigned n = 0;

	for (unsigned i = 0; i < NITEMS(ledger_tables); i++)
		if (ledger_tables[i].meters != NULL)
			n += ledger_tables[i].meters(l, of + n);
	return n;
}

void
ledger_put_baseline(struct ledger *l, struct baseline *z)
{
	struct baseline_meters of[BASELINE_TABLES];
	unsigned n = ledger_tables_meters(l, of);

	baseline_del(l->baseline);
	l->baseline = z;
	for (unsigned i = 0; i < n; i++)
		if (of[i].owner != NULL)
			*of[i].owner = z;
}

void
ledger_drop_baseline(struct ledger *l)
{
	baseline_del(l->next_baseline);
	l->next_baseline = NULL;
	ledger_put_baseline(l, NULL);
}
