/*
 * What the ledger remembers of packets: contexts, fragments, duplicates, and a log.
 */
#ifndef CORE_PACKET_H
#define CORE_PACKET_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dissect/bpf_gaps.h"
#include "dissect/pkt.h"
#include "util/attr.h"
#include "util/table.h"

struct buf;
struct flow;
struct host;
struct ledger;

/*
 * Contexts (dissect/pkt.h) as numbers, which are part of the keys of flows and hosts.
 *
 * The number is a keyed hash of the context, so two contexts differ without any table; 0: no
 * context.  The table here keeps what each number stands for, to show it.  If it is full, the
 * oldest entry is overwritten; that context is noted again with its next flow.
 *
 * A packet belongs to the flow between its ends that has the packet's context in the packet's
 * direction.  A flow begins with one context for both directions.  If the first packet of the other
 * direction has a context that no flow has, it is the answer, and from then on each direction has
 * its own context; a packet that opens something itself (a SYN, an echo request) is not an answer.
 * If that context is then seen in both directions, it was not an answer, and the packets go on as
 * two flows.
 */

struct context_row {
	struct context context;
	uint32_t host_id; /* its number for hosts, see contexts_host_id() */
};

#define CONTEXT_WAIT_SETS 1024
#define CONTEXT_WAIT_WAYS 4

/* A flow whose answer may come in another context. */
struct context_wait {
	uint32_t hash; /* of its ends, without the context */
	uint32_t row;
};

struct contexts {
	struct context_row *row;
	struct table table;                                       /* by id */
	struct context_wait (*awaiting_reply)[CONTEXT_WAIT_WAYS]; /* newest first */
};

void contexts_init(struct contexts *cs, const struct table_room *room);
void contexts_fini(struct contexts *cs);
void contexts_clear(struct contexts *cs);
size_t contexts_memory(uint32_t max);

/* The number of a context. */
static inline uint32_t
contexts_id(const struct contexts *cs, const struct context *c)
{
	uint32_t id;

	if (context_is_empty(c))
		return 0;
	id = hash_pairs(&cs->table.key, c->w, CONTEXT_WORDS);
	return id != 0 ? id : 1;
}

/* Stores the context of an id. */
void contexts_note(struct contexts *cs, uint32_t id, const struct context *c);

/* The context with this number; 0 is the empty one.  NULL if it was overwritten. */
const struct context *contexts_find(const struct contexts *cs, uint32_t id);

/*
 * The part of context id that is in a host's key: the numbers that name a network (VLAN, label,
 * VNI, GRE key, I-SID), without those that name a line into one (PPPoE session, TEID, L2TP).  An
 * address that is unique in the world has none: it is the same host everywhere.  A link-local
 * address has its capture point (domain) too.
 */
uint32_t contexts_host_id(
    struct contexts *cs, const struct addr *a, uint8_t kind, uint32_t id, uint8_t domain);

/* A field of the context that f began in, else of its answers' context.  Returns false if neither
 * has it. */
bool flow_context_field(
    const struct ledger *l, const struct flow *f, enum context_field fact, uint32_t *n);

/* Adds a context as text, "vlan 10"; "?" if it was overwritten. */
void ledger_context_text(struct buf *b, const struct ledger *l, uint32_t id);

/* The same for a host; for a link-local address also "zone eth0" if there are several capture
 * points. */
void host_context_text(struct buf *b, const struct ledger *l, const struct host *h);

/* The same for a flow; "vlan 10 / vlan 20" or "vlan 10 / -" if each direction has its own, the
 * direction from a first. */
void flow_context_text(struct buf *b, const struct ledger *l, const struct flow *f);

/* Notes a flow that began in a context and may be answered in another one; hash: of its ends
 * alone. */
void contexts_expect_reply(struct contexts *cs, uint32_t hash, uint32_t row);

/*
 * Finds the flow that p answers from another context; p has no flow in its own context.  Returns
 * its row or INDEX_NONE. hash is that of p including the context.  If another flow wrongly has this
 * context as that of its answers, it loses it.
 */
uint32_t contexts_find_answered_flow(
    struct ledger *l, uint32_t hash, const struct pkt *p, int *way);

/*
 * IP fragments: remembers the ports of first fragments for the later ones, which have none (RFC
 * 791, 3.2; RFC 8200, 4.5).
 *
 * The table is a ring: the oldest entry is overwritten.  Fragments more than 30 s apart belong to
 * different datagrams, because identifications are soon reused (RFC 6864).
 */

/* The flow of a datagram: its own, or with --decap that of the inner packet. */
struct fragment_flow {
	struct addr src, dst;
	uint16_t proto, sport, dport;
	uint8_t kind;
	uint32_t context_id;
	struct context context;
};

struct fragment {
	struct addr src, dst;
	uint64_t ts; /* of the first fragment */
	uint32_t id, hash, context;
	uint16_t key_proto; /* protocol, which is part of the key in IPv4; 0 in IPv6 */
	uint8_t kind, domain;
	struct fragment_flow flow;
};

struct fragments {
	struct fragment *row;
	struct table table;
};

void fragments_init(struct fragments *fs, const struct table_room *room);
void fragments_fini(struct fragments *fs);

/* Clears the table; the caller must clear the index. */
void fragments_clear(struct fragments *fs);

size_t fragments_memory(uint32_t max);

/*
 * Stores a first fragment, and that of the tunnel packet that p was in.  A later fragment of the
 * same capture point gets the addresses, protocol and ports of its first one.  PKT_PORTS is not set
 * then: the ports were not in this packet.
 */
