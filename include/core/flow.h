/*
 * The flow table: every packet belongs to exactly one flow.
 *
 * A flow is bidirectional.  End 0 ("a") is the initiator: the sender of the SYN
 * where one was seen, else of the first packet.  The packet path touches only
 * the first cache line of a flow, and of TCP the second; flow_fold() brings what is pending there
 * into the meter and into the derived tables.
 *
 * Memory is fixed at the start.  While there is room nothing leaves.  When it
 * is full, a new flow takes the place of the least useful of a few neighbours:
 * ended flows first, then as lru.h has it.
 */
#ifndef CORE_FLOW_H
#define CORE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lru.h"
#include "core/meter.h"
#include "core/tcp_analysis.h"
#include "dissect/pkt.h"
#include "util/attr.h"
#include "util/hash.h"
#include "util/index.h"

struct flowkey {
	struct addr a, b;
	uint16_t a_port, b_port;
	uint16_t proto; /* IP protocol number, or ethertype where kind is not IP */
	uint8_t kind;   /* enum addr_kind */
	uint8_t domain; /* capture point: the same packet at two points is two */
};

enum flow_state {  /* of TCP; RFC 9293, 3.3.2, as seen from between */
	FLOW_NONE, /* not TCP */
	FLOW_SYN_SENT,
	FLOW_SYN_RECEIVED,
	FLOW_ESTABLISHED,
	FLOW_FIN_WAIT, /* one end has closed */
	FLOW_CLOSED,   /* both ends have */
	FLOW_RESET,
};

enum flow_bits {
	FLOW_DIRTY = 1 << 0,      /* in the list of flows that moved; belongs to the slot */
	FLOW_FOLDED = 1 << 1,     /* its hosts and its port know of it */
	FLOW_SUPERSEDED = 1 << 2, /* a newer flow has the same key */
	FLOW_SYN_SEEN = 1 << 3,   /* so that a is known to be the initiator */
	FLOW_A_LOCAL = 1 << 4,    /* address of a is ours */
	FLOW_B_LOCAL = 1 << 5,
	FLOW_FIN_A = 1 << 6,
	FLOW_FIN_B = 1 << 7,
	FLOW_HAS_SERVER_NAME = 1 << 8, /* its server has a name, see flow_server_name() */
	FLOW_HAS_ALPN = 1 << 9,        /* protocols were offered within TLS, see flow_alpn() */
	FLOW_ALPN_CHOSEN = 1 << 10,
	FLOW_HAS_OWNER = 1 << 12,   /* its process is known, or the user, see flow_owner() */
	FLOW_OWNER_FINAL = 1 << 13, /* and is not asked for any more */
	FLOW_HAS_CONTEXT = 1 << 14, /* one of its contexts is not 0 */
	FLOW_GROWN = 1 << 15,       /* it had many packets when last folded */
	FLOW_UNANSWERED = 1 << 11,  /* its SYN was sent again, and no answer has come */
};

struct flow_fingerprints {        /* of packets, see core/duplicate.h */
	uint32_t fingerprint[15]; /* each in the place that it says itself */
	uint32_t newest;          /* when the newest came: ns, modulo 2^32 */
};

struct flow {
	/* first cache line: all that a further packet touches */
	struct flowkey key;
	uint64_t last;               /* ns since the epoch */
	uint32_t pending_bytes[2];   /* not yet folded; 0: a to b */
	uint16_t pending_packets[2]; /* likewise */
	uint16_t bits;               /* enum flow_bits */
	uint8_t app;                 /* enum proto, PROTO_NONE: not known */
	uint8_t state : 4;           /* enum flow_state */
	uint8_t app_confidence : 4;  /* enum app_confidence */
	/* the second: and of TCP besides; else it is anything */
	union {
		struct tcp_end end[2];
		struct flow_fingerprints fingerprints;
	};
	/* the third: the rest of what every flow has */
	uint64_t first;   /* ns since the epoch */
	uint32_t host[2]; /* rows of a and b when last folded */
	uint32_t port;    /* row in the port table */
	uint32_t isn[2];  /* of a and b: the SYN's sequence number, see flow_is_new_connection(); of
			   * UDP:  source  and sequence number of what looked like RTP last */
	uint32_t resets;
	uint16_t source;          /* of its first packet */
	uint8_t server_end : 1;   /* 0: a is the service's end, 1: b is */
	uint8_t port_zero : 1;    /* its ports were seen, and both are 0 */
	uint8_t first_sender : 1; /* the end that sent its first packet: 1 where that turned out to
				     be b */
	uint8_t ttl;              /* or hop limit, of its first packet */
	uint8_t log2_packets;     /* log2 of its packets when last folded */
	uint8_t bpf_gaps;         /* enum bpf_gap of all its packets */
	struct tcp_rtt rtt;
	uint32_t generation; /* no flow in its row had the same */
	uint32_t duplicates; /* packets both ways that were seen before, see core/duplicate.h */
	uint32_t
	    context[2]; /* of that end's packets, and of the answers; see core/context_table.h */
	/* what most flows of a flood never touch: tcp of TCP, the meter of those that were folded
	 */
	struct tcp_counts tcp[2];
	struct meter meter; /* t[0]: a to b */
} ATTR_ALIGNED(64);

