#include "config.h"

#include "dissect/pkt_meta.h"

#include <string.h>

#include "util/buf.h"

/* Of the texts the first that comes empties the other. */
static void
begin(struct said *s)
{
	if (s->what == SAID_NOTHING)
		s->name[0] = s->alpn[0] = '\0';
}

bool
said_name(struct said *s, enum said_what what, const void *bytes, size_t n)
{
	struct buf b;

	begin(s);
	/* A hello has one (RFC 6066, 3); what claims to be a second is not to spoil it. */
	if (s->name[0] != '\0')
		return true;
	buf_init(&b, s->name, sizeof(s->name));
	text_clean(&b, bytes, n);
	if (b.len == 0)
		return false;
	s->what = (uint8_t)what;
	return true;
}

static bool
is_made_up(const uint8_t *bytes, size_t n)
{
	return n == 2 && bytes[0] == bytes[1] && (bytes[0] & 0x0f) == 0x0a;
}

void
said_alpn(struct said *s, bool chosen, const uint8_t *bytes, size_t n)
{
	char text[TEXT_MAX + 1];
	size_t have, comma;
	struct buf b;

	begin(s);
	if (n == 0 || is_made_up(bytes, n))
		return;
	buf_init(&b, text, sizeof(text));
	text_clean(&b, bytes, n);
	have = strlen(s->alpn);
	comma = have > 0;
	if (have + comma + b.len > SAID_ALPN)
		return;
	if (comma)
		s->alpn[have] = ',';
	memcpy(s->alpn + have + comma, text, b.len + 1);
	s->chosen = chosen;
	if (s->what == SAID_NOTHING)
		s->what = SAID_ALPN_ONLY;
}

void
said_failed(struct said *s, uint8_t rcode)
{
	s->what = SAID_FAILED;
	s->rcode = rcode;
	s->n = 0;
	s->name[0] = s->alpn[0] = '\0';
}
