#include "config.h"

#include "core/context_table.h"

#include <string.h>

#include "core/flow_lookup.h"
#include "core/ledger.h"
#include "util/buf.h"
#include "util/pages.h"

#define IP_PROTO_ICMP   1
#define IP_PROTO_ICMPV6 58
#define ECHO_REQUEST    8   /* RFC 792 */
#define ECHO_REQUEST6   128 /* RFC 4443 */

static void
begin(struct contexts *cs, uint32_t max)
{
	cs->row = pages_new(max * sizeof(*cs->row));
	cs->waiting = pages_new(WAITING_SETS * sizeof(*cs->waiting));
	cs->max = max;
	cs->used = cs->hand = 0;
}

void
contexts_init(struct contexts *cs, uint32_t max, const struct hashkey *key)
{
	/* Not that of flows, with whose hashes the numbers are mixed. */
	struct hashkey own = { ~key->k0, ~key->k1 };

	begin(cs, max);
	pairkey_init(&cs->key, &own);
	index_init(&cs->index, max);
}

void
contexts_fini(struct contexts *cs)
{
	pages_del(cs->row);
	pages_del(cs->waiting);
	index_fini(&cs->index);
}

void
contexts_clear(struct contexts *cs)
{
	pages_del(cs->row);
	pages_del(cs->waiting);
	begin(cs, cs->max);
	index_clear_slots(&cs->index, 0, index_slots(&cs->index));
}

size_t
contexts_memory(uint32_t max)
{
	return max * sizeof(struct context_row) +
	    WAITING_SETS * sizeof(struct waiting[WAITING_WAYS]) + index_memory(max);
}

static struct context_row *
find(const struct contexts *cs, uint32_t id)
{
	uint32_t row;

	for (uint32_t slot = index_first(&cs->index, id);
	     (row = index_at(&cs->index, slot, id)) != INDEX_NONE;
	     slot = index_next(&cs->index, slot))
		if (row != INDEX_SKIP)
			return &cs->row[row];
	return NULL;
}

const struct context *
contexts_find(const struct contexts *cs, uint32_t id)
{
	static const struct context none;
	const struct context_row *row;

	if (id == 0)
		return &none;
	row = find(cs, id);
	return row != NULL ? &row->context : NULL;
}

static bool
names_line(enum context_tunnel t)
{
	return t == TUNNEL_TEID || t == TUNNEL_L2TP;
}

/* What names a network of a context. */
static struct context
network_of(const struct context *c)
{
	struct context n = *c;

	n.session = 0;
	if (names_line((enum context_tunnel)c->tunnel)) {
		n.tunnel = TUNNEL_NONE;
		n.id = 0;
	}
	return n;
}

static void
add(struct contexts *cs, uint32_t id, const struct context *c, uint32_t network)
{
	uint32_t row = cs->hand;

	if (cs->used < cs->max)
		cs->used++;
	else
		index_remove(&cs->index, cs->row[row].id, row);
	cs->hand = row + 1 < cs->max ? row + 1 : 0;
	cs->row[row] = (struct context_row){ .context = *c, .id = id, .network = network };
	index_add(&cs->index, id, row);
}

void
contexts_note(struct contexts *cs, uint32_t id, const struct context *c)
{
	struct context network = network_of(c);
	uint32_t network_id;

	if (id == 0 || find(cs, id) != NULL)
		return;
	network_id = contexts_id(cs, &network);
	add(cs, id, c, network_id);
	if (network_id != 0 && find(cs, network_id) == NULL)
		add(cs, network_id, &network, network_id);
}

/* A link-local address is of the link of a point of capture, whatever the tags. */
static uint32_t
on_link(struct contexts *cs, struct context network, uint8_t domain)
{
	uint32_t id;

	network.zone = domain;
	id = contexts_id(cs, &network);
	contexts_note(cs, id, &network);
	return id;
}

uint32_t
contexts_of_host(
    struct contexts *cs, const struct addr *a, uint8_t kind, uint32_t id, uint8_t domain)
{
	static const struct context none;
	const struct context_row *row;

	if (!addr_is_non_global((enum addr_kind)kind, a))
		return 0;
	row = id != 0 ? find(cs, id) : NULL;
	if (domain != 0 && addr_is_link_local((enum addr_kind)kind, a))
		return on_link(cs, row != NULL ? network_of(&row->context) : none, domain);
	return row != NULL ? row->network : id;
}

bool
flow_context_fact(
    const struct ledger *l, const struct flow *f, enum context_field fact, uint32_t *n)
{
	for (int i = 0; i < 2; i++) {
		const struct context *c = contexts_find(&l->contexts, f->context[i]);

		if (c != NULL && context_field(c, fact, n))
			return true;
	}
	return false;
}

static const char *
zone_name(const struct ledger *l, uint8_t domain)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].point == domain)
			return l->source[i].name;
	return "?";
}

void
ledger_context_text(struct buf *b, const struct ledger *l, uint32_t id)
{
	const struct context *c = contexts_find(&l->contexts, id);
	char text[CONTEXT_TEXT];
	struct buf known;

	buf_init(&known, text, sizeof(text));
	if (c != NULL)
		context_text(&known, c);
	buf_adds(b, c != NULL ? text : "?");
}