#define FLOWS_EVICT_AHEAD 8

struct evict_candidate {       /* a flow that is going to leave, unless it moves before */
	uint32_t row, packets; /* what was pending when it was chosen */
	struct flow_ends {
		uint32_t hash[2]; /* of the hosts of a and b */
		bool need_hash[2];
		uint32_t score_time; /* as claims have it, see lru.h */
	} ends;
};

struct flows {
	struct flow *row; /* on a cache line */
	struct index index;
	struct lru lru;
	uint32_t used, max; /* rows in use, and room */
	uint32_t max_grown; /* that there may be room for */
	uint32_t *dirty;    /* rows with something pending */
	uint32_t n_dirty;
	struct evict_candidate candidate[FLOWS_EVICT_AHEAD];
	uint32_t n_candidates, next_candidate; /* how many there are, and how many have left */
	uint64_t evicted;                      /* flows that had to leave */
	struct meter other;                    /* what they had counted */
	struct overflow_sums other_sums;
	struct hashkey hashkey;
	struct pairkey pairkey; /* of it, for the index */
};

/* Packets and bytes that way which are not yet folded. */
static inline struct tally
flow_pending(const struct flow *f, int way)
{
	return (struct tally){ f->pending_packets[way], f->pending_bytes[way] };
}

static inline uint32_t
flow_pending_packets(const struct flow *f)
{
	return (uint32_t)f->pending_packets[0] + f->pending_packets[1];
}

/* Of the end that serves. */
static inline uint16_t
flow_service_port(const struct flow *f)
{
	return f->server_end == 0 ? f->key.a_port : f->key.b_port;
}

/* False when no port of it was seen, or its protocol has none. */
static inline bool
flow_has_ports(const struct flow *f)
{
	return (f->key.a_port | f->key.b_port) != 0 || f->port_zero;
}

/* No packet has been counted. */
static inline bool
flow_is_new(const struct flow *f)
{
	return flow_pending_packets(f) == 0 && !(f->bits & FLOW_FOLDED);
}

#define FLOW_YOUNG_LOG2 3
#define FLOW_YOUNG      16

/* Few packets have been counted. */
static inline bool
flow_is_young(const struct flow *f)
{
	return !(f->bits & FLOW_GROWN) && flow_pending_packets(f) < FLOW_YOUNG;
}

static inline bool
flow_has_ended(const struct flow *f)
{
	return f->state >= FLOW_CLOSED;
}

/*
 * True when p, a SYN or SYN/ACK that goes that way, begins another connection than f: its sequence
 * number is another one.  If no SYN was seen of its end, one before the first number that was, or
 * that the other end acknowledged, stands for it.  A SYN/ACK that acknowledges the SYN belongs to
 * it, whatever its number.
 */
bool flow_is_new_connection(const struct flow *f, const struct pkt *p, int way);

/* What a TCP packet that goes that way means for the state and the health.  Returns enum tcp_event.
 */
unsigned flow_track(struct flow *f, const struct pkt *p, int way);

/*
 * The application as p, a packet with payload that goes that way, shows it: what is surer than all
 * before stays.  A port's word is refuted by a connection that does not begin as its protocol does,
 * and two packets with running sequence numbers make RTP.
 */
void flow_note_app(struct flow *f, const struct pkt *p, int way);

/* a becomes b: the initiator turned out to be the other end. */
void flow_swap_ends(struct flow *f);

/* False when the round trip between both ends is not known; else *us is it. */
bool flow_rtt(const struct flow *f, uint32_t *us);

/* The same for the handshake's. */
bool flow_handshake_rtt(const struct flow *f, uint32_t *us);

/* Retransmissions and the like, of both ends together. */
uint64_t flow_retransmissions(const struct flow *f);

/* What f claims that was seen then, see lru.h. */
uint32_t flow_lru_score(const struct flow *f, uint32_t seen);

/* "syn_sent", "established" ...; NULL for FLOW_NONE. */
const char *flow_state_name(enum flow_state s);

#endif
