#include "config.h"

#include "core/flow.h"

#include <assert.h>
#include <stddef.h>

#include "core/flow_lookup.h"
#include "core/ledger.h"
#include "dissect/dissect.h"
#include "util/alloc.h"
#include "util/buf.h"

#define IP_PROTO_TCP 6
#define IP_PROTO_UDP 17

#define SYN_DATA_MAX 65535 /* bytes that a SYN carries at most */
#define RTP_LOST_MAX 16    /* packets that may be lost between two of a stream */

static_assert(_Alignof(struct flow) <= PAGES_ALIGN, "the table is aligned so");
static_assert(sizeof(struct flow) == 320, "a flow is five cache lines");
static_assert(offsetof(struct flow, end) == 64, "the second begins here");
static_assert(offsetof(struct flow, first) == 128, "the third begins here");

enum { ON_TCP = 1, ON_UDP = 2, ON_BOTH = ON_TCP | ON_UDP };

/* Server ports in Zeek's base scripts (likely_server_ports). */
/* clang-format off */
static const uint8_t server_ports[] = {
	[21] = ON_TCP, [22] = ON_TCP, [25] = ON_TCP, [53] = ON_BOTH, [67] = ON_UDP, [80] = ON_TCP,
	[81] = ON_TCP, [88] = ON_BOTH, [102] = ON_TCP, [110] = ON_TCP, [123] = ON_UDP,
	[135] = ON_TCP, [137] = ON_UDP, [139] = ON_TCP, [143] = ON_TCP, [161] = ON_UDP,
	[162] = ON_UDP, [389] = ON_BOTH, [443] = ON_BOTH, [445] = ON_TCP, [502] = ON_TCP,
	[514] = ON_UDP, [563] = ON_TCP, [585] = ON_TCP, [587] = ON_TCP, [614] = ON_TCP,
	[631] = ON_TCP, [636] = ON_TCP, [989] = ON_TCP, [990] = ON_TCP, [992] = ON_TCP,
	[993] = ON_TCP, [995] = ON_TCP, [1080] = ON_TCP, [1434] = ON_TCP, [1812] = ON_UDP,
	[1883] = ON_TCP, [2123] = ON_UDP, [2152] = ON_UDP, [2811] = ON_TCP, [3128] = ON_TCP,
	[3268] = ON_BOTH, [3306] = ON_TCP, [3389] = ON_TCP, [3544] = ON_UDP, [4789] = ON_UDP,
	[5060] = ON_UDP, [5072] = ON_UDP, [5222] = ON_TCP, [5223] = ON_TCP, [5269] = ON_TCP,
	[5353] = ON_UDP, [5355] = ON_UDP, [5432] = ON_TCP, [6081] = ON_UDP, [6379] = ON_TCP,
	[6666] = ON_TCP, [6667] = ON_TCP, [6668] = ON_TCP, [6669] = ON_TCP, [8000] = ON_TCP,
	[8080] = ON_TCP, [8888] = ON_TCP, [20000] = ON_BOTH,
};
/* clang-format on */

bool
port_is_of_server(uint16_t port, uint16_t proto)
{
	uint8_t server = proto == IP_PROTO_TCP ? ON_TCP : ON_UDP;

	return port < NITEMS(server_ports) && (server_ports[port] & server) != 0;
}

bool
flow_is_reversed(const struct flow *f)
{
	const struct flowkey *k = &f->key;
	bool tcp = f->state != FLOW_NONE, a, b;

	if ((!tcp && k->proto != IP_PROTO_UDP) || (f->bits & FLOW_SYN_SEEN) || !flow_has_ports(f))
		return false;
	if (tcp && ((f->end[0].flags ^ f->end[1].flags) & TCP_SYN))
		return (f->end[0].flags & TCP_SYN) != 0;
	/* A group address is never a client. */
	if (addr_is_group((enum addr_kind)k->kind, &k->b))
		return false;
	a = port_is_of_server(k->a_port, k->proto);
	b = port_is_of_server(k->b_port, k->proto);
	return a != b ? a : tcp && f->server_end == 0;
}

const char *
flow_state_name(enum flow_state s)
{
	static const char *const name[] = {
		[FLOW_NONE] = NULL,
		[FLOW_SYN_SENT] = "syn_sent",
		[FLOW_SYN_RECEIVED] = "syn_received",
		[FLOW_ESTABLISHED] = "established",
		[FLOW_FIN_WAIT] = "fin_wait",
		[FLOW_CLOSED] = "closed",
		[FLOW_RESET] = "reset",
	};

	assert(s < NITEMS(name));
	return name[s];
}