static bool
has_zones(const struct ledger *l)
{
	for (unsigned i = 1; i < l->n_sources; i++)
		if (l->source[i].point != l->source[0].point)
			return true;
	return false;
}

void
host_context_text(struct buf *b, const struct ledger *l, const struct host *h)
{
	const struct context *c = contexts_find(&l->contexts, host_context(h));

	if (c != NULL && has_zones(l) && addr_is_link_local((enum addr_kind)h->kind, &h->addr))
		buf_addf(
		    b, "zone %s%s", zone_name(l, c->zone), (c->w[1] | c->vlan[0]) != 0 ? " " : "");
	ledger_context_text(b, l, host_context(h));
}

void
flow_context_text(struct buf *b, const struct ledger *l, const struct flow *f)
{
	if (f->context[0] == f->context[1]) {
		ledger_context_text(b, l, f->context[0]);
		return;
	}
	for (int way = 0; way < 2; way++) {
		uint32_t id = f->context[way ^ f->began_at];

		buf_adds(b, way > 0 ? " / " : "");
		if (id != 0)
			ledger_context_text(b, l, id);
		else
			buf_addc(b, '-');
	}
}

void
contexts_wait(struct contexts *cs, uint32_t hash, uint32_t row)
{
	struct waiting *set = cs->waiting[hash % WAITING_SETS];

	memmove(set + 1, set, (WAITING_WAYS - 1) * sizeof(*set));
	set[0] = (struct waiting){ hash, row };
}

/* True for what is no answer, but opens something itself. */
static bool
opens(const struct pkt *p)
{
	return pkt_is_syn(p) || (p->proto == IP_PROTO_ICMP && p->icmp_type == ECHO_REQUEST) ||
	    (p->proto == IP_PROTO_ICMPV6 && p->icmp_type == ECHO_REQUEST6);
}

static bool
is_paired(const struct flow *f)
{
	return f->context[0] != f->context[1];
}

/* True for a flow of which nothing came yet the way that p goes. */
static bool
awaits(const struct flow *f, const struct pkt *p, int *way)
{
	return flow_is_between(f, p, way) && !is_paired(f) && !flow_ended(f) &&
	    flow_tally(f, *way).packets == 0;
}

/* The context of its answers is that of another flow. */
static void
separate(struct flows *fs, uint32_t row)
{
	struct flow *f = &fs->row[row];

	index_remove(&fs->index, flow_answers_hash(fs, row), row);
	f->context[1] = f->context[0];
	if (f->context[0] == 0)
		f->bits &= (uint16_t)~FLOW_TAGGED;
}

static void
separate_others(struct flows *fs, uint32_t hash, const struct pkt *p)
{
	uint32_t row;
	int way;

	for (uint32_t slot = index_first(&fs->index, hash);
	     (row = index_at(&fs->index, slot, hash)) != INDEX_NONE;
	     slot = index_next(&fs->index, slot)) {
		if (row == INDEX_SKIP || !is_paired(&fs->row[row]) ||
		    !flow_is_between(&fs->row[row], p, &way))
			continue;
		separate(fs, row);
		return;
	}
}

/* Those that began in a context. */
static uint32_t
find_waiting(const struct ledger *l, uint32_t ends, const struct pkt *p, int *way)
{
	const struct waiting *set = l->contexts.waiting[ends % WAITING_SETS];

	for (int i = WAITING_WAYS - 1; i >= 0; i--)
		if (set[i].hash == ends && set[i].row < l->flows.used &&
		    awaits(&l->flows.row[set[i].row], p, way))
			return set[i].row;
	return INDEX_NONE;
}

/* Those that began without one. */
static uint32_t
find_plain(const struct flows *fs, uint32_t ends, const struct pkt *p, int *way)
{
	uint32_t row;

	for (uint32_t slot = index_first(&fs->index, ends);
	     (row = index_at(&fs->index, slot, ends)) != INDEX_NONE;
	     slot = index_next(&fs->index, slot))
		if (row != INDEX_SKIP && fs->row[row].context[0] == 0 &&
		    awaits(&fs->row[row], p, way))
			return row;
	return INDEX_NONE;
}

uint32_t
flows_answered(struct ledger *l, uint32_t hash, const struct pkt *p, int *way)
{
	uint32_t ends = hash ^ p->context_id, row = INDEX_NONE;
	struct flows *fs = &l->flows;

	separate_others(fs, hash, p);
	if (opens(p))
		return INDEX_NONE;
	row = find_waiting(l, ends, p, way);
	if (row == INDEX_NONE && p->context_id != 0)
		row = find_plain(fs, ends, p, way);
	if (row == INDEX_NONE)
		return INDEX_NONE;
	fs->row[row].context[1] = p->context_id;
	fs->row[row].bits |= FLOW_TAGGED;
	index_add(&fs->index, hash, row);
	contexts_note(&l->contexts, p->context_id, &p->context);
	return row;
}
