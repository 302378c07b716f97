#include "config.h"

#include "export/pcapout.h"

#include <string.h>
#include <strings.h>

#include "util/attr.h"

#define NS UINT64_C(1000000000)

#define PCAP_MAGIC_NS   UINT32_C(0xa1b23c4d)
#define BLOCK_SECTION   UINT32_C(0x0a0d0d0a)
#define BLOCK_ORDER     UINT32_C(0x1a2b3c4d)
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET    6
#define OPTION_END      0
#define OPTION_COMMENT  1 /* of any block: opt_comment */
#define OPTION_PROGRAM  4 /* of a section: shb_userappl */
#define OPTION_NAME     2 /* of an interface: if_name */
#define OPTION_TSRESOL  9 /* of an interface: the decimals of its stamps */

static void
put16(struct buf *b, uint32_t n)
{
	uint8_t c[2] = { (uint8_t)n, (uint8_t)(n >> 8) };

	buf_add(b, c, sizeof(c));
}

static void
put32(struct buf *b, uint32_t n)
{
	put16(b, n & 0xffff);
	put16(b, n >> 16);
}

static void
pad(struct buf *b, size_t n)
{
	static const char zeros[4];

	buf_add(b, zeros, (4 - n % 4) % 4);
}

bool
pcapout_is_ng(const char *path)
{
	size_t n = strlen(path);

	return n > 7 && strcasecmp(path + n - 7, ".pcapng") == 0;
}

/* Files name some link types otherwise than this system's libpcap does (pcap-linktype(7)). */
static uint16_t
link_in_file(uint16_t dlt)
{
#ifdef __OpenBSD__
	enum { DLT_RAW_HERE = 14, DLT_ATM_HERE = 11 };
#else
	enum { DLT_RAW_HERE = 12, DLT_ATM_HERE = 11 };
#endif

	if (dlt == DLT_RAW_HERE)
		return 101;
	return dlt == DLT_ATM_HERE ? 100 : dlt;
}

static void
add_pcap_head(struct buf *b, uint16_t dlt)
{
	put32(b, PCAP_MAGIC_NS);
	put16(b, 2);
	put16(b, 4);
	put32(b, 0);
	put32(b, 0);
	put32(b, PCAPOUT_SNAPLEN);
	put32(b, link_in_file(dlt));
}

static void
add_option(struct buf *b, uint16_t code, const void *value, size_t n)
{
	put16(b, code);
	put16(b, (uint32_t)n);
	buf_add(b, value, n);
	pad(b, n);
}

/* The length stands at both ends of a block, so the content is made first. */
static void
add_block(struct buf *b, uint32_t type, const struct buf *content)
{
	uint32_t length = (uint32_t)content->len + 12;

	put32(b, type);
	put32(b, length);
	buf_add(b, content->s, content->len);
	put32(b, length);
}

static void
add_section(struct buf *b, const char *comment)
{
	static const char program[] = PACKAGE_STRING;
	char text[256 + PCAPOUT_COMMENT];
	struct buf c;

	buf_init(&c, text, sizeof(text));
	put32(&c, BLOCK_ORDER);
	put16(&c, 1);
	put16(&c, 0);
	put32(&c, UINT32_MAX); /* nobody knows how long the section will be */
	put32(&c, UINT32_MAX);
	if (*comment != '\0')
		add_option(&c, OPTION_COMMENT, comment, strnlen(comment, PCAPOUT_COMMENT));
	add_option(&c, OPTION_PROGRAM, program, sizeof(program) - 1);
	add_option(&c, OPTION_END, NULL, 0);
	add_block(b, BLOCK_SECTION, &c);
}

void
pcapout_interface(struct buf *b, const struct source_stats *s)
{
	static const uint8_t decimals = 9;
	char text[256];
	struct buf c;

	buf_init(&c, text, sizeof(text));
	put16(&c, link_in_file(s->linktype));
	put16(&c, 0);
	put32(&c, PCAPOUT_SNAPLEN);
	add_option(&c, OPTION_NAME, s->name, strlen(s->name));
	add_option(&c, OPTION_TSRESOL, &decimals, 1);
	add_option(&c, OPTION_END, NULL, 0);
	add_block(b, BLOCK_INTERFACE, &c);
}

bool
pcapout_head(struct buf *b, bool ng, const struct ledger *l, const char *comment, struct buf *err)
{
	if (ng) {
		add_section(b, comment);
		for (unsigned i = 0; i < l->n_sources; i++)
			pcapout_interface(b, &l->source[i]);
		return true;
	}
	for (unsigned i = 1; i < l->n_sources; i++) {
		if (l->source[i].linktype == l->source[0].linktype)
			continue;
		buf_setf(err,
		    "%s and %s have different link types, and pcap holds only one: "
		    "take a name that ends in .pcapng",
		    l->source[0].name, l->source[i].name);
		return false;
	}
	add_pcap_head(b, l->n_sources > 0 ? l->source[0].linktype : 0);
	return true;
}

static void
add_ng_frame(struct buf *b, const struct frame *f, uint32_t caplen)
{
	uint32_t length = 32 + (caplen + 3) / 4 * 4;

	put32(b, BLOCK_PACKET);
	put32(b, length);
	put32(b, f->source);
	put32(b, (uint32_t)(f->ts >> 32));
	put32(b, (uint32_t)f->ts);
	put32(b, caplen);
	put32(b, f->len);
	buf_add(b, f->data, caplen);
	pad(b, caplen);
	put32(b, length);
}

void
pcapout_frame(struct buf *b, bool ng, const struct frame *f)
{
	uint32_t caplen = f->caplen < PCAPOUT_SNAPLEN ? f->caplen : PCAPOUT_SNAPLEN;

	if (ng) {
		add_ng_frame(b, f, caplen);
		return;
	}
	put32(b, (uint32_t)(f->ts / NS));
	put32(b, (uint32_t)(f->ts % NS));
	put32(b, caplen);
	put32(b, f->len);
	buf_add(b, f->data, caplen);
}
