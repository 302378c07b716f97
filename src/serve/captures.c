/*
 * A pcapng file that is sent while it is captured. What a client does not take in time is dropped
 * and counted: neither capturing nor memory depends on it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "capture/source.h"
#include "export/writer.h"
#include "feed/feed.h"
#include "serve/private.h"
#include "view/filter.h"

#define NS           UINT64_C(1000000000)
#define ROOM         ((size_t)1 << 20) /* bytes that wait for the client */
#define SECONDS_MOST 600

/* A new interface is described before its first frame. False: there are too many. */
static bool
captures_find_link(struct capture *c, const struct frame *frame, uint32_t *link)
{
	const struct source_stats *st = &c->server->feed->ledger->source[frame->source];

	for (*link = 0; *link < c->n_links; (*link)++)
		if (c->link[*link].source == frame->source &&
		    c->link[*link].linktype == frame->linktype)
			return true;
	if (c->n_links == CAPTURE_LINKS)
		return false;
	c->link[c->n_links].source = frame->source;
	c->link[c->n_links++].linktype = frame->linktype;
	pcap_writer_interface(&c->text,
	    &(struct pcap_writer_interface){ .name = st->name,
		.description = "",
		.comment = "",
		.filter = c->show,
		.linktype = linktype_in_file(frame->linktype) });
	return true;
}

/* The frames of a batch are known to the ledger only after it was counted. */
static void
captures_stage(struct capture *c, const struct frame *frame)
{
	bool wanted = c->source < 0 ? !feed_is_counted_elsewhere(c->server->feed)
				    : frame->source == c->source;
	uint32_t link;

	if (c->n_staged == LEDGER_BATCH)
		return;
	if (wanted && !c->done && captures_find_link(c, frame, &link))
		pcap_writer_ng_frame(&c->staged, link, frame);
	c->staged_end[c->n_staged++] = c->staged.len;
}

static void
captures_on_frame(void *arg, const struct frame *frame)
{
	struct server *s = arg;

	for (unsigned i = 0; i < CAPTURES; i++)
		if (s->capture[i].connection != NULL)
			captures_stage(&s->capture[i], frame);
}

static bool
captures_wants(const struct capture *c, const struct pkt *p)
{
	struct scope scope = reports_scope(c->server);
	struct ledger *own = c->source >= 0 ? streams_own_counts(c->server, c->source) : NULL;
	const struct flow *flow;

	if (c->filter == NULL)
		return true;
	if (own != NULL)
		scope.ledger = own;
	flow = ledger_find_flow(scope.ledger, p);
	return flow != NULL && filter_matches(c->filter, &scope, flow);
}

static void
captures_take(struct capture *c, const char *record, size_t n)
{
	if (c->done)
		return;
	if (c->text.len - c->sent + n > ROOM) {
		c->server->capture_dropped++;
		return;
	}
	buf_add(&c->text, record, n);
	c->done = --c->packets == 0;
}

static void
captures_unstage(struct capture *c, const struct pkt *pkts, unsigned n)
{
	size_t at = 0;

	for (unsigned i = 0; i < n && i < c->n_staged; i++) {
		size_t end = c->staged_end[i];

		if (end > at && captures_wants(c, &pkts[i]))
			captures_take(c, c->staged.s + at, end - at);
		at = end;
	}
	buf_clear(&c->staged);
	c->n_staged = 0;
}

static void
captures_on_batch(void *arg, const struct pkt *pkts, unsigned n)
{
	struct server *s = arg;

	for (unsigned i = 0; i < CAPTURES; i++)
		if (s->capture[i].connection != NULL)
			captures_unstage(&s->capture[i], pkts, n);
}

/* Frames are only looked at during a capture. */
static void
captures_set_tap(struct server *s)
{
	bool any = false;

	for (unsigned i = 0; i < CAPTURES; i++)
		any |= s->capture[i].connection != NULL;
	s->tap = (struct feed_tap){ captures_on_frame, captures_on_batch, s };
	s->feed->tap = any ? &s->tap : NULL;
}

static ssize_t
captures_read(void *arg, char *text, size_t size)
{
	struct capture *c = arg;
	size_t n = exchange_copy_rest(c->text.s, c->text.len, &c->sent, text, size);

	if (n == 0)
		return c->done ? -1 : 0;
	if (c->sent == c->text.len) {
		buf_clear(&c->text);
		c->sent = 0;
	}
	return (ssize_t)n;
}

static void
captures_close(void *arg)
{
	struct capture *c = arg;
	struct server *s = c->server;

	filter_del(c->filter);
	buf_del(&c->text);
	buf_del(&c->staged);
	free(c->show);
	*c = (struct capture){ .connection = NULL };
	captures_set_tap(s);
}

void
captures_step(struct server *s)
{
	for (unsigned i = 0; i < CAPTURES; i++) {
		struct capture *c = &s->capture[i];

		if (c->connection == NULL)
			continue;
		c->done |= s->now >= c->until;
		if (c->done || c->text.len > c->sent)
			http_server_wake(c->connection);
	}
}

int
captures_timeout(const struct server *s)
{
	for (unsigned i = 0; i < CAPTURES; i++)
		if (s->capture[i].connection != NULL)
			return CAPTURE_MS;
	return -1;
}

/* The members of the body; false after an error was answered. */
static bool
captures_read_body(struct exchange *x, struct capture *c)
{
	uint64_t seconds;
	char why[256];
	struct buf err;
	struct body b;
	const char *stream, *show;

	if (!exchange_body(x, &b) ||
	    !exchange_body_number(x, &b, "seconds", 1, SECONDS_MOST, 10, &seconds) ||
	    !exchange_body_number(x, &b, "packets", 1, UINT32_MAX, UINT32_MAX, &c->packets))
		return false;
	c->until = x->server->now + seconds * NS;
	stream = body_text(&b, "stream");
	c->source = stream != NULL ? streams_find_source(x->server, stream) : -1;
	if (stream != NULL && c->source < 0) {
		exchange_fail(x, 404, "there is no stream \"%s\"", stream);
		return false;
	}
	show = body_text(&b, "show");
	c->show = strdup(show != NULL ? show : "");
	if (show == NULL || *show == '\0')
		return true;
	buf_init(&err, why, sizeof(why));
	c->filter = filter_new(view_by_name("flows"), show, &err, NULL);
	if (c->filter == NULL)
		exchange_fail(x, 400, "show: %s", err.s);
	return c->filter != NULL;
}

static struct capture *
captures_find_free(struct server *s)
{
	for (unsigned i = 0; i < CAPTURES; i++)
		if (s->capture[i].connection == NULL)
			return &s->capture[i];
	return NULL;
}

void
serve_capture(struct exchange *x)
{
	struct capture made = { .server = x->server }, *c = captures_find_free(x->server);

	if (c == NULL) {
		exchange_fail(x, 503, "%d clients capture already", CAPTURES);
		return;
	}
	if (!captures_read_body(x, &made)) {
		free(made.show);
		return;
	}
	*c = made;
	c->connection = x->q->connection;
	buf_new(&c->text);
	buf_new(&c->staged);
	pcap_writer_section(&c->text, "");
	captures_set_tap(x->server);
	x->a->status = 200;
	x->a->type = "application/vnd.tcpdump.pcap";
	x->a->stream = (struct http_stream){ captures_read, captures_close, c, true };
	http_answer_add_header(
	    x->a, "Content-Disposition", "attachment; filename=\"pkttop.pcapng\"");
}
