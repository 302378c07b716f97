/*
 * The system's data on its interfaces.
 */
#ifndef PLATFORM_NETIF_H
#define PLATFORM_NETIF_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/buf.h"

#define NETIF_NAME 16 /* bytes of an interface's name, with its NUL */

/*
 * The addresses of the n interfaces in names ("any" or n == 0: of all), as /32 and /128, MAC
 * addresses included (kind ADDR_MAC, bits 48), without duplicates. Returns how many were stored, at
 * most max.
 */
unsigned netif_addresses(const char *const *names, unsigned n, struct net *nets, unsigned max);

/*
 * The interface of the default route, IPv4's first; else the first one that is up and not a
 * loopback, preferring one with a carrier; else a loopback. False if there is none.
 */
bool netif_default(char *name, unsigned size);

/* bit/s of the link, 0 if unknown; MTU in bytes, 0 if unknown. */
uint64_t netif_speed(const char *name);
unsigned netif_mtu(const char *name);

/* A default route, from a line of /proc/net/route or /proc/net/ipv6_route (proc(5)). */
struct netif_route {
	char name[NETIF_NAME];
	uint32_t metric;
};

/* False if the line is another route, one that is down or rejects, or not valid. */
bool netif_route4(const char *line, struct netif_route *r);
bool netif_route6(const char *line, struct netif_route *r);

#endif
