#include "config.h"

#include "feed/recording.h"

#include <errno.h>
#include <string.h>

#include "export/file.h"
#include "export/writer.h"
#include "feed/feed.h"
#include "platform/clock.h"
#include "util/die.h"
#include "util/text.h"

#define TRIES      100
#define EVENT_LINE 2048
#define NS_PER_S   UINT64_C(1000000000)

/* One row per kind: its name, and the stem of generated file names. */
static const struct {
	const char *what, *name, *suffix;
} kinds[RECORD_KINDS] = {
	[RECORD_PACKETS] = { "packet log", "packets", ".csv" },
	[RECORD_FLOWS] = { "flow log", "flows", ".csv" },
	[RECORD_CAPTURE] = { "capture file", "capture", ".pcapng" },
	[RECORD_EVENTS] = { "event log", "events", ".csv" },
	[RECORD_MOMENTS] = { "recording", "moments", ".db" },
};

static const char *
recording_option_path(const struct options *o, enum record_kind kind)
{
	const char *const paths[] = {
		[RECORD_PACKETS] = o->packet_log,
		[RECORD_FLOWS] = o->flow_log,
		[RECORD_CAPTURE] = o->write,
		[RECORD_EVENTS] = o->event_log,
		[RECORD_MOMENTS] = NULL, /* see recording_attach() */
	};

	return paths[kind];
}

bool
recording_uses_stdout(const struct options *o)
{
	for (int k = 0; k < RECORD_KINDS; k++) {
		const char *path = recording_option_path(o, (enum record_kind)k);

		if (path != NULL && strcmp(path, "-") == 0)
			return true;
	}
	return false;
}

/* The writer child counts nothing: it closes the feed. */
static void
recording_in_child(void *arg)
{
	feed_close(arg);
}

static void
recording_comment_line(struct buf *b, const char *what, const char *text)
{
	if (text != NULL && *text != '\0')
		buf_addf(b, "%s%s%s", b->len > 0 ? "\n" : "", what, text);
}

/* Stores the filters in the file, because a later reader must know what is missing. */
static void
recording_make_comment(const struct recorder *r, const char *show, struct buf *b)
{
	for (unsigned i = 0; i < r->feed->n; i++)
		if (r->feed->source[i].source != NULL)
			recording_comment_line(b, "", source_comment(r->feed->source[i].source));
	recording_comment_line(b, "", r->o->comment);
	recording_comment_line(b, "capture filter at the start: ", r->feed->filter);
	recording_comment_line(b, "only packets of flows that match: ", show);
}

/* Lines for people are only written to standard output; a file is for programs. */
static bool
recording_make_head(
    struct recorder *r, enum record_kind kind, const char *path, const char *show, struct buf *err)
{
	struct recording *rec = &r->kind[kind];
	bool text = strcmp(path, "-") == 0 && r->o->format == REPORT_TEXT;
	char comment_text[PCAP_WRITER_COMMENT];
	struct buf comment;

	buf_clear(&rec->head);
	if (kind == RECORD_CAPTURE) {
		buf_init(&comment, comment_text, sizeof(comment_text));
		recording_make_comment(r, show, &comment);
		return capture_record_begin(
		    &rec->capture, r->feed, path, comment.s, &rec->head, err);
	}
	if (kind == RECORD_EVENTS) {
		rec->json = flow_log_is_json(path);
		rec->seen = 0;
		if (!rec->json)
			buf_adds(&rec->head, event_csv_titles);
		return true;
	}
	if (kind == RECORD_FLOWS) {
		rec->json = r->o->flow_format_set ? r->o->flow_json : flow_log_is_json(path);
		if (!rec->json)
			flow_record_columns(&rec->head);
		return true;
	}
	packet_lines_init(&r->lines, r->feed->ledger, text ? PACKET_TEXT : PACKET_CSV, r->o->ascii);
	r->lines.names = !r->o->units.numeric;
	if (!text)
		buf_adds(&rec->head, packet_columns);
	return true;
}

static bool
recording_flow_matches(const struct recorder *r, const struct recording *rec, const struct flow *f)
{
	struct scope s = {
		.ledger = r->feed->ledger, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true
	};

	return rec->filter == NULL || filter_matches(rec->filter, &s, f);
}

/* Applies the display filter to a whole flow. */
static void
recording_write_flow(
    void *arg, const struct flow *f, const struct flow_record *record, enum flow_end end)
{
	struct recorder *r = arg;
	struct recording *rec = &r->kind[RECORD_FLOWS];
	char text[FLOW_RECORD_LINE];
	struct buf line;

	if (!recording_flow_matches(r, rec, f))
		return;
	buf_init(&line, text, sizeof(text));
	flow_record_line(&line, rec->json, r->feed->ledger, f, record, end);
	async_writer_add(rec->writer, line.s, line.len);
}

