/*
 * Private to src/core/.
 */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/baseline.h"
#include "core/ledger.h"
#include "dissect/pkt.h"
#include "util/hash.h"

struct baseline;
struct flow_ends;

/* Added to the address kind in keys of the name cache: ALPN protocols of flows. */
#define NAME_ALPN 0x80
#define NAME_MAC  0x20 /* the MAC address of an address: 12 digits */

/* The unique key of a flow in the name cache. */
struct addr flow_name_key(const struct ledger *l, const struct flow *f);

/* Stores the MAC address that an IPv4 address has. */
void ledger_learn_mac(struct ledger *l, const struct addr *a, const uint8_t *mac, uint32_t seen);

/* Gives the server at that end (0: a) of a flow the name that its client asked for. */
void ledger_learn_server(struct ledger *l, const struct flow *f, int end, enum name_origin origin,
    const char *text, uint32_t seen);

/* True for a local unicast address. */
bool ledger_is_local(const struct ledger *l, uint8_t kind, const struct addr *a);

/* Sets the local flags of f's ends. */
void flow_set_local(const struct ledger *l, struct flow *f);

/* Sets the local flag of a host. */
void host_set_local(const struct ledger *l, struct host *h);

/* The host at an end of f; adds it if needed. */
struct host *flow_get_host(struct ledger *l, struct flow *f, int end);

/* Prefetches what flow_fold() will need.  The flow's first cache line must be in the cache. */
void flow_prefetch_ends(struct ledger *l, const struct flow *f, struct flow_ends *e);

/* Prefetches the hosts that are found by those hashes, a little later. */
void flow_prefetch_hosts(const struct ledger *l, const struct flow *f, const struct flow_ends *e);

/* Adds the pending counts of f to its meter, its hosts and its port. */
void flow_fold(struct ledger *l, struct flow *f);

/* The same for an evicted flow, whose counts go to the meter of "(other)". */
void flow_fold_evicted(struct ledger *l, struct flow *f, const struct flow_ends *e);

/* Of src/core/ledger_tables.c: all tables of core/tables.def. */
struct ledger_config;
void ledger_tables_init(struct ledger *l, const struct ledger_config *c);
void ledger_tables_fini(struct ledger *l);
void ledger_tables_clear(struct ledger *l);

/* The memory of the growable tables, in bytes. */
size_t ledger_tables_memory(const struct ledger *l);

/* Fills in the meters of all tables, at most BASELINE_TABLES entries, and returns how many. */
baseline_meters_fn ledger_tables_meters;

/* Of src/core/flow_table.c.  The caller of flows_clear() must clear the index. */
void flows_init(struct flows *fs, const struct table_room *room);
void flows_fini(struct flows *fs);
void flows_clear(struct flows *fs);
size_t flows_memory(uint32_t max);
baseline_meters_fn flows_meters;

/* Makes z the baseline, instead of the old one; NULL: there is none any more. */
void ledger_put_baseline(struct ledger *l, struct baseline *z);

/* Removes the baseline, and the one that is being taken. */
void ledger_drop_baseline(struct ledger *l);

/* Of src/core/flow_wait.c: p answers the SYN; it is the first data after that of the other end; it
 * is a datagram of a protocol of requests and answers; the flow's host and port are known. */
void flow_wait_answered(struct ledger *l, struct flow *f, const struct pkt *p);
void flow_wait_turn(struct ledger *l, struct flow *f, const struct pkt *p, int way);
void flow_wait_datagram(struct ledger *l, struct flow *f, const struct pkt *p, int way);
void flow_wait_fold(struct ledger *l, struct flow *f);

/* Of src/core/use.c: finds the service of f, if more is known of it now, before its pending counts
 * are folded; adds them to the tables of use. */
void flow_use_update(struct ledger *l, const struct flow *f);
void flow_use_count(struct ledger *l, const struct flow *f);

/* Evicts a flow and returns its row; the table must not be empty. */
uint32_t flows_evict_one(struct ledger *l);

/* The process with that id, or "(other)" if it was evicted. */
struct process *processes_at(struct processes *ps, uint32_t id);

