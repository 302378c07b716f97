/* Answers that a forked child writes: it has all counters of one moment. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "export/report.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "serve/private.h"

#define BOUNDED_MOST ((size_t)4 << 20) /* bytes of a shared answer */
#define READ_AHEAD   (64 * 1024)       /* bytes of one that is not */
#define ERROR_TEXT   256
#define SETTLING     4 /* steps to count a flow's new packets for its hosts */

static void ATTR_NORETURN
job_in_child(struct exchange *x, content_fn *fn, int fd)
{
	char why[ERROR_TEXT];
	struct buf text, err;

	if (!child_keep(&fd, 1))
		_exit(1);
	buf_new(&text);
	buf_init(&err, why, sizeof(why));
	buf_addc(&text, '+');
	ledger_flush(x->server->feed->ledger);
	if (!fn(x, &text, &err)) {
		buf_setf(&text, "-%s", err.s);
	}
	_exit(fd_write_all(fd, text.s, text.len, NULL) == 0 ? 0 : 1);
}

void
job_end(struct job *j)
{
	if (j->fd != -1)
		close(j->fd);
	if (j->pid > 0) {
		kill(j->pid, SIGKILL);
		child_reap(j->pid);
	}
	buf_del(&j->text);
	*j = (struct job){ .fd = -1 };
}

/* The same request gives the same answer until the next tick. */
static void
job_key(const struct exchange *x, char *key, size_t size)
{
	const char *const parts[] = { x->q->path, x->csv ? "csv" : "", x->top, x->show, x->view,
		x->sort };
	struct buf b;

	buf_init(&b, key, size);
	for (unsigned i = 0; i < NITEMS(parts); i++)
		buf_addf(&b, "%s\n", parts[i] != NULL ? parts[i] : "\t");
	/* A key that was cut could be that of another request. */
	if (b.truncated)
		*key = '\0';
}

static struct job *
job_find(struct server *s, const char *key)
{
	for (unsigned i = 0; i < JOBS && *key != '\0'; i++)
		if (s->job[i].used && s->job[i].bounded && s->job[i].tick == s->ticks &&
		    strcmp(s->job[i].key, key) == 0)
			return &s->job[i];
	return NULL;
}

/* A place for a new job; NULL: all are in use. */
static struct job *
job_alloc(struct server *s)
{
	for (unsigned i = 0; i < JOBS; i++) {
		struct job *j = &s->job[i];

		if (j->used && j->bounded && j->done && j->tick != s->ticks)
			job_end(j);
	}
	for (unsigned i = 0; i < JOBS; i++)
		if (!s->job[i].used)
			return &s->job[i];
	for (unsigned i = 0; i < JOBS; i++)
		if (s->job[i].bounded && s->job[i].done) {
			job_end(&s->job[i]);
			return &s->job[i];
		}
	return NULL;
}

bool
job_begin(struct job *j, struct exchange *x, content_fn *fn)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return false;
	pid = child_fork(CHILD_COUNTS);
	if (pid == 0)
		job_in_child(x, fn, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		return false;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*j = (struct job){ .pid = pid, .fd = ends[0], .used = true };
	buf_new(&j->text);
	return true;
}

static void
job_start(struct exchange *x, content_fn *fn, bool bounded, const char *key)
{
	struct server *s = x->server;
	struct job *j = job_alloc(s);

	if (j != NULL && !job_begin(j, x, fn)) {
		exchange_fail(x, 503, "fork failed: %s", strerror(errno));
		return;
	}
	held_add(s, x->q->connection);
	if (j == NULL)
		return;
	j->bounded = bounded;
	j->tick = s->ticks;
	strlcpy(j->key, key, sizeof(j->key));
	if (!bounded) {
		j->owner = x->q->connection;
		x->q->state = j;
	}
}

static ssize_t
job_read_stream(void *arg, char *text, size_t size)
{
	struct job *j = arg;
	size_t n = exchange_copy_rest(j->text.s, j->text.len, &j->sent, text, size);

	if (n == 0)
		return j->done ? -1 : 0;
	if (j->sent == j->text.len) {
		buf_clear(&j->text);
		j->sent = 0;
	}
	return (ssize_t)n;
}

