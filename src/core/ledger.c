#include "config.h"

#include "core/ledger.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/baseline.h"
#include "core/flow.h"
#include "core/private.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"

#define MAC_BYTES 6

static_assert(DETECT_SOURCES == LEDGER_SOURCES, "each source is judged");
static_assert(PACKET_TIME_SOURCES == LEDGER_SOURCES, "each source has a clock");

/* A source sees duplicates if it had at least so many, and at least one in so many packets. */
#define DUPLICATES_MIN   2
#define DUPLICATES_SHARE 100

struct ledger *
ledger_new(const struct ledger_config *c)
{
	struct ledger *l = pages_new(sizeof(*l)); /* its row of evicted hosts is aligned, too */

	assert(c->memory >= LEDGER_MEMORY_MIN);
	ledger_tables_init(l, c);
	l->fold_rows = pages_new(l->flows.table.max_grown * sizeof(*l->fold_rows));
	l->memory = ledger_tables_memory(l);
	l->hosts.total = l->ports.total = l->processes.total = &l->totals.all;
	l->hosts.networks = &l->networks;
	proto_tree_init(&l->proto_tree);
	intervals_init(&l->intervals);
	l->detect = detect_new();
	return l;
}

void
ledger_del(struct ledger *l)
{
	if (l == NULL)
		return;
	ledger_drop_baseline(l);
	ledger_tables_fini(l);
	pages_del(l->fold_rows);
	rollup_fini(&l->rollup);
	proto_tree_fini(&l->proto_tree);
	detect_del(l->detect);
	pages_del(l);
}

static uint8_t
ledger_domain_point(const struct ledger *l, uint8_t domain)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].domain == domain)
			return l->source[i].point;
	return domain;
}

int
ledger_add_source(struct ledger *l, const char *name, uint16_t linktype, uint8_t domain)
{
	struct source_stats *s;
	struct buf b;

	assert(name != NULL);
	if (l->n_sources == LEDGER_SOURCES)
		return -1;
	s = &l->source[l->n_sources];
	*s = (struct source_stats){
		.linktype = linktype,
		.domain = domain,
		.point = ledger_domain_point(l, domain),
		.number = (uint8_t)l->n_sources,
	};
	buf_init(&b, s->name, sizeof(s->name));
	text_clean(&b, name, strlen(name));
	return (int)l->n_sources++;
}

void
ledger_join_points(struct ledger *l, unsigned source, unsigned other)
{
	assert(source < l->n_sources && other < l->n_sources);
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].domain == l->source[source].domain)
			l->source[i].point = l->source[other].point;
}

void
ledger_source_label(struct buf *b, const struct ledger *l, const struct source_stats *s)
{
	unsigned namesakes = 1;

	for (const struct source_stats *o = l->source; o < s; o++)
		namesakes += strcmp(o->name, s->name) == 0;
	buf_adds(b, s->name);
	if (namesakes > 1)
		buf_addf(b, "#%u", namesakes);
}

int
ledger_find_source(const struct ledger *l, const char *name, uint8_t domain)
{
	assert(name != NULL);
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].domain == domain && strcmp(l->source[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool
ledger_knows_drops(const struct ledger *l)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].drops_known)
			return true;
	return false;
}

bool
ledger_is_live(const struct ledger *l)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].state == SOURCE_RUNNING)
			return true;
	return false;
}

size_t
ledger_grown_memory(const struct ledger *l)
{
	size_t now = ledger_tables_memory(l);

	return now > l->memory ? now : 0;
}

bool
source_sees_duplicates(const struct source_stats *s)
{
	uint64_t n = s->totals.duplicates;

	return n >= DUPLICATES_MIN && n * DUPLICATES_SHARE >= s->totals.all.packets;
}

const char *
source_state_name(enum source_state s)
{
	static const char *const names[] = {
		[SOURCE_RUNNING] = "running",
		[SOURCE_ENDED] = "ended",
		[SOURCE_CUT] = "cut",
		[SOURCE_GONE] = "gone",
		[SOURCE_FAILED] = "failed",
		[SOURCE_WAITING] = "waiting",
		[SOURCE_STOPPED] = "stopped",
		[SOURCE_DOWN] = "down",
	};

	assert(s < NITEMS(names));
	return names[s];
}

