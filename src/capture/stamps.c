#include "config.h"

#include "capture/stamps.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/die.h"

static void
release(struct frame *f)
{
	free((void *)(uintptr_t)f->data);
	free((void *)(uintptr_t)f->comment);
	*f = (struct frame){ .data = NULL };
}

void
stamps_put(struct stamps *s, const struct frame *f)
{
	struct frame *copy = &s->waiting[s->n++];
	uint8_t *bytes = xcalloc(f->caplen + 1u, 1);

	assert(s->n <= STAMPS_AHEAD);
	memcpy(bytes, f->data, f->caplen);
	*copy = *f;
	copy->data = bytes;
	copy->comment = f->comment != NULL ? xstrdup(f->comment) : NULL;
}

/* All that wait behind the first one are near ts. */
static bool
others_are_near(const struct stamps *s, uint64_t ts)
{
	for (unsigned i = 1; i < s->n; i++)
		if (!stamps_are_near(s->waiting[i].ts, ts))
			return false;
	return true;
}

/* The time that the first one is given instead of its own: what is around it agrees on it. */
static bool
is_wild(const struct stamps *s, bool over, uint64_t *instead)
{
	const struct frame *first = &s->waiting[0];

	if (s->run > 0) {
		*instead = s->last;
		if (stamps_are_near(first->ts, s->last))
			return false;
		return (s->n > 1 || over) && s->run + s->n - 1 >= STAMPS_AGREED &&
		    others_are_near(s, s->last);
	}
	*instead = s->n > 1 ? s->waiting[1].ts : 0;
	return s->n > STAMPS_AGREED && !stamps_are_near(first->ts, *instead) &&
	    others_are_near(s, *instead);
}

void
stamps_take(struct stamps *s, bool over, struct frame *f)
{
	uint64_t instead;
	bool leaps;

	assert(s->n > 0);
	if (is_wild(s, over, &instead)) {
		s->waiting[0].off = s->waiting[0].ts - instead;
		s->waiting[0].ts = instead;
		s->wild++;
	}
	release(&s->taken);
	s->taken = *f = s->waiting[0];
	memmove(s->waiting, s->waiting + 1, --s->n * sizeof(*s->waiting));
	leaps = s->run > 0 && !stamps_are_near(f->ts, s->last);
	s->back += s->run > 0 && f->ts < s->last;
	s->run = leaps ? 1 : s->run + 1;
	s->last = f->ts;
}

void
stamps_fini(struct stamps *s)
{
	while (s->n > 0)
		release(&s->waiting[--s->n]);
	release(&s->taken);
}
