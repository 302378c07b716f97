/*
 * Hosts: their counts, errors and names.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/traffic_class.h"
#include "dissect/addr.h"
#include "dissect/pkt.h"
#include "util/attr.h"
#include "util/hash.h"
#include "util/table.h"
#include "util/text.h"

struct buf;
struct flow;
struct ledger;
struct pkt;
struct pkt_meta;

/*
 * Per-host error counters (retransmissions, refusals, DNS failures).  Errors are rare, so the host
 * is looked up for each of them.
 */

/*
 * Counts the TCP events (enum tcp_event) of a packet; `way` is its direction.  Must also be called
 * for each packet of a flow with FLOW_UNANSWERED.  A retransmitted SYN counts as unanswered until
 * an answer comes; a reset instead of the answer is a refusal.
 */
void host_errors_note_tcp(
    struct ledger *l, struct flow *f, const struct pkt *p, int way, unsigned events);

/* Counts a duplicate packet. */
void host_errors_note_duplicate(struct ledger *l, struct flow *f, int way);

/* Counts an ICMP "destination unreachable" for its receiver. */
void host_errors_note_icmp(struct ledger *l, struct flow *f, const struct pkt *p, int way);

/* Counts a DNS response with an error code. */
void host_errors_note_dns(struct ledger *l, struct flow *f, const struct pkt_meta *s, int way);

/* A serious risk was found in a flow; of both ends, because it is not known whose it is. */
void host_errors_note_risk(struct ledger *l, struct flow *f);

/*
 * Hosts: what each address sent and received, folded from the flows.  Each traffic class has its
 * own meter, so that numbers are right if some classes are hidden. t[0] of a meter is out (sent by
 * the host), t[1] is in.
 */

struct host_errors { /* of the TCP segments that it sent; the counters saturate */
	uint32_t retransmissions, out_of_order, duplicate_acks, zero_windows, resets;
	/* duplicates of its packets */
	uint32_t duplicates;
	/* of its requests: connections, undelivered datagrams, names */
	uint32_t unanswered, refused, unreachable, no_such_name, dns_failures;
	/* of the connections that others tried with it */
	uint32_t not_answering, refusing;
	uint16_t risks;        /* its flows with a serious risk */
	uint16_t failing_port; /* at which a connection with it failed last */
};

struct host {
	/* first cache line; most hosts use the meter of one class only */
	struct addr addr;
	uint64_t first, last;
	uint64_t flows;      /* in which it took part */
	uint32_t score_time; /* see util/table.h */
	uint32_t network;    /* its last row in the table of networks */
	struct peak peak;    /* over all classes */
	uint8_t kind;        /* enum addr_kind */
	uint8_t prefix_bits; /* prefix length at which core/network.h shows it */
	uint8_t classes;     /* bit (1 << enum traffic_class) is set if that meter is in use */
	bool local : 1;
	bool has_traffic : 1;                         /* it has packets */
	bool other : 1;                               /* the row "(other)" */
	bool has_errors : 1;                          /* its error counters are not all zero */
	bool has_rtt : 1;                             /* rtt is set */
	bool has_context : 1;                         /* context is set */
	bool has_wait : 1;                            /* its histogram is not all zero */
	struct meter meter[CLASSES] ATTR_ALIGNED(64); /* by enum traffic_class */
	struct host_errors errors;
	uint32_t rtt;     /* us, smoothed round-trip time of its TCP connections, if has_rtt */
	uint32_t context; /* of the address, see contexts_host_id(), if bpf_exact_context_matches */
};

struct baseline;
struct baseline_meters;
struct networks;

struct hosts {
	struct host *row;            /* on a cache line */
	struct wait_histogram *wait; /* by row: of its answers as a server */
	struct table table;
	const struct tally *total; /* traffic */
	struct host other;         /* the counts of evicted hosts */
	struct overflow_sums other_sums[CLASSES];
	struct networks *networks; /* is notified of evictions; may be NULL */
	struct baseline *baseline; /* likewise */
};

/* Allocates room for max rows, growing up to `most`. */
void hosts_init(struct hosts *hs, const struct table_room *room);
void hosts_fini(struct hosts *hs);
unsigned hosts_meters(struct ledger *l, struct baseline_meters *of);

/* Clears the table; the caller must clear the index. */
void hosts_clear(struct hosts *hs);

/* Adds the error counters of one host to another. */
static inline void
host_errors_add(struct host_errors *to, const struct host_errors *more)
{
	uint32_t risks = (uint32_t)to->risks + more->risks;

	assert(to != NULL && more != NULL);
	to->retransmissions += more->retransmissions;
	to->out_of_order += more->out_of_order;
	to->duplicate_acks += more->duplicate_acks;
	to->zero_windows += more->zero_windows;
	to->resets += more->resets;
	to->duplicates += more->duplicates;
	to->unanswered += more->unanswered;
	to->refused += more->refused;
	to->unreachable += more->unreachable;
	to->no_such_name += more->no_such_name;
	to->dns_failures += more->dns_failures;
	to->not_answering += more->not_answering;
	to->refusing += more->refusing;
	to->risks = risks < UINT16_MAX ? (uint16_t)risks : UINT16_MAX;
}

