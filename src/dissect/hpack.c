/*
 * HPACK (RFC 7541), as far as needed for the server name:
 *
 *	field: 1, index (7 bits)
 *	    or 01, 0000 or 0001, index of the name (6 or 4 bits), [name] value
 *	    or 001, table size (5 bits)
 *	name, value: coded (1 bit)  length (7 bits)  bytes
 *
 * The static table (appendix A) has no values for authority and host, and the dynamic one is empty
 * before the first request: so only literal values are needed.
 */
#include "config.h"

#include <string.h>

#include "dissect/classify.h"
#include "util/attr.h"

#define FIELDS_MOST 64  /* of a block */
#define HUFFMAN_MAX 256 /* bytes of a coded value */
#define DIGITS_MOST 4   /* bytes of an integer after its prefix */

struct hpack_form {
	uint8_t mask, bits;
	uint8_t prefix; /* prefix bits of the integer */
	bool literal;   /* a value follows */
};

static const struct hpack_form hpack_forms[] = {
	{ 0x80, 0x80, 7, false },
	{ 0xc0, 0x40, 6, true },
	{ 0xe0, 0x20, 5, false },
	{ 0xe0, 0x00, 4, true },
};

struct hpack_string {
	const uint8_t *p;
	size_t n;
	bool huffman;
};

enum hpack_field { HPACK_OTHER, HPACK_AUTHORITY, HPACK_HOST };

/* The names in the static table, plain and Huffman-coded. */
static const struct {
	enum hpack_field field;
	uint32_t index;
	const char *plain, *coded;
} hpack_names[] = {
	{ HPACK_AUTHORITY, 1, ":authority", "\xb8\x3b\x53\x39\xec\x32\x7d\x7f" },
	{ HPACK_HOST, 38, "host", "\x9c\xe8\x4f" },
};

/* RFC 7541, 5.1: an integer that does not fit the prefix continues in groups of 7 bits, lowest
 * first. */
static uint32_t
hpack_read_integer(struct cursor *c, uint8_t prefix)
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

/* Returns false if it is incomplete. */
static bool
hpack_read_string(struct cursor *c, struct hpack_string *s)
{
	const uint8_t *first = cur_peek(c, 1);

	if (first == NULL)
		return false;
	s->huffman = (*first & 0x80) != 0;
	s->n = hpack_read_integer(c, 7);
	s->p = cur_take(c, s->n);
	return s->p != NULL;
}

/*
 * The Huffman code of RFC 7541, appendix B, up to 15 bits, which covers host names.  It is
 * canonical: codes of one length are consecutive, in the order of these strings.
 */
static const struct {
	uint8_t n;
	const char *text;
} hpack_huffman[] = {
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

/* Decodes the next character; *at counts bits.  Returns -1 at the end or for an unknown code. */
static int
hpack_decode_char(const struct hpack_string *s, size_t *at)
{
	uint32_t code = 0, first = 0;

	for (size_t bits = 0; bits < NITEMS(hpack_huffman) && *at < 8 * s->n; bits++) {
		if (bits > 0) {
			code = code << 1 | (s->p[*at / 8] >> (7 - *at % 8) & 1);
			++*at;
		}
		if (code - first < hpack_huffman[bits].n)
			return (uint8_t)hpack_huffman[bits].text[code - first];
		first = (first + hpack_huffman[bits].n) << 1;
	}
	return -1;
}

static void
hpack_note_server(const struct hpack_string *s, struct pkt_meta *said)
{
	char text[TEXT_MAX];
	size_t n = 0, at = 0;
	int character;

	if (!s->huffman) {
		pkt_meta_set_name(said, META_SNI, s->p, s->n);
		return;
	}
	if (s->n > HUFFMAN_MAX)
		return;
	while (n < sizeof(text) && (character = hpack_decode_char(s, &at)) >= 0)
		text[n++] = (char)character;
	if (at == 8 * s->n)
		pkt_meta_set_name(said, META_SNI, text, n);
}

static bool
hpack_name_is(const struct hpack_string *s, const char *plain, const char *coded)
{
	const char *name = s->huffman ? coded : plain;

	return s->n == strlen(name) && memcmp(s->p, name, s->n) == 0;
}

/* The field by name index, or by the literal name that follows. */
static enum hpack_field
hpack_read_name(struct cursor *c, uint32_t index)
{
	struct hpack_string s = { .n = 0 };

	if (index == 0 && !hpack_read_string(c, &s))
		return HPACK_OTHER;
	for (size_t i = 0; i < NITEMS(hpack_names); i++)
		if (index != 0 ? index == hpack_names[i].index
			       : hpack_name_is(&s, hpack_names[i].plain, hpack_names[i].coded))
			return hpack_names[i].field;
	return HPACK_OTHER;
}

/* Reads a field.  Sets *value only for an authority or host. */
static enum hpack_field
hpack_read_field(struct cursor *c, struct hpack_string *value)
{
	const struct hpack_form *f = hpack_forms;
	enum hpack_field field;
	uint32_t index;
	struct hpack_string s;

	while ((*c->p & f->mask) != f->bits)
		f++;
	index = hpack_read_integer(c, f->prefix);
	if (!f->literal)
		return HPACK_OTHER;
	field = hpack_read_name(c, index);
	if (!hpack_read_string(c, &s) || s.n == 0)
		return HPACK_OTHER;
	if (field != HPACK_OTHER)
		*value = s;
	return field;
}

bool
hpack_read(struct cursor *c, bool whole, struct pkt_meta *s)
{
	struct hpack_string server = { .n = 0 };
	enum hpack_field field = HPACK_OTHER;

	for (unsigned i = 0; i < FIELDS_MOST && field != HPACK_AUTHORITY && cur_captured(c) > 0;
	     i++)
		field = hpack_read_field(c, &server);
	whole |= field == HPACK_AUTHORITY;
	if (whole && server.n > 0)
		hpack_note_server(&server, s);
	return whole;
}
