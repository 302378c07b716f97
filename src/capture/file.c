/*
 * Reads a capture file, or a capture from a pipe, of any format.
 *
 * The filter runs here, not in libpcap: libpcap would read until a packet passes, perhaps through
 * the whole file.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/pcap_records.h"
#include "capture/pcapng_interfaces.h"
#include "capture/private.h"
#include "capture/reader.h"
#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/attr.h"

#define UNASKED UINT16_MAX

struct file {
	struct source source;
	int fd;
	bool regular;
	bool in_folder;        /* a client has named it: no program is run for it */
	struct unpack *unpack; /* decompresses into fd, or NULL */
	struct reader *reader;
	uint16_t number[PCAPNG_NAMED]; /* frame.source of each interface, or UNASKED */
	source_interface_fn *ask;
	void *ask_arg;
	struct stamps stamps;
	enum source_outcome outcome; /* after the end */
	struct replay_clock clock;
	struct frame waiting; /* its data is NULL: no frame waits for its time */
	bool paced;
	bool ended; /* the reader gives no more frames */
	bool done;  /* that was returned */
};

static struct file *
file_as_file(const struct source *s)
{
	return (struct file *)(uintptr_t)s;
}

static uint16_t
file_interface_number(struct file *f, unsigned interface)
{
	uint16_t *number = &f->number[interface];

	if (*number == UNASKED)
		*number = f->ask != NULL
		    ? f->ask(f->ask_arg, f->reader->ops->interface(f->reader, interface))
		    : f->source.number;
	return *number;
}

/* False if the filter rejects it. */
static ATTR_INLINE bool
file_filter_passes(struct file *f, struct frame *frame)
{
	if (!source_passes(&f->source, frame))
		return false;
	if (UNLIKELY(f->reader->interfaces))
		frame->source = file_interface_number(f, frame->source);
	return true;
}

/* The result at the end of the file; *err has the reason, if any. */
static enum source_outcome
file_finish(struct file *f, enum source_outcome o, struct buf *err)
{
	struct text_clean_copy name = text_clean_copy(f->source.name), why;

	f->ended = true;
	f->outcome = o;
	/* If the decompressor failed, that is why the rest is missing. */
	if (f->unpack != NULL && o != SOURCE_ERROR && !unpack_finish(f->unpack, err))
		f->outcome = o = SOURCE_ERROR;
	why = text_clean_copy(err->s);
	if (o == SOURCE_SHORT)
		buf_setf(err,
		    "%s: cut short: the file ends within a packet; all complete packets are "
		    "reported",
		    name.s);
	else if (o == SOURCE_ERROR)
		buf_setf(err, "%s: %s; packets before that are reported", name.s, why.s);
	return o;
}

/* The next frame; without data, none is available yet. */
static enum source_outcome
file_next_frame(struct file *f, struct frame *frame, struct buf *err)
{
	enum source_outcome o;

	if (LIKELY(f->reader->records != NULL && pcap_records_next(f->reader->records, frame)))
		return SOURCE_READ;
	o = f->reader->ops->next(f->reader, frame, err);
	return LIKELY(o == SOURCE_READ) ? o : file_finish(f, o, err);
}

/* A frame whose stamp leaps waits until later frames decide on it, or none is available. */
static enum source_outcome
file_check_stamp(struct file *f, struct frame *frame, struct buf *err)
{
	enum source_outcome o = SOURCE_READ;
	struct frame more = *frame;

	more.stamp_offset = 0;
	more.comment = NULL;
	while (stamps_want(&f->stamps) && !f->ended) {
		o = file_next_frame(f, &more, err);
		if (o != SOURCE_READ || more.data == NULL)
			break;
		stamps_put(&f->stamps, &more);
	}
	stamps_take(&f->stamps, f->ended, frame);
	return SOURCE_READ;
}

