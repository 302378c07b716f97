/*
 * The one connection that is set apart: the session of SSH through which the program is
 * looked at.  Whatever it shows goes through that, and so makes more of it.
 *
 * It is counted as all others are.  What own_session_measure() finds can be taken from the rows
 * of its hosts and its port, exactly, as all of them are folded together.
 */
#ifndef CORE_OWN_SESSION_H
#define CORE_OWN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/tcp_analysis.h"
#include "dissect/addr.h"

struct ledger;

struct own_session {
	bool known;
	uint8_t kind; /* enum addr_kind */
	struct addr client, server;
	uint16_t client_port, server_port;
};

enum own_session_way { OWN_SENT, OWN_RECEIVED, OWN_WAYS }; /* by the client, by the server */

struct own_session_share {
	const struct own_session *session; /* NULL: nothing is to be taken away */
	uint64_t flows; /* that it is in the ledger: one for each point of capture */
	uint16_t port;  /* under which it is among the ports */
	struct tally counted[OWN_WAYS];  /* since the start, or since the ledger's baseline */
	struct tally delta[OWN_WAYS];    /* within the last interval */
	double rate[METER_WINDOWS];      /* bytes a second, both ways */
	struct tcp_counts tcp[OWN_WAYS]; /* the troubles of what each sent, as counted */
};

/* Reads SSH_CONNECTION of sshd(8): "client port server port".  False: it is no such thing. */
bool own_session_parse(struct own_session *o, const char *text);

/* True when a TCP connection between these is it, whichever end is which. */
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

/* What the connection has of the ledger, as of the last fold. */
void own_session_measure(struct own_session_share *part, const struct ledger *l);

#endif
