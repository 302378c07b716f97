#include "config.h"

#include "core/host.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"

void
name_cache_init(struct name_cache *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	ns->row = table_init(&ns->table, sizeof(*ns->row), max, most, key);
}

void
name_cache_fini(struct name_cache *ns)
{
	table_fini(&ns->table);
}

void
name_cache_clear(struct name_cache *ns)
{
	ns->row = table_clear(&ns->table);
	table_clear_index(&ns->table);
}

size_t
name_cache_memory(uint32_t max)
{
	return table_memory(sizeof(struct cached_name), max);
}

static uint32_t
name_cache_hash(const struct name_cache *ns, uint8_t kind, const struct addr *key)
{
	uint64_t words[3] = { key->w[0], key->w[1], kind };

	return hash_pairs(&ns->table.key, words, NITEMS(words));
}

static uint32_t
name_cache_find_row(
    const struct name_cache *ns, uint32_t hash, uint8_t kind, const struct addr *key)
{
	INDEX_EACH (&ns->table.index, hash, row)
		if (ns->row[row].kind == kind && addr_equal(&ns->row[row].key, key))
			return row;
	return INDEX_NONE;
}

static uint32_t
name_cache_lru_score(const void *table, uint32_t row)
{
	return ((const struct name_cache *)table)->row[row].score_time;
}

static uint32_t
name_cache_add_row(struct name_cache *ns, uint32_t hash, uint32_t seen)
{
	uint32_t row = table_has_room(&ns->table)
	    ? ns->table.used++
	    : table_evict(&ns->table, ns, name_cache_lru_score);

	table_put(&ns->table, row, hash, seen);
	return row;
}

void
name_cache_learn(
    struct name_cache *ns, uint8_t kind, const struct addr *key, const char *text, uint32_t seen)
{
	uint32_t hash = name_cache_hash(ns, kind, key),
		 row = name_cache_find_row(ns, hash, kind, key);
	struct cached_name *n;

	if (row == INDEX_NONE) {
		row = name_cache_add_row(ns, hash, seen);
		ns->row[row].key = *key;
		ns->row[row].kind = kind;
	}
	n = &ns->row[row];
	n->score_time = seen;
	strlcpy(n->text, text, sizeof(n->text));
}

const char *
name_cache_find(const struct name_cache *ns, uint8_t kind, const struct addr *key)
{
	uint32_t row = name_cache_find_row(ns, name_cache_hash(ns, kind, key), kind, key);

	return row == INDEX_NONE ? NULL : ns->row[row].text;
}
