#include "config.h"

#include "capture/pcap_records.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/private.h"
#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/attr.h"

/* How the bytes are cut into records. */
enum framing { FRAMING_UNKNOWN, FRAMING_PCAP, FRAMING_STRANGE };

/*
 *	bytes:  |  read by libpcap  |  whole records  |  part of one  |  free  |
 *	        0                 taken              known           end
 */
struct pcap_stream {
	int fd;
	int packets; /* complete ones between taken and known */
	bool ended;  /* the input has ended */
	int error;   /* errno of the failure, 0: the writer has closed */
	bool big;
	enum framing framing;
	size_t head; /* bytes before the content of a record of classic pcap */
	size_t taken, known, end;
	uint8_t bytes[INFLOW_SIZE];
};

/* The magic numbers of classic pcap in the writer's byte order, and the size of record headers. */
static const struct {
	uint32_t magic;
	uint8_t head;
} magics[] = {
	{ 0xa1b2c3d4, 16 }, /* us */
	{ 0xa1b23c4d, 16 }, /* ns */
	{ 0xa1b2cd34, 24 }, /* Kuznetzov's */
};

#define PCAP_HEADER 24

/* Detects the format from the first four bytes. */
static void
pcap_stream_detect_format(struct pcap_stream *in)
{
	in->framing = FRAMING_STRANGE;
	for (unsigned i = 0; i < 2 * NITEMS(magics); i++) {
		bool big = i % 2 == 1;

		if (bytes_32(in->bytes + in->known, big) != magics[i / 2].magic)
			continue;
		in->big = big;
		in->framing = FRAMING_PCAP;
		in->head = magics[i / 2].head;
		in->known += PCAP_HEADER;
	}
}

/* Bytes of the record at known; 0: more must arrive to tell. */
static size_t
pcap_stream_record_length(const struct pcap_stream *in)
{
	if (in->end < in->known + in->head)
		return 0;
	return in->head + bytes_32(in->bytes + in->known + 8, in->big);
}

/* Moves known to the end of the last complete record. */
static void
pcap_stream_find_records(struct pcap_stream *in)
{
	if (in->framing == FRAMING_UNKNOWN && in->end >= 4)
		pcap_stream_detect_format(in);
	while (in->framing == FRAMING_PCAP) {
		size_t n = pcap_stream_record_length(in);

		if (n > INFLOW_SIZE)
			in->framing = FRAMING_STRANGE;
		if (n == 0 || n > INFLOW_SIZE || in->end < in->known + n)
			return;
		in->known += n;
		in->packets++;
	}
}

struct pcap_stream *
pcap_stream_new(int fd, const void *head, size_t n)
{
	struct pcap_stream *in = xcalloc(1, sizeof(*in));

	in->fd = fd;
	memcpy(in->bytes, head, n);
	in->end = n;
	pcap_stream_find_records(in);
	return in;
}

void
pcap_stream_del(struct pcap_stream *in)
{
	free(in);
}

static bool
pcap_stream_is_readable(struct pcap_stream *in)
{
	int ready = fd_can_read(in->fd);

	if (ready == -1) {
		in->ended = true;
		in->error = errno;
	}
	return ready > 0;
}

/* Drops the bytes that libpcap has read, unless they are still to be parsed. */
static void
pcap_stream_compact(struct pcap_stream *in)
{
	size_t gone = in->taken;

	if (in->framing != FRAMING_STRANGE && in->known < gone)
		gone = in->known;
	memmove(in->bytes, in->bytes + gone, in->end - gone);
	in->taken -= gone;
	in->end -= gone;
	in->known -= in->known < gone ? in->known : gone;
}

/* One read(2), which blocks if nothing has arrived. */
static void
pcap_stream_fill(struct pcap_stream *in)
{
	ssize_t n;

	pcap_stream_compact(in);
	if (in->end == sizeof(in->bytes)) {
		/* Blocks without packets fill the buffer: let libpcap skip them. */
		in->framing = FRAMING_STRANGE;
		pcap_stream_compact(in);
	}
	if (in->end == sizeof(in->bytes))
		return;
	n = fd_read(in->fd, in->bytes + in->end, sizeof(in->bytes) - in->end);
	if (n <= 0) {
		in->ended = true;
		in->error = n < 0 ? errno : 0;
		return;
	}
	in->end += (size_t)n;
	pcap_stream_find_records(in);
}

static int
pcap_stream_on_read(void *cookie, char *out, int size)
{
	struct pcap_stream *in = cookie;
	size_t n = (size_t)size;

	if (in->taken == in->end && !in->ended)
		pcap_stream_fill(in);
	if (in->taken == in->end && in->error != 0) {
		errno = in->error;
		return -1;
	}
	if (n > in->end - in->taken)
		n = in->end - in->taken;
	memcpy(out, in->bytes + in->taken, n);
	in->taken += n;
	return (int)n;
}

FILE *
pcap_stream_file(struct pcap_stream *in)
{
	FILE *f = funopen(in, pcap_stream_on_read, NULL, NULL, NULL);

	/* stdio's own buffer would read ahead and hide libpcap's position. */
	if (f != NULL)
		setvbuf(f, NULL, _IONBF, 0);
	return f;
}

bool
pcap_stream_ready(struct pcap_stream *in)
{
	if (in->packets == 0 && !in->ended && in->framing != FRAMING_STRANGE &&
	    pcap_stream_is_readable(in))
		pcap_stream_fill(in);
	if (in->packets > 0 || in->ended)
		return true;
	return in->framing == FRAMING_STRANGE &&
	    (in->taken < in->end || pcap_stream_is_readable(in));
}

void
pcap_stream_consumed(struct pcap_stream *in)
{
	if (in->packets > 0)
		in->packets--;
}

int
pcap_stream_fd(const struct pcap_stream *in)
{
	bool some = in->packets > 0 || (in->framing == FRAMING_STRANGE && in->taken < in->end);

	return some || in->ended ? -1 : in->fd;
}
