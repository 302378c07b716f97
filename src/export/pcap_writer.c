#include "config.h"

#include "export/writer.h"

#include <string.h>
#include <strings.h>

#include "util/attr.h"

#define NS UINT64_C(1000000000)

#define PCAP_MAGIC_NS   UINT32_C(0xa1b23c4d)
#define BLOCK_SECTION   UINT32_C(0x0a0d0d0a)
#define BLOCK_ORDER     UINT32_C(0x1a2b3c4d)
#define BLOCK_INTERFACE 1
#define BLOCK_NAMES     4
#define BLOCK_COUNTS    5
#define BLOCK_PACKET    6

/* Options of any block, and of section, interface, packet and statistics blocks. */
enum {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_PROGRAM = 4,
	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_RESOLUTION = 9, /* decimal digits of its stamps */
	INTERFACE_FILTER = 11,    /* after a byte of 0, as libpcap writes it */
	PACKET_FLAGS = 2,
	COUNT_RECEIVED = 4,
	COUNT_INTERFACE_DROPPED = 5,
	COUNT_KERNEL_DROPPED = 7,
	COUNT_CAPTURED = 8,
};

enum { NAME_IP4 = 1, NAME_IP6 = 2 };

static void
pcap_writer_put16(struct buf *b, uint32_t n)
{
	uint8_t c[2] = { (uint8_t)n, (uint8_t)(n >> 8) };

	buf_add(b, c, sizeof(c));
}

static void
pcap_writer_put32(struct buf *b, uint32_t n)
{
	pcap_writer_put16(b, n & 0xffff);
	pcap_writer_put16(b, n >> 16);
}

static void
pcap_writer_put_padding(struct buf *b, size_t n)
{
	static const char zeros[4];

	buf_add(b, zeros, (4 - n % 4) % 4);
}

bool
pcap_writer_is_ng(const char *path)
{
	size_t n = strlen(path);

	return n > 7 && strcasecmp(path + n - 7, ".pcapng") == 0;
}

void
pcap_writer_header(struct buf *b, uint16_t linktype)
{
	pcap_writer_put32(b, PCAP_MAGIC_NS);
	pcap_writer_put16(b, 2);
	pcap_writer_put16(b, 4);
	pcap_writer_put32(b, 0);
	pcap_writer_put32(b, 0);
	pcap_writer_put32(b, PCAP_WRITER_SNAPLEN);
	pcap_writer_put32(b, linktype);
}

static void
pcap_writer_add_option(struct buf *b, uint16_t code, const void *value, size_t n)
{
	pcap_writer_put16(b, code);
	pcap_writer_put16(b, (uint32_t)n);
	buf_add(b, value, n);
	pcap_writer_put_padding(b, n);
}

static void
pcap_writer_add_text(struct buf *b, uint16_t code, const char *text)
{
	if (*text != '\0')
		pcap_writer_add_option(b, code, text, strnlen(text, PCAP_WRITER_COMMENT));
}

static void
pcap_writer_add_count(struct buf *b, uint16_t code, uint64_t n)
{
	pcap_writer_put16(b, code);
	pcap_writer_put16(b, 8);
	pcap_writer_put32(b, (uint32_t)n);
	pcap_writer_put32(b, (uint32_t)(n >> 32));
}

/* A block has its length at both ends: block_end() fills in the first one. */
static size_t
pcap_writer_begin_block(struct buf *b, uint32_t type)
{
	size_t at = b->len;

	pcap_writer_put32(b, type);
	pcap_writer_put32(b, 0);
	return at;
}

static void
pcap_writer_end_block(struct buf *b, size_t at)
{
	uint32_t length = (uint32_t)(b->len - at) + 4;

	for (unsigned i = 0; i < 4; i++)
		b->s[at + 4 + i] = (char)(uint8_t)(length >> 8 * i);
	pcap_writer_put32(b, length);
}

void
pcap_writer_section(struct buf *b, const char *comment)
{
	size_t at = pcap_writer_begin_block(b, BLOCK_SECTION);

	pcap_writer_put32(b, BLOCK_ORDER);
	pcap_writer_put16(b, 1);
	pcap_writer_put16(b, 0);
	pcap_writer_put32(b, UINT32_MAX); /* the section's length is unknown */
	pcap_writer_put32(b, UINT32_MAX);
	pcap_writer_add_text(b, OPTION_COMMENT, comment);
	pcap_writer_add_text(b, SECTION_PROGRAM, PACKAGE_STRING);
	pcap_writer_add_option(b, OPTION_END, NULL, 0);
	pcap_writer_end_block(b, at);
}

static void
pcap_writer_add_filter(struct buf *b, const char *filter)
{
	size_t n = strnlen(filter, PCAP_WRITER_COMMENT);

	if (n == 0)
		return;
	pcap_writer_put16(b, INTERFACE_FILTER);
	pcap_writer_put16(b, (uint32_t)n + 1);
	buf_addc(b, '\0');
	buf_add(b, filter, n);
	pcap_writer_put_padding(b, n + 1);
}

