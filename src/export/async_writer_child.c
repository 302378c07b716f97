/* The end of a writer that may wait for a disk. */
#include "config.h"

#include "export/async_writer_child.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/die.h"
#include "util/uptime.h"

#define NS   UINT64_C(1000000000)
#define LOOK 1000 /* ms until the file is looked at where nothing comes */

struct child {
	struct outfile *o;
	int from, to;
	uint8_t *bytes; /* what has come: pieces, the last one perhaps not whole */
	size_t n;
	uint64_t written, missed; /* records */
	uint64_t unseen;          /* records written since the file was last seen */
	int stuck;                /* as was told of the file */
	uint64_t retry_at;        /* ns, monotonic; 0: it is well */
	struct buf head;          /* what files begin with, once something was added to it */
	struct buf owed;          /* additions that are not written yet */
	struct buf tail;          /* what files end with */
};

static uint64_t
monotonic(void)
{
	struct timespec t;

	clock_gettime(UPTIME_CLOCK, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

/* Without a parent there is nobody to tell. */
static void
tell(const struct child *c, enum note_kind kind, int error)
{
	struct note n = {
		.kind = (uint8_t)kind, .error = error, .written = c->written, .missed = c->missed
	};
	ssize_t done = write(c->to, &n, sizeof(n));

	(void)done;
}

static void
halt(struct child *c, int error, uint64_t now)
{
	if (c->retry_at == 0)
		tell(c, NOTE_HALTED, error);
	c->retry_at = now + OUTFILE_RETRY;
}

/* What was written into a file that is no more is missed as well. */
static void
look(struct child *c, uint64_t now)
{
	uint64_t before = c->o->looked_at;

	if (outfile_is_lost(c->o, now)) {
		c->written -= c->unseen;
		c->missed += c->unseen;
		c->unseen = 0;
		tell(c, NOTE_HALTED, ENOENT);
		/* It is begun anew at once, with the next record. */
		c->retry_at = now;
	} else if (c->o->looked_at != before) {
		c->unseen = 0;
	}
}

/*
 * Additions to the head come before the next record, and only then are part of the head: a file
 * that begins meanwhile has each of them once.
 */
static int
write_owed(struct child *c, uint64_t now)
{
	int error;

	if (c->owed.len == 0)
		return 0;
	error = outfile_write(c->o, c->owed.s, c->owed.len, now);
	if (error != 0)
		return error;
	if (c->head.len == 0)
		buf_add(&c->head, c->o->head, c->o->head_size);
	buf_add(&c->head, c->owed.s, c->owed.len);
	buf_clear(&c->owed);
	c->o->head = c->head.s;
	c->o->head_size = c->head.len;
	return 0;
}

static void
say_stuck(struct child *c)
{
	if (c->stuck == c->o->stuck)
		return;
	c->stuck = c->o->stuck;
	tell(c, NOTE_STUCK, c->stuck);
}

static void
write_piece(struct child *c, const struct piece *p, const uint8_t *bytes)
{
	uint64_t now = monotonic();
	int error = 0;

	look(c, now);
	if (c->retry_at <= now && (error = write_owed(c, now)) == 0)
		error = outfile_write(c->o, bytes, p->bytes, now);
	if (error != 0)
		halt(c, error, now);
	if (error != 0 || c->retry_at > now) {
		c->missed += p->records;
		return;
	}
	c->written += p->records;
	c->unseen += p->records;
	if (c->retry_at != 0) {
		c->retry_at = 0;
		tell(c, NOTE_GOES_ON, 0);
	}
	say_stuck(c);
}

/* While nothing comes. */
static void
tend(struct child *c)
{
	uint64_t now = monotonic();
	int error;

	look(c, now);
	if (c->retry_at != 0)
		return;
	error = outfile_tend(c->o, now);
	if (error != 0)
		halt(c, error, now);
	say_stuck(c);
}

static void
set_tail(struct child *c, const uint8_t *bytes, size_t n)
{
	buf_clear(&c->tail);
	buf_add(&c->tail, bytes, n);
	c->o->tail = c->tail.s;
	c->o->tail_size = c->tail.len;
}

static void
take_piece(struct child *c, const struct piece *p, const uint8_t *bytes)
{
	switch (p->kind) {
	case PIECE_RECORDS:
		write_piece(c, p, bytes);
		break;
	case PIECE_HEAD:
		buf_add(&c->owed, bytes, p->bytes);
		break;
	case PIECE_TAIL:
		set_tail(c, bytes, p->bytes);
		break;
	}
}

/* Writes all whole pieces that have come, and moves the rest to the front. */
static void
write_pieces(struct child *c)
{
	size_t at = 0;
	struct piece p;

	while (c->n - at >= sizeof(p)) {
		memcpy(&p, c->bytes + at, sizeof(p));
		if (c->n - at - sizeof(p) < p.bytes)
			break;
		take_piece(c, &p, c->bytes + at + sizeof(p));
		at += sizeof(p) + p.bytes;
	}
	memmove(c->bytes, c->bytes + at, c->n - at);
	c->n -= at;
}

/* False at the end of what comes. */
static bool
take_in(struct child *c)
{
	struct pollfd p = { .fd = c->from, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, LOOK) == 0) {
		tend(c);
		return true;
	}
	/* If poll(2) failed, read(2) waits as well. */
	n = read(c->from, c->bytes + c->n, sizeof(struct piece) + PIECE_MAX - c->n);
	if (n > 0)
		c->n += (size_t)n;
	return n > 0 || (n < 0 && errno == EINTR);
}

void
writer_child(struct outfile *o, int from, int to)
{
	struct child c = { .o = o, .from = from, .to = to };
	int error;

	c.bytes = xcalloc(1, sizeof(struct piece) + PIECE_MAX);
	buf_new(&c.head);
	buf_new(&c.owed);
	buf_new(&c.tail);
	while (take_in(&c))
		write_pieces(&c);
	/* A piece that is not whole is of a program that died while it said it. */
	free(c.bytes);
	error = outfile_close(o);
	buf_del(&c.head);
	buf_del(&c.owed);
	buf_del(&c.tail);
	tell(&c, NOTE_ENDED, error);
}