static void
ledger_clear_sums(struct ledger *l)
{
	memset(&l->use, 0, sizeof(l->use));
	l->rollup.busy = false;
	l->rollup.started = 0;
	proto_tree_clear(&l->proto_tree);
	detect_clear(l->detect);
	series_clear(&l->series);
	burst_clear(&l->burst);
	memset(&l->sizes, 0, sizeof(l->sizes));
	memset(&l->tcp_stats, 0, sizeof(l->tcp_stats));
	duplicates_clear(&l->duplicates);
	l->bpf_gaps = 0;
	memset(&l->mistaken, 0, sizeof(l->mistaken));
	memset(&l->totals, 0, sizeof(l->totals));
	memset(l->way, 0, sizeof(l->way));
	memset(l->way_total, 0, sizeof(l->way_total));
	for (unsigned i = 0; i < l->n_sources; i++) {
		struct source_stats *s = &l->source[i];

		memset(&s->totals, 0, sizeof(s->totals));
		memset(&s->meter, 0, sizeof(s->meter));
		s->last_len = 0;
	}
	l->now = l->started = l->interval_ns = l->tick_at = 0;
	intervals_init(&l->intervals);
	l->packet_time = (struct packet_time){ .is_replay = l->packet_time.is_replay };
	l->n_flows_to_locate = l->n_hosts_to_locate = 0;
	l->n_fold_rows = l->n_folded = 0;
	l->is_folding = l->is_flushing = false;
}

#define WIPED 64 /* slots of an index per step */

/* Returns true while there is more to do. */
static bool
ledger_wipe_indexes(struct ledger *l, unsigned steps)
{
	struct index *const of[] = { &l->flows.table.index, &l->hosts.table.index,
		&l->ports.table.index, &l->fragments.table.index };
	struct ledger_reset *r = &l->reset;

	for (; r->index < NITEMS(of); r->index++, r->slot = 0) {
		uint32_t all = index_slots(of[r->index]), n = all < WIPED ? all : WIPED;

		for (; r->slot < all && steps > 0; r->slot += n, steps--)
			index_clear_slots(of[r->index], r->slot, n);
		if (r->slot < all)
			return true;
	}
	return false;
}

void
ledger_reset_begin(struct ledger *l)
{
	ledger_drop_baseline(l);
	l->reset = (struct ledger_reset){ .row = 0 };
}

bool
ledger_reset_step(struct ledger *l, unsigned steps)
{
	struct ledger_reset *r = &l->reset;

	if (r->cleared)
		return ledger_wipe_indexes(l, steps);
	for (; l->watch != NULL && r->row < l->flows.table.used; r->row++, steps--) {
		if (steps == 0)
			return true;
		for (const struct flow_watch *w = l->watch; w != NULL; w = w->next)
			w->on_evict(w->arg, r->row);
	}
	ledger_tables_clear(l);
	ledger_clear_sums(l);
	return r->cleared = true;
}

void
ledger_reset(struct ledger *l)
{
	ledger_reset_begin(l);
	while (ledger_reset_step(l, UINT32_MAX))
		;
}

void
ledger_skip_time(struct ledger *l, uint64_t ns)
{
	if (l->now != 0)
		l->now += ns;
	else if (l->started != 0)
		l->started += ns;
}

static bool
ledger_enable_networks(struct ledger *l, bool on, uint8_t bits4, uint8_t bits6)
{
	struct networks *ns = &l->networks;

	if (!on) {
		networks_stop(ns);
		return false;
	}
	if (!ns->enabled || ns->bits4 != bits4 || ns->bits6 != bits6) {
		networks_start(ns, bits4, bits6, &l->hosts.other, &l->intervals);
		l->rollup.started = 0;
	}
	if (bits4 == NETWORKS_AUTO && !l->rollup.busy &&
	    (l->rollup.started == 0 || l->now >= l->rollup.started + ROLLUP_INTERVAL_NS))
		rollup_begin(&l->rollup, l->now);
	return ns->n_added != NETWORKS_ALL || l->rollup.busy;
}

/* Returns true while flows must be added. */
static bool
ledger_switch_pairs(struct ledger *l, bool on)
{
	if (on && !l->pairs.enabled)
		pairs_start(l);
	if (!on)
		pairs_stop(&l->pairs);
	return pairs_fill(l, 0);
}

void
ledger_enable_pairs(struct ledger *l)
{
	ledger_switch_pairs(l, true);
	while (pairs_fill(l, UINT32_MAX))
		;
}

bool
ledger_enable(struct ledger *l, unsigned extras, uint8_t bits4, uint8_t bits6)
{
	bool pairs = ledger_switch_pairs(l, (extras & LEDGER_PAIRS) != 0);

	assert(bits4 <= 32 && bits6 <= 128);
	l->packet_log.enabled = (extras & LEDGER_PACKETS) != 0;
	return ledger_enable_networks(l, (extras & LEDGER_NETWORKS) != 0, bits4, bits6) || pairs;
}

