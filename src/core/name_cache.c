#include "config.h"

#include "core/host.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"

void
name_cache_init(struct name_cache *ns, const struct table_room *room)
{
	ns->row = table_init(&ns->table, sizeof(*ns->row), room->max, room->most, room->key);
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

/* FNV-1a over the letters in lower case, folded to 16 bits. */
static uint16_t
name_cache_hash_text(const char *text)
{
	uint32_t hash = 0x811c9dc5;

	for (; *text != '\0'; text++) {
		uint8_t c = (uint8_t)*text;

		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) * 0x01000193;
	}
	return (uint16_t)(hash ^ hash >> 16);
}

/* Counts a name that the key has not had before. */
static void
name_cache_count(struct cached_name *n, const char *text)
{
	uint16_t hash = name_cache_hash_text(text);

	for (unsigned i = 0; i < n->n_known; i++)
		if (n->known[i] == hash)
			return;
	if (n->n_known < NAME_CACHE_KNOWN)
		n->known[n->n_known++] = hash;
}

void
name_cache_learn(struct name_cache *ns, uint8_t kind, const struct addr *key,
    enum name_origin origin, const char *text, uint32_t seen)
{
	uint32_t hash = name_cache_hash(ns, kind, key),
		 row = name_cache_find_row(ns, hash, kind, key);
	struct cached_name *n;

	if (row == INDEX_NONE) {
		row = name_cache_add_row(ns, hash, seen);
		ns->row[row].key = *key;
		ns->row[row].kind = kind;
		ns->row[row].origin = NAME_UNKNOWN;
		ns->row[row].n_known = 0;
	}
	n = &ns->row[row];
	n->score_time = seen;
	name_cache_count(n, text);
	if (origin < n->origin)
		return;
	n->origin = (uint8_t)origin;
	strlcpy(n->text, text, sizeof(n->text));
}

const struct cached_name *
name_cache_find(const struct name_cache *ns, uint8_t kind, const struct addr *key)
{
	uint32_t row = name_cache_find_row(ns, name_cache_hash(ns, kind, key), kind, key);

	return row == INDEX_NONE ? NULL : &ns->row[row];
}

const char *
name_cache_find_text(const struct name_cache *ns, uint8_t kind, const struct addr *key)
{
	const struct cached_name *n = name_cache_find(ns, kind, key);

	return n != NULL ? n->text : NULL;
}

static const struct {
	char letter;
	const char *words;
} name_origins[NAME_ORIGINS] = {
	[NAME_ALIAS] = { 'a', "alias" },
	[NAME_PTR] = { 'p', "reverse DNS" },
	[NAME_DHCP] = { 'c', "DHCP" },
	[NAME_NETBIOS] = { 'n', "NetBIOS" },
	[NAME_LLMNR] = { 'l', "LLMNR" },
	[NAME_MDNS] = { 'm', "mDNS" },
	[NAME_HTTP] = { 'h', "HTTP Host" },
	[NAME_TLS] = { 's', "TLS SNI" },
	[NAME_DNS] = { 'd', "DNS answer" },
};

char
name_origin_letter(enum name_origin origin)
{
	assert(origin > NAME_UNKNOWN && origin < NAME_ORIGINS);
	return name_origins[origin].letter;
}

const char *
name_origin_words(enum name_origin origin)
{
	assert(origin > NAME_UNKNOWN && origin < NAME_ORIGINS);
	return name_origins[origin].words;
}
