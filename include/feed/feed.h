/*
 * The way from the sources into the ledger: opens sources, reads them in turn, dissects in batches,
 * and reopens interfaces that come back.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "capture/source.h"
#include "core/coverage.h"
#include "core/ledger.h"
#include "dissect/dissect.h"
#include "platform/process_owner.h"

struct dpi;
struct feed;
struct flow_apps;
struct recorder;
struct topology;

struct feed_source {
	struct feed *feed;     /* back pointer */
	struct source *source; /* NULL while it is gone */
	struct source_config config;
	char name[LEDGER_NAME]; /* as displayed */
	char chosen[256];       /* interface or file that was added while running */
	bool deselected;        /* the user removed the interface */
	bool stopped;           /* it was stopped by itself, and stays so; a file stays open */
	bool has_filter;        /* it has a capture filter of its own ... */
	char filter[1025];      /* ... and this is it */
	/* How to open it, NULL: source_open(); see feed/private.h. */
	struct source *(*open)(struct feed_source *s, struct buf *err);
	uint8_t state;     /* enum source_state */
	unsigned index;    /* of the interface when it was opened; 0: it has none */
	uint64_t close_at; /* ns, monotonic: the interface has gone, and the kernel delivers its
			      last packets before that time; 0: not gone */
	bool empty;        /* the last read gave no packet */
	uint64_t size;     /* bytes of a file that has been read */
	/* A file's interfaces. Each has a source in the ledger while there is room. */
	unsigned interfaces;        /* that have given packets */
	char first[LEDGER_NAME];    /* name of the first of them */
	uint16_t last;              /* the source of the last of them */
	struct topology *topology;  /* of "any": see feed/private.h */
	struct feed_stream *stream; /* counts of its own, or NULL: see feed/private.h */
	/* See feed/private.h. */
	struct coverage_counter trust;
	struct tally captured; /* since the last tick; a merged frame counts as its segments */
	uint64_t drops_seen;   /* at the last tick */
	unsigned mtu;          /* of an interface; 0: not known */
	uint32_t longest;      /* frame that its link takes; 0: not known */
};

/* Gets each frame, and then each batch of counted packets, in the same order. */
struct feed_tap {
	void (*frame)(void *arg, const struct frame *frame);
	void (*batch)(void *arg, const struct pkt *pkts, unsigned n);
	void *arg;
};

struct flow_owners {
	struct owners *child; /* NULL: processes are not known */
	struct owner_ask asks[OWNER_ASKS];
	unsigned n;         /* questions that are not sent yet */
	unsigned n_asked;   /* since the tick */
	unsigned n_figures; /* of these, those for the kernel's figures */
	uint32_t next;      /* in the list of flows that have had packets since the tick */
	uint64_t tick_at;
};

struct feed {
	struct ledger *ledger;
	struct dissector *dissector;
	struct feed_source source[OPTIONS_SOURCES];
	unsigned n;
	const char **path; /* files to be read, including those of directories */
	unsigned n_files;
	struct feed_source *file; /* one of several files; not sources of their own */
	struct source_config *file_config;
	struct pkt batch[LEDGER_BATCH];
	unsigned n_batch;
	struct feed_source *reading;        /* the source that is read now */
	unsigned skipped;                   /* its packets that were counted elsewhere */
	uint64_t elsewhere;                 /* bit i: another stream counts batch[i] */
	struct pkt_meta meta[LEDGER_BATCH]; /* names and fields seen in the batch's packets */
	unsigned n_meta;
	struct hello_buffers *hello_buffers; /* ClientHellos in several segments */
	struct cipher *cipher;               /* or NULL */
	uint64_t packets_left;               /* packets that may still be read */
	bool stopped;                        /* discard packets, see feed_stop() */
	bool paused;                         /* read no packets, see feed_pause() */
	uint64_t replayed_until;             /* ns: the replay's time */
	bool has_screen;                     /* which may wait for the first byte of a pipe */
	struct feed_source *waiting;         /* standard input, without a byte yet; or NULL */
	bool pipe_is_new;                    /* a pipe whose first stamps decide if it is live */
	bool live_pipe;                      /* and it is: its packets are of now */
	bool demo_endless;                   /* made-up traffic runs in real time */
	bool live;             /* some source is an interface, or made-up traffic in real time */
	bool failed;           /* a file was not read to its end, or a write failed */
	uint64_t housekeep_at; /* ns, monotonic: when feed_housekeep() is due */
	uint16_t
	    unread_links[LEDGER_SOURCES]; /* link types without a dissector, already reported */
	unsigned n_unread;
	struct source_counts closed_counts[LEDGER_SOURCES]; /* of closed handles */
	uint64_t drops; /* of all sources, as of the last feed_tick() */
	bool drops_growing;
	struct buf names;           /* of addresses, from files, as blocks of pcapng */
	struct recorder *recorder;  /* receives the packets; NULL: none */
	const struct feed_tap *tap; /* likewise */
	bool merged;                /* frames larger than their link's MTU were seen */
	uint32_t longest;           /* a longer frame needs a check for merging */
	struct flow_owners owners;
	struct flow_apps *apps; /* NULL: applications are not looked for */
	const struct options *opts;
	char filter[1025]; /* the capture filter in place */
};

/*
 * Opens the interfaces of the options, which needs privileges. Once these are dropped, opens the
 * capture filter and the files. Both exit with one line if something cannot be opened.
 */
void feed_open_live(struct feed *f, const struct options *o, bool has_screen);
void feed_open_files(struct feed *f);
void feed_close(struct feed *f);

