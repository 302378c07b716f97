/*
 * Frames as capture files hold them: pcap with stamps in ns
 * (draft-ietf-opsawg-pcap), and pcapng with the names of the interfaces
 * (draft-ietf-opsawg-pcapng).  Little-endian everywhere, so that the same
 * packets make the same file.
 */
#ifndef EXPORT_PCAPOUT_H
#define EXPORT_PCAPOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"
#include "dissect/frame.h"
#include "util/buf.h"

#define PCAPOUT_COMMENT 4096
#define PCAPOUT_SNAPLEN 262144 /* bytes of a frame at most; the rest is cut off */

/* True for a path that asks for pcapng by its end. */
bool pcapout_is_ng(const char *path);

/*
 * Adds what a file begins with; the sources of l are its interfaces.  The comment, "" for none and
 * at most PCAPOUT_COMMENT bytes of it, is pcapng's alone.  False with one sentence in err: pcap has
 * one link type for all.
 */
bool pcapout_head(
    struct buf *b, bool ng, const struct ledger *l, const char *comment, struct buf *err);

/* Adds an interface to pcapng; they are numbered in the order of being added. */
void pcapout_interface(struct buf *b, const struct source_stats *s);

/* Adds the record of a frame. */
void pcapout_frame(struct buf *b, bool ng, const struct frame *f);

#endif