/* The row of a process; adds it if needed. */
struct process *processes_get(
    struct processes *ps, const struct process_facts *f, const struct intervals *b, uint32_t seen);

/* The ends of f were swapped. */
void flow_account_swap(struct ledger *l, const struct flow *f);

/*
 * Sums of consecutive packets of one source and one second.  Totals are summed here and added to
 * the ledger once for many packets.
 */

#define BATCH_SECOND_NS UINT64_C(1000000000)

struct batch_sums {
	struct totals totals; /* `all` is set at the end, from the directions */
	struct sample sample;
	struct burst_open burst;
	uint64_t start;      /* ns: the start of the second, by packet timestamps */
	uint64_t second;     /* the second in ledger time */
	uint32_t score_time; /* see util/table.h */
	bool plausible;      /* the timestamps are plausible */
	uint32_t last_len;
	uint16_t source;
};

/* Starts empty sums at packet p. */
void batch_sums_start(struct batch_sums *r, struct packet_time *c, const struct pkt *p);

/* Adds the sums to the ledger. */
void batch_sums_flush(struct batch_sums *r, struct ledger *l);

/* True if p belongs to these sums. */
static inline bool
batch_sums_contains(const struct batch_sums *r, const struct pkt *p)
{
	return p->ts - r->start < BATCH_SECOND_NS && p->source == r->source;
}

/* The time of p, which belongs to these sums, in ledger time. */
static inline uint64_t
batch_sums_time(const struct batch_sums *r, const struct pkt *p)
{
	return r->second * BATCH_SECOND_NS + (p->ts - r->start);
}

/* The next packets belong to another ms, that of ts. */
void batch_sums_next_ms(struct batch_sums *r, struct ledger *l, uint64_t ts);

static inline void
batch_sums_add(struct batch_sums *r, const struct pkt *p, enum series_way way)
{
	struct totals *t = &r->totals;

	t->smallest = p->len < t->smallest ? p->len : t->smallest;
	t->largest = p->len > t->largest ? p->len : t->largest;
	t->first = p->ts < t->first ? p->ts : t->first;
	t->last = p->ts > t->last ? p->ts : t->last;
	if (UNLIKELY(p->flags & (PKT_MALFORMED | PKT_TRUNCATED))) {
		t->malformed += (p->flags & PKT_MALFORMED) != 0;
		t->truncated += (p->flags & PKT_TRUNCATED) != 0;
	}
	r->last_len = p->len;
	tally_add(&r->sample.way[way], 1, p->len);
}

/*
 * Of src/core/detect*.c and tracker.c: trackers, which are what is known of a source or of a pair
 * of hosts, and the detectors.
 */
#define DETECT_S          UINT64_C(1000000000) /* ns */
#define DETECT_TRACKERS   8192
#define DETECT_CANDIDATES 64 /* trackers that wait for a verdict */
#define DETECT_SOURCES    16
#define DETECT_SLOTS      1024 /* of small tables */
#define DETECT_GAPS       4096 /* pairs of hosts whose connections are timed */
#define DETECT_HOSTS      4096 /* hosts whose usual behaviour is known */
#define DETECT_TRIES      4    /* counters of a tracker */

#define DETECT_TCP   6
#define DETECT_UDP   17
#define DETECT_ICMP4 1
#define DETECT_ICMP6 58

bool sketch_add(struct sketch *s, uint32_t hash); /* false: it was there, or looks so */
uint32_t sketch_count(const struct sketch *s);

enum tracker_kind {
	TRACK_NONE,
	TRACK_PORTS,   /* ports of b that a tries */
	TRACK_HOSTS,   /* hosts on whose port a tries */
	TRACK_STEALTH, /* ports of b that a tries with strange flags */
	TRACK_STEALTH_HOSTS,
	TRACK_UDP_PORTS,
	TRACK_UDP_HOSTS,
	TRACK_PING,
	TRACK_ARP,
	TRACK_SYNS,    /* SYNs to b from all senders */
	TRACK_SERVICE, /* the port of b */
	TRACK_REFLECTION,
	TRACK_AMPLIFIER,
	TRACK_LOGINS, /* short connections from a to the port of b */
	TRACK_BARE_LOGINS,
	TRACK_FAILURES, /* refused logins */
	TRACK_DOMAIN,   /* names of a domain that a asks for */
	TRACK_CLAIM,    /* the MAC address that an address is at */
	TRACK_MAC,      /* the address that a MAC address is known by */
	TRACK_DNS,      /* answers of the resolver b */
	TRACK_WINDOW,
	TRACK_PMTU,
	TRACK_OFFER, /* the first server that offers addresses, the first router */
};

