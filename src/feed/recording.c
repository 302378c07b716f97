#include "config.h"

#include "feed/recording.h"

#include <errno.h>
#include <string.h>

#include "app/loop.h"
#include "export/pcap_writer.h"
#include "export/safe_dir.h"
#include "feed/feed.h"
#include "util/die.h"
#include "util/fmt.h"

#define TRIES 100

/* One row per kind: what it is called, and the name that it gets by itself. */
static const struct {
	const char *what, *name, *suffix;
} kinds[RECORD_KINDS] = {
	[RECORD_PACKETS] = { "packet log", "packets", ".csv" },
	[RECORD_FLOWS] = { "flow log", "flows", ".csv" },
	[RECORD_CAPTURE] = { "capture file", "capture", ".pcapng" },
};

static const char *
path_asked(const struct opts *o, enum record_kind kind)
{
	const char *const paths[] = {
		[RECORD_PACKETS] = o->packet_log,
		[RECORD_FLOWS] = o->flow_log,
		[RECORD_CAPTURE] = o->write,
	};

	return paths[kind];
}

bool
records_own_stdout(const struct opts *o)
{
	for (int k = 0; k < RECORD_KINDS; k++) {
		const char *path = path_asked(o, (enum record_kind)k);

		if (path != NULL && strcmp(path, "-") == 0)
			return true;
	}
	return false;
}

/* The child writes, and counts nothing. */
static void
release(void *arg)
{
	feed_close(arg);
}

static void
add_line(struct buf *b, const char *what, const char *text)
{
	if (text != NULL && *text != '\0')
		buf_addf(b, "%s%s%s", b->len > 0 ? "\n" : "", what, text);
}

/* What is not in the file, and why, somebody will want to know who finds it later. */
static void
make_comment(const struct records *r, const char *show, struct buf *b)
{
	for (unsigned i = 0; i < r->feed->n; i++)
		if (r->feed->source[i].source != NULL)
			add_line(b, "", source_comment(r->feed->source[i].source));
	add_line(b, "", r->o->comment);
	add_line(b, "capture filter when it began: ", r->feed->filter);
	add_line(b, "only packets of flows that pass: ", show);
}

/* The form to be read is for standard output alone: a file is for programs. */
static bool
make_head(
    struct records *r, enum record_kind kind, const char *path, const char *show, struct buf *err)
{
	struct record *rec = &r->of[kind];
	bool text = strcmp(path, "-") == 0 && r->o->format == REPORT_TEXT;
	char comment_text[PCAP_WRITER_COMMENT];
	struct buf comment;

	buf_clear(&rec->head);
	if (kind == RECORD_CAPTURE) {
		buf_init(&comment, comment_text, sizeof(comment_text));
		make_comment(r, show, &comment);
		return record_capture_begin(
		    &rec->capture, r->feed, path, comment.s, &rec->head, err);
	}
	if (kind == RECORD_FLOWS) {
		rec->json = r->o->flow_format_set ? r->o->flow_json : flow_log_is_json(path);
		if (!rec->json)
			flow_record_columns(&rec->head);
		return true;
	}
	packet_lines_init(&r->lines, r->feed->ledger, text ? PACKET_TEXT : PACKET_CSV, r->o->ascii);
	if (!text)
		buf_adds(&rec->head, packet_columns);
	return true;
}

static bool
takes(const struct records *r, const struct record *rec, const struct flow *f)
{
	struct scope s = {
		.ledger = r->feed->ledger, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true
	};

	return rec->filter == NULL || filter_matches(rec->filter, &s, f);
}

/* What is shown decides here too, for a whole flow. */
static void
write_flow(void *arg, const struct flow *f, const char *line, size_t n)
{
	struct records *r = arg;
	struct record *rec = &r->of[RECORD_FLOWS];

	if (takes(r, rec, f))
		async_writer_add(rec->writer, line, n);
}

bool
records_start(
    struct records *r, enum record_kind kind, const char *path, const char *show, struct buf *said)
{
	struct record *rec = &r->of[kind];
	struct async_writer_config c = { .what = kinds[kind].what,
		.path = path,
		.rotation = r->o->rotation,
		.patient = !r->feed->live,
		.release = release,
		.arg = r->feed };

	if (rec->ending) {
		buf_setf(said, "%s: the one before is still being written", c.what);
		return false;
	}
	if (!make_head(r, kind, path, show, said))
		return false;
	c.head = rec->head.s;
	c.head_size = rec->head.len;
	if (*show != '\0' &&
	    (rec->filter = filter_new(view_by_name("flows"), show, said, NULL)) == NULL)
		return false;
	/* What was staged before it began is not part of it. */
	r->n_staged = 0;
	rec->writer = async_writer_new(&c, clock_monotonic(), said);
	if (rec->writer == NULL) {
		filter_del(rec->filter);
		rec->filter = NULL;
		return false;
	}
	if (kind == RECORD_FLOWS)
		flow_log_init(&r->flows, r->feed->ledger, rec->json, write_flow, r);
	buf_setf(said, "%s: writing to %s", c.what, async_writer_path(rec->writer));
	return true;
}

