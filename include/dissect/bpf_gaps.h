/*
 * What a capture filter misses of a packet: pcap-filter(7) reads a frame at fixed offsets for
 * links, VLAN tags, PPPoE, MPLS and IP, and nothing else.  Comparing this with the dissectors'
 * result shows whether a filter by addresses, tags or ports matches the packet.
 */
#ifndef DISSECT_BPF_GAPS_H
#define DISSECT_BPF_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"

struct frame;
struct pkt;

enum bpf_gap {
	BPF_GAP_ADDRS = 1 << 0,   /* a filter by its addresses does not match */
	BPF_GAP_TAGS = 1 << 1,    /* nor by its tags */
	BPF_GAP_PROTO = 1 << 2,   /* nor by its protocol or ethertype */
	BPF_GAP_PORTS = 1 << 3,   /* nor by its ports */
	BPF_WRONG_ADDRS = 1 << 4, /* filters of other rows may match it */
	BPF_WRONG_PROTO = 1 << 5, /* it is IP, but filters take it for something else */
	BPF_GAP_ALL = 1 << 6,     /* no filter that reads any byte matches */
};

/* How a filter reads a packet. */
struct seen {
	struct addr src, dst;
	uint16_t proto, sport, dport;
	uint8_t kind; /* ADDR_IP4, ADDR_IP6; else it is not IP */
	uint8_t ends; /* captured: 0, 1 (src), or 2 and the protocol */
	bool ports;   /* are captured */
};

/* How a filter sees a frame, whatever it is.  All bytes of *s are set. */
void bpf_gaps_seen(const struct frame *f, struct seen *s);

/* Returns bits of enum bpf_gap; 0 if filters read the packet correctly.  All other fields of p must
 * be set. */
uint8_t bpf_gaps_find(const struct frame *f, const struct pkt *p);

#endif
