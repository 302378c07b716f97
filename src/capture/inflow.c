#include "config.h"

#include "capture/inflow.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/interfaces.h"
#include "util/attr.h"
#include "util/die.h"

/* How the bytes are cut into records. */
enum framing { FRAMING_UNKNOWN, FRAMING_PCAP, FRAMING_PCAPNG, FRAMING_STRANGE };

/*
 *	bytes:  |  read by libpcap  |  whole records  |  part of one  |  free  |
 *	        0                 taken              known           end
 */
struct inflow {
	int fd;
	struct interfaces *interfaces;
	int packets; /* whole ones between taken and known */
	bool ended;  /* nothing more arrives */
	int error;   /* errno of why, 0: the writer has closed */
	bool swapped;
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

#define PCAP_HEADER  24
#define PCAPNG_MAGIC 0x0a0d0d0a /* the type of a section header, the same in both orders */
#define PCAPNG_ORDER 0x1a2b3c4d
#define PCAPNG_LEAST 12 /* type, length, and the length again */

/* Blocks that are packets: packet (obsolete), simple packet, enhanced packet. */
#define PCAPNG_IS_PACKET(type) ((type) == 2 || (type) == 3 || (type) == 6)

struct inflow *
inflow_new(int fd, struct interfaces *is)
{
	struct inflow *in = xcalloc(1, sizeof(*in));

	in->fd = fd;
	in->interfaces = is;
	return in;
}

void
inflow_del(struct inflow *in)
{
	if (in == NULL)
		return;
	close(in->fd);
	free(in);
}

static uint32_t
get32(const struct inflow *in, size_t at)
{
	const uint8_t *p = in->bytes + at;
	uint32_t little = (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
	uint32_t big = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];

	return in->swapped ? big : little;
}

/* Learns the format from the first four bytes; "swapped" is: big-endian. */
static void
recognise(struct inflow *in)
{
	in->framing = FRAMING_STRANGE;
	for (int order = 0; order < 2; order++) {
		in->swapped = order == 1;
		if (get32(in, in->known) == PCAPNG_MAGIC) {
			in->framing = FRAMING_PCAPNG;
			return;
		}
		for (unsigned i = 0; i < NITEMS(magics); i++)
			if (get32(in, in->known) == magics[i].magic) {
				in->framing = FRAMING_PCAP;
				in->head = magics[i].head;
				in->known += PCAP_HEADER;
				return;
			}
	}
}

/* Bytes of the record at known, 0 where more must arrive to tell. */
static size_t
pcap_record(struct inflow *in, bool *packet)
{
	*packet = true;
	if (in->end < in->known + in->head)
		return 0;
	return in->head + get32(in, in->known + 8);
}

static size_t
pcapng_block(struct inflow *in, bool *packet)
{
	uint32_t type, length;

	if (in->end < in->known + PCAPNG_LEAST)
		return 0;
	type = get32(in, in->known);
	if (type == PCAPNG_MAGIC) {
		in->swapped = false;
		in->swapped = get32(in, in->known + 8) != PCAPNG_ORDER;
	}
	*packet = PCAPNG_IS_PACKET(type);
	length = get32(in, in->known + 4);
	/* libpcap rounds some and refuses others: it shall have them at once. */
	if (length < PCAPNG_LEAST || length % 4 != 0)
		in->framing = FRAMING_STRANGE;
	return length;
}

/* Moves known on to where the last whole record ends. */
static void
find_records(struct inflow *in)
{
	while (in->framing != FRAMING_STRANGE) {
		bool packet = false;
		size_t n;

		if (in->framing == FRAMING_UNKNOWN) {
			if (in->end < 4)
				return;
			recognise(in);
			continue;
		}
		n = in->framing == FRAMING_PCAP ? pcap_record(in, &packet)
						: pcapng_block(in, &packet);
		if (n > INFLOW_SIZE)
			in->framing = FRAMING_STRANGE;
		if (n == 0 || in->framing == FRAMING_STRANGE || in->end < in->known + n)
			return;
		in->known += n;
		in->packets += packet;
	}
}

static bool
has_arrived(const struct inflow *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
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
	do
		n = read(in->fd, in->bytes + in->end, sizeof(in->bytes) - in->end);
	while (n < 0 && errno == EINTR);
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
	interfaces_see(in->interfaces, out, n);
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

int
inflow_packets(struct inflow *in)
{
	if (in->packets == 0 && !in->ended && in->framing != FRAMING_STRANGE && has_arrived(in))
		fill(in);
	if (in->packets > 0)
		return in->packets;
	if (in->ended)
		return INFLOW_ALL;
	if (in->framing == FRAMING_STRANGE)
		return in->taken < in->end || has_arrived(in);
	return 0;
}

void
inflow_took(struct inflow *in, int packets)
{
	in->packets -= packets < in->packets ? packets : in->packets;
}

int
inflow_fd(const struct inflow *in)
{
	bool some = in->packets > 0 || (in->framing == FRAMING_STRANGE && in->taken < in->end);

	return some || in->ended ? -1 : in->fd;
}
