/*
 * Writes the packets that a case describes as a capture file: mkcap CASE CAPTURE
 *
 * It reads the lines "link NUMBER" (the file's link type; default Ethernet) and those that begin
 * with a time, in seconds. After the time come the packet's layers, outermost first, separated by
 * blanks and slashes:
 *
 *	0.25  eth / vlan 7 / ip 192.0.2.1 198.51.100.9 / tcp 40000 443 PA 1 1 / data 300
 *
 * "repeat COUNT GAP" to "end" are lines that come COUNT times, GAP seconds apart; in these {N}
 *stands for N plus the number of the repetition, from 0.
 *
 * The layers are in the table at the end. Lengths and types are filled in; checksums are zero,
 * because pkttop does not check them.
 */
#include "config.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcapfile.h"
#include "util/attr.h"
#include "util/buf.h"

#define EPOCH    UINT64_C(1767225600000000000) /* 2026-01-01T00:00:00Z */
#define NS_PER_S 1e9
#define ROOM     65536
#define WORDS    8
#define LAYERS   16
#define ETHERNET 1
#define SNAPLEN  262144

struct kind;

struct layer {
	const struct kind *kind;
	const char *word[WORDS]; /* the words after the layer's name */
	int words;
};

/* A packet that grows to the front: inner layers are built before outer ones. */
struct packet {
	uint8_t room[ROOM];
	size_t start;
	uint32_t cut, wire; /* 0: all of it */
};

struct kind {
	const char *name;
	int least; /* minimum number of words after it */
	void (*put)(struct packet *p, const struct layer *l, const struct layer *next);
	/* Its number in the layer before it. */
	uint16_t ethertype, ppp;
	uint8_t ip;
};

static const char *file_name;
static unsigned line_number;

static void ATTR_NORETURN ATTR_PRINTF(1, 2) fail(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%u: ", file_name, line_number);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static uint64_t
number(const char *s)
{
	char *end;
	uint64_t n = strtoull(s, &end, 0);

	if (end == s || *end != '\0')
		fail("%s: a number is wanted", s);
	return n;
}

/* The number in word i, or the default if there is none. */
static uint64_t
number_at(const struct layer *l, int i, uint64_t otherwise)
{
	return i < l->words ? number(l->word[i]) : otherwise;
}

static size_t
length(const struct packet *p)
{
	return ROOM - p->start;
}

/* Adds n zero bytes in front. */
static uint8_t *
grow(struct packet *p, size_t n)
{
	if (n > p->start)
		fail("the packet is too long");
	p->start -= n;
	return memset(p->room + p->start, 0, n);
}

static void
put_mac(uint8_t *p, const char *s)
{
	unsigned b[6];

	if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != 6)
		fail("%s: a link address is wanted", s);
	for (int i = 0; i < 6; i++)
		p[i] = (uint8_t)b[i];
}

static void
put_ip(uint8_t *p, int family, const char *s)
{
	if (inet_pton(family, s, p) != 1)
		fail("%s: an address is wanted", s);
}

static uint16_t
ethertype(const struct layer *next)
{
	return next != NULL ? next->kind->ethertype : 0;
}

static uint8_t
ip_protocol(const struct layer *next)
{
	return next != NULL ? next->kind->ip : 0;
}

static void
put_eth(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 14);

	put_mac(h, l->words > 1 ? l->word[1] : "02:00:00:00:00:02");
	put_mac(h + 6, l->words > 0 ? l->word[0] : "02:00:00:00:00:01");
	pcapfile_put(h + 12, ethertype(next), 2);
}

static void
put_vlan(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 4);

	pcapfile_put(h, number(l->word[0]), 2);
	pcapfile_put(h + 2, ethertype(next), 2);
}

static void
put_mpls(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint64_t bottom = next == NULL || next->kind->put != put_mpls;

	pcapfile_put(grow(p, 4), number(l->word[0]) << 12 | bottom << 8 | 64, 4);
}