bool
recording_start(
    struct recorder *r, enum record_kind kind, const char *path, const char *show, struct buf *said)
{
	struct recording *rec = &r->kind[kind];
	struct async_writer_config c = { .what = kinds[kind].what,
		.path = path,
		.rotation = r->o->rotation,
		.patient = !r->feed->live,
		.release = recording_in_child,
		.arg = r->feed };

	if (rec->ending) {
		buf_setf(said, "%s: the previous one is still being written", c.what);
		return false;
	}
	if (!recording_make_head(r, kind, path, show, said))
		return false;
	c.head = rec->head.s;
	c.head_size = rec->head.len;
	if (*show != '\0' &&
	    (rec->filter = filter_new(view_by_name("flows"), show, said, NULL)) == NULL)
		return false;
	/* Frames staged before the start are not part of it. */
	r->n_staged = 0;
	rec->writer = async_writer_new(&c, clock_monotonic(), said);
	if (rec->writer == NULL) {
		filter_del(rec->filter);
		rec->filter = NULL;
		return false;
	}
	if (kind == RECORD_FLOWS)
		flow_log_init(&r->flows, r->feed->ledger, recording_write_flow, r);
	buf_setf(said, "%s: writing to %s", c.what, async_writer_path(rec->writer));
	return true;
}

/* Ends the writer; buffered records are still written. */
static void
recording_close_writer(struct recorder *r, enum record_kind kind)
{
	struct recording *rec = &r->kind[kind];

	if (kind == RECORD_CAPTURE)
		capture_record_written(&rec->capture, r->feed, rec->writer, SIZE_MAX);
	filter_del(rec->filter);
	rec->filter = NULL;
	async_writer_end(rec->writer);
}

/* Writes the events that are new, or that count again. */
static void
recording_write_events(struct recorder *r)
{
	struct recording *rec = &r->kind[RECORD_EVENTS];
	const struct events *es = detect_events(r->feed->ledger->detect);
	const struct event *e;
	char text[EVENT_LINE];
	struct buf line;

	buf_init(&line, text, sizeof(text));
	while (
	    recording_is_on(r, RECORD_EVENTS) && (e = events_next_change(es, &rec->seen)) != NULL) {
		buf_clear(&line);
		if (rec->json)
			event_json_line(&line, e);
		else
			event_csv(&line, e);
		async_writer_add(rec->writer, line.s, line.len);
	}
	event_sinks_run(r->sinks, es);
}

void
recording_attach(struct recorder *r, const struct record_process *p)
{
	struct async_writer_config c = { .what = kinds[RECORD_MOMENTS].what,
		.path = r->o->record,
		.patient = !feed_is_live(r->feed) };

	if (p->pid == 0 || p->reads)
		return;
	r->kind[RECORD_MOMENTS].writer = async_writer_attach(&c, p->pid, p->to, p->from);
	moments_init(&r->moments, r->feed);
	r->pictures = history_store_new(HISTORY_MIN_MEMORY);
	r->by_packets = !feed_is_live(r->feed);
}

/* An event, or a change of one, as a moment. */
static void
recording_put_event(struct recorder *r, const struct event *e, struct buf *b)
{
	const struct event_end *ends[] = { event_attacker(e), event_victim(e) };
	char text[EVENT_LINE];
	struct buf shown;

	record_begin(b, e->end / NS_PER_S, 1);
	record_row(b, RECORD_EVENT);
	record_text(b, event_rules[e->rule].name);
	record_number(b, e->number);
	record_number(b, e->start);
	record_text(b, event_severity_name((enum event_severity)event_rules[e->rule].severity));
	for (unsigned i = 0; i < 2; i++) {
		buf_init(&shown, text, sizeof(text));
		if (ends[i]->kind != ADDR_NONE)
			addr_text(&shown, ends[i]->kind, &ends[i]->addr);
		record_text(b, text);
	}
	buf_init(&shown, text, sizeof(text));
	event_text(&shown, e, NULL);
	record_text(b, text);
	record_end(b);
	async_writer_add(r->kind[RECORD_MOMENTS].writer, b->s, b->len);
}

static void
recording_record_events(struct recorder *r)
{
	const struct events *es = detect_events(r->feed->ledger->detect);
	const struct event *e;
	struct buf b;

	if (!recording_is_on(r, RECORD_MOMENTS))
		return;
	buf_new(&b);
	while ((e = events_next_change(es, &r->seen_events)) != NULL)
		recording_put_event(r, e, &b);
	buf_del(&b);
}

