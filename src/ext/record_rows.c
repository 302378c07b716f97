/* The tables of recordings, and their rows as bytes. */
#include "config.h"

#include "ext/sqlite.h"

#include <assert.h>
#include <string.h>

#define TYPE_ROW    'R'
#define TYPE_TEXT   'T'
#define TYPE_NUMBER 'N'
#define TYPE_BYTES  'B'

/* The names of keys and facts are those of the columns of views. */
const struct record_table record_table[RECORD_TABLES] = {
	[RECORD_TRAFFIC] = { .name = "traffic",
	    .counter = { "packets", "bytes", "packets_in", "bytes_in", "packets_out", "bytes_out",
		"dropped" } },
	[RECORD_HOST] = { .name = "host",
	    .key = { "address" },
	    .fact = { "name" },
	    .counter = { "packets_out", "bytes_out", "packets_in", "bytes_in" } },
	[RECORD_FLOW] = { .name = "flow",
	    .key = { "protocol", "a", "a_port", "b", "b_port" },
	    .fact = { "app", "server_name", "process" },
	    .counter = { "packets_ab", "bytes_ab", "packets_ba", "bytes_ba" } },
	[RECORD_PORT] = { .name = "port",
	    .key = { "protocol", "port" },
	    .fact = { "service" },
	    .counter = { "packets", "bytes" } },
	[RECORD_EVENT] = { .name = "event",
	    .key = { "rule", "number", "start" },
	    .fact = { "severity", "attacker", "victim", "text" } },
	[RECORD_PROTOCOL] = { .name = "protocol",
	    .key = { "path" },
	    .counter = { "packets", "bytes" } },
};

struct record_head {
	uint64_t time, seconds;
	uint32_t bytes; /* that follow */
};

static unsigned
record_count_names(const char *const *name, unsigned most)
{
	unsigned n = 0;

	while (n < most && name[n] != NULL)
		n++;
	return n;
}

unsigned
record_table_keys(const struct record_table *t)
{
	return record_count_names(t->key, RECORD_KEYS);
}

unsigned
record_table_facts(const struct record_table *t)
{
	return record_count_names(t->fact, RECORD_FACTS);
}

unsigned
record_table_counters(const struct record_table *t)
{
	return record_count_names(t->counter, RECORD_COUNTERS);
}

unsigned
record_table_values(const struct record_table *t)
{
	return record_table_keys(t) + record_table_facts(t) + record_table_counters(t);
}

void
record_begin(struct buf *b, uint64_t time, uint64_t seconds)
{
	struct record_head h = { .time = time, .seconds = seconds };

	buf_clear(b);
	buf_add(b, &h, sizeof(h));
}

void
record_row(struct buf *b, enum record_table_id table)
{
	const char head[2] = { TYPE_ROW, (char)table };

	buf_add(b, head, sizeof(head));
}

void
record_text(struct buf *b, const char *text)
{
	size_t length = strlen(text);
	uint16_t n = length < UINT16_MAX ? (uint16_t)length : UINT16_MAX;

	buf_addc(b, TYPE_TEXT);
	buf_add(b, &n, sizeof(n));
	buf_add(b, text, n);
}

void
record_number(struct buf *b, uint64_t n)
{
	buf_addc(b, TYPE_NUMBER);
	buf_add(b, &n, sizeof(n));
}

void
record_picture(struct buf *b, uint64_t at, uint64_t format, const void *bytes, size_t n)
{
	uint32_t length = (uint32_t)n;

	record_begin(b, 0, 0);
	record_row(b, RECORD_PICTURE);
	record_number(b, at);
	record_number(b, format);
	buf_addc(b, TYPE_BYTES);
	buf_add(b, &length, sizeof(length));
	buf_add(b, bytes, n);
	record_end(b);
}

void
record_end(struct buf *b)
{
	struct record_head h;

	memcpy(&h, b->s, sizeof(h));
	h.bytes = (uint32_t)(b->len - sizeof(h));
	memcpy(b->s, &h, sizeof(h));
}

bool
record_read_moment(struct record_reader *r)
{
	struct record_head h;

	r->s = r->moment != NULL ? r->moment : r->s;
	if ((size_t)(r->end - r->s) < sizeof(h))
		return false;
	memcpy(&h, r->s, sizeof(h));
	r->s += sizeof(h);
	if ((size_t)(r->end - r->s) < h.bytes)
		return false;
	r->moment = r->s + h.bytes;
	r->time = h.time;
	r->seconds = h.seconds;
	return true;
}

static bool
record_read_bytes(struct record_reader *r, void *to, size_t n)
{
	if ((size_t)(r->moment - r->s) < n)
		return false;
	memcpy(to, r->s, n);
	r->s += n;
	return true;
}

static bool
record_read_value(struct record_reader *r, struct record_value *v)
{
	uint8_t type;
	uint16_t length;
	uint32_t n;

	*v = (struct record_value){ .text = NULL };
	if (!record_read_bytes(r, &type, 1))
		return false;
	if (type == TYPE_NUMBER)
		return record_read_bytes(r, &v->n, sizeof(v->n));
	if (type == TYPE_BYTES ? !record_read_bytes(r, &n, sizeof(n))
			       : !record_read_bytes(r, &length, sizeof(length)))
		return false;
	if (type != TYPE_BYTES)
		n = length;
	if ((type != TYPE_TEXT && type != TYPE_BYTES) || (size_t)(r->moment - r->s) < n)
		return false;
	v->text = (const char *)r->s;
	v->n = n;
	r->s += n;
	return true;
}

static unsigned
record_row_values(enum record_table_id table)
{
	if (table == RECORD_PICTURE)
		return RECORD_PICTURE_VALUES;
	return table == RECORD_SAMPLE ? RECORD_SAMPLE_VALUES
				      : record_table_values(&record_table[table]);
}

bool
record_read_row(struct record_reader *r)
{
	uint8_t head[2];
	unsigned n;

	if (!record_read_bytes(r, head, sizeof(head)) || head[0] != TYPE_ROW ||
	    head[1] > RECORD_SAMPLE)
		return false;
	r->table = (enum record_table_id)head[1];
	n = record_row_values(r->table);
	for (unsigned i = 0; i < n; i++)
		if (!record_read_value(r, &r->value[i]))
			return false;
	return true;
}

bool
record_db_is_magic(const uint8_t bytes[RECORD_DB_MAGIC])
{
	return memcmp(bytes, "SQLite format 3", RECORD_DB_MAGIC) == 0;
}
