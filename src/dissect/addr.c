#include "config.h"

#include "dissect/addr.h"

#include <string.h>

#include "dissect/cursor.h"
#include "util/buf.h"

#define GROUPS 8 /* of 16 bits in an IPv6 address */

int
addr_compare(const struct addr *x, const struct addr *y)
{
	return memcmp(x->b, y->b, sizeof(x->b));
}

static uint16_t
addr_ip6_group(const struct addr *a, unsigned i)
{
	return (uint16_t)(a->b[2 * i] << 8 | a->b[2 * i + 1]);
}

static void
addr_ip4_text(struct buf *b, const uint8_t *p)
{
	for (unsigned i = 0; i < 4; i++) {
		if (i > 0)
			buf_addc(b, '.');
		buf_addu(b, p[i]);
	}
}

/* Finds the longest run of at least two zero groups, the first of equal ones (RFC 5952, 4.2). */
static void
addr_find_zero_run(const struct addr *a, unsigned *at, unsigned *len)
{
	unsigned run = 0;

	*at = GROUPS;
	*len = 1;
	for (unsigned i = 0; i < GROUPS; i++) {
		run = addr_ip6_group(a, i) == 0 ? run + 1 : 0;
		if (run > *len) {
			*len = run;
			*at = i + 1 - run;
		}
	}
}

static void
addr_hex16_text(struct buf *b, unsigned v)
{
	static const char digit[] = "0123456789abcdef";
	bool begun = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		begun = begun || (v >> shift & 15) != 0 || shift == 0;
		if (begun)
			buf_addc(b, digit[v >> shift & 15]);
	}
}

static void
addr_ip6_text(struct buf *b, const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned at, len, i = 0;

	if (memcmp(a->b, mapped, sizeof(mapped)) == 0) {
		buf_adds(b, "::ffff:");
		addr_ip4_text(b, a->b + 12);
		return;
	}
	addr_find_zero_run(a, &at, &len);
	while (i < GROUPS) {
		if (i == at) {
			buf_adds(b, "::");
			i += len;
			continue;
		}
		if (i > 0 && i != at + len)
			buf_addc(b, ':');
		addr_hex16_text(b, addr_ip6_group(a, i++));
	}
}

static void
addr_mac_text(struct buf *b, const struct addr *a)
{
	unsigned n = a->b[8] == 8 ? 8 : 6;

	for (unsigned i = 0; i < n; i++)
		buf_addf(b, i > 0 ? ":%02x" : "%02x", a->b[i]);
}

void
addr_text(struct buf *b, enum addr_kind kind, const struct addr *a)
{
	switch (addr_is_present(kind, a) ? kind : ADDR_NONE) {
	case ADDR_IP4:
		addr_ip4_text(b, a->b);
		break;
	case ADDR_IP6:
		addr_ip6_text(b, a);
		break;
	case ADDR_MAC:
		addr_mac_text(b, a);
		break;
	case ADDR_NONE:
		buf_addc(b, '-');
		break;
	}
}

/* Parses a number of at most max digits and advances *s.  Returns -1 if there are no digits or too
 * many. */
static int
addr_parse_number(const char **s, int base, unsigned max)
{
	static const char digits[] = "0123456789abcdef";
	unsigned n;
	int value = 0;

	for (n = 0; n <= max; n++) {
		int c = **s >= 'A' && **s <= 'F' ? **s + ('a' - 'A') : **s;
		const char *d = c != '\0' ? memchr(digits, c, (size_t)base) : NULL;

		if (d == NULL)
			break;
		value = value * base + (int)(d - digits);
		(*s)++;
	}
	return n == 0 || n > max ? -1 : value;
}

/* Four decimal numbers up to 255 without leading zeros, and nothing else. */
static bool
addr_ip4_parse(const char *s, uint8_t out[4])
{
	const char *begin;
	int v;

	for (unsigned i = 0; i < 4; i++) {
		if (i > 0 && *s++ != '.')
			return false;
		begin = s;
		v = addr_parse_number(&s, 10, 3);
		if (v < 0 || v > 255 || (*begin == '0' && s - begin > 1))
			return false;
		out[i] = (uint8_t)v;
	}
	return *s == '\0';
}

/* Parser state of an IPv6 address: n bytes, and the position of "::". */
struct addr_ip6_parser {
	uint8_t b[16];
	unsigned n, gap;
	bool has_gap;
};

/* Parses one group, or an IPv4 address at the end. */
static bool
addr_ip6_parse_group(struct addr_ip6_parser *r, const char **s)
{
	const char *begin = *s;
	int v = addr_parse_number(s, 16, 4);

	if (**s == '.' && r->n <= 12 && addr_ip4_parse(begin, r->b + r->n)) {
		r->n += 4;
		*s += strlen(*s);
		return true;
	}
	if (v < 0 || r->n > 14)
		return false;
	r->b[r->n++] = (uint8_t)(v >> 8);
	r->b[r->n++] = (uint8_t)v;
	return true;
}

/* Parses "::", allowed once, or the ':' before a group. */
static bool
addr_ip6_parse_colon(struct addr_ip6_parser *r, const char **s)
{
	if (strncmp(*s, "::", 2) == 0) {
		if (r->has_gap)
			return false;
		r->has_gap = true;
		r->gap = r->n;
		*s += 2;
		return true;
	}
	if (**s != ':' || r->n == 0)
		return false;
	(*s)++;
	return **s != '\0' && **s != ':';
}

