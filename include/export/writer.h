/*
 * Writers of files: in a process of their own, and of capture files.
 */
#ifndef EXPORT_WRITER_H
#define EXPORT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "dissect/frame.h"
#include "export/file.h"
#include "util/buf.h"

struct async_writer;

/*
 * Writes records to a file in a child process, so that a slow disk never blocks the loop.
 *
 *	w = async_writer_new(path, &rotation, head, head_size, ...);
 *	async_writer_add(w, record, n);	for each whole record
 *	async_writer_flush(w);		once in each turn of the loop
 *	async_writer_read_notes(w, said);		when async_writer_fd(w) is readable
 *	async_writer_del(w, said);
 *
 * The records go through a bounded buffer and a pipe to the child. If the buffer or the disk is
 * full, records are dropped and counted as missed. If the parent dies, the child writes the whole
 * records that it has received, and exits.
 */

#define WRITER_RECORD_MAX (512 * 1024) /* bytes of a record */

struct async_writer_config {
	const char *what; /* "packet log", for sentences */
	const char *path; /* "-": standard output */
	struct file_rotation rotation;
	const void *head; /* the head of each file; copied */
	size_t head_size;
	bool patient; /* for offline sources: async_writer_add() blocks until there is room */
	void (*release)(void *arg); /* frees memory that the child does not need */
	void *arg;
};

/*
 * Creates the file and starts the child. NULL with one sentence in err.
 */
struct async_writer *async_writer_new(
    const struct async_writer_config *c, uint64_t monotonic, struct buf *err);

/*
 * A writer whose child stores the records itself: it was forked before, and runs
 * async_writer_serve() until the parent has closed the pipe. A record is stored in the piece with
 * others; store() returns 0 or errno.
 */
struct async_writer *async_writer_attach(
    const struct async_writer_config *c, pid_t pid, int to, int from);

typedef int async_writer_store(void *arg, const void *records, size_t n);
void async_writer_serve(int from, int to, async_writer_store *store, void *arg);

/* Queues a record, or counts it as missed. */
void async_writer_add(struct async_writer *w, const void *record, size_t n);

/* False if the queue is so full that a caller with many records had better wait. */
bool async_writer_has_room(const struct async_writer *w);

/* From now on async_writer_add() blocks for room, but not if the disk makes no progress for 10
 * s. */
void async_writer_wait(struct async_writer *w);

/* Queues a record that is also added to the head of all later files. */
void async_writer_add_head(struct async_writer *w, const void *record, size_t n);

/* Sets the tail of each file from now on. */
void async_writer_set_tail(struct async_writer *w, const void *tail, size_t n);

/* Counts a record that has no place in the file. */
void async_writer_count_missed(struct async_writer *w);

/* Sends queued records, as far as the pipe has room. True while some are left. */
bool async_writer_flush(struct async_writer *w);

int async_writer_fd(const struct async_writer *w);      /* readable: the child has sent a note */
int async_writer_pipe_fd(const struct async_writer *w); /* writable: there is room in the pipe */
bool async_writer_is_waiting(const struct async_writer *w); /* records are queued for that room */

enum async_writer_state {
	WRITER_RUNS,
	WRITER_HALTED, /* the file cannot be written; retried later */
	WRITER_CLOSED, /* the reader of standard output has closed */
	WRITER_FAILED, /* the child has exited */
};

/* Reads the child's notes. True if said then holds a sentence about a change. */
bool async_writer_read_notes(struct async_writer *w, struct buf *said);

enum async_writer_state async_writer_state(const struct async_writer *w);
uint64_t async_writer_missed(const struct async_writer *w); /* records */
const char *async_writer_path(const struct async_writer *w);

/* No more records come. Call async_writer_flush() and async_writer_read_notes() as before until
 * it has ended. */
void async_writer_end(struct async_writer *w);
bool async_writer_has_ended(const struct async_writer *w);

/*
 * Waits until all queued records are written (10 s at most unless patient), ends the child, and
 * frees w. said: one sentence with the path and the number of missed records. False if records are
 * missing, unless because the reader has closed.
 */
bool async_writer_del(struct async_writer *w, struct buf *said);

/*
 * Writes frames in capture file formats: pcap with stamps in ns (draft-ietf-opsawg-pcap), and
 * pcapng with descriptions of the interfaces (draft-ietf-opsawg-pcapng). Always little-endian, so
 * that the same packets give the same file.
 */

#define PCAP_WRITER_NAME    255    /* maximum bytes of the name of an address */
#define PCAP_WRITER_COMMENT 4096   /* maximum bytes of a text; the rest is cut off */
#define PCAP_WRITER_SNAPLEN 262144 /* likewise, of a frame */

/* Texts may be "". */
struct pcap_writer_interface {
	const char *name, *description, *comment, *filter;
	uint32_t snaplen;  /* 0: PCAP_WRITER_SNAPLEN */
	uint16_t linktype; /* LINKTYPE_ value */
};

/* Counters of an interface since the start of the capture. */
struct pcap_writer_counts {
	uint64_t ts; /* ns since the epoch: that start */
	uint64_t received, captured;
	uint64_t kernel_dropped, interface_dropped;
	bool drops_known;
};

/* True if the path's suffix selects pcapng. */
bool pcap_writer_is_ng(const char *path);

/* Appends the header of a pcap file: one LINKTYPE_ value for the whole file. */
void pcap_writer_header(struct buf *b, uint16_t linktype);

/* Appends a section header of pcapng; "": no comment. */
void pcap_writer_section(struct buf *b, const char *comment);

/* Appends an interface to pcapng; interfaces are numbered in this order. */
void pcap_writer_interface(struct buf *b, const struct pcap_writer_interface *i);

/* Appends the counters of the interface with that number. */
void pcap_writer_counts(struct buf *b, uint32_t interface, const struct pcap_writer_counts *c);

/* Appends the name of an address of 4 or 16 bytes. */
void pcap_writer_name(struct buf *b, const uint8_t *address, unsigned bytes, const char *name);

/* Appends the record of a frame. */
void pcap_writer_frame(struct buf *b, const struct frame *f);
void pcap_writer_ng_frame(struct buf *b, uint32_t interface, const struct frame *f);

#endif
