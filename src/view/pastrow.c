#include "config.h"

#include "view/pastrow.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"
#include "util/pack.h"

#define NS_PER_MS   UINT64_C(1000000)
#define FLOAT_BYTES 3 /* the upper ones: sign, exponent and 15 bits, five digits */
#define ADDR_BYTES  (sizeof(struct addr))

static size_t
put_number(uint8_t *out, const struct value *v)
{
	return varint_put(out, v->n);
}

static size_t
get_number(const uint8_t *s, size_t n, struct value *v)
{
	return varint_get(s, n, &v->n);
}

static size_t
put_time(uint8_t *out, const struct value *v)
{
	return varint_put(out, v->n / NS_PER_MS);
}

static size_t
get_time(const uint8_t *s, size_t n, struct value *v)
{
	size_t used = varint_get(s, n, &v->n);

	v->n *= NS_PER_MS;
	return used;
}

/* A span may be of less than a millisecond. */
static size_t
put_span(uint8_t *out, const struct value *v)
{
	return varint_put(out, v->n / 1000);
}

static size_t
get_span(const uint8_t *s, size_t n, struct value *v)
{
	size_t used = varint_get(s, n, &v->n);

	v->n *= 1000;
	return used;
}

static size_t
put_float(uint8_t *out, const struct value *v)
{
	float f = (float)v->x;
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	bits += 0x80; /* to the nearest */
	out[0] = (uint8_t)(bits >> 8);
	out[1] = (uint8_t)(bits >> 16);
	out[2] = (uint8_t)(bits >> 24);
	return FLOAT_BYTES;
}

static size_t
get_float(const uint8_t *s, size_t n, struct value *v)
{
	uint32_t bits;
	float f;

	if (n < FLOAT_BYTES)
		return 0;
	bits = (uint32_t)s[0] << 8 | (uint32_t)s[1] << 16 | (uint32_t)s[2] << 24;
	memcpy(&f, &bits, sizeof(f));
	v->x = (double)f;
	return FLOAT_BYTES;
}

static size_t
put_addr(uint8_t *out, const struct value *v)
{
	memcpy(out, &v->addr, ADDR_BYTES);
	return ADDR_BYTES;
}

static size_t
get_addr(const uint8_t *s, size_t n, struct value *v)
{
	if (n < ADDR_BYTES)
		return 0;
	memcpy(&v->addr, s, ADDR_BYTES);
	return ADDR_BYTES;
}

/* With its NUL. */
static size_t
put_text(uint8_t *out, const struct value *v)
{
	size_t n = strnlen(v->text, VALUE_TEXT - 1);

	memcpy(out, v->text, n);
	out[n] = '\0';
	return n + 1;
}

static size_t
get_text(const uint8_t *s, size_t n, struct value *v)
{
	size_t len = strnlen((const char *)s, n < VALUE_TEXT ? n : VALUE_TEXT);

	if (len == n || len == VALUE_TEXT)
		return 0;
	memcpy(v->text, s, len + 1);
	return len + 1;
}

static const struct {
	size_t (*put)(uint8_t *out, const struct value *v);
	size_t (*get)(const uint8_t *s, size_t n, struct value *v);
} kinds[] = {
	[V_NONE] = { NULL, NULL },
	[V_TEXT] = { put_text, get_text },
	[V_ADDR] = { put_addr, get_addr },
	[V_PORT] = { put_number, get_number },
	[V_COUNT] = { put_number, get_number },
	[V_BYTES] = { put_number, get_number },
	[V_BYTE_RATE] = { put_float, get_float },
	[V_PACKET_RATE] = { put_float, get_float },
	[V_SHARE] = { put_float, get_float },
	[V_TIME] = { put_time, get_time },
	[V_SPAN] = { put_span, get_span },
	[V_ID] = { put_number, get_number },
};

size_t
pastrow_put(uint8_t *out, const struct list_row *row, unsigned n_cols)
{
	size_t n = 2, key = sizeof(row->key.b);

	while (key > 0 && row->key.b[key - 1] == 0)
		key--;
	out[0] = row->other;
	out[1] = (uint8_t)key;
	memcpy(out + n, row->key.b, key);
	n += key;
	n += varint_put(out + n, row->slot);
	for (unsigned i = 0; i < n_cols; i++) {
		const struct value *v = &row->cell[i];

		assert(v->type < NITEMS(kinds));
		out[n++] = v->type;
		if (kinds[v->type].put == NULL)
			continue;
		out[n++] = v->kind;
		out[n++] = v->bits;
		n += kinds[v->type].put(out + n, v);
	}
	return n;
}

/* Returns the bytes of one cell, 0 where they are wrong. */
static size_t
get_cell(const uint8_t *s, size_t n, struct value *v)
{
	size_t used;

	*v = (struct value){ .type = V_NONE };
	if (n == 0 || s[0] >= NITEMS(kinds))
		return 0;
	if (kinds[s[0]].get == NULL)
		return 1;
	if (n < 3)
		return 0;
	v->type = s[0];
	v->kind = s[1];
	v->bits = s[2];
	used = kinds[s[0]].get(s + 3, n - 3, v);
	return used > 0 ? used + 3 : 0;
}

size_t
pastrow_get(const uint8_t *s, size_t n, struct list_row *row, struct value *cells, unsigned n_cols)
{
	size_t at = 2, used;
	uint64_t slot;

	*row = (struct list_row){ .cell = cells };
	if (n < 2 || s[1] > sizeof(row->key.b) || n - 2 < s[1])
		return 0;
	row->other = s[0] != 0;
	memcpy(row->key.b, s + 2, s[1]);
	at += s[1];
	used = varint_get(s + at, n - at, &slot);
	if (used == 0)
		return 0;
	row->slot = (uint32_t)slot;
	at += used;
	for (unsigned i = 0; i < n_cols; i++) {
		used = get_cell(s + at, n - at, &cells[i]);
		if (used == 0)
			return 0;
		at += used;
	}
	return at;
}
