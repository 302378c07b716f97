/*
 * Corrects the stamps of a file. Up to three in a row that are far from all around them, such as
 * 1970 or 2106 among today's, are replaced by the stamp of the packet before.
 *
 *	if (!stamps_wait(s) && stamps_follow(s, &frame))	... it is plausible
 *	stamps_put(s, &frame);		else it waits for more frames
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

#define STAMPS_AHEAD  8                                    /* frames to judge one by */
#define STAMPS_AGREED 3                                    /* this many that agree outvote others */
#define STAMPS_FAR    (UINT64_C(366) * 86400 * 1000000000) /* ns: a year */

struct stamps {
	uint64_t last;                      /* stamp of the previous frame */
	uint64_t run;                       /* frames since a leap, at least; 0: no frame yet */
	uint64_t back;                      /* frames whose stamp is lower than the previous one */
	uint64_t wild;                      /* frames whose stamp was replaced */
	struct frame waiting[STAMPS_AHEAD]; /* their bytes are copies */
	unsigned n;
	struct frame taken; /* the frame returned last */
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

/* True if the frame is near the previous one, in a run of frames; then it becomes the previous
 * one. */
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

/* True if frames wait, and the first cannot be judged before more have been read. */
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

/* The first waiting frame; its bytes are valid until the next call. over: the file has no more. */
void stamps_take(struct stamps *s, bool over, struct frame *f);

void stamps_fini(struct stamps *s);

#endif