/* The same, with the corrected stamp. */
static enum source_outcome
file_next_checked(struct file *f, struct frame *frame, struct buf *err)
{
	enum source_outcome o;

	if (UNLIKELY(stamps_wait(&f->stamps)))
		return file_check_stamp(f, frame, err);
	if (UNLIKELY(f->ended))
		return f->outcome;
	frame->stamp_offset = 0;
	o = file_next_frame(f, frame, err);
	if (o != SOURCE_READ || frame->data == NULL || LIKELY(stamps_follow(&f->stamps, frame)))
		return o;
	stamps_put(&f->stamps, frame);
	return file_check_stamp(f, frame, err);
}

static struct frame
file_no_frame(const struct file *f)
{
	return (struct frame){ .linktype = f->source.linktype, .source = f->source.number };
}

static ATTR_INLINE void
file_deliver(struct file *f, struct frame *frame)
{
	if (file_filter_passes(f, frame))
		source_deliver(&f->source, frame);
}

/* The common case: plain records with stamps near each other. Returns their number. */
static unsigned
file_read_plain(struct file *f, unsigned max)
{
	struct pcap_records *k = f->reader->records;
	struct frame frame = file_no_frame(f);
	unsigned n = 0;

	if (k == NULL || f->ended || stamps_wait(&f->stamps))
		return 0;
	for (; n < max && pcap_records_next(k, &frame); n++) {
		if (UNLIKELY(!stamps_follow(&f->stamps, &frame))) {
			stamps_put(&f->stamps, &frame);
			break;
		}
		file_deliver(f, &frame);
	}
	return n;
}

static enum source_outcome
file_read_batch(struct file *f, unsigned max, struct buf *err)
{
	struct frame frame = file_no_frame(f);

	for (unsigned n = file_read_plain(f, max); n < max;
	     n += 1 + file_read_plain(f, max - n - 1)) {
		enum source_outcome o = file_next_checked(f, &frame, err);

		if (o != SOURCE_READ || frame.data == NULL)
			return o;
		file_deliver(f, &frame);
	}
	return SOURCE_READ;
}

/* Reads a frame to be replayed; the filter may skip it. */
static enum source_outcome
file_read_paced_frame(struct file *f, bool *more, struct buf *err)
{
	struct frame frame = file_no_frame(f);
	enum source_outcome o = file_next_checked(f, &frame, err);

	*more = o == SOURCE_READ && frame.data != NULL;
	if (*more && file_filter_passes(f, &frame))
		f->waiting = frame;
	return o;
}

static enum source_outcome
file_read_paced(struct file *f, unsigned max, struct buf *err)
{
	uint64_t now = replay_clock_now();
	bool more = true;

	for (unsigned i = 0; i < max && more; i++) {
		enum source_outcome o = SOURCE_READ;

		if (f->waiting.data == NULL)
			o = file_read_paced_frame(f, &more, err);
		if (o != SOURCE_READ)
			return o;
		if (f->waiting.data == NULL)
			continue;
		if (replay_clock_wait(&f->clock, f->waiting.ts, now) > 0)
			break;
		source_deliver(&f->source, &f->waiting);
		f->waiting.data = NULL;
	}
	return SOURCE_READ;
}

static enum source_outcome
file_read(struct source *s, unsigned max, struct buf *err)
{
	struct file *f = file_as_file(s);
	enum source_outcome o;

	if (f->done)
		return SOURCE_DONE;
	if (f->unpack != NULL)
		unpack_poll(f->unpack);
	o = f->paced ? file_read_paced(f, max, err) : file_read_batch(f, max, err);
	f->done = o != SOURCE_READ;
	return o;
}

static int
file_fd(const struct source *s)
{
	const struct file *f = file_as_file(s);

	return !f->ended && f->waiting.data == NULL && !stamps_wait(&f->stamps)
	    ? f->reader->ops->fd(f->reader)
	    : -1;
}

static int
file_timeout(const struct source *s)
{
	struct file *f = file_as_file(s);

	if (f->done)
		return -1;
	if (f->waiting.data != NULL)
		return replay_clock_timeout(
		    replay_clock_wait(&f->clock, f->waiting.ts, replay_clock_now()));
	return file_fd(s) >= 0 ? -1 : 0;
}

