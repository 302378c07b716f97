/* The packet path: one flow look-up per packet, and array increments. */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "core/baseline.h"
#include "core/flow.h"
#include "core/flow_lookup.h"
#include "core/host.h"
#include "core/ledger.h"
#include "core/private.h"
#include "core/tcp.h"
#include "dissect/dissect.h"
#include "dissect/pkt.h"

/* Packets are reordered by less than this. */
#define COUNT_SET_BACK_NS (60 * BATCH_SECOND_NS)

static ATTR_INLINE uint32_t
count_find_flow(const struct flows *fs, uint32_t hash, const struct pkt *p, int *way)
{
	INDEX_EACH (&fs->table.index, hash, row)
		if (flow_matches(&fs->row[row], p, way))
			return row;
	return INDEX_NONE;
}

const struct flow *
ledger_find_flow(const struct ledger *l, const struct pkt *p)
{
	int way;
	uint32_t row = count_find_flow(&l->flows, flow_hash(&l->flows.table.key, p), p, &way);

	return row != INDEX_NONE ? &l->flows.row[row] : NULL;
}

static bool
count_is_syn(const struct pkt *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_RST)) == TCP_SYN;
}

/* The server is the receiver of a SYN or the sender of a SYN/ACK, else the end with the lower port.
 */
static bool
count_source_is_server(const struct pkt *p)
{
	/* Subtracting 1 makes port 0 the highest. */
	return count_is_syn(p) ? (p->tcp_flags & TCP_ACK) != 0
			       : (uint16_t)(p->sport - 1) < (uint16_t)(p->dport - 1);
}

static void
count_start_in_context(struct ledger *l, struct flow *f, uint32_t hash, const struct pkt *p)
{
	f->bits |= FLOW_HAS_CONTEXT;
	contexts_note(&l->contexts, p->context_id, &p->context);
	contexts_expect_reply(&l->contexts, hash ^ p->context_id, (uint32_t)(f - l->flows.row));
}

static uint32_t
count_add_flow(struct ledger *l, uint32_t hash, const struct pkt *p, uint32_t seen)
{
	struct flows *fs = &l->flows;
	uint32_t row = table_has_room(&fs->table) ? fs->table.used++ : flows_evict_one(l);
	struct flow *f = &fs->row[row];
	uint16_t listed = f->bits & FLOW_DIRTY;

	/* The rest is zeros already: eviction clears it if it was used.  In pieces, for the reason
	 * given at meter_clear(). */
	memset(f, 0, offsetof(struct flow, end));
	if (p->proto == 6)
		memset(f->end, 0, sizeof(f->end));
	memset((char *)f + offsetof(struct flow, first), 0,
	    offsetof(struct flow, tcp) - offsetof(struct flow, first));
	f->key = (struct flowkey){
		.a = p->src,
		.b = p->dst,
		.a_port = p->sport,
		.b_port = p->dport,
		.proto = p->proto,
		.kind = p->kind,
		.domain = p->domain,
	};
	f->first = f->last = p->ts;
	f->generation = (uint32_t)fs->table.evicted;
	f->host[0] = f->host[1] = f->port = INDEX_NONE;
	f->source = p->source;
	f->context[0] = f->context[1] = p->context_id;
	f->server_end = count_source_is_server(p) ? 0 : 1;
	f->ttl = p->ttl;
	/* A slot that is in the list of dirty flows stays in it. */
	f->bits = listed;
	if (l->apps != NULL)
		fs->found[row] = (struct flow_found){ 0 };
	if (UNLIKELY(p->context_id != 0))
		count_start_in_context(l, f, hash, p);
	flow_set_local(l, f);
	if ((l->n_local == 0 || (p->flags & PKT_UNSPECIFIED_SRC)) && p->dir == DIR_OUT)
		f->bits = (uint16_t)((f->bits & ~FLOW_B_LOCAL) | FLOW_A_LOCAL);
	else if (l->n_local == 0 && p->dir == DIR_IN)
		f->bits |= FLOW_B_LOCAL;
	table_put(&fs->table, row, hash, lru_score(seen, 0));
	return row;
}

