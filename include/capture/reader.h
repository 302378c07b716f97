/*
 * Reading capture files: bytes, decompression, formats.
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/private.h"
#include "dissect/frame.h"
#include "util/buf.h"

struct pcap_records;
struct unpack;

/*
 * A window that moves over the bytes of a file or a pipe, for readers that cut them into records.
 *
 *	byte_stream_init(&in, fd, head, n);	n bytes that were read from fd already
 *	while (byte_stream_need(&in, 16) == STREAM_READY)
 *		... in.bytes + in.next: at least 16 bytes ...
 *		byte_stream_skip(&in, length);
 *
 * The bytes are valid until the next byte_stream_need().  Private to src/capture/.
 */

#define BYTE_STREAM_SIZE (512 * 1024)

enum stream_state {
	STREAM_READY,
	STREAM_WAIT,   /* more has to arrive */
	STREAM_END,    /* at the end of the file */
	STREAM_SHORT,  /* the file ends within the n bytes */
	STREAM_FAILED, /* see errno */
};

struct byte_stream {
	int fd;
	bool regular;
	bool patient; /* block on a pipe */
	bool ended;
	uint64_t read;    /* bytes, so far */
	uint64_t skip;    /* bytes to be skipped that were not read yet */
	size_t next, end; /* in bytes: the next one, and one past the last */
	uint8_t bytes[BYTE_STREAM_SIZE];
};

/* fd still belongs to the caller. */
void byte_stream_init(struct byte_stream *in, int fd, const void *head, size_t n);

/* Makes n bytes (at most BYTE_STREAM_SIZE) available at in->next; reads if needed. */
enum stream_state byte_stream_need(struct byte_stream *in, size_t n);

/* Skips the next n bytes, which may be more than were read. */
void byte_stream_skip(struct byte_stream *in, uint64_t n);

/* Offset of in->next in the file. */
static inline uint64_t
byte_stream_at(const struct byte_stream *in)
{
	return in->read - (in->end - in->next);
}

/*
 * Reads a compressed capture through a child that runs gzip or another decompressor: without a
 * shell, with the few privileges that child_fork() keeps, and killed if this process ends.
 *
 *	u = unpack_start(&config, &fd, err);
 *	read(fd, ...) to its end		the decompressed bytes; fd belongs to the caller
 *	unpack_finish(u, err);			checks that they are complete
 *	unpack_del(u);
 *
 * Private to src/capture/.
 */

struct unpack_config {
	const char *command; /* "gzip -dc": the program and one argument */
	int fd;              /* the compressed file; unpack_del() closes it */
	bool regular;
	const uint8_t *head; /* of a pipe: bytes that were read already */
	size_t n_head;
};

/* NULL with one sentence in err; then config->fd still belongs to the caller. */
struct unpack *unpack_start(const struct unpack_config *c, int *fd, struct buf *err);

/* Call it from time to time: reaps the children that have ended. */
void unpack_poll(struct unpack *u);

/* Call it after the last byte: false with one sentence in err if the program failed or is
 * missing. */
bool unpack_finish(struct unpack *u, struct buf *err);

/* Progress in the compressed file, bytes; both 0 if unknown. */
void unpack_progress(const struct unpack *u, uint64_t *done, uint64_t *all);

/* Ends it. */
void unpack_del(struct unpack *u);

/*
 * The reader of one format of capture files. Private to src/capture/.
 *
 * A format has its own struct that begins with struct reader, a function that opens it, and a row
 * of operations. file.c does what is common to all: opening, filters, pace, error sentences.
 */

struct reader {
	const struct reader_ops *ops;
	struct pcap *pcap;            /* of the first link type; source.c closes it */
	struct pcap_records *records; /* plain records that can be read in place; else NULL */
	bool interfaces; /* frame.source is the number of an interface within the file */
};

/* The beginning of the file. */
struct reader_input {
	int fd; /* still belongs to file.c */
	bool regular;
	const uint8_t *head; /* bytes already read from a pipe */
	size_t n_head;
	/* Called for each name that a file has for an address of 4 or 16 bytes; or NULL. */
	source_name_fn *name;
	void *arg;
};

struct reader_ops {
	/*
	 * The next frame; its bytes are valid until the next call. SOURCE_READ without data: none
	 * is available yet. SOURCE_SHORT, SOURCE_ERROR: the reason is in err, without the file's
	 * name.
	 */
	enum source_outcome (*next)(struct reader *r, struct frame *f, struct buf *err);
	/* The descriptor to poll for more; -1: something can be read now. */
	int (*fd)(const struct reader *r);
	uint64_t (*at)(const struct reader *r); /* offset in the file */
	void (*del)(struct reader *r);
	/* NULL: unknown. */
	const struct source_interface *(*interface)(const struct reader *r, unsigned i);
	/* False if there is no interface i; a file without any has 0. */
	bool (*counts)(const struct reader *r, unsigned i, struct source_counts *c);
	const char *(*comment)(const struct reader *r);
};

/* NULL with one sentence in err, without the file's name. */
typedef struct reader *reader_open_fn(const struct reader_input *in, struct buf *err);
extern reader_open_fn pcap_reader_open, pcapng_reader_open, snoop_reader_open, erf_reader_open;

/* A handle to compile filters with; exits if there is no memory. */
struct pcap *reader_handle(uint16_t linktype);

/* Common part of the readers that parse bytes themselves; their structs begin with it. */
struct stream_reader {
	struct reader reader;
	bool waits; /* for more to arrive */
	struct byte_stream in;
};

/* Allocates size zeroed bytes and sets this part; free(3) frees it. */
void *stream_reader_new(size_t size, const struct reader_ops *ops, const struct reader_input *in);

/* The next n bytes, at most BYTE_STREAM_SIZE; NULL: *o is the result for next(). */
uint8_t *stream_reader_need(
    struct stream_reader *r, size_t n, enum source_outcome *o, struct buf *err);

/* Operations. */
int stream_reader_fd(const struct reader *r);
uint64_t stream_reader_at(const struct reader *r);
void stream_reader_del(struct reader *r);

/*
 * Detects the format of a capture file from its first bytes. Private to src/capture/.
 */

#define FORMAT_HEAD 16 /* bytes that are needed */

struct format {
	const char *name;     /* "a snoop file" */
	reader_open_fn *open; /* NULL: not supported */
	const char
	    *unpack; /* command that decompresses its standard input to its output, or NULL */
	const char *convert; /* a hint how to convert it, or NULL */
	size_t n;
	uint8_t magic[FORMAT_HEAD];
};

/* The format with these first n bytes. Never NULL: the last row leaves it to libpcap. */
const struct format *format_find(const uint8_t head[FORMAT_HEAD], size_t n);

#endif
