/*
 * The kernel's data on interfaces: their counters, and which one is on top of which.
 */
#ifndef PLATFORM_LINKS_H
#define PLATFORM_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "platform/netif.h"

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

/* The interface with that name. Never blocks. False if there is none, or it is unknown. */
bool links_find(const char *name, struct link *l);

/* Lists all interfaces, at most max. Returns how many. */
unsigned links_list(struct link *all, unsigned max);

/* Parses one link from a message of rtnetlink(7), n bytes from its header on. False if it is not
 * a link. */
bool links_parse(struct link *l, const void *message, size_t n);

#endif