static void
put_pppoe(struct packet *p, const struct layer *l, const struct layer *next)
{
	size_t payload = length(p);
	uint8_t *h = grow(p, 8);

	h[0] = 0x11;
	pcapfile_put(h + 2, number_at(l, 0, 1), 2);
	pcapfile_put(h + 4, payload + 2, 2);
	pcapfile_put(h + 6, next != NULL ? next->kind->ppp : 0, 2);
}

static void
put_arp(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 28);

	(void)next;
	pcapfile_put(h, UINT64_C(0x0001080006040001), 8);
	put_mac(h + 8, "02:00:00:00:00:01");
	put_ip(h + 14, AF_INET, l->word[0]);
	put_ip(h + 24, AF_INET, l->word[1]);
}

/* ip FROM TO [OFFSET MORE-FOLLOW PROTOCOL] */
static void
put_ip4(struct packet *p, const struct layer *l, const struct layer *next)
{
	size_t payload = length(p);
	uint8_t *h = grow(p, 20);
	uint64_t more = number_at(l, 3, 0);

	h[0] = 0x45;
	pcapfile_put(h + 2, payload + 20, 2);
	pcapfile_put(h + 4, number_at(l, 5, 0x2a2a), 2);
	pcapfile_put(h + 6, more << 13 | number_at(l, 2, 0) >> 3, 2);
	h[8] = (uint8_t)number_at(l, 6, 64);
	h[9] = (uint8_t)number_at(l, 4, ip_protocol(next));
	put_ip(h + 12, AF_INET, l->word[0]);
	put_ip(h + 16, AF_INET, l->word[1]);
}

static void
put_ip6(struct packet *p, const struct layer *l, const struct layer *next)
{
	size_t payload = length(p);
	uint8_t *h = grow(p, 40);

	h[0] = 0x60;
	pcapfile_put(h + 4, payload, 2);
	h[6] = (uint8_t)number_at(l, 2, ip_protocol(next));
	h[7] = 64;
	put_ip(h + 8, AF_INET6, l->word[0]);
	put_ip(h + 24, AF_INET6, l->word[1]);
}

static void
put_hop(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 8);

	(void)l;
	h[0] = ip_protocol(next);
	h[2] = 1; /* PadN of the other four bytes */
	h[3] = 4;
}

static uint8_t
tcp_flags(const char *s)
{
	static const char letters[] = "FSRPAUEC";
	uint8_t flags = 0;

	for (; *s != '\0'; s++) {
		const char *at = strchr(letters, *s);

		if (at == NULL)
			fail("%c: no TCP flag; they are %s", *s, letters);
		else
			flags |= (uint8_t)(1u << (at - letters));
	}
	return flags;
}

/* tcp FROM TO FLAGS [SEQUENCE ACKNOWLEDGED WINDOW] */
static void
put_tcp(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 20);

	(void)next;
	pcapfile_put(h, number(l->word[0]), 2);
	pcapfile_put(h + 2, number(l->word[1]), 2);
	pcapfile_put(h + 4, number_at(l, 3, 0), 4);
	pcapfile_put(h + 8, number_at(l, 4, 0), 4);
	h[12] = 5 << 4;
	h[13] = tcp_flags(l->word[2]);
	pcapfile_put(h + 14, number_at(l, 5, 65535), 2);
}

static void
put_udp(struct packet *p, const struct layer *l, const struct layer *next)
{
	size_t payload = length(p);
	uint8_t *h = grow(p, 8);

	(void)next;
	pcapfile_put(h, number(l->word[0]), 2);
	pcapfile_put(h + 2, number(l->word[1]), 2);
	pcapfile_put(h + 4, payload + 8, 2);
}

static void
put_icmp(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 8);

	(void)next;
	h[0] = (uint8_t)number(l->word[0]);
	h[1] = (uint8_t)number_at(l, 1, 0);
}

static void
put_gre(struct packet *p, const struct layer *l, const struct layer *next)
{
	(void)l;
	pcapfile_put(grow(p, 4) + 2, ethertype(next), 2);
}

