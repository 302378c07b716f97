/* HTTP/1 (RFC 9112): the host that is asked for. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "dissect/hello.h"
#include "dissect/layers.h"

#define HEAD_MOST HELLO_MOST /* bytes that are searched for the host */
#define HOST      "Host:"
#define ANSWER    "HTTP/"

static bool
is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

/* The value of a field, without the blanks around it. */
static void
read_host(const uint8_t *value, const uint8_t *end, struct said *s)
{
	while (value < end && is_blank(*value))
		value++;
	while (end > value && is_blank(end[-1]))
		end--;
	said_name(s, SAID_SERVER, value, (size_t)(end - value));
}

/* Goes through the lines that are there to their ends, up to the empty one.  False where neither
 * that nor the host has come yet. */
static bool
read_head(const uint8_t *p, size_t n, struct said *s)
{
	const uint8_t *end = p + n, *lf;
	const size_t host = strlen(HOST);

	for (; (lf = memchr(p, '\n', (size_t)(end - p))) != NULL; p = lf + 1) {
		size_t length = (size_t)(lf - p);

		if (length == 0 || (length == 1 && *p == '\r'))
			return true;
		if (length > host && strncasecmp((const char *)p, HOST, host) == 0) {
			read_host(p + host, lf, s);
			return true;
		}
	}
	return n == HEAD_MOST;
}

/* True when the segment may be a further piece of a head that was begun before. */
static bool
go_on(const struct cursor *c, const struct pkt *p, struct said *s)
{
	struct hello *h = s->hellos != NULL ? hello_waiting(s->hellos, p) : NULL;

	if (h == NULL || p->seq - h->begin - 1 >= HEAD_MOST)
		return false;
	hello_put(h, p->seq - h->begin, c->p, cur_left(c));
	if (read_head(h->bytes, hello_ready(h), s))
		hello_done(s->hellos, h);
	return true;
}

static bool
is_answer(const struct cursor *c)
{
	const uint8_t *h = cur_peek(c, strlen(ANSWER));

	return h != NULL && memcmp(h, ANSWER, strlen(ANSWER)) == 0;
}

static void
begin(const struct cursor *c, const struct pkt *p, struct said *s)
{
	size_t n = cur_left(c) < HEAD_MOST ? cur_left(c) : HEAD_MOST;

	if (!is_answer(c) && !read_head(c->p, n, s) && hello_may_go_on(c, s))
		hello_put(hello_begin(s->hellos, p), 0, c->p, n);
}

struct next
http_dissect(struct cursor *c, struct pkt *p)
{
	struct said *s = pkt_said(p);

	if (s != NULL && !go_on(c, p, s) && p->app_by == APP_BY_CONTENT)
		begin(c, p, s);
	return NEXT_END;
}
