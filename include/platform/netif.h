/*
 * What the system says of its interfaces.
 */
#ifndef PLATFORM_NETIF_H
#define PLATFORM_NETIF_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/buf.h"

#define NETIF_NAME 16 /* bytes of an interface's name, with its NUL */

/*
 * The addresses of the interfaces in names (n of them; "any" or n == 0: of all), as /32 and /128,
 * MAC addresses included (kind ADDR_MAC, bits 48), each once.  Returns how many were stored, at
 * most max.
 */
unsigned netif_addresses(const char *const *names, unsigned n, struct net *nets, unsigned max);

/*
 * The interface of the default route, IPv4's first; else the first one that is up and
 * not a loopback, with a carrier if any has one; else a loopback.  False when there is none.
 */
bool netif_default(char *name, unsigned size);

/* bit/s that the link can do, 0 where unknown; MTU in bytes, 0 where unknown. */
uint64_t netif_speed(const char *name);
unsigned netif_mtu(const char *name);

/* A default route, as a line of /proc/net/route or /proc/net/ipv6_route (proc(5)) tells of it. */
struct netif_route {
	char name[NETIF_NAME];
	uint32_t metric;
};

/* False when the line is another route, one that is not up or rejects, or no such line at all. */
bool netif_route4(const char *line, struct netif_route *r);
bool netif_route6(const char *line, struct netif_route *r);

#endif
