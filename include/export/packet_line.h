/*
 * A packet as a line: CSV for programs, and a form to be read.
 *
 *	[2024-07-28 18:58:41] TCP 172.16.211.96:65042 → 162.255.45.55:443 flags PA ttl 128 ...
 */
#ifndef EXPORT_PACKET_LINE_H
#define EXPORT_PACKET_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ledger.h"
#include "dissect/pkt.h"
#include "util/buf.h"

enum packet_format { PACKET_CSV, PACKET_TEXT };

#define PACKET_LINE 1024 /* bytes that any line has room in */

struct packet_lines {
	const struct ledger *ledger; /* for the names of sources */
	enum packet_format format;
	const char *arrow;     /* between the ends */
	uint64_t second;       /* that stamp is of */
	char stamp[40];        /* of most packets it is the one of the packet before */
	const char *name[256]; /* of IP protocols; NULL: not looked up yet */
};

/* The line of column names of CSV. */
extern const char packet_columns[];

void packet_lines_init(
    struct packet_lines *pl, const struct ledger *l, enum packet_format format, bool ascii);

/* Adds the line of p, with its end. */
void packet_line(struct packet_lines *pl, struct buf *b, const struct pkt *p);

#endif
