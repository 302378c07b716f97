/*
 * draft-ietf-opsawg-pcapng: a file consists of blocks.
 *
 *	 0               4               8
 *	+---------------+---------------+----------- ~ ---+---------------+
 *	| type          | length of all | body, padded    | length again  |
 *	+---------------+---------------+----------- ~ ---+---------------+
 *
 * A section begins with its byte order and describes interfaces. Each packet belongs to one of
 * them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "capture/pcapng_interfaces.h"
#include "capture/private.h"
#include "capture/reader.h"
#include "util/attr.h"

#define BLOCK_SECTION    UINT32_C(0x0a0d0d0a) /* the same in both byte orders */
#define BYTE_ORDER_MAGIC UINT32_C(0x1a2b3c4d)

#define HEAD         8          /* type, length */
#define TRAILER      4          /* the length again */
#define LEAST        12         /* minimum bytes of a block: both */
#define LENGTH_MOST  (16 << 20) /* of a block */
#define CAPTURE_MOST 262144     /* bytes of a packet; the rest is cut off */
#define MAJOR        1

#define TURN 1000 /* blocks without a packet that are read before other work is done */

#define OPTION_FLAGS  2      /* of a packet */
#define OPTION_DROPS  4      /* of a packet: drops before it */
#define DROPS_UNKNOWN 0xffff /* of an obsolete packet block */

/* Records of a name resolution block. */
enum { NAMES_END, NAMES_IP4, NAMES_IP6 };

struct pcapng {
	struct stream_reader base;
	bool began, big;  /* a section has started; it is big-endian */
	uint64_t last_ts; /* of the previous packet, for those without one */
	struct buf comment, packet_comment;
	char comment_text[PCAPNG_COMMENT], packet_comment_text[PCAPNG_COMMENT];
	source_name_fn *name;
	void *arg;
	struct pcapng_interfaces interfaces;
};

/* A block; the first n bytes of its body are in the window. */
struct block {
	uint32_t type, length;
	uint8_t *body;
	size_t n;
	bool whole;
};

static struct pcapng *
pcapng_as_pcapng(const struct reader *r)
{
	return (struct pcapng *)(uintptr_t)r;
}

/* The options at offset `at` of the body. */
static struct pcapng_options
pcapng_options_at(const struct pcapng *p, const struct block *k, size_t at)
{
	return (struct pcapng_options){ .p = k->body + at, .end = k->body + k->n, .big = p->big };
}

/* Appends the comments of a block, one line each. */
static void
pcapng_add_comment(struct buf *b, const struct pcapng_option *o)
{
	if (o->code != OPTION_COMMENT || o->len == 0)
		return;
	if (b->len > 0)
		buf_addc(b, '\n');
	buf_add(b, o->value, o->len);
}

static void
pcapng_add_comments(struct buf *b, struct pcapng_options os)
{
	struct pcapng_option o;

	while (pcapng_next_option(&os, &o))
		pcapng_add_comment(b, &o);
}

/*
 *	byte order (4)  major (2)  minor (2)  length of the section (8)  options
 */
static bool
pcapng_read_section(
    struct pcapng *p, const struct block *k, struct frame *f ATTR_UNUSED, struct buf *err)
{
	unsigned major = bytes_16(k->body + 4, p->big), minor = bytes_16(k->body + 6, p->big);

	/* Minor 2 is an alias of 0; no others are defined. */
	if (major != MAJOR || (minor != 0 && minor != 2)) {
		buf_setf(err, "unknown pcapng version %u.%u", major, minor);
		return false;
	}
	pcapng_interfaces_clear(&p->interfaces);
	pcapng_add_comments(&p->comment, pcapng_options_at(p, k, 16));
	p->began = true;
	return true;
}

static bool
pcapng_read_interface(
    struct pcapng *p, const struct block *k, struct frame *f ATTR_UNUSED, struct buf *err)
{
	return pcapng_add_interface(&p->interfaces, k->body, k->n, p->big, err);
}

static bool
pcapng_read_counts(struct pcapng *p, const struct block *k, struct frame *f ATTR_UNUSED,
    struct buf *err ATTR_UNUSED)
{
	pcapng_add_counts(&p->interfaces, k->body, k->n, p->big);
	return true;
}

