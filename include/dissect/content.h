/*
 * Applications by what a payload begins with, whatever its port.
 *
 * content.def has a row for each way to know one.  The first byte of a payload
 * chooses the few rows that are worth asking, so that the middle of a stream costs
 * two loads.  Private to src/dissect/.
 */
#ifndef DISSECT_CONTENT_H
#define DISSECT_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/cursor.h"
#include "dissect/pkt.h"

#define CONTENT_CANDIDATES 16 /* rows for one first byte, with the zero behind them */

enum content_over { OVER_TCP, OVER_UDP, CONTENT_OVERS };

enum content_verdict {
	CONTENT_NO,
	CONTENT_MAYBE, /* nothing speaks against it */
	CONTENT_YES,
};

enum content_trait {
	CONTENT_STRICT = 1 << 0, /* what none of its rows takes is not this protocol */
	CONTENT_OWN = 1 << 1,    /* asked only on the protocol's own ports, and there first */
	CONTENT_WEAK = 1 << 2,   /* chance may look like it: asked only where the port says nothing */
};

struct content_place {
	uint8_t over;       /* enum content_over */
	uint8_t by_port;    /* enum proto that the port says, or PROTO_NONE */
	uint16_t low, high; /* the ports */
};

/* Looks at the payload at c, a copy, which is not empty. */
typedef enum content_verdict content_fn(struct cursor *c, const struct content_place *at);

struct content {
	uint8_t candidate[CONTENT_OVERS][256][CONTENT_CANDIDATES]; /* rows, 0 behind the last */
	uint8_t own[CONTENT_OVERS][256];                           /* by enum proto: row, or 0 */
	bool strict[CONTENT_OVERS][256];                           /* by enum proto */
	bool has_row[256];                                         /* by enum proto */
};

/* t is all zeros. */
void content_init(struct content *t);

/* The application (enum proto) of the payload at c, and how it is known. */
uint8_t content_find(const struct content *t, const struct cursor *c,
    const struct content_place *at, enum app_by *by);

/* Declares every function of content.def. */
#define STARTS(over, id, traits, text)
#define LOOKS(over, id, traits, fn, first, last) content_fn fn;
#include "dissect/content.def"
#undef STARTS
#undef LOOKS

#endif
