/*
 * The interfaces of a pcapng section (draft-ietf-opsawg-pcapng): how their packets are to be read,
 * what the file says of them, and what they have lost.  Private to src/capture/.
 */
#ifndef CAPTURE_PCAPNG_INTERFACES_H
#define CAPTURE_PCAPNG_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/source.h"
#include "util/buf.h"

/* A part of a block: its options, in the section's byte order. */
struct pcapng_options {
	const uint8_t *p, *end;
	bool big;
	bool overrun; /* the last one ends behind the block */
};

struct pcapng_option {
	uint16_t code, len;
	const uint8_t *value;
};

enum { OPTION_END, OPTION_COMMENT }; /* of any block */

/* False where there are no more. */
bool pcapng_next_option(struct pcapng_options *os, struct pcapng_option *o);

/* How many units of its stamps an interface has in a second. */
struct pcapng_clock {
	bool binary; /* 2 to the power of `power`; else 10 */
	uint8_t power;
	uint32_t ns;      /* in a unit, where that is a whole number; else 0 */
	int64_t offset_s; /* to be added */
};

/* ns since the epoch, or the nearest that 63 bits can tell. */
uint64_t pcapng_ns(const struct pcapng_clock *c, uint64_t units);

struct pcapng_interface {
	struct pcapng_clock clock;
	uint32_t snaplen; /* 0: no limit */
	uint16_t linktype;
	uint16_t number; /* its place among the named ones */
	bool summed;     /* statistics told its drops */
	struct source_counts counts;
};

#define PCAPNG_NAMED   64 /* the last one stands for all that come after it, too */
#define PCAPNG_COMMENT 4096

/* What is shown of an interface; of all sections together. */
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

/* A section begins: its interfaces are numbered from 0. */
void pcapng_interfaces_clear(struct pcapng_interfaces *is);

/* The body of a description, of at least 8 bytes.  False with a sentence in err. */
bool pcapng_add_interface(
    struct pcapng_interfaces *is, const uint8_t *body, size_t n, bool big, struct buf *err);

/*
 * A packet says that so many before it were lost.  Nobody knows where: they count as the kernel's,
 * until statistics tell all.
 */
void pcapng_add_drops(struct pcapng_interfaces *is, uint32_t interface, uint64_t drops);

/* The body of statistics, of at least 12 bytes. */
void pcapng_add_counts(struct pcapng_interfaces *is, const uint8_t *body, size_t n, bool big);

#endif
