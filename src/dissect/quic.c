/*
 * QUIC (RFC 9000, 9001, 9369): long-header packets, and the ClientHello in the client's Initial
 * packets.  These are encrypted with a key derived from their connection ID, so any observer can
 * decrypt them.
 *
 *	long header: flags (1)  version (4)  destination id (1 + n)  source id (1 + n)
 *	Initial: token (varint + n)  length (varint)  packet number (1 to 4)  frames, tag (16)
 */
#include "config.h"

#include <string.h>

#include "dissect/cipher.h"
#include "dissect/classify.h"
#include "dissect/hello_reassembly.h"
#include "dissect/private.h"

#define LONG      0x80
#define FIXED     0x40
#define ID_MOST   20 /* RFC 9000, 17.2: bytes of a connection id */
#define ID_LEAST  8  /* 7.2: of an ID chosen by a client */
#define SALT      20
#define INFO_MOST 32
#define GREASED   0x0a0a0a0a

/* Versions with the same Initial packets. */
struct quic_version {
	uint32_t first, last;
	uint8_t initial;    /* packet type of Initial packets */
	const char *label;  /* before "key", "iv" and "hp" */
	uint8_t salt[SALT]; /* RFC 9001, 5.2 */
	bool readable;
};

/* clang-format off */
#define SALT_1  { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, \
		  0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a }
#define SALT_2  { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, \
		  0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 }
#define SALT_29 { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, \
		  0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 }
#define SALT_23 { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, \
		  0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 }
#define SALT_22 { 0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, \
		  0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a }
#define SALT_T50 { 0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, \
		  0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10 }
#define SALT_T51 { 0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, \
		  0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d }

static const struct quic_version quic_versions[] = {
	{ 0x00000001, 0x00000001, 0, "quic ", SALT_1, true },
	{ 0x6b3343cf, 0x6b3343cf, 1, "quicv2 ", SALT_2, true },
	{ 0xff000021, 0xff000022, 0, "quic ", SALT_1, true },
	{ 0xff00001d, 0xff000020, 0, "quic ", SALT_29, true },
	{ 0xff000017, 0xff00001c, 0, "quic ", SALT_23, true },
	{ 0xff000015, 0xff000016, 0, "quic ", SALT_22, true },
	{ 0xfaceb001, 0xfaceb001, 0, "quic ", SALT_22, true }, /* mvfst, draft 22 */
	{ 0xfaceb002, 0xfaceb002, 0, "quic ", SALT_23, true }, /* mvfst, draft 27 */
	{ 0xfaceb00e, 0xfaceb00e, 0, "quic ", SALT_23, true }, /* mvfst, experimental */
	/* Reserved to exercise version negotiation (RFC 9000, 15); salt of the drafts. */
	{ GREASED, GREASED, 0, "quic ", SALT_29, true },
	{ 0x51303436, 0x51303530, 0, "", { 0 }, false }, /* Google's own: Q046 to Q050 */
	{ 0x54303530, 0x54303530, 0, "quic ", SALT_T50, true }, /* Google's with TLS: T050, */
	{ 0x54303531, 0x54303531, 0, "quic ", SALT_T51, true }, /* T051 */
	{ 0xff000013, 0xff000014, 0, "quic ", { 0 }, false },
};
/* clang-format on */

static const struct quic_version *
quic_find_version(uint32_t version)
{
	if ((version & 0x0f0f0f0f) == GREASED)
		version = GREASED;
	for (size_t i = 0; i < NITEMS(quic_versions); i++)
		if (quic_versions[i].first <= version && version <= quic_versions[i].last)
			return &quic_versions[i];
	return NULL;
}

enum classify_verdict
quic_is_long_header(struct cursor *c, const struct classify_hint *at)
{
	uint32_t version;

	(void)at;
	cur_skip(c, 1);
	version = cur_be32(c);
	if (quic_find_version(version) == NULL && version != 0)
		return CLASSIFY_NO;
	for (int i = 0; i < 2; i++) {
		uint8_t length = cur_u8(c);

		if (length > ID_MOST)
			return CLASSIFY_NO;
		cur_skip(c, length);
	}
	/* Version negotiation is a list of versions. */
	return version != 0 || cur_reported(c) % 4 == 0 ? CLASSIFY_YES : CLASSIFY_NO;
}

