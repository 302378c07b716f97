#include "config.h"

#include "core/network.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/host.h"
#include "core/lru.h"
#include "util/alloc.h"

static void
networks_alloc(struct networks *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	memset(ns, 0, sizeof(*ns));
	ns->row = pages_new(most * sizeof(*ns->row));
	ns->max = max;
	ns->max_grown = most;
	ns->hashkey = *key;
	ns->other.other = true;
	lru_init(&ns->lru, most);
}

void
networks_init(struct networks *ns, uint32_t max, uint32_t most, const struct hashkey *key)
{
	assert(max > 0 && max <= most);
	networks_alloc(ns, max, most, key);
	index_init_growing(&ns->index, max, most);
}

void
networks_fini(struct networks *ns)
{
	pages_del(ns->row);
	index_fini(&ns->index);
	lru_fini(&ns->lru);
}

/* Stays enabled.  The hosts are cleared too, so none are left to add. */
void
networks_clear(struct networks *ns)
{
	struct networks was = *ns;

	pages_del(was.row);
	lru_fini(&was.lru);
	networks_alloc(ns, was.max, was.max_grown, &was.hashkey);
	ns->index = was.index;
	index_clear_slots(&ns->index, 0, index_slots(&ns->index));
	ns->enabled = was.enabled;
	ns->bits4 = was.bits4;
	ns->bits6 = was.bits6;
	ns->n_added = was.enabled ? NETWORKS_ALL : 0;
	ns->baseline = was.baseline;
	baseline_reset_table(ns->baseline, BASELINE_NETWORKS, ns->row->meter, was.used);
}

size_t
networks_memory(uint32_t max)
{
	return max * (sizeof(struct network) + sizeof(struct lru_entry)) + index_memory(max);
}

/* The key of a host's network. */
static struct network
networks_key_of_host(const struct networks *ns, const struct host *h)
{
	struct network n = { .kind = ADDR_NONE, .score_time = h->score_time };

	if (h->kind != ADDR_IP4 && h->kind != ADDR_IP6)
		return n;
	n.addr = h->addr;
	n.kind = h->kind;
	n.bits = h->kind == ADDR_IP4 ? ns->bits4 : ns->bits6;
	if (n.bits == NETWORKS_AUTO)
		n.bits = h->prefix_bits;
	addr_mask(&n.addr, n.bits);
	return n;
}

static bool
networks_is_same(const struct network *x, const struct network *y)
{
	return x->kind == y->kind && x->bits == y->bits && addr_equal(&x->addr, &y->addr);
}

bool
networks_contains(const struct networks *ns, const struct network *n, const struct host *h)
{
	struct network like = networks_key_of_host(ns, h);

	return networks_is_same(n, &like);
}

static void
networks_add_to_other(
    struct networks *ns, const struct meter meter[CLASSES], const struct intervals *b)
{
	for (int c = 0; c < CLASSES; c++)
		overflow_meter_add_meter(&ns->other.meter[c], &ns->other_sums[c], b, &meter[c]);
}

static uint32_t
networks_lru_score(const void *table, uint32_t row)
{
	const struct network *n = &((const struct networks *)table)->row[row];
	uint64_t packets = 0;

	for (int c = 0; c < CLASSES; c++)
		packets += meter_sum(&n->meter[c]).packets;
	return lru_score(n->score_time, lru_log2(packets));
}

static uint32_t
networks_evict(struct networks *ns, const struct intervals *b)
{
	uint32_t row = lru_choose(&ns->lru, ns->used, ns, networks_lru_score);
	struct network *n = &ns->row[row];

	networks_add_to_other(ns, n->meter, b);
	baseline_move(ns->baseline, n->meter, ns->other.meter, CLASSES);
	ns->other.flows += n->flows;
	ns->other.hosts += n->hosts;
	index_remove(&ns->index, n->hash, row);
	return row;
}

