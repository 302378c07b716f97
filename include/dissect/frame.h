/*
 * One captured frame, as delivered by a source.  The bytes are only valid during the call.
 */
#ifndef DISSECT_FRAME_H
#define DISSECT_FRAME_H

#include <stdint.h>

struct frame {
	uint64_t ts;           /* ns since the epoch */
	uint64_t stamp_offset; /* original timestamp minus ts, ns modulo 2^64; not 0 only for an
				  implausible one */
	const uint8_t *data;   /* caplen bytes */
	uint32_t caplen;       /* bytes captured */
	uint32_t len;          /* bytes on the link */
	uint16_t linktype;     /* DLT_ value, as of pcap_datalink() */
	uint16_t source;       /* number of the source */
	uint32_t flags;        /* of a pcapng packet: direction, reception, errors; 0: none */
	const char
	    *comment; /* comment from the file: foreign text, only valid during the call; or NULL */
};

#endif
