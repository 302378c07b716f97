#include "config.h"

#include "export/writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "export/file.h"
#include "export/private.h"
#include "platform/child.h"
#include "util/alloc.h"
#include "util/die.h"
#include "util/text.h"

#define QUEUE      ((size_t)8 << 20) /* maximum bytes queued for the pipe */
#define PIECE      (64 * 1024)       /* usual bytes of a piece */
#define PIECES     8                 /* minimum per file, so that it ends near its size */
#define PIPE_BYTES (1 << 20)
#define PATIENCE   10000 /* maximum ms to wait at the end */

struct async_writer {
	const char *what;
	char path[ROTATING_FILE_PATH];
	pid_t pid;
	int to, from; /* -1: closed */
	int patience; /* ms to wait for room; -1: no limit */
	bool ending;  /* no more records come */
	enum async_writer_state state;
	int error;                /* why it is halted, or why the end failed */
	int stuck;                /* why it could not be rotated */
	uint64_t overflown;       /* records without room in the queue, or after the end */
	uint64_t written, missed; /* from the child's notes */
	bool ended;               /* it has sent NOTE_ENDED */
	/* queue[sent .. end): pieces; the one at `piece` is still open */
	size_t sent, piece, end;
	size_t full; /* bytes after which a piece is closed */
	bool open;
	struct writer_piece now;
	char queue[QUEUE];
};

static void ATTR_NORETURN
async_writer_in_child(
    const struct async_writer_config *c, struct rotating_file *o, int from, int to)
{
	int fds[4] = { from, to, o->fd, o->safe_dir.fd };
	unsigned n = o->safe_dir.fd != -1 ? 4 : 3;

	if (!child_keep(fds, n))
		_exit(EXIT_FAILED);
	/* release() closes descriptors in the child only: the parent's file offsets do not move. */
	if (c->release != NULL)
		c->release(c->arg);
	o->fd = fds[2];
	o->safe_dir.fd = n == 4 ? fds[3] : -1;
	writer_child_run(o, fds[0], fds[1]);
	_exit(EXIT_DONE);
}

static void
async_writer_close_pair(const int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] != -1)
			close(pair[i]);
}

static void
async_writer_set_up_pipes(struct async_writer *w)
{
#ifdef F_SETPIPE_SZ
	fcntl(w->to, F_SETPIPE_SZ, PIPE_BYTES);
#endif
	fcntl(w->to, F_SETFL, O_NONBLOCK);
	fcntl(w->from, F_SETFL, O_NONBLOCK);
}

/* Creates the two pipes and the child. */
static bool
async_writer_fork(
    struct async_writer *w, const struct async_writer_config *c, struct rotating_file *o)
{
	int down[2] = { -1, -1 }, up[2] = { -1, -1 };

	if (pipe2(down, O_CLOEXEC) == -1 || pipe2(up, O_CLOEXEC) == -1 ||
	    (w->pid = child_fork(CHILD_ALONE)) == -1) {
		int error = errno;

		async_writer_close_pair(down);
		async_writer_close_pair(up);
		errno = error;
		return false;
	}
	if (w->pid == 0)
		async_writer_in_child(c, o, down[0], up[1]);
	close(down[0]);
	close(up[1]);
	w->to = down[1];
	w->from = up[0];
	async_writer_set_up_pipes(w);
	return true;
}

static struct async_writer *
async_writer_alloc(const struct async_writer_config *c, const char *path)
{
	struct async_writer *w = xcalloc(1, sizeof(*w));

	w->what = c->what;
	w->patience = c->patient ? -1 : 0;
	w->full = PIECE;
	if (c->rotation.bytes != 0 && c->rotation.bytes / PIECES < PIECE)
		w->full = (size_t)(c->rotation.bytes / PIECES);
	strlcpy(w->path, path, sizeof(w->path));
	return w;
}

struct async_writer *
async_writer_attach(const struct async_writer_config *c, pid_t pid, int to, int from)
{
	struct async_writer *w = async_writer_alloc(c, c->path);

	w->pid = pid;
	w->to = to;
	w->from = from;
	async_writer_set_up_pipes(w);
	return w;
}

struct async_writer *
async_writer_new(const struct async_writer_config *c, uint64_t monotonic, struct buf *err)
{
	struct rotating_file *o = xcalloc(1, sizeof(*o));
	struct async_writer *w = NULL;
	bool ok =
	    rotating_file_open(o, c->path, &c->rotation, c->head, c->head_size, monotonic, err);

	if (ok) {
		w = async_writer_alloc(c, o->is_stdout ? "standard output" : o->path);
		if (!async_writer_fork(w, c, o)) {
			buf_setf(err, "no %s: fork failed: %s", c->what, strerror(errno));
			free(w);
			w = NULL;
		}
		/* The child owns the file now. */
		rotating_file_abandon(o);
	}
	free(o);
	return w;
}