/* In a short header only the fixed bit is readable. */
enum classify_verdict
quic_may_be_short_header(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return (*c->p & (LONG | FIXED)) == FIXED ? CLASSIFY_MAYBE : CLASSIFY_NO;
}

/* RFC 9000, 16: the first two bits encode the length: 1, 2, 4 or 8 bytes. */
static uint64_t
quic_read_varint(struct cursor *c)
{
	uint8_t first = cur_u8(c);
	uint64_t value = first & 0x3f;

	for (unsigned n = (1u << (first >> 6)) - 1; n > 0; n--)
		value = value << 8 | cur_u8(c);
	return value;
}

/* n may exceed any packet. */
static void
quic_skip(struct cursor *c, uint64_t n)
{
	cur_skip(c, n < UINT32_MAX ? (size_t)n : UINT32_MAX);
}

struct quic_initial {
	const struct quic_version *version;
	struct bytes packet; /* including its tag; other packets may follow in the datagram */
	size_t number_at;
	struct bytes id;
};

static bool
quic_read_initial(struct cursor *c, struct quic_initial *in)
{
	const uint8_t *begin = c->p;
	uint8_t flags = cur_u8(c);
	uint64_t length;

	in->version = quic_find_version(cur_be32(c));
	if (in->version == NULL || !in->version->readable)
		return false;
	if ((flags >> 4) != ((LONG | FIXED) >> 4 | in->version->initial))
		return false;
	in->id.n = cur_u8(c);
	in->id.p = cur_take(c, in->id.n);
	cur_skip(c, cur_u8(c));
	quic_skip(c, quic_read_varint(c));
	length = quic_read_varint(c);
	if (c->overrun || in->id.n < ID_LEAST || in->id.n > ID_MOST)
		return false;
	in->number_at = (size_t)(c->p - begin);
	in->packet = (struct bytes){ begin, in->number_at + (size_t)length };
	/* room for the packet number and the header protection sample (RFC 9001, 5.4.2) */
	return length >= 4 + CIPHER_BLOCK && length <= cur_captured(c) &&
	    in->packet.n <= HELLO_DATAGRAM_MAX;
}

/* HKDF-Expand-Label of RFC 8446, 7.1, for outputs of one block. */
static bool
quic_hkdf_expand_label(const struct cipher *k, const uint8_t *secret, const char *prefix,
    const char *label, size_t n, uint8_t *out)
{
	uint8_t info[INFO_MOST], hash[CIPHER_HASH];
	size_t a = strlen(prefix), b = strlen(label), at = 3;
	static const char tls[] = "tls13 ";
	const size_t t = sizeof(tls) - 1;

	info[0] = 0;
	info[1] = (uint8_t)n;
	info[2] = (uint8_t)(t + a + b);
	memcpy(info + at, tls, t);
	memcpy(info + at + t, prefix, a);
	memcpy(info + at + t + a, label, b);
	at += t + a + b;
	info[at++] = 0; /* no context */
	info[at++] = 1; /* the first block */
	if (!k->hmac_sha256(
		k->arg, (struct bytes){ secret, CIPHER_HASH }, (struct bytes){ info, at }, hash))
		return false;
	memcpy(out, hash, n);
	return true;
}

struct quic_keys {
	uint8_t key[CIPHER_KEY], nonce[CIPHER_NONCE], header[CIPHER_KEY];
};

static bool
quic_derive_keys(const struct cipher *k, const struct quic_initial *in, struct quic_keys *keys)
{
	uint8_t secret[CIPHER_HASH], client[CIPHER_HASH];
	const char *label = in->version->label;

	return k->hmac_sha256(k->arg, (struct bytes){ in->version->salt, SALT }, in->id, secret) &&
	    quic_hkdf_expand_label(k, secret, "", "client in", sizeof(client), client) &&
	    quic_hkdf_expand_label(k, client, label, "key", sizeof(keys->key), keys->key) &&
	    quic_hkdf_expand_label(k, client, label, "iv", sizeof(keys->nonce), keys->nonce) &&
	    quic_hkdf_expand_label(k, client, label, "hp", sizeof(keys->header), keys->header);
}

/* Removes header protection and decrypts (RFC 9001, 5.3 and 5.4).  Returns the number of frame
 * bytes in out, or 0 on failure. */
