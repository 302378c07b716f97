/*
 * The ledger: all that is counted, in memory fixed at the start.
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
 * It never asks the clock: time comes in with the packets and with `now`.  Where the packets are
 * of the present, ledger_set_time() says what time it is, often; what is shown by time, and who
 *leaves a full table, goes by core/packet_time.h, so no stamp can spoil it.
 *
 * The law: once ledger_flush() has run, in each of the tables flows, hosts (out
 * and, separately, in), ports and paths (first layers), the sum of the rows and
 * of the row "(other)" is the total, for packets and for bytes.
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/burst.h"
#include "core/context_table.h"
#include "core/coverage.h"
#include "core/duplicate.h"
#include "core/flow.h"
#include "core/fragment.h"
#include "core/host.h"
#include "core/meter.h"
#include "core/mistaken.h"
#include "core/name_cache.h"
#include "core/network.h"
#include "core/own_session.h"
#include "core/packet_log.h"
#include "core/packet_time.h"
#include "core/port.h"
#include "core/prefix_rollup.h"
#include "core/proto_tree.h"
#include "core/size_histogram.h"
#include "core/tcp_stats.h"
#include "core/time_series.h"
#include "core/traffic_class.h"
#include "dissect/pkt.h"

#define LEDGER_BATCH   64 /* packets in a call of ledger_count() at most */
#define LEDGER_SOURCES 16
#define LEDGER_LOCALS  256 /* addresses and networks that are ours */
#define LEDGER_NAME    64

enum source_state {
	SOURCE_RUNNING,
	SOURCE_ENDED, /* a file, wholly read */
	SOURCE_CUT,   /* a file that ended within a packet */
	SOURCE_GONE,  /* an interface that went away */
	SOURCE_FAILED,
	SOURCE_STOPPED, /* an interface, by whoever looks */
	SOURCE_DOWN,    /* an interface that is there, but was taken down */
};

struct totals {
	struct tally all;
	uint32_t smallest, largest; /* frame lengths; 0 before the first packet */
	uint64_t malformed, truncated;
	uint64_t duplicates;  /* packets that were seen before, see core/duplicate.h */
	uint64_t first, last; /* least and greatest stamp, ns; 0 before the first packet */
};

struct source_stats {
	char name[LEDGER_NAME]; /* clean text */
	struct totals totals;
	struct meter meter;                         /* t[0] only; as of the last fold */
	uint64_t kernel_dropped, interface_dropped; /* set by who owns the source */
	uint64_t stamps_back, stamps_wild;          /* likewise, of files */
	bool drops_known;                           /* likewise; a file may not tell */
	struct coverage coverage;                   /* likewise */
	char counted_text[32]; /* likewise, of a part of "any": "all", "received", "inside eth0"; or
				  "" */
	uint64_t link_bps;     /* likewise, what its link can do; 0: not known */
	uint32_t last_len;     /* length of the newest frame */
	uint16_t linktype;     /* DLT_ */
	uint8_t domain;        /* sources of one file, or of "any", have the same */
	uint8_t point;         /* capture point, part of a flow's key; see ledger_join_points() */
	uint8_t state;         /* enum source_state */
	uint8_t number;        /* as in struct pkt */
};

struct ledger_config {
	size_t memory;     /* bytes for all tables together, at least LEDGER_MEMORY_MIN */
	size_t memory_max; /* that the tables of rows and of names grow to; else they do not */
	const struct hashkey *key; /* NULL: a random one */
};

#define LEDGER_MEMORY_MIN ((size_t)4 << 20)

struct baseline;
struct flow_watch;