/* An address and one or more names, each ended by a NUL. */
static void
pcapng_find_name(struct pcapng *p, const uint8_t *value, size_t n, unsigned bytes)
{
	if (n > bytes && memchr(value + bytes, '\0', n - bytes) != NULL)
		p->name(p->arg, value, bytes, (const char *)value + bytes);
}

/* Records like options: type (2)  length (2)  value, padded */
static bool
pcapng_read_names(struct pcapng *p, const struct block *k, struct frame *f ATTR_UNUSED,
    struct buf *err ATTR_UNUSED)
{
	struct pcapng_options os = pcapng_options_at(p, k, 0);
	struct pcapng_option o;

	while (p->name != NULL && pcapng_next_option(&os, &o)) {
		if (o.code == NAMES_IP4)
			pcapng_find_name(p, o.value, o.len, 4);
		else if (o.code == NAMES_IP6)
			pcapng_find_name(p, o.value, o.len, 16);
	}
	return true;
}

/* The interface of a packet; NULL with a sentence if it does not exist. */
static const struct pcapng_interface *
pcapng_find_interface(const struct pcapng *p, uint32_t number, struct buf *err)
{
	if (LIKELY(number < p->interfaces.n))
		return &p->interfaces.of[number];
	buf_setf(err, "a packet belongs to interface %u, which is not described", number);
	return NULL;
}

/* The packet's caplen bytes are at `at` in the body; bytes beyond the window are cut off. */
static bool
pcapng_make_frame(struct pcapng *p, const struct block *k, const struct pcapng_interface *i,
    size_t at, struct frame *f, struct buf *err)
{
	size_t room = k->length - HEAD - TRAILER - at;

	if (UNLIKELY(f->caplen > room)) {
		buf_setf(err, "a packet of %u bytes does not fit its block, which has room for %zu",
		    f->caplen, room);
		return false;
	}
	if (UNLIKELY(f->caplen > CAPTURE_MOST))
		f->caplen = CAPTURE_MOST;
	f->data = k->body + at;
	if (UNLIKELY(p->big != host_is_big()))
		host_order_swap(i->linktype, k->body + at, f->caplen);
	f->linktype = i->linktype;
	f->source = i->number;
	p->last_ts = f->ts;
	return true;
}

/* Parses the options after the packet's bytes at `at`. */
static void
pcapng_read_packet_options(
    struct pcapng *p, const struct block *k, uint32_t interface, size_t at, struct frame *f)
{
	size_t behind = at + ((size_t)f->caplen + 3) / 4 * 4;
	struct pcapng_options os;
	struct pcapng_option o;

	f->comment = NULL;
	f->flags = 0;
	if (LIKELY(behind + 4 > k->n))
		return;
	buf_clear(&p->packet_comment);
	os = pcapng_options_at(p, k, behind);
	while (pcapng_next_option(&os, &o)) {
		pcapng_add_comment(&p->packet_comment, &o);
		if (o.code == OPTION_FLAGS && o.len >= 4)
			f->flags = bytes_32(o.value, p->big);
		if (o.code == OPTION_DROPS && o.len >= 8)
			pcapng_add_drops(&p->interfaces, interface, bytes_64(o.value, p->big));
	}
	if (p->packet_comment.len > 0)
		f->comment = p->packet_comment.s;
}

/* stamp (8: high, low)  captured bytes (4)  bytes on the link (4)  the bytes  options */
static bool
pcapng_read_stamped(struct pcapng *p, const struct block *k, uint32_t interface, size_t at,
    struct frame *f, struct buf *err)
{
	const struct pcapng_interface *i = pcapng_find_interface(p, interface, err);
	const uint8_t *h = k->body + at;
	uint64_t units;

	if (i == NULL)
		return false;
	units = (uint64_t)bytes_32(h, p->big) << 32 | bytes_32(h + 4, p->big);
	f->ts = pcapng_ns(&i->clock, units);
	f->caplen = bytes_32(h + 8, p->big);
	f->len = bytes_32(h + 12, p->big);
	pcapng_read_packet_options(p, k, interface, at + 16, f);
	return pcapng_make_frame(p, k, i, at + 16, f, err);
}

/*
 *	interface (4)  ...
 */
static bool
pcapng_read_packet(struct pcapng *p, const struct block *k, struct frame *f, struct buf *err)
{
	return pcapng_read_stamped(p, k, bytes_32(k->body, p->big), 4, f, err);
}

