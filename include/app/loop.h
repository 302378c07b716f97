/*
 * The one poll(2) of the program, the clock, and signals by self-pipe.
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
 * Steps of what goes in slices that are done in a turn besides its packets.  With a million flows,
 * each somewhere else in memory, one to fold takes 3 us.
 */
#define LOOP_STEPS 1024

/*
 * ns of such work in a turn, or a step more.  Where packets come faster than they can be taken each
 * turn is full of them, and nothing else would get on.
 */
#define LOOP_WORK UINT64_C(3000000)

enum loop_signal {           /* what has arrived, as bits */
	GOT_QUIT = 1 << 0,   /* INT, TERM, HUP, QUIT */
	GOT_RESIZE = 1 << 1, /* WINCH */
	GOT_STOP = 1 << 2,   /* TSTP */
	GOT_CONT = 1 << 3,
	GOT_INFO = 1 << 4, /* USR1, and INFO where there is one */
};

struct resolver;

struct loop {
	struct feed *feed;
	struct term *term; /* NULL in batch mode */
	struct snapshot *snapshot;
	struct resolver *resolver; /* NULL: nobody asks */
	uint64_t monotonic;        /* ns; read once in each turn */
	uint64_t wall;             /* ns since the epoch; goes on evenly from the start */
	uint64_t wall_anchor, monotonic_anchor;
	int out_fd;          /* a turn ends when it can be written, too; -1: none */
	int helper_fd;       /* likewise when it can be read; -1: none */
	int filter_fd;       /* likewise, of a capture filter that is being compiled */
	bool input_ready;    /* keys are waiting */
	bool helper_ready;   /* helper_fd has something to say */
	bool filter_ready;   /* filter_fd has */
	bool snapshot_ready; /* the snapshot's child has something to say */
	bool ended;          /* no source will give anything any more; an interface may always */
	bool busy;       /* records, rows to be located, or pages (util/pages.h) have more to do */
	struct buf *err; /* where sources say what went wrong and what has changed, in lines */
};

/*
 * Installs the signal handlers; term may be NULL.  Then INT, HUP and QUIT stay ignored if they
 * were, as nohup(1) and shells ask for.
 */
void loop_init(struct loop *l, struct feed *f, struct term *t, struct snapshot *s, struct buf *err);

/*
 * Waits at most until `until` (ns, monotonic), or not at all with busy; reads the sources;
 * sends what waits for the terminal.  Returns the signals that arrived.  *gone: the terminal is
 * dead.
 */
unsigned loop_turn(struct loop *l, uint64_t until, bool busy, bool *gone);

/* Stops the process as Ctrl-Z does, and comes back when it is continued. */
void loop_stop_self(void);

uint64_t clock_monotonic(void); /* ns */
uint64_t clock_wall(void);      /* ns since the epoch */

#endif
