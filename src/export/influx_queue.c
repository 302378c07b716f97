/* Batches of lines, in memory and in a file. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/influx.h"

#define RETRY_NS ROTATING_FILE_RETRY
#define FILES    100 /* of earlier runs, and of this one */

/* Each batch in the file begins with this. */
struct spool_head {
	uint32_t magic, size;
	uint64_t time;
};

#define SPOOL_MAGIC UINT32_C(0x706b7431)

static void
influx_spool_name(char *name, size_t size, unsigned number)
{
	struct buf b;

	buf_init(&b, name, size);
	buf_addf(&b, "pkttop-influx-%u.spool", number);
}

static void
influx_spool_close_fd(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static int
influx_spool_open_for_reading(const struct influx_spool *s, unsigned number)
{
	char name[FILE_NAME_MAX], path[FILE_PATH_MAX];
	struct buf b;

	influx_spool_name(name, sizeof(name), number);
	buf_init(&b, path, sizeof(path));
	buf_addf(&b, "%s/%s", s->dir.path, name);
	return b.truncated ? -1 : file_ops_open(path);
}

/* Creates the first file that does not exist. Those before it are of earlier runs. */
static bool
influx_spool_create(struct influx_spool *s, struct buf *err)
{
	errno = 0;
	for (s->number = 1; s->number <= FILES; s->number++) {
		influx_spool_name(s->name, sizeof(s->name), s->number);
		s->write_fd = safe_dir_create(&s->dir, s->name);
		if (s->write_fd != -1 || errno != EEXIST)
			break;
	}
	if (s->write_fd != -1)
		s->read_fd = influx_spool_open_for_reading(s, s->number);
	if (s->read_fd != -1)
		return true;
	buf_setf(err, "--spool=%s: %s", s->dir.path, file_ops_error(errno));
	if (s->write_fd != -1)
		safe_dir_unlink(&s->dir, s->name);
	influx_spool_close_fd(&s->write_fd);
	return false;
}

bool
influx_queue_open(struct influx_queue *q, const char *dir, struct buf *err)
{
	struct influx_spool *s = &q->spool;
	char text[256];
	struct buf why;

	buf_init(&why, text, sizeof(text));
	*q = (struct influx_queue){ .spool = {
					.dir = SAFE_DIR_CLOSED, .write_fd = -1, .read_fd = -1 } };
	if (dir == NULL)
		return true;
	safe_dir_spell(s->path, sizeof(s->path), dir);
	if (!safe_dir_open(&s->dir, s->path, &why)) {
		buf_setf(err, "--spool=%s: %s", dir, why.s);
		return false;
	}
	if (!influx_spool_create(s, err)) {
		safe_dir_close(&s->dir);
		return false;
	}
	s->old = s->number - 1;
	if (s->old > 0) {
		influx_spool_close_fd(&s->read_fd);
		s->read_fd = influx_spool_open_for_reading(s, s->old);
	}
	return true;
}

static struct influx_batch *
influx_queue_at(struct influx_queue *q, unsigned i)
{
	return &q->batch[(q->first + i) % INFLUX_BATCHES];
}

static bool
influx_spool_failed(struct influx_spool *s, uint64_t now, struct buf *said)
{
	int error = errno;

	/* Nothing of a batch, or all of it. */
	if (ftruncate(s->write_fd, (off_t)s->end) == -1)
		s->end = UINT64_MAX;
	if (!s->failed)
		buf_addf(said, "%sinflux: %s/%s: %s; retrying every 30 s",
		    said->len > 0 ? "\n" : "", s->dir.path, s->name, strerror(error));
	s->failed = true;
	s->retry_at = now + RETRY_NS;
	return false;
}

/* Appends a batch to the file. */
static bool
influx_spool_write(
    struct influx_spool *s, const struct influx_batch *x, uint64_t now, struct buf *said)
{
	struct spool_head head = {
		.magic = SPOOL_MAGIC, .size = (uint32_t)x->lines.len, .time = x->time
	};

	if (s->write_fd == -1 || (s->failed && now < s->retry_at) ||
	    s->end > INFLUX_SPOOL_MOST - x->lines.len)
		return false;
	errno = fd_write_all(s->write_fd, &head, sizeof(head), NULL);
	if (errno == 0)
		errno = fd_write_all(s->write_fd, x->lines.s, x->lines.len, NULL);
	if (errno != 0)
		return influx_spool_failed(s, now, said);
	s->end += sizeof(head) + x->lines.len;
	s->failed = false;
	return true;
}

static uint64_t
influx_count_lines(const struct buf *b)
{
	uint64_t n = 0;

	for (const char *s = b->s; (s = strchr(s, '\n')) != NULL; s++)
		n++;
	return n;
}

/* The oldest batch leaves memory. */
static void
influx_queue_pop(struct influx_queue *q)
{
	struct influx_batch *x = influx_queue_at(q, 0);

	q->bytes -= x->lines.len;
	buf_del(&x->lines);
	q->first = (q->first + 1) % INFLUX_BATCHES;
	q->n--;
}

/* Makes room in memory: the oldest batch goes to the file, or is lost. */
static void
influx_queue_make_room(struct influx_queue *q, uint64_t now, struct buf *said)
{
	struct influx_batch *x = influx_queue_at(q, 0);

	if (!influx_spool_write(&q->spool, x, now, said)) {
		q->dropped_lines += influx_count_lines(&x->lines);
		q->dropped_batches++;
	}
	influx_queue_pop(q);
}

static struct influx_batch *
influx_queue_push(struct influx_queue *q, uint64_t time)
{
	struct influx_batch *x = influx_queue_at(q, q->n++);

	x->time = time;
	buf_new(&x->lines);
	return x;
}

void
influx_queue_add(struct influx_queue *q, const char *lines, size_t n, uint64_t time, uint64_t now,
    struct buf *said)
{
	struct influx_batch *last;

	while (q->n > 0 && (q->bytes + n > INFLUX_MEMORY || q->n == INFLUX_BATCHES))
		influx_queue_make_room(q, now, said);
	/* The first one may be on its way to the server. */
	last = q->n > 1 ? influx_queue_at(q, q->n - 1) : NULL;
	if (last == NULL || last->lines.len + n > INFLUX_BATCH)
		last = influx_queue_push(q, time);
	buf_add(&last->lines, lines, n);
	q->bytes += n;
}

/* Reads the next batch of the open file. False at its end, or if it is damaged. */
static bool
influx_spool_read(struct influx_queue *q)
{
	struct influx_spool *s = &q->spool;
	struct spool_head head;
	struct influx_batch *x;
	char bytes[16384];

	if (pread(s->read_fd, &head, sizeof(head), (off_t)s->read_at) != sizeof(head) ||
	    head.magic != SPOOL_MAGIC || head.size > INFLUX_MEMORY)
		return false;
	s->read_at += sizeof(head);
	x = influx_queue_push(q, head.time);
	while (x->lines.len < head.size) {
		size_t left = head.size - x->lines.len;
		ssize_t n = pread(s->read_fd, bytes, left < sizeof(bytes) ? left : sizeof(bytes),
		    (off_t)(s->read_at + x->lines.len));

		if (n <= 0)
			break;
		buf_add(&x->lines, bytes, (size_t)n);
	}
	q->bytes += x->lines.len;
	s->read_at += head.size;
	return true;
}

/* Everything in the file of this run was read: it begins again. */
static void
influx_spool_empty(struct influx_spool *s)
{
	if (s->end > 0 && ftruncate(s->write_fd, 0) == 0 && lseek(s->write_fd, 0, SEEK_SET) == 0)
		s->read_at = s->end = 0;
}

/* Reads one batch of the oldest file into memory, which is empty. */
static void
influx_queue_refill(struct influx_queue *q)
{
	struct influx_spool *s = &q->spool;
	char name[FILE_NAME_MAX];

	if (s->write_fd == -1 || (s->old == 0 && s->read_at >= s->end))
		return;
	if (influx_spool_read(q))
		return;
	if (s->old == 0) {
		influx_spool_empty(s);
		return;
	}
	influx_spool_name(name, sizeof(name), s->old);
	safe_dir_unlink(&s->dir, name);
	influx_spool_close_fd(&s->read_fd);
	s->old--;
	s->read_at = 0;
	s->read_fd = influx_spool_open_for_reading(s, s->old > 0 ? s->old : s->number);
}

const struct influx_batch *
influx_queue_first(struct influx_queue *q)
{
	if (q->n == 0)
		influx_queue_refill(q);
	return q->n > 0 ? influx_queue_at(q, 0) : NULL;
}

void
influx_queue_remove(struct influx_queue *q)
{
	if (q->n > 0)
		influx_queue_pop(q);
	if (q->n == 0 && q->spool.old == 0 && q->spool.read_at >= q->spool.end)
		influx_spool_empty(&q->spool);
}

uint64_t
influx_queue_bytes(const struct influx_queue *q)
{
	uint64_t waiting = q->spool.old == 0 ? q->spool.end - q->spool.read_at : q->spool.end;

	return q->bytes + waiting;
}

/* A file with nothing that is still to be written is removed. */
static void
influx_spool_close(struct influx_spool *s)
{
	if (s->write_fd == -1)
		return;
	if (s->end == 0 || (s->old == 0 && s->read_at >= s->end))
		safe_dir_unlink(&s->dir, s->name);
	influx_spool_close_fd(&s->write_fd);
	influx_spool_close_fd(&s->read_fd);
	safe_dir_close(&s->dir);
}

bool
influx_queue_close(struct influx_queue *q, uint64_t *kept, struct buf *said)
{
	while (q->n > 0)
		influx_queue_make_room(q, UINT64_MAX, said);
	*kept = influx_queue_bytes(q);
	influx_spool_close(&q->spool);
	return q->dropped_lines == 0;
}