bool
ledger_is_local(const struct ledger *l, uint8_t kind, const struct addr *a)
{
	bool local = false;

	for (unsigned i = 0; i < l->n_local; i++) {
		if (net_is_broadcast(&l->local[i], kind, a))
			return false;
		local |= net_contains(&l->local[i], kind, a);
	}
	return local;
}

bool
ledger_is_own_address(const struct ledger *l, uint8_t kind, const struct addr *a)
{
	for (unsigned i = 0; i < l->n_local; i++) {
		const struct net *n = &l->local[i];

		if (n->kind == kind && n->bits == (kind == ADDR_IP4 ? 32 : 128) &&
		    !n->is_broadcast && addr_equal(&n->addr, a))
			return true;
	}
	return false;
}

/* True for a multicast or broadcast address. */
static bool
ledger_is_group(const struct ledger *l, uint8_t kind, const struct addr *a)
{
	for (unsigned i = 0; i < l->n_local; i++)
		if (net_is_broadcast(&l->local[i], kind, a))
			return true;
	return addr_is_group(kind, a);
}

/* Packets from elsewhere to a group are incoming; without local addresses the direction is unknown.
 * For a source without an address, the flag set from its packet is kept. */
void
flow_set_local(const struct ledger *l, struct flow *f)
{
	const struct flowkey *k = &f->key;
	bool nameless = (k->a.w[0] | k->a.w[1]) == 0;
	bool a = nameless ? (f->bits & FLOW_A_LOCAL) != 0 : ledger_is_local(l, k->kind, &k->a);
	bool b = ledger_is_local(l, k->kind, &k->b) ||
	    (!a && l->n_local > 0 && ledger_is_group(l, k->kind, &k->b));

	f->bits &= (uint16_t) ~(FLOW_A_LOCAL | FLOW_B_LOCAL);
	f->bits |= (uint16_t)((a ? FLOW_A_LOCAL : 0) | (b ? FLOW_B_LOCAL : 0));
}

void
host_set_local(const struct ledger *l, struct host *h)
{
	h->local = ledger_is_local(l, h->kind, &h->addr);
}

/* New rows are updated when they are added. */
void
ledger_set_local(struct ledger *l, const struct net *nets, unsigned n)
{
	assert(nets != NULL || n == 0);
	assert(n <= LEDGER_LOCALS);
	memcpy(l->local, nets, n * sizeof(*nets));
	l->n_local = n;
	l->n_flows_to_locate = l->flows.table.used;
	l->n_hosts_to_locate = l->hosts.table.used;
	if (l->pairs.enabled)
		pairs_start(l);
}

enum pkt_dir
flow_dir(const struct ledger *l, const struct flow *f, int way)
{
	uint16_t from = way == 0 ? FLOW_A_LOCAL : FLOW_B_LOCAL;
	uint16_t to = way == 0 ? FLOW_B_LOCAL : FLOW_A_LOCAL;

	if (l->n_local == 0 && !(f->bits & (from | to)))
		return DIR_UNKNOWN;
	if (f->bits & from)
		return f->bits & to ? DIR_INSIDE : DIR_OUT;
	return f->bits & to ? DIR_IN : DIR_THROUGH;
}

struct host_name
ledger_host_name(const struct ledger *l, uint8_t kind, const struct addr *a, bool asked)
{
	const struct cached_name *n = name_cache_find(&l->host_names, kind, a);

	if (n == NULL && asked)
		n = name_cache_find(&l->rdns_names, kind, a);
	if (n == NULL && l->aliases != NULL)
		n = name_cache_find(l->aliases, kind, a);
	if (n == NULL)
		return (struct host_name){ .text = NULL };
	return (struct host_name){ n->text, n->origin, (uint8_t)(n->n_known - 1) };
}

void
ledger_learn_mac(struct ledger *l, const struct addr *a, const uint8_t *mac, uint32_t seen)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * MAC_BYTES + 1] = "";

	for (unsigned i = 0; i < MAC_BYTES; i++) {
		text[2 * i] = digits[mac[i] >> 4];
		text[2 * i + 1] = digits[mac[i] & 0xf];
	}
	name_cache_learn(&l->rdns_names, ADDR_IP4 | NAME_MAC, a, NAME_UNKNOWN, text, seen);
}

