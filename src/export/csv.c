#include "config.h"

#include "export/csv_json.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "export/file.h"
#include "platform/file_ops.h"
#include "util/text.h"
#include "view/value.h"

/* Bytes that are collected before a write. */
#define PIECE (64 * 1024)

static void
csv_flush(struct csv *c)
{
	if (c->error == 0)
		c->error = fd_write_all(c->fd, c->b.s, c->b.len, NULL);
	buf_clear(&c->b);
}

void
csv_open(struct csv *c, const struct safe_dir *folder, const char *name, const char *columns)
{
	*c = (struct csv){ .name = name };
	buf_new(&c->b);
	c->fd = safe_dir_create(folder, name);
	if (c->fd == -1)
		c->error = errno;
	if (columns == NULL)
		return;
	buf_adds(&c->b, columns);
	buf_adds(&c->b, CSV_EOL);
}

static void
csv_begin_cell(struct csv *c)
{
	if (c->comma)
		buf_addc(&c->b, ',');
	c->comma = true;
}

void
csv_empty(struct csv *c)
{
	csv_begin_cell(c);
}

void
csv_str(struct csv *c, const char *s)
{
	csv_begin_cell(c);
	value_quote_csv(&c->b, s);
}

void
csv_u64(struct csv *c, uint64_t n)
{
	csv_begin_cell(c);
	buf_addu(&c->b, n);
}

void
csv_value(struct csv *c, const struct value *v)
{
	csv_begin_cell(c);
	value_csv(&c->b, v);
}

void
csv_time(struct csv *c, uint64_t ns)
{
	csv_begin_cell(c);
	if (ns != 0)
		fmt_rfc3339(&c->b, ns, 9);
}

void
csv_average(struct csv *c, uint64_t sum, uint64_t n)
{
	csv_begin_cell(c);
	if (n > 0)
		decimal_fixed(&c->b, decimal_average(sum, n), 2);
}

void
csv_end_line(struct csv *c)
{
	buf_adds(&c->b, CSV_EOL);
	c->comma = false;
	if (c->b.len >= PIECE)
		csv_flush(c);
}

bool
csv_close(struct csv *c, struct buf *err)
{
	csv_flush(c);
	if (c->error == 0 && fsync(c->fd) == -1)
		c->error = errno;
	if (c->fd != -1 && close(c->fd) == -1 && c->error == 0)
		c->error = errno;
	buf_del(&c->b);
	if (c->error == 0)
		return true;
	buf_setf(err, "cannot write %s: %s", c->name, strerror(c->error));
	return false;
}
