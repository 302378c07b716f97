/*
 * Reading only what tells of interfaces: draft-ietf-opsawg-pcapng.
 *
 *	 0               4               8
 *	+---------------+---------------+----------- ~ ---+---------------+
 *	| type          | length of all | body            | length again  |
 *	+---------------+---------------+----------- ~ ---+---------------+
 */
#include "config.h"

#include "capture/interfaces.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/die.h"
#include "util/text.h"

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d

#define HEAD    12   /* type, length, and what the body begins with */
#define LEAST   12   /* bytes of a block: type, length, and the length again */
#define BODY    8    /* where it begins */
#define OPTIONS 16   /* where they begin in the description of an interface */
#define KEPT    4096 /* bytes of a description: options behind them are not looked at */

/* Room for the packets of a chunk, and a power of two: the ring is turned for every packet. */
#define QUEUE 8192
static_assert(QUEUE > INTERFACES_CHUNK / LEAST + 1, "all packets of a chunk can wait");

enum option { OPTION_END, OPTION_NAME = 2, OPTION_DESCRIPTION = 3 };

/* Windows calls an interface by a number of 128 bits, and describes it by the name it shows. */
#define WINDOWS_NAME "\\Device\\NPF_"

#define NUMBER_MOST " #63" /* behind a name */

struct interfaces {
	bool seen, other; /* something was; and it is in another format */
	bool lost;        /* packets were not taken in time */
	bool swapped;     /* big-endian */
	size_t have;      /* bytes of the block in kept */
	uint64_t skip;    /* bytes of the block that follow */
	unsigned n;       /* interfaces so far, INTERFACES_MOST at most */
	unsigned section; /* the first one of this section */
	char name[INTERFACES_MOST][INTERFACES_NAME];
	/* Interfaces of packets not yet taken: a ring. */
	unsigned first, waiting;
	uint8_t queue[QUEUE];
	uint8_t kept[KEPT];
};

struct interfaces *
interfaces_new(void)
{
	return xcalloc(1, sizeof(struct interfaces));
}

void
interfaces_del(struct interfaces *is)
{
	free(is);
}

