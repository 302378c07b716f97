/* Applications that speak in lines of text. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "dissect/content.h"
#include "dissect/dissect.h"

#define LINE_MOST 256 /* bytes of a greeting that are looked at */

/* RFC 3261, 7.1, and the RFCs that add methods: "INVITE sip:...". */
enum content_verdict
is_sip_request(struct cursor *c, const struct content_place *at)
{
	static const char *const methods[] = { "INVITE ", "ACK ", "BYE ", "CANCEL ", "OPTIONS ",
		"REGISTER ", "PRACK ", "SUBSCRIBE ", "NOTIFY ", "PUBLISH ", "INFO ", "REFER ",
		"MESSAGE ", "UPDATE " };

	(void)at;
	for (size_t i = 0; i < NITEMS(methods); i++) {
		size_t n = strlen(methods[i]);
		const uint8_t *h = cur_peek(c, n + 4);

		if (h != NULL && memcmp(h, methods[i], n) == 0 &&
		    (memcmp(h + n, "sip:", 4) == 0 || memcmp(h + n, "sips", 4) == 0 ||
			memcmp(h + n, "tel:", 4) == 0))
			return CONTENT_YES;
	}
	return CONTENT_NO;
}

/* True when the first line has the word, in capitals or not. */
static bool
line_has(const struct cursor *c, const char *word)
{
	size_t left = cur_left(c), length = strlen(word);
	const char *line = (const char *)c->p;

	if (left > LINE_MOST)
		left = LINE_MOST;
	for (size_t i = 0; i + length <= left && line[i] != '\n'; i++)
		if (strncasecmp(line + i, word, length) == 0)
			return true;
	return false;
}

/* Both greet with "220 name ...": the port decides, and elsewhere what the line says of itself. */
static enum content_verdict
is_greeting(const struct cursor *c, const struct content_place *at, uint8_t proto, const char *word)
{
	const uint8_t *h = cur_peek(c, 4);

	if (h == NULL || memcmp(h, "220", 3) != 0 || (h[3] != ' ' && h[3] != '-'))
		return CONTENT_NO;
	return at->by_port == proto || line_has(c, word) ? CONTENT_YES : CONTENT_NO;
}

enum content_verdict
is_smtp_greeting(struct cursor *c, const struct content_place *at)
{
	return is_greeting(c, at, PROTO_SMTP, "SMTP");
}

enum content_verdict
is_ftp_greeting(struct cursor *c, const struct content_place *at)
{
	return is_greeting(c, at, PROTO_FTP, "FTP");
}
