/* Flows are counted for what they are used for. */
#include "config.h"

#include "core/use.h"

#include <string.h>

#include "core/baseline.h"
#include "core/private.h"
#include "dissect/pkt.h"
#include "util/attr.h"

enum {
	BASIS_NAMED = 1,
	BASIS_ANSWERED = 2,
	BASIS_DOUBTED = 4,
	BASIS_KNOWN = 8,
	BASIS_GUESSED = 16
};

static struct flow_use *
flow_use(const struct ledger *l, const struct flow *f)
{
	return &l->flows.use[f - l->flows.row];
}

unsigned
flow_service(const struct ledger *l, const struct flow *f)
{
	return f->bits & FLOW_FOLDED ? flow_use(l, f)->service : (unsigned)SERVICE_UNKNOWN;
}

/* Protocols that carry all kinds of services, so that names and ports say more. */
static bool
use_is_carrier(uint8_t app)
{
	static const bool carriers[PROTO_MAX] = { [PROTO_NONE] = true,
		[PROTO_TLS] = true,
		[PROTO_DTLS] = true,
		[PROTO_HTTP] = true,
		[PROTO_QUIC] = true,
		[PROTO_GQUIC] = true };

	return carriers[app];
}

const struct flow_found *
flow_found(const struct ledger *l, const struct flow *f)
{
	return l->apps != NULL ? &l->flows.found[f - l->flows.row] : NULL;
}

/* Protocols that applications use for data of their own, so that a library may know which one. */
static bool
use_is_vague(uint8_t app)
{
	static const bool vague[PROTO_MAX] = {
		[PROTO_STUN] = true, [PROTO_RTP] = true, [PROTO_RTCP] = true
	};

	return vague[app];
}

/* The service of the application that the library has found. */
static unsigned
use_of_found(const struct ledger *l, const struct flow_use *u)
{
	return u->found != 0 ? l->apps->app[u->found].service : (unsigned)SERVICE_UNKNOWN;
}

static unsigned
use_of_link(const struct flow *f)
{
	if (f->key.kind != ADDR_IP4 && f->key.kind != ADDR_IP6)
		return SERVICE_LINK;
	if (f->key.proto <= UINT8_MAX && !flow_has_ports(f))
		return SERVICE_IP + f->key.proto;
	return SERVICE_UNKNOWN;
}

static unsigned
use_of_flow(const struct ledger *l, const struct flow *f, const struct flow_use *u)
{
	uint8_t app = u->basis & BASIS_DOUBTED ? PROTO_NONE : u->app;
	unsigned found = use_of_found(l, u), service = SERVICE_UNKNOWN;
	bool says_more = found >= PROTO_MAX || !use_is_carrier((uint8_t)found);

	if (use_is_vague(app))
		return found >= PROTO_MAX ? found : app;
	if (!use_is_carrier(app))
		return app;
	if (u->basis & (BASIS_NAMED | BASIS_ANSWERED))
		service = use_find_name(flow_host_name(l, f, f->server_end, true).text);
	if (service == SERVICE_UNKNOWN && says_more && !(u->basis & BASIS_GUESSED))
		service = found;
	if (service == SERVICE_UNKNOWN && (app == PROTO_NONE || app == PROTO_TLS))
		service = use_find_port(f->key.proto, flow_service_port(f));
	if (service == SERVICE_UNKNOWN && (says_more || app == PROTO_NONE))
		service = found;
	if (service == SERVICE_UNKNOWN)
		service = app;
	return service != SERVICE_UNKNOWN ? service : use_of_link(f);
}

/* The meter of a flow that was not folded is empty, and not in the cache. */
static bool
use_has_packets(const struct flow *f, int way)
{
	return f->pending_packets[way] > 0 ||
	    ((f->bits & FLOW_FOLDED) && f->meter.t[way].packets > 0);
}

/* What is known of f now; if it is the same as before, so is its service. */
static struct flow_use
use_basis(const struct ledger *l, const struct flow *f)
{
	struct flow_use u = { .app = f->app, .basis = BASIS_KNOWN };
	const struct flow_found *found = flow_found(l, f);

	if (found != NULL)
		u.found = found->app;
	if (found != NULL && found->guessed)
		u.basis |= BASIS_GUESSED;
	if (f->bits & FLOW_HAS_SERVER_NAME)
		u.basis |= BASIS_NAMED;
	if (use_has_packets(f, 0) && use_has_packets(f, 1))
		u.basis |= BASIS_ANSWERED;
	if (f->app_confidence <= APP_DOUBTED)
		u.basis |= BASIS_DOUBTED;
	return u;
}

static void
use_add_flow(struct ledger *l, const struct flow *f, unsigned row)
{
	struct use_row *r = &l->use.row[row];

	r->number = (uint16_t)row;
	r->flows++;
	distinct_add_addr(&r->clients, f->server_end == 0 ? &f->key.b : &f->key.a);
	if (f->last > r->last)
		r->last = f->last;
}

static void
use_move(struct ledger *l, const struct flow *f, unsigned from, unsigned to)
{
	if (from == to)
		return;
	for (uint8_t way = 0; way < 2; way++) {
		struct meter_move m = { .part = &f->meter,
			.part_way = way,
			.from = &l->use.row[from].meter,
			.from_way = way ^ !f->server_end,
			.to = &l->use.row[to].meter,
			.to_way = way ^ !f->server_end };

		meter_move(&m, &l->intervals);
		baseline_move_way(l->baseline, &m);
	}
	l->use.row[from].flows--;
	use_add_flow(l, f, to);
}

void
flow_use_update(struct ledger *l, const struct flow *f)
{
	struct flow_use *u = flow_use(l, f), now = use_basis(l, f);
	bool counted = (f->bits & FLOW_FOLDED) != 0;
	unsigned was = u->service;

	if (LIKELY(counted && u->app == now.app && u->basis == now.basis && u->found == now.found))
		return;
	*u = now;
	u->service = (uint16_t)use_of_flow(l, f, u);
	if (!counted)
		return;
	use_move(l, f, USE_KINDS + was, USE_KINDS + u->service);
	use_move(l, f, use_service_kind(l->apps, was), use_service_kind(l->apps, u->service));
}

static void
use_count(struct ledger *l, const struct flow *f, unsigned row)
{
	struct use_row *r = &l->use.row[row];

	meter_advance(&r->meter, &l->intervals);
	for (int way = 0; way < 2; way++) {
		struct tally t = flow_pending(f, way);

		meter_add(&r->meter, way ^ !f->server_end, t.packets, t.bytes);
	}
	if (f->last > r->last)
		r->last = f->last;
	if (!(f->bits & FLOW_FOLDED))
		use_add_flow(l, f, row);
}

void
flow_use_count(struct ledger *l, const struct flow *f)
{
	unsigned service = flow_use(l, f)->service;

	use_count(l, f, USE_KINDS + service);
	use_count(l, f, use_service_kind(l->apps, service));
}
