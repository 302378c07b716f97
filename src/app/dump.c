/* One screen, printed as text: for tests, documentation and scripts. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "app/actions.h"
#include "app/loop.h"
#include "app/run.h"
#include "ui/term.h"
#include "util/buf.h"
#include "util/die.h"
#include "util/text.h"

#define NS 1e9

/* Reads files to their end; captures live for the requested duration, or for one interval. */
static void
dump_read_packets(const struct options *o, struct feed *f, struct buf *err)
{
	struct loop l;
	uint64_t until;
	bool gone;

	loop_init(&l, f, NULL, NULL, err);
	until = l.monotonic + (uint64_t)((o->duration > 0 ? o->duration : o->delay) * NS);
	while (!l.ended && (feed_is_offline(f) || l.monotonic < until))
		if (loop_turn(&l, until, false, &gone) & GOT_QUIT)
			break;
	feed_settle_owners(f);
	feed_tick(f, l.monotonic);
	ledger_tick(f->ledger, feed_is_offline(f) ? ledger_time(f->ledger) : l.wall);
	ledger_flush(f->ledger);
}

static void
dump_print_canvas(const struct canvas *c, const struct options *o)
{
	struct buf line;

	buf_new(&line);
	for (int y = 0; y < c->rows; y++) {
		buf_clear(&line);
		if (o->color == TERM_COLOR_ALWAYS)
			ansi_row(&line, c, y, o->theme);
		else
			canvas_text(c, y, &line);
		puts(line.s);
	}
	buf_del(&line);
}

int
dump_run(const struct options *o, struct feed *f)
{
	char text[512], names[256];
	struct buf err, source;
	struct canvas canvas;
	struct record_pictures pictures;
	struct state st;
	struct screen_info facts = { 0 };

	buf_init(&err, text, sizeof(text));
	buf_init(&source, names, sizeof(names));
	dump_read_packets(o, f, &err);
	(void)setup_state(&st, o, f); /* the packets are read: requests about them are moot */
	setup_recording(&pictures, &st, o, f);
	st.cols = o->dump_cols;
	st.rows = o->dump_rows;
	setup_type_keys(&st, f, o->keys != NULL ? o->keys : "");
	if (o->recording != NULL)
		text_clean(&source, o->file[0], strlen(o->file[0]));
	feed_names(f, &source);
	facts.now = o->recording != NULL ? f->ledger->now : 0;
	facts.source = names;
	facts.mode = setup_mode_name(o, f);
	facts.elapsed = f->ledger->totals.last - f->ledger->totals.first;
	facts.merged_sizes = f->merged;
	canvas_init(&canvas, st.ascii);
	canvas_resize(&canvas, o->dump_cols, o->dump_rows);
	screen_paint(&canvas, &st, f->ledger, &facts);
	dump_print_canvas(&canvas, o);
	canvas_fini(&canvas);
	state_fini(&st);
	if (o->recording != NULL)
		record_pictures_close(&pictures);
	if (feed_has_failed(f) && err.len > 0)
		warn_line("%s", err.s);
	return feed_has_failed(f) ? EXIT_FAILED : EXIT_DONE;
}
