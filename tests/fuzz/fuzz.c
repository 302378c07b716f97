#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "dissect/cipher.h"
#include "dissect/dissect.h"
#include "util/text.h"

void
require(bool right)
{
	if (!right)
		abort();
}

uint8_t
input_byte(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->p++;
}

uint16_t
input_number(struct input *in)
{
	uint8_t high = input_byte(in);

	return (uint16_t)(high << 8 | input_byte(in));
}

char *
input_text(struct input *in, size_t n)
{
	char *text;

	if (n > in->left)
		n = in->left;
	text = malloc(n + 1);
	require(text != NULL);
	memcpy(text, in->p, n);
	text[n] = '\0';
	in->p += n;
	in->left -= n;
	return text;
}

static bool
zeros(uint8_t *out, size_t n)
{
	memset(out, 0, n);
	return true;
}

static bool
hmac(void *arg, struct bytes key, struct bytes text, uint8_t *out)
{
	(void)arg;
	(void)text;
	return key.n <= CIPHER_HASH && zeros(out, CIPHER_HASH);
}

static bool
block(void *arg, const uint8_t *key, const uint8_t *in, uint8_t *out)
{
	(void)arg;
	(void)key;
	(void)in;
	return zeros(out, CIPHER_BLOCK);
}

static bool
open_plain(void *arg, const uint8_t *key, const uint8_t *nonce, struct bytes head,
    struct bytes text, uint8_t *out)
{
	(void)arg;
	(void)key;
	(void)nonce;
	(void)head;
	memcpy(out, text.p, text.n - CIPHER_TAG);
	return true;
}

const struct cipher plain_cipher = {
	.hmac_sha256 = hmac, .aes_block = block, .gcm_decrypt = open_plain
};

static void
check_question(const struct pkt_question *q)
{
	require(memchr(q->name, '\0', sizeof(q->name)) != NULL);
	require(text_is_clean(q->name));
	require(!q->known || q->domain_at <= strlen(q->name));
}

void
check_said(const struct pkt *p)
{
	const struct pkt_meta *s = p->meta;

	if (s == NULL)
		return;
	require(s->type > META_NONE && s->type <= META_HOST_NAME);
	require(s->type != META_DNS_ERROR || s->rcode != 0);
	if (s->type >= META_DNS_ERROR && s->type <= META_DNS_QUESTION)
		check_question(&s->question);
	if (s->type != META_SNI && s->type != META_ALPN && s->type != META_DNS_ANSWER &&
	    s->type != META_HOST_NAME)
		return;
	require(memchr(s->name, '\0', sizeof(s->name)) != NULL);
	require(memchr(s->alpn, '\0', sizeof(s->alpn)) != NULL);
	require(text_is_clean(s->name) && text_is_clean(s->alpn));
	require((s->type == META_ALPN) == (s->name[0] == '\0'));
	require(s->type == META_SNI || s->type == META_ALPN ||
	    (s->n_addrs > 0 && s->n_addrs <= META_ADDRS_MAX));
}

/* Headers added by the capture do not count; the link header that a cooked one replaces is
 * shorter. */
static void
check_length(const struct pkt *p, const struct frame *f)
{
	bool made_up = false;

	for (unsigned i = 0; i < p->depth; i++)
		made_up |= proto_is_pseudo(p->stack[i]);
	require(p->len == f->len || (made_up && p->len < f->len));
}

static void
check_packet(const struct pkt *p, const struct frame *f)
{
	bool ports = (p->flags & PKT_PORTS) != 0;

	require(p->depth >= 1 && p->depth <= PKT_DEPTH);
	for (unsigned i = 0; i < p->depth; i++)
		require(proto_name(p->stack[i])[0] != '\0');
	require(proto_name(p->app) != NULL);
	check_length(p, f);
	require(p->kind <= ADDR_MAC && p->context.vlan[0] < 4096);
	require(ports || (p->sport == 0 && p->dport == 0));
	require(ports || p->payload == 0 || p->proto == 1 || p->proto == 58);
	require(!ports || p->kind == ADDR_IP4 || p->kind == ADDR_IP6);
	require(!(p->flags & PKT_LATER_FRAGMENT) || (p->flags & PKT_FRAGMENT && !ports));
	require(p->payload <= f->len);
}

void
check_frame(struct dissector *d, const struct frame *f)
{
	struct pkt quick, slow;

	memset(&slow, 0, sizeof(slow));
	memset(&quick, 0, sizeof(quick));
	dissector_set_fast_path(d, false);
	dissect(d, f, &slow);
	dissector_set_fast_path(d, true);
	dissect(d, f, &quick);
	require(memcmp(&quick, &slow, sizeof(slow)) == 0);
	check_packet(&quick, f);
}
