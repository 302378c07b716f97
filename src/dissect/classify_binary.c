/* Rules for binary protocols. */
#include "config.h"

#include <string.h>

#include "dissect/classify.h"
#include "dissect/private.h"

#define STUN_HEADER 20

/* RFC 8489, 5: type (2)  length (2)  cookie (4)  transaction (12) */
enum classify_verdict
classify_stun(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, STUN_HEADER);

	if (h == NULL || be16(h + 2) % 4 != 0)
		return CLASSIFY_NO;
	return at->over == OVER_TCP || cur_may_hold(c, be16(h + 2)) ? CLASSIFY_YES : CLASSIFY_NO;
}

/* Over TCP it may follow a length field (RFC 4571). */
enum classify_verdict
classify_framed_stun(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 2 + STUN_HEADER);

	(void)at;
	return h != NULL && h[2] < 4 && be16(h) == be16(h + 4) + STUN_HEADER ? CLASSIFY_YES
									     : CLASSIFY_NO;
}

/* Other traffic of its port: channel data (RFC 8656, 12.4), and messages of RFC 3489, which have no
 * cookie. */
enum classify_verdict
classify_stun_port(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 4);

	(void)at;
	if (h == NULL)
		return CLASSIFY_NO;
	if (h[0] >> 4 == 4)
		return cur_may_hold(c, be16(h + 2)) ? CLASSIFY_YES : CLASSIFY_NO;
	return h[0] < 2 && cur_reported(c) == be16(h + 2) + STUN_HEADER - 4u ? CLASSIFY_MAYBE
									     : CLASSIFY_NO;
}

#define GQUIC_NONCE 0x04 /* may follow the version */

/* Before Google's version 46: flags (1): a version and an id, id (8), 'Q' and three digits (4) */
enum classify_verdict
classify_gquic(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 13);

	(void)at;
	return h != NULL && (h[0] & ~GQUIC_NONCE) == 0x09 && h[9] == 'Q' && h[10] == '0'
	    ? CLASSIFY_YES
	    : CLASSIFY_NO;
}

/* The WireGuard paper, 5.4: type (1), zeros (3); of known lengths but for data. */
enum classify_verdict
classify_wireguard_handshake(struct cursor *c, const struct classify_hint *at)
{
	static const uint8_t length[] = { [1] = 148, [2] = 92, [3] = 64 };

	(void)at;
	return cur_reported(c) == length[*c->p] ? CLASSIFY_YES : CLASSIFY_NO;
}

enum classify_verdict
classify_wireguard_data(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return cur_reported(c) >= 32 && cur_reported(c) % 16 == 0 ? CLASSIFY_YES : CLASSIFY_NO;
}

#define DHCP_COOKIE_AT 236
#define DHCP_COOKIE    0x63825363

/* RFC 2131, 2 and 3: operation (1)  hardware (1)  its length (1) ... cookie (4) */
enum classify_verdict
classify_dhcp(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, DHCP_COOKIE_AT + 4);

	(void)at;
	return h != NULL && h[2] <= 16 && be32(h + DHCP_COOKIE_AT) == DHCP_COOKIE ? CLASSIFY_YES
										  : CLASSIFY_NO;
}

/* RFC 5905, 7.3: leap (2 bits), version (3), mode (3); modes 6 and 7 are for control. */
enum classify_verdict
classify_ntp(struct cursor *c, const struct classify_hint *at)
{
	static const uint8_t least[8] = { 0, 48, 48, 48, 48, 48, 12, 8 };
	unsigned version = *c->p >> 3 & 7, mode = *c->p & 7;

	(void)at;
	if (version < 1 || version > 4 || mode == 0)
		return CLASSIFY_NO;
	return cur_reported(c) >= least[mode] ? CLASSIFY_YES : CLASSIFY_NO;
}

#define BER_INTEGER  0x02
#define BER_OCTETS   0x04
#define BER_SEQUENCE 0x30

