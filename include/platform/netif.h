/*
 * What the system says of its interfaces.
 */
#ifndef PLATFORM_NETIF_H
#define PLATFORM_NETIF_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "util/buf.h"

/*
 * The addresses of the interfaces in names (n of them; "any" or n == 0: of all), as /32 and /128,
 * MAC addresses included (kind ADDR_MAC, bits 48).  Returns how many were stored, at most max.
 */
unsigned netif_addresses(const char *const *names, unsigned n, struct net *nets, unsigned max);

/*
 * The interface of the default route, IPv4's first; else the first one that is up and
 * not a loopback; else a loopback.  False when there is none.
 */
bool netif_default(char *name, unsigned size);

/* bit/s that the link can do, 0 where unknown; MTU in bytes, 0 where unknown. */
uint64_t netif_speed(const char *name);
unsigned netif_mtu(const char *name);

#endif
