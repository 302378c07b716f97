/*
 * HTTP/2 without TLS, by prior knowledge (RFC 9113, 3.3): the authority of the first request.
 * Private to src/dissect/.
 */
#ifndef DISSECT_HTTP2_H
#define DISSECT_HTTP2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/cursor.h"
#include "dissect/pkt_meta.h"

/* True if the n bytes begin with the client preface. */
bool http2_is_preface(const uint8_t *bytes, size_t n);

/*
 * Parses n bytes that begin with the preface.  Frames are read from *at, which advances to the
 * first incomplete one.  Returns false if the first request is not complete.
 */
bool http2_read(const uint8_t *bytes, size_t n, size_t *at, struct pkt_meta *s);

/* Parses a header block (RFC 7541) for the server name: the authority, else the host. */
void hpack_read(struct cursor *c, struct pkt_meta *s);

#endif
