/*
 * Flows, and who watches them end.
 */
#ifndef CORE_FLOW_H
#define CORE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/tcp.h"
#include "dissect/pkt.h"
#include "util/attr.h"
#include "util/hash.h"
#include "util/table.h"

/*
 * The flow table: every packet belongs to exactly one flow.
 *
 * A flow is bidirectional.  End 0 ("a") is the initiator: the sender of the SYN if one was seen,
 * else of the first packet.  The packet path touches only the first cache line of a flow, and for
 * TCP the second. flow_fold() adds the pending counts to the meter and to the derived tables.
 *
 * Memory is fixed at the start.  When the table is full, a new flow replaces the one with the
 * lowest score among a few neighbours: ended flows first, then as in lru.h.
 */

struct flowkey {
	struct addr a, b;
	uint16_t a_port, b_port;
	uint16_t proto; /* IP protocol number, or ethertype if kind is not IP */
	uint8_t kind;   /* enum addr_kind */
	uint8_t domain; /* capture point: a packet seen at two points counts in two flows */
};

enum flow_state {  /* of TCP, as seen by an observer; RFC 9293, 3.3.2 */
	FLOW_NONE, /* not TCP */
	FLOW_SYN_SENT,
	FLOW_SYN_RECEIVED,
	FLOW_ESTABLISHED,
	FLOW_FIN_WAIT, /* one end has closed */
	FLOW_CLOSED,   /* both ends have closed */
	FLOW_RESET,
};

enum flow_bits {
	FLOW_DIRTY = 1 << 0,  /* in the list of flows with pending counts; belongs to the slot */
	FLOW_FOLDED = 1 << 1, /* it was counted in its hosts and its port */
	FLOW_SUPERSEDED = 1 << 2, /* a newer flow has the same key */
	FLOW_SYN_SEEN = 1 << 3,   /* a SYN was seen: a is the initiator */
	FLOW_A_LOCAL = 1 << 4,    /* the address of a is local */
	FLOW_B_LOCAL = 1 << 5,
	FLOW_FIN_A = 1 << 6,
	FLOW_FIN_B = 1 << 7,
	FLOW_HAS_SERVER_NAME = 1 << 8, /* the server name is known, see flow_server_name() */
	FLOW_HAS_ALPN = 1 << 9,        /* the client offered protocols in TLS, see flow_alpn() */
	FLOW_ALPN_CHOSEN = 1 << 10,
	FLOW_HAS_CONTEXT = 1 << 14, /* one of its contexts is not 0 */
	FLOW_GROWN = 1 << 15,       /* it had many packets when last folded */
	FLOW_UNANSWERED = 1 << 11,  /* its SYN was retransmitted, and no answer has come */
};

#define FLOW_FINGERPRINT_SHIFT 28 /* the highest bits are the place of a fingerprint */

struct flow_fingerprints { /* of packets, see core/packet.h */
	uint32_t fingerprint[16];
};

struct flow {
	/* first cache line: all that most packets need */
	struct flowkey key;
	uint64_t last;               /* ns since the epoch */
	uint32_t pending_bytes[2];   /* not yet folded; 0: a to b */
	uint16_t pending_packets[2]; /* likewise */
	uint16_t bits;               /* enum flow_bits */
	uint8_t app;                 /* enum proto; PROTO_NONE: unknown */
	uint8_t state : 3;           /* enum flow_state */
	uint8_t app_confidence : 3;  /* enum app_confidence */
	uint8_t answered : 1;        /* not TCP: the other end has sent packets */
	uint8_t has_wait : 1;        /* see flow_wait() */
	/* second cache line: TCP, or fingerprints */
	union {
		struct tcp_end end[2];
		struct flow_fingerprints fingerprints;
	};
	/* third cache line: what else every flow has */
	uint64_t first;   /* ns since the epoch */
	uint32_t host[2]; /* rows of a and b when last folded */
	uint32_t port;    /* row in the port table */
	uint32_t isn[2];  /* TCP: initial sequence numbers; UDP: last RTP source and number */
	uint32_t resets;
	uint16_t source;          /* of its first packet */
	uint8_t server_end : 1;   /* 0: a is the server, 1: b is */
	uint8_t port_zero : 1;    /* both ports were seen, and are 0 */
	uint8_t first_sender : 1; /* the end that sent the first packet */
	uint8_t ttl;              /* TTL or hop limit of its first packet */
	uint8_t log2_packets;     /* log2 of its packets at the last fold */
	uint8_t log2_bytes;       /* and of its bytes */
	uint8_t bpf_gaps;         /* enum bpf_gap, of all its packets together */
	struct tcp_rtt rtt;
	uint32_t generation; /* differs from those of earlier flows in this row */
	uint32_t duplicates; /* duplicate packets both ways, see core/packet.h */
	uint32_t context[2]; /* of the first sender's packets, and of the answers; see
				core/packet.h */
	/* untouched by most flows of a flood: tcp for TCP only, meter after the first fold */
	struct tcp_counts tcp[2];
	struct meter meter; /* t[0]: a to b */
} ATTR_ALIGNED(64);

#define FLOWS_EVICT_AHEAD 8

struct evict_candidate {       /* a flow chosen for eviction, unless a packet comes before */
	uint32_t row, packets; /* pending packets when it was chosen */
	struct flow_ends {
		uint32_t hash[2]; /* of the hosts of a and b */
		bool need_hash[2];
		uint32_t score_time; /* in score units, see lru.h */
	} ends;
};

