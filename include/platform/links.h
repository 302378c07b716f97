/*
 * Interfaces as the kernel knows them: their counters, and which is built upon which.
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
	unsigned index;        /* 0: there is none */
	unsigned master;       /* of a bridge, bond or the like that it is a part of; 0: none */
	unsigned lower;        /* that it stands upon, or a veth's other end; 0: none */
	int lower_netns;       /* number of the namespace that lower is in; LINKS_NO_NETNS: this */
	char name[NETIF_NAME]; /* clean */
	char kind[NETIF_NAME]; /* "bridge", "veth" ...; "" for hardware */
	unsigned mtu;
	bool loopback;
	bool up; /* it was not taken down */
	struct tally received, sent;
};

/* The interface of that name.  Never waits.  False: there is none, or nobody knows. */
bool links_find(const char *name, struct link *l);

/* All interfaces, at most max.  Returns how many. */
unsigned links_list(struct link *all, unsigned max);

/* One link out of a message of rtnetlink(7), n bytes from its header on.  False: it is none. */
bool links_parse(struct link *l, const void *message, size_t n);

#endif
