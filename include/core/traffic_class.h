/*
 * Traffic classes, which the user can hide and show.
 */
#ifndef CORE_TRAFFIC_CLASS_H
#define CORE_TRAFFIC_CLASS_H

#include <stdint.h>

enum traffic_class {
	CLASS_TCP,
	CLASS_UDP,
	CLASS_ICMP,  /* ICMP and ICMPv6 */
	CLASS_OTHER, /* the rest, including non-IP */
	CLASSES
};

/* The class of a flow's protocol; kind and proto as in struct flowkey. */
enum traffic_class traffic_class_of(uint8_t kind, uint16_t proto);

#endif
