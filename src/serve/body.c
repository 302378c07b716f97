/* Flat JSON objects (RFC 8259): {"name": "text", "n": 1, "b": true}. Nothing nested is needed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "serve/private.h"
#include "util/text.h"

struct body_reader {
	char *s, *end; /* what is left; *end is a NUL */
	const char *why;
};

static void
body_skip_blanks(struct body_reader *r)
{
	r->s += strspn(r->s, " \t\r\n");
}

static bool
body_fail(struct body_reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	return false;
}

static bool
body_take(struct body_reader *r, char c)
{
	body_skip_blanks(r);
	if (*r->s != c)
		return false;
	r->s++;
	return true;
}

static bool
body_read_hex(struct body_reader *r, uint32_t *code)
{
	char digits[5] = "";

	memcpy(digits, r->s, (size_t)(r->end - r->s) < 4 ? (size_t)(r->end - r->s) : 4);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return body_fail(r, "\\u needs four hexadecimal digits");
	*code = (uint32_t)strtoul(digits, NULL, 16);
	r->s += 4;
	return true;
}

/* Text has no use for NUL; surrogate pairs become one character. */
static bool
body_read_unicode(struct body_reader *r, uint32_t *code)
{
	uint32_t low;

	if (!body_read_hex(r, code))
		return false;
	if (*code >= 0xd800 && *code < 0xdc00 && strncmp(r->s, "\\u", 2) == 0) {
		r->s += 2;
		if (!body_read_hex(r, &low))
			return false;
		if (low < 0xdc00 || low > 0xdfff)
			return body_fail(r, "a surrogate stands alone");
		*code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
	}
	if (*code == 0 || (*code >= 0xd800 && *code < 0xe000))
		return body_fail(r, "\\u does not name a character");
	return true;
}

static bool
body_read_escape(struct body_reader *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", is[] = "\"\\/\b\f\n\r\t";
	char c = *r->s;
	const char *at = c != '\0' ? strchr(from, c) : NULL;
	uint32_t code;

	r->s += r->s < r->end;
	if (at != NULL) {
		*(*to)++ = is[at - from];
		return true;
	}
	if (c != 'u')
		return body_fail(r, "an escape sequence is not JSON's");
	if (!body_read_unicode(r, &code))
		return false;
	/* It is never longer than its escape sequence. */
	*to += text_encode(code, *to);
	return true;
}

/* Decodes the string that begins here, in place. */
static bool
body_read_string(struct body_reader *r, const char **text)
{
	char *to;

	if (!body_take(r, '"'))
		return body_fail(r, "a string in quotes is expected");
	*text = to = r->s;
	while (r->s < r->end && *r->s != '"') {
		if ((unsigned char)*r->s < ' ')
			return body_fail(r, "a control character is in a string");
		if (*r->s != '\\') {
			*to++ = *r->s++;
			continue;
		}
		r->s++;
		if (!body_read_escape(r, &to))
			return false;
	}
	if (r->s == r->end)
		return body_fail(r, "a string does not end");
	r->s++;
	*to = '\0';
	return true;
}

static bool
body_read_word(struct body_reader *r, struct body_member *m)
{
	static const struct {
		const char *word;
		enum body_type type;
	} words[] = { { "true", BODY_BOOL }, { "false", BODY_BOOL }, { "null", BODY_NULL } };

	for (unsigned i = 0; i < NITEMS(words); i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(r->s, words[i].word, n) != 0)
			continue;
		m->type = (uint8_t)words[i].type;
		m->text = words[i].word;
		r->s += n;
		return true;
	}
	return body_fail(r, "a value must be a string, a whole number, true, false or null");
}

/* The digits are copied to where the value began, less the blank or colon before it. */
static bool
body_read_number(struct body_reader *r, struct body_member *m)
{
	size_t n = strspn(r->s, "0123456789");
	char *to = r->s - 1;

	if (n > 18 || (n > 1 && *r->s == '0') ||
	    (r->s[n] != '\0' && strchr(".eE", r->s[n]) != NULL))
		return body_fail(r, "a number must be whole and below 10^18");
	memmove(to, r->s, n);
	to[n] = '\0';
	r->s += n;
	m->type = BODY_NUMBER;
	m->text = to;
	return true;
}

static bool
body_read_value(struct body_reader *r, struct body_member *m)
{
	body_skip_blanks(r);
	if (*r->s >= '0' && *r->s <= '9')
		return body_read_number(r, m);
	if (*r->s != '"')
		return body_read_word(r, m);
	m->type = BODY_TEXT;
	return body_read_string(r, &m->text);
}

static bool
body_is_new(const struct body *b, const char *name)
{
	for (unsigned i = 0; i < b->n; i++)
		if (strcmp(b->member[i].name, name) == 0)
			return false;
	return true;
}

static bool
body_read_member(struct body_reader *r, struct body *b, const char *allowed)
{
	struct body_member *m = &b->member[b->n];

	if (b->n == BODY_MEMBERS)
		return body_fail(r, "it has too many members");
	if (!body_read_string(r, &m->name))
		return false;
	if (!text_has_word(allowed, m->name, strlen(m->name)))
		return body_fail(r, "it has an unknown member");
	if (!body_is_new(b, m->name))
		return body_fail(r, "a member is given twice");
	if (!body_take(r, ':'))
		return body_fail(r, "a colon is missing");
	b->n += body_read_value(r, m);
	return r->why == NULL;
}

static bool
body_read_object(struct body_reader *r, struct body *b, const char *allowed)
{
	if (!body_take(r, '{'))
		return body_fail(r, "it must be a JSON object");
	if (body_take(r, '}'))
		return true;
	do
		if (!body_read_member(r, b, allowed))
			return false;
	while (body_take(r, ','));
	return body_take(r, '}') || body_fail(r, "the object does not end");
}

bool
body_parse(struct body *b, char *text, size_t n, const char *allowed, struct buf *err)
{
	struct body_reader r = { .s = text, .end = text + n };
	bool ok;

	*b = (struct body){ .n = 0 };
	ok = body_read_object(&r, b, allowed);
	body_skip_blanks(&r);
	if (ok && r.s != r.end)
		ok = body_fail(&r, "something follows the object");
	if (!ok)
		buf_setf(err, "%s", r.why);
	return ok;
}

static const struct body_member *
body_find(const struct body *b, const char *name)
{
	for (unsigned i = 0; i < b->n; i++)
		if (strcmp(b->member[i].name, name) == 0)
			return &b->member[i];
	return NULL;
}

const char *
body_text(const struct body *b, const char *name)
{
	const struct body_member *m = body_find(b, name);

	return m != NULL && m->type == BODY_TEXT ? m->text : NULL;
}