static uint64_t
file_replay_time(const struct source *s, uint64_t now)
{
	const struct file *f = file_as_file(s);

	return f->waiting.data != NULL ? replay_clock_time(&f->clock, now) : 0;
}

static void
file_progress(const struct source *s, uint64_t *done, uint64_t *all)
{
	const struct file *f = file_as_file(s);
	struct stat st;

	if (f->unpack != NULL)
		unpack_progress(f->unpack, done, all);
	if (!f->regular || fstat(f->fd, &st) != 0)
		return;
	*done = f->reader->ops->at(f->reader);
	*all = (uint64_t)st.st_size;
}

/* Sums the counts of all interfaces with the number; one without frames has that of the file. */
static void
file_counts(struct source *s, uint16_t number, struct source_counts *c)
{
	const struct file *f = file_as_file(s);
	struct source_counts one = { 0 };

	if (number == s->number) {
		c->stamps_back = f->stamps.back;
		c->stamps_wild = f->stamps.wild;
	}

	if (f->reader->ops->counts == NULL)
		return;
	for (unsigned i = 0; f->reader->ops->counts(f->reader, i, &one); i++) {
		bool is_mine =
		    f->number[i] == number || (f->number[i] == UNASKED && number == s->number);

		if (is_mine)
			source_counts_add(c, &one);
	}
}

static const struct source_interface *
file_interface(const struct source *s, uint16_t number)
{
	const struct file *f = file_as_file(s);

	for (unsigned i = 0; i < PCAPNG_NAMED; i++)
		if (f->number[i] == number)
			return f->reader->ops->interface(f->reader, i);
	return NULL;
}

static const char *
file_comment(const struct source *s)
{
	const struct file *f = file_as_file(s);

	return f->reader->ops->comment != NULL ? f->reader->ops->comment(f->reader) : "";
}

static void
file_del(struct source *s)
{
	struct file *f = file_as_file(s);

	stamps_fini(&f->stamps);
	if (f->reader != NULL)
		f->reader->ops->del(f->reader);
	close(f->fd);
	unpack_del(f->unpack);
	free(f);
}

static const struct source_ops file_ops = {
	.read = file_read,
	.timeout = file_timeout,
	.del = file_del,
	.fd = file_fd,
	.progress = file_progress,
	.counts = file_counts,
	.interface = file_interface,
	.comment = file_comment,
	.replay_time = file_replay_time,
};