void
pcap_writer_interface(struct buf *b, const struct pcap_writer_interface *i)
{
	static const uint8_t decimals = 9;
	size_t at = pcap_writer_begin_block(b, BLOCK_INTERFACE);

	pcap_writer_put16(b, i->linktype);
	pcap_writer_put16(b, 0);
	pcap_writer_put32(b, i->snaplen != 0 ? i->snaplen : PCAP_WRITER_SNAPLEN);
	pcap_writer_add_text(b, OPTION_COMMENT, i->comment);
	pcap_writer_add_text(b, INTERFACE_NAME, i->name);
	pcap_writer_add_text(b, INTERFACE_DESCRIPTION, i->description);
	pcap_writer_add_option(b, INTERFACE_RESOLUTION, &decimals, 1);
	pcap_writer_add_filter(b, i->filter);
	pcap_writer_add_option(b, OPTION_END, NULL, 0);
	pcap_writer_end_block(b, at);
}

/* Records of a block of names look like options. */
void
pcap_writer_name(struct buf *b, const uint8_t *address, unsigned bytes, const char *name)
{
	size_t at = pcap_writer_begin_block(b, BLOCK_NAMES), n = strnlen(name, PCAP_WRITER_NAME);

	pcap_writer_put16(b, bytes == 4 ? NAME_IP4 : NAME_IP6);
	pcap_writer_put16(b, (uint32_t)(bytes + n + 1));
	buf_add(b, address, bytes);
	buf_add(b, name, n);
	buf_addc(b, '\0');
	pcap_writer_put_padding(b, bytes + n + 1);
	pcap_writer_add_option(b, OPTION_END, NULL, 0);
	pcap_writer_end_block(b, at);
}

static void
pcap_writer_put_stamp(struct buf *b, uint64_t ts)
{
	pcap_writer_put32(b, (uint32_t)(ts >> 32));
	pcap_writer_put32(b, (uint32_t)ts);
}

void
pcap_writer_counts(struct buf *b, uint32_t interface, const struct pcap_writer_counts *c)
{
	size_t at = pcap_writer_begin_block(b, BLOCK_COUNTS);

	pcap_writer_put32(b, interface);
	pcap_writer_put_stamp(b, c->ts);
	pcap_writer_add_count(b, COUNT_RECEIVED, c->received);
	if (c->drops_known) {
		pcap_writer_add_count(b, COUNT_INTERFACE_DROPPED, c->interface_dropped);
		pcap_writer_add_count(b, COUNT_KERNEL_DROPPED, c->kernel_dropped);
	}
	pcap_writer_add_count(b, COUNT_CAPTURED, c->captured);
	pcap_writer_add_option(b, OPTION_END, NULL, 0);
	pcap_writer_end_block(b, at);
}

static uint32_t
pcap_writer_captured_len(const struct frame *f)
{
	return f->caplen < PCAP_WRITER_SNAPLEN ? f->caplen : PCAP_WRITER_SNAPLEN;
}

static void
pcap_writer_add_flags(struct buf *b, uint32_t flags)
{
	pcap_writer_put16(b, PACKET_FLAGS);
	pcap_writer_put16(b, 4);
	pcap_writer_put32(b, flags);
}

void
pcap_writer_ng_frame(struct buf *b, uint32_t interface, const struct frame *f)
{
	size_t at = pcap_writer_begin_block(b, BLOCK_PACKET);
	uint32_t caplen = pcap_writer_captured_len(f);

	pcap_writer_put32(b, interface);
	pcap_writer_put_stamp(b, f->ts + f->stamp_offset);
	pcap_writer_put32(b, caplen);
	pcap_writer_put32(b, f->len);
	buf_add(b, f->data, caplen);
	pcap_writer_put_padding(b, caplen);
	if (f->comment != NULL)
		pcap_writer_add_text(b, OPTION_COMMENT, f->comment);
	if (f->flags != 0)
		pcap_writer_add_flags(b, f->flags);
	if (f->comment != NULL || f->flags != 0)
		pcap_writer_add_option(b, OPTION_END, NULL, 0);
	pcap_writer_end_block(b, at);
}

void
pcap_writer_frame(struct buf *b, const struct frame *f)
{
	uint32_t caplen = pcap_writer_captured_len(f);

	pcap_writer_put32(b, (uint32_t)((f->ts + f->stamp_offset) / NS));
	pcap_writer_put32(b, (uint32_t)((f->ts + f->stamp_offset) % NS));
	pcap_writer_put32(b, caplen);
	pcap_writer_put32(b, f->len);
	buf_add(b, f->data, caplen);
}