static void
put_vxlan(struct packet *p, const struct layer *l, const struct layer *next)
{
	uint8_t *h = grow(p, 8);

	(void)next;
	h[0] = 0x08;
	pcapfile_put(h + 4, number(l->word[0]), 3);
}

static void
put_data(struct packet *p, const struct layer *l, const struct layer *next)
{
	size_t n = (size_t)number(l->word[0]);

	(void)next;
	memset(grow(p, n), 'x', n);
}

/* Hex words, concatenated. */
static void
put_hex(struct packet *p, const struct layer *l, const struct layer *next)
{
	(void)next;
	for (int i = l->words - 1; i >= 0; i--) {
		size_t n = strlen(l->word[i]) / 2;
		uint8_t *h = grow(p, n);
		unsigned byte;

		for (size_t k = 0; k < n; k++) {
			if (sscanf(l->word[i] + 2 * k, "%2x", &byte) != 1)
				fail("%s: hexadecimal digits are wanted", l->word[i]);
			h[k] = (uint8_t)byte;
		}
	}
}

/* Only so many bytes are in the file. */
static void
put_cut(struct packet *p, const struct layer *l, const struct layer *next)
{
	(void)next;
	p->cut = (uint32_t)number(l->word[0]);
}

/* Length of the packet on the link. */
static void
put_wire(struct packet *p, const struct layer *l, const struct layer *next)
{
	(void)next;
	p->wire = (uint32_t)number(l->word[0]);
}

