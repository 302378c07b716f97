#include "config.h"

#include "core/packet.h"

#include "util/attr.h"

#define LIFE_NS UINT64_C(30000000000)

void
fragments_init(struct fragments *fs, const struct table_room *room)
{
	fs->row = table_init(&fs->table, sizeof(*fs->row), room->max, room->max, room->key);
}

void
fragments_fini(struct fragments *fs)
{
	table_fini(&fs->table);
}

void
fragments_clear(struct fragments *fs)
{
	fs->row = table_clear(&fs->table);
}

size_t
fragments_memory(uint32_t max)
{
	return table_memory(sizeof(struct fragment), max);
}

/* The key of a datagram's fragments.  For IPv6 it has no protocol: the next header may differ
 * between fragments. */
static struct fragment
fragments_key(const struct fragments *fs, const struct pkt *p)
{
	uint16_t named = p->kind == ADDR_IP6 ? 0 : p->proto;
	uint64_t words[5] = { p->src.w[0], p->src.w[1], p->dst.w[0], p->dst.w[1],
		(uint64_t)p->frag_id << 32 | (uint64_t)named << 16 | (uint64_t)p->kind << 8 |
		    p->domain };

	return (struct fragment){
		.src = p->src,
		.dst = p->dst,
		.ts = p->ts,
		.id = p->frag_id,
		.hash = hash_pairs(&fs->table.key, words, NITEMS(words)) ^ p->context_id,
		.context = p->context_id,
		.key_proto = named,
		.kind = p->kind,
		.domain = p->domain,
		.flow = { .src = p->src,
		    .dst = p->dst,
		    .proto = p->proto,
		    .sport = p->sport,
		    .dport = p->dport,
		    .kind = p->kind,
		    .context_id = p->context_id,
		    .context = p->context },
	};
}

static bool
fragments_is_same(const struct fragment *x, const struct fragment *y)
{
	return x->id == y->id && x->key_proto == y->key_proto && x->kind == y->kind &&
	    x->domain == y->domain && x->context == y->context && addr_equal(&x->src, &y->src) &&
	    addr_equal(&x->dst, &y->dst);
}

static struct fragment *
fragments_find(const struct fragments *fs, const struct fragment *like)
{
	INDEX_EACH (&fs->table.index, like->hash, row)
		if (fragments_is_same(&fs->row[row], like))
			return &fs->row[row];
	return NULL;
}

static void
fragments_note_first(struct fragments *fs, const struct fragment *first)
{
	struct fragment *f = fragments_find(fs, first);

	if (f == NULL)
		f = &fs->row[table_put_in_turn(&fs->table, first->hash)];
	*f = *first;
}

/* Stores the first fragment of the tunnel packet that p was in: its later fragments belong to the
 * flow of p. */
static void
fragments_note_outer(struct fragments *fs, const struct pkt *p)
{
	struct fragment_flow flow = fragments_key(fs, p).flow;
	struct pkt outer = *p;
	struct fragment first;

	outer.kind = p->outer_kind;
	outer.src = p->outer.src;
	outer.dst = p->outer.dst;
	outer.proto = p->outer.proto;
	outer.frag_id = p->outer.frag_id;
	outer.context_id = 0; /* the context of the outer packet is not known here */
	first = fragments_key(fs, &outer);
	first.flow = flow;
	fragments_note_first(fs, &first);
}

static void
fragments_copy_from_first(struct fragments *fs, struct pkt *p)
{
	struct fragment like = fragments_key(fs, p), *f = fragments_find(fs, &like);

	if (f == NULL && like.context != 0) {
		like.hash ^= like.context;
		like.context = 0;
		f = fragments_find(fs, &like);
	}
	if (f == NULL || (p->ts > f->ts ? p->ts - f->ts : f->ts - p->ts) > LIFE_NS)
		return;
	p->src = f->flow.src;
	p->dst = f->flow.dst;
	p->kind = f->flow.kind;
	p->context_id = f->flow.context_id;
	p->context = f->flow.context;
	p->proto = f->flow.proto;
	p->sport = f->flow.sport;
	p->dport = f->flow.dport;
}

void
fragments_join(struct fragments *fs, struct pkt *p)
{
	struct fragment first;

	if (p->flags & PKT_LATER_FRAGMENT) {
		fragments_copy_from_first(fs, p);
	} else if ((p->flags & (PKT_FRAGMENT | PKT_PORTS)) == (PKT_FRAGMENT | PKT_PORTS)) {
		first = fragments_key(fs, p);
		fragments_note_first(fs, &first);
	}
	if (p->outer_kind != ADDR_NONE)
		fragments_note_outer(fs, p);
}
