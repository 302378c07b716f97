#include "config.h"

#include "core/packet.h"

#include <assert.h>
#include <string.h>

#include "core/flow_lookup.h"
#include "core/ledger.h"
#include "util/alloc.h"
#include "util/buf.h"

#define IP_PROTO_ICMP   1
#define IP_PROTO_ICMPV6 58
#define ECHO_REQUEST    8   /* RFC 792 */
#define ECHO_REQUEST6   128 /* RFC 4443 */

static void
contexts_alloc_waiting(struct contexts *cs)
{
	cs->awaiting_reply = pages_new(CONTEXT_WAIT_SETS * sizeof(*cs->awaiting_reply));
}

void
contexts_init(struct contexts *cs, const struct table_room *room)
{
	/* Another key than that of flows, because the numbers are XORed with their hashes. */
	struct hashkey own = { ~room->key->k0, ~room->key->k1 };

	cs->row = table_init(&cs->table, sizeof(*cs->row), room->max, room->max, &own);
	contexts_alloc_waiting(cs);
}

void
contexts_fini(struct contexts *cs)
{
	table_fini(&cs->table);
	pages_del(cs->awaiting_reply);
}

void
contexts_clear(struct contexts *cs)
{
	cs->row = table_clear(&cs->table);
	table_clear_index(&cs->table);
	pages_del(cs->awaiting_reply);
	contexts_alloc_waiting(cs);
}

size_t
contexts_memory(uint32_t max)
{
	return table_memory(sizeof(struct context_row), max) +
	    CONTEXT_WAIT_SETS * sizeof(struct context_wait[CONTEXT_WAIT_WAYS]);
}

static struct context_row *
contexts_find_row(const struct contexts *cs, uint32_t id)
{
	INDEX_EACH (&cs->table.index, id, row)
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
	row = contexts_find_row(cs, id);
	return row != NULL ? &row->context : NULL;
}

static bool
contexts_is_access_line(enum context_tunnel t)
{
	return t == TUNNEL_TEID || t == TUNNEL_L2TP;
}

/* The part of a context that identifies a network. */
static struct context
contexts_network_part(const struct context *c)
{
	struct context n = *c;

	n.session = 0;
	if (contexts_is_access_line((enum context_tunnel)c->tunnel)) {
		n.tunnel = TUNNEL_NONE;
		n.id = 0;
	}
	return n;
}

static void
contexts_add_row(struct contexts *cs, uint32_t id, const struct context *c, uint32_t network)
{
	uint32_t row = table_put_in_turn(&cs->table, id);

	cs->row[row] = (struct context_row){ .context = *c, .host_id = network };
}

void
contexts_note(struct contexts *cs, uint32_t id, const struct context *c)
{
	struct context network = contexts_network_part(c);
	uint32_t network_id;

	if (id == 0 || contexts_find_row(cs, id) != NULL)
		return;
	network_id = contexts_id(cs, &network);
	contexts_add_row(cs, id, c, network_id);
	if (network_id != 0 && contexts_find_row(cs, network_id) == NULL)
		contexts_add_row(cs, network_id, &network, network_id);
}

/* Adds the capture point to the context of a link-local address. */
static uint32_t
contexts_add_zone(struct contexts *cs, struct context network, uint8_t domain)
{
	uint32_t id;

	network.zone = domain;
	id = contexts_id(cs, &network);
	contexts_note(cs, id, &network);
	return id;
}

uint32_t
contexts_host_id(
    struct contexts *cs, const struct addr *a, uint8_t kind, uint32_t id, uint8_t domain)
{
	static const struct context none;
	const struct context_row *row;

	if (!addr_is_non_global((enum addr_kind)kind, a))
		return 0;
	row = id != 0 ? contexts_find_row(cs, id) : NULL;
	if (domain != 0 && addr_is_link_local((enum addr_kind)kind, a))
		return contexts_add_zone(
		    cs, row != NULL ? contexts_network_part(&row->context) : none, domain);
	return row != NULL ? row->host_id : id;
}

bool
flow_context_field(
    const struct ledger *l, const struct flow *f, enum context_field fact, uint32_t *n)
{
	assert(fact < CONTEXT_FIELDS);
	for (int i = 0; i < 2; i++) {
		const struct context *c = contexts_find(&l->contexts, f->context[i]);

		if (c != NULL && context_field(c, fact, n))
			return true;
	}
	return false;
}