/* X.690, 8.1.3: the length of an element.  Forms of more than two bytes are not supported. */
static size_t
classify_ber_length(struct cursor *c)
{
	uint8_t first = cur_u8(c);

	if (first < 0x80)
		return first;
	if (first == 0x81)
		return cur_u8(c);
	return first == 0x82 ? cur_be16(c) : SIZE_MAX;
}

/* RFC 3416 and 3412: a sequence of the version and the community, or in version 3 a sequence */
enum classify_verdict
classify_snmp(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h;
	size_t length;

	(void)at;
	cur_skip(c, 1);
	length = classify_ber_length(c);
	if (!cur_may_hold(c, length))
		return CLASSIFY_NO;
	h = cur_take(c, 4);
	if (h == NULL || h[0] != BER_INTEGER || h[1] != 1)
		return CLASSIFY_NO;
	if (h[2] == 3)
		return h[3] == BER_SEQUENCE ? CLASSIFY_YES : CLASSIFY_NO;
	return h[2] < 3 && h[3] == BER_OCTETS ? CLASSIFY_YES : CLASSIFY_NO;
}

/* Preceded by (RFC 1002, 4.3.1): 0 (1) length (3). */
#define SMB_HEADER 32

enum classify_verdict
classify_smb(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return cur_be32(c) >= SMB_HEADER ? CLASSIFY_YES : CLASSIFY_NO;
}

/* Plain, encrypted and compressed (MS-SMB2, 2.2). */
enum classify_verdict
classify_smb2(struct cursor *c, const struct classify_hint *at)
{
	uint32_t length = cur_be32(c);
	uint8_t kind = cur_u8(c);

	(void)at;
	return length >= SMB_HEADER && kind >= 0xfc && kind <= 0xfe ? CLASSIFY_YES : CLASSIFY_NO;
}

#define PGSQL_MOST 10000 /* bytes of a startup message */

/* PostgreSQL's manual, "Message Formats": length (4)  version (4)  "user" ... */
enum classify_verdict
classify_pgsql(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 12);

	(void)at;
	return h != NULL && be32(h) <= PGSQL_MOST && memcmp(h + 8, "user", 4) == 0 ? CLASSIFY_YES
										   : CLASSIFY_NO;
}

#define TPKT_HEADER 4
#define X224_FIXED  7
#define X224_CR     0xe0
#define X224_CC     0xd0

/*
 * MS-RDPBCGR, 2.2.1.1 and 2.2.1.2: TPKT (4), length (1), type (1), references (4), class (1), then
 * a cookie or a negotiation (type, flags, 8 as le16); without them other users of X.224 look the
 * same.
 */
enum classify_verdict
classify_rdp(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, TPKT_HEADER + X224_FIXED + 4), *rest;

	(void)at;
	if (h == NULL || (h[5] != X224_CR && h[5] != X224_CC))
		return CLASSIFY_NO;
	rest = h + TPKT_HEADER + X224_FIXED;
	if (memcmp(rest, "Cook", 4) == 0)
		return CLASSIFY_YES;
	return rest[0] >= 1 && rest[0] <= 3 && le16(rest + 2) == 8 ? CLASSIFY_YES : CLASSIFY_NO;
}

/* MQTT 3.1 and 5.0, 3.1: 0x10, length (1 to 4), name's length (2), name */
enum classify_verdict
classify_mqtt(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h;
	unsigned i = 0;

	(void)at;
	cur_skip(c, 1);
	while (cur_u8(c) & 0x80)
		if (++i == 4)
			return CLASSIFY_NO;
	h = cur_take(c, 6);
	if (h == NULL)
		return CLASSIFY_NO;
	return memcmp(h, "\0\4MQTT", 6) == 0 || memcmp(h, "\0\6MQIs", 6) == 0 ? CLASSIFY_YES
									      : CLASSIFY_NO;
}

