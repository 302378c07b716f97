/*
 * Stacks of headers that are valid except for the errors in the input.
 *
 * The first byte selects the link, the second one the options of the dissection and the bytes cut
 * by the snap length. Then follow pairs of bytes up to a pair that begins with 0: a layer, and the
 * error in its header. The rest is the payload of the innermost layer.
 */
#include "config.h"

#include <string.h>

#include "dissect/dissect.h"
#include "fuzz.h"
#include "util/attr.h"

#define ROOM     4096
#define LAYERS   24
#define ETHERNET 0    /* its row */
#define INNER    0x80 /* of the second byte; the others: bytes that were cut off, times 4 */

/* A header: the offsets of the next layer's number and of the length. */
struct layer {
	const char *name; /* as in protos.def */
	const char *bytes;
	uint8_t n;            /* of bytes */
	uint8_t space;        /* enum proto_space of the number; SPACE_END: none */
	uint8_t next, next_n; /* offset and size of the number */
	uint8_t length, length_n;
	uint8_t without; /* bytes of the header that the length does not include */
};

#define BYTES(s)                   .bytes = s, .n = sizeof(s) - 1
#define NUMBER(space_, at, size)   .space = SPACE_##space_, .next = at, .next_n = size
#define LENGTH(at, size, without_) .length = at, .length_n = size, .without = without_

#define MAC "\2\0\0\0\0\1\2\0\0\0\0\2"
#define IP6 "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0"

