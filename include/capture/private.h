/*
 * Shared by the kinds of sources. Private to src/capture/.
 *
 * A kind has its own struct that begins with struct source, a function that opens it, and a row of
 * operations. source.c does what is common to all kinds: name, link type, filter text, the caller's
 * function.
 */
#ifndef CAPTURE_PRIVATE_H
#define CAPTURE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"
#include "util/text.h"

struct bpf_program;
struct pcap;
struct pcap_pkthdr;

struct source {
	const struct source_ops *ops;
	struct pcap *pcap;           /* of the demo: a dead one, to compile filters */
	struct bpf_program *filter;  /* in use, for the link type below; NULL: none */
	struct link_filters *others; /* the same for others, see below; NULL: none yet */
	char *filter_text;
	char *name;
	uint32_t fraction_ns; /* ns per unit of a stamp's fraction */
	uint16_t number, linktype;
	struct source_interface self; /* used if the kind has no interface data */
	enum source_kind kind;
	source_fn *fn; /* during source_read() */
	void *arg;
	unsigned delivered; /* frames that fn got in this source_read() */
};

struct source_ops {
	enum source_outcome (*read)(struct source *s, unsigned max, struct buf *err);
	int (*timeout)(const struct source *s);
	void (*del)(struct source *s); /* frees s too; s->pcap and the rest are source.c's */
	/* The following may be NULL: no descriptor, no data, source_passes() is enough. */
	int (*fd)(const struct source *s);
	unsigned (*lag)(const struct source *s);
	void (*progress)(const struct source *s, uint64_t *done, uint64_t *all);
	/* Of the source or interface with this number; zeroed by the caller. */
	void (*counts)(struct source *s, uint16_t number, struct source_counts *c);
	const struct source_interface *(*interface)(const struct source *s, uint16_t number);
	const char *(*comment)(const struct source *s);
	bool (*install)(struct source *s, struct bpf_program *filter, struct buf *err);
	void (*handles)(struct source *s, void (*fn)(struct pcap *p, void *arg), void *arg);
	/* Replaces all of source_set_filter(). */
	bool (*filter)(struct source *s, const char *filter, struct buf *err);
};

/* They set ops and pcap; NULL with one sentence in err. */
struct source *live_open(const struct source_config *c, struct buf *err);
struct source *file_open(const struct source_config *c, struct buf *err);
struct source *demo_source_open(const struct source_config *c, struct buf *err);

/* The key of a compiled program, together with the text. */
struct filter_key {
	int linktype, snaplen;
	bool live; /* for the kernel, which strips VLAN tags */
};

struct filter_key filter_key(struct pcap *p);

/*
 * A compiled filter for the link of p; NULL with one sentence in err. The programs of the newest
 * text are cached, so that each is compiled once, however many sources there are.
 */
struct bpf_program *filter_compile(struct pcap *p, const char *text, struct buf *err);

/* Caches a program that was compiled elsewhere; takes ownership of its instructions. */
void filter_cache_program(
    const struct filter_key *k, const char *text, struct bpf_program *program);

/* False with one sentence in err: the text is too long. */
bool filter_is_short(const char *text, struct buf *err);

/* Calls fn for each handle that a filter of s is compiled for. */
void source_handles(struct source *s, void (*fn)(struct pcap *p, void *arg), void *arg);
void filter_free(struct bpf_program *f);

/* The first name in a filter that libpcap would have to look up: returns its length, *at is its
 * start; 0: none. */
size_t filter_find_name(const char *text, const char **at);

/* Appends "lo, eth0, any" to b. */
void devices_add(struct buf *b);

#endif