/* MySQL's "Protocol::HandshakeV10": length (le, 3)  0  10  "8.0.36" */
enum classify_verdict
classify_mysql(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 7);

	(void)at;
	return h != NULL && h[5] >= '3' && h[5] <= '9' &&
		(h[6] == '.' || (h[6] >= '0' && h[6] <= '9'))
	    ? CLASSIFY_YES
	    : CLASSIFY_NO;
}

/* 4, command (1), port (2), address (4), user, 0: all of the payload */
enum classify_verdict
classify_socks4(struct cursor *c, const struct classify_hint *at)
{
	size_t n = cur_captured(c);
	const uint8_t *h = cur_take(c, 9);

	(void)at;
	if (h == NULL || c->uncaptured > 0 || (h[1] != 1 && h[1] != 2) || be16(h + 2) == 0)
		return CLASSIFY_NO;
	return h[n - 1] == 0 ? CLASSIFY_YES : CLASSIFY_NO;
}

/* RFC 1928, 3: 5, number of methods (1), methods, of which few are known: all of the payload */
enum classify_verdict
classify_socks5(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 3);

	(void)at;
	if (h == NULL || h[1] == 0 || cur_reported(c) + 1 != h[1])
		return CLASSIFY_NO;
	return h[2] <= 9 ? CLASSIFY_YES : CLASSIFY_NO;
}

#define USER_PORTS 1024

/* RFC 3550, 6.4: version and count (1)  type (1)  length in words less one (2); what follows may be
 * encrypted (RFC 3711) */
enum classify_verdict
classify_rtcp(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h = cur_take(c, 4);
	size_t length = h != NULL ? be16(h + 2) * 4u : 0;

	if (at->low <= USER_PORTS || h == NULL || h[1] < 200 || h[1] > 207)
		return CLASSIFY_NO;
	return length > 0 && cur_may_hold(c, length) ? CLASSIFY_YES : CLASSIFY_NO;
}

/* RFC 3551, 6: assigned static types, and dynamic types */
static bool
classify_is_rtp_type(uint8_t type)
{
	static const uint64_t fixed = UINT64_C(0x79607fff9); /* 0 3-18 25 26 28 31-34 */

	return type >= 96 || (type < 35 && fixed >> type & 1);
}

/* RFC 3550, 5.1: version 2, no mixers (1)  type (1)  sequence (2)  stamp (4)  source (4) */
enum classify_verdict
classify_rtp(struct cursor *c, const struct classify_hint *at)
{
	const uint8_t *h;

	if (at->low <= USER_PORTS || at->low % 2 != 0 || at->high % 2 != 0)
		return CLASSIFY_NO;
	h = cur_take(c, 12);
	if (h == NULL || h[0] & 0x0f || !classify_is_rtp_type(h[1] & 0x7f) || be32(h + 8) == 0)
		return CLASSIFY_NO;
	return cur_reported(c) > 0 ? CLASSIFY_YES : CLASSIFY_NO;
}

#define FOU_SURE 4 /* score: the length is exact, and the checksum or the protocol matches */

static enum classify_verdict
classify_ip_at(const struct cursor *c, uint8_t at)
{
	const struct heuristic ip4 = { PROTO_IP, at }, ip6 = { PROTO_IPV6, at };

	return heuristic_score(c, &ip4) >= FOU_SURE || heuristic_score(c, &ip6) >= FOU_SURE
	    ? CLASSIFY_YES
	    : CLASSIFY_NO;
}

/* An IP packet directly in UDP, as in Linux's fou. */
enum classify_verdict
classify_ip_in_udp(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return classify_ip_at(c, 0);
}

/* An IP packet behind the shortest GRE or GUE header. */
enum classify_verdict
classify_ip_behind_word(struct cursor *c, const struct classify_hint *at)
{
	(void)at;
	return classify_ip_at(c, 4);
}
