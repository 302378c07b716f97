#include "config.h"

#include "core/network.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/host.h"
#include "core/lru.h"
#include "util/pages.h"

static void
begin(struct networks *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(ns, 0, sizeof(*ns));
	ns->row = pages_new(most * sizeof(*ns->row));
	ns->max = max;
	ns->most = most;
	ns->hashkey = *key;
	ns->other.other = true;
	victims_init(&ns->victims, most);
}

void
networks_init(struct networks *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	begin(ns, max, most, key);
	index_init_growing(&ns->index, max, most);
}

void
networks_fini(struct networks *ns)
{
	pages_del(ns->row);
	index_fini(&ns->index);
	victims_fini(&ns->victims);
}

/* What is watched goes on being watched: of hosts that are gone as well, nothing is left to take.
 */
void
networks_clear(struct networks *ns)
{
	struct networks was = *ns;

	pages_del(was.row);
	victims_fini(&was.victims);
	begin(ns, was.max, was.most, &was.hashkey);
	ns->index = was.index;
	index_clear_slots(&ns->index, 0, index_slots(&ns->index));
	ns->watched = was.watched;
	ns->bits4 = was.bits4;
	ns->bits6 = was.bits6;
	ns->taken = was.watched ? NETWORKS_ALL : 0;
	ns->baseline = was.baseline;
	baseline_forget(ns->baseline, BASELINE_NETWORKS, ns->row->meter, was.used);
}

size_t
networks_memory(uint32_t max)
{
	return max * (sizeof(struct network) + sizeof(struct standing)) + index_memory(max);
}

/* What a host's network is called. */
static struct network
network_of(const struct networks *ns, const struct host *h)
{
	struct network n = { .kind = ADDR_NONE, .seen = h->seen };

	if (h->kind != ADDR_IP4 && h->kind != ADDR_IP6)
		return n;
	n.addr = h->addr;
	n.kind = h->kind;
	n.bits = h->kind == ADDR_IP4 ? ns->bits4 : ns->bits6;
	if (n.bits == NETWORKS_AUTO)
		n.bits = h->level;
	addr_mask(&n.addr, n.bits);
	return n;
}

static bool
is(const struct network *x, const struct network *y)
{
	return x->kind == y->kind && x->bits == y->bits && addr_equal(&x->addr, &y->addr);
}

bool
networks_has(const struct networks *ns, const struct network *n, const struct host *h)
{
	struct network like = network_of(ns, h);

	return is(n, &like);
}

static void
lose(struct networks *ns, const struct meter meter[CLASSES], const struct beats *b)
{
	for (int c = 0; c < CLASSES; c++)
		other_merge(&ns->other.meter[c], &ns->other_sums[c], b, &meter[c]);
}

static uint32_t
claim(const void *table, uint32_t row)
{
	const struct network *n = &((const struct networks *)table)->row[row];
	uint64_t packets = 0;

	for (int c = 0; c < CLASSES; c++)
		packets += meter_sum(&n->meter[c]).packets;
	return claim_of(n->seen, claim_weight(packets));
}

static uint32_t
make_room(struct networks *ns, const struct beats *b)
{
	uint32_t row = victims_choose(&ns->victims, ns->used, ns, claim);
	struct network *n = &ns->row[row];

	lose(ns, n->meter, b);
	baseline_move(ns->baseline, n->meter, ns->other.meter, CLASSES);
	ns->other.flows += n->flows;
	ns->other.hosts += n->hosts;
	index_remove(&ns->index, n->hash, row);
	return row;
}

static uint32_t
find(const struct networks *ns, const struct network *like)
{
	uint32_t row;

	for (uint32_t slot = index_first(&ns->index, like->hash);
	     (row = index_at(&ns->index, slot, like->hash)) != INDEX_NONE;
	     slot = index_next(&ns->index, slot))
		if (row != INDEX_SKIP && is(&ns->row[row], like))
			return row;
	return INDEX_NONE;
}

static uint32_t
add(struct networks *ns, const struct network *like, const struct beats *b)
{
	bool room = ns->used < ns->max ||
	    victims_grow(&ns->victims, &ns->index, ns->used, &ns->max, ns->most);
	uint32_t row = room ? ns->used++ : make_room(ns, b);
	struct network *n = &ns->row[row];

	*n = *like;
	ns->victims.of[row] = (struct standing){ .claim = claim_of(n->seen, 0), .hash = n->hash };
	index_add(&ns->index, n->hash, row);
	return row;
}

/* The network of a host, made if need be.  The host knows the row where it was last time. */
static struct network *
get(struct networks *ns, struct host *h, const struct beats *b)
{
	struct network like = network_of(ns, h);
	uint64_t words[3] = { like.addr.w[0], like.addr.w[1],
		like.kind | (uint64_t)like.bits << 8 };
	uint32_t row = h->network;

	if (row < ns->used && is(&ns->row[row], &like))
		return &ns->row[row];
	like.hash = (uint32_t)hash_words(&ns->hashkey, words, 3);
	row = find(ns, &like);
	if (row == INDEX_NONE)
		row = add(ns, &like, b);
	h->network = row;
	return &ns->row[row];
}

void
networks_watch(struct networks *ns, uint8_t bits4, uint8_t bits6, const struct host *gone,
    const struct beats *b)
{
	assert(bits4 <= 32 && bits6 <= 128);
	networks_clear(ns);
	ns->watched = true;
	ns->bits4 = bits4;
	ns->bits6 = bits6;
	ns->taken = 0;
	networks_lose(ns, gone, b);
}

void
networks_forget(struct networks *ns)
{
	ns->watched = false;
	ns->taken = 0;
}

void
networks_take(struct networks *ns, struct host *h, const struct beats *b)
{
	struct network *n;

	ns->taken++;
	/* One of which nothing is counted yet is new when something will be. */
	if (!h->counted)
		return;
	n = get(ns, h, b);
	for (int c = 0; c < CLASSES; c++)
		meter_merge(&n->meter[c], b, &h->meter[c]);
	baseline_add(ns->baseline, h->meter, n->meter, CLASSES);
	n->flows += h->flows;
	n->hosts++;
	if (n->first == 0 || h->first < n->first)
		n->first = h->first;
	if (h->last > n->last)
		n->last = h->last;
}

void
networks_lose(struct networks *ns, const struct host *h, const struct beats *b)
{
	lose(ns, h->meter, b);
	baseline_add(ns->baseline, h->meter, ns->other.meter, CLASSES);
	ns->other.flows += h->flows;
}

void
networks_add(
    struct networks *ns, struct host *h, const struct network_move *m, const struct beats *b)
{
	struct network *n = get(ns, h, b);
	struct meter *meter = &n->meter[m->class];

	meter_turn(meter, b);
	meter_add(meter, 0, m->out.packets, m->out.bytes);
	meter_add(meter, 1, m->in.packets, m->in.bytes);
	peak_add(&n->peak, b, m->out.bytes + m->in.bytes);
	n->seen = h->seen > n->seen ? h->seen : n->seen;
	n->flows += m->flow;
	n->hosts += m->host;
	if (n->first == 0 || h->first < n->first)
		n->first = h->first;
	if (m->last > n->last)
		n->last = m->last;
}
