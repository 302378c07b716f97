/*
 * What traffic is for: kinds of use, such as streaming, and services, such as Netflix.
 */
#ifndef CORE_USE_H
#define CORE_USE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/dns.h"
#include "core/meter.h"
#include "dissect/dissect.h"

/*
 * Each flow is of one service, and each service of one kind.  A service is, in this order, that of
 * the server's name, the application protocol, that of the server's port, or the IP protocol.  When
 * more becomes known of a flow, all that it has counted moves to its new service.  The table of
 * names and ports is core/use.def.
 */

enum use_kind {
	USE_OTHER, /* also unknown */
	USE_STREAMING,
	USE_BROWSING,
	USE_FILES,
	USE_CALLS,
	USE_MAIL,
	USE_REMOTE,
	USE_GAMES,
	USE_UPDATES,
	USE_VPN,
	USE_NETWORK,
	USE_KINDS
};

/* The services: protocols by their number, then those of use.def, then IP protocols. */
enum use_service {
	SERVICE_UNKNOWN = PROTO_NONE,
	SERVICE_NAMED = PROTO_MAX - 1,
#define USE_SERVICE(name, text, kind) SERVICE_##name,
#define USE_NAME(suffix, service)
#define USE_PORT(protocol, port, service)
#define USE_PROTO(proto, kind)
#define USE_IP(number, kind)
#include "core/use.def"
#undef USE_SERVICE
#undef USE_NAME
#undef USE_PORT
#undef USE_PROTO
#undef USE_IP
	SERVICE_LINK, /* not IP */
	SERVICE_IP,   /* plus the number of the IP protocol */
	SERVICES = SERVICE_IP + 256
};

/* "streaming", "file transfer" ... */
const char *use_kind_name(enum use_kind k);

#define USE_SERVICE_NAME 24

/* "Netflix", "ssh", "esp"; in scratch (USE_SERVICE_NAME bytes) if needed. Not of SERVICE_UNKNOWN.
 */
const char *use_service_name(unsigned service, char *scratch);

enum use_kind use_service_kind(unsigned service);

/* The service whose servers have names such as that; SERVICE_UNKNOWN if there is none. */
unsigned use_find_name(const char *name);

/* The service at a port of TCP or UDP, likewise. */
unsigned use_find_port(uint16_t ip_proto, uint16_t port);

struct use_row {
	struct meter meter; /* t[0]: to the servers */
	struct distinct clients;
	uint64_t flows;
	uint64_t last;
	uint16_t number; /* of the row, once it has flows */
};

#define USE_ROWS (USE_KINDS + SERVICES)

struct use_table {
	struct use_row row[USE_ROWS]; /* of the kinds, then of the services */
};

struct flow;
struct ledger;

/* The service of a flow that has been folded; else SERVICE_UNKNOWN. */
unsigned flow_service(const struct ledger *l, const struct flow *f);

#endif