void
recording_begin_second(struct recorder *r, uint64_t now)
{
	if (!recording_is_on(r, RECORD_MOMENTS))
		return;
	moments_advance(&r->moments, r->kind[RECORD_MOMENTS].writer, now, !feed_is_live(r->feed));
	r->second_ns = now - now % NS_PER_S;
}

static struct scope
recording_scope(const struct recorder *r)
{
	return scope_of_all(r->feed->ledger, feed_is_offline(r->feed));
}

void
recording_take_picture(struct recorder *r)
{
	struct scope s = recording_scope(r);

	if (recording_is_on(r, RECORD_MOMENTS))
		history_maker_begin(&r->maker, r->pictures, &s);
}

/* True while the picture that is taken is not complete. */
static bool
recording_step_picture(struct recorder *r, uint32_t steps)
{
	struct scope s = recording_scope(r);
	const uint8_t *bytes;
	struct buf moment;
	uint64_t at;
	size_t n;

	if (!r->maker.busy || r->feed->paused)
		return false;
	if (history_maker_step(&r->maker, r->pictures, &s, steps))
		return true;
	at = ledger_wall_time(r->feed->ledger, history_picture_export(r->pictures, &bytes, &n));
	buf_new(&moment);
	record_picture(&moment, at, history_picture_format(), bytes, n);
	if (n > 0)
		async_writer_add(r->kind[RECORD_MOMENTS].writer, moment.s, moment.len);
	buf_del(&moment);
	return false;
}

static void
recording_end_moments(struct recorder *r)
{
	recording_record_events(r);
	moments_end(&r->moments, r->kind[RECORD_MOMENTS].writer);
	while (recording_step_picture(r, UINT32_MAX))
		;
	moments_fini(&r->moments);
	history_maker_fini(&r->maker);
	history_store_del(r->pictures);
	r->by_packets = false;
	recording_close_writer(r, RECORD_MOMENTS);
}

/* Takes no more packets; writes the records of all open flows in steps. */
static void
recording_stop(struct recorder *r, enum record_kind kind)
{
	r->kind[kind].ending = true;
	if (kind == RECORD_FLOWS)
		flow_log_end(&r->flows, feed_record_time(r->feed));
	else if (kind == RECORD_MOMENTS)
		recording_end_moments(r);
	else
		recording_close_writer(r, kind);
}

static bool
recording_needs_flows(const struct recorder *r)
{
	return r->flows.record != NULL;
}

static void
recording_end_flows(struct recorder *r)
{
	flow_log_fini(&r->flows);
	recording_close_writer(r, RECORD_FLOWS);
}

void
recording_flush_flows(struct recorder *r)
{
	if (recording_needs_flows(r))
		flow_log_flush(&r->flows, feed_record_time(r->feed));
	flow_export_flush_flows(&r->exports->flows);
}

static bool
recording_is_flushing_log(const struct recorder *r)
{
	return recording_needs_flows(r) && (r->flows.walk.flushing || r->flows.walk.ending);
}

bool
recording_is_flushing(const struct recorder *r)
{
	return recording_is_flushing_log(r) || flow_export_is_flushing(&r->exports->flows);
}

uint32_t
recording_flows_left(const struct recorder *r)
{
	return recording_is_flushing_log(r) ? r->flows.open : 0;
}

/* Waits for the disk on exit. */
static void
recording_write_rest(struct recorder *r)
{
	if (!recording_needs_flows(r))
		return;
	async_writer_wait(r->kind[RECORD_FLOWS].writer);
	while (flow_log_step(&r->flows, UINT32_MAX))
		;
	recording_end_flows(r);
}

/* False if records are missing. */
static bool
recording_finish_writer(struct recording *rec, struct buf *said)
{
	bool ok = async_writer_del(rec->writer, said);

	rec->writer = NULL;
	rec->ending = false;
	return ok;
}

/* "DIR/pkttop-packets-20261121-021213.csv", or with -2 and so on if that exists. */
static bool
recording_make_path(struct buf *b, const char *suffix, enum record_kind kind, const char *dir,
    uint64_t now, int number)
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
recording_stopped_text(const struct recorder *r, enum record_kind kind, struct buf *said)
{
	uint32_t left = kind == RECORD_FLOWS ? recording_flows_left(r) : 0;

	buf_setf(said, "%s: ", kinds[kind].what);
	if (left > 0) {
		buf_adds(said, "writing ");
		fmt_grouped(said, left);
		buf_adds(said, left == 1 ? " record to " : " records to ");
	} else {
		buf_adds(said, "finishing ");
	}
	buf_adds(said, async_writer_path(r->kind[kind].writer));
}