struct ledger {
	struct totals totals;
	struct meter
	    way[SERIES_WAYS]; /* all traffic, t[0] only, by enum series_way; as of the last fold */
	struct tally way_total[SERIES_WAYS]; /* always current */
	struct source_stats source[LEDGER_SOURCES];
	unsigned n_sources;
	struct flows flows;
	struct hosts hosts;
	struct ports ports;
	struct fragments fragments;
	struct contexts contexts;
	struct name_cache dns_names;    /* of addresses, by enum addr_kind */
	struct name_cache rdns_names;   /* of addresses, as reverse DNS has them */
	struct name_cache server_names; /* of flows, by flow_name_key() */
	struct proto_tree proto_tree;
	struct networks networks;     /* while watched */
	struct rollup rollup;         /* likewise, with NETWORKS_AUTO */
	struct packet_log packet_log; /* while watched */
	struct time_series series;
	struct burst burst;
	struct size_histogram sizes;
	struct tcp_stats tcp_stats;
	struct duplicates duplicates;
	uint8_t bpf_gaps;               /* enum bpf_gap of all packets */
	struct mistaken mistaken;       /* added to by who has the frames */
	const struct flow_watch *watch; /* see core/flow_watch.h; NULL: nobody */
	size_t memory;                  /* of the tables that may grow, at the start */
	struct baseline *baseline;      /* see core/baseline.h; NULL: there is none */
	struct baseline *next_baseline; /* the next one, while it is made */
	struct net local[LEDGER_LOCALS];
	unsigned n_local;
	bool local_guessed;             /* nobody said that they are ours */
	struct own_session own_session; /* set by who knows of it; it stays */
	uint64_t now, started;          /* ns: of the last tick, of the first tick or packet */
	uint64_t interval_ns;       /* length of the last whole interval; 0: there is none yet */
	struct intervals intervals; /* the intervals */
	struct packet_time packet_time;
	/* folding */
	uint32_t *fold_rows; /* rows of flows that moved before the tick */
	uint32_t n_fold_rows, n_folded;
	uint64_t tick_at; /* the end of the interval being folded */
	uint32_t n_flows_to_locate,
	    n_hosts_to_locate; /* rows below these, see ledger_set_local() */
	bool is_folding;
	bool is_flushing; /* what is folded ends no interval */
	struct ledger_reset {
		uint32_t row; /* of the flow that leaves next */
		bool cleared; /* then the indexes are wiped */
		unsigned index;
		uint32_t slot;
	} reset;
};

/* Dies when there is no memory. */
struct ledger *ledger_new(const struct ledger_config *c);
void ledger_del(struct ledger *l);

/* The number of a new source, or -1 when there are LEDGER_SOURCES.  name is cleaned and cut. */
int ledger_add_source(struct ledger *l, const char *name, uint16_t linktype, uint8_t domain);

/* True where a source tells how much was dropped. */
bool ledger_knows_drops(const struct ledger *l);

/* What the source and all of its domain see was captured at the same point as what another one
 * sees: a flow that both have is one. */
void ledger_join_points(struct ledger *l, unsigned source, unsigned other);

/* The number of the source of that name there, or -1. */
int ledger_find_source(const struct ledger *l, const char *name, uint8_t domain);

/* Bytes of memory that tables have grown to; 0: they have not. */
size_t ledger_grown_memory(const struct ledger *l);

/* True if so many of its packets are copies that it is no accident. */
bool source_sees_duplicates(const struct source_stats *s);

/* "running", "ended", "cut" ... */
const char *source_state_name(enum source_state s);

/* Says which addresses and networks are ours; n at most LEDGER_LOCALS.  ledger_fold() looks again
 * at flows and hosts that stand. */
void ledger_set_local(struct ledger *l, const struct net *nets, unsigned n);

/* The part of that which ledger_fold() does first: so many rows.  True while there are more. */
bool ledger_apply_local(struct ledger *l, unsigned steps);

/* Counts n packets, n at most LEDGER_BATCH.  Later fragments are given the ports of their first. */
void ledger_count(struct ledger *l, struct pkt *pkts, unsigned n);

/* The present, ns since the epoch by a clock that is never set; see core/packet_time.h. */
void ledger_set_time(struct ledger *l, uint64_t now);

/* The ledger's own time: for ledger_tick() where the present is not told. */
uint64_t ledger_time(const struct ledger *l);

/* What the wall clock says at the time told last; and what it would have said at another time of
 * the ledger's, had it always been set as it is now. */
