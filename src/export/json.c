#include "config.h"

#include "export/csv_json.h"

#include <math.h>
#include <stddef.h>

#include "view/value.h"

void
json_init(struct json *j, struct buf *b)
{
	*j = (struct json){ .b = b };
}

static void
json_begin_value(struct json *j, const char *key)
{
	if (j->comma)
		buf_addc(j->b, ',');
	j->comma = true;
	if (key != NULL) {
		value_quote_json(j->b, key);
		buf_addc(j->b, ':');
	}
}

void
json_open(struct json *j, const char *key, char bracket)
{
	json_begin_value(j, key);
	buf_addc(j->b, bracket);
	j->comma = false;
}

void
json_close(struct json *j, char bracket)
{
	buf_addc(j->b, bracket);
	j->comma = true;
}

void
json_str(struct json *j, const char *key, const char *s)
{
	json_begin_value(j, key);
	value_quote_json(j->b, s);
}

void
json_u64(struct json *j, const char *key, uint64_t n)
{
	json_begin_value(j, key);
	buf_addu(j->b, n);
}

void
json_fixed(struct json *j, const char *key, uint64_t n, int decimals)
{
	json_begin_value(j, key);
	decimal_fixed(j->b, n, decimals);
}

void
json_num(struct json *j, const char *key, double x)
{
	if (!isfinite(x))
		return;
	json_begin_value(j, key);
	decimal_real(j->b, x);
}

void
json_bool(struct json *j, const char *key, bool b)
{
	json_begin_value(j, key);
	buf_adds(j->b, b ? "true" : "false");
}

void
json_value(struct json *j, const char *key, const struct value *v)
{
	if (v->type == V_NONE)
		return;
	json_begin_value(j, key);
	value_json(j->b, v);
}