/* Of what is not live, time is what the packets say. */
static uint64_t
now(const struct records *r)
{
	return r->feed->live ? clock_wall() : r->feed->ledger->totals.last;
}

/* What was taken is still on its way to the disk. */
static void
close_writer(struct records *r, enum record_kind kind)
{
	struct record *rec = &r->of[kind];

	if (kind == RECORD_CAPTURE)
		record_capture_wrote(&rec->capture, r->feed, rec->writer, SIZE_MAX);
	filter_del(rec->filter);
	rec->filter = NULL;
	async_writer_end(rec->writer);
}

/* No further packet is taken; the flows that are open have their records written in steps. */
static void
stop(struct records *r, enum record_kind kind)
{
	r->of[kind].ending = true;
	if (kind == RECORD_FLOWS)
		flow_log_end(&r->flows, now(r));
	else
		close_writer(r, kind);
}

static bool
watches_flows(const struct records *r)
{
	return r->flows.record != NULL;
}

static void
end_flows(struct records *r)
{
	flow_log_fini(&r->flows);
	close_writer(r, RECORD_FLOWS);
}

void
records_part(struct records *r)
{
	if (watches_flows(r))
		flow_log_flush(&r->flows, now(r));
}

bool
records_parting(const struct records *r)
{
	return watches_flows(r) && (r->flows.flushing || r->flows.ending);
}

uint32_t
records_left(const struct records *r)
{
	return records_parting(r) ? r->flows.open : 0;
}

/* Whoever leaves waits for the disk. */
static void
write_rest(struct records *r)
{
	if (!watches_flows(r))
		return;
	async_writer_wait(r->of[RECORD_FLOWS].writer);
	while (flow_log_step(&r->flows, UINT32_MAX))
		;
	end_flows(r);
}

/* False where something is missing. */
static bool
finish(struct record *rec, struct buf *said)
{
	bool ok = async_writer_del(rec->writer, said);

	rec->writer = NULL;
	rec->ending = false;
	return ok;
}

/* "DIR/pkttop-packets-20261121-021213.csv", or with -2 and so on where there is one. */
static bool
make_name(struct buf *b, const char *suffix, enum record_kind kind, const char *dir, uint64_t now,
    int number)
{
	buf_clear(b);
	if (dir != NULL)
		buf_addf(b, "%s/", dir);
	buf_addf(b, "pkttop-%s-", kinds[kind].name);
	if (!safe_dir_time_name(b, now))
		return false;
	if (number > 1)
		buf_addf(b, "-%d", number);
	buf_adds(b, suffix);
	return !b->truncated;
}

static void
say_stop(const struct records *r, enum record_kind kind, struct buf *said)
{
	uint32_t left = kind == RECORD_FLOWS ? records_left(r) : 0;

	buf_setf(said, "%s: ", kinds[kind].what);
	if (left > 0) {
		buf_adds(said, "writing ");
		fmt_grouped(said, left);
		buf_adds(said, left == 1 ? " record to " : " records to ");
	} else {
		buf_adds(said, "finishing ");
	}
	buf_adds(said, async_writer_path(r->of[kind].writer));
}