static uint32_t
get32(const struct interfaces *is, const uint8_t *p)
{
	uint32_t little = (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
	uint32_t big = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

	return is->swapped ? big : little;
}

static unsigned
get16(const struct interfaces *is, const uint8_t *p)
{
	return is->swapped ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

/* The value of an option, *len bytes of it; NULL: it is not there. */
static const uint8_t *
find_option(const struct interfaces *is, unsigned code, size_t *len)
{
	size_t at = OPTIONS;

	while (at + 4 <= is->have) {
		unsigned this = get16(is, is->kept + at), bytes = get16(is, is->kept + at + 2);

		at += 4;
		if (this == OPTION_END || bytes > is->have - at)
			return NULL;
		*len = bytes;
		if (this == code && bytes > 0)
			return is->kept + at;
		at += (bytes + 3) / 4 * 4;
	}
	return NULL;
}

static bool
is_named(const struct interfaces *is, const char *name)
{
	for (unsigned i = 0; i < is->n; i++)
		if (strcmp(is->name[i], name) == 0)
			return true;
	return false;
}

/* Strings in options may end in a NUL, and need not. */
static void
add_interface(struct interfaces *is)
{
	char clean[INTERFACES_NAME - (sizeof(NUMBER_MOST) - 1)];
	size_t len = 0, other = 0;
	const uint8_t *name = find_option(is, OPTION_NAME, &len);
	const uint8_t *description = find_option(is, OPTION_DESCRIPTION, &other);
	struct buf b;

	if (description != NULL &&
	    (name == NULL ||
		(len > sizeof(WINDOWS_NAME) &&
		    memcmp(name, WINDOWS_NAME, sizeof(WINDOWS_NAME) - 1) == 0))) {
		name = description;
		len = other;
	}
	buf_init(&b, clean, sizeof(clean));
	if (name != NULL)
		text_clean(&b, name, strnlen((const char *)name, len));
	if (b.len == 0)
		buf_addf(&b, "interface %u", is->n - is->section);
	buf_init(&b, is->name[is->n], INTERFACES_NAME);
	buf_addf(&b, "%s", clean);
	if (is_named(is, clean))
		buf_addf(&b, " #%u", is->n);
	is->n++;
}

static void
note_interface(struct interfaces *is)
{
	if (is->n < INTERFACES_MOST - 1)
		add_interface(is);
	else if (is->n == INTERFACES_MOST - 1)
		strlcpy(is->name[is->n++], "other interfaces", INTERFACES_NAME);
}

static void
note_packet(struct interfaces *is, uint32_t interface)
{
	uint64_t i = (uint64_t)is->section + interface;

	if (is->waiting == QUEUE) {
		is->lost = true;
		return;
	}
	is->queue[(is->first + is->waiting++) % QUEUE] =
	    (uint8_t)(i < INTERFACES_MOST ? i : INTERFACES_MOST - 1);
}

/* A block of which what is needed is at p. */
static void
note_block(struct interfaces *is, const uint8_t *p)
{
	switch (get32(is, p)) {
	case BLOCK_SECTION:
		is->section = is->n;
		break;
	case BLOCK_INTERFACE:
		note_interface(is);
		break;
	case BLOCK_OLD_PACKET:
		note_packet(is, get16(is, p + BODY));
		break;
	case BLOCK_SIMPLE_PACKET:
		note_packet(is, 0);
		break;
	case BLOCK_PACKET:
		note_packet(is, get32(is, p + BODY));
		break;
	}
}

/* The length of the block whose head is at p; libpcap ends where one is impossible. */
static uint32_t
block_length(struct interfaces *is, const uint8_t *p)
{
	uint32_t length;

	if (get32(is, p) == BLOCK_SECTION) {
		is->swapped = false;
		is->swapped = get32(is, p + BODY) != BYTE_ORDER_MAGIC;
	}
	length = get32(is, p + 4);
	return length < LEAST ? LEAST : length;
}

/* Where libpcap takes a length that is no multiple of 4 it rounds up. */
static uint64_t
round_up(uint32_t length)
{
	return ((uint64_t)length + 3) / 4 * 4;
}

/* Keeps bytes until there are `want`; returns how many it took. */
static size_t
keep(struct interfaces *is, const uint8_t *p, size_t n, size_t want)
{
	size_t missing = want - is->have;

	if (n > missing)
		n = missing;
	memcpy(is->kept + is->have, p, n);
	is->have += n;
	return n;
}

/* An interface, or a block that comes in pieces: collects what is needed of it first. */
static size_t
collect(struct interfaces *is, const uint8_t *p, size_t n)
{
	size_t took = is->have < HEAD ? keep(is, p, n, HEAD) : 0, want = HEAD;
	uint32_t length;

	if (is->have < HEAD)
		return took;
	length = block_length(is, is->kept);
	if (get32(is, is->kept) == BLOCK_INTERFACE)
		want = length < KEPT ? length : KEPT;
	took += keep(is, p + took, n - took, want);
	if (is->have < want)
		return took;
	note_block(is, is->kept);
	is->skip = round_up(length) - is->have;
	is->have = 0;
	return took;
}

/* Walks on through n bytes that have come, n > 0; returns how many it took. */
static size_t
walk(struct interfaces *is, const uint8_t *p, size_t n)
{
	size_t at = n < is->skip ? n : (size_t)is->skip;

	is->skip -= at;
	if (is->have > 0)
		return collect(is, p, n);
	while (n - at >= HEAD && get32(is, p + at) != BLOCK_INTERFACE) {
		uint64_t length = round_up(block_length(is, p + at));

		note_block(is, p + at);
		if (length > n - at) {
			is->skip = length - (n - at);
			return n;
		}
		at += (size_t)length;
	}
	return at < n ? at + collect(is, p + at, n - at) : n;
}

void
interfaces_see(struct interfaces *is, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	if (n > 0 && !is->seen) {
		is->seen = true;
		is->other = *p != (BLOCK_SECTION & 0xff);
	}
	while (n > 0 && !is->other) {
		size_t took = walk(is, p, n);

		p += took;
		n -= took;
	}
}

unsigned
interfaces_take(struct interfaces *is)
{
	unsigned i;

	if (is->other)
		return 0;
	if (is->lost || is->waiting == 0)
		return INTERFACES_MOST - 1;
	i = is->queue[is->first];
	is->first = (is->first + 1) % QUEUE;
	is->waiting--;
	return i;
}

const char *
interfaces_name(const struct interfaces *is, unsigned i)
{
	return i < is->n ? is->name[i] : "other interfaces";
}
