/*
 * Interfaces of a pcapng file, and its stamps.
 */
#ifndef CAPTURE_PCAPNG_INTERFACES_H
#define CAPTURE_PCAPNG_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/source.h"
#include "dissect/frame.h"
#include "util/attr.h"
#include "util/buf.h"

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

/*
 * The interfaces of a pcapng section (draft-ietf-opsawg-pcapng): how to read their packets, their
 * descriptions, and their drops. Private to src/capture/.
 */

/* The options of a block, in the section's byte order. */
struct pcapng_options {
	const uint8_t *p, *end;
	bool big;
	bool overrun; /* the last one extends past the block */
};

struct pcapng_option {
	uint16_t code, len;
	const uint8_t *value;
};

enum { OPTION_END, OPTION_COMMENT }; /* valid in all blocks */

/* False if there are no more. */
bool pcapng_next_option(struct pcapng_options *os, struct pcapng_option *o);

/* The units of an interface's stamps. */
struct pcapng_clock {
	bool binary; /* units per second are 2 to the power of `power`; else 10 */
	uint8_t power;
	uint32_t ns;      /* per unit, if that is an integer; else 0 */
	int64_t offset_s; /* to be added to stamps */
};

/* ns since the epoch, clamped to 63 bits. */
uint64_t pcapng_ns(const struct pcapng_clock *c, uint64_t units);

struct pcapng_interface {
	struct pcapng_clock clock;
	uint32_t snaplen; /* 0: no limit */
	uint16_t linktype;
	uint16_t number; /* its index among the named ones */
	bool summed;     /* a statistics block gave its drops */
	struct source_counts counts;
};

#define PCAPNG_NAMED   64 /* all later interfaces share the last one */
#define PCAPNG_COMMENT 4096

/* The displayed data of an interface; numbered across all sections. */
struct pcapng_named {
	struct source_interface is;
	struct source_counts counts;
	char name[64], description[64];
	char *comment; /* or NULL */
};

struct pcapng_interfaces {
	struct pcapng_interface *of; /* of the section */
	unsigned n, room;
	unsigned n_named;
	struct pcapng_named named[PCAPNG_NAMED];
};

void pcapng_interfaces_init(struct pcapng_interfaces *is);
void pcapng_interfaces_fini(struct pcapng_interfaces *is);

/* A new section: its interfaces are numbered from 0. */
void pcapng_interfaces_clear(struct pcapng_interfaces *is);

/* Parses the body of a description block, of at least 8 bytes. False with a sentence in err. */
bool pcapng_add_interface(
    struct pcapng_interfaces *is, const uint8_t *body, size_t n, bool big, struct buf *err);

/*
 * Adds drops that a packet reports. The place of the loss is unknown: they count as the kernel's
 * until a statistics block gives all.
 */
void pcapng_add_drops(struct pcapng_interfaces *is, uint32_t interface, uint64_t drops);

/* Parses the body of a statistics block, of at least 12 bytes. */
void pcapng_add_counts(struct pcapng_interfaces *is, const uint8_t *body, size_t n, bool big);

#endif