/* clang-format off */
static const struct layer layers[] = {
	{ "eth", BYTES(MAC "\0\0"), NUMBER(ETHER, 12, 2) },
	{ "sll", BYTES("\0\0\0\1\0\6\2\0\0\0\0\1\0\0\0\0"), NUMBER(ETHER, 14, 2) },
	{ "sll2", BYTES("\0\0\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0"), NUMBER(ETHER, 0, 2) },
	{ "raw", BYTES("") },
	{ "ppp", BYTES("\xff\3\0\0"), NUMBER(PPP, 2, 2) },
	{ "chdlc", BYTES("\x0f\0\0\0"), NUMBER(ETHER, 2, 2) },
	{ "fr", BYTES("\x18\x41\3\0\x80\0\0\0\0\0"), NUMBER(ETHER, 8, 2) },
	{ "radiotap", BYTES("\0\0\x8\0\0\0\0\0") },
	{ "wlan", BYTES("\x08\1\0\0" MAC "\2\0\0\0\0\3\0\0\xaa\xaa\3\0\0\0\0\0"), NUMBER(ETHER, 30, 2) },
	{ "pflog", BYTES("\x3d\2\0\0eth0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0") },
	{ "nflog", BYTES("\2\0\0\0\0\0\0\x9"), LENGTH(4, 2, 4) },
	{ "vlan", BYTES("\0\7\0\0"), NUMBER(ETHER, 2, 2) },
	{ "llc", BYTES("\xaa\xaa\3\0\0\0\0\0"), NUMBER(ETHER, 6, 2) },
	{ "mpls", BYTES("\0\1\1\x40") },
	{ "mpls", BYTES("\0\1\0\x40\0\1\1\x40\0\0\0\0") },
	{ "pppoes", BYTES("\x11\0\0\1\0\0\0\0"), NUMBER(PPP, 6, 2), LENGTH(4, 2, 6) },
	{ "etag", BYTES("\0\0\0\1\0\0\0\0"), NUMBER(ETHER, 6, 2) },
	{ "vntag", BYTES("\0\1\0\2\0\0"), NUMBER(ETHER, 4, 2) },
	{ "hsr", BYTES("\0\x40\0\1\0\0"), NUMBER(ETHER, 4, 2) },
	{ "ieee8021cb", BYTES("\0\0\0\1\0\0"), NUMBER(ETHER, 4, 2) },
	{ "ieee8021ah", BYTES("\0\0\0\1" MAC "\0\0"), NUMBER(ETHER, 16, 2) },
	{ "macsec", BYTES("\0\0\0\0\0\1\0\0"), NUMBER(ETHER, 6, 2) },
	{ "batadv", BYTES("\x40\xf\x32\1\2\0\0\0\0\2") },
	{ "trill", BYTES("\0\x8\0\1\0\2") },
	{ "nsh", BYTES("\x0f\xc2\2\1\0\0\1\xff\0\0\0\0\0\0\0\0") },
	{ "ip", BYTES("E\0\0\0\0\1\0\0\x40\0\0\0\xc0\0\2\1\xc0\0\2\2"), NUMBER(IP, 9, 1), LENGTH(2, 2, 0) },
	{ "ip", BYTES("F\0\0\0\0\1\0\0\x40\0\0\0\xc0\0\2\1\xc0\0\2\2\x94\4\0\0"), NUMBER(IP, 9, 1), LENGTH(2, 2, 0) },
	{ "ip", BYTES("E\0\0\0\0\1\x20\0\x40\0\0\0\xc0\0\2\1\xc0\0\2\2"), NUMBER(IP, 9, 1), LENGTH(2, 2, 0) },
	{ "ip", BYTES("E\0\0\0\0\1\0\x10\x40\0\0\0\xc0\0\2\1\xc0\0\2\2"), NUMBER(IP, 9, 1), LENGTH(2, 2, 0) },
	{ "ipv6", BYTES("\x60\0\0\0\0\0\0\x40" IP6 "\1" IP6 "\2"), NUMBER(IP, 6, 1), LENGTH(4, 2, 40) },
	{ "ipv6", BYTES("\x60\0\0\0\0\0\0\x40" IP6 "\1" IP6 "\2\0\0\1\4\0\0\0\0"), NUMBER(IP, 40, 1), LENGTH(4, 2, 40) },
	{ "ipv6", BYTES("\x60\0\0\0\0\0\x2b\x40" IP6 "\1" IP6 "\2\0\2\4\1\0\0\0\0" IP6 "\3"), NUMBER(IP, 40, 1), LENGTH(4, 2, 40) },
	{ "ipv6", BYTES("\x60\0\0\0\0\0\x2c\x40" IP6 "\1" IP6 "\2\0\0\0\1\0\0\0\1"), NUMBER(IP, 40, 1), LENGTH(4, 2, 40) },
	{ "ah", BYTES("\0\4\0\0\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0"), NUMBER(IP, 0, 1) },
	{ "esp", BYTES("\0\0\0\1\0\0\0\1") },
	{ "icmp", BYTES("\3\1\0\0\0\0\0\0") },
	{ "icmpv6", BYTES("\1\4\0\0\0\0\0\0") },
	{ "tcp", BYTES("\xc3\x50\0\0\0\0\0\1\0\0\0\1\x50\x18\1\0\0\0\0\0"), NUMBER(TCP, 2, 2) },
	{ "tcp", BYTES("\xc3\x50\0\0\0\0\0\1\0\0\0\0\x60\2\1\0\0\0\0\0\2\4\5\xb4"), NUMBER(TCP, 2, 2) },
	{ "udp", BYTES("\xc3\x50\0\0\0\0\0\0"), NUMBER(UDP, 2, 2), LENGTH(4, 2, 0) },
	{ "udplite", BYTES("\xc3\x50\0\0\0\0\0\0"), NUMBER(UDP, 2, 2), LENGTH(4, 2, 0) },
	{ "sctp", BYTES("\xc3\x50\0\0\0\0\0\1\0\0\0\0\0\3\0\0"), NUMBER(SCTP, 2, 2), LENGTH(14, 2, 12) },
	{ "dccp", BYTES("\xc3\x50\0\0\4\0\0\0\0\0\0\0\0\0\0\1"), NUMBER(UDP, 2, 2) },
	{ "gre", BYTES("\0\0\0\0"), NUMBER(ETHER, 2, 2) },
	{ "gre", BYTES("\xb0\0\0\0\0\0\0\0\0\0\0\7\0\0\0\1"), NUMBER(ETHER, 2, 2) },
	{ "gre", BYTES("\x30\1\x88\xb\0\0\0\1\0\0\0\1"), LENGTH(4, 2, 12) },
	{ "etherip", BYTES("\x30\0") },
	{ "pim", BYTES("\x21\0\0\0\0\0\0\0") },
	{ "vxlan", BYTES("\x8\0\0\0\0\0\7\0") },
	{ "vxlan-gpe", BYTES("\xc\0\0\1\0\0\7\0") },
	{ "geneve", BYTES("\0\0\0\0\0\0\7\0"), NUMBER(ETHER, 2, 2) },
	{ "geneve", BYTES("\1\0\0\0\0\0\7\0\1\2\3\0"), NUMBER(ETHER, 2, 2) },
	{ "gtp", BYTES("\x30\xff\0\0\0\0\0\1"), LENGTH(2, 2, 8) },
	{ "gtp", BYTES("\x36\xff\0\0\0\0\0\1\0\1\0\x85\1\0\1\0"), LENGTH(2, 2, 8) },
	{ "l2tp", BYTES("\x40\2\0\0\0\1\0\1\xff\3\0\0"), NUMBER(PPP, 10, 2), LENGTH(2, 2, 0) },
	{ "teredo", BYTES("\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "teredo", BYTES("\0\0\x3f\xff\xc0\0\2\1") },
	{ "udpencap", BYTES("\0\0\0\1\0\0\0\1") },
	{ "capwap.data", BYTES("\0\x10\2\0\0\0\0\0") },
	{ "lwapp", BYTES("\0\0\0\0\0\0"), LENGTH(2, 2, 6) },
	{ "ayiya", BYTES("\x40\x52\x11\0\0\0\0\0" IP6 "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NUMBER(IP, 3, 1) },
	{ "tzsp", BYTES("\1\0\0\1\1") },
	{ "lisp-data", BYTES("\x80\0\0\1\0\0\0\0") },
	{ "fou", BYTES("") },
	{ "dns", BYTES("\0\1\x81\x80\0\1\0\1\0\0\0\0\1a\0\0\1\0\1\xc0\xc\0\1\0\1\0\0\0\1\0\4\xc0\0\2\1") },
	{ "tls", BYTES("\x16\3\1\0\0\1\0\0\0\3\3"), LENGTH(3, 2, 5) },
	{ "http", BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "quic", BYTES("\xc3\0\0\0\1\x8\0\0\0\0\0\0\0\0\0\0\x40\0") },
};
/* clang-format on */

/* The error in the second byte of a pair; its upper bits are the position or the amount. */
enum wrong {
	WRONG_SHORT = 4, /* the length is too small */
	WRONG_LONG,
	WRONG_NUMBER, /* an unknown number of the next layer */
	WRONG_BIT,    /* of the header */
	WRONGS
};

/* A frame that grows to the front. It ends at the end of its memory, so that a sanitizer detects
 * reads past it. */
struct stack {
	size_t start;
	uint8_t room[ROOM];
};

static struct dissector *dissector;
static uint16_t numbers[NITEMS(layers)]
		       [SPACE_MAX]; /* of each layer; 0: it has none in that space */

static void
begin(void)
{
	dissector = dissector_new();
	for (unsigned i = 0; i < NITEMS(layers); i++)
		for (unsigned space = SPACE_LINK; space <= SPACE_SCTP; space++)
			proto_id_by_name(
			    layers[i].name, (enum proto_space)space, &numbers[i][space]);
}

static void
put_number(uint8_t *at, unsigned n, size_t value)
{
	for (unsigned i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> 8 * (n - 1 - i));
}

static void
put_layer(struct stack *s, const struct layer *l, uint16_t next, uint8_t wrong)
{
	enum wrong kind = (enum wrong)(wrong % WRONGS);
	size_t all, much = wrong / WRONGS;
	uint8_t *h;

	if (l->n > s->start)
		return;
	s->start -= l->n;
	h = s->room + s->start;
	memcpy(h, l->bytes, l->n);
	all = ROOM - s->start - l->without;
	if (kind == WRONG_SHORT)
		all -= much;
	else if (kind == WRONG_LONG)
		all += much;
	put_number(h + l->length, l->length_n, all);
	put_number(h + l->next, l->next_n, kind == WRONG_NUMBER ? much : next);
	if (kind == WRONG_BIT && l->n > 0)
		h[much / 2 % l->n] ^= (uint8_t)(much % 2 == 0 ? 1 : 0x80);
}

/* The layers in the input, around the rest of it. */
static void
put_stack(struct stack *s, struct input *in, unsigned link)
{
	unsigned layer[LAYERS] = { link }, n = 1;
	uint8_t wrong[LAYERS] = { 0 };
	uint16_t next = 0;
	size_t rest;

	for (uint8_t choice; n < LAYERS && (choice = input_byte(in)) != 0; n++) {
		layer[n] = choice % NITEMS(layers);
		wrong[n] = input_byte(in);
	}
	rest = in->left < ROOM / 2 ? in->left : ROOM / 2;
	s->start = ROOM - rest;
	memcpy(s->room + s->start, in->p, rest);
	while (n-- > 0) {
		put_layer(s, &layers[layer[n]], next, wrong[n]);
		next = n > 0 ? numbers[layer[n]][layers[layer[n - 1]].space] : 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stack stack;
	struct input in = { data, size };
	unsigned link = input_byte(&in) % NITEMS(layers);
	uint8_t how = input_byte(&in);
	uint32_t cut = (how % INNER) * 4u;
	struct frame f = { 0 };

	if (dissector == NULL)
		begin();
	if (numbers[link][SPACE_LINK] == 0)
		link = ETHERNET;
	f.linktype = numbers[link][SPACE_LINK];
	put_stack(&stack, &in, link);
	f.len = (uint32_t)(ROOM - stack.start);
	f.caplen = cut < f.len ? f.len - cut : 0;
	f.data = stack.room + stack.start;
	dissector_set_decap(dissector, (how & INNER) != 0);
	check_frame(dissector, &f);
	return 0;
}
