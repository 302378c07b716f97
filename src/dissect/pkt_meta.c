#include "config.h"

#include "dissect/pkt.h"

#include <string.h>

#include "util/buf.h"

/* Clears both texts before the first is stored. */
static void
pkt_meta_start(struct pkt_meta *s)
{
	if (s->type == META_NONE)
		s->name[0] = s->alpn[0] = '\0';
}

bool
pkt_meta_set_name(struct pkt_meta *s, enum pkt_meta_type what, const void *bytes, size_t n)
{
	struct buf b;

	pkt_meta_start(s);
	/* A hello has one name (RFC 6066, 3); ignore a second one. */
	if (s->name[0] != '\0')
		return true;
	buf_init(&b, s->name, sizeof(s->name));
	text_clean(&b, bytes, n);
	if (b.len == 0)
		return false;
	s->type = (uint8_t)what;
	return true;
}

static bool
pkt_meta_is_grease(const uint8_t *bytes, size_t n)
{
	return n == 2 && bytes[0] == bytes[1] && (bytes[0] & 0x0f) == 0x0a;
}

void
pkt_meta_add_alpn(struct pkt_meta *s, bool chosen, const uint8_t *bytes, size_t n)
{
	char text[TEXT_MAX + 1];
	size_t have, comma;
	struct buf b;

	pkt_meta_start(s);
	if (n == 0 || pkt_meta_is_grease(bytes, n))
		return;
	buf_init(&b, text, sizeof(text));
	text_clean(&b, bytes, n);
	have = strlen(s->alpn);
	comma = have > 0;
	if (have + comma + b.len > META_ALPN_MAX)
		return;
	if (comma)
		s->alpn[have] = ',';
	memcpy(s->alpn + have + comma, text, b.len + 1);
	s->alpn_chosen = chosen;
	if (s->type == META_NONE)
		s->type = META_ALPN;
}

/* Without names. */
static void
pkt_meta_set_type(struct pkt_meta *s, enum pkt_meta_type type)
{
	s->type = (uint8_t)type;
	s->n_addrs = 0;
	s->name[0] = s->alpn[0] = '\0';
}

void
pkt_meta_set_dns_error(struct pkt_meta *s, uint8_t rcode)
{
	pkt_meta_set_type(s, META_DNS_ERROR);
	s->rcode = rcode;
}

struct pkt_claim *
pkt_meta_set_claim(struct pkt_meta *s, enum pkt_meta_type type)
{
	pkt_meta_set_type(s, type);
	s->claim = (struct pkt_claim){ .op = 0 };
	return &s->claim;
}

void
pkt_meta_set_question(struct pkt_meta *s)
{
	pkt_meta_set_type(s, META_DNS_QUESTION);
}

void
pkt_meta_set_password(struct pkt_meta *s)
{
	if (s->type == META_NONE)
		pkt_meta_set_type(s, META_PASSWORD);
	s->has_password = true;
}

void
pkt_meta_set_login_failed(struct pkt_meta *s)
{
	pkt_meta_set_type(s, META_LOGIN_FAILED);
}
