#include "config.h"

#include "capture/pcapng_interfaces.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

static void
stamps_free_frame(struct frame *f)
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

/* The number of waiting frames from index `from` on that are near ts, or not. */
static unsigned
stamps_count(const struct stamps *s, unsigned from, uint64_t ts, bool near)
{
	unsigned n = 0;

	while (from + n < s->n && stamps_are_near(s->waiting[from + n].ts, ts) == near)
		n++;
	return n;
}

/*
 * True if the stamps leap and return: more frames are near the old time than near the new one. At
 * the end of a file the frames before the leap count too.
 */
static bool
stamps_comes_back(const struct stamps *s, bool over)
{
	unsigned far = stamps_count(s, 0, s->last, false),
		 near = stamps_count(s, far, s->last, true);
	unsigned need = far < STAMPS_AGREED ? STAMPS_AGREED : far + 1;

	if (far == 0 || near >= need)
		return far > 0;
	if (!over || far + near < s->n)
		return false;
	return far == 1 ? s->run + near >= need : near > 0 && s->run + near >= 2 * need;
}

/* Replaces the first stamp if the frames around it agree on another time. */
static bool
stamps_is_wild(const struct stamps *s, bool over, uint64_t *instead)
{
	if (s->run > 0) {
		*instead = s->last;
		return stamps_comes_back(s, over);
	}
	*instead = s->n > 1 ? s->waiting[1].ts : 0;
	return !stamps_are_near(s->waiting[0].ts, *instead) &&
	    stamps_count(s, 1, *instead, true) >= STAMPS_AGREED;
}

void
stamps_take(struct stamps *s, bool over, struct frame *f)
{
	uint64_t instead;
	bool leaps;

	assert(s->n > 0);
	if (stamps_is_wild(s, over, &instead)) {
		s->waiting[0].stamp_offset = s->waiting[0].ts - instead;
		s->waiting[0].ts = instead;
		s->wild++;
	}
	stamps_free_frame(&s->taken);
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
		stamps_free_frame(&s->waiting[--s->n]);
	stamps_free_frame(&s->taken);
}
