/*
 * Network interfaces and the links between them.
 */
#ifndef PLATFORM_NET_H
#define PLATFORM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/own_session.h"
#include "dissect/addr.h"
#include "util/buf.h"

/*
 * The system's data on its interfaces.
 */

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

/* bit/s of the link, 0 if unknown; MTU in bytes, 0 if unknown; packets with errors so far. */
uint64_t netif_speed(const char *name);
uint64_t netif_errors(const char *name);
unsigned netif_mtu(const char *name);

/* A default route, from a line of /proc/net/route or /proc/net/ipv6_route (proc(5)). */
struct netif_route {
	char name[NETIF_NAME];
	uint32_t metric;
};

/* False if the line is another route, one that is down or rejects, or not valid. */
bool netif_route4(const char *line, struct netif_route *r);
bool netif_route6(const char *line, struct netif_route *r);

/*
 * The kernel's data on interfaces: their counters, and which one is on top of which.
 */

#define LINKS_NO_NETNS (-1)

struct link {
	unsigned index;        /* 0: none */
	unsigned master;       /* of the bridge, bond or similar that it belongs to; 0: none */
	unsigned lower;        /* of the interface below, or of the other end of a veth; 0: none */
	int lower_netns;       /* the namespace that lower is in; LINKS_NO_NETNS: this one */
	char name[NETIF_NAME]; /* sanitised */
	char kind[NETIF_NAME]; /* "bridge", "veth" ...; "" for hardware */
	unsigned mtu;
	bool loopback;
	bool up; /* administratively up */
	struct tally received, sent;
};

/* The interface with that name. Never blocks. False with ENODEV in errno if there is none, with
 * another value if the kernel cannot be asked. */
bool links_find(const char *name, struct link *l);

/* Lists all interfaces, at most max. Returns how many. */
unsigned links_list(struct link *all, unsigned max);

/* Parses one link from a message of rtnetlink(7), n bytes from its header on. False if it is not
 * a link. */
bool links_parse(struct link *l, const void *message, size_t n);

/*
 * The SSH session in which pkttop runs.
 */

/*
 * The SSH connection that displays pkttop. sudo(8) removes it from the environment, so the parents'
 * environments are read too: call it before privileges are dropped. False if there is none.
 */
bool ssh_env_find(struct own_session *o);

/* The value of a variable in an environment block of the kernel: n bytes with a NUL after each
 * variable. NULL if it is not set. */
const char *ssh_env_variable(const char *environment, size_t n, const char *name);

#endif
