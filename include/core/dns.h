/*
 * What is asked of DNS: names, domains, who asks, and the resolvers that answer.
 */
#ifndef CORE_DNS_H
#define CORE_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "dissect/pkt.h"
#include "util/table.h"

/*
 * Each message is counted four times, once in each group: for its name, for the domain of that, for
 * its resolver and for its client.  In each group, the rows and the group's row "(other)" sum up to
 * the same numbers.
 *
 * A query stays open until its answer comes or DNS_PATIENCE_NS have passed.  Open queries are in a
 * ring: if more than DNS_OPEN come within that time, the oldest are forgotten, and are then neither
 * timed nor counted as unanswered.
 */

#define DNS_PATIENCE_NS (UINT64_C(5) * 1000000000)
#define DNS_OPEN        8192

enum dns_group { DNS_BY_NAME, DNS_BY_DOMAIN, DNS_BY_RESOLVER, DNS_BY_CLIENT, DNS_GROUPS };

enum dns_count {
	DNS_QUERIES,
	DNS_ANSWERS,    /* without an error, also those without records */
	DNS_NXDOMAIN,   /* there is no such name */
	DNS_SERVFAIL,   /* the resolver failed */
	DNS_ERRORS,     /* other errors, such as REFUSED */
	DNS_UNANSWERED, /* queries that nobody answered in time */
	DNS_COUNTS
};

#define DNS_METERS (DNS_COUNTS / 2)

/* What else a row has seen: different names, resolvers and clients. */
enum dns_peer { DNS_NAMES, DNS_RESOLVERS, DNS_CLIENTS, DNS_PEERS };

/* Counts different things by a bit each (linear counting, Whang et al. 1990); up to about 1400. */
struct sketch {
	uint64_t bits[4];
};

#define DISTINCT_EXACT 8

/* Counts different things: exactly up to DISTINCT_EXACT, beyond that by the sketch. */
struct distinct {
	union {
		uint32_t hash[DISTINCT_EXACT];
		struct sketch sketch;
	};
	uint8_t n; /* above DISTINCT_EXACT: the sketch is in use */
};

struct dns_end {
	struct addr addr;
	uint8_t kind; /* ADDR_NONE: not known */
};

/* What a row is about: an address, or the hash of a whole name. */
struct dns_key {
	struct dns_end end;
	uint8_t group; /* enum dns_group */
};

#define DNS_NAME 80

struct dns_row {
	struct meter meter[DNS_METERS]; /* enum dns_count: meter n / 2, way n % 2 */
	struct wait_histogram wait;     /* times until the answer */
	struct distinct peers[DNS_PEERS];
	struct dns_end resolver, client; /* of the newest message; one is what the row is about */
	uint64_t last;                   /* ns: its newest message */
	struct dns_key key;
	uint32_t score_time; /* see util/table.h */
	uint32_t generation; /* differs from those of earlier rows in this place */
	uint8_t domain_at;   /* where the domain begins in the name */
	bool other;
	char name[DNS_NAME]; /* the newest one; of a longer name the end, after "..." */
};

/* The rows of a message, which may have been evicted since. */
struct dns_rows {
	uint32_t row[DNS_GROUPS], generation[DNS_GROUPS];
};

struct dns_open {
	uint64_t key; /* hash of what an answer repeats */
	uint64_t at;  /* ns */
	struct dns_rows rows;
	bool waits; /* it is not answered yet */
};

struct baseline;
struct baseline_meters;
struct ledger;

struct dns_table {
	struct dns_row *row;
	struct table table;
	struct dns_row other[DNS_GROUPS]; /* the counts of evicted rows */
	struct table open_table;
	struct dns_open *open;
	uint64_t n_opened,
	    n_expired; /* queries put into the ring; those before the next to expire */
	struct hashkey hashkey;
	struct baseline *baseline; /* is notified of evictions; may be NULL */
};

/* Allocates room for max rows, growing up to `most`. */
void dns_table_init(struct dns_table *t, const struct table_room *room);
void dns_table_fini(struct dns_table *t);
unsigned dns_table_meters(struct ledger *l, struct baseline_meters *of);
void dns_table_clear(struct dns_table *t);
size_t dns_table_memory(uint32_t max);

/* Counts p, whose question is known, at the time `now` (ns); seen: in score units. */
void dns_table_count(struct dns_table *t, const struct pkt *p, const struct intervals *b,
    uint64_t now, uint32_t seen);

/* Counts queries that have waited too long at `now`. */
void dns_table_expire(struct dns_table *t, const struct intervals *b, uint64_t now);

uint32_t distinct_count(const struct distinct *d);
void distinct_add_addr(struct distinct *d, const struct addr *a);

#endif
