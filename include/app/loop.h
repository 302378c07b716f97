/*
 * The main loop, and how often it redraws, resets and reports progress.
 */
#ifndef APP_LOOP_H
#define APP_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "export/snapshot.h"
#include "feed/feed.h"
#include "ui/term.h"
#include "util/buf.h"

/*
 * Measures the terminal's throughput and limits redraws.
 *
 * After a redraw that took some time to send, the terminal stays idle for at least as long, so that
 * the answer to a key, which is never delayed, arrives soon. Other traffic on the link gets its
 * share too.
 */

struct redraw_limit {
	bool drained;          /* the last redraw has been sent */
	uint64_t started;      /* ns, monotonic: when it was started */
	uint64_t drain_time;   /* ns that it took to send, or has taken so far */
	uint64_t window_start; /* ns: start of the current window */
	uint64_t window_sent;  /* bytes sent before the window */
	double rate;           /* bytes/s over the last whole window; negative: none yet */
};

void redraw_limit_init(struct redraw_limit *b);

/* Call it when a redraw starts. */
void redraw_limit_start(struct redraw_limit *b, uint64_t now);

/* Call it often. pending: bytes wait to be sent; sent: bytes since the start. */
void redraw_limit_update(struct redraw_limit *b, bool pending, uint64_t sent, uint64_t now);

/* True if a redraw without a key may start. */
bool redraw_limit_allows(const struct redraw_limit *b, uint64_t now);

/* Seconds between redraws that the terminal can take, rounded; 0: no more than `delay` (in s). */
unsigned redraw_limit_delay(const struct redraw_limit *b, double delay);

/*
 * Shows how far a file has been read while a report is being made: a bar, the rate and the
 * remaining time, on one line of a terminal's standard error.
 */

struct progress {
	bool wanted;      /* standard error is a terminal */
	bool shown;       /* a line is on the terminal */
	uint64_t started; /* ns, monotonic */
	uint64_t next;    /* ns, monotonic: the next redraw */
};

void progress_init(struct progress *p, uint64_t monotonic);

/* Draws the line if it is due; done and all are bytes, all is 0 if unknown. */
void progress_show(
    struct progress *p, uint64_t monotonic, uint64_t done, uint64_t all, uint64_t packets);

/* Erases the line. */
void progress_end(struct progress *p);

/* Formats the line after elapsed ns. */
void progress_text(struct buf *b, uint64_t elapsed, uint64_t done, uint64_t all, uint64_t packets);

/*
 * Resets in steps: the shown counters restart at zero, or all counters are cleared. Packets wait
 * during a reset.
 *
 *	reset_request_zero(), reset_request_restart()	on request
 *	reset_start()			once in each turn
 *	reset_step()			while reset_is_running()
 *
 * The flow log writes its records before the counters are cleared, however long that takes. Packets
 * are read meanwhile; they wait only while the records of the last ones are written.
 */

struct reset {
	struct feed *feed;
	enum reset_stage {
		RESET_IDLE,
		RESET_RECORDS,      /* writing flow records */
		RESET_LAST_RECORDS, /* writing those of packets that came meanwhile */
		RESET_LEDGER,       /* clearing the ledger */
		RESET_BASELINE,     /* copying the counters as baseline */
	} stage;
};

/* Sets the counters to zero, or (on is false) shows the totals again. A second request during
 * the reset has no effect: nothing has been counted since. */
void reset_request_zero(struct reset *f, bool on);

void reset_request_restart(struct reset *f);

/* True if all counters are being cleared from now on: the sources restart, and append errors to
 * err. */
bool reset_start(struct reset *f, struct buf *err);

/* True if reset_step() has work; no interval may end before it is done. */
bool reset_is_running(const struct reset *f);

/* True if reset_start() must be called soon. */
bool reset_is_pending(const struct reset *f);

/* Does that many steps. True if there are more. */
bool reset_step(struct reset *f, unsigned steps);

/*
 * The one poll(2) of the program, and signals by self-pipe.
 */

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
	GOT_QUIT = 1 << 0,   /* INT, TERM, QUIT, and HUP unless it reloads */
	GOT_RESIZE = 1 << 1, /* WINCH */
	GOT_STOP = 1 << 2,   /* TSTP */
	GOT_CONT = 1 << 3,
	GOT_INFO = 1 << 4,   /* USR1, and INFO if the system has it */
	GOT_RELOAD = 1 << 5, /* HUP, if it does not mean the end */
};

struct resolver;
struct server;

struct loop {
	struct feed *feed;
	struct term *term; /* NULL in batch mode */
	struct snapshot *snapshot;
	struct resolver *resolver; /* NULL: no look-ups */
	struct server *server;     /* NULL: no HTTP */
	bool reloads;              /* SIGHUP does not mean the end */
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

/* Also opens the signals; term may be NULL. */
void loop_init(struct loop *l, struct feed *f, struct term *t, struct snapshot *s, struct buf *err);

/*
 * Waits at most until `until` (ns, monotonic), or not at all if busy; reads the sources; sends
 * pending terminal output. Returns the signals that arrived. *gone: the terminal is dead.
 */
unsigned loop_turn(struct loop *l, uint64_t until, bool busy, bool *gone);

/*
 * Handlers note signals; signals_fd() is then readable. Without a screen INT, HUP
 * and QUIT stay ignored if they were, as nohup(1) and shells expect.
 */
void signals_open(bool screen);
int signals_fd(void);

/* The signals that have arrived since the last call. */
unsigned signals_take(void);

/* Stops the process as Ctrl-Z does; returns when it is continued. */
void signals_stop_self(void);

#endif