void ledger_set_wall_time(struct ledger *l, uint64_t wall);
uint64_t ledger_wall_time(const struct ledger *l, uint64_t at);

/* The interval ends at now (ns since the epoch); what moved in it is to be folded.  Finishes a fold
 * that stands open. */
void ledger_tick(struct ledger *l, uint64_t now);

/* Does at most steps of what is to be done for a row at a time: above all, folds flows.  True while
 * something is left. */
bool ledger_fold(struct ledger *l, unsigned steps);

/* What is kept only while somebody looks. */
enum ledger_extra { LEDGER_NETWORKS = 1 << 0, LEDGER_PACKETS = 1 << 1 };

/*
 * Says which extras are looked at from now on (bits of enum ledger_extra), and how long the
 * prefixes of networks are, 1 to 32 and 1 to 128 bits, or both NETWORKS_AUTO.  True when
 * ledger_fold() has something to do first, else all that is looked at is there.
 */
bool ledger_enable(struct ledger *l, unsigned extras, uint8_t bits4, uint8_t bits6);

/* Folds all that is pending, at once and outside of any interval's end: the law holds from now
 * until the next packet.  The first only begins it: ledger_fold() goes on. */
void ledger_flush_begin(struct ledger *l);
void ledger_flush(struct ledger *l);

/*
 * From now on core/baseline.h knows what had been counted till now, or nothing does any more.  On
 * makes it anew; it settles the ledger.
 */
void ledger_set_baseline(struct ledger *l, bool on);

/*
 * The same in steps of a row each: begins, and goes on until it says false.  It is of one moment:
 * from the first step to the last nothing may be counted, and no interval end.  What there was
 * stays till then.
 */
void ledger_baseline_begin(struct ledger *l);
bool ledger_baseline_step(struct ledger *l, unsigned steps);

/* Forgets all counts, rows and samples, and the baseline; sources and local addresses stay. */
void ledger_reset(struct ledger *l);

/* The same in steps, between which nothing may be counted or folded. */
void ledger_reset_begin(struct ledger *l);
bool ledger_reset_step(struct ledger *l, unsigned steps);

/* Where the packet went, seen from here: the flow's own view of direction d (0: a to b). */
enum pkt_dir flow_dir(const struct ledger *l, const struct flow *f, int way);

/* The flow as it stands with what is pending counted in: packets and bytes, one way. */
struct tally flow_tally(const struct flow *f, int way);

/* The name of an address that an answer of DNS told, or NULL. */
const char *ledger_dns_name(const struct ledger *l, uint8_t kind, const struct addr *a);

/* Reverse DNS says that an address has this name. */
void ledger_add_rdns_name(struct ledger *l, uint8_t kind, const struct addr *a, const char *name);

/* The server that f's client asked for, in TLS, QUIC or HTTP, or NULL. */
const char *flow_server_name(const struct ledger *l, const struct flow *f);

/* What f's client offered to speak within TLS or QUIC ("h2,http/1.1", RFC 7301), or NULL; *chosen:
 * it is what the server chose.  TLS 1.3 and QUIC hide that. */
const char *flow_alpn(const struct ledger *l, const struct flow *f, bool *chosen);

/* The process that has f's socket ("curl[1234]"), or its user ("uid 1000"), or NULL: not asked
 * for, or not known. */
const char *flow_owner(const struct ledger *l, const struct flow *f);

/* The system says who has the socket of the flow in that row; sure: it is the process. */
void ledger_add_owner(struct ledger *l, uint32_t row, const char *text, bool sure);

/* The newest flow that p belongs to, once it is counted, or NULL: it had to leave already. */
const struct flow *ledger_find_flow(const struct ledger *l, const struct pkt *p);

#define FLOW_PROTO_NAME 16

/* The name of a flow's protocol: "tcp", "arp", else "ip-89", "0x88cc" in scratch (FLOW_PROTO_NAME
 * bytes). */
const char *flow_proto_name(uint8_t kind, uint16_t proto, char *scratch);

#endif