/*
 *	interface (2)  drops (2)  ...
 */
static bool
pcapng_read_old_packet(struct pcapng *p, const struct block *k, struct frame *f, struct buf *err)
{
	uint16_t interface = bytes_16(k->body, p->big), drops = bytes_16(k->body + 2, p->big);

	if (drops != DROPS_UNKNOWN)
		pcapng_add_drops(&p->interfaces, interface, drops);
	return pcapng_read_stamped(p, k, interface, 4, f, err);
}

/*
 *	bytes on the link (4)  the bytes: as many of them as the first interface captures
 */
static bool
pcapng_read_simple_packet(struct pcapng *p, const struct block *k, struct frame *f, struct buf *err)
{
	const struct pcapng_interface *i = pcapng_find_interface(p, 0, err);

	if (i == NULL)
		return false;
	f->ts = p->last_ts;
	f->len = bytes_32(k->body, p->big);
	f->caplen = i->snaplen > 0 && i->snaplen < f->len ? i->snaplen : f->len;
	f->comment = NULL;
	f->flags = 0;
	return pcapng_make_frame(p, k, i, 4, f, err);
}

/* All other blocks are skipped: secrets, journals, application data. */
static const struct kind {
	uint32_t type;
	size_t least; /* minimum bytes of its body */
	bool (*read)(struct pcapng *p, const struct block *k, struct frame *f, struct buf *err);
} kinds[] = {
	{ 6, 20, pcapng_read_packet },
	{ 1, 8, pcapng_read_interface },
	{ 2, 20, pcapng_read_old_packet },
	{ 3, 4, pcapng_read_simple_packet },
	{ 4, 0, pcapng_read_names },
	{ 5, 12, pcapng_read_counts },
	{ BLOCK_SECTION, 16, pcapng_read_section },
};

/* False with a sentence in err. A packet is returned in *f. */
static bool
pcapng_read_block(struct pcapng *p, const struct block *k, struct frame *f, struct buf *err)
{
	for (unsigned i = 0; i < NITEMS(kinds); i++) {
		if (kinds[i].type != k->type)
			continue;
		if (LIKELY(k->n >= kinds[i].least))
			return kinds[i].read(p, k, f, err);
		buf_setf(err, "a block of type %u has only %u bytes", k->type, k->length);
		return false;
	}
	return true;
}

/* The byte order of a section applies to its own length, too. */
static bool
pcapng_learn_order(struct pcapng *p, const uint8_t *h, struct buf *err)
{
	p->big = bytes_32(h + HEAD, true) == BYTE_ORDER_MAGIC;
	if (p->big || bytes_32(h + HEAD, false) == BYTE_ORDER_MAGIC)
		return true;
	buf_setf(err, "a section does not specify its byte order");
	return false;
}

/* The block whose first 12 bytes are at h. */
static bool
pcapng_read_block_head(struct pcapng *p, const uint8_t *h, struct block *k, struct buf *err)
{
	k->type = bytes_32(h, p->big);
	if (UNLIKELY(k->type == BLOCK_SECTION) && !pcapng_learn_order(p, h, err))
		return false;
	if (UNLIKELY(!p->began && k->type != BLOCK_SECTION)) {
		buf_setf(err, "does not start with a section");
		return false;
	}
	k->length = bytes_32(h + 4, p->big);
	if (LIKELY(k->length >= LEAST && k->length % 4 == 0 && k->length <= LENGTH_MOST))
		return true;
	buf_setf(err, "a block of type %u has an invalid length of %u", k->type, k->length);
	return false;
}

/* Reads the rest of the block, as far as the window has room. */
static bool
pcapng_need_body(struct pcapng *p, struct block *k, enum source_outcome *o, struct buf *err)
{
	size_t want = k->length < BYTE_STREAM_SIZE ? k->length : BYTE_STREAM_SIZE;
	uint8_t *h = stream_reader_need(&p->base, want, o, err);

	if (UNLIKELY(h == NULL))
		return false;
	k->whole = want == k->length;
	k->body = h + HEAD;
	k->n = want - HEAD - (k->whole ? TRAILER : 0);
	return true;
}

