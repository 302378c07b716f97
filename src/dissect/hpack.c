/*
 * HPACK (RFC 7541), as far as the name of a server needs it:
 *
 *	field: 1, index (7 bits)
 *	    or 01, or 0000, or 0001, index of the name (6 or 4 bits), [name]  value
 *	    or 001, size of the table (5 bits)
 *	name, value: coded (1 bit)  length (7 bits)  bytes
 *
 * The static table (appendix A) has no value for an authority or a host, and before a first request
 * there is nothing in the dynamic one: only literal values count.
 */
#include "config.h"

#include <string.h>

#include "dissect/http2.h"
#include "util/attr.h"

#define FIELDS_MOST 64  /* of a block */
#define CODED_MOST  256 /* bytes of a coded value */
#define DIGITS_MOST 4   /* bytes of a number behind its prefix */

struct form {
	uint8_t mask, bits;
	uint8_t prefix; /* bits of the number */
	bool literal;   /* a value follows */
};

static const struct form forms[] = {
	{ 0x80, 0x80, 7, false },
	{ 0xc0, 0x40, 6, true },
	{ 0xe0, 0x20, 5, false },
	{ 0xe0, 0x00, 4, true },
};

struct string {
	const uint8_t *p;
	size_t n;
	bool coded;
};

enum field { FIELD_OTHER, FIELD_AUTHORITY, FIELD_HOST };

/* The names in the static table, as they are, and coded. */
static const struct {
	enum field field;
	uint32_t index;
	const char *plain, *coded;
} names[] = {
	{ FIELD_AUTHORITY, 1, ":authority", "\xb8\x3b\x53\x39\xec\x32\x7d\x7f" },
	{ FIELD_HOST, 38, "host", "\x9c\xe8\x4f" },
};

/* RFC 7541, 5.1: what does not fit the prefix follows in digits of 7 bits, the lowest first. */
static uint32_t
read_number(struct cursor *c, uint8_t prefix)
{
	uint32_t most = (1u << prefix) - 1, value = cur_u8(c) & most;
	uint8_t digit = 0x80;

	if (value < most)
		return value;
	for (unsigned i = 0; i < DIGITS_MOST && digit & 0x80; i++) {
		digit = cur_u8(c);
		value += (uint32_t)(digit & 0x7f) << 7 * i;
	}
	return value;
}

/* False if it is not all there. */
static bool
read_string(struct cursor *c, struct string *s)
{
	const uint8_t *first = cur_peek(c, 1);

	if (first == NULL)
		return false;
	s->coded = (*first & 0x80) != 0;
	s->n = read_number(c, 7);
	s->p = cur_take(c, s->n);
	return s->p != NULL;
}

/*
 * The code of RFC 7541, appendix B, as far as 15 bits, which is all that a host's name can be of.
 * It is canonical: within a length the codes are successive numbers, in the order of these texts.
 */
static const struct {
	uint8_t n;
	const char *text;
} codes[] = {
	[5] = { 10, "012aceiost" },
	[6] = { 26, " %-./3456789=A_bdfghlmnpru" },
	[7] = { 32, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz" },
	[8] = { 6, "&*,;XZ" },
	[10] = { 5, "!\"()?" },
	[11] = { 3, "'+|" },
	[12] = { 2, "#>" },
	[13] = { 6, "\0$@[]~" },
	[14] = { 2, "^}" },
	[15] = { 3, "<`{" },
};

/* The next character of what is coded; *at counts bits.  -1: at the end, or where none of these is.
 */
static int
next_character(const struct string *s, size_t *at)
{
	uint32_t code = 0, first = 0;

	for (size_t bits = 0; bits < NITEMS(codes) && *at < 8 * s->n; bits++) {
		if (bits > 0) {
			code = code << 1 | (s->p[*at / 8] >> (7 - *at % 8) & 1);
			++*at;
		}
		if (code - first < codes[bits].n)
			return (uint8_t)codes[bits].text[code - first];
		first = (first + codes[bits].n) << 1;
	}
	return -1;
}

static void
note_server(const struct string *s, struct said *said)
{
	char text[TEXT_MAX];
	size_t n = 0, at = 0;
	int character;

	if (!s->coded) {
		said_name(said, SAID_SERVER, s->p, s->n);
		return;
	}
	if (s->n > CODED_MOST)
		return;
	while (n < sizeof(text) && (character = next_character(s, &at)) >= 0)
		text[n++] = (char)character;
	if (at == 8 * s->n)
		said_name(said, SAID_SERVER, text, n);
}

static bool
is_named(const struct string *s, const char *plain, const char *coded)
{
	const char *name = s->coded ? coded : plain;

	return s->n == strlen(name) && memcmp(s->p, name, s->n) == 0;
}

/* The field of an index of a name, or of the name that follows. */
static enum field
read_name(struct cursor *c, uint32_t index)
{
	struct string s = { .n = 0 };

	if (index == 0 && !read_string(c, &s))
		return FIELD_OTHER;
	for (size_t i = 0; i < NITEMS(names); i++)
		if (index != 0 ? index == names[i].index
			       : is_named(&s, names[i].plain, names[i].coded))
			return names[i].field;
	return FIELD_OTHER;
}

/* A field of which value may be a server's name; other ones leave it as it is. */
static enum field
read_field(struct cursor *c, struct string *value)
{
	const struct form *f = forms;
	enum field field;
	uint32_t index;
	struct string s;

	while ((*c->p & f->mask) != f->bits)
		f++;
	index = read_number(c, f->prefix);
	if (!f->literal)
		return FIELD_OTHER;
	field = read_name(c, index);
	if (!read_string(c, &s) || s.n == 0)
		return FIELD_OTHER;
	if (field != FIELD_OTHER)
		*value = s;
	return field;
}

void
hpack_read(struct cursor *c, struct said *s)
{
	struct string server = { .n = 0 };
	enum field field = FIELD_OTHER;

	for (unsigned i = 0; i < FIELDS_MOST && field != FIELD_AUTHORITY && cur_left(c) > 0; i++)
		field = read_field(c, &server);
	if (server.n > 0)
		note_server(&server, s);
}
