/* Streams: the sources of packets, each with its own statistics, started and stopped one by one. */
#include "config.h"

#include <string.h>

#include "capture/source.h"
#include "export/csv_json.h"
#include "platform/clock.h"
#include "platform/file_ops.h"
#include "platform/net.h"
#include "serve/private.h"
#include "util/number.h"

/* ---- The list ---- */

static struct stream *
streams_find(struct server *s, const char *name)
{
	for (unsigned i = 0; i < s->feed->n; i++)
		if (s->stream[i].listed && strcmp(s->stream[i].name, name) == 0)
			return &s->stream[i];
	return NULL;
}

static struct feed_source *
streams_source(struct server *s, const struct stream *stream)
{
	return &s->feed->source[stream - s->stream];
}

static struct source_stats *
streams_stats(struct server *s, const struct stream *stream)
{
	return &s->feed->ledger->source[streams_source(s, stream)->config.number];
}

/* Two sources of the command line may have the same name. */
static void
streams_choose_name(struct server *s, struct stream *stream, const char *wanted)
{
	char text[STREAM_NAME];
	struct buf b;
	unsigned n = 1;

	buf_init(&b, text, sizeof(text));
	buf_addf(&b, "%s", wanted);
	while (streams_find(s, b.s) != NULL)
		buf_setf(&b, "%.*s-%u", STREAM_NAME - 8, wanted, ++n);
	strlcpy(stream->name, b.s, sizeof(stream->name));
}

void
streams_update(struct server *s)
{
	for (unsigned i = 0; i < s->feed->n; i++) {
		struct stream *stream = &s->stream[i];
		const struct feed_source *source = &s->feed->source[i];

		if (stream->listed || (stream->deleted && source->deselected))
			continue;
		streams_choose_name(s, stream, source->name);
		stream->since = s->started;
		stream->listed = true;
		stream->deleted = false;
	}
}

/* From now on the counts begin at zero; those of the ledger stay. */
static void
streams_begin_counts(struct server *s, struct stream *stream)
{
	const struct source_stats *st = streams_stats(s, stream);

	stream->kernel_dropped = st->kernel_dropped;
	stream->interface_dropped = st->interface_dropped;
	stream->since = clock_wall();
}

int
streams_find_source(struct server *s, const char *name)
{
	const struct stream *stream;

	streams_update(s);
	stream = streams_find(s, name);
	return stream != NULL ? streams_source(s, stream)->config.number : -1;
}

struct ledger *
streams_own_counts(const struct server *s, int number)
{
	for (unsigned i = 0; i < s->feed->n; i++)
		if (s->feed->source[i].config.number == number)
			return feed_own_counts(&s->feed->source[i]);
	return NULL;
}

/* ---- A stream as JSON ---- */

static void
streams_add_addr(struct json *j, const char *key, uint8_t kind, const struct addr *a)
{
	char text[64];
	struct buf b;

	if (!addr_is_present(kind, a))
		return;
	buf_init(&b, text, sizeof(text));
	addr_text(&b, kind, a);
	json_str(j, key, b.s);
}

static void
streams_add_flow(struct json *j, const struct flow *f)
{
	static const char *const packets[] = { "packets_ab", "packets_ba" };
	static const char *const bytes[] = { "bytes_ab", "bytes_ba" };
	const struct flowkey *k = &f->key;
	struct tally sum = meter_sum(&f->meter);
	char scratch[FLOW_PROTO_NAME];

	json_open(j, "busiest", '{');
	json_str(j, "protocol", flow_proto_name(k->kind, k->proto, scratch));
	streams_add_addr(j, "a", k->kind, &k->a);
	if (flow_has_ports(f))
		json_u64(j, "a_port", k->a_port);
	streams_add_addr(j, "b", k->kind, &k->b);
	if (flow_has_ports(f))
		json_u64(j, "b_port", k->b_port);
	json_u64(j, "packets", sum.packets);
	json_u64(j, "bytes", sum.bytes);
	for (int way = 0; way < 2; way++) {
		json_u64(j, packets[way], f->meter.t[way].packets);
		json_u64(j, bytes[way], f->meter.t[way].bytes);
	}
	json_close(j, '}');
}

