/*
 * Server-sent events (the HTML standard, "Server-sent events"): a report after each interval.
 *
 * The last ones are kept for all readers together. A reader that has not taken an event when it is
 * thrown away has lost it, and gets an event about that: a slow one costs no memory and no time.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/report.h"
#include "serve/private.h"
#include "util/alloc.h"

#define COMES_BACK UINT64_C(60000000000) /* ns that a reader may be away */

struct push_event {
	unsigned holders; /* the list, and readers that are sending it */
	uint64_t number;
	struct buf text;
};

static void
push_release(struct push_event *e)
{
	if (e == NULL || --e->holders > 0)
		return;
	buf_del(&e->text);
	free(e);
}

static void
push_add(struct push *all, struct push_event *e)
{
	if (all->n == PUSH_KEPT) {
		push_release(all->kept[0]);
		memmove(all->kept, all->kept + 1, (PUSH_KEPT - 1) * sizeof(all->kept[0]));
		all->n--;
	}
	all->kept[all->n++] = e;
}

static bool
push_write(struct exchange *x, struct buf *out, struct buf *err)
{
	struct report r = reports_describe_now(x->server, PUSH_ROWS);
	struct scope scope = reports_scope(x->server);

	return report_write(out, &r, &scope, err);
}

/* A report ends with the end of its line; an empty line ends the event. */
static void
push_publish(struct server *s, const char *report, size_t n)
{
	struct push *all = &s->push;
	struct push_event *e = xcalloc(1, sizeof(*e));

	e->holders = 1;
	e->number = s->ticks;
	buf_new(&e->text);
	buf_addf(&e->text, "id: %llu\nevent: report\ndata: ", (unsigned long long)e->number);
	buf_add(&e->text, report, n);
	buf_addc(&e->text, '\n');
	push_add(all, e);
	for (unsigned i = 0; i < PUSH_READERS; i++)
		if (all->reader[i].connection != NULL)
			http_server_wake(all->reader[i].connection);
}

static void
push_make_at_once(struct exchange *x)
{
	char why[256];
	struct buf err, text;

	buf_init(&err, why, sizeof(why));
	buf_new(&text);
	ledger_flush(x->server->feed->ledger);
	if (push_write(x, &text, &err))
		push_publish(x->server, text.s, text.len);
	buf_del(&text);
}

/* While the last event is still being made, there is no other one. */
void
push_tick(struct server *s)
{
	struct exchange x = { .server = s };
	struct report r = reports_describe_now(s, PUSH_ROWS);
	struct job *job = &s->job[JOBS];

	if (s->push.n_readers > 0)
		s->push.wanted_until = s->now + COMES_BACK;
	if (s->now > s->push.wanted_until || job->used)
		return;
	if (job_is_quick(s->feed->ledger, report_output_steps(&r, s->feed->ledger)))
		push_make_at_once(&x);
	else if (job_begin(job, &x, push_write))
		job->bounded = true;
}

void
push_step(struct server *s)
{
	struct job *job = &s->job[JOBS];

	if (!job->used || !job->done)
		return;
	if (job->text.len > 0 && job->text.s[0] == '+')
		push_publish(s, job->text.s + 1, job->text.len - 1);
	job_end(job);
}

void
push_fini(struct push *all)
{
	for (unsigned i = 0; i < all->n; i++)
		push_release(all->kept[i]);
	all->n = 0;
}

/* The next event of the reader that is kept; NULL: none yet. Notes what was missed. */
static struct push_event *
push_find_next(struct push *all, struct push_reader *r)
{
	for (unsigned i = 0; i < all->n; i++) {
		struct push_event *e = all->kept[i];

		if (e->number < r->next)
			continue;
		r->dropped = e->number - r->next;
		r->next = e->number + 1;
		e->holders++;
		return e;
	}
	return NULL;
}

static void
push_begin_next(struct push_reader *r)
{
	struct push *all = &r->server->push;

	r->event = push_find_next(all, r);
	r->sent = 0;
	if (r->event == NULL || r->dropped == 0)
		return;
	all->dropped += r->dropped;
	r->head_sent = 0;
	snprintf(r->head, sizeof(r->head), "event: dropped\ndata: {\"dropped\":%llu}\n\n",
	    (unsigned long long)r->dropped);
}

static ssize_t
push_read(void *arg, char *text, size_t size)
{
	struct push_reader *r = arg;
	size_t n;

	if (r->event == NULL)
		push_begin_next(r);
	n = exchange_copy_rest(r->head, strlen(r->head), &r->head_sent, text, size);
	if (r->event == NULL)
		return (ssize_t)n;
	n += exchange_copy_rest(r->event->text.s, r->event->text.len, &r->sent, text + n, size - n);
	if (r->sent == r->event->text.len) {
		push_release(r->event);
		r->event = NULL;
	}
	return (ssize_t)n;
}

static void
push_close(void *arg)
{
	struct push_reader *r = arg;

	push_release(r->event);
	r->server->push.n_readers--;
	*r = (struct push_reader){ .connection = NULL };
}

static struct push_reader *
push_find_free(struct push *all)
{
	for (unsigned i = 0; i < PUSH_READERS; i++)
		if (all->reader[i].connection == NULL)
			return &all->reader[i];
	return NULL;
}

/* The number after the last one that the client has; a number of an earlier run means nothing. */
static uint64_t
push_first(const struct exchange *x)
{
	const char *last = x->q->header[HTTP_LAST_EVENT_ID];
	uint64_t now = x->server->ticks, n = last != NULL ? strtoull(last, NULL, 10) : now;

	return (n < now ? n : now) + 1;
}

void
serve_events(struct exchange *x)
{
	struct push_reader *r = push_find_free(&x->server->push);

	if (r == NULL) {
		exchange_fail(x, 503, "%d clients read events already", PUSH_READERS);
		return;
	}
	*r = (struct push_reader){ .server = x->server,
		.connection = x->q->connection,
		.next = push_first(x),
		.head = "retry: 2000\n\n" };
	x->server->push.n_readers++;
	x->a->status = 200;
	x->a->type = "text/event-stream";
	x->a->stream = (struct http_stream){ push_read, push_close, r, true };
}
