#include "config.h"

#include "app/actions.h"

#include <string.h>

#include "app/loop.h"
#include "capture/source.h"
#include "platform/clock.h"
#include "util/text.h"

/* A command with arguments never stops a running record. */
static bool
record_action_start_named(
    struct recorder *r, enum record_kind kind, const char *path, const char *show, struct buf *said)
{
	if (recording_is_on(r, kind)) {
		buf_setf(said, "already writing %s; stop it first",
		    async_writer_path(r->kind[kind].writer));
		return false;
	}
	if (strcmp(path, "-") == 0) {
		buf_setf(said, "standard output is used by the screen; name a file");
		return false;
	}
	return recording_start(r, kind, path, show, said);
}

void
record_action_note_truncation(const struct options *o, const struct feed *f, struct buf *said)
{
	if (f->live && o->snaplen == 0)
		buf_addf(said, ", %d bytes of each packet; start with -s for more", SOURCE_SNAPLEN);
}

void
record_action_toggle(
    struct state *st, const struct options *o, struct feed *f, enum record_kind kind)
{
	const char *show = kind != RECORD_CAPTURE || o->write_shown ? st->filter_text : "";
	const char *path = st->record.path;
	char text[ROTATING_FILE_PATH + 256];
	struct buf said;
	bool ok;

	buf_init(&said, text, sizeof(text));
	if (*path != '\0')
		ok = record_action_start_named(f->recorder, kind, path, show, &said);
	else
		ok =
		    recording_toggle(f->recorder, kind, o->snapshot_dir, show, clock_wall(), &said);
	if (ok && kind == RECORD_CAPTURE && recording_is_on(f->recorder, kind))
		record_action_note_truncation(o, f, &said);
	status_message(st, !ok, "%s", text);
}

void
record_action_pause(struct state *st, struct feed *f, struct buf *err)
{
	if (st->record.stopped == f->stopped)
		return;
	feed_stop(f, st->record.stopped, err);
	status_message(
	    st, false, f->stopped ? "capturing stopped; press H to resume" : "capturing resumed");
}

/* An event without a host. */
void
record_action_mark(const struct state *st, struct feed *f)
{
	const struct history_mark *m = &st->past.mark[st->past.n_marks - 1];
	struct event e = { .rule = RULE_MARK, .start = m->at, .end = m->at };
	struct event_end none = { .kind = ADDR_NONE };

	e.a = e.b = none;
	/* Different marks are different events. */
	e.n = ++f->recorder->marks;
	strlcpy(e.detail, m->note[0] != '\0' ? m->note : "without a note", sizeof(e.detail));
	(void)events_raise(detect_events(f->ledger->detect), &e);
	strlcpy(f->recorder->note, e.detail, sizeof(f->recorder->note));
}

void
record_action_text(struct buf *b, const struct recorder *r)
{
	static const char *const names[RECORD_KINDS] = {
		[RECORD_MOMENTS] = "db",
		[RECORD_PACKETS] = "log",
		[RECORD_FLOWS] = "flow-log",
		[RECORD_CAPTURE] = "pcap",
	};

	for (int k = 0; k < RECORD_KINDS; k++) {
		uint32_t left = k == RECORD_FLOWS ? recording_flows_left(r) : 0;

		if (!recording_is_on(r, (enum record_kind)k) && left == 0)
			continue;
		buf_addf(b, "%s%s", b->len > 0 ? " " : "", names[k]);
		if (left == 0)
			continue;
		buf_addc(b, ' ');
		fmt_scaled(b, left, FMT_SI);
		buf_adds(b, " left");
	}
	flow_export_text(b, &r->exports->flows);
	influx_text(b, &r->exports->influx);
}
