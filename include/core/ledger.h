/*
 * The ledger: all counts, in memory fixed at the start.
 *
 *	l = ledger_new(&config);
 *	src = ledger_add_source(l, "eth0", linktype, 0);
 *	ledger_count(l, pkts, n);	for every batch of packets
 *	ledger_tick(l, now);		an interval ends here
 *	while (ledger_fold(l, 4096))	in slices, packets may come between them
 *		;
 *	... read the tables ...
 *	ledger_del(l);
 *
 * It never reads the clock: time comes with the packets and with `now`.  For live packets, call
 * ledger_set_time() often.  Time series and eviction use core/time.h, so a wrong timestamp
 * does no harm.
 *
 * The balance law: after ledger_flush(), the sum of all rows and of the row "(other)" equals the
 * total, for packets and for bytes, in each of the tables flows, hosts (out and in), ports and
 * protocols (first layers).
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/coverage.h"
#include "core/dns.h"
#include "core/event.h"
#include "core/flow.h"
#include "core/host.h"
#include "core/meter.h"
#include "core/network.h"
#include "core/own_session.h"
#include "core/packet.h"
#include "core/place.h"
#include "core/port.h"
#include "core/process.h"
#include "core/size_histogram.h"
#include "core/tcp.h"
#include "core/time.h"
#include "core/traffic_class.h"
#include "core/use.h"
#include "dissect/pkt.h"

#define LEDGER_BATCH   64 /* packets in a call of ledger_count() at most */
#define LEDGER_SOURCES 16
#define LEDGER_LOCALS  256 /* local addresses and networks */
#define LEDGER_NAME    64

enum source_state {
	SOURCE_RUNNING,
	SOURCE_ENDED, /* a file, read to its end */
	SOURCE_CUT,   /* a file that ended within a packet */
	SOURCE_GONE,  /* an interface that disappeared */
	SOURCE_FAILED,
	SOURCE_WAITING, /* for the first bytes of a pipe */
	SOURCE_STOPPED, /* an interface, stopped by the user */
	SOURCE_DOWN,    /* an interface that is down */
};

struct totals {
	struct tally all;
	uint32_t smallest, largest; /* frame lengths; 0 before the first packet */
	uint64_t malformed, truncated;
	uint64_t duplicates;  /* duplicate packets, see core/packet.h */
	uint64_t first, last; /* smallest and greatest timestamp, ns; 0 before the first packet */
};

struct source_stats {
	char name[LEDGER_NAME]; /* clean text */
	struct totals totals;
	struct meter meter;                         /* t[0] only; valid as of the last fold */
	uint64_t kernel_dropped, interface_dropped; /* set by the owner of the source */
	uint64_t stamps_back, stamps_wild;          /* set by the owner too, for files */
	bool drops_known;         /* set by the owner too; a file may not have drop counts */
	struct coverage coverage; /* likewise */
	char counted_text[32];    /* set by the owner too, for a member of "any": "all", "received",
				     "inside eth0"; else "" */
	uint64_t link_bps;        /* set by the owner too: the speed of the link; 0: unknown */
	uint64_t link_errors;     /* likewise: packets that the interface could not handle */
	uint32_t last_len;        /* length of the newest frame */
	uint16_t linktype;        /* DLT_ */
	uint8_t domain;           /* the same for all sources of one file, or of "any" */
	uint8_t point;  /* capture point, part of a flow's key; see ledger_join_points() */
	uint8_t state;  /* enum source_state */
	uint8_t number; /* as in struct pkt */
};

struct buf;

struct ledger_config {
	size_t memory;             /* bytes for all tables, at least LEDGER_MEMORY_MIN */
	size_t memory_max;         /* bytes up to which the tables may grow; 0: they do not grow */
	const struct hashkey *key; /* NULL: a random one */
};

#define LEDGER_MEMORY_MIN ((size_t)4 << 20)

struct baseline;
struct flow_watch;