/* The flow with most bytes of the source; NULL: none. own: the ledger of this source alone. */
static const struct flow *
streams_find_busiest(const struct server *s, struct ledger *own, uint16_t number)
{
	const struct view *v = view_by_name("flows");
	struct scope scope = reports_scope(s);
	const struct flow *found = NULL;
	uint32_t slots;

	if (own != NULL)
		scope.ledger = own;
	slots = v->slots(scope.ledger);
	for (uint32_t i = 0; i < slots; i++) {
		const struct flow *f = v->row(&scope, i);

		if (f != NULL && (own != NULL || f->source == number) &&
		    (found == NULL || meter_sum(&f->meter).bytes > meter_sum(&found->meter).bytes))
			found = f;
	}
	return found;
}

/* The length of the newest frame; a file may have several interfaces. */
static uint32_t
streams_last_length(const struct ledger *own)
{
	const struct source_stats *newest = &own->source[0];

	for (unsigned i = 1; i < own->n_sources; i++)
		if (own->source[i].totals.last > newest->totals.last)
			newest = &own->source[i];
	return newest->last_len;
}

static void
streams_add_totals(struct json *j, const struct totals *t, uint32_t last)
{
	json_u64(j, "packets", t->all.packets);
	json_u64(j, "bytes", t->all.bytes);
	if (t->all.packets == 0)
		return;
	json_u64(j, "smallest", t->smallest);
	json_u64(j, "largest", t->largest);
	json_u64(j, "last", last);
	json_fixed(j, "average", decimal_average(t->all.bytes, t->all.packets), 2);
}

static void
streams_add_counts(struct json *j, const struct stream *stream, const struct source_stats *now,
    const struct ledger *own)
{
	const struct totals *t = own != NULL ? &own->totals : &now->totals;

	streams_add_totals(j, t, own != NULL ? streams_last_length(own) : now->last_len);
	if (now->drops_known) {
		json_u64(j, "kernel_dropped", now->kernel_dropped - stream->kernel_dropped);
		json_u64(
		    j, "interface_dropped", now->interface_dropped - stream->interface_dropped);
	}
	if (now->coverage.known) {
		json_u64(j, "interface_packets", now->coverage.counted);
		json_u64(j, "missing", now->coverage.missing);
	}
	json_u64(j, "duplicates", t->duplicates);
}

static void
streams_add_identity(struct json *j, const struct stream *stream, const struct feed_source *source)
{
	static const char *const kinds[] = {
		[SOURCE_LIVE] = "interface", [SOURCE_FILE] = "file", [SOURCE_DEMO] = "demo"
	};

	json_str(j, "name", stream->name);
	json_str(j, "kind", kinds[source->config.kind]);
	if (source->config.kind != SOURCE_DEMO)
		json_str(j, kinds[source->config.kind], source->name);
	json_str(j, "filter", feed_source_filter(source));
}

static void
streams_add_since(struct json *j, uint64_t since)
{
	char text[40];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_rfc3339(&b, since, 9);
	json_str(j, "since", b.s);
}

static void
streams_add(struct json *j, struct server *s, const struct stream *stream, bool busiest)
{
	const struct feed_source *source = streams_source(s, stream);
	const struct source_stats *st = streams_stats(s, stream);
	const char *link = linktype_name(st->linktype);
	struct ledger *own = feed_own_counts(source);
	const struct flow *f;

	json_open(j, NULL, '{');
	streams_add_identity(j, stream, source);
	json_str(j, "state", source_state_name(st->state));
	streams_add_since(j, stream->since);
	if (link != NULL)
		json_str(j, "linktype", link);
	streams_add_counts(j, stream, st, own);
	f = busiest ? streams_find_busiest(s, own, source->config.number) : NULL;
	if (f != NULL)
		streams_add_flow(j, f);
	if (*stream->note != '\0')
		json_str(j, "note", stream->note);
	json_close(j, '}');
}

