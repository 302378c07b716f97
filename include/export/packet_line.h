/*
 * A packet as a line: CSV for programs, and text for people.
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

#define PACKET_LINE 1024 /* maximum bytes of a line */

struct packet_lines {
	const struct ledger *ledger; /* for the names of sources */
	enum packet_format format;
	const char *arrow; /* between the ends */
	uint64_t second;   /* of the cached stamp */
	char stamp[40];    /* cached, because most packets share the second of the previous one */
	const char *name[256]; /* of IP protocols; NULL: not looked up yet */
};

/* The line of column names of CSV. */
extern const char packet_columns[];

void packet_lines_init(
    struct packet_lines *pl, const struct ledger *l, enum packet_format format, bool ascii);

/* Appends the line of p, with a newline. */
void packet_line(struct packet_lines *pl, struct buf *b, const struct pkt *p);

#endif