static void
job_close_stream(void *arg)
{
	job_end(arg);
}

/* The first byte has come. */
static void
job_send(struct exchange *x, struct job *j, const char *type)
{
	if (j->text.len == 0 || j->text.s[0] != '+') {
		exchange_fail(x, j->text.len == 0 ? 500 : 400, "%s",
		    j->text.len == 0 ? "the answer was lost: its process was killed"
				     : j->text.s + 1);
		return;
	}
	x->a->status = 200;
	x->a->type = type;
	if (j->bounded) {
		buf_add(&x->a->body, j->text.s + 1, j->text.len - 1);
		return;
	}
	j->sent = 1;
	x->q->state = NULL;
	x->a->stream = (struct http_stream){ job_read_stream, job_close_stream, j, false };
}

static void
job_answer_at_once(struct exchange *x, content_fn *fn, const char *type)
{
	char why[ERROR_TEXT];
	struct buf err;

	buf_init(&err, why, sizeof(why));
	ledger_flush(x->server->feed->ledger);
	if (!fn(x, &x->a->body, &err)) {
		exchange_fail(x, 400, "%s", err.s);
		return;
	}
	x->a->status = 200;
	x->a->type = type;
}

bool
job_is_quick(const struct ledger *l, uint64_t steps)
{
	return steps + ledger_flush_rows(l) * SETTLING <= REPORT_OUTPUT_STEPS;
}

void
job_answer(struct exchange *x, content_fn *fn, const char *type, uint64_t steps, bool bounded)
{
	struct server *s = x->server;
	struct job *j = x->q->state;
	char key[sizeof(j->key)];

	if (job_is_quick(s->feed->ledger, steps)) {
		job_answer_at_once(x, fn, type);
		return;
	}
	job_key(x, key, sizeof(key));
	if (j == NULL && bounded)
		j = job_find(s, key);
	if (j == NULL)
		job_start(x, fn, bounded, key);
	else if (j->bounded ? j->done : j->text.len > 0 || j->done)
		job_send(x, j, type);
	else
		held_add(s, x->q->connection);
}

/* The pipe of an answer whose reader is slow is not read. */
static bool
job_may_read(const struct job *j)
{
	return j->fd != -1 && (j->bounded || j->text.len - j->sent < READ_AHEAD);
}

unsigned
job_fds(const struct server *s, struct pollfd *fds)
{
	unsigned n = 0;

	for (unsigned i = 0; i < JOBS + 1; i++)
		if (s->job[i].used && job_may_read(&s->job[i]))
			fds[n++] = (struct pollfd){ .fd = s->job[i].fd, .events = POLLIN };
	return n;
}

static void
job_finish(struct job *j)
{
	close(j->fd);
	child_reap(j->pid);
	j->fd = -1;
	j->pid = 0;
	j->done = true;
}

static void
job_read(struct server *s, struct job *j)
{
	char bytes[16 * 1024];
	ssize_t n = 0;

	while (job_may_read(j) && (n = read(j->fd, bytes, sizeof(bytes))) > 0)
		buf_add(&j->text, bytes, (size_t)n);
	if (n == 0 && job_may_read(j))
		job_finish(j);
	if (j->bounded && j->text.len > BOUNDED_MOST) {
		buf_setf(&j->text, "-the answer is too long: ask for fewer rows with top");
		j->done = true;
	}
	if (j->owner != NULL)
		http_server_wake(j->owner);
	if (j->done)
		held_wake(s);
}

void
job_step(struct server *s)
{
	for (unsigned i = 0; i < JOBS + 1; i++)
		if (s->job[i].used && job_may_read(&s->job[i]))
			job_read(s, &s->job[i]);
}

void
job_forget(struct server *s, struct http_request *q)
{
	if (q->state == NULL)
		return;
	job_end(q->state);
	q->state = NULL;
	held_wake(s);
}

void
job_fini(struct server *s)
{
	for (unsigned i = 0; i < JOBS + 1; i++)
		if (s->job[i].used)
			job_end(&s->job[i]);
}