struct ledger {
	struct totals totals;
	struct meter way[SERIES_WAYS]; /* all traffic by enum series_way, t[0] only; valid as of the
					  last fold */
	struct tally way_total[SERIES_WAYS]; /* always current */
	struct source_stats source[LEDGER_SOURCES];
	unsigned n_sources;
#define GROWING_TABLE(type, member, ...)  type member;
#define FIXED_TABLE(type, member, ...)    type member;
#define TABLE_FOR_ROWS(type, member, ...) type member;
#include "core/tables.def"
#undef GROWING_TABLE
#undef FIXED_TABLE
#undef TABLE_FOR_ROWS
	struct use_table use;
	const struct place_db *places;    /* set by the caller; survives a reset; NULL: none */
	const struct name_cache *aliases; /* likewise: names of addresses from files */
	const struct vendor_db *vendors;  /* likewise */
	const struct app_db *apps;        /* likewise */
	struct proto_tree proto_tree;
	struct rollup rollup; /* of networks, while enabled with NETWORKS_AUTO */
	struct time_series series;
	struct burst burst;
	struct size_histogram sizes;
	struct tcp_stats tcp_stats;
	struct duplicates duplicates;
	struct detect *detect;          /* the events */
	uint8_t bpf_gaps;               /* enum bpf_gap of all packets */
	struct mistaken mistaken;       /* the owner of the frames adds to it */
	struct flow_watch *watch;       /* the first observer, see core/flow.h, or NULL */
	size_t memory;                  /* of the growable tables at the start */
	struct baseline *baseline;      /* see core/baseline.h, or NULL */
	struct baseline *next_baseline; /* the next baseline, while it is made */
	struct net local[LEDGER_LOCALS];
	unsigned n_local;
	bool local_guessed;             /* the local addresses are a guess */
	struct own_session own_session; /* set by the caller; survives a reset */
	uint64_t now, started;          /* ns: the last tick; the first tick or packet */
	uint64_t interval_ns;           /* length of the last whole interval; 0: none yet */
	struct intervals intervals;     /* the intervals */
	struct packet_time packet_time;
	/* folding */
	uint32_t *fold_rows; /* rows of flows that had packets before the tick */
	uint32_t n_fold_rows, n_folded;
	uint64_t tick_at; /* end of the interval being folded */
	uint32_t n_flows_to_locate,
	    n_hosts_to_locate; /* rows left to update, see ledger_set_local() */
	bool is_folding;
	bool is_flushing; /* the fold does not end an interval */
	struct ledger_reset {
		uint32_t row; /* of the next flow to report */
		bool cleared; /* the tables are cleared; the indexes are next */
		unsigned index;
		uint32_t slot;
	} reset;
};

/* Exits if out of memory. */
struct ledger *ledger_new(const struct ledger_config *c);
void ledger_del(struct ledger *l);

/* Adds a source and returns its number, or -1 if there are LEDGER_SOURCES already.  The name is
 * cleaned and truncated. */
int ledger_add_source(struct ledger *l, const char *name, uint16_t linktype, uint8_t domain);

/* True if any source has drop counts. */
bool ledger_knows_drops(const struct ledger *l);

/* Declares that a source, with all of its domain, has the same capture point as another: a flow
 * seen by both is one flow. */
void ledger_join_points(struct ledger *l, unsigned source, unsigned other);

/* The number of the source of that name there, or -1. */
int ledger_find_source(const struct ledger *l, const char *name, uint8_t domain);

/* A name that no other source has: that of the source, with "#2" for the second one of that name.
 */
void ledger_source_label(struct buf *b, const struct ledger *l, const struct source_stats *s);

/* True while capturing: the newest second is not complete yet. */
bool ledger_is_live(const struct ledger *l);

/* Bytes that the tables have grown to; 0 if they have not grown. */
size_t ledger_grown_memory(const struct ledger *l);

/* True if so many of its packets are duplicates that it is systematic. */
bool source_sees_duplicates(const struct source_stats *s);

/* "running", "ended", "cut" ... */
const char *source_state_name(enum source_state s);

/* Sets the local addresses and networks, at most LEDGER_LOCALS. ledger_fold() updates existing
 * flows and hosts. */
void ledger_set_local(struct ledger *l, const struct net *nets, unsigned n);

/* True for a single local address, as an interface has it, and not only one of a local network. */
bool ledger_is_own_address(const struct ledger *l, uint8_t kind, const struct addr *a);

/* Updates the local flags of so many rows; ledger_fold() calls it first.  Returns true while there
 * are more. */
bool ledger_apply_local(struct ledger *l, unsigned steps);

/* Counts n packets, at most LEDGER_BATCH.  Later fragments get the ports of their first one. */
void ledger_count(struct ledger *l, struct pkt *pkts, unsigned n);

/* Sets the current time: ns since the epoch, from a clock that is never adjusted; see
 * core/time.h. */
void ledger_set_time(struct ledger *l, uint64_t now);

/* The ledger's time; use it for ledger_tick() if the time is not set from a clock. */
uint64_t ledger_time(const struct ledger *l);

/* Sets the wall clock's time at the time set last; converts ledger time to wall-clock time. */
void ledger_set_wall_time(struct ledger *l, uint64_t wall);
uint64_t ledger_wall_time(const struct ledger *l, uint64_t at);

/* The current interval does not include the last ns: nothing was counted in them. */
void ledger_skip_time(struct ledger *l, uint64_t ns);

