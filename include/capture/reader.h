/*
 * The reader of one format of capture files. Private to src/capture/.
 *
 * A format has its own struct that begins with struct reader, a function that opens it, and a row
 * of operations. file.c does what is common to all: opening, filters, pace, error sentences.
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/byte_stream.h"
#include "capture/private.h"
#include "dissect/frame.h"

struct pcap_records;

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

#endif
