/*
 * The SSH session that displays pkttop.  Everything shown is sent through it, which causes more of
 * its traffic.
 *
 * It is counted like any other connection.  Its share, from own_session_measure(), can be
 * subtracted exactly from the rows of its hosts and its port, because all are folded together.
 */
#ifndef CORE_OWN_SESSION_H
#define CORE_OWN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/tcp.h"
#include "dissect/addr.h"

struct ledger;

struct own_session {
	bool known;
	uint8_t kind; /* enum addr_kind */
	struct addr client, server;
	uint16_t client_port, server_port;
};

enum own_session_way { OWN_SENT, OWN_RECEIVED, OWN_WAYS }; /* from the client, from the server */

struct own_session_share {
	const struct own_session *session; /* NULL: nothing to subtract */
	uint64_t flows;                    /* its flows in the ledger: one per capture point */
	uint16_t port;                     /* its port in the table of ports */
	struct tally counted[OWN_WAYS];    /* since the start, or since the ledger's baseline */
	struct tally delta[OWN_WAYS];      /* in the last interval */
	double rate[METER_WINDOWS];        /* bytes per second, both directions */
	struct tcp_counts tcp[OWN_WAYS];   /* TCP errors of what each end sent, like counted */
};

/* Parses SSH_CONNECTION of sshd(8): "client port server port".  Returns false if it is invalid. */
bool own_session_parse(struct own_session *o, const char *text);

/* True if a TCP connection between these ends, in either order, is the session. */
static inline bool
own_session_is(const struct own_session *o, uint8_t kind, const struct addr *a, uint16_t a_port,
    const struct addr *b, uint16_t b_port)
{
	if (a_port == o->client_port && b_port == o->server_port)
		return o->known && kind == o->kind && addr_equal(a, &o->client) &&
		    addr_equal(b, &o->server);
	return a_port == o->server_port && b_port == o->client_port && o->known &&
	    kind == o->kind && addr_equal(a, &o->server) && addr_equal(b, &o->client);
}

/* Measures the session's share of the ledger, as of the last fold. */
void own_session_measure(struct own_session_share *part, const struct ledger *l);

#endif