/* likely: the row from index_guess(). */
static ATTR_INLINE struct flow *
count_get_flow(struct ledger *l, uint32_t hash, uint32_t likely, const struct pkt *p,
    const struct batch_sums *run, int *way)
{
	struct flows *fs = &l->flows;
	uint32_t row = likely;

	if (UNLIKELY(row == INDEX_NONE) || UNLIKELY(!flow_matches(&fs->row[row], p, way)))
		row = count_find_flow(fs, hash, p, way);
	if (UNLIKELY(row == INDEX_NONE && (p->context_id | l->contexts.table.used) != 0))
		row = contexts_find_answered_flow(l, hash, p, way);
	if (LIKELY(row != INDEX_NONE) && LIKELY(!flow_is_reopened(&fs->row[row], p, *way)))
		return &fs->row[row];
	if (row != INDEX_NONE)
		fs->row[row].bits |= FLOW_SUPERSEDED;
	*way = 0;
	return &fs->row[count_add_flow(l, hash, p, run->score_time)];
}

static void
count_tcp_events(struct ledger *l, struct flow *f, const struct pkt *p, int way, unsigned events)
{
	tcp_stats_note(&l->tcp_stats, events);
	if (events & TCP_HANDSHAKE_DONE)
		tcp_stats_add_rtt(&l->tcp_stats, f->rtt.handshake);
	events &= ~(unsigned)TCP_HANDSHAKE_DONE;
	if (events != 0 || (f->bits & FLOW_UNANSWERED))
		host_errors_note_tcp(l, f, p, way, events);
}

static void
count_swap_flow_ends(struct ledger *l, struct flow *f)
{
	flow_swap_ends(f);
	baseline_flow_swap_ends(l->baseline, f);
	flow_account_swap(l, f);
	for (const struct flow_watch *w = l->watch; w != NULL; w = w->next)
		w->on_swap(w->arg, (uint32_t)(f - l->flows.row));
}

/* A SYN shows the initiator and the server, even if it comes after other packets.  What was already
 * counted for a service is not moved. */
static void
count_syn(struct ledger *l, struct flow *f, const struct pkt *p, int *way)
{
	bool syn = pkt_is_syn(p);

	l->tcp_stats.n[syn ? TCP_STATS_OPENED : TCP_STATS_ANSWERED]++;
	if (f->bits & FLOW_SYN_SEEN)
		return;
	if (syn && *way == 1) {
		count_swap_flow_ends(l, f);
		*way = 0;
	}
	if (count_is_syn(p) && !(f->bits & FLOW_FOLDED))
		f->server_end = count_source_is_server(p) == (*way == 0) ? 0 : 1;
}

/* Returns enum tcp_event bits. */
static unsigned
count_tcp(struct ledger *l, struct flow *f, const struct pkt *p, int *way)
{
	unsigned events;

	l->tcp_stats.n[TCP_STATS_SEGMENTS]++;
	if (UNLIKELY(p->tcp_flags & TCP_SYN))
		count_syn(l, f, p, way);
	events = flow_track(f, p, *way);
	if (UNLIKELY(events != 0 || (f->bits & FLOW_UNANSWERED)))
		count_tcp_events(l, f, p, *way, events);
	return events;
}

/* False if p is more than a plain segment of an established connection. */
static ATTR_INLINE bool
note_plain_tcp(struct ledger *l, struct flow *f, const struct pkt *p, int way)
{
	if (f->state < FLOW_ESTABLISHED || UNLIKELY(f->bits & FLOW_UNANSWERED) ||
	    !tcp_is_plain(f->end, p, way))
		return false;
	l->tcp_stats.n[TCP_STATS_SEGMENTS]++;
	tcp_go_on(f->end, p, way, (uint32_t)(p->ts / 1000));
	return true;
}

/*
 * Handles a timestamp that is not newer than the last one.  For live packets a much older one means
 * that the clock was set back; in files it may be the flow's start.
 */
static void
count_earlier_stamp(const struct ledger *l, struct flow *f, uint64_t ts)
{
	if (l->packet_time.is_live && f->last - ts > COUNT_SET_BACK_NS)
		f->last = ts;
	else if (!l->packet_time.is_live && ts < f->first)
		f->first = ts;
}

