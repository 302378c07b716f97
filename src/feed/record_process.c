/* The process that writes a recording, and may wait for the disk. */
#include "config.h"

#include "feed/recording.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/writer.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "util/attr.h"

#define REPLY_MAX   1024
#define SAMPLE_MOST 3600                /* s of a sample */
#define ANSWER_MAX  (UINT64_C(1) << 30) /* bytes */

enum record_query_kind { QUERY_SUMS, QUERY_EXTENT, QUERY_FIND, QUERY_PICTURE, QUERY_SAMPLES };

struct record_query {
	uint8_t kind;      /* enum record_query_kind */
	uint32_t what;     /* the table, or enum record_find */
	uint64_t from, to; /* times; or the time and the format of a picture */
};

struct record_answer {
	uint64_t bytes; /* that follow: one moment, or the error */
	bool failed;
};

static int
record_process_store(void *arg, const void *moments, size_t n)
{
	return record_db_store(arg, moments, n);
}

/* Replies with a byte, or with the error. */
static void
record_process_reply(int to, const struct buf *err)
{
	const char *text = err->len > 0 ? err->s : "";

	(void)fd_write_all(to, text, strlen(text) + 1, NULL);
}

void
record_process_run(const struct record_process_config *c, const int *fds)
{
	char text[REPLY_MAX];
	struct buf err;
	struct record_db *db;

	buf_init(&err, text, sizeof(text));
	umask(077);
	db = record_db_create(c->path, &c->limits, &err);
	record_process_reply(fds[1], &err);
	if (db == NULL)
		return;
	async_writer_serve(fds[0], fds[1], record_process_store, db);
	record_db_close(db);
}

bool
record_process_wait(const struct record_process *p, struct buf *err)
{
	char reply[REPLY_MAX];
	bool ended = false;
	size_t n = 0;

	while (n < sizeof(reply) && !ended && fd_read(p->from, &reply[n], 1) == 1)
		ended = reply[n++] == '\0';
	if (!ended)
		buf_setf(err, "the process that records could not start");
	else if (n > 1)
		buf_setf(err, "%s", reply);
	return ended && n == 1;
}

bool
record_process_can_read(const char *path)
{
	uint8_t head[RECORD_DB_MAGIC];
	int fd = strcmp(path, "-") != 0 ? file_ops_open_dir(path) : -1;
	bool right = fd != -1 && fd_is_regular(fd) &&
	    pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) && record_db_is_magic(head);

	if (fd != -1)
		close(fd);
	return right;
}

struct record_sum {
	struct buf moment;
	enum record_table_id table;
};

static void
record_process_add_row(void *arg, const struct record_value *value)
{
	struct record_sum *sum = arg;
	unsigned n = record_table_values(&record_table[sum->table]);

	record_row(&sum->moment, sum->table);
	for (unsigned i = 0; i < n; i++) {
		if (value[i].text != NULL)
			record_text(&sum->moment, value[i].text);
		else
			record_number(&sum->moment, value[i].n);
	}
}

static bool
record_process_sums(
    struct record_db *db, const struct record_query *q, struct record_sum *sum, struct buf *err)
{
	if (q->what >= RECORD_TABLES)
		return false;
	sum->table = (enum record_table_id)q->what;
	record_begin(&sum->moment, q->from, q->to - q->from);
	return record_db_sum(db, sum->table, q->from, q->to, record_process_add_row, sum, err);
}

static bool
record_process_extent(
    struct record_db *db, const struct record_query *q, struct record_sum *sum, struct buf *err)
{
	uint64_t first = 0, end = 0;

	(void)q;
	(void)err;
	(void)record_db_extent(db, &first, &end);
	record_begin(&sum->moment, first, end - first);
	return true;
}

/* The time is that of the moment; 0: there is none. */
static bool
record_process_find(
    struct record_db *db, const struct record_query *q, struct record_sum *sum, struct buf *err)
{
	uint64_t found = 0;

	(void)err;
	if (q->what < RECORD_FINDS)
		(void)record_db_find_picture(db, (enum record_find)q->what, q->from, q->to, &found);
	record_begin(&sum->moment, found, 0);
	return true;
}

