/* A capture file of any format: read from a disk, or in pieces through a pipe, it has the same
 * packets. */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/pcap_records.h"
#include "capture/reader.h"
#include "fuzz.h"
#include "util/text.h"

#define MOST 60000 /* bytes: the capacity of a pipe */

/* A digest of the packets read: their bytes are summed, so that a wrong length is detected. */
struct digest {
	uint64_t packets, bytes, names;
	enum source_outcome end;
};

static void
on_name(void *arg, const uint8_t *address, unsigned bytes, const char *name)
{
	struct digest *d = arg;

	d->names += address[0] + address[bytes - 1] + strlen(name);
}

static struct reader *
open_reader(const struct format *format, struct reader_input *in, struct digest *d, struct buf *err)
{
	in->name = on_name;
	in->arg = d;
	*d = (struct digest){ .end = SOURCE_READ };
	return format->open(in, err);
}

static void
check_interface(const struct reader *r, const struct frame *f)
{
	const struct source_interface *i;

	if (!r->interfaces)
		return;
	i = r->ops->interface(r, f->source);
	require(i != NULL && *i->name != '\0' && text_is_clean(i->name));
	require(text_is_clean(i->description));
}

static void
sum_frame(struct digest *d, const struct frame *f)
{
	d->packets++;
	d->bytes += f->ts + f->len + f->linktype + (f->comment != NULL ? strlen(f->comment) : 0);
	for (uint32_t i = 0; i < f->caplen; i++)
		d->bytes += f->data[i];
}

static enum source_outcome
next_frame(struct reader *r, struct frame *f, struct buf *err)
{
	f->comment = NULL;
	if (r->records != NULL && pcap_records_next(r->records, f))
		return SOURCE_READ;
	return r->ops->next(r, f, err);
}

/* Reads everything that is available. */
static void
read_on(struct reader *r, struct digest *d, struct buf *err)
{
	struct frame f = { .linktype = (uint16_t)pcap_datalink(r->pcap) };

	while (d->end == SOURCE_READ) {
		f.data = NULL;
		d->end = next_frame(r, &f, err);
		if (d->end != SOURCE_READ || (f.data == NULL && r->ops->fd(r) >= 0))
			break;
		if (f.data == NULL)
			continue;
		check_interface(r, &f);
		sum_frame(d, &f);
	}
}

static void
del(struct reader *r)
{
	pcap_close(r->pcap);
	r->ops->del(r);
}

/* One file for all inputs: creating one takes longer than reading it. */
static int
file_with(const uint8_t *data, size_t size)
{
	static FILE *file;
	int fd;

	if (file == NULL)
		file = tmpfile();
	require(file != NULL);
	fd = fileno(file);
	require(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	require(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static bool
read_file(const struct format *format, const uint8_t *data, size_t size, struct digest *d,
    struct buf *err)
{
	struct reader_input in = { .regular = true, .head = (const uint8_t *)"" };
	struct reader *r;

	in.fd = file_with(data, size);
	r = open_reader(format, &in, d, err);
	if (r == NULL)
		return false;
	read_on(r, d, err);
	del(r);
	return true;
}

/* False if the first piece is too short to detect the format. */
static bool
read_pipe(const struct format *format, const uint8_t *data, size_t size, size_t piece,
    struct digest *d, struct buf *err)
{
	size_t at = size < piece ? size : piece;
	struct reader_input in = { .head = data, .n_head = FORMAT_HEAD };
	struct reader *r;
	int fd[2];

	require(pipe(fd) == 0);
	require(write(fd[1], data + FORMAT_HEAD, at - FORMAT_HEAD) == (ssize_t)(at - FORMAT_HEAD));
	/* A reader that waits for the first interface treats missing bytes as an error, and
	 * continues. */
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	in.fd = fd[0];
	r = open_reader(format, &in, d, err);
	for (; r != NULL && at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece;

		read_on(r, d, err);
		if (write(fd[1], data + at, n) != (ssize_t)n)
			break;
	}
	close(fd[1]);
	while (r != NULL && d->end == SOURCE_READ)
		read_on(r, d, err);
	if (r != NULL)
		del(r);
	close(fd[0]);
	return r != NULL;
}

/* The first byte is the length of the pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct digest whole, pieces;
	const struct format *format;
	struct input in = { data, size };
	size_t piece = input_byte(&in) * 4u + 64;
	char text[512];
	struct buf err;

	if (in.left < FORMAT_HEAD || in.left > MOST)
		return 0;
	format = format_find(in.p, FORMAT_HEAD);
	if (format->open == NULL)
		return 0;
	buf_init(&err, text, sizeof(text));
	if (!read_file(format, in.p, in.left, &whole, &err) ||
	    !read_pipe(format, in.p, in.left, piece, &pieces, &err))
		return 0;
	/* libpcap waits for the rest of a record that is not parsed here. */
	if (format->open != pcap_reader_open || pieces.end != SOURCE_ERROR)
		require(memcmp(&whole, &pieces, sizeof(whole)) == 0);
	return 0;
}
