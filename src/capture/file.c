/*
 * Reading a capture file, or one that arrives through a pipe.
 *
 * The filter is asked here and not by libpcap: with a filter of its own it
 * would read on until packets pass, through all of a file where none does.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#ifdef __linux__
#include <stdio_ext.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/hand.h"
#include "capture/inflow.h"
#include "capture/interfaces.h"
#include "capture/pace.h"
#include "capture/private.h"
#include "capture/skim.h"
#include "util/die.h"

#define STDIO_SIZE (256 * 1024)
#define UNASKED    UINT16_MAX

struct file {
	struct source source;
	int fd;
	struct inflow *in; /* NULL: a regular file */
	struct skim *skim; /* of a plain one, up to where libpcap takes over; else NULL */
	/* Of what can have several interfaces; NULL: classic pcap. */
	struct interfaces *interfaces;
	uint64_t done;                    /* bytes read of a regular pcapng file */
	uint16_t number[INTERFACES_MOST]; /* frame.source of each interface, or UNASKED */
	uint16_t (*ask)(void *arg, const char *name);
	void *ask_arg;
	struct pace pace;
	struct frame waiting; /* its data is NULL: none waits for its time */
	bool paced;
	bool ended;
	char stdio[STDIO_SIZE]; /* of a regular file */
};

static struct file *
as_file(const struct source *s)
{
	return (struct file *)(uintptr_t)s;
}

static uint16_t
number_of(struct file *f, unsigned interface)
{
	uint16_t *number = &f->number[interface];

	if (*number == UNASKED)
		*number = f->ask != NULL
		    ? f->ask(f->ask_arg, interfaces_name(f->interfaces, interface))
		    : f->source.number;
	return *number;
}

static void
on_packet(u_char *user, const struct pcap_pkthdr *h, const u_char *data)
{
	struct source *s = (struct source *)(void *)user;
	struct frame f = source_frame(s, h, data);

	if (source_passes(s, &f))
		source_give(s, &f);
}

/* The same where there are interfaces; false when the filter does not let the packet through.  Even
 * then it is the next one. */
static bool
take_of_interface(struct file *f, struct frame *frame)
{
	unsigned interface = interfaces_take(f->interfaces);

	if (!source_passes(&f->source, frame))
		return false;
	frame->source = number_of(f, interface);
	return true;
}

static void
on_packet_of_interface(u_char *user, const struct pcap_pkthdr *h, const u_char *data)
{
	struct source *s = (struct source *)(void *)user;
	struct frame f = source_frame(s, h, data);

	if (take_of_interface(as_file(s), &f))
		source_give(s, &f);
}

/* libpcap gives no more: got is what it returned. */
static enum source_outcome
finish(struct file *f, int got, struct buf *err)
{
	const char *why = pcap_geterr(f->source.pcap);

	f->ended = true;
	if (got >= 0)
		return SOURCE_DONE;
	if (strstr(why, "truncated dump file") != NULL ||
	    strstr(why, "truncated pcapng dump file") != NULL) {
		buf_setf(err,
		    "%s: cut short: the file ends within a packet; "
		    "reported up to the last whole one",
		    shown(f->source.name).s);
		return SOURCE_SHORT;
	}
	buf_setf(err, "%s: %s; reported up to there", shown(f->source.name).s, shown(why).s);
	return SOURCE_ERROR;
}

/* Packets, at most max, that can be read without waiting. */
static int
available(struct file *f, unsigned max)
{
	int n = f->in != NULL ? inflow_packets(f->in) : INFLOW_ALL;

	return (unsigned)n < max ? n : (int)max;
}

/* True when there was something to skim; if not, libpcap goes on. */
static bool
skim_some(struct file *f, unsigned max)
{
	struct source *s = &f->source;
	struct frame frame = { .linktype = s->linktype, .source = s->number };
	unsigned n = 0;

	while (n < max) {
		if (LIKELY(skim_next(f->skim, &frame))) {
			n++;
			if (source_passes(s, &frame))
				source_give(s, &frame);
		} else if (!skim_more(f->skim)) {
			break;
		}
	}
	return n > 0;
}