bool
recording_toggle(struct recorder *r, enum record_kind kind, const char *dir, const char *show,
    uint64_t now, struct buf *said)
{
	bool json = kind == RECORD_FLOWS && r->o->flow_format_set && r->o->flow_json;
	const char *suffix = json ? ".json" : kinds[kind].suffix;
	char text[ROTATING_FILE_PATH];
	struct buf name;

	if (recording_is_on(r, kind)) {
		recording_stop(r, kind);
		recording_stopped_text(r, kind, said);
		return true;
	}
	buf_init(&name, text, sizeof(text));
	for (int i = 1; i < TRIES; i++) {
		if (!recording_make_path(&name, suffix, kind, dir, now, i)) {
			buf_setf(said, "%s: cannot create a name", kinds[kind].what);
			return false;
		}
		errno = 0;
		if (recording_start(r, kind, text, show, said))
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

bool
recording_is_on(const struct recorder *r, enum record_kind kind)
{
	return r->kind[kind].writer != NULL && !r->kind[kind].ending;
}

void
recording_init(struct recorder *r, const struct options *o, struct feed *f, struct exports *exports)
{
	char text[512];
	struct buf err;

	*r = (struct recorder){ .o = o, .feed = f, .exports = exports };
	buf_init(&err, text, sizeof(text));
	buf_init(&r->status, r->status_text, sizeof(r->status_text));
	buf_new(&r->staged);
	f->recorder = r;
	flow_export_start(&exports->flows, f);
	influx_start(&exports->influx, f);
	for (int k = 0; k < RECORD_KINDS; k++)
		buf_new(&r->kind[k].head);
	for (int k = 0; k < RECORD_KINDS; k++) {
		const char *path = recording_option_path(o, (enum record_kind)k);
		bool shown = k != RECORD_CAPTURE || o->write_shown;
		const char *show = o->show != NULL && shown ? o->show : "";

		if (path != NULL && !recording_start(r, (enum record_kind)k, path, show, &err))
			die("%s", err.s);
	}
}

void
recording_fini(struct recorder *r)
{
	char text[ROTATING_FILE_PATH + 256];
	struct buf said;

	recording_write_events(r);
	/* On a screen the reason was shown when it stopped, and is gone now. */
	if (r->incomplete)
		warn_line("a record that stopped before the end is incomplete");
	buf_init(&said, text, sizeof(text));
	for (int k = 0; k < RECORD_KINDS; k++) {
		bool ok;

		buf_del(&r->kind[k].head);
		if (recording_is_on(r, (enum record_kind)k))
			recording_stop(r, (enum record_kind)k);
		if (k == RECORD_FLOWS)
			recording_write_rest(r);
		if (r->kind[k].writer == NULL)
			continue;
		if (capture_record_take_error(&r->kind[k].capture, &said))
			warn_line("%s", text);
		ok = recording_finish_writer(&r->kind[k], &said);
		if (ok || r->closed)
			continue;
		warn_line("%s", text);
		r->incomplete = true;
	}
	r->incomplete |= !flow_export_end(&r->exports->flows);
	r->incomplete |= !influx_end(&r->exports->influx);
	buf_del(&r->staged);
	r->feed->recorder = NULL;
}

/* A packet matches if its flow does. */
static bool
recording_packet_matches(const struct recorder *r, const struct recording *rec, const struct pkt *p)
{
	const struct flow *f;

	if (rec->filter == NULL)
		return true;
	f = ledger_find_flow(r->feed->ledger, p);
	return f != NULL && recording_flow_matches(r, rec, f);
}

void
recording_frame(struct recorder *r, const struct frame *f)
{
	struct frame noted;
	struct recording *rec = &r->kind[RECORD_CAPTURE];

	if (!recording_is_on(r, RECORD_CAPTURE))
		return;
	if (r->n_staged == 0)
		buf_clear(&r->staged);
	if (r->note[0] != '\0' && f->comment == NULL) {
		noted = *f;
		noted.comment = r->note;
		f = &noted;
	}
	if (!capture_record_frame(&rec->capture, r->feed, rec->writer, f, &r->staged))
		async_writer_count_missed(rec->writer);
	r->note[0] = '\0';
	r->staged_end[r->n_staged++] = r->staged.len;
}

static void
recording_write_frames(struct recorder *r, const struct pkt *pkts, unsigned n)
{
	struct recording *rec = &r->kind[RECORD_CAPTURE];
	size_t begin = 0;

	/* A file started within a batch has only the batch's last frames. */
	for (unsigned i = 0; i < r->n_staged; i++) {
		const struct pkt *p = &pkts[n - r->n_staged + i];
		size_t size = r->staged_end[i] - begin;

		if (size > 0 && recording_packet_matches(r, rec, p))
			async_writer_add(rec->writer, r->staged.s + begin, size);
		begin = r->staged_end[i];
	}
	r->n_staged = 0;
	capture_record_written(&rec->capture, r->feed, rec->writer, begin);
}

static void
recording_write_lines(struct recorder *r, const struct pkt *pkts, unsigned n)
{
	struct recording *rec = &r->kind[RECORD_PACKETS];
	char text[PACKET_LINE];
	struct buf line;

	buf_init(&line, text, sizeof(text));
	for (unsigned i = 0; i < n; i++) {
		if (!recording_packet_matches(r, rec, &pkts[i]))
			continue;
		buf_clear(&line);
		packet_line(&r->lines, &line, &pkts[i]);
		async_writer_add(rec->writer, line.s, line.len);
	}
}

void
recording_batch(struct recorder *r, const struct pkt *pkts, unsigned n)
{
	if (recording_is_on(r, RECORD_CAPTURE))
		recording_write_frames(r, pkts, n);
	if (recording_is_on(r, RECORD_PACKETS))
		recording_write_lines(r, pkts, n);
}

void
recording_tick(struct recorder *r)
{
	struct recording *rec = &r->kind[RECORD_CAPTURE];

	if (recording_is_on(r, RECORD_FLOWS))
		flow_log_tick(&r->flows, feed_record_time(r->feed));
	flow_export_tick(&r->exports->flows);
	if (feed_is_live(r->feed))
		recording_begin_second(r, feed_record_time(r->feed));
	if (recording_is_on(r, RECORD_CAPTURE))
		capture_record_written(&rec->capture, r->feed, rec->writer, SIZE_MAX);
}

static bool
recording_step_log(struct recorder *r, uint32_t steps)
{
	struct recording *rec = &r->kind[RECORD_FLOWS];

	if (!recording_needs_flows(r) || !async_writer_has_room(rec->writer))
		return false;
	if (flow_log_step(&r->flows, steps))
		return true;
	if (rec->ending)
		recording_end_flows(r);
	return false;
}

bool
recording_step(struct recorder *r, uint32_t steps)
{
	bool more = recording_step_log(r, steps);

	if (recording_is_on(r, RECORD_MOMENTS)) {
		more |= moments_step(&r->moments, r->kind[RECORD_MOMENTS].writer, steps);
		more |= recording_step_picture(r, steps);
	}
	more |= flow_export_step(&r->exports->flows, steps);
	return influx_step(&r->exports->influx, steps) || more;
}

int
recording_timeout(const struct recorder *r, uint64_t monotonic)
{
	int flows = flow_export_timeout(&r->exports->flows, monotonic);
	int influx = influx_timeout(&r->exports->influx, monotonic);

	return flows >= 0 && (influx < 0 || flows < influx) ? flows : influx;
}

unsigned
recording_poll_fds(const struct recorder *r, struct pollfd *fds)
{
	unsigned n = flow_export_poll_fds(&r->exports->flows, fds);

	n += influx_poll_fds(&r->exports->influx, fds + n);
	for (int k = 0; k < RECORD_KINDS; k++) {
		const struct async_writer *w = r->kind[k].writer;

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
recording_service(struct recorder *r, struct recording *rec, struct buf *said)
{
	struct buf b;
	char text[sizeof(r->status_text)];
	bool ok;

	async_writer_flush(rec->writer);
	async_writer_read_notes(rec->writer, said);
	capture_record_take_error(&rec->capture, said);
	if (async_writer_state(rec->writer) == WRITER_CLOSED)
		r->closed = true;
	if (!rec->ending || !async_writer_has_ended(rec->writer))
		return;
	/* The writer process was killed. */
	if (rec == &r->kind[RECORD_FLOWS] && recording_needs_flows(r))
		recording_end_flows(r);
	buf_init(&b, text, sizeof(text));
	ok = recording_finish_writer(rec, &b);
	r->incomplete |= !ok;
	buf_setf(ok ? &r->status : said, "%s", text);
}

void
recording_poll_writers(struct recorder *r, struct buf *said)
{
	recording_write_events(r);
	recording_record_events(r);
	for (int k = 0; k < RECORD_KINDS; k++)
		if (r->kind[k].writer != NULL)
			recording_service(r, &r->kind[k], said);
	flow_export_service(&r->exports->flows, clock_monotonic(), said);
	influx_service(&r->exports->influx, clock_monotonic(), said);
}
