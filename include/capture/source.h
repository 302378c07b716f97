/*
 * Sources of packets: opening and reading them, their filters, merging.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"
#include "util/buf.h"

struct source;

/*
 * A source of frames: an interface, a capture file, or synthetic traffic.
 *
 *	src = source_open(&config, err);
 *	source_fd(src) into poll(), or source_timeout();
 *	source_read(src, max, fn, arg);		as often as it is ready
 *	source_del(src);
 *
 * Never blocks.  The only place for <pcap/pcap.h> is src/capture.
 */

enum source_kind { SOURCE_LIVE, SOURCE_FILE, SOURCE_DEMO };

#define SOURCE_SNAPLEN 256

/* One of the interfaces of a source. Texts are borrowed, and sanitised except for the comment. */
struct source_interface {
	const char *name, *description, *comment; /* "": none */
	uint32_t snaplen;                         /* 0: unknown */
	uint16_t linktype;                        /* DLT_ */
};

/* Returns the number for frame.source of an interface. */
typedef uint16_t source_interface_fn(void *arg, const struct source_interface *i);

/* A name in a file for an address of 4 or 16 bytes; not sanitised. */
typedef void source_name_fn(void *arg, const uint8_t *address, unsigned bytes, const char *name);

struct source_config {
	enum source_kind kind;
	const char *name;   /* interface, path ("-": standard input), or NULL for the demo */
	const char *folder; /* name is that of a plain, uncompressed file in it; NULL: a path */
	const char *filter; /* pcap-filter(7), "" for none */
	int snaplen;        /* bytes; 0: SOURCE_SNAPLEN, enough for every header */
	int buffer_mib;     /* kernel's ring; 0: the default (16) */
	bool promiscuous;
	double replay;     /* files: multiple of the recorded speed; 0: as fast as possible */
	bool demo_endless; /* the demo runs in real time; else it makes 60 s of traffic at once */
	uint16_t number;   /* for frame.source */
	/* Called when an interface of a pcapng file gives its first frame. NULL: all give
	 * `number`. */
	source_interface_fn *interface;
	source_name_fn *name_found; /* or NULL */
	void *arg;                  /* for both functions */
};

enum source_outcome {
	SOURCE_READ,  /* got frames, or none for now */
	SOURCE_DONE,  /* a file or a bounded demo has ended */
	SOURCE_SHORT, /* a file ended within a packet; see err */
	SOURCE_LOST,  /* the interface went away or down; err is empty */
	SOURCE_ERROR, /* see err */
};

struct source_counts {
	uint64_t received;       /* by the kernel */
	uint64_t kernel_dropped; /* no room in the ring */
	uint64_t interface_dropped;
	uint64_t stamps_back; /* frames of a file whose stamp is lower than the previous one */
	uint64_t stamps_wild; /* frames with an implausible stamp, which was replaced */
	bool known;           /* drops are known: a file may not have them */
};

typedef void source_fn(const struct frame *f, void *arg);

/*
 * NULL with one sentence in err that names the source and says what to try
 * ("eth0: no permission to capture; run it with sudo, or: setcap ...").
 */
struct source *source_open(const struct source_config *c, struct buf *err);
void source_del(struct source *s);

/* Passes at most max frames to fn. *n, if not NULL: the number of frames. */
enum source_outcome source_read(
    struct source *s, unsigned max, source_fn *fn, void *arg, unsigned *n, struct buf *err);

/* For poll(POLLIN); -1: read it at source_timeout(). */
int source_fd(const struct source *s);

/* ms until it must be read even if its descriptor is not ready; 0: at once; -1: never. */
int source_timeout(const struct source *s);

/* The stamp that is due at `now` (monotonic) if a replayed frame waits for its time; else 0. */
uint64_t source_replay_time(const struct source *s, uint64_t now);

/* ms after which it has given all frames that the kernel had buffered; 0: at once. */
unsigned source_lag(const struct source *s);

/* Progress in a file: bytes so far and in total; both 0 if unknown. */
void source_progress(const struct source *s, uint64_t *done, uint64_t *all);

/* The counts of a file's interfaces with this number; of other sources all. */
void source_counts(struct source *s, uint16_t number, struct source_counts *c);

static inline void
source_counts_add(struct source_counts *sum, const struct source_counts *c)
{
	sum->received += c->received;
	sum->kernel_dropped += c->kernel_dropped;
	sum->interface_dropped += c->interface_dropped;
	sum->stamps_back += c->stamps_back;
	sum->stamps_wild += c->stamps_wild;
	sum->known |= c->known;
}

