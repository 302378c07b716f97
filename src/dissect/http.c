/* HTTP/1 (RFC 9112): the host that is asked for. */
#include "config.h"

#include <strings.h>

#include "dissect/layers.h"

#define HEAD_MOST 4096 /* bytes that are searched for the host */
#define HOST      "Host:"

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

/* Goes through the lines that are there to their ends, up to the empty one. */
static void
read_head(const uint8_t *p, size_t n, struct said *s)
{
	const uint8_t *end = p + n, *lf;
	const size_t host = strlen(HOST);

	for (; (lf = memchr(p, '\n', (size_t)(end - p))) != NULL; p = lf + 1) {
		size_t length = (size_t)(lf - p);

		if (length == 0 || (length == 1 && *p == '\r'))
			return;
		if (length > host && strncasecmp((const char *)p, HOST, host) == 0) {
			read_host(p + host, lf, s);
			return;
		}
	}
}

struct next
http_dissect(struct cursor *c, struct pkt *p)
{
	size_t n = cur_left(c) < HEAD_MOST ? cur_left(c) : HEAD_MOST;
	struct said *s = pkt_said(p);

	if (s != NULL && p->app_by == APP_BY_CONTENT && *c->p != 'H')
		read_head(c->p, n, s);
	return NEXT_END;
}