/* True if p extends the sequence numbers of its sender e, or acknowledges more than before. */
static inline bool
count_is_new_segment(const struct tcp_end *e, const struct pkt *p)
{
	uint32_t end = p->seq + p->payload + ((p->tcp_flags & (TCP_SYN | TCP_FIN)) != 0);

	return ((e->next_seq - end) | (e->last_ack - p->ack)) >> 31;
}

/*
 * A fast filter: false for nearly all packets that are not duplicates.  A TCP segment with new data
 * or a new acknowledgement is not one.  For other busy flows a few fingerprints are kept.
 */
static ATTR_INLINE bool
count_may_be_duplicate(
    const struct duplicates *d, struct flow *f, const struct pkt *p, uint32_t n, int way)
{
	struct flow_fingerprints *t = &f->fingerprints;
	uint32_t *place, tag;
	bool known;

	/* An end that has not sent anything cannot have a duplicate. */
	if (p->proto == 6)
		return !count_is_new_segment(&f->end[way], p) && p->tcp_flags != 0 &&
		    f->end[way].flags != 0;
	tag = duplicates_fingerprint(d, n);
	place = &t->fingerprint[tag >> FLOW_FINGERPRINT_SHIFT];
	known = *place == tag || flow_is_young(f);
	*place = tag;
	return known && duplicate_is_near(p, f->last) && !flow_is_new(f);
}

static ATTR_INLINE bool
count_is_duplicate(struct ledger *l, struct flow *f, const struct pkt *p, uint32_t n, int way)
{
	struct duplicates *d = &l->duplicates;

	if (LIKELY(!count_may_be_duplicate(d, f, p, n, way)))
		return false;
	return duplicates_is_duplicate(
	    d, p, n, p->proto == 6 ? tcp_is_requested(f->end, p, way) : !flow_is_young(f));
}

/* A duplicate adds no information about the connection. */
static void
count_duplicate(
    struct ledger *l, struct flow *f, const struct pkt *p, struct batch_sums *run, int way)
{
	f->duplicates++;
	run->totals.duplicates++;
	host_errors_note_duplicate(l, f, way);
	if (p->proto != 6)
		return;
	l->tcp_stats.n[TCP_STATS_SEGMENTS]++;
	l->tcp_stats.n[TCP_STATS_DUPLICATES]++;
}

static void
count_in_flow(
    struct ledger *l, struct flow *f, const struct pkt *p, const struct batch_sums *run, int way)
{
	if (UNLIKELY(f->pending_bytes[way] > UINT32_MAX - p->len ||
		f->pending_packets[way] == UINT16_MAX))
		flow_fold(l, f);
	f->pending_packets[way]++;
	f->pending_bytes[way] += p->len;
	if (LIKELY(p->ts > f->last) && LIKELY(run->plausible))
		f->last = p->ts;
	else if (run->plausible)
		count_earlier_stamp(l, f, p->ts);
	if (UNLIKELY(p->app_confidence > f->app_confidence))
		flow_note_app(f, p, way);
	if (!(f->bits & FLOW_DIRTY)) {
		f->bits |= FLOW_DIRTY;
		l->flows.dirty[l->flows.n_dirty++] = (uint32_t)(f - l->flows.row);
	}
}

/* The direction of p for the time series.  The link's direction has priority over addresses. */
static inline enum series_way
count_direction(const struct ledger *l, const struct flow *f, const struct pkt *p, int way)
{
	if (p->dir == DIR_IN || p->dir == DIR_OUT)
		return series_way((enum pkt_dir)p->dir);
	if (!(f->bits & (FLOW_A_LOCAL | FLOW_B_LOCAL)))
		return WAY_OTHER;
	return series_way(flow_dir(l, f, way));
}

/* The node for p's stack, with the port's application replaced by the flow's. */
static uint16_t
count_node_of_flow_app(struct proto_tree *ps, const struct flow *f, const struct pkt *p)
{
	uint8_t stack[PKT_DEPTH], depth = p->depth;

	memcpy(stack, p->stack, sizeof(stack));
	if (p->app != PROTO_NONE) {
		/* A tunnel was dissected beyond the port's protocol: keep the stack. */
		if (stack[depth - 1] != p->app)
			return proto_tree_get(ps, stack, depth);
		stack[--depth] = PROTO_NONE;
	}
	if (f->app != PROTO_NONE && depth < PKT_DEPTH)
		stack[depth++] = f->app;
	return proto_tree_get(ps, stack, depth);
}

