/*
 * Flow records for collectors: their encoding, and the connection.
 */
#ifndef EXPORT_IPFIX_H
#define EXPORT_IPFIX_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/ledger.h"
#include "export/flow_log.h"
#include "util/buf.h"

/*
 * Encodes flow records as IPFIX (RFC 7011, biflows as in RFC 5103) or NetFlow version 9 (RFC 3954).
 *
 *	ipfix_init(x, &config, send, arg)
 *	ipfix_add_flow(x, &report, now)	each record or portion of the flow log, see flow_log.h
 *	ipfix_flush(x, now)		at least once in an interval
 *
 * Drops, sampling and names of interfaces are another stream, with an encoder of its own. Its
 *domain is 0, as RFC 7011 recommends for what an exporter reports about itself; with it, the
 *sequence numbers of the flows are right for collectors that count options and for those that do
 *not.
 *
 *	ipfix_add_status(x, &status, now)
 *
 * A message is passed to send() when it is full or flushed. Templates are sent first, and again
 * after IPFIX_TEMPLATE_NS or IPFIX_TEMPLATE_MESSAGES, since datagrams may be lost.
 */

#define IPFIX_MESSAGE           1400 /* bytes at most: fits into a datagram on any path */
#define IPFIX_RECORD            512  /* bytes of a data record at most */
#define IPFIX_TEMPLATES         8
#define IPFIX_TEMPLATE_NS       UINT64_C(60000000000)
#define IPFIX_TEMPLATE_MESSAGES 4096

struct ipfix_config {
	bool netflow9;
	bool biflow;     /* one record for both directions; IPFIX only */
	bool ip_bytes;   /* octets are those of IP packets, not of frames */
	bool status;     /* status records only, no flows */
	uint32_t domain; /* observation domain, or source ID, of the flows */
};

/* Passes on a whole message with that many records of flows. */
typedef void ipfix_send_fn(void *arg, const void *bytes, size_t n, unsigned flows);

struct ipfix {
	struct ipfix_config config;
	ipfix_send_fn *send;
	void *arg;
	uint32_t used[IPFIX_TEMPLATES]; /* the elements of each template, by bit */
	char array[IPFIX_MESSAGE + 1];
	struct buf message;
	size_t set;                 /* start of the open set; 0: none */
	uint16_t set_id;            /* its template */
	unsigned records, all;      /* data records, and with templates, in the message */
	unsigned flows;             /* records of flows among them */
	uint32_t sequence;          /* of data records; of messages in NetFlow 9 */
	uint64_t now, templates_at; /* ns since the epoch: of the message; of the last templates */
	uint64_t boot;              /* ns since the epoch: start of NetFlow 9's uptime */
	unsigned messages;          /* since the last templates */
	/* since the start */
	uint64_t sent_messages, sent_flows, sent_octets;
};

struct ipfix_report {
	const struct ledger *ledger;
	const struct flow *flow;
	const struct flow_portion *portion;
	enum flow_end end;
};

/* What an exporter reports about itself. */
struct ipfix_status {
	const struct ledger *ledger;
	const struct ipfix *flows;
	uint64_t dropped; /* packets that were not counted */
	uint64_t unsent;  /* flow records that the queue had no room for */
};

void ipfix_init(struct ipfix *x, const struct ipfix_config *c, ipfix_send_fn *send, void *arg);

/* now: ns since the epoch. Messages have the time of the newest call. */
void ipfix_add_flow(struct ipfix *x, const struct ipfix_report *r, uint64_t now);
void ipfix_add_status(struct ipfix *x, const struct ipfix_status *s, uint64_t now);
void ipfix_flush(struct ipfix *x, uint64_t now);

/*
 * Stores an IPFIX message with all templates, to begin a new connection with; returns its size. Its
 * sequence number is that of the message that follows it, or of the next one if that is NULL.
 */
size_t ipfix_template_message(
    const struct ipfix *x, const void *following, uint64_t now, void *bytes, size_t size);

/* True if the message was made by this encoder, and not by another one for the same collector. */
bool ipfix_is_own(const struct ipfix *x, const void *message);

/*
 * A connection to a flow collector, over UDP or TCP, that never blocks.
 *
 * Messages wait in a queue of fixed size. If it is full, new ones are dropped and counted.
 * Datagrams are paced, because a burst would overflow the collector's socket. A TCP connection that
 * fails is opened again, after 1 to 30 s; it begins with a message of its owner, and with the
 * message that was not sent completely.
 */

#define COLLECTOR_MESSAGE 1400 /* bytes at most */
#define COLLECTOR_QUEUE   4096 /* messages */
#define COLLECTOR_NAME    128

/* Stores the message that a connection begins with; returns its size. */
typedef size_t collector_greeting_fn(void *arg, void *bytes, size_t size);

enum collector_state { COLLECTOR_DOWN, COLLECTOR_CONNECTING, COLLECTOR_UP };

struct collector_message {
	uint16_t size, records;
	uint8_t bytes[COLLECTOR_MESSAGE];
};

struct collector {
	char name[COLLECTOR_NAME]; /* "tcp:collector.example:4739" */
	struct sockaddr_storage address;
	socklen_t address_size;
	bool tcp;
	int fd; /* -1: none */
	enum collector_state state;
	uint64_t retry_at, retry_delay;    /* ns, monotonic */
	struct collector_message *message; /* a ring of COLLECTOR_QUEUE */
	unsigned first, n;
	struct collector_message greeting; /* size 0: it was sent */
	size_t sent;                       /* bytes of the first message */
	uint64_t paced_at;                 /* ns: until then datagrams were allowed */
	collector_greeting_fn *greet;
	void *arg;
	bool failing; /* reported, and not yet recovered */
	uint64_t sent_messages, sent_bytes, dropped_messages, dropped_records, refused;
};

/*
 * Opens "[udp:|tcp:]HOST[:PORT]", with brackets around an IPv6 address. A host name is resolved
 * here, and only here. now: ns, monotonic, here and below. False with one sentence in err.
 */
bool collector_open(
    struct collector *c, const char *text, const char *port, uint64_t now, struct buf *err);

/* Of TCP: what each connection begins with. */
void collector_set_greeting(struct collector *c, collector_greeting_fn *greet, void *arg);

void collector_add(struct collector *c, const void *bytes, size_t n, unsigned records);
bool collector_has_room(const struct collector *c);
bool collector_is_idle(const struct collector *c);

/* The message that waits at position i of the queue, or NULL. */
const void *collector_queued(const struct collector *c, unsigned i);

/* The descriptor and events to wait for; and how long at most: ms, or -1. */
struct pollfd collector_pollfd(const struct collector *c);
int collector_timeout(const struct collector *c, uint64_t now);

/* Sends what can be sent now; changes of state are appended to said. */
void collector_service(struct collector *c, uint64_t now, struct buf *said);

void collector_close(struct collector *c);

#endif
