#include "config.h"

#include "core/host.h"

#include <assert.h>
#include <string.h>

#include "core/lru.h"
#include "util/alloc.h"

static void
name_cache_alloc(struct name_cache *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(ns, 0, sizeof(*ns));
	ns->row = pages_new(most * sizeof(*ns->row));
	ns->max = max;
	ns->max_grown = most;
	ns->hashkey = *key;
	lru_init(&ns->lru, most);
}

void
name_cache_init(struct name_cache *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	assert(max > 0);
	name_cache_alloc(ns, max, most, key);
	index_init_growing(&ns->index, max, most);
}

void
name_cache_fini(struct name_cache *ns)
{
	pages_del(ns->row);
	index_fini(&ns->index);
	lru_fini(&ns->lru);
}

void
name_cache_clear(struct name_cache *ns)
{
	struct name_cache was = *ns;

	pages_del(was.row);
	lru_fini(&was.lru);
	name_cache_alloc(ns, was.max, was.max_grown, &was.hashkey);
	ns->index = was.index;
	index_clear_slots(&ns->index, 0, index_slots(&ns->index));
}

size_t
name_cache_memory(uint32_t max)
{
	return max * (sizeof(struct cached_name) + sizeof(struct lru_entry)) + index_memory(max);
}

static uint32_t
name_cache_hash(const struct name_cache *ns, uint8_t kind, const struct addr *key)
{
	uint64_t words[3] = { key->w[0], key->w[1], kind };

	return (uint32_t)hash_words(&ns->hashkey, words, 3);
}

static uint32_t
name_cache_find_row(
    const struct name_cache *ns, uint32_t hash, uint8_t kind, const struct addr *key)
{
	uint32_t row;

	for (uint32_t slot = index_first(&ns->index, hash);
	     (row = index_at(&ns->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&ns->index, slot))
		if (row != INDEX_SKIP && ns->row[row].kind == kind &&
		    addr_equal(&ns->row[row].key, key))
			return row;
	return INDEX_NONE;
}

static uint32_t
name_cache_lru_score(const void *table, uint32_t row)
{
	return ((const struct name_cache *)table)->row[row].score_time;
}

static bool
name_cache_has_room(struct name_cache *ns)
{
	return lru_has_room(&ns->lru, &ns->index, ns->used, &ns->max, ns->max_grown);
}

static uint32_t
name_cache_evict(struct name_cache *ns)
{
	uint32_t row = lru_choose(&ns->lru, ns->used, ns, name_cache_lru_score);

	index_remove(&ns->index, ns->lru.entry[row].hash, row);
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
		row = name_cache_has_room(ns) ? ns->used++ : name_cache_evict(ns);
		ns->row[row].key = *key;
		ns->row[row].kind = kind;
		ns->lru.entry[row] = (struct lru_entry){ .score = seen, .hash = hash };
		index_add(&ns->index, hash, row);
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