/*
 * The protocol node of a packet.  Payload that cannot be classified is counted under the flow's
 * application.
 */
static uint16_t
count_find_node(struct proto_tree *ps, const struct flow *f, const struct pkt *p)
{
	uint32_t differs = p->app ^ f->app, doubt = p->app_confidence ^ APP_BY_CONTENT;

	/* Written as a product, because the factors are unpredictable, but all three are rarely
	 * non-zero. */
	if (LIKELY((uint64_t)(differs * doubt) * p->payload == 0))
		return proto_tree_get(ps, p->stack, p->depth);
	return count_node_of_flow_app(ps, f, p);
}

static void
count_learn_meta(struct ledger *l, struct flow *f, const struct pkt_meta *s, int way, uint32_t seen)
{
	struct addr key = flow_name_key(l, f);

	enum name_origin origin = f->app == PROTO_HTTP ? NAME_HTTP : NAME_TLS;

	if (s->type == META_SNI && !(f->bits & FLOW_HAS_SERVER_NAME)) {
		name_cache_learn(&l->server_names, f->key.kind, &key, origin, s->name, seen);
		f->bits |= FLOW_HAS_SERVER_NAME;
	}
	if (s->type == META_SNI)
		ledger_learn_server(l, f, !way, origin, s->name, seen);
	if (s->type != META_DNS_ANSWER && s->alpn[0] != '\0' && !(f->bits & FLOW_ALPN_CHOSEN)) {
		name_cache_learn(
		    &l->server_names, f->key.kind | NAME_ALPN, &key, NAME_UNKNOWN, s->alpn, seen);
		f->bits |= s->alpn_chosen ? FLOW_HAS_ALPN | FLOW_ALPN_CHOSEN : FLOW_HAS_ALPN;
	}
	if (s->type == META_DNS_ANSWER || s->type == META_HOST_NAME)
		for (unsigned i = 0; i < s->n_addrs; i++)
			name_cache_learn(&l->host_names, s->kind[i], &s->addr[i],
			    (enum name_origin)s->origin, s->name, seen);
	if (s->type == META_ARP && s->claim.addr.w[0] != 0)
		ledger_learn_mac(l, &s->claim.addr, s->claim.mac, seen);
	if (s->type == META_DNS_ERROR)
		host_errors_note_dns(l, f, s, way);
}

/* The question is only valid with these types. */
static bool
count_is_dns(const struct pkt_meta *s)
{
	return (s->type == META_DNS_QUESTION || s->type == META_DNS_ANSWER ||
		   s->type == META_DNS_ERROR) &&
	    s->question.known;
}

static ATTR_NOINLINE void
count_meta(struct ledger *l, struct flow *f, const struct pkt *p, int way,
    const struct batch_sums *run, bool duplicate)
{
	if (!(duplicate && p->meta->type == META_DNS_ERROR))
		count_learn_meta(l, f, p->meta, way, run->score_time);
	if (!duplicate && count_is_dns(p->meta))
		dns_table_count(
		    &l->dns, p, &l->intervals, batch_sums_time(run, p), run->score_time);
}

/* Segments without new data. */
#define COUNT_NOT_NEW (TCP_RETRANSMITTED | TCP_OUT_OF_ORDER | TCP_KEEP_ALIVE)

/* True if p is data, and the newest data before it was of the other end; only of flows whose
 * handshake was seen, which are TCP's. */
static ATTR_INLINE bool
count_is_turn(const struct flow *f, const struct pkt *p, int way)
{
	return f->has_wait && p->proto == 6 && p->payload > 0 &&
	    tcp_before(f->end[way].next_seq_time, f->end[!way].next_seq_time);
}

/* True for datagrams of protocols that ask and answer. */
static ATTR_INLINE bool
count_is_asked(const struct flow *f, const struct pkt *p)
{
	static const bool asks[PROTO_MAX] = { [PROTO_DNS] = true,
		[PROTO_NTP] = true,
		[PROTO_SNMP] = true,
		[PROTO_STUN] = true,
		[PROTO_QUIC] = true };
	static const bool echo[UINT8_MAX + 1] = { [8] = true, [128] = true, [129] = true };

	if (p->proto == 17)
		return asks[f->app];
	return (p->proto == 1 && (p->icmp_type == 0 || p->icmp_type == 8)) ||
	    (p->proto == 58 && echo[p->icmp_type]);
}

