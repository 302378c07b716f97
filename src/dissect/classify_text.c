/* Rules for text protocols. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "dissect/classify.h"
#include "dissect/dissect.h"

#define LINE_MOST 256 /* bytes of a greeting that are looked at */

/* True if the first line has the word, ignoring case. */
static bool
classify_line_has(const struct cursor *c, const char *word)
{
	size_t left = cur_captured(c), length = strlen(word);
	const char *line = (const char *)c->p;

	if (left > LINE_MOST)
		left = LINE_MOST;
	for (size_t i = 0; i + length <= left && line[i] != '\n'; i++)
		if (strncasecmp(line + i, word, length) == 0)
			return true;
	return false;
}

/* SMTP and FTP both greet with "220 name ...": the port decides, or else the protocol's name in the
 * line. */
static enum classify_verdict
classify_greeting(
    const struct cursor *c, const struct classify_hint *at, uint8_t proto, const char *word)
{
	const uint8_t *h = cur_peek(c, 4);

	if (h == NULL || (h[3] != ' ' && h[3] != '-'))
		return CLASSIFY_NO;
	return at->by_port == proto || classify_line_has(c, word) ? CLASSIFY_YES : CLASSIFY_NO;
}

enum classify_verdict
classify_smtp_greeting(struct cursor *c, const struct classify_hint *at)
{
	return classify_greeting(c, at, PROTO_SMTP, "SMTP");
}

enum classify_verdict
classify_ftp_greeting(struct cursor *c, const struct classify_hint *at)
{
	return classify_greeting(c, at, PROTO_FTP, "FTP");
}
