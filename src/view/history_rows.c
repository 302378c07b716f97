#include "config.h"

#include "view/private.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"
#include "util/number.h"

#define NS_PER_MS   UINT64_C(1000000)
#define FLOAT_BYTES 3 /* upper bytes of a float: sign, exponent and 15 bits, about five digits */
#define HEAD_BYTES  3 /* of a cell: type, kind, bits */
#define ADDR_BYTES  (sizeof(struct addr))

static size_t
history_rows_put_number(uint8_t *out, const struct value *v)
{
	return varint_put(out, v->n);
}

static size_t
history_rows_get_number(const uint8_t *s, size_t n, struct value *v)
{
	return varint_get(s, n, &v->n);
}

static size_t
history_rows_put_time(uint8_t *out, const struct value *v)
{
	return varint_put(out, v->n / NS_PER_MS);
}

static size_t
history_rows_get_time(const uint8_t *s, size_t n, struct value *v)
{
	size_t used = varint_get(s, n, &v->n);

	v->n *= NS_PER_MS;
	return used;
}

/* Durations may be below a millisecond, so they keep microseconds. */
static size_t
history_rows_put_span(uint8_t *out, const struct value *v)
{
	return varint_put(out, v->n / 1000);
}

static size_t
history_rows_get_span(const uint8_t *s, size_t n, struct value *v)
{
	size_t used = varint_get(s, n, &v->n);

	v->n *= 1000;
	return used;
}

static size_t
history_rows_put_float(uint8_t *out, const struct value *v)
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
history_rows_get_float(const uint8_t *s, size_t n, struct value *v)
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
history_rows_put_addr(uint8_t *out, const struct value *v)
{
	memcpy(out, &v->addr, ADDR_BYTES);
	return ADDR_BYTES;
}

static size_t
history_rows_get_addr(const uint8_t *s, size_t n, struct value *v)
{
	if (n < ADDR_BYTES)
		return 0;
	memcpy(&v->addr, s, ADDR_BYTES);
	return ADDR_BYTES;
}

/* With its NUL. */
static size_t
history_rows_put_text(uint8_t *out, const struct value *v)
{
	size_t n = strnlen(v->text, VALUE_TEXT - 1);

	memcpy(out, v->text, n);
	out[n] = '\0';
	return n + 1;
}

static size_t
history_rows_get_text(const uint8_t *s, size_t n, struct value *v)
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
	[V_TEXT] = { history_rows_put_text, history_rows_get_text },
	[V_ADDR] = { history_rows_put_addr, history_rows_get_addr },
	[V_PORT] = { history_rows_put_number, history_rows_get_number },
	[V_COUNT] = { history_rows_put_number, history_rows_get_number },
	[V_BYTES] = { history_rows_put_number, history_rows_get_number },
	[V_BYTE_RATE] = { history_rows_put_float, history_rows_get_float },
	[V_PACKET_RATE] = { history_rows_put_float, history_rows_get_float },
	[V_SHARE] = { history_rows_put_float, history_rows_get_float },
	[V_TIME] = { history_rows_put_time, history_rows_get_time },
	[V_DURATION] = { history_rows_put_span, history_rows_get_span },
	[V_ID] = { history_rows_put_number, history_rows_get_number },
};

/* The length of a key without its trailing zeros. */
static unsigned
history_rows_key_length(const struct row_key *k)
{
	unsigned n = sizeof(k->b);

	while (n > 0 && k->b[n - 1] == 0)
		n--;
	return n;
}

static size_t
history_rows_put_cell(uint8_t *out, const struct value *v)
{
	assert(v->type < NITEMS(kinds));
	return kinds[v->type].put != NULL ? kinds[v->type].put(out, v) : 0;
}

static size_t
history_rows_row_size(const struct table_row *row, unsigned n_cols)
{
	uint8_t scratch[VALUE_TEXT + 16];
	size_t n = 2 + history_rows_key_length(&row->key) + varint_put(scratch, row->slot);

	for (unsigned i = 0; i < n_cols; i++)
		n += HEAD_BYTES + history_rows_put_cell(scratch, &row->cell[i]);
	return n;
}