static void
flow_track_close(struct flow *f, const struct pkt *p, int way)
{
	if (p->tcp_flags & TCP_FIN)
		f->bits |= way == 0 ? FLOW_FIN_A : FLOW_FIN_B;
	if (p->tcp_flags & TCP_RST)
		f->state = FLOW_RESET;
	else if ((f->bits & FLOW_FIN_A) && (f->bits & FLOW_FIN_B))
		f->state = FLOW_CLOSED;
	else if (f->bits & (FLOW_FIN_A | FLOW_FIN_B))
		f->state = FLOW_FIN_WAIT;
}

static void
flow_track_state(struct flow *f, const struct pkt *p, int way)
{
	const unsigned control = TCP_SYN | TCP_FIN | TCP_RST;

	f->end[way].flags |= p->tcp_flags;
	if (LIKELY(f->state >= FLOW_ESTABLISHED && (p->tcp_flags & control) == 0))
		return;
	if (pkt_is_syn(p)) {
		if (f->state == FLOW_NONE)
			f->state = FLOW_SYN_SENT;
		f->bits |= FLOW_SYN_SEEN;
	} else if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
		if (f->state <= FLOW_SYN_SENT)
			f->state = FLOW_SYN_RECEIVED;
	} else if (f->state == FLOW_NONE || (f->state == FLOW_SYN_RECEIVED && way == 0) ||
	    (f->state == FLOW_SYN_SENT && p->payload > 0)) {
		f->state = FLOW_ESTABLISHED;
	}
	if (!flow_has_ended(f) && (p->tcp_flags & (TCP_FIN | TCP_RST)))
		flow_track_close(f, p, way);
}

static bool
flow_knows_isn(const struct flow *f, int way)
{
	return f->end[way].flags != 0 || f->isn[way] != 0;
}

bool
flow_is_new_connection(const struct flow *f, const struct pkt *p, int way)
{
	bool answer = (p->tcp_flags & TCP_ACK) && (f->end[!way].flags & TCP_SYN);

	if (!flow_knows_isn(f, way))
		return flow_has_ended(f) && !answer;
	/* The first acknowledgement includes data of the SYN (RFC 7413). */
	if (f->isn[way] - p->seq <= p->payload)
		return false;
	return !answer || p->ack - f->isn[!way] - 1 > SYN_DATA_MAX;
}

/* If there were two different SYN/ACKs, the initiator's first ACK decides which one is valid. */
static void
flow_choose_synack(struct flow *f, const struct pkt *p, int end)
{
	bool spoke = f->end[end].next_seq != f->isn[end] + 1;

	if (spoke || p->ack - f->isn[end] - 1 <= SYN_DATA_MAX)
		return;
	f->isn[end] = p->ack - 1;
	f->end[end].next_seq = p->ack;
}

/* Finds the initial sequence numbers of both ends; called up to the first ACK of an end. */
static void
flow_note_isn(struct flow *f, const struct pkt *p, int way)
{
	const struct tcp_end *other = &f->end[!way];

	if (pkt_is_syn(p) || !flow_knows_isn(f, way))
		f->isn[way] = p->seq - !(p->tcp_flags & TCP_SYN);
	/* Zero is probably an unset field. */
	if (!(p->tcp_flags & TCP_ACK) || (p->tcp_flags & TCP_RST) || p->ack == 0)
		return;
	if (other->flags == 0)
		f->isn[!way] = p->ack - 1;
	else if (other->flags & TCP_SYN)
		flow_choose_synack(f, p, !way);
}

/* A second SYN/ACK with another sequence number. */
static bool
flow_is_stray_synack(const struct flow *f, const struct pkt *p, int way)
{
	return (p->tcp_flags & (TCP_SYN | TCP_RST)) == TCP_SYN && p->seq != f->isn[way];
}

unsigned
flow_track(struct flow *f, const struct pkt *p, int way)
{
	unsigned events = 0;

	if (UNLIKELY(!(f->end[way].flags & TCP_ACK)))
		flow_note_isn(f, p, way);
	if (LIKELY(!flow_is_stray_synack(f, p, way)))
		events = tcp_analyse(f->end, &f->rtt, p, way, (uint32_t)(p->ts / 1000));
	flow_track_state(f, p, way);
	if (LIKELY(events == 0))
		return 0;
	tcp_counts_add(&f->tcp[way], events);
	f->resets += (events & TCP_WAS_RESET) != 0;
	return events;
}

/* True if the application is only known by a port, and that port is not the server's. */
static bool
flow_is_client_port(const struct flow *f, const struct pkt *p)
{
	bool known = f->state != FLOW_NONE && ((f->end[0].flags | f->end[1].flags) & TCP_SYN) != 0;

	return known && p->app_confidence <= APP_BY_PORT &&
	    !proto_is_at(p->app, SPACE_TCP, flow_service_port(f));
}