/* What of a packet is worth a look of the detectors (enum detect_what).  A SYN is worth it as the
 * begin of a flow only.  An ICMP echo reply has type 0. */
static ATTR_INLINE unsigned
count_notable(struct flow *f, const struct pkt *p, int way, uint8_t was, unsigned events)
{
	if (p->proto == 6)
		return (f->state != was && f->state != FLOW_SYN_SENT ? DETECT_TCP_STATE : 0u) |
		    (events & DETECT_TCP_EVENTS ? DETECT_TCP_EVENT : 0u);
	if (way == 0 || f->pending_packets[1] != 0)
		return 0;
	if (p->proto != 17)
		return DETECT_ICMP;
	if (f->answered)
		return 0;
	f->answered = true;
	return DETECT_ANSWER;
}

struct count_change {
	unsigned what, events;
	uint8_t was;
	uint64_t now;
};

static ATTR_NOINLINE void
count_detect(struct ledger *l, const struct flow *f, const struct pkt *p, int way,
    const struct count_change *c)
{
	const struct flow_wait *wait = flow_wait(l, f);
	struct detect_note n = { .f = f,
		.p = p,
		.now = c->now,
		.what = c->what | (p->meta != NULL ? DETECT_META : 0u),
		.events = c->events,
		.way = (uint8_t)way,
		.was = c->was,
		.turns = wait != NULL ? wait->n_server : 0 };

	detect_note(l->detect, &n);
}

/* n: the packet number for core/packet.h. */
static void
count_packet(struct ledger *l, const struct pkt *p, uint32_t n, uint32_t hash, uint32_t likely,
    struct batch_sums *run)
{
	unsigned events = 0, what = 0;
	struct flow *f;
	uint8_t was;
	bool duplicate = false, turn;
	int way;

	if (UNLIKELY(!batch_sums_contains(run, p))) {
		batch_sums_flush(run, l);
		batch_sums_start(run, &l->packet_time, p);
	}
	if (UNLIKELY(!burst_contains(&run->burst, p->ts)))
		batch_sums_next_ms(run, l, p->ts);
	f = count_get_flow(l, hash, likely, p, run, &way);
	was = f->state;
	if (UNLIKELY(flow_is_new(f)))
		what = DETECT_NEW_FLOW;
	if (UNLIKELY(lookup_load32(&p->sport) == 0 && (p->flags & PKT_PORTS)))
		f->port_zero = true;
	if (UNLIKELY(p->bpf_gaps != 0)) {
		f->bpf_gaps |= p->bpf_gaps;
		l->bpf_gaps |= p->bpf_gaps;
	}
	turn = count_is_turn(f, p, way);
	if (!note_plain_tcp(l, f, p, way)) {
		duplicate = count_is_duplicate(l, f, p, n, way);
		/* Flags are 0 if the header was truncated after the ports; then the TCP state is
		 * unknown. */
		if (UNLIKELY(duplicate))
			count_duplicate(l, f, p, run, way);
		else if (p->proto == 6 && p->tcp_flags != 0)
			events = count_tcp(l, f, p, &way);
		else if (UNLIKELY(p->icmp_type != 0))
			host_errors_note_icmp(l, f, p, way);
		what |= count_notable(f, p, way, was, events);
		if (UNLIKELY(was == FLOW_SYN_SENT && f->state == FLOW_SYN_RECEIVED))
			flow_wait_answered(l, f, p);
	}
	count_in_flow(l, f, p, run, way);
	if (UNLIKELY(turn) && !duplicate && !(events & COUNT_NOT_NEW))
		flow_wait_turn(l, f, p, way);
	else if (UNLIKELY(p->proto != 6) && count_is_asked(f, p))
		flow_wait_datagram(l, f, p, way);
	if (UNLIKELY((what | (unsigned)(p->meta != NULL)) != 0))
		count_detect(l, f, p, way,
		    &(struct count_change){ what, events, was, batch_sums_time(run, p) });
	for (const struct flow_watch *w = l->watch; UNLIKELY(w != NULL); w = w->next)
		w->on_packet(w->arg, (uint32_t)(f - l->flows.row), p, way, events);
	tally_add(&l->proto_tree.node[count_find_node(&l->proto_tree, f, p)].self, 1, p->len);
	sizes_add(&l->sizes, p->len);
	if (UNLIKELY(p->meta != NULL))
		count_meta(l, f, p, way, run, duplicate);
	batch_sums_add(run, p, count_direction(l, f, p, way));
}