static bool
pcapng_check_trailer(const struct pcapng *p, const struct block *k, struct buf *err)
{
	uint32_t again;

	if (UNLIKELY(!k->whole))
		return true;
	again = bytes_32(k->body + k->n, p->big);
	if (LIKELY(again == k->length))
		return true;
	buf_setf(err, "a block of type %u has length %u at the start but %u at the end", k->type,
	    k->length, again);
	return false;
}

static enum source_outcome
pcapng_next_block(struct pcapng *p, struct frame *f, struct buf *err)
{
	enum source_outcome o;
	const uint8_t *h = stream_reader_need(&p->base, LEAST, &o, err);
	struct block k;

	if (UNLIKELY(h == NULL))
		return o;
	if (UNLIKELY(!pcapng_read_block_head(p, h, &k, err)))
		return SOURCE_ERROR;
	if (UNLIKELY(!pcapng_need_body(p, &k, &o, err)))
		return o;
	/* The position does not advance, so that the next call fails too. */
	if (UNLIKELY(!pcapng_check_trailer(p, &k, err) || !pcapng_read_block(p, &k, f, err)))
		return SOURCE_ERROR;
	byte_stream_skip(&p->base.in, k.length);
	return SOURCE_READ;
}

static enum source_outcome
pcapng_next(struct reader *r, struct frame *f, struct buf *err)
{
	struct pcapng *p = pcapng_as_pcapng(r);
	enum source_outcome o = SOURCE_READ;

	p->base.waits = false;
	f->data = NULL;
	for (unsigned i = 0; i < TURN && o == SOURCE_READ && f->data == NULL && !p->base.waits; i++)
		o = pcapng_next_block(p, f, err);
	return o;
}

static void
pcapng_del(struct reader *r)
{
	struct pcapng *p = pcapng_as_pcapng(r);

	pcapng_interfaces_fini(&p->interfaces);
	free(p);
}

static const struct source_interface *
pcapng_interface(const struct reader *r, unsigned i)
{
	const struct pcapng_interfaces *is = &pcapng_as_pcapng(r)->interfaces;

	return i < is->n_named ? &is->named[i].is : NULL;
}

static bool
pcapng_counts(const struct reader *r, unsigned i, struct source_counts *c)
{
	const struct pcapng_interfaces *is = &pcapng_as_pcapng(r)->interfaces;

	if (i < is->n_named)
		*c = is->named[i].counts;
	return i < is->n_named;
}

static const char *
pcapng_comment(const struct reader *r)
{
	return pcapng_as_pcapng(r)->comment.s;
}

static const struct reader_ops pcapng_ops = {
	.next = pcapng_next,
	.fd = stream_reader_fd,
	.at = stream_reader_at,
	.del = pcapng_del,
	.interface = pcapng_interface,
	.counts = pcapng_counts,
	.comment = pcapng_comment,
};

/*
 * Reads blocks until an interface, and so the link type, is known; blocks on a pipe. False if the
 * file is not pcapng; later errors are reported while packets are read.
 */
static bool
pcapng_read_first_interface(struct pcapng *p, struct buf *err)
{
	struct frame f = { .data = NULL };
	enum source_outcome o = SOURCE_READ;

	p->base.in.patient = true;
	while (o == SOURCE_READ && p->interfaces.n == 0)
		o = pcapng_next_block(p, &f, err);
	p->base.in.patient = false;
	if (o == SOURCE_SHORT)
		buf_setf(err, "the file ends within its header");
	return p->began;
}

struct reader *
pcapng_reader_open(const struct reader_input *in, struct buf *err)
{
	struct pcapng *p = stream_reader_new(sizeof(*p), &pcapng_ops, in);
	struct reader *r = &p->base.reader;
	const struct source_interface *first;

	r->interfaces = true;
	p->name = in->name;
	p->arg = in->arg;
	buf_init(&p->comment, p->comment_text, sizeof(p->comment_text));
	buf_init(&p->packet_comment, p->packet_comment_text, sizeof(p->packet_comment_text));
	pcapng_interfaces_init(&p->interfaces);
	if (!pcapng_read_first_interface(p, err)) {
		pcapng_del(r);
		return NULL;
	}
	first = pcapng_interface(r, 0);
	r->pcap = reader_handle(first != NULL ? first->linktype : DLT_EN10MB);
	return r;
}
