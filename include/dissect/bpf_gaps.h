/*
 * What a capture filter sees of a packet: pcap-filter(7) reads a frame at the places where links,
 * VLAN tags, PPPoE, MPLS and IP mostly have their numbers, and knows nothing else.  Compared with
 * what the dissectors found, this tells whether a filter by ends, tags or ports takes the packet.
 */
#ifndef DISSECT_BPF_GAPS_H
#define DISSECT_BPF_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/addr.h"

struct frame;
struct pkt;

enum bpf_gap {
	BPF_GAP_ADDRS = 1 << 0,   /* it is not found by its ends */
	BPF_GAP_TAGS = 1 << 1,    /* nor by the tags that it is behind */
	BPF_GAP_PROTO = 1 << 2,   /* nor by its protocol or ethertype */
	BPF_GAP_PORTS = 1 << 3,   /* nor by its ports */
	BPF_WRONG_ADDRS = 1 << 4, /* it is taken for IP between other ends or ports */
	BPF_WRONG_PROTO = 1 << 5, /* it is IP, and is taken for something else */
	BPF_GAP_ALL = 1 << 6,     /* no filter that looks at more than its length takes it */
};

/* What a filter takes a packet for. */
struct seen {
	struct addr src, dst;
	uint16_t proto, sport, dport;
	uint8_t kind; /* ADDR_IP4, ADDR_IP6; else it is no IP */
	bool ends;    /* these and the protocol are known: the header is whole */
	bool ports;   /* so are these */
};

/* How a filter sees a frame, whatever it is.  All bytes of *s are set. */
void sight_seen(const struct frame *f, struct seen *s);

/* Bits of enum bpf_gap; 0 for what a filter sees as it is.  Of p all but that is known. */
uint8_t bpf_gaps_find(const struct frame *f, const struct pkt *p);

#endif