/* True if p may continue the RTP stream of the previous such packet. */
static bool
flow_continues_rtp(struct flow *f, const struct pkt *p, int way)
{
	uint32_t now = p->ack << 16 | p->seq, was = f->isn[way];

	f->isn[way] = now;
	return was != 0 && now >> 16 == was >> 16 && (uint16_t)(now - was - 1) < RTP_LOST_MAX;
}

void
flow_note_app(struct flow *f, const struct pkt *p, int way)
{
	bool refuted;

	if (p->app_confidence == APP_GUESSED && !flow_is_young(f))
		return;
	if (p->app == PROTO_RTP && f->state == FLOW_NONE && !flow_continues_rtp(f, p, way))
		return;
	if (flow_is_client_port(f, p)) {
		f->app = (uint8_t)proto_find(SPACE_TCP, flow_service_port(f));
		f->app_confidence = f->app != PROTO_NONE ? APP_BY_PORT : APP_REFUTED;
		return;
	}
	refuted = p->app_confidence == APP_DOUBTED && (f->bits & FLOW_SYN_SEEN);
	/* Not constants: a single load of both fields, just after one was stored, would stall. */
	f->app = refuted ? (uint8_t)PROTO_NONE : p->app;
	f->app_confidence = (refuted ? APP_REFUTED : p->app_confidence) & 7u; /* all there are */
}

bool
flow_rtt(const struct flow *f, uint32_t *us)
{
	bool young = f->last - f->first < TCP_RTT_LAPSES_US * UINT64_C(1000);

	return f->state != FLOW_NONE &&
	    tcp_get_rtt(f->end, &f->rtt, (uint32_t)(f->last / 1000), young, us);
}

bool
flow_handshake_rtt(const struct flow *f, uint32_t *us)
{
	*us = f->rtt.handshake;
	return f->state != FLOW_NONE && tcp_has_handshake_rtt(f->end);
}

uint64_t
flow_retransmissions(const struct flow *f)
{
	return (uint64_t)f->tcp[0].retransmissions + f->tcp[1].retransmissions;
}

static void
flow_swap_bits(struct flow *f, uint16_t x, uint16_t y)
{
	uint16_t both = (uint16_t)(x | y), old = f->bits;

	f->bits = (uint16_t)(old & ~both);
	f->bits |= (uint16_t)(((old & x) ? y : 0) | ((old & y) ? x : 0));
}

#define SWAP(type, x, y)                                                                           \
	do {                                                                                       \
		type swap_ = (x);                                                                  \
		(x) = (y);                                                                         \
		(y) = swap_;                                                                       \
	} while (0)

void
flow_swap_ends(struct flow *f)
{
	SWAP(struct addr, f->key.a, f->key.b);
	SWAP(uint16_t, f->key.a_port, f->key.b_port);
	SWAP(uint32_t, f->pending_bytes[0], f->pending_bytes[1]);
	SWAP(uint16_t, f->pending_packets[0], f->pending_packets[1]);
	SWAP(uint32_t, f->host[0], f->host[1]);
	SWAP(uint32_t, f->isn[0], f->isn[1]);
	SWAP(struct tcp_end, f->end[0], f->end[1]);
	SWAP(struct tcp_counts, f->tcp[0], f->tcp[1]);
	meter_swap_ways(&f->meter);
	flow_swap_bits(f, FLOW_A_LOCAL, FLOW_B_LOCAL);
	flow_swap_bits(f, FLOW_FIN_A, FLOW_FIN_B);
	f->server_end ^= 1;
	f->first_sender ^= 1;
}

uint32_t
flow_lru_score(const struct flow *f, uint32_t seen)
{
	uint64_t packets = flow_pending_packets(f);

	if (f->bits & FLOW_FOLDED)
		packets += (uint64_t)1 << f->log2_packets;
	seen = lru_score(seen, lru_log2(packets));
	return flow_has_ended(f) || (f->bits & FLOW_SUPERSEDED)
	    ? seen - LRU_ENDED_DOUBLINGS * LRU_SCORE_PER_DOUBLING
	    : seen;
}

const char *
flow_proto_name(uint8_t kind, uint16_t proto, char *scratch)
{
	bool is_ip = kind == ADDR_IP4 || kind == ADDR_IP6;
	enum proto id = proto_find(is_ip ? SPACE_IP : SPACE_ETHER, proto);
	struct buf b;

	assert(scratch != NULL);
	if (id != PROTO_NONE)
		return proto_name(id);
	buf_init(&b, scratch, FLOW_PROTO_NAME);
	buf_addf(&b, is_ip ? "ip-%u" : "0x%04x", proto);
	return scratch;
}