static uint32_t
networks_find_row(const struct networks *ns, const struct network *like)
{
	uint32_t row;

	for (uint32_t slot = index_first(&ns->index, like->hash);
	     (row = index_at(&ns->index, slot, like->hash)) != INDEX_NONE;
	     slot = index_next(&ns->index, slot))
		if (row != INDEX_SKIP && networks_is_same(&ns->row[row], like))
			return row;
	return INDEX_NONE;
}

static uint32_t
networks_add_row(struct networks *ns, const struct network *like, const struct intervals *b)
{
	bool room = lru_has_room(&ns->lru, &ns->index, ns->used, &ns->max, ns->max_grown);
	uint32_t row = room ? ns->used++ : networks_evict(ns, b);
	struct network *n = &ns->row[row];

	*n = *like;
	ns->lru.entry[row] =
	    (struct lru_entry){ .score = lru_score(n->score_time, 0), .hash = n->hash };
	index_add(&ns->index, n->hash, row);
	return row;
}

/* The network of a host; adds it if needed.  The host stores its last row. */
static struct network *
networks_get_row(struct networks *ns, struct host *h, const struct intervals *b)
{
	struct network like = networks_key_of_host(ns, h);
	uint64_t words[3] = { like.addr.w[0], like.addr.w[1],
		like.kind | (uint64_t)like.bits << 8 };
	uint32_t row = h->network;

	if (row < ns->used && networks_is_same(&ns->row[row], &like))
		return &ns->row[row];
	like.hash = (uint32_t)hash_words(&ns->hashkey, words, 3);
	row = networks_find_row(ns, &like);
	if (row == INDEX_NONE)
		row = networks_add_row(ns, &like, b);
	h->network = row;
	return &ns->row[row];
}

void
networks_start(struct networks *ns, uint8_t bits4, uint8_t bits6, const struct host *gone,
    const struct intervals *b)
{
	assert(bits4 <= 32 && bits6 <= 128);
	networks_clear(ns);
	ns->enabled = true;
	ns->bits4 = bits4;
	ns->bits6 = bits6;
	ns->n_added = 0;
	networks_drop_host(ns, gone, b);
}

void
networks_stop(struct networks *ns)
{
	ns->enabled = false;
	ns->n_added = 0;
}

void
networks_add_host(struct networks *ns, struct host *h, const struct intervals *b)
{
	struct network *n;

	ns->n_added++;
	/* Hosts without packets are added by networks_count_host() later. */
	if (!h->has_traffic)
		return;
	n = networks_get_row(ns, h, b);
	for (int c = 0; c < CLASSES; c++)
		meter_add_meter(&n->meter[c], b, &h->meter[c]);
	baseline_add(ns->baseline, h->meter, n->meter, CLASSES);
	n->flows += h->flows;
	n->hosts++;
	if (n->first == 0 || h->first < n->first)
		n->first = h->first;
	if (h->last > n->last)
		n->last = h->last;
}

void
networks_drop_host(struct networks *ns, const struct host *h, const struct intervals *b)
{
	networks_add_to_other(ns, h->meter, b);
	baseline_add(ns->baseline, h->meter, ns->other.meter, CLASSES);
	ns->other.flows += h->flows;
}

void
networks_count_host(
    struct networks *ns, struct host *h, const struct network_delta *m, const struct intervals *b)
{
	struct network *n = networks_get_row(ns, h, b);
	struct meter *meter = &n->meter[m->class];

	meter_advance(meter, b);
	meter_add(meter, 0, m->out.packets, m->out.bytes);
	meter_add(meter, 1, m->in.packets, m->in.bytes);
	peak_add(&n->peak, b, m->out.bytes + m->in.bytes);
	n->score_time = h->score_time > n->score_time ? h->score_time : n->score_time;
	n->flows += m->new_flow;
	n->hosts += m->new_host;
	if (n->first == 0 || h->first < n->first)
		n->first = h->first;
	if (m->last > n->last)
		n->last = m->last;
}
