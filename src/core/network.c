#include "config.h"

#include "core/network.h"

#include <assert.h>
#include <string.h>

#include "core/baseline.h"
#include "core/host.h"

static void
networks_clear_other(struct networks *ns)
{
	ns->other = (struct network){ .other = true };
	memset(ns->other_sums, 0, sizeof(ns->other_sums));
}

void
networks_init(struct networks *ns, const struct table_room *room)
{
	memset(ns, 0, sizeof(*ns));
	ns->row = table_init(&ns->table, sizeof(*ns->row), room->max, room->most, room->key);
	networks_clear_other(ns);
}

void
networks_fini(struct networks *ns)
{
	table_fini(&ns->table);
}

/* Stays enabled.  The hosts are cleared too, so none are left to add. */
void
networks_clear(struct networks *ns)
{
	uint32_t used = ns->table.used;

	ns->row = table_clear(&ns->table);
	table_clear_index(&ns->table);
	networks_clear_other(ns);
	ns->n_added = ns->enabled ? NETWORKS_ALL : 0;
	baseline_reset_table(ns->baseline, ns->other.meter, ns->row->meter, used);
}

size_t
networks_memory(uint32_t max)
{
	return table_memory(sizeof(struct network), max);
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
	uint32_t row = table_evict(&ns->table, ns, networks_lru_score);
	struct network *n = &ns->row[row];

	networks_add_to_other(ns, n->meter, b);
	baseline_move(ns->baseline, n->meter, ns->other.meter, CLASSES);
	ns->other.flows += n->flows;
	ns->other.hosts += n->hosts;
	return row;
}

static uint32_t
networks_find_row(const struct networks *ns, uint32_t hash, const struct network *like)
{
	INDEX_EACH (&ns->table.index, hash, row)
		if (networks_is_same(&ns->row[row], like))
			return row;
	return INDEX_NONE;
}

static uint32_t
networks_add_row(
    struct networks *ns, uint32_t hash, const struct network *like, const struct intervals *b)
{
	uint32_t row = table_has_room(&ns->table) ? ns->table.used++ : networks_evict(ns, b);

	ns->row[row] = *like;
	table_put(&ns->table, row, hash, lru_score(like->score_time, 0));
	return row;
}

/* The network of a host; adds it if needed.  The host stores its last row. */
static struct network *
networks_get_row(struct networks *ns, struct host *h, const struct intervals *b)
{
	struct network like = networks_key_of_host(ns, h);
	uint64_t words[3] = { like.addr.w[0], like.addr.w[1],
		like.kind | (uint64_t)like.bits << 8 };
	uint32_t row = h->network, hash;

	if (row < ns->table.used && networks_is_same(&ns->row[row], &like))
		return &ns->row[row];
	hash = hash_pairs(&ns->table.key, words, NITEMS(words));
	row = networks_find_row(ns, hash, &like);
	if (row == INDEX_NONE)
		row = networks_add_row(ns, hash, &like, b);
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

unsigned
networks_meters(struct ledger *l, struct baseline_meters *of)
{
	of[0] = BASELINE_METERS(l->networks, l->networks.row, meter[0], CLASSES);
	of[0].other = l->networks.other.meter;
	of[0].owner = &l->networks.baseline;
	return 1;
}
