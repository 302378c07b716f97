#include "config.h"

#include "view/history_rows.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"
#include "util/delta.h"

#define NS_PER_MS   UINT64_C(1000000)
#define FLOAT_BYTES 3 /* upper bytes of a float: sign, exponent and 15 bits, about five digits */
#define HEAD_BYTES  3 /* of a cell: type, kind, bits */
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

/* Durations may be below a millisecond, so they keep microseconds. */
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

/* The length of a key without its trailing zeros. */
static unsigned
key_length(const struct rowkey *k)
{
	unsigned n = sizeof(k->b);

	while (n > 0 && k->b[n - 1] == 0)
		n--;
	return n;
}

static size_t
put_payload(uint8_t *out, const struct value *v)
{
	assert(v->type < NITEMS(kinds));
	return kinds[v->type].put != NULL ? kinds[v->type].put(out, v) : 0;
}

static size_t
size_of(const struct list_row *row, unsigned n_cols)
{
	uint8_t scratch[VALUE_TEXT + 16];
	size_t n = 2 + key_length(&row->key) + varint_put(scratch, row->slot);

	for (unsigned i = 0; i < n_cols; i++)
		n += HEAD_BYTES + put_payload(scratch, &row->cell[i]);
	return n;
}

static size_t
put_keys(uint8_t *out, const struct list *l, uint32_t rows)
{
	size_t n = 0;

	for (uint32_t i = 0; i < rows; i++) {
		out[n++] = list_get(l, i)->other;
		out[n++] = (uint8_t)key_length(&list_get(l, i)->key);
	}
	for (uint32_t i = 0; i < rows; i++) {
		const struct rowkey *k = &list_get(l, i)->key;

		memcpy(out + n, k->b, key_length(k));
		n += key_length(k);
	}
	for (uint32_t i = 0; i < rows; i++)
		n += varint_put(out + n, list_get(l, i)->slot);
	return n;
}

static size_t
put_column(uint8_t *out, const struct list *l, uint32_t rows, unsigned column)
{
	size_t n = 0;

	for (uint32_t i = 0; i < rows; i++) {
		const struct value *v = &list_get(l, i)->cell[column];

		out[n++] = v->type;
		out[n++] = v->kind;
		out[n++] = v->bits;
	}
	for (uint32_t i = 0; i < rows; i++)
		n += put_payload(out + n, &list_get(l, i)->cell[column]);
	return n;
}

size_t
pastrow_put(uint8_t *out, size_t room, const struct list *l, unsigned n_cols, uint32_t *rows)
{
	size_t n = 0;

	for (*rows = 0; *rows < list_count(l); ++*rows) {
		n += size_of(list_get(l, *rows), n_cols);
		if (n > room)
			break;
	}
	n = put_keys(out, l, *rows);
	for (unsigned c = 0; c < n_cols; c++)
		n += put_column(out + n, l, *rows, c);
	return n;
}

/* The bytes that have not been read yet. */
struct reader {
	const uint8_t *s;
	size_t n;
};

static const uint8_t *
take(struct reader *r, size_t n)
{
	const uint8_t *s = r->s;

	if (n > r->n)
		return NULL;
	r->s += n;
	r->n -= n;
	return s;
}

static bool
get_keys(struct reader *r, struct list_row *row, uint32_t rows)
{
	const uint8_t *heads = take(r, 2 * (size_t)rows);
	uint64_t slot;

	for (uint32_t i = 0; heads != NULL && i < rows; i++) {
		unsigned length = heads[2 * i + 1];
		const uint8_t *key = length <= sizeof(row->key.b) ? take(r, length) : NULL;

		if (key == NULL)
			return false;
		row[i] = (struct list_row){ .other = heads[2 * i] != 0 };
		memcpy(row[i].key.b, key, length);
	}
	for (uint32_t i = 0; heads != NULL && i < rows; i++) {
		size_t used = varint_get(r->s, r->n, &slot);

		if (used == 0)
			return false;
		take(r, used);
		row[i].slot = (uint32_t)slot;
	}
	return heads != NULL;
}

static bool
get_column(struct reader *r, struct value *cells, uint32_t rows, unsigned n_cols)
{
	const uint8_t *heads = take(r, HEAD_BYTES * (size_t)rows);

	for (uint32_t i = 0; heads != NULL && i < rows; i++) {
		const uint8_t *head = heads + HEAD_BYTES * (size_t)i;
		struct value *v = &cells[(size_t)i * n_cols];
		size_t used;

		if (head[0] >= NITEMS(kinds))
			return false;
		*v = (struct value){ .type = head[0], .kind = head[1], .bits = head[2] };
		if (kinds[v->type].get == NULL)
			continue;
		used = kinds[v->type].get(r->s, r->n, v);
		if (used == 0)
			return false;
		take(r, used);
	}
	return heads != NULL;
}

bool
pastrow_get(const uint8_t *s, size_t n, struct list_row *row, struct value *cells, uint32_t rows,
    unsigned n_cols)
{
	struct reader r = { s, n };

	if (!get_keys(&r, row, rows))
		return false;
	for (unsigned c = 0; c < n_cols; c++)
		if (!get_column(&r, &cells[c], rows, n_cols))
			return false;
	for (uint32_t i = 0; i < rows; i++)
		row[i].cell = &cells[(size_t)i * n_cols];
	return r.n == 0;
}