static const char *
contexts_zone_name(const struct ledger *l, uint8_t domain)
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
contexts_has_zones(const struct ledger *l)
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

	if (c != NULL && contexts_has_zones(l) &&
	    addr_is_link_local((enum addr_kind)h->kind, &h->addr))
		buf_addf(b, "zone %s%s", contexts_zone_name(l, c->zone),
		    (c->w[1] | c->vlan[0]) != 0 ? " " : "");
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
		uint32_t id = f->context[way ^ f->first_sender];

		buf_adds(b, way > 0 ? " / " : "");
		if (id != 0)
			ledger_context_text(b, l, id);
		else
			buf_addc(b, '-');
	}
}

void
contexts_expect_reply(struct contexts *cs, uint32_t hash, uint32_t row)
{
	struct context_wait *set = cs->awaiting_reply[hash % CONTEXT_WAIT_SETS];

	memmove(set + 1, set, (CONTEXT_WAIT_WAYS - 1) * sizeof(*set));
	set[0] = (struct context_wait){ hash, row };
}

/* True for requests: a SYN or an echo request. */
static bool
contexts_is_request(const struct pkt *p)
{
	return pkt_is_syn(p) || (p->proto == IP_PROTO_ICMP && p->icmp_type == ECHO_REQUEST) ||
	    (p->proto == IP_PROTO_ICMPV6 && p->icmp_type == ECHO_REQUEST6);
}

static bool
contexts_is_asymmetric(const struct flow *f)
{
	return f->context[0] != f->context[1];
}

/* True if the flow has no packets yet in the direction of p. */
static bool
contexts_awaits_reply(const struct flow *f, const struct pkt *p, int *way)
{
	return flow_is_between(f, p, way) && !contexts_is_asymmetric(f) && !flow_has_ended(f) &&
	    flow_tally(f, *way).packets == 0;
}

/* Removes the context of a flow's answers, which belongs to another flow. */
static void
contexts_split_flow(struct flows *fs, uint32_t row)
{
	struct flow *f = &fs->row[row];

	index_remove(&fs->table.index, flow_reply_hash(fs, row), row);
	f->context[1] = f->context[0];
	if (f->context[0] == 0)
		f->bits &= (uint16_t)~FLOW_HAS_CONTEXT;
}

static void
contexts_split_others(struct flows *fs, uint32_t hash, const struct pkt *p)
{
	int way;

	INDEX_EACH (&fs->table.index, hash, row) {
		if (!contexts_is_asymmetric(&fs->row[row]) ||
		    !flow_is_between(&fs->row[row], p, &way))
			continue;
		contexts_split_flow(fs, row);
		return;
	}
}

/* Finds a flow that began in a context. */
static uint32_t
contexts_find_waiting(const struct ledger *l, uint32_t ends, const struct pkt *p, int *way)
{
	const struct context_wait *set = l->contexts.awaiting_reply[ends % CONTEXT_WAIT_SETS];

	for (int i = CONTEXT_WAIT_WAYS - 1; i >= 0; i--)
		if (set[i].hash == ends && set[i].row < l->flows.table.used &&
		    contexts_awaits_reply(&l->flows.row[set[i].row], p, way))
			return set[i].row;
	return INDEX_NONE;
}

/* Finds a flow that began without a context. */
static uint32_t
contexts_find_untagged(const struct flows *fs, uint32_t ends, const struct pkt *p, int *way)
{
	INDEX_EACH (&fs->table.index, ends, row)
		if (fs->row[row].context[0] == 0 && contexts_awaits_reply(&fs->row[row], p, way))
			return row;
	return INDEX_NONE;
}

uint32_t
contexts_find_answered_flow(struct ledger *l, uint32_t hash, const struct pkt *p, int *way)
{
	uint32_t ends = hash ^ p->context_id, row = INDEX_NONE;
	struct flows *fs = &l->flows;

	contexts_split_others(fs, hash, p);
	if (contexts_is_request(p))
		return INDEX_NONE;
	row = contexts_find_waiting(l, ends, p, way);
	if (row == INDEX_NONE && p->context_id != 0)
		row = contexts_find_untagged(fs, ends, p, way);
	if (row == INDEX_NONE)
		return INDEX_NONE;
	fs->row[row].context[1] = p->context_id;
	fs->row[row].bits |= FLOW_HAS_CONTEXT;
	index_add(&fs->table.index, hash, row);
	contexts_note(&l->contexts, p->context_id, &p->context);
	return row;
}
