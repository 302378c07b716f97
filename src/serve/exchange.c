#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/csv_json.h"
#include "serve/private.h"
#include "util/text.h"

#define JSON_TYPE "application/json"

size_t
exchange_copy_rest(const char *from, size_t all, size_t *sent, char *to, size_t size)
{
	size_t n = all - *sent < size ? all - *sent : size;

	memcpy(to, from + *sent, n);
	*sent += n;
	return n;
}

void
exchange_send_json(struct exchange *x, unsigned status)
{
	x->a->status = status;
	x->a->type = JSON_TYPE;
	buf_addc(&x->a->body, '\n');
}

/* The sentence may quote the request. */
void
exchange_fail(struct exchange *x, unsigned status, const char *fmt, ...)
{
	char text[512], clean_text[512];
	struct buf clean;
	struct json j;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&clean, clean_text, sizeof(clean_text));
	text_clean_line(&clean, text);
	buf_clear(&x->a->body);
	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_str(&j, "error", clean.s);
	json_u64(&j, "code", status);
	json_close(&j, '}');
	exchange_send_json(x, status);
	if (status == 503)
		http_answer_add_header(x->a, "Retry-After", "1");
}

bool
exchange_number(
    struct exchange *x, const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *n)
{
	size_t digits = strlen(text);

	*n = strtoull(text, NULL, 10);
	if (digits > 0 && digits < 19 && strspn(text, "0123456789") == digits && *n >= min &&
	    *n <= max)
		return true;
	exchange_fail(x, 400, "\"%s\": must be a whole number from %llu to %llu", name,
	    (unsigned long long)min, (unsigned long long)max);
	return false;
}

bool
exchange_accepts(const struct exchange *x, const char *type)
{
	const char *s = x->q->header[HTTP_ACCEPT];
	size_t n = strlen(type);

	for (; s != NULL && *s != '\0'; s += strcspn(s, ",")) {
		s += strspn(s, ", ");
		if (strncmp(s, type, n) == 0 && strchr(" ;,", s[n]) != NULL)
			return true;
	}
	return false;
}

bool
exchange_body(struct exchange *x, struct body *b)
{
	struct buf *text = &x->q->body;
	char why[256];
	struct buf err;

	*b = (struct body){ .n = 0 };
	if (text->len == 0)
		return true;
	buf_init(&err, why, sizeof(why));
	if (body_parse(b, text->s, text->len, x->route->body, &err))
		return true;
	exchange_fail(x, 400, "the body: %s", err.s);
	return false;
}

bool
exchange_body_number(struct exchange *x, const struct body *b, const char *name, uint64_t min,
    uint64_t max, uint64_t otherwise, uint64_t *n)
{
	*n = otherwise;
	for (unsigned i = 0; i < b->n; i++)
		if (strcmp(b->member[i].name, name) == 0)
			return exchange_number(x, name,
			    b->member[i].type == BODY_NUMBER ? b->member[i].text : "", min, max, n);
	return true;
}

/* GET changes nothing: what older programs of this kind did so is refused. */
static void
exchange_refuse_get(struct exchange *x, const char *instead)
{
	exchange_fail(x, 405, "GET changes nothing here: use %s", instead);
	http_answer_add_header(x->a, "Allow", "POST");
}

void
serve_old_start(struct exchange *x)
{
	exchange_refuse_get(x,
	    "POST /streams with {\"name\":NAME,\"interface\":INTERFACE}, or POST "
	    "/streams/NAME/start");
}

void
serve_old_stop(struct exchange *x)
{
	exchange_refuse_get(x, "POST /streams/NAME/stop");
}

void
serve_old_status(struct exchange *x)
{
	exchange_fail(x, 404, "use GET /streams/NAME, or GET /streams for all");
}