static bool
record_process_picture(
    struct record_db *db, const struct record_query *q, struct record_sum *sum, struct buf *err)
{
	(void)err;
	record_begin(&sum->moment, q->from, 0);
	record_db_get_picture(db, q->from, &sum->moment);
	return true;
}

static void
record_process_add_sample(void *arg, const struct record_value *value)
{
	struct record_sum *sum = arg;

	record_row(&sum->moment, RECORD_SAMPLE);
	for (unsigned i = 0; i < RECORD_SAMPLE_VALUES; i++)
		record_number(&sum->moment, value[i].text == NULL ? value[i].n : 0);
}

static bool
record_process_samples(
    struct record_db *db, const struct record_query *q, struct record_sum *sum, struct buf *err)
{
	record_begin(&sum->moment, q->from, q->to - q->from);
	return record_db_samples(db, q->from, q->to, record_process_add_sample, sum, err);
}

/* The answer, as a moment. */
static bool
record_process_query(
    struct record_db *db, const struct record_query *q, struct record_sum *sum, struct buf *err)
{
	static bool (*const kinds[])(
	    struct record_db *, const struct record_query *, struct record_sum *, struct buf *) = {
		[QUERY_SUMS] = record_process_sums,
		[QUERY_EXTENT] = record_process_extent,
		[QUERY_FIND] = record_process_find,
		[QUERY_PICTURE] = record_process_picture,
		[QUERY_SAMPLES] = record_process_samples,
	};
	bool ok = q->kind < NITEMS(kinds) && kinds[q->kind](db, q, sum, err);

	record_end(&sum->moment);
	return ok;
}

static void
record_process_answer_query(struct record_db *db, const struct record_query *q, int to)
{
	struct record_sum sum = { .table = RECORD_TRAFFIC };
	struct record_answer a = { .failed = false };
	char text[REPLY_MAX];
	struct buf err;

	buf_new(&sum.moment);
	buf_init(&err, text, sizeof(text));
	a.failed = !record_process_query(db, q, &sum, &err);
	a.bytes = a.failed ? err.len : sum.moment.len;
	if (fd_write_all(to, &a, sizeof(a), NULL) == 0)
		(void)fd_write_all(to, a.failed ? err.s : sum.moment.s, a.bytes, NULL);
	buf_del(&sum.moment);
}

void
record_process_answer(const struct record_process_config *c, const int *fds)
{
	struct record_query q;
	char text[REPLY_MAX];
	struct buf err;
	struct record_db *db;

	buf_init(&err, text, sizeof(text));
	db = record_db_open(c->path, &err);
	record_process_reply(fds[1], &err);
	if (db == NULL)
		return;
	while (fd_read(fds[0], &q, sizeof(q)) == (ssize_t)sizeof(q))
		record_process_answer_query(db, &q, fds[1]);
	record_db_close(db);
}

static bool
record_process_read_all(int fd, void *to, size_t n)
{
	ssize_t got;

	for (size_t at = 0; at < n; at += (size_t)got)
		if ((got = fd_read(fd, (char *)to + at, n - at)) <= 0)
			return false;
	return true;
}

static bool
record_process_ask(const struct record_process *p, const struct record_query *q, struct buf *moment,
    struct buf *err)
{
	struct record_answer a;
	char piece[4096];

	buf_clear(moment);
	if (fd_write_all(p->to, q, sizeof(*q), NULL) != 0 ||
	    !record_process_read_all(p->from, &a, sizeof(a)) || a.bytes > ANSWER_MAX) {
		buf_setf(err, "the process that reads the recording has ended");
		return false;
	}
	for (uint64_t left = a.bytes; left > 0;) {
		size_t n = left < sizeof(piece) ? (size_t)left : sizeof(piece);

		if (!record_process_read_all(p->from, piece, n))
			return false;
		buf_add(moment, piece, n);
		left -= n;
	}
	if (a.failed)
		buf_setf(err, "%s", moment->s);
	return !a.failed;
}