/* Where a flow's waiting is, in us; in a table of its own, because many flows do not need it. */
struct flow_wait {
	union {
		uint32_t far;   /* TCP: of the network behind the point of capture */
		uint32_t asked; /* UDP: when a request was sent; 0: none is open */
	};
	uint32_t server, client;    /* means, valid if there are samples */
	uint8_t n_server, n_client; /* samples, up to WAIT_MEMORY */
	uint16_t unfolded; /* samples of the server that its host and port do not have yet */
};

#define WAIT_MEMORY 16 /* samples that a mean is over */

struct flow_use {
	uint16_t service;   /* enum use_service */
	uint8_t app, basis; /* what it was found by, see use.c */
	uint16_t found;     /* likewise */
};

struct flow_found;

struct flows {
	struct flow *row;         /* on a cache line */
	struct flow_use *use;     /* by row, valid if the flow was folded */
	struct flow_wait *wait;   /* by row, valid if the flow has_wait */
	struct flow_found *found; /* by row, valid while the ledger has apps */
	struct table table;
	uint32_t *dirty; /* rows with pending counts */
	uint32_t n_dirty;
	struct evict_candidate candidate[FLOWS_EVICT_AHEAD];
	uint32_t n_candidates, next_candidate; /* their number, and the next one to evict */
	struct meter other;                    /* the counts of evicted flows */
	struct overflow_sums other_sums;
};

/* Packets and bytes in one direction that are not yet folded. */
static inline struct tally
flow_pending(const struct flow *f, int way)
{
	return (struct tally){ f->pending_packets[way], f->pending_bytes[way] };
}

/* Packets and bytes in one direction, including pending ones. */
static inline struct tally
flow_tally(const struct flow *f, int way)
{
	struct tally sum = flow_pending(f, way);

	tally_add(&sum, f->meter.t[way].packets, f->meter.t[way].bytes);
	return sum;
}

static inline uint32_t
flow_pending_packets(const struct flow *f)
{
	return (uint32_t)f->pending_packets[0] + f->pending_packets[1];
}

/* The server's port. */
static inline uint16_t
flow_service_port(const struct flow *f)
{
	return f->server_end == 0 ? f->key.a_port : f->key.b_port;
}

/* False if no port was seen, or if the protocol has none. */
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
 * True if p, a SYN or SYN/ACK, begins another connection than f, because its sequence number
 * differs from the initial one.  If that end's SYN was not seen, the initial number is one less
 * than the first number seen, or than the first one acknowledged.  A SYN/ACK that acknowledges the
 * SYN belongs to it in any case.
 */
bool flow_is_new_connection(const struct flow *f, const struct pkt *p, int way);

/* Updates the TCP state and error counts.  Returns enum tcp_event. */
unsigned flow_track(struct flow *f, const struct pkt *p, int way);

/*
 * Updates the application from p, a packet with payload.  The most certain result is kept.  A guess
 * by port is refuted if the connection does not begin as that protocol does.  RTP needs two packets
 * with consecutive sequence numbers.
 */
void flow_note_app(struct flow *f, const struct pkt *p, int way);

/* True for ports that servers use: those in Zeek's base scripts. */
bool port_is_of_server(uint16_t port, uint16_t proto);

/*
 * True if b opened the flow as far as one can tell: no SYN was seen, but the SYN/ACK, or the ports
 * show that a is the server.  So it is if the flow is older than the capture.
 */
bool flow_is_reversed(const struct flow *f);

/* Swaps a and b, because the initiator is the other end. */
void flow_swap_ends(struct flow *f);

/* The round-trip time between both ends.  Returns false if it is not known. */
bool flow_rtt(const struct flow *f, uint32_t *us);

/* The same for the handshake's. */
bool flow_handshake_rtt(const struct flow *f, uint32_t *us);

/* Retransmissions of both ends. */
uint64_t flow_retransmissions(const struct flow *f);

/* The eviction score of f, see lru.h. */
uint32_t flow_lru_score(const struct flow *f, uint32_t seen);

/* "syn_sent", "established" ...; NULL for FLOW_NONE. */
const char *flow_state_name(enum flow_state s);

/*
 * Callbacks for each counted packet with its flow, and for evicted flows.  Costs one comparison per
 * packet if unused.
 */

struct flow_watch {
	/* p was counted in the flow of that row; way 0 is from a to b; events is of enum tcp_event.
	 */
	void (*on_packet)(void *arg, uint32_t row, const struct pkt *p, int way, unsigned events);
	/* The ends a and b were swapped, because of the packet that is reported next. */
	void (*on_swap)(void *arg, uint32_t row);
	/* The flow is about to be evicted; the row is still valid. */
	void (*on_evict)(void *arg, uint32_t row);
	void *arg;
	const char *rows; /* what it keeps by row, to be prefetched */
	size_t row_size;
	struct flow_watch *next; /* in the list of the ledger */
};

/* Adds w, which the caller keeps, to a ledger's list, or removes it. */
void flow_watch_add(struct flow_watch **list, struct flow_watch *w);
void flow_watch_remove(struct flow_watch **list, const struct flow_watch *w);

/* Prefetches what all of a list keep of a row. */
static ATTR_INLINE void
flow_watch_prefetch(const struct flow_watch *list, uint32_t row)
{
	for (const struct flow_watch *w = list; UNLIKELY(w != NULL); w = w->next) {
		PREFETCH_WRITE(w->rows + row * w->row_size);
		PREFETCH_WRITE(w->rows + row * w->row_size + w->row_size / 2);
	}
}

#endif