/* Ends the interval at now (ns since the epoch) and starts folding it.  Finishes the previous fold
 * first. */
void ledger_tick(struct ledger *l, uint64_t now);

/* Does at most `steps` units of pending work, mostly folding one flow each.  Returns true while
 * work is left. */
bool ledger_fold(struct ledger *l, unsigned steps);

/* Tables that are kept only on demand. */
enum ledger_extra { LEDGER_NETWORKS = 1 << 0, LEDGER_PACKETS = 1 << 1, LEDGER_PAIRS = 1 << 2 };

/*
 * Selects the extras to keep (bits of enum ledger_extra) and the prefix lengths of networks: 1 to
 * 32 and 1 to 128 bits, or both NETWORKS_AUTO.  Returns true if ledger_fold() must run before they
 * are complete.
 */
bool ledger_enable(struct ledger *l, unsigned extras, uint8_t bits4, uint8_t bits6);

/* Keeps the pairs, complete at once, until the next ledger_enable(). */
void ledger_enable_pairs(struct ledger *l);

/* Folds everything pending without ending an interval: the balance law holds until the next packet.
 * ledger_flush_begin() only starts it, and ledger_fold() continues. */
void ledger_flush_begin(struct ledger *l);
void ledger_flush(struct ledger *l);

/* The rows that ledger_flush() would handle now. */
uint64_t ledger_flush_rows(const struct ledger *l);

/*
 * Takes a new baseline (core/baseline.h) of the counts so far, after folding everything, or removes
 * it.
 */
void ledger_set_baseline(struct ledger *l, bool on);

/*
 * Takes a new baseline in steps of a row each; step until it returns false.  Between the first and
 * the last step nothing may be counted and no interval may end, so that it is of one moment.  The
 * old baseline stays valid until then.
 */
void ledger_baseline_begin(struct ledger *l);
bool ledger_baseline_step(struct ledger *l, unsigned steps);

/* Clears all counts, rows, samples and the baseline.  Sources and local addresses stay. */
void ledger_reset(struct ledger *l);

/* The same in steps.  Between them nothing may be counted or folded. */
void ledger_reset_begin(struct ledger *l);
bool ledger_reset_step(struct ledger *l, unsigned steps);

/* No more packets will come: what still waits for an answer is judged now. */
void ledger_end(struct ledger *l);

/* Where the flow's waiting is, or NULL if nothing is known. */
const struct flow_wait *flow_wait(const struct ledger *l, const struct flow *f);

/* The direction of packets of a flow relative to the local networks; way 0 is from a to b. */
enum pkt_dir flow_dir(const struct ledger *l, const struct flow *f, int way);

/*
 * The name of an address: the one rule for all lists, reports and records.  It is from the traffic,
 * the best origin first, else from reverse DNS if `asked`, else an alias.
 */
struct host_name ledger_host_name(
    const struct ledger *l, uint8_t kind, const struct addr *a, bool asked);

/* The MAC address (6 bytes) of an address: of an IPv4 address from ARP, of an IPv6 address from its
 * interface identifier (RFC 4291, appendix A).  False if it is not known. */
bool ledger_find_mac(const struct ledger *l, uint8_t kind, const struct addr *a, uint8_t *mac);

/* The name of an end (0: a) of a flow: the name that its client asked the server for, else that of
 * the address. */
struct host_name flow_host_name(const struct ledger *l, const struct flow *f, int end, bool asked);

/* Stores a name from reverse DNS. */
void ledger_add_rdns_name(struct ledger *l, uint8_t kind, const struct addr *a, const char *name);

/* The server name from TLS, QUIC or HTTP, or NULL. */
const char *flow_server_name(const struct ledger *l, const struct flow *f);

/* The ALPN protocols that the client offered ("h2,http/1.1", RFC 7301), or NULL.  *chosen is true
 * if it is the server's choice, which TLS 1.3 and QUIC encrypt. */
const char *flow_alpn(const struct ledger *l, const struct flow *f, bool *chosen);

/* The newest flow of p after it was counted, or NULL if the flow was evicted. */
const struct flow *ledger_find_flow(const struct ledger *l, const struct pkt *p);

/* The row of a flow that has the hash of p, which is not counted yet; INDEX_NONE if there is none,
 * or if it is superseded. */
uint32_t ledger_guess_row(struct ledger *l, struct pkt *p);

#define FLOW_PROTO_NAME 16

/* The name of a flow's protocol: "tcp", "arp", else "ip-89", "0x88cc" in scratch (FLOW_PROTO_NAME
 * bytes). */
const char *flow_proto_name(uint8_t kind, uint16_t proto, char *scratch);

#endif
