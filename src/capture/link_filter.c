#include "config.h"

#include "capture/private.h"

#include <stdbool.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "capture/reader.h"
#include "capture/source.h"
#include "util/alloc.h"

#define MOST 64 /* link types; frames of more do not pass */

struct link_filters {
	unsigned n;
	struct {
		uint16_t linktype;
		struct bpf_program *program; /* NULL: not compilable */
	} of[MOST];
	bool failed; /* not reported yet */
	uint16_t failed_linktype;
	struct buf why;
	char why_text[256];
};

static struct link_filters *
link_filters_new(void)
{
	struct link_filters *fs = xcalloc(1, sizeof(*fs));

	buf_init(&fs->why, fs->why_text, sizeof(fs->why_text));
	return fs;
}

static const struct bpf_program *
link_filters_add(struct link_filters *fs, const char *text, uint16_t linktype)
{
	struct pcap *p = reader_handle(linktype);
	struct bpf_program *program = filter_compile(p, text, &fs->why);

	pcap_close(p);
	fs->of[fs->n].linktype = linktype;
	fs->of[fs->n++].program = program;
	if (program == NULL) {
		fs->failed = true;
		fs->failed_linktype = linktype;
	}
	return program;
}

const struct bpf_program *
link_filters_get(struct link_filters **fs, const char *text, uint16_t linktype)
{
	if (*fs == NULL)
		*fs = link_filters_new();
	for (unsigned i = 0; i < (*fs)->n; i++)
		if ((*fs)->of[i].linktype == linktype)
			return (*fs)->of[i].program;
	return (*fs)->n < MOST ? link_filters_add(*fs, text, linktype) : NULL;
}

bool
capture_filter_passes(struct link_filters **fs, const char *filter, const struct frame *f)
{
	const struct bpf_program *program =
	    *filter != '\0' ? link_filters_get(fs, filter, f->linktype) : NULL;
	const struct pcap_pkthdr h = { .caplen = f->caplen, .len = f->len };

	return *filter == '\0' ||
	    (program != NULL && pcap_offline_filter(program, &h, f->data) != 0);
}

void
link_filters_del(struct link_filters *fs)
{
	if (fs == NULL)
		return;
	for (unsigned i = 0; i < fs->n; i++)
		filter_free(fs->of[i].program);
	free(fs);
}

void
link_filters_take_error(struct link_filters *fs, const char *name, struct buf *err)
{
	if (!fs->failed)
		return;
	fs->failed = false;
	buf_setf(err, "%s: packets of link type %s are skipped: %s", text_clean_copy(name).s,
	    linktype_name(fs->failed_linktype), fs->why.s);
}