bool
records_toggle(struct records *r, enum record_kind kind, const char *dir, const char *show,
    uint64_t now, struct buf *said)
{
	bool json = kind == RECORD_FLOWS && r->o->flow_format_set && r->o->flow_json;
	const char *suffix = json ? ".json" : kinds[kind].suffix;
	char text[ROTATING_FILE_PATH];
	struct buf name;

	if (records_on(r, kind)) {
		stop(r, kind);
		say_stop(r, kind, said);
		return true;
	}
	buf_init(&name, text, sizeof(text));
	for (int i = 1; i < TRIES; i++) {
		if (!make_name(&name, suffix, kind, dir, now, i)) {
			buf_setf(said, "%s: it cannot be given a name", kinds[kind].what);
			return false;
		}
		errno = 0;
		if (records_start(r, kind, text, show, said))
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

bool
records_on(const struct records *r, enum record_kind kind)
{
	return r->of[kind].writer != NULL && !r->of[kind].ending;
}

void
records_init(struct records *r, const struct opts *o, struct feed *f)
{
	char text[512];
	struct buf err;

	*r = (struct records){ .o = o, .feed = f };
	buf_init(&err, text, sizeof(text));
	buf_init(&r->news, r->news_text, sizeof(r->news_text));
	buf_new(&r->staged);
	f->records = r;
	for (int k = 0; k < RECORD_KINDS; k++)
		buf_new(&r->of[k].head);
	for (int k = 0; k < RECORD_KINDS; k++) {
		const char *path = path_asked(o, (enum record_kind)k);
		bool shown = k != RECORD_CAPTURE || o->write_shown;
		const char *show = o->show != NULL && shown ? o->show : "";

		if (path != NULL && !records_start(r, (enum record_kind)k, path, show, &err))
			die("%s", err.s);
	}
}

void
records_fini(struct records *r)
{
	char text[ROTATING_FILE_PATH + 256];
	struct buf said;

	buf_init(&said, text, sizeof(text));
	for (int k = 0; k < RECORD_KINDS; k++) {
		bool ok;

		buf_del(&r->of[k].head);
		if (records_on(r, (enum record_kind)k))
			stop(r, (enum record_kind)k);
		if (k == RECORD_FLOWS)
			write_rest(r);
		if (r->of[k].writer == NULL)
			continue;
		if (record_capture_say(&r->of[k].capture, &said))
			warn_line("%s", text);
		ok = finish(&r->of[k], &said);
		if (ok || r->closed)
			continue;
		warn_line("%s", text);
		r->lossy = true;
	}
	buf_del(&r->staged);
	r->feed->records = NULL;
}

/* A packet passes where its flow does. */
static bool
passes(const struct records *r, const struct record *rec, const struct pkt *p)
{
	const struct flow *f;

	if (rec->filter == NULL)
		return true;
	f = ledger_find_flow(r->feed->ledger, p);
	return f != NULL && takes(r, rec, f);
}

void
records_frame(struct records *r, const struct frame *f)
{
	struct record *rec = &r->of[RECORD_CAPTURE];

	if (!records_on(r, RECORD_CAPTURE))
		return;
	if (r->n_staged == 0)
		buf_clear(&r->staged);
	if (!record_capture_frame(&rec->capture, r->feed, rec->writer, f, &r->staged))
		async_writer_count_missed(rec->writer);
	r->staged_end[r->n_staged++] = r->staged.len;
}

static void
write_frames(struct records *r, const struct pkt *pkts, unsigned n)
{
	struct record *rec = &r->of[RECORD_CAPTURE];
	size_t begin = 0;

	/* A file begun within a batch has the batch's last frames only. */
	for (unsigned i = 0; i < r->n_staged; i++) {
		const struct pkt *p = &pkts[n - r->n_staged + i];
		size_t size = r->staged_end[i] - begin;

		if (size > 0 && passes(r, rec, p))
			async_writer_add(rec->writer, r->staged.s + begin, size);
		begin = r->staged_end[i];
	}
	r->n_staged = 0;
	record_capture_wrote(&rec->capture, r->feed, rec->writer, begin);
}

static void
write_lines(struct records *r, const struct pkt *pkts, unsigned n)
{
	struct record *rec = &r->of[RECORD_PACKETS];
	char text[PACKET_LINE];
	struct buf line;

	buf_init(&line, text, sizeof(text));
	for (unsigned i = 0; i < n; i++) {
		if (!passes(r, rec, &pkts[i]))
			continue;
		buf_clear(&line);
		packet_line(&r->lines, &line, &pkts[i]);
		async_writer_add(rec->writer, line.s, line.len);
	}
}

void
records_batch(struct records *r, const struct pkt *pkts, unsigned n)
{
	if (records_on(r, RECORD_CAPTURE))
		write_frames(r, pkts, n);
	if (records_on(r, RECORD_PACKETS))
		write_lines(r, pkts, n);
}

void
records_tick(struct records *r)
{
	struct record *rec = &r->of[RECORD_CAPTURE];

	if (records_on(r, RECORD_FLOWS))
		flow_log_tick(&r->flows, now(r));
	if (records_on(r, RECORD_CAPTURE))
		record_capture_wrote(&rec->capture, r->feed, rec->writer, SIZE_MAX);
}

bool
records_step(struct records *r, uint32_t steps)
{
	struct record *rec = &r->of[RECORD_FLOWS];

	if (!watches_flows(r) || !async_writer_has_room(rec->writer))
		return false;
	if (flow_log_step(&r->flows, steps))
		return true;
	if (rec->ending)
		end_flows(r);
	return false;
}

unsigned
records_poll(const struct records *r, struct pollfd *fds)
{
	unsigned n = 0;

	for (int k = 0; k < RECORD_KINDS; k++) {
		const struct async_writer *w = r->of[k].writer;

		if (w == NULL)
			continue;
		fds[n++] = (struct pollfd){ .fd = async_writer_fd(w), .events = POLLIN };
		if (async_writer_is_waiting(w))
			fds[n++] =
			    (struct pollfd){ .fd = async_writer_pipe_fd(w), .events = POLLOUT };
	}
	return n;
}

static void
tend(struct records *r, struct record *rec, struct buf *said)
{
	struct buf b;
	char text[sizeof(r->news_text)];
	bool ok;

	async_writer_flush(rec->writer);
	async_writer_read_notes(rec->writer, said);
	record_capture_say(&rec->capture, said);
	if (async_writer_state(rec->writer) == WRITER_CLOSED)
		r->closed = true;
	if (!rec->ending || !async_writer_has_ended(rec->writer))
		return;
	/* Somebody ended it before its time. */
	if (rec == &r->of[RECORD_FLOWS] && watches_flows(r))
		end_flows(r);
	buf_init(&b, text, sizeof(text));
	ok = finish(rec, &b);
	r->lossy |= !ok;
	buf_setf(ok ? &r->news : said, "%s", text);
}

void
records_tend(struct records *r, struct buf *said)
{
	for (int k = 0; k < RECORD_KINDS; k++)
		if (r->of[k].writer != NULL)
			tend(r, &r->of[k], said);
}
