/*
 * What the main loop does for requests of the user.
 */
#ifndef APP_ACTIONS_H
#define APP_ACTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "app/options.h"
#include "control/menu.h"
#include "control/state.h"
#include "feed/feed.h"
#include "feed/recording.h"
#include "ui/term.h"

struct resolver;

/*
 * Saves the settings in a child process, because a disk may be slow, and reports the result.
 */

struct config_save {
	pid_t pid; /* of the child; 0: none is running */
	int fd;    /* the child's report; -1: no child */
	char path[CONFIG_FILE_PATH];
};

void config_save_init(struct config_save *s);

/* Starts the child. An error is shown in st. */
void config_save_start(struct config_save *s, struct state *st);

/* Call it when s->fd is readable; at exit it waits for the child. Shows the result in st. */
void config_save_finish(struct config_save *s, struct state *st);

/*
 * Asks reverse DNS for the addresses on the screen that have no name, if lookups are on.
 */

/* Asks for the addresses on the screen now. *r is created on the first call. */
void dns_lookup_start(
    struct resolver **r, const struct state *st, struct ledger *l, uint64_t monotonic);

/* Stores in the state which processes can be known, and applies --processes. Returns requests. */
unsigned process_lookup_setup(struct state *st, const struct options *o, const struct feed *f);

/*
 * Selects the interfaces to capture on at run time.
 */

/* Lists the existing interfaces. False with one sentence in err. */
bool iface_action_list(struct iface_list *t, struct feed *f, struct buf *err);

/*
 * "NAME" captures on that interface alone, "+NAME" adds it, "-NAME" removes it. False with one
 * sentence in err, if files are read too; then nothing has changed. Adding an interface removes one
 * whose packets it sees completely; a sentence reports that, and packets that are counted twice.
 */
bool iface_action_switch(struct feed *f, const char *wanted, struct buf *err);

/*
 * Starts and stops records for keys and commands.
 */

/* Says that packets are cut: without --write the snap length was chosen for dissection. */
void record_action_note_truncation(const struct options *o, const struct feed *f, struct buf *said);

/*
 * Stops the record, or starts it in the file that st->record names; without a name it chooses one.
 * Shows a message. Records everything that matches the display filter at its start.
 */
void record_action_toggle(
    struct state *st, const struct options *o, struct feed *f, enum record_kind kind);

/* Stops or resumes capturing, as st->record says, and shows a message. */
/* Notes the newest mark as an event, and in a pcapng file that is being written. */
void record_action_mark(const struct state *st, struct feed *f);

void record_action_pause(struct state *st, struct feed *f, struct buf *err);

/* Formats the running records, as "log flow-log pcap". A flow log that is being ended shows as
 * "flow-log 412k left". */
void record_action_text(struct buf *b, const struct recorder *r);

/*
 * Actions on the selected row that need more than the view.
 */

/* Copies a tcpdump command for the row's packets to the terminal's clipboard, and shows a
 * message. */
void row_action_copy_command(struct state *st, const struct feed *f, struct term *t);

/* Starts a capture file of the row's packets, or stops the one that is being written. */
void row_action_record(struct state *st, const struct options *o, struct feed *f);

#endif
