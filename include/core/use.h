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

#define USE_APPS 512 /* applications that a library knows, at most */

/* The services: protocols by their number, then those of use.def, then IP protocols, then other
 * applications that a library knows. */
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
	SERVICE_LINK,                     /* not IP */
	SERVICE_IP,                       /* plus the number of the IP protocol */
	SERVICE_FOUND = SERVICE_IP + 256, /* plus the number of an application in app_db */
	SERVICES = SERVICE_FOUND + USE_APPS
};

/* "streaming", "file transfer" ... */
const char *use_kind_name(enum use_kind k);

#define USE_SERVICE_NAME 24
#define USE_RISK_NAME    48
#define USE_RISKS        64

/* The applications and risks that a library finds by the payload of flows.  Number 0 is none. */
struct app_db {
	struct app {
		char name[USE_SERVICE_NAME]; /* clean */
		uint16_t service;            /* the same in our own tables, or SERVICE_FOUND + i */
		uint8_t kind;                /* enum use_kind, if it is in none of them */
	} app[USE_APPS];
	char risk[USE_RISKS][USE_RISK_NAME]; /* by bit, clean; "": there is none */
	uint64_t serious;                    /* bits of the risks that may be attacks */
};

struct flow_found {     /* what the library has found of a flow */
	uint64_t risks; /* bits */
	uint16_t app;   /* its number in app_db; 0: unknown */
	bool guessed;   /* app is that of the ports or of the addresses */
	uint8_t looks;  /* packets that it has looked at; LOOKS_ALL: it needs no more */
};

#define LOOKS_ALL UINT8_MAX

struct flow;
struct ledger;

/* "Netflix", "ssh", "esp"; in scratch (USE_SERVICE_NAME bytes) if needed. Not of SERVICE_UNKNOWN.
 */
const char *use_service_name(const struct app_db *db, unsigned service, char *scratch);

enum use_kind use_service_kind(const struct app_db *db, unsigned service);

/* The service or protocol of that name; only its letters, whatever their case, and its digits
 * count.  SERVICE_UNKNOWN if there is none. */
unsigned use_find_service(const char *name);

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

/* The service of a flow that has been folded; else SERVICE_UNKNOWN. */
unsigned flow_service(const struct ledger *l, const struct flow *f);

/* What the library of l->apps has found of a flow, or NULL. */
const struct flow_found *flow_found(const struct ledger *l, const struct flow *f);

/* Stores it for the flow of that row. */
void flow_set_found(struct ledger *l, uint32_t row, const struct flow_found *found);

#endif