static size_t
history_rows_put_keys(uint8_t *out, const struct row_list *l, uint32_t rows)
{
	size_t n = 0;

	for (uint32_t i = 0; i < rows; i++) {
		out[n++] = (uint8_t)(row_list_get(l, i)->other | row_list_get(l, i)->own << 1);
		out[n++] = (uint8_t)history_rows_key_length(&row_list_get(l, i)->key);
	}
	for (uint32_t i = 0; i < rows; i++) {
		const struct row_key *k = &row_list_get(l, i)->key;

		memcpy(out + n, k->b, history_rows_key_length(k));
		n += history_rows_key_length(k);
	}
	for (uint32_t i = 0; i < rows; i++)
		n += varint_put(out + n, row_list_get(l, i)->slot);
	return n;
}

static size_t
history_rows_put_column(uint8_t *out, const struct row_list *l, uint32_t rows, unsigned column)
{
	size_t n = 0;

	for (uint32_t i = 0; i < rows; i++) {
		const struct value *v = &row_list_get(l, i)->cell[column];

		out[n++] = v->type;
		out[n++] = v->kind;
		out[n++] = v->bits;
	}
	for (uint32_t i = 0; i < rows; i++)
		n += history_rows_put_cell(out + n, &row_list_get(l, i)->cell[column]);
	return n;
}

size_t
history_rows_encode(
    uint8_t *out, size_t room, const struct row_list *l, unsigned n_cols, uint32_t *rows)
{
	size_t n = 0;

	for (*rows = 0; *rows < row_list_count(l); ++*rows) {
		n += history_rows_row_size(row_list_get(l, *rows), n_cols);
		if (n > room)
			break;
	}
	n = history_rows_put_keys(out, l, *rows);
	for (unsigned c = 0; c < n_cols; c++)
		n += history_rows_put_column(out + n, l, *rows, c);
	return n;
}

/* The bytes that have not been read yet. */
struct history_reader {
	const uint8_t *s;
	size_t n;
};

static const uint8_t *
history_rows_read_bytes(struct history_reader *r, size_t n)
{
	const uint8_t *s = r->s;

	if (n > r->n)
		return NULL;
	r->s += n;
	r->n -= n;
	return s;
}

static bool
history_rows_get_keys(struct history_reader *r, struct table_row *row, uint32_t rows)
{
	const uint8_t *heads = history_rows_read_bytes(r, 2 * (size_t)rows);
	uint64_t slot;

	for (uint32_t i = 0; heads != NULL && i < rows; i++) {
		unsigned length = heads[2 * i + 1];
		const uint8_t *key =
		    length <= sizeof(row->key.b) ? history_rows_read_bytes(r, length) : NULL;

		if (key == NULL)
			return false;
		row[i] = (struct table_row){
			.other = (heads[2 * i] & 1) != 0,
			.own = (heads[2 * i] & 2) != 0,
		};
		memcpy(row[i].key.b, key, length);
	}
	for (uint32_t i = 0; heads != NULL && i < rows; i++) {
		size_t used = varint_get(r->s, r->n, &slot);

		if (used == 0)
			return false;
		history_rows_read_bytes(r, used);
		row[i].slot = (uint32_t)slot;
	}
	return heads != NULL;
}

static bool
history_rows_get_column(
    struct history_reader *r, struct value *cells, uint32_t rows, unsigned n_cols)
{
	const uint8_t *heads = history_rows_read_bytes(r, HEAD_BYTES * (size_t)rows);

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
		history_rows_read_bytes(r, used);
	}
	return heads != NULL;
}

bool
history_rows_decode(const uint8_t *s, size_t n, struct table_row *row, struct value *cells,
    uint32_t rows, unsigned n_cols)
{
	struct history_reader r = { s, n };

	if (!history_rows_get_keys(&r, row, rows))
		return false;
	for (unsigned c = 0; c < n_cols; c++)
		if (!history_rows_get_column(&r, &cells[c], rows, n_cols))
			return false;
	for (uint32_t i = 0; i < rows; i++)
		row[i].cell = &cells[(size_t)i * n_cols];
	return r.n == 0;
}