/* ---- Requests ---- */

void
serve_streams(struct exchange *x)
{
	struct server *s = x->server;
	struct json j;

	streams_update(s);
	json_init(&j, &x->a->body);
	json_open(&j, NULL, '{');
	json_open(&j, "streams", '[');
	for (unsigned i = 0; i < s->feed->n; i++)
		if (s->stream[i].listed)
			streams_add(&j, s, &s->stream[i], false);
	json_close(&j, ']');
	json_close(&j, '}');
	exchange_send_json(x, 200);
}

/* The stream that the path names; NULL after the error was answered. */
static struct stream *
streams_of_path(struct exchange *x)
{
	struct stream *stream;

	streams_update(x->server);
	stream = streams_find(x->server, x->name[0]);
	if (stream == NULL)
		exchange_fail(x, 404, "there is no stream \"%s\"", x->name[0]);
	return stream;
}

static bool
streams_write(struct exchange *x, struct buf *out, struct buf *err)
{
	struct json j;

	(void)err;
	const struct stream *stream = streams_find(x->server, x->name[0]);
	struct ledger *own = feed_own_counts(streams_source(x->server, stream));

	if (own != NULL)
		ledger_flush(own);
	json_init(&j, out);
	streams_add(&j, x->server, stream, true);
	buf_addc(out, '\n');
	return true;
}

void
serve_stream(struct exchange *x)
{
	const struct stream *stream = streams_of_path(x);
	const struct ledger *own;
	uint64_t steps = 0;

	if (stream == NULL)
		return;
	own = feed_own_counts(streams_source(x->server, stream));
	if (own != NULL)
		steps = ledger_flush_rows(own);
	else
		own = x->server->feed->ledger;
	job_answer(
	    x, streams_write, "application/json", steps + view_by_name("flows")->slots(own), true);
}

static void
streams_send(struct exchange *x, const struct stream *stream, unsigned status)
{
	struct json j;

	json_init(&j, &x->a->body);
	streams_add(&j, x->server, stream, false);
	exchange_send_json(x, status);
}

static bool
streams_name_is_valid(const char *name)
{
	return *name != '\0' && strlen(name) < STREAM_NAME && text_is_clean(name) &&
	    strpbrk(name, "/?#%") == NULL;
}

/* Packets that another stream captures too are counted once in the totals. */
static void
streams_note_overlap(struct server *s, struct stream *stream)
{
	const struct feed_source *with = feed_first_overlap(streams_source(s, stream));
	struct buf note;

	buf_init(&note, stream->note, sizeof(stream->note));
	if (with != NULL)
		buf_addf(&note, "packets that the stream %s captures too are in the totals once",
		    s->stream[with - s->feed->source].name);
}

/* What a new stream reads. */
struct stream_wish {
	enum source_kind kind;
	const char *from, *name, *filter;
};

static unsigned
streams_open_status(const struct stream_wish *w)
{
	return w->kind == SOURCE_FILE || devices_has(w->from) ? 400 : 404;
}

static void
streams_open(struct exchange *x, const struct stream_wish *w)
{
	struct server *s = x->server;
	char text[512];
	struct buf err;
	struct feed_source *source;
	struct stream *stream;

	buf_init(&err, text, sizeof(text));
	source = feed_add_stream(s->feed, w->kind, w->from, w->filter, &err);
	if (source == NULL) {
		exchange_fail(x, streams_open_status(w), "%s", err.s);
		return;
	}
	stream = &s->stream[source - s->feed->source];
	*stream = (struct stream){ .listed = true };
	strlcpy(stream->name, w->name, sizeof(stream->name));
	streams_begin_counts(s, stream);
	streams_note_overlap(s, stream);
	streams_send(x, stream, 201);
	buf_init(&err, x->a->text, sizeof(x->a->text));
	buf_addf(&err, "/streams/%s", w->name);
	http_answer_add_header(x->a, "Location", err.s);
}

