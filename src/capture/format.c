#include "config.h"

#include "capture/reader.h"

#include <string.h>

#include "capture/private.h"
#include "util/attr.h"

#define MAGIC(s) .n = sizeof(s) - 1, .magic = s

#define PCAP .name = "a pcap file", .open = pcap_reader_open

#define EDITCAP "editcap -F pcapng FILE NEW.pcapng"

static const struct format formats[] = {
	{ PCAP, MAGIC("\xd4\xc3\xb2\xa1") },
	{ PCAP, MAGIC("\xa1\xb2\xc3\xd4") },
	{ PCAP, MAGIC("\x4d\x3c\xb2\xa1") },
	{ PCAP, MAGIC("\xa1\xb2\x3c\x4d") },
	{ PCAP, MAGIC("\x34\xcd\xb2\xa1") },
	{ PCAP, MAGIC("\xa1\xb2\xcd\x34") },
	{ .name = "a pcapng file", .open = pcapng_reader_open, MAGIC("\n\r\r\n") },
	{ .name = "a snoop file", .open = snoop_reader_open, MAGIC("snoop\0\0\0") },
	{ .name = "compressed by gzip", .unpack = "gzip -dc", MAGIC("\x1f\x8b") },
	{ .name = "compressed by zstd", .unpack = "zstd -dc", MAGIC("\x28\xb5\x2f\xfd") },
	{ .name = "compressed by xz",
	    .unpack = "xz -dc",
	    MAGIC("\xfd"
		  "7zXZ\0") },
	{ .name = "compressed by bzip2", .unpack = "bzip2 -dc", MAGIC("BZh") },
	{ .name = "compressed by lz4", .unpack = "lz4 -dc", MAGIC("\x04\x22\x4d\x18") },
	{ .name = "compressed by lzip", .unpack = "lzip -dc", MAGIC("LZIP") },
	{ .name = "compressed by compress", .unpack = "gzip -dc", MAGIC("\x1f\x9d") },
	{ .name = "a zip archive", .convert = "unzip -p FILE | pkttop -r -", MAGIC("PK\3\4") },
	{ .name = "a Network Monitor 1 file", .convert = EDITCAP, MAGIC("RTSS") },
	{ .name = "a Network Monitor 2 file", .convert = EDITCAP, MAGIC("GMBU") },
	{ .name = "a Sniffer file", .convert = EDITCAP, MAGIC("TRSNIFF data    ") },
	{ .name = "a NetXray file", .convert = EDITCAP, MAGIC("XCP\0") },
	{ .name = "an OmniPeek file", .convert = EDITCAP, MAGIC("\177ver") },
	{ .name = "an AIX iptrace file", .convert = EDITCAP, MAGIC("iptrace ") },
	{ .name = "an HP-UX nettl file", .convert = EDITCAP, MAGIC("TR\0d\0") },
	{ .name = "a btsnoop file", .convert = EDITCAP, MAGIC("btsnoop\0") },
	{ .name = "a K12 file", .convert = EDITCAP, MAGIC("\0\0\2\0\x12\5\0\x10") },
	{ .name = "a RADCOM file", .convert = EDITCAP, MAGIC("\x42\xd2\0\x34\x12\x66\x22\x88") },
	{ .name = "an EyeSDN file", .convert = EDITCAP, MAGIC("EyeSDN") },
	{ .name = "a 5View file", .convert = EDITCAP, MAGIC("\xaa\xaa\xaa\xaa") },
	{ .name = "a Visual Networks file", .convert = EDITCAP, MAGIC("\5VNF") },
	{ .name = "a LANalyzer file", .convert = EDITCAP, MAGIC("\1\x10\x4c\0") },
	{ .name = "an IXIA pcap file", .convert = EDITCAP, MAGIC("\xac\1\0\x1c") },
	{ .name = "an IXIA pcap file", .convert = EDITCAP, MAGIC("\xab\1\0\x1c") },
	{ .name = "an IXIA pcap file", .convert = EDITCAP, MAGIC("\x1c\0\1\xac") },
	{ .name = "an IXIA pcap file", .convert = EDITCAP, MAGIC("\x1c\0\1\xab") },
	{ .name = "a Navtel pcap file", .convert = EDITCAP, MAGIC("\xa1\xe2\xcb\x12") },
	{ .name = "a Navtel pcap file", .convert = EDITCAP, MAGIC("\x12\xcb\xe2\xa1") },
};

static const struct format other = { PCAP };
static const struct format endace = { .name = "an ERF file", .open = erf_reader_open };

#define ERF_TYPES 27
#define YEAR_1990 UINT32_C(631152000)

/*
 * An ERF file has no magic number. Its first record is checked for a plausible time, type and
 * length:
 *
 *	fraction (4)  seconds (4)  type (1)  flags (1)  length (2)  lost (2)  bytes on the link (2)
 */
static bool
format_is_erf(const uint8_t *head, size_t n)
{
	unsigned type = head[8] & 0x7f;

	return n == FORMAT_HEAD && bytes_32(head + 4, false) >= YEAR_1990 && type >= 1 &&
	    type <= ERF_TYPES && bytes_16(head + 10, true) >= FORMAT_HEAD;
}

const struct format *
format_find(const uint8_t head[FORMAT_HEAD], size_t n)
{
	for (unsigned i = 0; i < NITEMS(formats); i++)
		if (formats[i].n <= n && memcmp(head, formats[i].magic, formats[i].n) == 0)
			return &formats[i];
	return format_is_erf(head, n) ? &endace : &other;
}
