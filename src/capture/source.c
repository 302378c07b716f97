#include "config.h"

#include "capture/source.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "capture/private.h"
#include "util/alloc.h"
#include "util/attr.h"

#define NS_IN_US 1000

static struct source *(*const openers[])(const struct source_config *, struct buf *) = {
	[SOURCE_LIVE] = live_open,
	[SOURCE_FILE] = file_open,
	[SOURCE_DEMO] = demo_source_open,
};

static const char *
source_display_name(const struct source_config *c)
{
	if (c->kind == SOURCE_DEMO)
		return "demo";
	if (c->kind == SOURCE_FILE && strcmp(c->name, "-") == 0)
		return "standard input";
	return c->name;
}

/*
 * Only a filter cuts packets to the snap length. Without one Linux copies whole packets, and its
 * buffer holds a quarter as many.
 */
static void
source_set_cut_filter(struct source *s)
{
	if (s->ops->install != NULL)
		(void)source_set_filter(s, "", NULL);
}

struct source *
source_open(const struct source_config *c, struct buf *err)
{
	const char *filter = c->filter != NULL ? c->filter : "";
	bool nano;
	struct source *s;

	assert(c->kind < NITEMS(openers));
	assert(c->kind == SOURCE_DEMO || c->name != NULL);
	s = openers[c->kind](c, err);
	if (s == NULL)
		return NULL;
	s->kind = c->kind;
	s->number = c->number;
	s->name = xstrdup(source_display_name(c));
	s->linktype = (uint16_t)pcap_datalink(s->pcap);
	s->self = (struct source_interface){ .name = "",
		.description = "",
		.comment = "",
		.snaplen = pcap_snapshot(s->pcap) > 0 ? (uint32_t)pcap_snapshot(s->pcap) : 0,
		.linktype = s->linktype };
	nano = pcap_get_tstamp_precision(s->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	s->fraction_ns = nano ? 1 : NS_IN_US;
	if (*filter == '\0') {
		source_set_cut_filter(s);
	} else if (!source_set_filter(s, filter, err)) {
		source_del(s);
		return NULL;
	}
	return s;
}

void
source_del(struct source *s)
{
	if (s == NULL)
		return;
	filter_free(s->filter);
	link_filters_del(s->others);
	free(s->filter_text);
	free(s->name);
	/* The handle goes first: it may still read data that the kind frees. */
	pcap_close(s->pcap);
	s->ops->del(s);
}

enum source_outcome
source_read(struct source *s, unsigned max, source_fn *fn, void *arg, unsigned *n, struct buf *err)
{
	enum source_outcome o = SOURCE_READ;

	s->fn = fn;
	s->arg = arg;
	s->delivered = 0;
	/* libpcap takes 0 as: no limit. */
	if (max > 0)
		o = s->ops->read(s, max < INT32_MAX ? max : INT32_MAX, err);
	if (s->others != NULL && o == SOURCE_READ)
		link_filters_take_error(s->others, s->name, err);
	if (n != NULL)
		*n = s->delivered;
	return o;
}

void
source_handles(struct source *s, void (*fn)(struct pcap *p, void *arg), void *arg)
{
	if (s->ops->handles != NULL)
		s->ops->handles(s, fn, arg);
	else
		fn(s->pcap, arg);
}

bool
source_set_filter(struct source *s, const char *filter, struct buf *err)
{
	char text[512];
	struct buf unheard;
	struct bpf_program *f;

	if (err == NULL) {
		buf_init(&unheard, text, sizeof(text));
		err = &unheard;
	}
	if (s->ops->filter != NULL)
		return s->ops->filter(s, filter, err);
	f = filter_compile(s->pcap, filter, err);
	if (f == NULL)
		return false;
	if (s->ops->install != NULL && !s->ops->install(s, f, err)) {
		filter_free(f);
		return false;
	}
	filter_free(s->filter);
	s->filter = f;
	link_filters_del(s->others);
	s->others = NULL;
	free(s->filter_text);
	s->filter_text = xstrdup(filter);
	return true;
}

int
source_fd(const struct source *s)
{
	return s->ops->fd != NULL ? s->ops->fd(s) : -1;
}

int
source_timeout(const struct source *s)
{
	return s->ops->timeout(s);
}

uint64_t
source_replay_time(const struct source *s, uint64_t now)
{
	return s->ops->replay_time != NULL ? s->ops->replay_time(s, now) : 0;
}

unsigned
source_lag(const struct source *s)
{
	return s->ops->lag != NULL ? s->ops->lag(s) : 0;
}

void
source_progress(const struct source *s, uint64_t *done, uint64_t *all)
{
	*done = *all = 0;
	if (s->ops->progress != NULL)
		s->ops->progress(s, done, all);
}

void
source_counts(struct source *s, uint16_t number, struct source_counts *c)
{
	*c = (struct source_counts){ 0 };
	if (s->ops->counts != NULL)
		s->ops->counts(s, number, c);
}

const struct source_interface *
source_interface(const struct source *s, uint16_t number)
{
	const struct source_interface *i = NULL;

	if (s->ops->interface != NULL)
		i = s->ops->interface(s, number);
	/* A source of several files is not an interface itself. */
	return i == NULL && number == s->number && s->self.name != NULL ? &s->self : i;
}

const char *
source_comment(const struct source *s)
{
	return s->ops->comment != NULL ? s->ops->comment(s) : "";
}

const char *
source_name(const struct source *s)
{
	return s->name;
}

enum source_kind
source_kind(const struct source *s)
{
	return s->kind;
}

uint16_t
source_linktype(const struct source *s)
{
	return s->linktype;
}

const char *
capture_version(void)
{
	return pcap_lib_version();
}