/* A sender without an address (DHCP, address probes) shares a flow with others, so the direction is
 * found by its MAC address. */
static void
count_locate_sender(const struct ledger *l, struct pkt *p)
{
	struct addr mac = { 0 };

	memcpy(mac.b, p->mac, sizeof(p->mac));
	if (ledger_is_local(l, ADDR_MAC, &mac))
		p->dir = DIR_OUT;
	else if (l->n_local > 0 && addr_is_group(p->kind, &p->dst))
		p->dir = DIR_IN;
}

static ATTR_INLINE void
count_place_ends(struct ledger *l, struct pkt *p)
{
	assert(p->source < l->n_sources);
	p->domain = l->source[p->source].point;
	p->context_id = contexts_id(&l->contexts, &p->context);
}

uint32_t
ledger_guess_row(struct ledger *l, struct pkt *p)
{
	struct flows *fs = &l->flows;
	uint32_t row;

	count_place_ends(l, p);
	row = index_guess(&fs->table.index, flow_hash(&fs->table.key, p));
	return row == INDEX_NONE || (fs->row[row].bits & FLOW_SUPERSEDED) ? INDEX_NONE : row;
}

/* Fills in what dissection cannot know of where p belongs. */
static ATTR_INLINE void
place(struct ledger *l, struct pkt *p)
{
	count_place_ends(l, p);
	if (LIKELY((p->flags & (PKT_FRAGMENT | PKT_TUNNEL | PKT_UNSPECIFIED_SRC)) == 0))
		return;
	if ((p->flags & PKT_FRAGMENT) || p->outer_kind != ADDR_NONE)
		fragments_join(&l->fragments, p);
	if (p->flags & PKT_UNSPECIFIED_SRC)
		count_locate_sender(l, p);
}

/*
 * Three passes, so that memory is prefetched for the next one: hash and index, rows, counts.
 */
void
ledger_count(struct ledger *l, struct pkt *pkts, unsigned n)
{
	const struct index *x = &l->flows.table.index;
	uint32_t hash[LEDGER_BATCH], row[LEDGER_BATCH], first = l->duplicates.n;
	struct batch_sums run;

	assert(n <= LEDGER_BATCH);
	if (n == 0)
		return;
	/* In a loop of its own, because loading a value just after it was stored in smaller
	 * pieces stalls. */
	for (unsigned i = 0; i < n; i++)
		place(l, &pkts[i]);
	for (unsigned i = 0; i < n; i++) {
		hash[i] = flow_hash(&l->flows.table.key, &pkts[i]);
		index_prefetch(x, hash[i]);
	}
	duplicates_note(&l->duplicates, pkts, hash, n);
	for (unsigned i = 0; i < n; i++) {
		row[i] = index_guess(x, hash[i]);
		if (LIKELY(row[i] != INDEX_NONE)) {
			PREFETCH_WRITE(&l->flows.row[row[i]]);
			PREFETCH_WRITE(&l->flows.row[row[i]].end);
			flow_watch_prefetch(l->watch, row[i]);
		} else {
			detect_prefetch(l->detect, &pkts[i]);
		}
	}
	batch_sums_start(&run, &l->packet_time, &pkts[0]);
	if (l->started == 0)
		l->started = l->packet_time.now;
	for (unsigned i = 0; i < n; i++)
		count_packet(l, &pkts[i], first + i, hash[i], row[i], &run);
	batch_sums_flush(&run, l);
	detect_advance(l->detect, l->packet_time.now);
	dns_table_expire(&l->dns, &l->intervals, l->packet_time.now);
	if (UNLIKELY(l->packet_log.enabled))
		packet_log_add(&l->packet_log, pkts, n);
}
