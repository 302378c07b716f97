/*
 * The PROXY protocol of HAProxy: the client's address in front of its data.
 *
 *	version 1: a line of text of at most 107 bytes
 *	version 2: signature (12)  version and command (1)  family (1)  length (2)  addresses
 */
#include "config.h"

#include <string.h>

#include "dissect/private.h"

#define LINE_MOST 107
#define VERSION_2 16

static size_t
proxy_v1_length(const struct cursor *c)
{
	size_t n = cur_captured(c) < LINE_MOST ? cur_captured(c) : LINE_MOST;
	const uint8_t *lf = memchr(c->p, '\n', n);

	return lf != NULL ? (size_t)(lf - c->p) + 1 : cur_reported(c);
}

static size_t
proxy_v2_length(const struct cursor *c)
{
	const uint8_t *h = cur_peek(c, VERSION_2);

	return h != NULL ? (size_t)VERSION_2 + be16(h + 14) : cur_reported(c);
}

struct next
proxy_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *first = cur_peek(c, 1);
	size_t length;

	if (first == NULL)
		return NEXT_END;
	length = *first == 'P' ? proxy_v1_length(c) : proxy_v2_length(c);
	if (length < cur_reported(c)) {
		cur_skip(c, length);
		return next_ports(SPACE_TCP, p->sport, p->dport);
	}
	/* The application comes in a later segment. */
	if (!p->ends_final)
		p->app_confidence = APP_GUESSED;
	return NEXT_END;
}
