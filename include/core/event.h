/*
 * Events: what is wrong or unusual, in a bounded ring.
 *
 * An event is of a rule (core/event_rules.def), between a subject, which for attacks is the
 * attacker, and an object, the victim.  If the same is noticed again, the event is updated; if that
 * is after a pause, it counts once more.  A rule that finds very many adds them to its newest event
 * instead, so that a flood of made-up addresses does not push out everything else.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"

struct buf;

enum event_severity {
	EVENT_NOTICE,  /* unusual; not in the verdict */
	EVENT_WARNING, /* something does not work as it should */
	EVENT_ATTACK,
	EVENT_SEVERITIES,
};

enum event_rule {
#define RULE(id, name, severity, threshold, unit, sentence, next) RULE_##id,
#include "core/event_rules.def"
#undef RULE
	EVENT_RULES,
};

struct event_rule_row {
	const char *name;
	uint8_t severity;     /* enum event_severity */
	uint32_t threshold;   /* default */
	const char *unit;     /* of the threshold, for people */
	const char *sentence; /* {a} subject, {b} object, {p} port, {n} {m} numbers, {d} detail */
	const char *next;     /* what to look at next: a display filter with the same fields */
};

extern const struct event_rule_row event_rules[EVENT_RULES];

struct event_end {
	struct addr addr;
	uint8_t kind; /* enum addr_kind */
};

#define EVENT_DETAIL    64
#define EVENTS_KEPT     256                          /* rows of the ring */
#define EVENT_PAUSE_NS  (UINT64_C(60) * 1000000000)  /* after which it counts once more */
#define EVENT_ACTIVE_NS (UINT64_C(120) * 1000000000) /* for which it stays in the verdict */
#define EVENT_SUBJECT   3                            /* events of a rule with the same subject */
#define EVENT_FLOOD     16 /* new events of a rule within EVENT_PAUSE_NS */

struct event {
	uint64_t number;     /* from 1 */
	uint64_t start, end; /* ns since the epoch, by packet timestamps */
	uint32_t count;      /* times, with pauses between them */
	uint64_t change;     /* number of its newest change, see events_next_change() */
	uint32_t more;       /* further subjects and objects that were added to it */
	uint64_t n, m;       /* the numbers of its sentence */
	struct event_end a, b;
	uint16_t port;
	uint16_t proto;            /* IP protocol number; 0: none */
	uint8_t rule;              /* enum event_rule */
	char detail[EVENT_DETAIL]; /* clean text */
};

struct events {
	struct event row[EVENTS_KEPT]; /* event number n is at n modulo size */
	uint64_t newest;               /* its number; 0: none */
	uint64_t total[EVENT_RULES];   /* all so far, for counters that must not go down */
	uint64_t changes;              /* changed with each event that begins or counts again */
	struct event_quota {
		uint64_t since; /* ns */
		uint32_t n;
	} quota[EVENT_RULES];
};

void events_clear(struct events *es);

/*
 * Notes what `what` describes (count and more are ignored), at what->end; number is that of
 * the event that it was added to before, or 0.  Returns the number of its event now.
 */
uint64_t events_raise(struct events *es, const struct event *what);

/* The event of that number, or NULL: it has left the ring. */
struct event *events_find(struct events *es, uint64_t number);
const struct event *events_get(const struct events *es, uint64_t number);

/* The first event that has begun or counted again after change number *seen, which becomes that of
 * its change; NULL: none. */
const struct event *events_next_change(const struct events *es, uint64_t *seen);

/* The rows in use, and the i-th newest, from 0. */
uint32_t events_used(const struct events *es);
const struct event *events_newest(const struct events *es, uint32_t i);

/* True if it has been seen within EVENT_ACTIVE_NS before now, and is more than a notice. */
bool event_is_active(const struct event *e, uint64_t now);

/* The attacker of an attack, and the host that is attacked or affected; of kind ADDR_NONE if there
 * is none, or if there are many. */
