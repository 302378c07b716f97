/*
 * Going back in time: pictures of all views are recorded, and the whole screen can show one of them
 * instead of the present.
 *
 * After each interval:	history_record(), then history_record_step() in slices until it is done.
 */
#ifndef CONTROL_HISTORY_H
#define CONTROL_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"
#include "view/history_store.h"

struct buf;
struct ledger;
struct state;

#define HISTORY_MEMORY ((size_t)24 << 20)

#define HISTORY_MARKS 16

struct history_cursor {
	struct history_store *store; /* NULL: history is off */
	uint64_t shown_at;           /* ns: the moment shown; 0: the present */
	struct history_mark {
		uint64_t at; /* ns */
		char note[EVENT_DETAIL];
	} mark[HISTORY_MARKS]; /* the newest last */
	unsigned n_marks;
	uint64_t noting;            /* ns: the moment that a note is typed for */
	bool missing;               /* the view shown has no data of that moment */
	double speed;               /* of playing a recording; 0: not playing */
	uint64_t played_to;         /* ns: how far it is played; 0: as far as is shown */
	struct history_maker maker; /* of the picture that is being taken */
};

/* Starts to record pictures. */
void history_start(struct state *st);

/* Shows the pictures of a recording, which then belongs to st, from that moment on. False if there
 * is none. */
bool history_open(struct state *st, struct history_store *store, uint64_t at);

/* Goes forward if it is being played; ns have passed.  Pauses, or goes on.  Return requests. */
#define HISTORY_SPEED_MOST 86400
unsigned history_play(struct state *st, uint64_t ns);
unsigned history_pause(struct state *st);

/* Shows the picture of that moment, if there is one and the moment is past; 0: none. */
void history_visit(struct state *st, uint64_t at);

/* The moment that is shown, ns; 0: none yet. */
uint64_t history_base_time(const struct state *st);

/* Marks a moment, which may be 0.  note: any text.  Returns requests. */
unsigned history_mark(struct state *st, uint64_t at, const char *note);

/* Shows the present again; history_go_live() also ends a freeze.  Returns requests. */
void history_leave(struct state *st);
unsigned history_go_live(struct state *st);

/* Forgets all pictures, after counts were reset. */
void history_clear(struct state *st);

/* At the end of an interval: starts its picture, unless earlier ones took too much work. */
void history_record(struct state *st, const struct ledger *l);

/* Examines n more rows for it.  True while there is more to do. */
bool history_record_step(struct state *st, const struct ledger *l, uint32_t n);

/* Instead of ranking: loads the rows and numbers of the moment shown. */
void history_load(struct state *st, const struct ledger *l);

/* "-00:00:12": how long ago the moment shown is. */
void history_ago_text(struct buf *b, const struct state *st, uint64_t now);

#endif
