/*
 * A synthetic network, the same in every run: a LAN of 192.0.2.0/24 and 2001:db8::/64 with services
 * at 198.51.100.x, and web, video, ssh, dns, ntp, mail, database, VoIP, ICMP, IGMP, ARP, IPv6
 * neighbours, a VLAN, a scan and resets. It makes complete frames; other layers treat them as
 * captured ones.
 */
#ifndef CAPTURE_DEMO_DEMO_H
#define CAPTURE_DEMO_DEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"

#define DEMO_EPOCH UINT64_C(1767225600000000000) /* ns: 2026-01-01T00:00:00Z */

struct demo;

/* Exits if there is no memory. */
struct demo *demo_new(void);
void demo_del(struct demo *d);

/* The next frame (Ethernet). Stamps start at DEMO_EPOCH and never decrease. The frame is valid
 * until the next call. */
void demo_next(struct demo *d, struct frame *f);

#endif