static bool
leave_to_libpcap(struct file *f, struct buf *err)
{
	off_t at = (off_t)skim_at(f->skim);

	free(f->skim);
	f->skim = NULL;
	if (fseeko(pcap_file(f->source.pcap), at, SEEK_SET) == 0)
		return true;
	buf_setf(err, "%s: %s", shown(f->source.name).s, strerror(errno));
	f->ended = true;
	return false;
}

static enum source_outcome
read_at_once(struct file *f, unsigned max, struct buf *err)
{
	int want = available(f, max), got;

	if (want == 0)
		return SOURCE_READ;
	if (f->skim != NULL) {
		if (skim_some(f, max))
			return SOURCE_READ;
		if (!leave_to_libpcap(f, err))
			return SOURCE_ERROR;
	}
	got = pcap_dispatch(f->source.pcap, want,
	    f->interfaces != NULL ? on_packet_of_interface : on_packet, (u_char *)&f->source);
	if (got <= 0)
		return finish(f, got, err);
	if (f->in != NULL)
		inflow_took(f->in, got);
	return SOURCE_READ;
}

/* Reads on to a packet that passes the filter; its bytes stay until the next one is read. */
static enum source_outcome
read_next(struct file *f, struct buf *err)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	struct frame frame;
	int got;

	if (available(f, 1) == 0)
		return SOURCE_READ;
	got = pcap_next_ex(f->source.pcap, &h, &data);
	if (got != 1)
		return finish(f, got == PCAP_ERROR ? got : 0, err);
	if (f->in != NULL)
		inflow_took(f->in, 1);
	frame = source_frame(&f->source, h, data);
	if (f->interfaces != NULL ? take_of_interface(f, &frame)
				  : source_passes(&f->source, &frame))
		f->waiting = frame;
	return SOURCE_READ;
}

static enum source_outcome
read_paced(struct file *f, unsigned max, struct buf *err)
{
	uint64_t now = pace_clock();

	for (unsigned i = 0; i < max && available(f, 1) + (f->waiting.data != NULL) > 0; i++) {
		enum source_outcome o = SOURCE_READ;

		if (f->waiting.data == NULL)
			o = read_next(f, err);
		if (o != SOURCE_READ)
			return o;
		if (f->waiting.data == NULL)
			continue;
		if (pace_wait(&f->pace, f->waiting.ts, now) > 0)
			break;
		source_give(&f->source, &f->waiting);
		f->waiting.data = NULL;
	}
	return SOURCE_READ;
}

static enum source_outcome
file_read(struct source *s, unsigned max, struct buf *err)
{
	struct file *f = as_file(s);

	if (f->ended)
		return SOURCE_DONE;
	return f->paced ? read_paced(f, max, err) : read_at_once(f, max, err);
}

static int
file_fd(const struct source *s)
{
	const struct file *f = as_file(s);

	return f->in != NULL && !f->ended && f->waiting.data == NULL ? inflow_fd(f->in) : -1;
}

static int
file_timeout(const struct source *s)
{
	struct file *f = as_file(s);

	if (f->ended)
		return -1;
	if (f->waiting.data != NULL)
		return pace_timeout(pace_wait(&f->pace, f->waiting.ts, pace_clock()));
	return f->in != NULL && inflow_fd(f->in) >= 0 ? -1 : 0;
}

static void
file_progress(const struct source *s, uint64_t *done, uint64_t *all)
{
	const struct file *f = as_file(s);
	struct stat st;
	off_t at;

	if (f->in != NULL || fstat(f->fd, &st) != 0)
		return;
	if (f->skim != NULL)
		at = (off_t)skim_at(f->skim);
	else
		at = f->interfaces != NULL ? (off_t)f->done : ftello(pcap_file(s->pcap));
	if (at < 0)
		return;
	*done = (uint64_t)at;
	*all = (uint64_t)st.st_size;
}

static void
file_del(struct source *s)
{
	struct file *f = as_file(s);

	inflow_del(f->in);
	interfaces_del(f->interfaces);
	free(f->skim);
	free(f);
}