void fragments_join(struct fragments *fs, struct pkt *p);

/*
 * Packets that are seen twice, for example if a SPAN port mirrors both directions, or if the
 * capture sees them before and behind a router.  A duplicate has the same addresses, ports and
 * transport header as an earlier packet, a TTL that differs by at most one, and comes within a few
 * ms.
 *
 * Hosts also retransmit the same bytes.  A packet is certainly a duplicate if
 *
 *	the IPv4 identification is the same, and the sender's packet before had another one
 *	the hop limit differs by one
 *	TCP: it has SYN, FIN or data, and comes within 2 ms: too early for a retransmission,
 *		unless duplicate ACKs have requested it
 *	IPv6: the checksum is the same (there is no identification), within 2 ms, and the flow
 *		has few packets
 *
 * Any other packet that looks the same (mostly pure ACKs without identification) is a duplicate if
 * many packets before it were.
 *
 * A fingerprint of each packet is stored in a ring, which is cheap.  The ring is searched only for
 * packets that may be duplicates: see count_may_be_duplicate() in ledger_count.c.
 */

#define DUPLICATE_RING   1024              /* packets in the ring */
#define DUPLICATE_MAX_NS UINT64_C(5000000) /* the greatest delay of a duplicate */

struct recent_packet {
	/* like struct pkt; the fields from net_len to tcp_flags are the same in a copy */
	uint64_t ts;
	uint32_t len, net_len;
	uint32_t seq, ack;
	uint16_t checksum, ip_id, window;
	uint8_t tcp_flags, ttl;

	uint32_t sender; /* hash of its flow and end */
	uint32_t before; /* number of the previous packet in its chain */
};

#define DUPLICATE_FACTS offsetof(struct recent_packet, sender)
static_assert(offsetof(struct pkt, ttl) + 1 - offsetof(struct pkt, ts) == DUPLICATE_FACTS,
    "the facts of a packet are copied in one piece");

struct duplicates {
	struct recent_packet packet[DUPLICATE_RING];
	uint32_t newest[DUPLICATE_RING]; /* the last packet of each chain */
	uint32_t n;                      /* packets so far, modulo 2^32 */
	uint32_t evidence;               /* score of recent duplicates, as of packet evidence_at */
	uint32_t evidence_at;
};

/* True if p is so close to time ts that one packet may be a duplicate of the other. */
static inline bool
duplicate_is_near(const struct pkt *p, uint64_t ts)
{
	return p->ts - ts + DUPLICATE_MAX_NS <= 2 * DUPLICATE_MAX_NS;
}

/* Hash of the fields that are the same in a copy of number n. */
static inline uint32_t
duplicates_fingerprint(const struct duplicates *d, uint32_t n)
{
	const struct recent_packet *r = &d->packet[n % DUPLICATE_RING];
	uint32_t ids = (uint32_t)r->ip_id << 16 | r->checksum;

	return r->sender + ids * UINT32_C(0x9e3779b1) +
	    (r->seq ^ r->ack ^ r->net_len) * UINT32_C(0x85ebca6b);
}

/* True if p, packet number n, is a duplicate of an earlier one. doubted: duplicate ACKs have
 * requested it, or, without TCP, its flow has so many packets that equal checksums are likely. */
bool duplicates_is_duplicate(struct duplicates *d, const struct pkt *p, uint32_t n, bool doubted);

/* Stores n packets, numbered from d->n on; hash: those of their flows. */
void duplicates_note(
    struct duplicates *d, const struct pkt *pkts, const uint32_t *hash, unsigned n);

/* Clears the ring. */
void duplicates_clear(struct duplicates *d);

/*
 * Packets that a capture filter misreads, because a header is broken or because they are in a
 * tunnel. Stores what the filter reads. A few different ones are kept; more are dropped.
 */

#define MISTAKEN_MOST 16

struct mistaken {
	struct seen of[MISTAKEN_MOST];
	unsigned n;
	bool more; /* than these */
};

/* A packet that has BPF_WRONG_ADDRS. */
void mistaken_add(struct mistaken *m, const struct frame *f);

/*
 * The log of the newest packets, in a ring whose size is fixed at the start.  Written only while
 * enabled.
 */

/* The displayed fields of struct pkt, in 80 bytes. */
struct logged_packet {
	uint64_t ts; /* ns since the epoch */
	struct addr src, dst;
	uint32_t number; /* consecutive number of logged packets, from 0, modulo 2^32 */
	uint32_t len, payload, seq, ack;
	uint32_t context_id; /* a row of the contexts, see above */
	uint16_t sport, dport, window, proto;
	uint8_t kind, tcp_flags, ttl, app, icmp_type, icmp_code;
	uint8_t flags;  /* enum pkt_flag */
	uint8_t source; /* number of the source */
};

struct packet_log {
	struct logged_packet *row; /* packet number n is at n & mask */
	uint32_t mask;
	uint64_t n_logged; /* packets logged so far */
	bool enabled;
};

/* A ring of max packets, rounded down to a power of two.  Exits if out of memory. */
void packet_log_init(struct packet_log *ps, const struct table_room *room);
void packet_log_fini(struct packet_log *ps);
void packet_log_clear(struct packet_log *ps);
size_t packet_log_memory(uint32_t max);

/* The number of packets in the ring. */
uint32_t packet_log_used(const struct packet_log *ps);

/* Logs n packets. */
void packet_log_add(struct packet_log *ps, const struct pkt *p, unsigned n);

#endif