struct tracker_key {
	struct addr a, b; /* zeros: any */
	uint16_t port;
	uint8_t kind;  /* enum addr_kind of the addresses; 0: the tracker is free */
	uint8_t track; /* enum tracker_kind */
};

/* Two cache lines for most detectors, and a third for some. */
struct tracker {
	struct tracker_key key;
	uint64_t start, last; /* ns: of its window, and of its newest note */
	bool waits;           /* it is a candidate */

	struct addr peer;         /* the newest other end, or what its detector stores */
	uint32_t n[DETECT_TRIES]; /* what its detector counts */
	struct sketch seen;

	struct addr other; /* likewise */
	struct sketch seen2;
	uint64_t event; /* number of its newest event; 0: none */
} ATTR_ALIGNED(64);

/* What a look-up needs of a tracker: 8 of them are a cache line. */
struct tracker_tag {
	uint32_t hash;
	uint32_t worth; /* the later, the longer it is kept: s since the first packet */
};

typedef void detect_judge_fn(struct detect *d, struct tracker *t);

struct detect_candidate {
	struct tracker *t;
	uint64_t at; /* ns: to be judged then */
	detect_judge_fn *judge;
};

/* Tries of a source that have not been useful yet, and how many of the newest were to the same
 * host, and to the same port.  A set of them is a cache line. */
struct detect_open {
	uint32_t source, host; /* hashes */
	uint16_t port;
	uint16_t n;
	uint8_t same_host, same_port;
};

#define DETECT_OPEN_WAYS 4

/* The gaps between connections, in ms, and how far they are from their mean. */
struct detect_gap {
	uint32_t hash;
	uint32_t last, mean, spread;
	uint32_t times;
};

/* What a host usually does, and what it did in the current window. */
struct detect_host {
	struct event_end host;       /* once it has opened or accepted a connection */
	uint64_t since, heard;       /* ns: begin of the window, and when it was heard of */
	uint32_t hash;               /* 0: the slot is free */
	uint32_t again, usual_again; /* segments sent again */
	uint32_t rtt_sum, samples;   /* us, of handshakes */
	uint32_t usual_rtt;          /* us */
	uint32_t windows, steady;    /* so far, and the newest ones without a pause */
};

struct detect {
	struct tracker *tracker;
	struct tracker_tag *tag; /* by tracker */
	struct pairkey pairkey;
	struct events events;
	/* Small tables by hash, so that what is normal touches no tracker. */
	struct detect_open open[DETECT_SLOTS][DETECT_OPEN_WAYS];
	uint16_t half_open[DETECT_SLOTS];   /* SYNs to a service that are not completed yet */
	uint32_t answered[DETECT_SLOTS];    /* when a service answered last: s, and a tag */
	struct detect_gap gap[DETECT_GAPS]; /* between connections of two hosts */
	uint32_t password[DETECT_SLOTS];    /* flows that have sent one over HTTP: hashes */
	struct detect_host host[DETECT_HOSTS];
	uint64_t known_host[DETECT_SLOTS]; /* bits, by hash */
	uint64_t hosts_judged;             /* ns: when silent ones were last sought */
	uint64_t decayed;                  /* ns: when they were last */
	uint64_t amplified;                /* ns: the newest answer that amplifies */
	uint64_t now, started, ticked;     /* ns: the newest packet, the first, the last second */
	struct detect_candidate candidate[DETECT_CANDIDATES];
	unsigned n_candidates;
	uint32_t threshold[EVENT_RULES];
	/* connections, to know whether both directions are captured */
	uint32_t tcp_flows, tcp_one_way;
	/* of the current second, for floods between made-up addresses */
	struct detect_second {
		uint32_t flows, answers;
		struct sketch sources, destinations;
	} second;
	struct event_end gateway; /* by DHCP, else by what most hosts ask for */
	struct detect_source {    /* a source at the last tick */
		uint64_t bytes, lost;
		uint64_t errors, first_errors;
		uint64_t busy_since; /* it has been full since; 0: it is not */
		bool down, errors_known;
	} source[DETECT_SOURCES];
	double usual_bps; /* of the minute before, all sources together */
	uint32_t usual_ticks;
};

