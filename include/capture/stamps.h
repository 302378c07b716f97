/*
 * The stamps of a file.  They are believed, except up to three in a row that are far from all
 *around them: packets of 1970 or 2106 among those of today.  They count at the time of the packet
 *before.
 *
 *	if (!stamps_wait(s) && stamps_follow(s, &frame))	... it is as it should be
 *	stamps_put(s, &frame);		else it waits, until some more are there
 *	stamps_take(s, over, &frame);
 *
 * Private to src/capture/.
 */
#ifndef CAPTURE_STAMPS_H
#define CAPTURE_STAMPS_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"
#include "util/attr.h"

#define STAMPS_AHEAD  8                                    /* frames by which one is judged */
#define STAMPS_AGREED 3                                    /* so many that agree judge others */
#define STAMPS_FAR    (UINT64_C(366) * 86400 * 1000000000) /* ns: a year */

struct stamps {
	uint64_t last; /* stamp of the frame before */
	uint64_t run;  /* frames without a leap, at least; 0: there was none yet */
	uint64_t back; /* frames whose stamp is before that of the frame before */
	uint64_t wild; /* frames that were given another time */
	struct frame waiting[STAMPS_AHEAD]; /* their bytes are copies */
	unsigned n;
	struct frame taken; /* the one that was taken last */
};

static inline bool
stamps_are_near(uint64_t x, uint64_t y)
{
	return x - y + STAMPS_FAR <= 2 * STAMPS_FAR;
}

static inline bool
stamps_wait(const struct stamps *s)
{
	return s->n > 0;
}

/* True when the frame is near the one before, of several; then it is the last one now. */
static ATTR_INLINE bool
stamps_follow(struct stamps *s, const struct frame *f)
{
	uint64_t ahead = f->ts - s->last;

	if (UNLIKELY(s->run < STAMPS_AGREED))
		return false;
	if (UNLIKELY(ahead > STAMPS_FAR)) {
		if (!stamps_are_near(f->ts, s->last))
			return false;
		s->back++;
	}
	s->last = f->ts;
	return true;
}

/* True if some wait, and the first cannot be judged before more are there. */
static inline bool
stamps_want(const struct stamps *s)
{
	if (s->n == 0 || s->n == STAMPS_AHEAD)
		return false;
	if (s->run == 0)
		return s->n <= STAMPS_AGREED;
	return !stamps_are_near(s->waiting[0].ts, s->last);
}

void stamps_put(struct stamps *s, const struct frame *f);

/* The first that waits; its bytes stay until the next call.  over: the file has no more. */
void stamps_take(struct stamps *s, bool over, struct frame *f);

void stamps_fini(struct stamps *s);

#endif
