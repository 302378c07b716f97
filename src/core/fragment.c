#include "config.h"

#include "core/fragment.h"

#include <stdlib.h>
#include <string.h>

#include "core/victim.h"
#include "util/die.h"

void
fragments_init(struct fragments *fs, uint32_t max, const struct hashkey *key)
{
	memset(fs, 0, sizeof(*fs));
	fs->row = xcalloc(max, sizeof(*fs->row));
	fs->max = max;
	fs->hashkey = *key;
	index_init(&fs->index, max);
}

void
fragments_fini(struct fragments *fs)
{
	free(fs->row);
	index_fini(&fs->index);
}

void
fragments_clear(struct fragments *fs)
{
	uint32_t max = fs->max;
	struct hashkey key = fs->hashkey;

	fragments_fini(fs);
	fragments_init(fs, max, &key);
}

size_t
fragments_memory(uint32_t max)
{
	return max * sizeof(struct fragment) + index_memory(max);
}

static uint32_t
hash_of(const struct fragments *fs, const struct pkt *p, uint8_t domain)
{
	uint64_t words[5] = { p->src.w[0], p->src.w[1], p->dst.w[0], p->dst.w[1],
		(uint64_t)p->frag_id << 32 | (uint64_t)p->proto << 16 | (uint64_t)p->kind << 8 |
		    domain };

	return (uint32_t)hash_words(&fs->hashkey, words, 5);
}

static bool
is_of(const struct fragment *f, const struct pkt *p, uint8_t domain)
{
	return f->id == p->frag_id && f->proto == p->proto && f->kind == p->kind &&
	    f->domain == domain && addr_equal(&f->src, &p->src) && addr_equal(&f->dst, &p->dst);
}

static struct fragment *
find(const struct fragments *fs, uint32_t hash, const struct pkt *p, uint8_t domain)
{
	uint32_t row;

	for (uint32_t slot = index_first(&fs->index, hash);
	     (row = index_at(&fs->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&fs->index, slot))
		if (row != INDEX_SKIP && is_of(&fs->row[row], p, domain))
			return &fs->row[row];
	return NULL;
}

static uint64_t
claim(const void *table, uint32_t row)
{
	return ((const struct fragments *)table)->row[row].seen;
}

static struct fragment *
add(struct fragments *fs, uint32_t hash)
{
	uint32_t row = fs->used;

	if (fs->used < fs->max) {
		fs->used++;
	} else {
		row = victim_choose(fs, fs->used, &fs->hand, claim);
		index_remove(&fs->index, fs->row[row].hash, row);
	}
	index_add(&fs->index, hash, row);
	return &fs->row[row];
}

void
fragments_join(struct fragments *fs, struct pkt *p, uint8_t domain)
{
	uint32_t hash = hash_of(fs, p, domain);
	struct fragment *f = find(fs, hash, p, domain);

	if (p->flags & PKT_LATER) {
		if (f == NULL || p->ts - f->seen > FRAGMENT_LIFE)
			return;
		p->sport = f->sport;
		p->dport = f->dport;
	} else if (p->flags & PKT_PORTS) {
		if (f == NULL)
			f = add(fs, hash);
		*f = (struct fragment){
			.src = p->src,
			.dst = p->dst,
			.seen = p->ts,
			.id = p->frag_id,
			.hash = hash,
			.proto = p->proto,
			.sport = p->sport,
			.dport = p->dport,
			.kind = p->kind,
			.domain = domain,
		};
	}
}