/* The interface with this number, borrowed; NULL: unknown. */
const struct source_interface *source_interface(const struct source *s, uint16_t number);

/* The file's comment, not sanitised, borrowed; "": none. */
const char *source_comment(const struct source *s);

/* Sets another capture filter. False with one sentence in err; then the old one stays. */
bool source_set_filter(struct source *s, const char *filter, struct buf *err);

/* True once a compressed file was opened: opening it again runs a program. */
bool source_was_unpacked(void);

const char *source_name(const struct source *s);
enum source_kind source_kind(const struct source *s);
uint16_t source_linktype(const struct source *s); /* DLT_ */

/*
 * Checks a filter text without a source: at most 1024 bytes, compiled for linktype on a dead
 * handle.  With numeric, host and service names are refused (they would ask DNS).  False with
 * one sentence in err.
 */
bool capture_filter_check(const char *filter, uint16_t linktype, bool numeric, struct buf *err);

/*
 * True if the frame passes the filter, which is compiled at the first frame of a link type. *fs
 * begins as NULL, and is freed by link_filters_del().
 */
struct link_filters;
bool capture_filter_passes(struct link_filters **fs, const char *filter, const struct frame *f);
void link_filters_del(struct link_filters *fs);

/* True if a filter of that one word needs no name look-up. */
bool capture_is_filter_word(const char *word);

/* True if it begins with a name, which no filter can. */
bool capture_begins_with_name(const char *filter);

/* True if the system has a device with this name. */
bool devices_has(const char *name);

/* True for a regular file that begins like a capture file, or a compressed one. */
bool file_is_capture(const char *path);

/* Appends one line each to b: name, addresses, state, description. False with one sentence in
 * err. */
bool devices_list(struct buf *b, struct buf *err);

/* "libpcap version 1.10.3 ..." */
const char *capture_version(void);

/*
 * Converts link types that have different numbers in files and in libpcap: pcap-linktype(7).
 */

uint16_t linktype_from_file(uint16_t linktype); /* the DLT_ value */
uint16_t linktype_in_file(uint16_t dlt);        /* the LINKTYPE_ value */

/* "EN10MB"; "147" if there is no name. */
const char *linktype_name(uint16_t linktype);

/*
 * Compiles a capture filter in a child process, because libpcap asks name servers for the names in
 * a filter, and some filters take long.
 *
 *	job = filter_job_new(sources, n, text, seconds, err);
 *	poll() filter_job_fd(job) for POLLIN
 *	filter_job_read(job, err);	when it is readable, until it is not FILTER_WAITS
 *	source_set_filter(s, text, err);	quick: the programs are kept
 *	filter_job_del(job);
 */

#define FILTER_JOB_SECONDS 3 /* time limit */

enum filter_job_state { FILTER_WAITS, FILTER_READY, FILTER_REFUSED };

struct filter_job;

/* Starts to compile the filter for the links of these sources. NULL with one sentence in err.
 * seconds: the limit; 0: none. */
struct filter_job *filter_job_new(
    struct source *const *sources, unsigned n, const char *text, unsigned seconds, struct buf *err);
void filter_job_del(struct filter_job *job); /* NULL does nothing */

int filter_job_fd(const struct filter_job *job);

/* FILTER_REFUSED with one sentence in err. */
enum filter_job_state filter_job_read(struct filter_job *job, struct buf *err);

const char *filter_job_text(const struct filter_job *job);

/*
 * Several capture files as one source: their frames in the order of their stamps.
 *
 * Frames of one file stay in their order. If stamps are equal, the file that was named first comes
 * first. There is no limit on the number of files: if there are very many, each is open only from
 * its first stamp to its end. Counts and progress (source.h) are those of all files together.
 */

struct merge_config {
	/* All are SOURCE_FILE; borrowed until source_del(). Their filters and pace are ignored. */
	struct source_config *file;
	unsigned n;
	const char *filter;
	double replay;
	/* File i can be read: sets how file[i] is opened, above all its number. */
	void (*opened)(void *arg, unsigned i, uint16_t linktype);
	/* File i gives no more packets: SOURCE_DONE, SOURCE_SHORT or SOURCE_ERROR. */
	void (*ended)(void *arg, unsigned i, enum source_outcome how);
	void *arg;
};

/* NULL with one sentence in err that names a file that cannot be read. */
struct source *merge_open(const struct merge_config *c, struct buf *err);

#endif
