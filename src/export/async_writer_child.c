/* The child process of a writer, which may block on a disk. */
#include "config.h"

#include "export/private.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/uptime.h"

#define NS   UINT64_C(1000000000)
#define LOOK 1000 /* ms between checks of the file if no record comes */

struct child {
	struct rotating_file *o; /* NULL: the records are stored */
	async_writer_store *store;
	void *arg;
	int from, to;
	uint8_t *bytes; /* received pieces, the last one perhaps incomplete */
	size_t n;
	uint64_t written, missed; /* records */
	uint64_t unseen;          /* records written since the last check of the file */
	int stuck;                /* as sent in the last note */
	uint64_t retry_at;        /* ns, monotonic; 0: no error */
	int halted;               /* errno of the last write; 0: no error */
	struct buf head;          /* head of new files after an addition */
	struct buf owed;          /* additions that are not written yet */
	struct buf tail;          /* what files end with */
};

static uint64_t
writer_child_now(void)
{
	struct timespec t;

	clock_gettime(UPTIME_CLOCK, &t);
	return (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

/* If the parent is gone, the note is lost. */
static void
writer_child_send_note(const struct child *c, enum writer_note_kind kind, int error)
{
	struct writer_note n = {
		.kind = (uint8_t)kind, .error = error, .written = c->written, .missed = c->missed
	};
	ssize_t done = write(c->to, &n, sizeof(n));

	(void)done;
}

static void
writer_child_halt(struct child *c, int error, uint64_t now)
{
	if (c->retry_at == 0)
		writer_child_send_note(c, NOTE_HALTED, error);
	/* What is stored is tried again with each record. */
	c->retry_at = c->o != NULL ? now + ROTATING_FILE_RETRY : now;
	c->halted = error;
}

/* Records in a removed file are missed, too. */
static void
writer_child_check_file(struct child *c, uint64_t now)
{
	uint64_t before;

	if (c->o == NULL)
		return;
	before = c->o->checked_at;
	if (rotating_file_is_gone(c->o, now)) {
		c->written -= c->unseen;
		c->missed += c->unseen;
		c->unseen = 0;
		writer_child_send_note(c, NOTE_HALTED, ENOENT);
		/* The next record creates a new file at once. */
		c->retry_at = now;
	} else if (c->o->checked_at != before) {
		c->unseen = 0;
	}
}

/*
 * Writes additions to the head before the next record, and only then adds them to the head: a file
 * that is created meanwhile has each of them once.
 */
static int
writer_child_write_head_parts(struct child *c, uint64_t now)
{
	int error;

	if (c->owed.len == 0)
		return 0;
	error = rotating_file_write(c->o, c->owed.s, c->owed.len, now);
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
writer_child_note_rotate_error(struct child *c)
{
	if (c->o == NULL || c->stuck == c->o->rotate_error)
		return;
	c->stuck = c->o->rotate_error;
	writer_child_send_note(c, NOTE_STUCK, c->stuck);
}

/* Returns 0 or errno. */
static int
writer_child_write_bytes(struct child *c, const uint8_t *bytes, size_t n, uint64_t now)
{
	int error;

	if (c->o == NULL)
		return c->store(c->arg, bytes, n);
	error = writer_child_write_head_parts(c, now);
	return error != 0 ? error : rotating_file_write(c->o, bytes, n, now);
}

static void
writer_child_write_piece(struct child *c, const struct writer_piece *p, const uint8_t *bytes)
{
	uint64_t now = writer_child_now();
	int error = 0;

	writer_child_check_file(c, now);
	if (c->retry_at <= now)
		error = writer_child_write_bytes(c, bytes, p->bytes, now);
	if (error != 0)
		writer_child_halt(c, error, now);
	if (error != 0 || c->retry_at > now) {
		c->missed += p->records;
		return;
	}
	c->written += p->records;
	c->unseen += p->records;
	if (c->retry_at != 0) {
		c->retry_at = 0;
		c->halted = 0;
		writer_child_send_note(c, NOTE_GOES_ON, 0);
	}
	writer_child_note_rotate_error(c);
}

/* Called while no record comes. */
static void
writer_child_idle(struct child *c)
{
	uint64_t now = writer_child_now();
	int error;

	writer_child_check_file(c, now);
	if (c->o == NULL || c->retry_at != 0)
		return;
	error = rotating_file_poll(c->o, now);
	if (error != 0)
		writer_child_halt(c, error, now);
	writer_child_note_rotate_error(c);
}

static void
writer_child_set_tail(struct child *c, const uint8_t *bytes, size_t n)
{
	buf_clear(&c->tail);
	buf_add(&c->tail, bytes, n);
	c->o->tail = c->tail.s;
	c->o->tail_size = c->tail.len;
}

static void
writer_child_take_piece(struct child *c, const struct writer_piece *p, const uint8_t *bytes)
{
	switch (p->kind) {
	case PIECE_RECORDS:
		writer_child_write_piece(c, p, bytes);
		break;
	case PIECE_HEAD:
		buf_add(&c->owed, bytes, p->bytes);
		break;
	case PIECE_TAIL:
		writer_child_set_tail(c, bytes, p->bytes);
		break;
	}
}

/* Writes all complete pieces, and moves the rest to the front. */
static void
writer_child_write_pieces(struct child *c)
{
	size_t at = 0;
	struct writer_piece p;

	while (c->n - at >= sizeof(p)) {
		memcpy(&p, c->bytes + at, sizeof(p));
		if (c->n - at - sizeof(p) < p.bytes)
			break;
		writer_child_take_piece(c, &p, c->bytes + at + sizeof(p));
		at += sizeof(p) + p.bytes;
	}
	memmove(c->bytes, c->bytes + at, c->n - at);
	c->n -= at;
}

/* False at the end of the input. */
static bool
writer_child_read_pipe(struct child *c)
{
	struct pollfd p = { .fd = c->from, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, LOOK) == 0) {
		writer_child_idle(c);
		return true;
	}
	/* If poll(2) failed, read(2) blocks instead. */
	n = read(c->from, c->bytes + c->n, sizeof(struct writer_piece) + PIECE_MAX - c->n);
	if (n > 0)
		c->n += (size_t)n;
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Takes pieces until the end of the input. */
static void
writer_child_take_pieces(struct child *c)
{
	c->bytes = xcalloc(1, sizeof(struct writer_piece) + PIECE_MAX);
	while (writer_child_read_pipe(c))
		writer_child_write_pieces(c);
	/* An incomplete piece means that the parent died while writing it. */
	free(c->bytes);
}

void
async_writer_serve(int from, int to, async_writer_store *store, void *arg)
{
	struct child c = { .from = from, .to = to, .store = store, .arg = arg };

	writer_child_take_pieces(&c);
	writer_child_send_note(&c, NOTE_ENDED, c.halted);
}

void
writer_child_run(struct rotating_file *o, int from, int to)
{
	struct child c = { .o = o, .from = from, .to = to };
	int error;

	buf_new(&c.head);
	buf_new(&c.owed);
	buf_new(&c.tail);
	writer_child_take_pieces(&c);
	error = rotating_file_close(o);
	buf_del(&c.head);
	buf_del(&c.owed);
	buf_del(&c.tail);
	writer_child_send_note(&c, NOTE_ENDED, error != 0 ? error : c.halted);
}