/* The tracker of a key; a window that is older than `window` ns begins again. */
struct tracker *tracker_get(struct detect *d, const struct tracker_key *k, uint64_t window);

/* The same, NULL if there is none. */
struct tracker *tracker_find(struct detect *d, const struct tracker_key *k);

/* Prefetches the tracker that tracker_get() will find. */
void tracker_prefetch(const struct detect *d, const struct tracker_key *k);

/* Keeps t until it is judged, or not any longer. */
void tracker_hold(struct detect *d, struct tracker *t, bool waits);

/* A hash of an address and a number. */
static inline uint32_t
detect_hash(const struct detect *d, const struct addr *a, uint32_t number)
{
	const uint64_t *m = d->pairkey.m;
	uint64_t x = ((a->w[0] ^ m[0]) | 1) * (m[1] | 1) + (a->w[1] ^ m[2]) * (m[3] | 1);

	x = (x ^ x >> 29 ^ number) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(x >> 32);
}

static inline uint32_t
detect_mix(uint32_t x, uint32_t y)
{
	return (x ^ y * UINT32_C(0x9e3779b1)) * UINT32_C(0x85ebca6b);
}

/* Judges t after `delay` ns, unless it waits already. */
void detect_judge_later(
    struct detect *d, struct tracker *t, uint64_t delay, detect_judge_fn *judge);

/* The same for an event that is not about a tracker's hosts. */
void detect_raise_event(struct detect *d, const struct event *e);

/* Raises an event about t's hosts and port, from the start of its window on, and remembers it. */
struct event_numbers {
	uint64_t n, m;
	const char *detail; /* or NULL */
};
void detect_raise(struct detect *d, struct tracker *t, enum event_rule r, uint16_t proto,
    struct event_numbers numbers);

static inline bool
detect_reaches(const struct detect *d, enum event_rule r, uint64_t n)
{
	return d->threshold[r] != 0 && n >= d->threshold[r];
}

/* Sender and receiver of a note's packet, and the initiator's side of its flow. */
static inline struct tracker_key
detect_key(enum tracker_kind track, uint8_t kind, const struct addr *a, const struct addr *b,
    uint16_t port)
{
	struct tracker_key k = { .port = port, .kind = kind, .track = (uint8_t)track };

	if (a != NULL)
		k.a = *a;
	if (b != NULL)
		k.b = *b;
	return k;
}

/* Payload bytes that an end of a TCP connection has sent, if its SYN was seen. */
static inline uint32_t
detect_sent(const struct flow *f, int end)
{
	uint32_t n = f->end[end].next_seq - f->isn[end] - 1;
	bool fin = (f->bits & (end == 0 ? FLOW_FIN_A : FLOW_FIN_B)) != 0;

	if (!(f->end[end].flags & TCP_SYN))
		return 0;
	return n > fin ? n - fin : 0;
}

/* The detectors: each looks at the notes that it is about. */
typedef void detect_fn(struct detect *d, const struct detect_note *n);

detect_fn detect_scan_new, detect_scan_state, detect_scan_answer, detect_scan_icmp;
detect_fn detect_flood_new, detect_flood_state, detect_flood_answer;
detect_fn detect_login_state, detect_login_meta;
detect_fn detect_beacon_new;
detect_fn detect_dns_meta, detect_dns_answer;
detect_fn detect_lan_meta;
detect_fn detect_health_event, detect_health_state;

detect_fn detect_hosts_new, detect_hosts_state, detect_hosts_event;

#endif
