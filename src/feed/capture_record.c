#include "config.h"

#include "feed/recording.h"

#include "capture/source.h"
#include "export/writer.h"
#include "feed/feed.h"

#define TELL_EVERY (256 * 1024) /* bytes */

#define RECORD_NAMES (32 * 1024)             /* bytes of names of addresses, at most */
#define NAME_BLOCK   (PCAP_WRITER_NAME + 64) /* and of one of them */

#define DESCRIPTION (4 * PCAP_WRITER_COMMENT + 256) /* bytes at most: four texts, and numbers */

static const struct source_interface *
capture_record_interface(const struct feed *f, uint16_t number)
{
	for (unsigned i = 0; i < f->n; i++) {
		const struct source *s = f->source[i].source;
		const struct source_interface *known =
		    s != NULL ? source_interface(s, number) : NULL;

		if (known != NULL)
			return known;
	}
	return NULL;
}

/* The interface's own name, in its file or on this machine, not the displayed one. */
static void
capture_record_describe_link(const struct feed *f, const struct capture_link *k, struct buf *b)
{
	const struct source_interface *known = capture_record_interface(f, k->source);
	struct pcap_writer_interface i = { .name = f->ledger->source[k->source].name,
		.description = "",
		.comment = "",
		.filter = f->filter,
		.linktype = linktype_in_file(k->linktype) };

	if (known != NULL) {
		i.description = known->description;
		i.comment = known->comment;
		i.snaplen = known->snaplen < PCAP_WRITER_SNAPLEN ? known->snaplen : 0;
		if (*known->name != '\0')
			i.name = known->name;
	}
	pcap_writer_interface(b, &i);
}

static void
capture_record_add_link(struct capture_record *c, const struct feed *f, uint16_t source,
    uint16_t linktype, struct buf *b)
{
	struct capture_link *k = &c->link[c->n_links++];

	*k = (struct capture_link){ source, linktype };
	capture_record_describe_link(f, k, b);
}

static bool
capture_record_check_one_link(const struct ledger *l, struct buf *err)
{
	for (unsigned i = 1; i < l->n_sources; i++) {
		if (l->source[i].linktype == l->source[0].linktype)
			continue;
		buf_setf(err,
		    "%s and %s have different link types, and pcap supports only one: use a name "
		    "that ends in .pcapng",
		    l->source[0].name, l->source[i].name);
		return false;
	}
	return true;
}

/*
 * Describes the interfaces at once, so that a file without packets can be read too. The interfaces
 * of a file are not all known yet: each is described before its first packet.
 */
bool
capture_record_begin(struct capture_record *c, const struct feed *f, const char *path,
    const char *comment, struct buf *head, struct buf *err)
{
	const struct ledger *l = f->ledger;

	*c = (struct capture_record){ .ng = pcap_writer_is_ng(path) };
	if (!c->ng) {
		c->linktype = l->n_sources > 0 ? l->source[0].linktype : 0;
		pcap_writer_header(head, linktype_in_file(c->linktype));
		return capture_record_check_one_link(l, err);
	}
	pcap_writer_section(head, comment);
	buf_add(head, f->names.s, f->names.len);
	c->n_names = f->names.len;
	for (uint16_t i = 0; f->live && i < l->n_sources; i++)
		capture_record_add_link(c, f, i, l->source[i].linktype, head);
	return true;
}

/* The frame's interface, described first if it is new; -1: there is no room for it. */
static int
capture_record_find_link(struct capture_record *c, const struct feed *f, struct async_writer *w,
    const struct frame *frame)
{
	char text[DESCRIPTION];
	struct buf b;

	for (unsigned i = 0; i < c->n_links; i++)
		if (c->link[i].source == frame->source && c->link[i].linktype == frame->linktype)
			return (int)i;
	if (c->n_links == RECORD_LINKS)
		return -1;
	buf_init(&b, text, sizeof(text));
	capture_record_add_link(c, f, frame->source, frame->linktype, &b);
	async_writer_add_head(w, b.s, b.len);
	return (int)c->n_links - 1;
}

/* Names are in the head of each file of a rotation, and hence bounded. */
void
feed_keep_name(struct feed *f, const uint8_t *address, unsigned bytes, const char *name)
{
	if (f->names.len + NAME_BLOCK <= RECORD_NAMES)
		pcap_writer_name(&f->names, address, bytes, name);
}

/* Those that are new since the last time. */
static void
capture_record_put_names(struct capture_record *c, const struct feed *f, struct async_writer *w)
{
	if (c->n_names < f->names.len)
		async_writer_add_head(w, f->names.s + c->n_names, f->names.len - c->n_names);
	c->n_names = f->names.len;
}

bool
capture_record_frame(struct capture_record *c, const struct feed *f, struct async_writer *w,
    const struct frame *frame, struct buf *b)
{
	int link;

	if (c->ng) {
		capture_record_put_names(c, f, w);
		link = capture_record_find_link(c, f, w, frame);
		if (link >= 0)
			pcap_writer_ng_frame(b, (uint32_t)link, frame);
		return link >= 0;
	}
	if (frame->linktype == c->linktype) {
		pcap_writer_frame(b, frame);
		return true;
	}
	c->error_pending = !c->refused_any;
	c->refused_any = true;
	c->refused_linktype = frame->linktype;
	return false;
}

/* The first link of a source reports its counters. */
static bool
capture_record_is_first_link(const struct capture_record *c, unsigned link)
{
	for (unsigned i = 0; i < link; i++)
		if (c->link[i].source == c->link[link].source)
			return false;
	return true;
}

static void
capture_record_add_counts(const struct capture_record *c, const struct feed *f, struct buf *b)
{
	for (unsigned i = 0; i < c->n_links; i++) {
		const struct totals *t = &f->ledger->source[c->link[i].source].totals;
		struct source_counts counts;

		if (!capture_record_is_first_link(c, i))
			continue;
		counts = feed_counts(f, c->link[i].source);
		pcap_writer_counts(b, i,
		    &(struct pcap_writer_counts){
			.ts = t->last,
			.received = t->all.packets + counts.kernel_dropped,
			.captured = t->all.packets,
			.kernel_dropped = counts.kernel_dropped,
			.interface_dropped = counts.interface_dropped,
			.drops_known = counts.known,
		    });
	}
}

/* A file without packets has its interfaces at its end. */
static void
capture_record_update_counts(
    const struct capture_record *c, const struct feed *f, struct async_writer *w)
{
	struct buf b;

	buf_new(&b);
	capture_record_add_counts(c, f, &b);
	for (uint16_t i = 0; c->n_links == 0 && i < f->ledger->n_sources; i++)
		capture_record_describe_link(
		    f, &(struct capture_link){ i, f->ledger->source[i].linktype }, &b);
	async_writer_set_tail(w, b.s, b.len);
	buf_del(&b);
}

void
capture_record_written(
    struct capture_record *c, const struct feed *f, struct async_writer *w, size_t bytes)
{
	if (!c->ng)
		return;
	capture_record_put_names(c, f, w);
	c->unreported += bytes < TELL_EVERY ? bytes : TELL_EVERY;
	if (c->unreported < TELL_EVERY)
		return;
	c->unreported = 0;
	capture_record_update_counts(c, f, w);
}

bool
capture_record_take_error(struct capture_record *c, struct buf *said)
{
	if (!c->error_pending)
		return false;
	c->error_pending = false;
	buf_setf(
	    said, "packets of link type %s are not written, ", linktype_name(c->refused_linktype));
	buf_addf(said, "because the file has link type %s: use a name that ends in .pcapng",
	    linktype_name(c->linktype));
	return true;
}
