/*
 * One captured frame, as a source hands it over.  The bytes are lent: they are
 * gone when the call that carried them returns.
 */
#ifndef DISSECT_FRAME_H
#define DISSECT_FRAME_H

#include <stdint.h>

struct frame {
	uint64_t ts;           /* ns since the epoch */
	uint64_t stamp_offset; /* ns that its stamp is more, modulo 2^64; 0 but for a wild one */
	const uint8_t *data;   /* caplen bytes */
	uint32_t caplen;       /* bytes captured */
	uint32_t len;          /* bytes on the link */
	uint16_t linktype;     /* DLT_ value, as pcap_datalink() says it */
	uint16_t source;       /* number of the source */
	const char *comment;   /* that a file has of it, foreign text, lent likewise; or NULL */
};

#endif
