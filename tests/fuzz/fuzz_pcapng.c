/* A pcapng file: read from a disk, or in pieces through a pipe, it says the same. */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/reader.h"
#include "util/text.h"

#define MOST 60000 /* bytes: what a pipe holds */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read: bytes of packets are summed, so that a wrong length is seen. */
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
open_reader(int fd, bool regular, struct digest *d, struct buf *err)
{
	struct reader_input in = {
		.fd = fd, .regular = regular, .head = (const uint8_t *)"", .name = on_name, .arg = d
	};

	*d = (struct digest){ .end = SOURCE_READ };
	return pcapng_reader_open(&in, err);
}

static void
check_interface(const struct reader *r, const struct frame *f)
{
	const struct source_interface *i = r->ops->interface(r, f->source);

	if (i == NULL || *i->name == '\0' || !text_is_clean(i->name) ||
	    !text_is_clean(i->description))
		abort();
}

/* All that is there for now. */
static void
read_on(struct reader *r, struct digest *d, struct buf *err)
{
	struct frame f = { .data = NULL };

	while (d->end == SOURCE_READ) {
		d->end = r->ops->next(r, &f, err);
		if (d->end != SOURCE_READ || (f.data == NULL && r->ops->fd(r) >= 0))
			break;
		if (f.data == NULL)
			continue;
		check_interface(r, &f);
		d->packets++;
		d->bytes += f.ts + f.len + f.linktype + (f.comment != NULL ? strlen(f.comment) : 0);
		for (uint32_t i = 0; i < f.caplen; i++)
			d->bytes += f.data[i];
	}
}

static void
del(struct reader *r)
{
	pcap_close(r->pcap);
	r->ops->del(r);
}

static bool
read_file(const uint8_t *data, size_t size, struct digest *d, struct buf *err)
{
	FILE *file = tmpfile();
	struct reader *r;

	if (file == NULL || fwrite(data, 1, size, file) != size || fflush(file) != 0)
		abort();
	rewind(file);
	r = open_reader(fileno(file), true, d, err);
	if (r != NULL) {
		read_on(r, d, err);
		del(r);
	}
	fclose(file);
	return r != NULL;
}

/* False where the first piece is too short to tell what it is. */
static bool
read_pipe(const uint8_t *data, size_t size, size_t piece, struct digest *d, struct buf *err)
{
	size_t at = size < piece ? size : piece;
	struct reader *r;
	int fd[2];

	if (pipe(fd) != 0 || write(fd[1], data, at) != (ssize_t)at)
		abort();
	/* What has not arrived is an error to who waits for the first interface; it goes on. */
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	r = open_reader(fd[0], false, d, err);
	for (; r != NULL && at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece;

		read_on(r, d, err);
		if (write(fd[1], data + at, n) != (ssize_t)n)
			break;
	}
	close(fd[1]);
	if (r != NULL) {
		read_on(r, d, err);
		del(r);
	}
	close(fd[0]);
	return r != NULL;
}

/* The first byte says how long the pieces are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct digest whole, pieces;
	char text[512];
	struct buf err;

	if (size < 1 || size > MOST)
		return 0;
	buf_init(&err, text, sizeof(text));
	if (!read_file(data + 1, size - 1, &whole, &err) ||
	    !read_pipe(data + 1, size - 1, (size_t)data[0] * 4 + 64, &pieces, &err))
		return 0;
	if (memcmp(&whole, &pieces, sizeof(whole)) != 0)
		abort();
	return 0;
}
