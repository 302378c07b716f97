#include "config.h"

#include "core/name_cache.h"

#include <string.h>

#include "core/lru.h"
#include "util/pages.h"

static void
begin(struct names *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(ns, 0, sizeof(*ns));
	ns->row = pages_new(most * sizeof(*ns->row));
	ns->max = max;
	ns->most = most;
	ns->hashkey = *key;
	victims_init(&ns->victims, most);
}

void
names_init(struct names *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	begin(ns, max, most, key);
	index_init_growing(&ns->index, max, most);
}

void
names_fini(struct names *ns)
{
	pages_del(ns->row);
	index_fini(&ns->index);
	victims_fini(&ns->victims);
}

void
names_clear(struct names *ns)
{
	struct names was = *ns;

	pages_del(was.row);
	victims_fini(&was.victims);
	begin(ns, was.max, was.most, &was.hashkey);
	ns->index = was.index;
	index_clear_slots(&ns->index, 0, index_slots(&ns->index));
}

size_t
names_memory(uint32_t max)
{
	return max * (sizeof(struct name) + sizeof(struct standing)) + index_memory(max);
}

static uint32_t
hash_of(const struct names *ns, uint8_t kind, const struct addr *key)
{
	uint64_t words[3] = { key->w[0], key->w[1], kind };

	return (uint32_t)hash_words(&ns->hashkey, words, 3);
}

static uint32_t
find(const struct names *ns, uint32_t hash, uint8_t kind, const struct addr *key)
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
claim(const void *table, uint32_t row)
{
	return ((const struct names *)table)->row[row].learned;
}

static bool
has_room(struct names *ns)
{
	return ns->used < ns->max ||
	    victims_grow(&ns->victims, &ns->index, ns->used, &ns->max, ns->most);
}

static uint32_t
make_room(struct names *ns)
{
	uint32_t row = victims_choose(&ns->victims, ns->used, ns, claim);

	index_remove(&ns->index, ns->victims.of[row].hash, row);
	return row;
}

void
names_learn(struct names *ns, uint8_t kind, const struct addr *key, const char *text, uint32_t seen)
{
	uint32_t hash = hash_of(ns, kind, key), row = find(ns, hash, kind, key);
	struct name *n;

	if (row == INDEX_NONE) {
		row = has_room(ns) ? ns->used++ : make_room(ns);
		ns->row[row].key = *key;
		ns->row[row].kind = kind;
		ns->victims.of[row] = (struct standing){ .claim = seen, .hash = hash };
		index_add(&ns->index, hash, row);
	}
	n = &ns->row[row];
	n->learned = seen;
	strlcpy(n->text, text, sizeof(n->text));
}

const char *
names_find(const struct names *ns, uint8_t kind, const struct addr *key)
{
	uint32_t row = find(ns, hash_of(ns, kind, key), kind, key);

	return row == INDEX_NONE ? NULL : ns->row[row].text;
}
