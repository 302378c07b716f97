/*
 * The one poll(2) of the program, and signals by self-pipe.
 */
#ifndef APP_LOOP_H
#define APP_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "export/snapshot.h"
#include "feed/feed.h"
#include "ui/term.h"

/*
 * Steps of sliced work in a turn, apart from its packets. With a million flows, each in another
 * cache line, folding one takes 3 us.
 */
#define LOOP_STEPS 1024

/*
 * ns of such work in a turn; one more step may follow. If packets arrive faster than they can be
 * read, every turn is full, and other work would never be done.
 */
#define LOOP_WORK UINT64_C(3000000)

enum loop_signal {           /* what has arrived, as bits */
	GOT_QUIT = 1 << 0,   /* INT, TERM, HUP, QUIT */
	GOT_RESIZE = 1 << 1, /* WINCH */
	GOT_STOP = 1 << 2,   /* TSTP */
	GOT_CONT = 1 << 3,
	GOT_INFO = 1 << 4, /* USR1, and INFO if the system has it */
};

struct resolver;

struct loop {
	struct feed *feed;
	struct term *term; /* NULL in batch mode */
	struct snapshot *snapshot;
	struct resolver *resolver; /* NULL: no look-ups */
	uint64_t monotonic;        /* ns; read once in each turn */
	uint64_t wall;             /* ns since the epoch; monotonic from the start */
	uint64_t wall_anchor, monotonic_anchor;
	int out_fd;          /* a turn also ends when it is writable; -1: none */
	int helper_fd;       /* a turn also ends when it is readable; -1: none */
	int filter_fd;       /* likewise, of a capture filter that is being compiled */
	bool input_ready;    /* keys are waiting */
	bool helper_ready;   /* helper_fd is readable */
	bool filter_ready;   /* filter_fd is readable */
	bool snapshot_ready; /* the snapshot's child has reported */
	bool ended;          /* no source will give more packets; never true with an interface */
	bool busy;       /* records, rows to be located, or pages (util/alloc.h) need more steps */
	struct buf *err; /* sources append errors and changes of state, one per line */
};

/*
 * Installs the signal handlers; term may be NULL. Without a terminal INT, HUP and QUIT stay ignored
 * if they were, as nohup(1) and shells expect.
 */
void loop_init(struct loop *l, struct feed *f, struct term *t, struct snapshot *s, struct buf *err);

/*
 * Waits at most until `until` (ns, monotonic), or not at all if busy; reads the sources; sends
 * pending terminal output. Returns the signals that arrived. *gone: the terminal is dead.
 */
unsigned loop_turn(struct loop *l, uint64_t until, bool busy, bool *gone);

/* Stops the process as Ctrl-Z does; returns when it is continued. */
void loop_stop_self(void);

#endif