static size_t
async_writer_queued(const struct async_writer *w)
{
	return w->end - w->sent;
}

static void
async_writer_close_piece(struct async_writer *w)
{
	if (!w->open)
		return;
	w->now.bytes = (uint32_t)(w->end - w->piece - sizeof(struct writer_piece));
	memcpy(w->queue + w->piece, &w->now, sizeof(w->now));
	w->open = false;
	w->piece = w->end;
}

/* The reader has closed or failed: drops all later records. */
static void
async_writer_close_pipe(struct async_writer *w)
{
	close(w->to);
	w->to = -1;
	w->sent = w->piece = w->end = 0;
	w->open = false;
}

bool
async_writer_flush(struct async_writer *w)
{
	async_writer_close_piece(w);
	while (w->to != -1 && async_writer_queued(w) > 0) {
		ssize_t n = write(w->to, w->queue + w->sent, async_writer_queued(w));

		if (n > 0)
			w->sent += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			break;
		else if (n < 0 && errno != EINTR)
			async_writer_close_pipe(w);
	}
	if (async_writer_queued(w) == 0)
		w->sent = w->piece = w->end = 0;
	if (w->ending && w->to != -1 && async_writer_queued(w) == 0) {
		close(w->to);
		w->to = -1;
	}
	return async_writer_queued(w) > 0;
}

/* Moves the queue to the front if that frees half of it. */
static bool
async_writer_make_room(struct async_writer *w, size_t n)
{
	if (QUEUE - w->end < n && w->sent >= QUEUE / 2) {
		memmove(w->queue, w->queue + w->sent, async_writer_queued(w));
		w->piece -= w->sent;
		w->end -= w->sent;
		w->sent = 0;
	}
	return QUEUE - w->end >= n;
}

/* True if there is room, after a wait if allowed. A signal ends the wait. After a limited wait
 * without success it never waits again. */
static bool
async_writer_wait_for_room(struct async_writer *w, size_t n)
{
	while (!async_writer_make_room(w, n)) {
		struct pollfd p = { .fd = w->to, .events = POLLOUT };

		if (w->patience == 0 || w->to == -1)
			return false;
		if (poll(&p, 1, w->patience) != 1) {
			w->patience = w->patience == -1 ? -1 : 0;
			return false;
		}
		async_writer_flush(w);
	}
	return true;
}

/* Adds to the open piece, or to a new one of that kind. False if there is no room. */
static bool
async_writer_queue_piece(
    struct async_writer *w, enum writer_piece_kind kind, const void *bytes, size_t n)
{
	assert(n <= WRITER_RECORD_MAX);
	if (w->to == -1 || !async_writer_wait_for_room(w, n + sizeof(struct writer_piece)))
		return false;
	if (!w->open) {
		w->open = true;
		w->now = (struct writer_piece){ .kind = (uint8_t)kind };
		w->piece = w->end;
		w->end += sizeof(struct writer_piece);
	}
	memcpy(w->queue + w->end, bytes, n);
	w->end += n;
	return true;
}

void
async_writer_add(struct async_writer *w, const void *record, size_t n)
{
	if (w->open && w->end - w->piece >= w->full)
		async_writer_close_piece(w);
	if (async_writer_queue_piece(w, PIECE_RECORDS, record, n))
		w->now.records++;
	else
		w->overflown++;
}

bool
async_writer_has_room(const struct async_writer *w)
{
	return async_writer_queued(w) < QUEUE / 4;
}

void
async_writer_wait(struct async_writer *w)
{
	if (w->patience == 0)
		w->patience = PATIENCE;
}

void
async_writer_count_missed(struct async_writer *w)
{
	w->overflown++;
}

void
async_writer_add_head(struct async_writer *w, const void *record, size_t n)
{
	async_writer_close_piece(w);
	if (!async_writer_queue_piece(w, PIECE_HEAD, record, n))
		w->overflown++;
	async_writer_close_piece(w);
}

void
async_writer_set_tail(struct async_writer *w, const void *tail, size_t n)
{
	async_writer_close_piece(w);
	(void)async_writer_queue_piece(w, PIECE_TAIL, tail, n);
	async_writer_close_piece(w);
}

int
async_writer_fd(const struct async_writer *w)
{
	return w->from;
}

int
async_writer_pipe_fd(const struct async_writer *w)
{
	return w->to;
}

bool
async_writer_is_waiting(const struct async_writer *w)
{
	return w->to != -1 && async_writer_queued(w) > 0;
}

static void
async_writer_rotate_error_text(const struct async_writer *w, struct buf *said)
{
	buf_setf(said, "%s: ", w->what);
	text_clean(said, w->path, strlen(w->path));
	if (w->stuck == 0)
		buf_adds(said, ": rotated");
	else
		buf_addf(said, ": cannot be rotated and keeps growing: %s; retrying every 30 s",
		    file_ops_error(w->stuck));
}