static size_t
quic_decrypt_initial(const struct cipher *k, const struct quic_initial *in, uint8_t *out)
{
	uint8_t head[HELLO_DATAGRAM_MAX], mask[CIPHER_BLOCK];
	size_t at = in->number_at, digits;
	struct quic_keys keys;

	if (!quic_derive_keys(k, in, &keys) ||
	    !k->aes_block(k->arg, keys.header, in->packet.p + at + 4, mask))
		return 0;
	memcpy(head, in->packet.p, at + 4);
	head[0] ^= mask[0] & 0x0f;
	digits = (head[0] & 3) + 1u;
	for (size_t i = 0; i < digits; i++) {
		head[at + i] ^= mask[1 + i];
		keys.nonce[CIPHER_NONCE - digits + i] ^= head[at + i];
	}
	at += digits;
	if (!k->gcm_decrypt(k->arg, keys.key, keys.nonce, (struct bytes){ head, at },
		(struct bytes){ in->packet.p + at, in->packet.n - at }, out))
		return 0;
	return in->packet.n - at - CIPHER_TAG;
}

#define FRAME_PADDING 0
#define FRAME_PING    1
#define FRAME_ACK     2
#define FRAME_ACK_ECN 3
#define FRAME_CRYPTO  6
#define FRAME_GOOGLE  8 /* CRYPTO in Google's versions; unused in others */

/* RFC 9000, 19.3: largest, delay, ranges, first range, two numbers for each range, [ECN: 3] */
static void
quic_skip_ack(struct cursor *c, bool ecn)
{
	uint64_t ranges;

	quic_read_varint(c);
	quic_read_varint(c);
	ranges = quic_read_varint(c);
	quic_read_varint(c);
	for (; ranges > 0 && !c->overrun; ranges--) {
		quic_read_varint(c);
		quic_read_varint(c);
	}
	for (int i = 0; ecn && i < 3; i++)
		quic_read_varint(c);
}

static void
quic_store_crypto(struct cursor *c, struct hello_buffer *h)
{
	uint64_t at = quic_read_varint(c), n = quic_read_varint(c);
	const uint8_t *bytes = n <= cur_captured(c) ? cur_take(c, (size_t)n) : NULL;

	if (bytes != NULL && at < HELLO_MAX)
		hello_store(h, (size_t)at, bytes, (size_t)n);
	else
		c->overrun = true;
}

/* The frames allowed in an Initial packet (RFC 9000, 12.4); CONNECTION_CLOSE ends the loop. */
static void
quic_read_frames(struct cursor *c, struct hello_buffer *h)
{
	while (!c->overrun && cur_captured(c) > 0) {
		uint8_t type = cur_u8(c);

		if (type == FRAME_CRYPTO || type == FRAME_GOOGLE)
			quic_store_crypto(c, h);
		else if (type == FRAME_ACK || type == FRAME_ACK_ECN)
			quic_skip_ack(c, type == FRAME_ACK_ECN);
		else if (type != FRAME_PADDING && type != FRAME_PING)
			return;
	}
}

/* A packet that cannot be decrypted is the server's or has another key: one attempt is enough. */
static void
quic_read_client_hello(const struct quic_initial *in, struct hello_buffers *hs,
    struct hello_buffer *h, struct pkt_meta *s)
{
	size_t n = quic_decrypt_initial(hs->cipher, in, hs->plaintext);
	struct cursor frames = { .p = hs->plaintext, .end = hs->plaintext + n };
	struct cursor hello = { .p = h->bytes };

	quic_read_frames(&frames, h);
	hello.end = h->bytes + hello_contiguous(h);
	if (tls_hello_read(&hello, false, s) || n == 0)
		hello_finish(hs, h);
}

struct next
quic_dissect(struct cursor *c, struct pkt *p)
{
	struct pkt_meta *s = pkt_get_meta(p);
	struct hello_buffers *hs = s != NULL ? s->hello_buffers : NULL;
	struct quic_initial in;
	struct hello_buffer *h;

	if (hs == NULL || hs->cipher == NULL || cur_captured(c) == 0 || (*c->p & LONG) == 0)
		return NEXT_END;
	if (!quic_read_initial(c, &in))
		return NEXT_END;
	h = hello_find(hs, p);
	if ((h != NULL && h->done) || !hello_may_decrypt(hs, p->ts))
		return NEXT_END;
	quic_read_client_hello(&in, hs, h != NULL ? h : hello_new(hs, p, 0, PROTO_QUIC), s);
	return NEXT_END;
}
