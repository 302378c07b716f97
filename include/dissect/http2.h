/*
 * HTTP/2 without TLS, by prior knowledge (RFC 9113, 3.3): the authority that the first request is
 * for.  Private to src/dissect/.
 */
#ifndef DISSECT_HTTP2_H
#define DISSECT_HTTP2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/cursor.h"
#include "dissect/pkt_meta.h"

/* True if n bytes of a stream begin with the preface of a client. */
bool http2_is_preface(const uint8_t *bytes, size_t n);

/*
 * Reads n bytes of a stream that begin with the preface.  Frames are read from *at on, which moves
 * to the first one that is not whole.  False if the first request has not come.
 */
bool http2_read(const uint8_t *bytes, size_t n, size_t *at, struct pkt_meta *s);

/* Reads a block of header fields (RFC 7541): the authority, or else the host, is the server. */
void hpack_read(struct cursor *c, struct pkt_meta *s);

#endif
