#include "config.h"

#include "capture/pcap_stream.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/bytes.h"
#include "platform/fd.h"
#include "util/attr.h"
#include "util/die.h"

/* How the bytes are cut into records. */
enum framing { FRAMING_UNKNOWN, FRAMING_PCAP, FRAMING_STRANGE };

/*
 *	bytes:  |  read by libpcap  |  whole records  |  part of one  |  free  |
 *	        0                 taken              known           end
 */
struct inflow {
	int fd;
	int packets; /* whole ones between taken and known */
	bool ended;  /* nothing more arrives */
	int error;   /* errno of why, 0: the writer has closed */
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

/* Learns the format from the first four bytes. */
static void
recognise(struct inflow *in)
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

/* Bytes of the record at known, 0 where more must arrive to tell. */
static size_t
record_length(const struct inflow *in)
{
	if (in->end < in->known + in->head)
		return 0;
	return in->head + bytes_32(in->bytes + in->known + 8, in->big);
}

/* Moves known on to where the last whole record ends. */
static void
find_records(struct inflow *in)
{
	if (in->framing == FRAMING_UNKNOWN && in->end >= 4)
		recognise(in);
	while (in->framing == FRAMING_PCAP) {
		size_t n = record_length(in);

		if (n > INFLOW_SIZE)
			in->framing = FRAMING_STRANGE;
		if (n == 0 || n > INFLOW_SIZE || in->end < in->known + n)
			return;
		in->known += n;
		in->packets++;
	}
}

struct inflow *
inflow_new(int fd, const void *head, size_t n)
{
	struct inflow *in = xcalloc(1, sizeof(*in));

	in->fd = fd;
	memcpy(in->bytes, head, n);
	in->end = n;
	find_records(in);
	return in;
}

void
inflow_del(struct inflow *in)
{
	free(in);
}

static bool
has_arrived(struct inflow *in)
{
	int ready = fd_can_read(in->fd);

	if (ready == -1) {
		in->ended = true;
		in->error = errno;
	}
	return ready > 0;
}

/* What libpcap has read is needed no more, but for what is still to be looked at. */
static void
make_room(struct inflow *in)
{
	size_t gone = in->taken;

	if (in->framing != FRAMING_STRANGE && in->known < gone)
		gone = in->known;
	memmove(in->bytes, in->bytes + gone, in->end - gone);
	in->taken -= gone;
	in->end -= gone;
	in->known -= in->known < gone ? in->known : gone;
}

/* One read(2), which waits when nothing has arrived. */
static void
fill(struct inflow *in)
{
	ssize_t n;

	make_room(in);
	if (in->end == sizeof(in->bytes)) {
		/* Blocks without packets fill it all: libpcap shall read them away. */
		in->framing = FRAMING_STRANGE;
		make_room(in);
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
	find_records(in);
}

static int
on_read(void *cookie, char *out, int size)
{
	struct inflow *in = cookie;
	size_t n = (size_t)size;

	if (in->taken == in->end && !in->ended)
		fill(in);
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
inflow_file(struct inflow *in)
{
	FILE *f = funopen(in, on_read, NULL, NULL, NULL);

	/* stdio's own buffer would read ahead, and hide how far libpcap is. */
	if (f != NULL)
		setvbuf(f, NULL, _IONBF, 0);
	return f;
}

bool
inflow_ready(struct inflow *in)
{
	if (in->packets == 0 && !in->ended && in->framing != FRAMING_STRANGE && has_arrived(in))
		fill(in);
	if (in->packets > 0 || in->ended)
		return true;
	return in->framing == FRAMING_STRANGE && (in->taken < in->end || has_arrived(in));
}

void
inflow_took(struct inflow *in)
{
	if (in->packets > 0)
		in->packets--;
}

int
inflow_fd(const struct inflow *in)
{
	bool some = in->packets > 0 || (in->framing == FRAMING_STRANGE && in->taken < in->end);

	return some || in->ended ? -1 : in->fd;
}