/* The middle of an identifier that was made of a MAC address is ff:fe, and a bit is flipped. */
static bool
ledger_mac_of_ip6(const struct addr *a, uint8_t *mac)
{
	if (a->b[11] != 0xff || a->b[12] != 0xfe)
		return false;
	memcpy(mac, a->b + 8, 3);
	memcpy(mac + 3, a->b + 13, 3);
	mac[0] ^= 0x02;
	return true;
}

bool
ledger_find_mac(const struct ledger *l, uint8_t kind, const struct addr *a, uint8_t *mac)
{
	const char *text;

	if (kind == ADDR_IP6)
		return ledger_mac_of_ip6(a, mac);
	if (kind == ADDR_MAC && addr_is_present(ADDR_MAC, a)) {
		memcpy(mac, a->b, MAC_BYTES);
		return true;
	}
	if (kind != ADDR_IP4)
		return false;
	text = name_cache_find_text(&l->rdns_names, ADDR_IP4 | NAME_MAC, a);
	return text != NULL &&
	    sscanf(text, "%2hhx%2hhx%2hhx%2hhx%2hhx%2hhx", &mac[0], &mac[1], &mac[2], &mac[3],
		&mac[4], &mac[5]) == MAC_BYTES;
}

/* A name with a port is that of a service, and an address in digits does not name a host. */
static bool
flow_is_host_name(const char *text)
{
	return strchr(text, ':') == NULL && text[strspn(text, "0123456789.")] != '\0';
}

struct host_name
flow_host_name(const struct ledger *l, const struct flow *f, int end, bool asked)
{
	struct addr key = flow_name_key(l, f);
	const struct cached_name *n = NULL;

	if (f->server_end == end && (f->bits & FLOW_HAS_SERVER_NAME))
		n = name_cache_find(&l->server_names, f->key.kind, &key);
	if (n != NULL && flow_is_host_name(n->text))
		return (struct host_name){ .text = n->text, .origin = n->origin };
	return ledger_host_name(l, f->key.kind, end == 0 ? &f->key.a : &f->key.b, asked);
}

void
ledger_learn_server(struct ledger *l, const struct flow *f, int end, enum name_origin origin,
    const char *text, uint32_t seen)
{
	const struct addr *server = end == 0 ? &f->key.a : &f->key.b;
	size_t n = strcspn(text, ":");
	char name[TEXT_MAX + 1];

	memcpy(name, text, n);
	name[n] = '\0';
	if (n > 0 && *name != '[' && flow_is_host_name(name) && !addr_is_group(f->key.kind, server))
		name_cache_learn(&l->host_names, f->key.kind, server, origin, name, seen);
}

struct addr
flow_name_key(const struct ledger *l, const struct flow *f)
{
	return (struct addr){ .w = { (uint64_t)(f - l->flows.row), f->generation } };
}

const char *
flow_server_name(const struct ledger *l, const struct flow *f)
{
	struct addr key = flow_name_key(l, f);

	return f->bits & FLOW_HAS_SERVER_NAME
	    ? name_cache_find_text(&l->server_names, f->key.kind, &key)
	    : NULL;
}

const char *
flow_alpn(const struct ledger *l, const struct flow *f, bool *chosen)
{
	struct addr key = flow_name_key(l, f);

	assert(chosen != NULL);
	*chosen = (f->bits & FLOW_ALPN_CHOSEN) != 0;
	if (!(f->bits & FLOW_HAS_ALPN))
		return NULL;
	return name_cache_find_text(&l->server_names, f->key.kind | NAME_ALPN, &key);
}

void
ledger_set_time(struct ledger *l, uint64_t now)
{
	if (!l->packet_time.is_live)
		detect_set_key(l->detect, &l->flows.table.key);
	packet_time_set_now(&l->packet_time, now);
}

void
ledger_set_wall_time(struct ledger *l, uint64_t wall)
{
	packet_time_set_wall(&l->packet_time, wall);
}

uint64_t
ledger_wall_time(const struct ledger *l, uint64_t at)
{
	return at + l->packet_time.wall_offset;
}

void
ledger_end(struct ledger *l)
{
	detect_finish(l->detect);
}

uint64_t
ledger_time(const struct ledger *l)
{
	return l->packet_time.now;
}

void
ledger_add_rdns_name(struct ledger *l, uint8_t kind, const struct addr *a, const char *name)
{
	assert(a != NULL && name != NULL);
	name_cache_learn(&l->rdns_names, kind, a, NAME_PTR, name,
	    lru_score_time(l->packet_time.now - l->packet_time.start));
}