static const struct source_ops file_ops = {
	.read = file_read,
	.timeout = file_timeout,
	.del = file_del,
	.fd = file_fd,
	.progress = file_progress,
};

/* Standard input is read through a descriptor of its own, so that both close alike. */
static int
open_path(const char *path, struct buf *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct shown name = shown(is_stdin ? "standard input" : path);
	struct stat st;
	int fd;

	if (is_stdin && isatty(STDIN_FILENO)) {
		buf_setf(err, "standard input is a terminal; try: tcpdump -w - | pkttop -r -");
		return -1;
	}
	fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
		      : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) != 0) {
		buf_setf(err, "%s: %s", name.s, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		buf_setf(err, "%s: a directory; name a capture file in it", name.s);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
is_regular(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Two locks for each packet are a sixth of the time that a whole run takes; there are no threads.
 */
static void
go_unlocked(FILE *stream)
{
#ifdef FSETLOCKING_BYCALLER
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
#else
	(void)stream;
#endif
}

/* What pcapng begins with, the same in both byte orders. */
static bool
is_pcapng(int fd)
{
	static const char magic[4] = "\n\r\r\n";
	char begin[sizeof(magic)];
	ssize_t n = pread(fd, begin, sizeof(begin), lseek(fd, 0, SEEK_CUR));

	return n == sizeof(begin) && memcmp(begin, magic, sizeof(magic)) == 0;
}

static int
read_pcapng(void *cookie, char *out, int size)
{
	struct file *f = cookie;
	size_t most = size < INTERFACES_CHUNK ? (size_t)size : INTERFACES_CHUNK;
	ssize_t n;

	do
		n = read(f->fd, out, most);
	while (n < 0 && errno == EINTR);
	if (n > 0) {
		f->done += (uint64_t)n;
		interfaces_see(f->interfaces, out, (size_t)n);
	}
	return (int)n;
}

static int
close_pcapng(void *cookie)
{
	const struct file *f = cookie;

	return close(f->fd);
}

static FILE *
open_regular(struct file *f)
{
	FILE *stream;

	if (is_pcapng(f->fd)) {
		f->interfaces = interfaces_new();
		stream = funopen(f, read_pcapng, NULL, NULL, close_pcapng);
	} else {
		stream = fdopen(f->fd, "rb");
	}
	if (stream == NULL) {
		close(f->fd);
		return NULL;
	}
	setvbuf(stream, f->stdio, _IOFBF, sizeof(f->stdio));
	go_unlocked(stream);
	return stream;
}

/* The stream that libpcap reads; with it f->in where the file is not a regular one. */
static FILE *
open_stream(struct file *f)
{
	if (is_regular(f->fd))
		return open_regular(f);
	f->interfaces = interfaces_new();
	f->in = inflow_new(f->fd, f->interfaces);
	return inflow_file(f->in);
}

static bool
open_capture(struct file *f, const char *name, struct buf *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = open_stream(f);

	if (stream == NULL) {
		buf_setf(err, "%s: %s", shown(name).s, strerror(errno));
		return false;
	}
	f->source.pcap =
	    pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (f->source.pcap != NULL)
		return true;
	buf_setf(err, "%s: no capture file that libpcap can read: %s", shown(name).s, shown(why).s);
	fclose(stream);
	return false;
}

struct source *
file_open(const struct source_config *c, struct buf *err)
{
	const char *name = strcmp(c->name, "-") == 0 ? "standard input" : c->name;
	int fd = open_path(c->name, err);
	struct file *f;

	if (fd < 0)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->source.ops = &file_ops;
	f->fd = fd;
	f->ask = c->interface;
	f->ask_arg = c->interface_arg;
	for (unsigned i = 0; i < INTERFACES_MOST; i++)
		f->number[i] = UNASKED;
	if (!open_capture(f, name, err)) {
		file_del(&f->source);
		return NULL;
	}
	f->paced = c->replay > 0;
	if (!f->paced && f->interfaces == NULL)
		f->skim = skim_new(f->fd, f->source.pcap);
	pace_init(&f->pace, c->replay);
	return &f->source;
}