/* clang-format off */
static const struct kind kinds[] = {
	{ .name = "eth", .least = 0, .put = put_eth, .ethertype = 0x6558 },
	{ .name = "vlan", .least = 1, .put = put_vlan, .ethertype = 0x8100 },
	{ .name = "mpls", .least = 1, .put = put_mpls, .ethertype = 0x8847, .ppp = 0x0281 },
	{ .name = "pppoe", .least = 0, .put = put_pppoe, .ethertype = 0x8864 },
	{ .name = "arp", .least = 2, .put = put_arp, .ethertype = 0x0806 },
	{ .name = "ip", .least = 2, .put = put_ip4, .ethertype = 0x0800, .ppp = 0x0021, .ip = 4 },
	{ .name = "ip6", .least = 2, .put = put_ip6, .ethertype = 0x86dd, .ppp = 0x0057, .ip = 41 },
	{ .name = "hop", .least = 0, .put = put_hop },
	{ .name = "tcp", .least = 3, .put = put_tcp, .ip = 6 },
	{ .name = "udp", .least = 2, .put = put_udp, .ip = 17 },
	{ .name = "icmp", .least = 1, .put = put_icmp, .ip = 1 },
	{ .name = "icmp6", .least = 1, .put = put_icmp, .ip = 58 },
	{ .name = "gre", .least = 0, .put = put_gre, .ip = 47 },
	{ .name = "vxlan", .least = 1, .put = put_vxlan },
	{ .name = "data", .least = 1, .put = put_data },
	{ .name = "hex", .least = 1, .put = put_hex },
	{ .name = "cut", .least = 1, .put = put_cut },
	{ .name = "wire", .least = 1, .put = put_wire },
};
/* clang-format on */

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < NITEMS(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* Splits a line, without its time, into layers. The words are parts of text. */
static int
read_layers(char *text, struct layer *layer)
{
	bool begins = true;
	int n = 0;

	for (char *word; (word = strsep(&text, " \t\n")) != NULL;) {
		if (*word == '\0')
			continue;
		if (strcmp(word, "/") == 0) {
			begins = true;
		} else if (begins) {
			if (n == LAYERS)
				fail("too many layers");
			layer[n] = (struct layer){ .kind = find_kind(word) };
			if (layer[n++].kind == NULL)
				fail("%s: no such layer", word);
			begins = false;
		} else {
			if (layer[n - 1].words == WORDS)
				fail("%s: too many words", word);
			layer[n - 1].word[layer[n - 1].words++] = word;
		}
	}
	return n;
}

static void
build(struct packet *p, const struct layer *layer, int n)
{
	const struct layer *next = NULL;

	p->start = ROOM;
	p->cut = p->wire = 0;
	while (n-- > 0) {
		const struct layer *l = &layer[n];

		if (l->words < l->kind->least)
			fail("%s: %d words are wanted", l->kind->name, l->kind->least);
		l->kind->put(p, l, next);
		next = l;
	}
}

static void
write_packet(FILE *out, uint64_t ns, char *text)
{
	static struct packet p;
	struct layer layer[LAYERS];
	uint32_t caplen, len;

	build(&p, layer, read_layers(text, layer));
	caplen = (uint32_t)length(&p);
	len = p.wire != 0 ? p.wire : caplen;
	if (p.cut != 0 && p.cut < caplen)
		caplen = p.cut;
	pcapfile_packet(out, ns, p.room + p.start, caplen, len);
}

#define BLOCK_LINES 16
#define BLOCK_LINE  512

struct capture {
	FILE *file;
	uint32_t link;
	bool begun;
	/* a block that is repeated */
	unsigned count, n_lines;
	double gap;
	char block[BLOCK_LINES][BLOCK_LINE];
};

static void
begin(struct capture *c)
{
	if (!c->begun)
		pcapfile_begin(c->file, c->link, SNAPLEN);
	c->begun = true;
}

static void
take_packet(struct capture *c, char *line, double later)
{
	char *rest;
	double seconds;

	begin(c);
	seconds = strtod(line, &rest) + later;
	write_packet(c->file, EPOCH + (uint64_t)(seconds * NS_PER_S), rest);
}

/* Copies a line of a block, with the numbers of repetition i. */
static void
expand(struct buf *out, const char *line, unsigned i)
{
	char *end;

	for (; *line != '\0'; line++) {
		if (*line == '{') {
			buf_addu(out, strtoul(line + 1, &end, 10) + i);
			line = end;
		} else {
			buf_addc(out, *line);
		}
	}
}

static void
write_block(struct capture *c)
{
	char text[2 * BLOCK_LINE];
	struct buf line;

	buf_init(&line, text, sizeof(text));
	for (unsigned i = 0; i < c->count; i++) {
		for (unsigned n = 0; n < c->n_lines; n++) {
			buf_clear(&line);
			expand(&line, c->block[n], i);
			take_packet(c, text, i * c->gap);
		}
	}
	c->count = c->n_lines = 0;
}

/* Skips the lines of the test runner. */
static void
take_line(struct capture *c, char *line)
{
	if (sscanf(line, "link %" SCNu32, &c->link) == 1 ||
	    sscanf(line, "repeat %u %lf", &c->count, &c->gap) == 2)
		return;
	if (strncmp(line, "end", 3) == 0)
		write_block(c);
	if (*line < '0' || *line > '9')
		return;
	if (c->count == 0)
		take_packet(c, line, 0);
	else if (c->n_lines == BLOCK_LINES ||
	    strlcpy(c->block[c->n_lines++], line, BLOCK_LINE) >= BLOCK_LINE)
		fail("the block is too long");
}

int
main(int argc, char **argv)
{
	struct capture c = { .link = ETHERNET };
	char *line = NULL;
	size_t room = 0;
	FILE *in;

	if (argc != 3) {
		fputs("usage: mkcap CASE CAPTURE\n", stderr);
		return 2;
	}
	file_name = argv[1];
	in = fopen(argv[1], "r");
	c.file = fopen(argv[2], "wb");
	if (in == NULL || c.file == NULL)
		fail("cannot be read, or %s cannot be written", argv[2]);
	while (getline(&line, &room, in) != -1) {
		line_number++;
		take_line(&c, line);
	}
	free(line);
	fclose(in);
	begin(&c);
	return fclose(c.file) != 0;
}
