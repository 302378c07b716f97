/* HTTP/1 (RFC 9112): the requested host; and HTTP/2 without TLS. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"
#include "dissect/private.h"

#define HEAD_MOST HELLO_MAX /* bytes searched for the host */
#define HOST      "Host:"
#define ANSWER    "HTTP/"
#define STATUS    8 /* where the status follows the version */

static bool
http_is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

/* Stores the value of a Host field, trimmed. */
static void
http_read_host(const uint8_t *value, const uint8_t *end, struct pkt_meta *s)
{
	while (value < end && http_is_blank(*value))
		value++;
	while (end > value && http_is_blank(end[-1]))
		end--;
	pkt_meta_set_name(s, META_SNI, value, (size_t)(end - value));
}

/* True if the request line names the host (RFC 9112, 3.2.2 and 3.2.3): CONNECT with an authority,
 * or an absolute URL.  It has priority over the Host field. */
static bool
http_read_target(const uint8_t *p, size_t n, struct pkt_meta *s)
{
	static const char connect[] = "CONNECT ", scheme[] = "http://";
	const size_t c = sizeof(connect) - 1, h = sizeof(scheme) - 1;
	const uint8_t *end = p + n, *target = memchr(p, ' ', n), *to;

	if (target == NULL)
		return false;
	target++;
	if ((size_t)(end - target) > h && memcmp(target, scheme, h) == 0)
		target += h;
	else if (n <= c || memcmp(p, connect, c) != 0)
		return false;
	for (to = target; to < end && *to != '/' && *to != '?' && !http_is_blank(*to); to++)
		if (*to == '@')
			target = to + 1;
	return to > target && pkt_meta_set_name(s, META_SNI, target, (size_t)(to - target));
}

/* Reads complete lines from *line, up to the empty one.  Returns false if neither that nor the host
 * has come yet; *line is then the start of the incomplete line. */
static bool
http_read_head(const uint8_t *head, size_t n, size_t *line, struct pkt_meta *s)
{
	const uint8_t *end = head + n, *p = head + *line, *lf;
	const size_t host = strlen(HOST);

	for (; (lf = memchr(p, '\n', (size_t)(end - p))) != NULL; p = lf + 1) {
		size_t length = (size_t)(lf - p);

		if (length == 0 || (length == 1 && *p == '\r'))
			return true;
		if (p == head && http_read_target(p, length, s))
			return true;
		if (length > host && strncasecmp((const char *)p, HOST, host) == 0) {
			http_read_host(p + host, lf, s);
			return true;
		}
	}
	*line = (size_t)(p - head);
	return n == HEAD_MOST;
}

/* The same for both versions.  *at is where to continue: a line, or a frame. */
static bool
http_read(const uint8_t *bytes, size_t n, size_t *at, struct pkt_meta *s)
{
	if (http2_is_preface(bytes, n))
		return http2_read(bytes, n, at, s) || n == HEAD_MOST;
	return http_read_head(bytes, n, at, s);
}

/* True if the segment continues a head that is being reassembled.  The driver has already added it.
 */
static bool
http_continue(const struct cursor *c, const struct pkt *p, struct pkt_meta *s)
{
	struct hello_buffer *h =
	    s->hello_buffers != NULL ? hello_find_pending(s->hello_buffers, p, c) : NULL;
	size_t at;

	if (h == NULL || h->app != PROTO_HTTP)
		return h != NULL;
	at = h->parse_at;
	if (http_read(h->bytes, hello_contiguous(h), &at, s))
		hello_finish(s->hello_buffers, h);
	h->parse_at = (uint16_t)at;
	return true;
}

static bool
http_is_response(const struct cursor *c)
{
	const uint8_t *h = cur_peek(c, strlen(ANSWER));

	return h != NULL && memcmp(h, ANSWER, strlen(ANSWER)) == 0;
}

/* A request with a password (RFC 7617, 7616); other schemes, such as NTLM's, are refused once
 * before they succeed.  Clients write the first letter of the field small or large. */
static bool
http_has_password(const uint8_t *head, size_t n)
{
	static const char field[] = "uthorization: ";
	const size_t length = sizeof(field) - 1, scheme = strlen("Digest");
	const uint8_t *at = memmem(head, n, field, length);

	if (at == NULL || (size_t)(head + n - at) < length + scheme)
		return false;
	at += length;
	return strncasecmp((const char *)at, "Basic ", scheme) == 0 ||
	    strncasecmp((const char *)at, "Digest", scheme) == 0;
}

static bool
http_refuses(const uint8_t *head, size_t n)
{
	return n >= STATUS + 4 && memcmp(head + STATUS, " 401", 4) == 0;
}

static void
http_start(const struct cursor *c, const struct pkt *p, struct pkt_meta *s)
{
	size_t n = cur_captured(c) < HEAD_MOST ? cur_captured(c) : HEAD_MOST, at = 0;

	if (http_is_response(c)) {
		if (http_refuses(c->p, n))
			pkt_meta_set_login_failed(s);
		return;
	}
	if (!http_read(c->p, n, &at, s) && hello_may_continue(c, s))
		hello_store(hello_new(s->hello_buffers, p, hello_payload_seq(p, c), PROTO_HTTP), 0,
		    c->p, n);
	if (http_has_password(c->p, n))
		pkt_meta_set_password(s);
}

struct next
http_dissect(struct cursor *c, struct pkt *p)
{
	struct pkt_meta *s = pkt_get_meta(p);

	if (s != NULL && !http_continue(c, p, s) && p->app_confidence == APP_BY_CONTENT)
		http_start(c, p, s);
	return NEXT_END;
}
