/*
 * Private to src/capture/.
 */
#ifndef CAPTURE_PRIVATE_H
#define CAPTURE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/source.h"
#include "util/buf.h"
#include "util/text.h"

struct bpf_program;
struct link_filters;
struct pcap;
struct pcap_pkthdr;

/*
 * Shared by the kinds of sources. Private to src/capture/.
 *
 * A kind has its own struct that begins with struct source, a function that opens it, and a row of
 * operations. source.c does what is common to all kinds: name, link type, filter text, the caller's
 * function.
 */

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
	/* The stamp that is due at `now` (monotonic); 0 if no frame waits for its time. */
	uint64_t (*replay_time)(const struct source *s, uint64_t now);
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

/*
 * The capture filter of a source with frames of several link types: compiled for a link type at its
 * first frame. Private to src/capture/.
 */

/* NULL if the filter cannot be compiled for that link type: then none of its frames pass.
 * Creates *fs if it is NULL. */
const struct bpf_program *link_filters_get(
    struct link_filters **fs, const char *text, uint16_t linktype);

/* Appends to err, once, the link type that the filter could not be compiled for. */
void link_filters_take_error(struct link_filters *fs, const char *name, struct buf *err);

/*
 * Integers of either byte order in a file's bytes. Private to src/capture/.
 */

static inline uint16_t
bytes_16(const uint8_t *p, bool big)
{
	return (uint16_t)(big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static inline uint32_t
bytes_32(const uint8_t *p, bool big)
{
	uint32_t first = bytes_16(p, big), second = bytes_16(p + 2, big);

	return big ? first << 16 | second : second << 16 | first;
}

static inline uint64_t
bytes_64(const uint8_t *p, bool big)
{
	uint64_t first = bytes_32(p, big), second = bytes_32(p + 4, big);

	return big ? first << 32 | second : second << 32 | first;
}

/*
 * A few link types have headers in the byte order of the capturing machine.  If a file has the
 * other byte order, they are swapped, as libpcap does.  Private to src/capture/.
 */

static inline bool
host_is_big(void)
{
	static const union {
		uint16_t number;
		uint8_t bytes[2];
	} one = { 1 };

	return one.bytes[1] == 1;
}

/* Swaps the numbers in the header of a frame of n bytes; does nothing if its link type has none. */
void host_order_swap(uint16_t linktype, uint8_t *frame, size_t n);

/*
 * Replays recorded packets by their stamps: the first one at once, each later one after the
 * difference of the stamps, divided by the speed. A stamp that went back is due at once.
 */

struct replay_clock {
	double speed;      /* > 0 */
	uint64_t first_ts; /* ns: stamp of the first packet ... */
	uint64_t began;    /* ... and its replay time, monotonic */
	bool started;
};

void replay_clock_init(struct replay_clock *p, double speed);

/* ns from `now` (monotonic) until a packet of stamp ts is due; 0: now. The first call starts the
 * clock. */
uint64_t replay_clock_wait(struct replay_clock *p, uint64_t ts, uint64_t now);

/* The stamp that is due at `now`; 0 before the first packet. */
uint64_t replay_clock_time(const struct replay_clock *p, uint64_t now);

/* The wait as a timeout for poll(2) in ms: packets that are close are replayed together. */
int replay_clock_timeout(uint64_t wait_ns);

/* ns of CLOCK_MONOTONIC. */
uint64_t replay_clock_now(void);

#endif