const struct event_end *event_attacker(const struct event *e);
const struct event_end *event_victim(const struct event *e);

const char *event_severity_name(enum event_severity s);

/* The rule of that name, or EVENT_RULES. */
enum event_rule event_rule_find(const char *name);

/* "10.0.0.1 scans ports of 10.0.0.2: 40 ports".  names may be NULL. */
struct event_names {
	const char *(*fn)(const void *arg, uint8_t kind, const struct addr *a);
	const void *arg;
};
void event_text(struct buf *b, const struct event *e, const struct event_names *names);

/* The display filter that shows the event's hosts, "" if there are none. */
void event_filter(struct buf *b, const struct event *e);

/* "2 problems: 10.0.2.7 scans ports ...; ...", or "" if nothing is wrong. */
void events_verdict(
    struct buf *b, const struct events *es, uint64_t now, const struct event_names *names);

/*
 * Detection: what the ledger notices about flows is compared with the rules of events.
 *
 * The packet path reports only what is rare: new flows, changes of a TCP state, errors, and packets
 * of the protocols that keep a network together (see enum detect_what).  Everything else is found
 * once a second of packet time.  Memory is fixed: what is known of a source or of a pair of hosts
 *is kept in a table of trackers, in which the least telling one makes room.
 *
 *	d = detect_new();
 *	detect_note(d, &note);		for each that is reported
 *	detect_advance(d, now);		often; once a second it judges
 *	detect_finish(d);		at the end of a file: what waits for an answer gets none
 */
struct detect;
struct flow;
struct pairkey;
struct ledger;
struct pkt;

enum detect_what {
	DETECT_NEW_FLOW = 1 << 0,
	DETECT_TCP_STATE = 1 << 1, /* it differs from `was` */
	DETECT_TCP_EVENT = 1 << 2, /* DETECT_TCP_EVENTS in `events` */
	DETECT_ANSWER = 1 << 3,    /* the first datagram of the other end */
	DETECT_ICMP = 1 << 4,
	DETECT_META = 1 << 5, /* p->meta */
};

/* The TCP events that a detector looks at. */
#define DETECT_TCP_EVENTS (TCP_ZERO_WINDOW | TCP_RETRANSMITTED)

struct detect_note {
	const struct flow *f; /* before p is counted */
	const struct pkt *p;
	uint64_t now;    /* ns */
	unsigned what;   /* enum detect_what */
	unsigned events; /* enum tcp_event */
	uint8_t way;     /* 0: p is from a to b */
	uint8_t was;     /* enum flow_state before p */
	uint8_t turns;   /* TCP: times that the server has answered, up to WAIT_MEMORY */
};

/* Exits if out of memory.  Counts are reproducible until detect_set_key() is called, before the
 * first packet of live traffic, whose senders must not be able to construct collisions. */
struct detect *detect_new(void);
void detect_set_key(struct detect *d, const struct pairkey *key);
void detect_del(struct detect *d);

/* Forgets everything but the thresholds. */
void detect_clear(struct detect *d);

/* Prefetches what detect_note() will need if p begins a flow. */
void detect_prefetch(struct detect *d, const struct pkt *p);

void detect_note(struct detect *d, const struct detect_note *n);
void detect_advance(struct detect *d, uint64_t now);
void detect_finish(struct detect *d);

/* Judges sources and totals of the ledger; after each whole interval. */
void detect_tick(struct detect *d, const struct ledger *l);

struct events *detect_events(struct detect *d);

/* The threshold of a rule; 0: it is off. */
uint32_t detect_threshold(const struct detect *d, enum event_rule r);
void detect_set_threshold(struct detect *d, enum event_rule r, uint32_t threshold);

/* Thresholds that a user has set. */
struct event_limits {
	bool given[EVENT_RULES];
	uint32_t n[EVENT_RULES];
};
void detect_set_limits(struct detect *d, const struct event_limits *limits);

#endif
