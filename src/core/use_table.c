/* The table of services, and what is found in it. */
#include "config.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/use.h"
#include "dissect/pkt.h"
#include "util/attr.h"

#define TCP 6
#define UDP 17

#define USE_SERVICE(name, text, kind) { text, USE_##kind },
#define USE_NAME(suffix, service)
#define USE_PORT(protocol, port, service)
#define USE_PROTO(proto, kind)
#define USE_IP(number, kind)
static const struct {
	const char *text;
	uint8_t kind;
} services[] = {
#include "core/use.def"
};
#undef USE_SERVICE
#undef USE_NAME

#define USE_SERVICE(name, text, kind)
#define USE_NAME(suffix, service) { suffix, SERVICE_##service },
static const struct use_name {
	const char *suffix;
	uint16_t service;
} names[] = {
#include "core/use.def"
};
#undef USE_NAME
#undef USE_PORT

#define USE_NAME(suffix, service)
#define USE_PORT(protocol, port, service) { port, protocol, SERVICE_##service },
static const struct use_port {
	uint16_t port;
	uint8_t protocol;
	uint16_t service;
} ports[] = {
#include "core/use.def"
};
#undef USE_PORT
#undef USE_PROTO

#define USE_PORT(protocol, port, service)
#define USE_PROTO(proto, kind) [PROTO_##proto] = USE_##kind,
static const uint8_t proto_kinds[PROTO_MAX] = {
#include "core/use.def"
};
#undef USE_PROTO
#undef USE_IP

#define USE_PROTO(proto, kind)
#define USE_IP(number, kind) [number] = USE_##kind,
static const uint8_t ip_kinds[UINT8_MAX + 1] = {
#include "core/use.def"
};

const char *
use_kind_name(enum use_kind k)
{
	static const char *const text[USE_KINDS] = {
		[USE_OTHER] = "other",
		[USE_STREAMING] = "streaming",
		[USE_BROWSING] = "browsing",
		[USE_FILES] = "file transfer",
		[USE_CALLS] = "calls",
		[USE_MAIL] = "mail",
		[USE_REMOTE] = "remote access",
		[USE_GAMES] = "games",
		[USE_UPDATES] = "updates",
		[USE_VPN] = "VPN",
		[USE_NETWORK] = "network",
	};

	assert(k < USE_KINDS);
	return text[k];
}

enum use_kind
use_service_kind(const struct app_db *db, unsigned service)
{
	assert(service < SERVICES);
	if (service < PROTO_MAX)
		return (enum use_kind)proto_kinds[service];
	if (service < SERVICE_LINK)
		return (enum use_kind)services[service - PROTO_MAX].kind;
	if (service == SERVICE_LINK)
		return USE_NETWORK;
	if (service < SERVICE_FOUND)
		return (enum use_kind)ip_kinds[service - SERVICE_IP];
	return db != NULL ? (enum use_kind)db->app[service - SERVICE_FOUND].kind : USE_OTHER;
}

const char *
use_service_name(const struct app_db *db, unsigned service, char *scratch)
{
	enum proto proto;

	assert(service != SERVICE_UNKNOWN && service < SERVICES);
	if (service < PROTO_MAX)
		return proto_name((enum proto)service);
	if (service < SERVICE_LINK)
		return services[service - PROTO_MAX].text;
	if (service == SERVICE_LINK)
		return "link";
	if (service >= SERVICE_FOUND)
		return db != NULL ? db->app[service - SERVICE_FOUND].name : "";
	proto = proto_find(SPACE_IP, (uint16_t)(service - SERVICE_IP));
	if (proto != PROTO_NONE)
		return proto_name(proto);
	snprintf(scratch, USE_SERVICE_NAME, "ip-%u", service - SERVICE_IP);
	return scratch;
}

/* The next letter, in lower case, or digit; 0 at the end. */
static int
use_next_letter(const char **text)
{
	while (**text != '\0') {
		unsigned char c = (unsigned char)*(*text)++;

		if (isalnum(c))
			return tolower(c);
	}
	return 0;
}

static bool
use_is_same(const char *a, const char *b)
{
	int x, y;

	do {
		x = use_next_letter(&a);
		y = use_next_letter(&b);
	} while (x == y && x != 0);
	return x == y;
}

unsigned
use_find_service(const char *name)
{
	for (unsigned i = 0; i < NITEMS(services); i++)
		if (use_is_same(services[i].text, name))
			return PROTO_MAX + i;
	for (unsigned i = PROTO_NONE + 1; i < PROTO_MAX; i++)
		if (use_is_same(proto_name((enum proto)i), name))
			return i;
	return SERVICE_UNKNOWN;
}

static unsigned
use_find_suffix(const char *suffix)
{
	size_t low = 0, high = NITEMS(names);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int c = strcasecmp(suffix, names[mid].suffix);

		if (c == 0)
			return names[mid].service;
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return SERVICE_UNKNOWN;
}

unsigned
use_find_name(const char *name)
{
	unsigned service = SERVICE_UNKNOWN;

	/* The longest suffix comes first. */
	while (name != NULL && service == SERVICE_UNKNOWN) {
		service = use_find_suffix(name);
		name = strchr(name, '.');
		name = name != NULL ? name + 1 : NULL;
	}
	return service;
}

unsigned
use_find_port(uint16_t ip_proto, uint16_t port)
{
	for (size_t i = 0; i < NITEMS(ports) && ports[i].port <= port; i++)
		if (ports[i].port == port && ports[i].protocol == ip_proto)
			return ports[i].service;
	return SERVICE_UNKNOWN;
}