/* Standard input is duplicated, so that both kinds are closed in the same way. */
static int
file_open_path(const char *path, struct buf *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct text_clean_copy name = text_clean_copy(is_stdin ? "standard input" : path);
	struct stat st;
	int fd;

	if (is_stdin && isatty(STDIN_FILENO)) {
		buf_setf(err, "standard input is a terminal; try: tcpdump -w - | pkttop -r -");
		return -1;
	}
	fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : file_ops_open(path);
	if (fd < 0 || fstat(fd, &st) != 0) {
		buf_setf(err, "%s: %s", name.s, file_ops_error(errno));
	} else if (S_ISDIR(st.st_mode)) {
		buf_setf(err, "%s: a directory; name a capture file in it", name.s);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Of a file that a client has named: it may not be a link, a directory or a FIFO. */
static int
file_open_in(const char *folder, const char *name, struct buf *err)
{
	int fd = file_ops_open_in(folder, name);

	if (fd >= 0 && fd_is_regular(fd))
		return fd;
	buf_setf(err, "%s: %s", text_clean_copy(name).s,
	    fd >= 0 || errno == ELOOP ? "not a regular file" : file_ops_error(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Reads the first bytes; blocks on a pipe, which cannot be read twice. */
static size_t
file_read_head(const struct file *f, uint8_t head[FORMAT_HEAD])
{
	size_t have = 0;
	ssize_t n = 1;

	if (f->regular) {
		n = pread(f->fd, head, FORMAT_HEAD, lseek(f->fd, 0, SEEK_CUR));
		return n > 0 ? (size_t)n : 0;
	}
	while (have < FORMAT_HEAD && n > 0) {
		n = fd_read(f->fd, head + have, FORMAT_HEAD - have);
		if (n > 0)
			have += (size_t)n;
	}
	return have;
}

static bool
file_start_unpacking(
    struct file *f, const char *command, const uint8_t *head, size_t n, struct buf *err)
{
	struct unpack_config uc = {
		.command = command,
		.fd = f->fd,
		.regular = f->regular,
		.head = head,
		.n_head = f->regular ? 0 : n,
	};

	f->unpack = unpack_start(&uc, &f->fd, err);
	f->regular = false;
	return f->unpack != NULL;
}

/* Reads the first bytes, decompressed if needed, and finds the format; NULL with a reason in
 * err. */
static const struct format *
file_find_format(struct file *f, uint8_t head[FORMAT_HEAD], size_t *n, struct buf *err)
{
	const struct format *packed, *format;

	*n = file_read_head(f, head);
	packed = format = format_find(head, *n);
	if (packed->unpack != NULL && !f->in_folder) {
		if (!file_start_unpacking(f, packed->unpack, head, *n, err))
			return NULL;
		*n = file_read_head(f, head);
		if (*n == 0 && !unpack_finish(f->unpack, err))
			return NULL;
		format = format_find(head, *n);
	}
	if (format->open != NULL)
		return format;
	if (f->in_folder && format->unpack != NULL)
		buf_setf(err, "%s; decompress it first", format->name);
	else if (format->unpack != NULL)
		buf_setf(
		    err, "%s, and within that %s; decompress it first", packed->name, format->name);
	else
		buf_setf(err, "%s, which is not supported; convert it: %s", format->name,
		    format->convert);
	return NULL;
}

static bool
file_open_reader(struct file *f, const struct source_config *c, struct buf *err)
{
	uint8_t head[FORMAT_HEAD] = { 0 };
	struct reader_input in = { .name = c->name_found, .arg = c->arg, .head = head };
	const struct format *format = file_find_format(f, head, &in.n_head, err);

	if (format == NULL)
		return false;
	in.fd = f->fd;
	in.regular = f->regular;
	if (f->regular)
		in.n_head = 0;
	f->reader = format->open(&in, err);
	if (f->reader == NULL)
		return false;
	f->source.pcap = f->reader->pcap;
	return true;
}

struct source *
file_open(const struct source_config *c, struct buf *err)
{
	const char *name = strcmp(c->name, "-") == 0 ? "standard input" : c->name;
	int fd = c->folder != NULL ? file_open_in(c->folder, c->name, err)
				   : file_open_path(c->name, err);
	struct file *f;

	if (fd < 0)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->source.ops = &file_ops;
	f->fd = fd;
	f->regular = fd_is_regular(fd);
	f->in_folder = c->folder != NULL;
	f->ask = c->interface;
	f->ask_arg = c->arg;
	for (unsigned i = 0; i < PCAPNG_NAMED; i++)
		f->number[i] = UNASKED;
	if (!file_open_reader(f, c, err)) {
		struct text_clean_copy why = text_clean_copy(err->s);

		buf_setf(err, "%s: %s", text_clean_copy(name).s, why.s);
		file_del(&f->source);
		return NULL;
	}
	f->paced = c->replay > 0;
	replay_clock_init(&f->clock, c->replay);
	return &f->source;
}

bool
file_is_capture(const char *path)
{
	struct file f = { .fd = file_ops_open_dir(path), .regular = true };
	uint8_t head[FORMAT_HEAD] = { 0 };
	const struct format *format;

	if (f.fd < 0)
		return false;
	format = fd_is_regular(f.fd) ? format_find(head, file_read_head(&f, head)) : NULL;
	close(f.fd);
	return format != NULL && format->n > 0 && (format->open != NULL || format->unpack != NULL);
}
