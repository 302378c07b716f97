#include "config.h"

#include "core/flow.h"

#include <assert.h>
#include <stddef.h>

#include "core/ledger.h"
#include "core/lookup.h"
#include "dissect/dissect.h"
#include "util/buf.h"
#include "util/pages.h"

static_assert(_Alignof(struct flow) <= PAGES_ALIGN, "the table is aligned so");
static_assert(sizeof(struct flow) == 320, "a flow is five cache lines");
static_assert(offsetof(struct flow, end) == 64, "the second begins here");
static_assert(offsetof(struct flow, first) == 128, "the third begins here");

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

	return name[s];
}

static void
track_close(struct flow *f, const struct pkt *p, int way)
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
track_state(struct flow *f, const struct pkt *p, int way)
{
	const unsigned control = TCP_SYN | TCP_FIN | TCP_RST;

	f->end[way].flags |= p->tcp_flags;
	if (LIKELY(f->state >= FLOW_ESTABLISHED && (p->tcp_flags & control) == 0))
		return;
	if (pkt_is_syn(p)) {
		if (f->state == FLOW_NONE)
			f->state = FLOW_SYN_SENT;
		f->bits |= FLOW_SYN_SEEN;
		f->isn = p->seq;
	} else if ((p->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
		if (f->state <= FLOW_SYN_SENT)
			f->state = FLOW_SYN_RECEIVED;
	} else if (f->state == FLOW_NONE || (f->state == FLOW_SYN_RECEIVED && way == 0) ||
	    (f->state == FLOW_SYN_SENT && p->payload > 0)) {
		f->state = FLOW_ESTABLISHED;
	}
	if (!flow_ended(f) && (p->tcp_flags & (TCP_FIN | TCP_RST)))
		track_close(f, p, way);
}

unsigned
flow_track(struct flow *f, const struct pkt *p, int way)
{
	unsigned events = tcp_analyse(f->end, &f->rtt, p, way, (uint32_t)(p->ts / 1000));

	track_state(f, p, way);
	if (LIKELY(events == 0))
		return 0;
	tcp_counts_add(&f->tcp[way], events);
	if ((events & TCP_WAS_RESET) && f->resets < UINT16_MAX)
		f->resets++;
	return events;
}

/* Content that chance may look like is believed of few packets only. */
#define YOUNG_WEIGHT 3
#define YOUNG        16

static bool
is_young(const struct flow *f)
{
	return f->weight <= YOUNG_WEIGHT && flow_pending_packets(f) < YOUNG;
}

void
flow_note_app(struct flow *f, const struct pkt *p)
{
	if (p->app_by == APP_GUESSED && !is_young(f))
		return;
	if (p->app_by == APP_DOUBTED && f->bits & FLOW_SYN_SEEN) {
		f->app = PROTO_NONE;
		f->app_by = APP_REFUTED;
		return;
	}
	f->app = p->app;
	f->app_by = p->app_by & 0xfu; /* all there are */
}

uint32_t
flow_round_trip(const struct flow *f)
{
	return f->key.proto == 6 ? tcp_round_trip(f->end, &f->rtt) : 0;
}

uint64_t
flow_retransmissions(const struct flow *f)
{
	return (uint64_t)f->tcp[0].retransmissions + f->tcp[1].retransmissions;
}

static void
swap_bits(struct flow *f, uint16_t x, uint16_t y)
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
flow_turn(struct flow *f)
{
	SWAP(struct addr, f->key.a, f->key.b);
	SWAP(uint16_t, f->key.a_port, f->key.b_port);
	SWAP(uint32_t, f->pending_bytes[0], f->pending_bytes[1]);
	SWAP(uint16_t, f->pending_packets[0], f->pending_packets[1]);
	SWAP(uint32_t, f->host[0], f->host[1]);
	SWAP(struct tcp_end, f->end[0], f->end[1]);
	SWAP(struct tcp_counts, f->tcp[0], f->tcp[1]);
	meter_swap(&f->meter);
	swap_bits(f, FLOW_A_LOCAL, FLOW_B_LOCAL);
	swap_bits(f, FLOW_FIN_A, FLOW_FIN_B);
	f->service = !f->service;
}

uint32_t
flow_claim(const struct flow *f, uint32_t seen)
{
	uint64_t packets = flow_pending_packets(f);

	if (flow_ended(f) || (f->bits & FLOW_PAST))
		return seen;
	if (f->bits & FLOW_COUNTED)
		packets += (uint64_t)1 << f->weight;
	return claim_of(seen, claim_weight(packets));
}

const char *
flow_proto_name(uint8_t kind, uint16_t proto, char *scratch)
{
	bool is_ip = kind == ADDR_IP4 || kind == ADDR_IP6;
	enum proto id = proto_at(is_ip ? SPACE_IP : SPACE_ETHER, proto);
	struct buf b;

	if (id != PROTO_NONE)
		return proto_name(id);
	buf_init(&b, scratch, FLOW_PROTO_NAME);
	buf_addf(&b, is_ip ? "ip-%u" : "0x%04x", proto);
	return scratch;
}