static bool
async_writer_handle_note(struct async_writer *w, const struct writer_note *n, struct buf *said)
{
	w->written = n->written;
	w->missed = n->missed;
	if (n->kind == NOTE_STUCK) {
		w->stuck = n->error;
		async_writer_rotate_error_text(w, said);
		return true;
	}
	w->error = n->error;
	if (n->kind == NOTE_ENDED) {
		w->ended = true;
		return false;
	}
	if (n->kind == NOTE_GOES_ON) {
		w->state = WRITER_RUNS;
		buf_setf(
		    said, "%s: resumed, %llu records lost", w->what, (unsigned long long)n->missed);
		return true;
	}
	/* A closed pipe is not a failure: the reader had enough. */
	if (n->error == EPIPE) {
		w->state = WRITER_CLOSED;
		return false;
	}
	w->state = WRITER_HALTED;
	buf_setf(said, "%s: halted: ", w->what);
	text_clean(said, w->path, strlen(w->path));
	buf_addf(said, ": %s; retrying every 30 s", file_ops_error(n->error));
	return true;
}

bool
async_writer_read_notes(struct async_writer *w, struct buf *said)
{
	bool told = false;
	struct writer_note n;
	ssize_t got = -1;

	/* A note is shorter than PIPE_BUF, so reads are never partial. */
	while (w->from != -1 && (got = read(w->from, &n, sizeof(n))) == (ssize_t)sizeof(n))
		told |= async_writer_handle_note(w, &n, said);
	if (got == 0 || (got == -1 && errno != EAGAIN && errno != EINTR)) {
		close(w->from);
		w->from = -1;
		/* If the pipe to it had failed, it has ended well, but too early. */
		if (!(w->ended && w->ending) && w->state != WRITER_FAILED) {
			w->state = WRITER_FAILED;
			buf_setf(said, "%s: stopped: the writer process was killed", w->what);
			told = true;
		}
	}
	return told;
}

void
async_writer_end(struct async_writer *w)
{
	w->ending = true;
	async_writer_flush(w);
}

bool
async_writer_has_ended(const struct async_writer *w)
{
	return w->from == -1;
}

enum async_writer_state
async_writer_state(const struct async_writer *w)
{
	return w->state;
}

uint64_t
async_writer_missed(const struct async_writer *w)
{
	return w->overflown + w->missed;
}

const char *
async_writer_path(const struct async_writer *w)
{
	return w->path;
}

static uint64_t
async_writer_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Sends the rest, closes the pipe, and reads notes until the child ends. False on timeout. */
static bool
async_writer_drain(struct async_writer *w)
{
	uint64_t until = async_writer_now_ms() + PATIENCE;
	char text[256];
	struct buf said;

	buf_init(&said, text, sizeof(text));
	w->ending = true;
	while (w->from != -1) {
		bool more = async_writer_flush(w);
		uint64_t now = async_writer_now_ms();
		struct pollfd p[] = {
			{ .fd = w->from, .events = POLLIN },
			{ .fd = more ? w->to : -1, .events = POLLOUT },
		};

		if (w->patience != -1 && now >= until)
			return false;
		/* A signal during this wait asks to exit. */
		if (poll(p, 2, w->patience == -1 ? -1 : (int)(until - now)) == -1)
			return false;
		async_writer_read_notes(w, &said);
	}
	return true;
}

static void
async_writer_summary(const struct async_writer *w, bool whole, struct buf *said)
{
	uint64_t missed = async_writer_missed(w);

	buf_setf(said, "%s: ", w->what);
	text_clean(said, w->path, strlen(w->path));
	if (!whole) {
		buf_adds(said, ": still being written");
		return;
	}
	if (w->ended)
		buf_addf(said, ": %llu written", (unsigned long long)w->written);
	if (!w->ended || w->state == WRITER_FAILED)
		buf_adds(said, ": writer process was killed");
	if (missed > 0)
		buf_addf(said, ", %llu lost", (unsigned long long)missed);
	if (w->error != 0)
		buf_addf(said, ": %s", file_ops_error(w->error));
	if (w->stuck != 0)
		buf_addf(said, "; not rotated: %s", file_ops_error(w->stuck));
}

bool
async_writer_del(struct async_writer *w, struct buf *said)
{
	bool whole = async_writer_drain(w), ok;

	async_writer_summary(w, whole, said);
	ok = w->state == WRITER_CLOSED;
	ok |= whole && w->ended && w->state != WRITER_FAILED && async_writer_missed(w) == 0 &&
	    w->error == 0 && w->stuck == 0;
	if (whole)
		child_reap(w->pid);
	if (w->to != -1)
		close(w->to);
	if (w->from != -1)
		close(w->from);
	free(w);
	return ok;
}
