/*
 * From the sources into the ledger: opens them, reads them in turn, dissects in
 * batches, and looks after those that go away and come back.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/options.h"
#include "capture/filter_job.h"
#include "capture/source.h"
#include "core/coverage.h"
#include "core/ledger.h"
#include "dissect/dissect.h"

struct feed;
struct recorder;
struct topology;

struct feed_source {
	struct feed *feed;     /* that it is of */
	struct source *source; /* NULL while it is gone */
	struct source_config config;
	char name[LEDGER_NAME];   /* as it is shown */
	char device[LEDGER_NAME]; /* of an interface that was chosen while running */
	bool deselected;          /* an interface that is not to be captured on any more */
	bool of_files;            /* it is all files together, see feed_files.h */
	uint8_t state;            /* of one of these: enum source_state */
	unsigned index;           /* of the interface when it was opened; 0: it has none */
	uint64_t close_at; /* ns, monotonic: its interface went, and by then it gave all; 0 */
	uint64_t size;     /* bytes of a file that has been read */
	/* A file's interfaces, of which each has a source in the ledger while there is room. */
	unsigned interfaces;       /* that have given packets */
	char first[LEDGER_NAME];   /* name of the first of them */
	uint16_t last;             /* the source of the last of them */
	struct topology *topology; /* of "any": see any_device.h */
	/* See capture_loss.h. */
	struct coverage_counter trust;
	struct tally captured; /* since the last tick; merged frames for what they stand for */
	uint64_t drops_seen;   /* at the last tick */
	unsigned mtu;          /* of an interface; 0: not known */
	uint32_t longest;      /* frame that its link takes; 0: not known */
};

struct feed {
	struct ledger *ledger;
	struct dissector *dissector;
	struct feed_source source[OPTIONS_SOURCES];
	unsigned n;
	const char **path; /* the files to be read, folders opened up */
	unsigned n_files;
	struct feed_source *file; /* of several files each; they are no sources of their own */
	struct source_config *file_config;
	struct pkt batch[LEDGER_BATCH];
	unsigned n_batch;
	struct feed_source *reading;        /* that gives packets now */
	unsigned skipped;                   /* packets of it that are counted elsewhere */
	struct pkt_meta meta[LEDGER_BATCH]; /* what packets of the batch say of names */
	unsigned n_meta;
	struct hello_buffers *hello_buffers; /* those that packets say in pieces */
	struct cipher *cipher;               /* or NULL */
	uint64_t packets_left;               /* packets that may still be read */
	bool stopped;                        /* packets pass by, see feed_stop() */
	bool paused;                         /* packets wait, see feed_pause() */
	bool demo_endless;                   /* made-up traffic goes on in real time */
	bool live;             /* some source is an interface, or made-up traffic in real time */
	bool failed;           /* a file could not be read to its end, or something not written */
	uint64_t housekeep_at; /* ns, monotonic: when feed_housekeep() is due */
	uint16_t unread_links[LEDGER_SOURCES]; /* link types that nobody can read, which was said */
	unsigned n_unread;
	struct source_counts closed_counts[LEDGER_SOURCES]; /* of handles that are no more */
	uint64_t drops; /* of all sources, as of the last feed_tick() */
	bool drops_growing;
	struct recorder *recorder; /* what wants to see the packets; NULL: nothing does */
	bool merged;               /* frames larger than their link's MTU were seen */
	uint32_t longest;          /* frame that no source needs a second look at */
	const struct options *opts;
	char filter[1025]; /* the capture filter in place */
};

/*
 * Opens the interfaces that the options name, which takes privileges; then, once these have gone,
 * all that is read from outside: the capture filter and the files.  Both die with one line if
 * something cannot be opened.
 */
void feed_open_live(struct feed *f, const struct options *o, bool demo_endless);
void feed_open_files(struct feed *f);
void feed_close(struct feed *f);

/* "eth0 wlan0" into b. */
void feed_names(const struct feed *f, struct buf *b);

/* Fills in descriptors to be polled; returns how many, at most OPTIONS_SOURCES. */
unsigned feed_poll(const struct feed *f, struct pollfd *fds);

/* ms until a source wants to be read without its descriptor; -1: none does. */
int feed_timeout(const struct feed *f);

/*
 * Reads what there is, a bounded amount, and counts it.  What went wrong is said
 * in err, one sentence, the last one only.  True while any source may still give packets; an
 * interface may always, as it can come back.
 */
bool feed_read(struct feed *f, struct buf *err);

/* An interval ends: brings drops and the interfaces' counters into the ledger. */
void feed_tick(struct feed *f, uint64_t monotonic);

/*
 * To be called when f->housekeep_at has come: each second, however long the intervals are, and when
 * an interface has changed.  Follows interfaces that go away, are taken down and come back, and
 * their addresses and counters; ends records of flows that became quiet.  Appends a line to said
 * for each change.
 */
void feed_housekeep(struct feed *f, uint64_t monotonic, struct buf *said);

/* True when a source failed, or is an interface that went away and has not come back. */
bool feed_has_failed(const struct feed *f);

/* What the source of that number in the ledger has counted up to now. */
struct source_counts feed_counts(const struct feed *f, uint16_t number);

/* Begins anew: files and made-up traffic from their beginning, drops from zero.  The ledger stays.
 */
void feed_restart(struct feed *f, struct buf *err);

/*
 * From now on packets pass by uncounted, and nobody calls them lost: interfaces are closed, files
 * wait.  Or capturing goes on; then an interface that cannot be opened is tried again.
 */
void feed_stop(struct feed *f, bool stop, struct buf *err);

/* Packets wait where they are, in the kernel for as long as it has room, or come again. */
void feed_pause(struct feed *f, bool hold);

/* Compiles a capture filter for all sources, beside the loop; then feed_set_filter() is quick. NULL
 * with one sentence in err. */
struct filter_job *feed_compile(struct feed *f, const char *filter, struct buf *err);

/* Puts another capture filter on all sources, or on none: then false with one sentence in err. */
bool feed_set_filter(struct feed *f, const char *filter, struct buf *err);

/* The source that is an interface of that name, captured on or not; NULL: there is none. */
struct feed_source *feed_find_interface(struct feed *f, const char *name);

/* Captures on an interface too.  False with one sentence in err. */
bool feed_add_interface(struct feed *f, const char *name, struct buf *err);

/* Captures on it no more; what was counted stays. */
void feed_remove_interface(struct feed *f, struct feed_source *s);

/* True when all sources are files or made-up traffic at full speed: time is what packets say. */
bool feed_is_offline(const struct feed *f);

/* Bytes read and in all of the file being read; 0 and 0 where not known. */
void feed_progress(const struct feed *f, uint64_t *done, uint64_t *all);

#endif
