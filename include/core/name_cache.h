/*
 * Names that the traffic itself told: of addresses, from answers of DNS, and of
 * the servers of flows.
 *
 *	name_cache_init(&ns, max, &key);
 *	name_cache_learn(&ns, ADDR_IP4, &addr, "www.example.com", now);
 *	text = name_cache_find(&ns, ADDR_IP4, &addr);	NULL: not known
 *	name_cache_fini(&ns);
 *
 * Memory is set aside at the start.  In a full table the name that was learned the longest
 * ago of a few neighbours leaves.  All texts are clean.
 */
#ifndef CORE_NAME_CACHE_H
#define CORE_NAME_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "core/lru.h"
#include "dissect/addr.h"
#include "util/hash.h"
#include "util/index.h"
#include "util/text.h"

struct cached_name {
	struct addr key;     /* an address, or whatever else 16 bytes can tell */
	uint32_t score_time; /* as claims have it, see lru.h */
	uint8_t kind;        /* enum addr_kind; the owner's business where the key is no address */
	char text[TEXT_MAX + 1];
};

struct name_cache {
	struct cached_name *row;
	struct index index;
	struct lru lru;
	uint32_t used, max, max_grown;
	struct hashkey hashkey;
};

/* Room for max names, and later for most. */
void name_cache_init(struct name_cache *ns, uint32_t max, uint32_t most, const struct hashkey *key);
void name_cache_fini(struct name_cache *ns);
void name_cache_clear(struct name_cache *ns);

/* Bytes that a table of max names takes. */
size_t name_cache_memory(uint32_t max);

/* From now on the key has this name; text is clean and at most TEXT_MAX bytes; seen: as claims have
 * it. */
void name_cache_learn(
    struct name_cache *ns, uint8_t kind, const struct addr *key, const char *text, uint32_t seen);

/* The name of a key, or NULL; lent until the next name_cache_learn(). */
const char *name_cache_find(const struct name_cache *ns, uint8_t kind, const struct addr *key);

#endif