bool
record_ask_extent(const struct record_process *p, uint64_t *first, uint64_t *end, struct buf *err)
{
	const struct record_query q = { .kind = QUERY_EXTENT };
	struct record_reader r = { .s = NULL };
	struct buf moment;
	bool ok;

	buf_new(&moment);
	ok = record_process_ask(p, &q, &moment, err);
	r.s = (const uint8_t *)moment.s;
	r.end = r.s + moment.len;
	if (ok && record_read_moment(&r)) {
		*first = r.time;
		*end = r.time + r.seconds;
	}
	buf_del(&moment);
	return ok;
}

bool
record_ask_sums(const struct record_process *p, enum record_table_id table, uint64_t from,
    uint64_t to, struct buf *moment, struct buf *err)
{
	const struct record_query q = { .kind = QUERY_SUMS, .what = table, .from = from, .to = to };

	return record_process_ask(p, &q, moment, err);
}

/* Spreads a sample over its seconds. */
static void
record_add_sample(struct time_series *s, const struct record_value *v)
{
	uint64_t n = v[1].n > 0 && v[1].n <= SAMPLE_MOST ? v[1].n : 1;
	struct tally all = { v[2].n / n, v[3].n / n }, in = { v[4].n / n, v[5].n / n },
		     out = { v[6].n / n, v[7].n / n };
	struct sample sample = { .way = { [WAY_IN] = in, [WAY_OUT] = out } };

	if (all.packets >= in.packets + out.packets && all.bytes >= in.bytes + out.bytes)
		sample.way[WAY_OTHER] = (struct tally){ all.packets - in.packets - out.packets,
			all.bytes - in.bytes - out.bytes };
	for (uint64_t i = 0; i < n; i++)
		series_add(s, v[0].n + i, &sample);
}

void
record_ask_series(
    const struct record_process *p, uint64_t from, uint64_t to, struct time_series *series)
{
	const struct record_query q = { .kind = QUERY_SAMPLES, .from = from, .to = to };
	struct record_reader r = { .s = NULL };
	struct buf moment, err;
	char text[REPLY_MAX];

	buf_new(&moment);
	buf_init(&err, text, sizeof(text));
	if (record_process_ask(p, &q, &moment, &err)) {
		r.s = (const uint8_t *)moment.s;
		r.end = r.s + moment.len;
		if (record_read_moment(&r))
			while (record_read_row(&r) && r.table == RECORD_SAMPLE)
				if (r.value[0].n >= from && r.value[0].n < to)
					record_add_sample(series, r.value);
	}
	buf_del(&moment);
}

bool
record_ask_find(const struct record_process *p, enum record_find how, uint64_t at, uint64_t format,
    uint64_t *found)
{
	const struct record_query q = { .kind = QUERY_FIND, .what = how, .from = at, .to = format };
	struct record_reader r = { .s = NULL };
	struct buf moment, err;
	char text[REPLY_MAX];
	bool ok;

	buf_new(&moment);
	buf_init(&err, text, sizeof(text));
	ok = record_process_ask(p, &q, &moment, &err);
	r.s = (const uint8_t *)moment.s;
	r.end = r.s + moment.len;
	ok = ok && record_read_moment(&r) && r.time != 0;
	if (ok)
		*found = r.time;
	buf_del(&moment);
	return ok;
}

const uint8_t *
record_ask_picture(const struct record_process *p, uint64_t at, struct buf *moment, size_t *n)
{
	const struct record_query q = { .kind = QUERY_PICTURE, .from = at };
	struct record_reader r = { .s = NULL };
	struct buf err;
	char text[REPLY_MAX];

	buf_init(&err, text, sizeof(text));
	if (!record_process_ask(p, &q, moment, &err))
		return NULL;
	r.s = (const uint8_t *)moment->s;
	r.end = r.s + moment->len;
	if (!record_read_moment(&r) || !record_read_row(&r) || r.table != RECORD_PICTURE)
		return NULL;
	*n = r.value[2].n;
	return (const uint8_t *)r.value[2].text;
}

void
record_process_stop(struct record_process *p)
{
	close(p->to);
	close(p->from);
	(void)child_reap(p->pid);
	p->pid = 0;
}
