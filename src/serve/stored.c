/* What was written to a database, read back. */
#include "config.h"

#include "serve/private.h"

void
server_set_stored(struct server *s, stored_fn *fn, void *arg)
{
	if (s == NULL)
		return;
	s->stored = fn;
	s->stored_arg = arg;
}

void
serve_stored(struct exchange *x)
{
	const struct server *s = x->server;
	const char *span = x->span != NULL ? x->span : "1h";
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (s->stored == NULL)
		exchange_fail(x, 404, "nothing is stored: pkttop runs without --influx");
	else if (!s->stored(s->stored_arg, span, &x->a->body, &err))
		exchange_fail(x, 503, "%s", err.s);
	else
		exchange_send_json(x, 200);
}
