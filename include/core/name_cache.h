/*
 * Cache of names learned from traffic: of addresses, from DNS answers, and of the servers of flows.
 *
 *	name_cache_init(&ns, max, &key);
 *	name_cache_learn(&ns, ADDR_IP4, &addr, "www.example.com", now);
 *	text = name_cache_find(&ns, ADDR_IP4, &addr);	NULL: not known
 *	name_cache_fini(&ns);
 *
 * Memory is reserved at the start.  A full table evicts the oldest of a few neighbouring names.
 * All texts are clean.
 */
#ifndef CORE_NAME_CACHE_H
#define CORE_NAME_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "core/lru.h"
#include "dissect/addr.h"
#include "util/hash.h"
#include "util/text.h"

struct cached_name {
	struct addr key;     /* an address, or any other 16 bytes */
	uint32_t score_time; /* as claims have it, see lru.h */
	uint8_t kind;        /* enum addr_kind; free for the owner if the key is not an address */
	char text[TEXT_MAX + 1];
};

struct name_cache {
	struct cached_name *row;
	struct index index;
	struct lru lru;
	uint32_t used, max, max_grown;
	struct hashkey hashkey;
};

/* Allocates room for max names, growing up to `most`. */
void name_cache_init(struct name_cache *ns, uint32_t max, uint32_t most, const struct hashkey *key);
void name_cache_fini(struct name_cache *ns);
void name_cache_clear(struct name_cache *ns);

/* Memory of a table of max names, in bytes. */
size_t name_cache_memory(uint32_t max);

/* Sets the name of a key. text is clean and at most TEXT_MAX bytes; seen is in score units. */
void name_cache_learn(
    struct name_cache *ns, uint8_t kind, const struct addr *key, const char *text, uint32_t seen);

/* The name of a key, or NULL; valid until the next name_cache_learn(). */
const char *name_cache_find(const struct name_cache *ns, uint8_t kind, const struct addr *key);

#endif