static const char *
streams_text(const struct body *b, const char *name, const char *otherwise)
{
	const char *text = body_text(b, name);

	return text != NULL ? text : otherwise;
}

static bool
streams_file_is_allowed(struct exchange *x, const char *file)
{
	if (x->server->o->file_streams == NULL)
		exchange_fail(x, 403, "no files can be read: pkttop runs without --file-streams");
	else if (*file == '\0' || *file == '.' || strchr(file, '/') != NULL ||
	    strlen(file) >= FILE_NAME_MAX)
		exchange_fail(x, 400,
		    "\"file\": must be the name of a file in the directory of --file-streams");
	else
		return true;
	return false;
}

static bool
streams_check_wish(struct exchange *x, const struct stream_wish *w)
{
	if (!x->server->feed->live || x->server->o->demo)
		exchange_fail(
		    x, 409, "no stream can be added to a file that is read, or to --demo");
	else if (!streams_name_is_valid(w->name))
		exchange_fail(x, 400, "\"name\": up to %d printable characters, without / ? # %%",
		    STREAM_NAME - 1);
	else if (streams_find(x->server, w->name) != NULL)
		exchange_fail(x, 409, "there is a stream \"%s\" already", w->name);
	else
		return w->kind != SOURCE_FILE || streams_file_is_allowed(x, w->from);
	return false;
}

void
stream_create(struct exchange *x)
{
	const char *interface, *file;
	struct stream_wish w;
	struct body b;

	if (!exchange_body(x, &b))
		return;
	streams_update(x->server);
	interface = body_text(&b, "interface");
	file = body_text(&b, "file");
	if ((interface == NULL) == (file == NULL)) {
		exchange_fail(x, 400, "one of \"interface\" and \"file\" must be given: a string");
		return;
	}
	w.kind = file != NULL ? SOURCE_FILE : SOURCE_LIVE;
	w.from = file != NULL ? file : interface;
	w.name = streams_text(&b, "name", w.from);
	w.filter = streams_text(&b, "filter", "");
	if (streams_check_wish(x, &w))
		streams_open(x, &w);
}

/* A file of the command line is read once. */
static bool
streams_may_change(struct exchange *x, const struct stream *stream)
{
	const struct source_config *c = &streams_source(x->server, stream)->config;

	if (c->kind != SOURCE_FILE || c->folder != NULL)
		return true;
	exchange_fail(
	    x, 409, "a file of the command line is read once, from its beginning to its end");
	return false;
}

typedef bool streams_start_fn(struct feed *f, struct feed_source *s, struct buf *err);

static bool
streams_start(struct exchange *x, const struct stream *stream, streams_start_fn *start)
{
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (start(x->server->feed, streams_source(x->server, stream), &err))
		return true;
	exchange_fail(x, 409, "%s", err.s);
	return false;
}

void
stream_start(struct exchange *x)
{
	struct stream *stream = streams_of_path(x);

	if (stream != NULL && streams_may_change(x, stream) &&
	    streams_start(x, stream, feed_start_source))
		streams_send(x, stream, 200);
}

void
stream_stop(struct exchange *x)
{
	struct stream *stream = streams_of_path(x);

	if (stream == NULL || !streams_may_change(x, stream))
		return;
	feed_stop_source(x->server->feed, streams_source(x->server, stream));
	streams_send(x, stream, 200);
}

void
stream_restart(struct exchange *x)
{
	struct stream *stream = streams_of_path(x);

	if (stream == NULL || !streams_may_change(x, stream) ||
	    !streams_start(x, stream, feed_restart_stream))
		return;
	streams_begin_counts(x->server, stream);
	streams_send(x, stream, 200);
}

void
stream_remove(struct exchange *x)
{
	struct stream *stream = streams_of_path(x);

	if (stream == NULL || !streams_may_change(x, stream))
		return;
	feed_forget_stream(x->server->feed, streams_source(x->server, stream));
	feed_remove_interface(x->server->feed, streams_source(x->server, stream));
	*stream = (struct stream){ .deleted = true };
	x->a->status = 204;
}