/* Memory of a table of max hosts, in bytes. */
size_t hosts_memory(uint32_t max);

/* Adds n answers of the host of that row, as a server; each took `us`. */
void hosts_add_wait(struct hosts *hs, uint32_t row, uint32_t us, uint32_t n);

/* The key of a row: an address, with its context unless the address is globally unique. */
struct host_key {
	const struct addr *addr;
	uint32_t context; /* 0: none */
	uint8_t kind;     /* enum addr_kind */
};

uint32_t hosts_hash(const struct hosts *hs, const struct host_key *k);

static inline uint32_t
host_context(const struct host *h)
{
	return h->has_context ? h->context : 0;
}

/* True if the row `hint` has that key. */
static inline bool
hosts_row_matches(const struct hosts *hs, uint32_t hint, const struct host_key *k)
{
	const struct host *h = &hs->row[hint];

	return hint < hs->table.used && h->kind == k->kind && addr_equal(&h->addr, k->addr) &&
	    host_context(h) == k->context;
}

/* The row of a key with that hash.  Adds it if it is new; evicts another if the table is full. */
uint32_t hosts_get(struct hosts *hs, uint32_t hash, const struct host_key *k,
    const struct intervals *b, uint32_t seen);

/* The meter of a class, advanced to the current interval. */
struct meter *host_meter(struct host *h, enum traffic_class c, const struct intervals *b);

/* Adds an RTT sample of one of its connections, in us. */
static inline void
host_note_rtt(struct host *h, uint32_t us)
{
	h->rtt = h->has_rtt ? h->rtt - h->rtt / 8 + us / 8 : us;
	h->has_rtt = true;
}

/* The row of an address without a context, or NULL. */
const struct host *hosts_find(const struct hosts *hs, uint8_t kind, const struct addr *a);

/*
 * Cache of names learned from traffic: of addresses, from DNS answers, and of the servers of flows.
 *
 *	name_cache_init(&ns, &room);
 *	name_cache_learn(&ns, ADDR_IP4, &addr, NAME_DNS, "www.example.com", now);
 *	name = name_cache_find(&ns, ADDR_IP4, &addr);	NULL: not known
 *	name_cache_fini(&ns);
 *
 * Memory is reserved at the start.  A full table evicts the oldest of a few neighbouring names.
 * All texts are clean.
 */

#define NAME_CACHE_KNOWN 16 /* different names of a key that are counted */

struct cached_name {
	struct addr key;     /* an address, or any other 16 bytes */
	uint32_t score_time; /* see util/table.h */
	uint8_t kind;        /* enum addr_kind; free for the owner if the key is not an address */
	uint8_t origin;      /* enum name_origin, of the text */
	uint8_t n_known;     /* different names so far, at most NAME_CACHE_KNOWN */
	uint16_t known[NAME_CACHE_KNOWN]; /* their hashes */
	char text[TEXT_MAX + 1];
};

struct name_cache {
	struct cached_name *row;
	struct table table;
};

/* Allocates room for max names, growing up to `most`. */
void name_cache_init(struct name_cache *ns, const struct table_room *room);
void name_cache_fini(struct name_cache *ns);
void name_cache_clear(struct name_cache *ns);

/* Memory of a table of max names, in bytes. */
size_t name_cache_memory(uint32_t max);

/* Sets the name of a key, unless it has one of a higher origin. text is clean and at most TEXT_MAX
 * bytes; seen is in score units. */
void name_cache_learn(struct name_cache *ns, uint8_t kind, const struct addr *key,
    enum name_origin origin, const char *text, uint32_t seen);

/* The name of a key, or NULL; valid until the next name_cache_learn(). */
const struct cached_name *name_cache_find(
    const struct name_cache *ns, uint8_t kind, const struct addr *key);

/* The text alone. */
const char *name_cache_find_text(const struct name_cache *ns, uint8_t kind, const struct addr *key);

/* A name that is shown for an address. */
struct host_name {
	const char *text; /* NULL: there is none */
	uint8_t origin;   /* enum name_origin */
	uint8_t more;     /* other names of the address, see NAME_CACHE_KNOWN */
};

/* Vendors of network cards, as a list of the caller knows them. */
struct vendor_db {
	/* Adds the name of the vendor of a MAC address, clean; false: not known. */
	bool (*find)(const struct vendor_db *db, const uint8_t *mac, struct buf *name);
};

/* A letter for lists, and words: 'd', "DNS answer".  origin is not NAME_UNKNOWN. */
char name_origin_letter(enum name_origin origin);
const char *name_origin_words(enum name_origin origin);

#endif