/* Appends "eth0 wlan0" to b. */
void feed_names(const struct feed *f, struct buf *b);

/* Finds the processes of flows from now on; owners outlives the feed. */
void feed_set_owners(struct feed *f, struct owners *owners);

/* Finds the applications of flows from now on; dpi outlives the feed. */
void feed_set_apps(struct feed *f, struct dpi *dpi);

/* Asks for the processes of new flows, and takes the answers. */
void feed_ask_owners(struct feed *f);

/* Waits for the answers to all questions, for a second at most. */
void feed_settle_owners(struct feed *f);

#define FEED_FDS (OPTIONS_SOURCES + 2)

/* Fills in descriptors to be polled; returns how many, at most FEED_FDS. */
unsigned feed_poll(const struct feed *f, struct pollfd *fds);

/* ms until a source must be read without its descriptor; -1: none. */
int feed_timeout(const struct feed *f);

/*
 * Reads and counts a bounded number of packets. err holds the last error, one sentence. True while
 * any source may still give packets; an interface always may, as it can come back.
 */
bool feed_read(struct feed *f, struct buf *err);

/* The time of records, ns since the epoch: offline, the packets' stamps are the clock. */
uint64_t feed_record_time(const struct feed *f);

/* Ends an interval: brings drops and the interfaces' counters into the ledger. */
void feed_tick(struct feed *f, uint64_t monotonic);

/*
 * Call it when f->housekeep_at has come (each second, however long the intervals are) and when an
 * interface has changed. Follows interfaces that go away, go down and come back, their addresses
 * and counters; ends records of quiet flows. Appends a line to said for each change.
 */
void feed_housekeep(struct feed *f, uint64_t monotonic, struct buf *said);

/* True if a source failed, or is an interface that went away and has not come back. */
bool feed_has_failed(const struct feed *f);

/* The counters of the source with that number in the ledger, up to now. */
struct source_counts feed_counts(const struct feed *f, uint16_t number);

/* Restarts: files and made-up traffic from their beginning, drops from zero. Does not clear the
 * ledger. */
void feed_restart(struct feed *f, struct buf *err);

/*
 * Stops capturing: packets are neither counted nor reported as drops, interfaces are closed, files
 * wait. Or resumes it; an interface that cannot be opened is retried.
 */
void feed_stop(struct feed *f, bool stop, struct buf *err);

/* Stops reading. Live packets queue in the kernel ring; files are re-read. */
void feed_pause(struct feed *f, bool hold);

/* Compiles a capture filter for all sources in a child process; feed_set_filter() is fast then.
 * NULL with one sentence in err. */
struct filter_job *feed_compile(struct feed *f, const char *filter, struct buf *err);

/* Sets another capture filter on all sources. False with one sentence in err; then no filter has
 * changed. */
bool feed_set_filter(struct feed *f, const char *filter, struct buf *err);

/* The source with that interface name, captured on or not; NULL: there is none. */
struct feed_source *feed_find_interface(struct feed *f, const char *name);

/* Captures on an interface too.  False with one sentence in err. */
bool feed_add_interface(struct feed *f, const char *name, struct buf *err);

/* Stops capturing on the interface; its counters stay. */
void feed_remove_interface(struct feed *f, struct feed_source *s);

/*
 * Adds a source for that interface, even if there is one already, or for a file in the directory of
 * --file-streams. filter: its own capture filter, without names; "": the one of all sources. NULL
 * with one sentence in err.
 *
 * A packet that an earlier stream captures too is only in the counts of its own.
 */
struct feed_source *feed_add_stream(
    struct feed *f, enum source_kind kind, const char *name, const char *filter, struct buf *err);

/* Stops or starts one source. Its counters stay; a file goes on where it was stopped. False with
 * one sentence in err. */
void feed_stop_source(struct feed *f, struct feed_source *s);
bool feed_start_source(struct feed *f, struct feed_source *s, struct buf *err);

/* The same, but its own counts begin at zero, and a file from its beginning. */
bool feed_restart_stream(struct feed *f, struct feed_source *s, struct buf *err);

/* Call it before feed_remove_interface(): gives its own counts back. */
void feed_forget_stream(struct feed *f, struct feed_source *s);

/* The counts of the source alone; NULL: it has none of its own, see the feed's ledger. */
struct ledger *feed_own_counts(const struct feed_source *s);

/* The stream that counts what both capture; NULL: none. */
const struct feed_source *feed_first_overlap(const struct feed_source *s);

/* True if another stream counts the frame that a tap gets. */
static inline bool
feed_is_counted_elsewhere(const struct feed *f)
{
	return (f->elsewhere >> (f->n_batch - 1) & 1) != 0;
}

/* The capture filter of the source: its own, or that of all. */
static inline const char *
feed_source_filter(const struct feed_source *s)
{
	return s->has_filter ? s->filter : s->feed->filter;
}

/* True if all sources are files or made-up traffic at full speed: the clock follows the packets. */
bool feed_is_offline(const struct feed *f);

/* True if packets are of now: of interfaces, or of a pipe from one.  A pipe shows it with its first
 * packet. */
bool feed_is_live(const struct feed *f);

/* True if files are replayed: the clock is that of their packets, from the first one on. */
bool feed_is_replay(const struct feed *f);

/* The stamp that is due now; 0 before the first packet.  It stays at the end of the files. */
uint64_t feed_replay_time(struct feed *f, uint64_t monotonic);

/* Bytes read and total bytes of the file being read; 0 and 0 if unknown. */
void feed_progress(const struct feed *f, uint64_t *done, uint64_t *all);

#endif