static bool
addr_ip6_parse(const char *s, uint8_t out[16])
{
	struct addr_ip6_parser r = { .n = 0 };
	unsigned tail;

	if (*s == ':' && s[1] != ':')
		return false;
	while (*s != '\0') {
		if ((r.n > 0 || *s == ':') && !addr_ip6_parse_colon(&r, &s))
			return false;
		if (*s != '\0' && !addr_ip6_parse_group(&r, &s))
			return false;
	}
	if (r.has_gap ? r.n > 14 : r.n != 16)
		return false;
	tail = r.has_gap ? r.n - r.gap : 0;
	memset(out, 0, 16);
	memcpy(out, r.b, r.n - tail);
	memcpy(out + 16 - tail, r.b + r.n - tail, tail);
	return true;
}

bool
addr_parse(const char *s, enum addr_kind *kind, struct addr *a)
{
	struct addr out = { 0 };

	if (addr_ip4_parse(s, out.b))
		*kind = ADDR_IP4;
	else if (addr_ip6_parse(s, out.b))
		*kind = ADDR_IP6;
	else
		return false;
	*a = out;
	return true;
}

void
addr_mask(struct addr *a, unsigned bits)
{
	for (unsigned i = 0; i < sizeof(a->b); i++) {
		unsigned kept = bits > 8 * i ? bits - 8 * i : 0;

		if (kept < 8)
			a->b[i] &= (uint8_t)(0xff00 >> kept);
	}
}

bool
net_parse(const char *s, struct net *n)
{
	char text[64];
	const char *slash = strchr(s, '/');
	size_t len = slash != NULL ? (size_t)(slash - s) : strlen(s);
	enum addr_kind kind;
	struct net out = { .is_broadcast = false };
	int bits, most;

	if (len >= sizeof(text))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	if (!addr_parse(text, &kind, &out.addr))
		return false;
	most = bits = kind == ADDR_IP4 ? 32 : 128;
	if (slash != NULL) {
		s = slash + 1;
		bits = addr_parse_number(&s, 10, 3);
		if (bits < 0 || bits > most || *s != '\0')
			return false;
	}
	out.kind = (uint8_t)kind;
	out.bits = (uint8_t)bits;
	addr_mask(&out.addr, out.bits);
	*n = out;
	return true;
}

void
net_text(struct buf *b, const struct net *n)
{
	addr_text(b, (enum addr_kind)n->kind, &n->addr);
	buf_addf(b, "/%u", n->bits);
}

bool
net_contains(const struct net *n, enum addr_kind kind, const struct addr *a)
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;

	if (kind != n->kind || memcmp(n->addr.b, a->b, whole) != 0)
		return false;
	return rest == 0 || (n->addr.b[whole] ^ a->b[whole]) >> (8 - rest) == 0;
}

static bool
addr_is_in_any(const struct net *nets, size_t n, enum addr_kind kind, const struct addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (net_contains(&nets[i], kind, a))
			return true;
	return false;
}

bool
addr_is_non_global(enum addr_kind kind, const struct addr *a)
{
	static const struct net nets[] = {
		{ .addr = { .b = { 10 } }, .kind = ADDR_IP4, .bits = 8 },
		{ .addr = { .b = { 100, 64 } }, .kind = ADDR_IP4, .bits = 10 },
		{ .addr = { .b = { 169, 254 } }, .kind = ADDR_IP4, .bits = 16 },
		{ .addr = { .b = { 172, 16 } }, .kind = ADDR_IP4, .bits = 12 },
		{ .addr = { .b = { 192, 0, 0 } }, .kind = ADDR_IP4, .bits = 24 },
		{ .addr = { .b = { 192, 0, 2 } }, .kind = ADDR_IP4, .bits = 24 },
		{ .addr = { .b = { 192, 168 } }, .kind = ADDR_IP4, .bits = 16 },
		{ .addr = { .b = { 198, 18 } }, .kind = ADDR_IP4, .bits = 15 },
		{ .addr = { .b = { 198, 51, 100 } }, .kind = ADDR_IP4, .bits = 24 },
		{ .addr = { .b = { 203, 0, 113 } }, .kind = ADDR_IP4, .bits = 24 },
		{ .addr = { .b = { 0x20, 0x01, 0x0d, 0xb8 } }, .kind = ADDR_IP6, .bits = 32 },
		{ .addr = { .b = { 0xfc } }, .kind = ADDR_IP6, .bits = 7 },
		{ .addr = { .b = { 0xfe, 0x80 } }, .kind = ADDR_IP6, .bits = 10 },
	};

	return addr_is_in_any(nets, NITEMS(nets), kind, a);
}

bool
addr_is_link_local(enum addr_kind kind, const struct addr *a)
{
	static const struct net nets[] = {
		{ .addr = { .b = { 169, 254 } }, .kind = ADDR_IP4, .bits = 16 },
		{ .addr = { .b = { 0xfe, 0x80 } }, .kind = ADDR_IP6, .bits = 10 },
	};

	return addr_is_in_any(nets, NITEMS(nets), kind, a);
}

bool
net_is_broadcast(const struct net *n, enum addr_kind kind, const struct addr *a)
{
	uint32_t host = n->bits < 32 ? UINT32_MAX >> n->bits : 0;

	if (kind != ADDR_IP4 || !net_contains(n, kind, a))
		return false;
	/* A /31 network has no broadcast address (RFC 3021). */
	return n->is_broadcast || (n->bits < 31 && (be32(a->b) & host) == host);
}

bool
addr_is_group(enum addr_kind kind, const struct addr *a)
{
	static const uint8_t all[4] = { 0xff, 0xff, 0xff, 0xff };

	switch (kind) {
	case ADDR_IP4:
		return (a->b[0] & 0xf0) == 0xe0 || memcmp(a->b, all, sizeof(all)) == 0;
	case ADDR_IP6:
		return a->b[0] == 0xff;
	case ADDR_MAC:
		return (a->b[0] & 1) != 0;
	case ADDR_NONE:
		break;
	}
	return false;
}
