#include "config.h"

#include "app/actions.h"

#include "app/loop.h"
#include "export/file.h"
#include "feed/recording.h"
#include "platform/clock.h"
#include "ui/term.h"
#include "view/row_filter.h"

static const struct table_row *
row_action_current_row(struct state *st)
{
	const struct table_row *row = drilldown_row(st);

	if (row == NULL)
		status_message(st, false, "no row here");
	return row;
}

/* The input file if it was read whole. With several files, the one with the row's packets is
 * unknown. */
static const char *
row_action_single_file(const struct feed *f)
{
	return f->n_files == 1 ? f->path[0] : NULL;
}

void
row_action_copy_command(struct state *st, const struct feed *f, struct term *t)
{
	const struct table_row *row = row_action_current_row(st);
	char text[CLIPBOARD_MAX], why_text[128];
	struct buf line, why;

	buf_init(&line, text, sizeof(text));
	buf_init(&why, why_text, sizeof(why_text));
	if (row == NULL)
		return;
	if (st->inner)
		status_message(st, true, "a capture filter cannot match the inner ends of tunnels");
	else if (!tcpdump_command(
		     &line, f->ledger, views[st->view], row, row_action_single_file(f), &why))
		status_message(st, true, "%s", why_text);
	else if (line.truncated)
		status_message(st, true, "the command is too long to copy");
	else if (term_copy(t, text))
		status_message(st, false, "copied: %s", text);
	else
		status_message(st, false, "the terminal has no clipboard: %s", text);
}

void
row_action_record(struct state *st, const struct options *o, struct feed *f)
{
	char show[FILTER_MAX + 1], text[ROTATING_FILE_PATH + 256];
	const struct table_row *row = row_action_current_row(st);
	struct buf filter, said;
	bool on = recording_is_on(f->recorder, RECORD_CAPTURE);

	buf_init(&filter, show, sizeof(show));
	buf_init(&said, text, sizeof(text));
	if (row == NULL && !on)
		return;
	if (!on && !row_filter_flows(&filter, views[st->view], row)) {
		status_message(st, true, "this row has no flows whose packets could be written");
		return;
	}
	if (!recording_toggle(
		f->recorder, RECORD_CAPTURE, o->snapshot_dir, show, clock_wall(), &said))
		status_message(st, true, "%s", text);
	else if (on)
		status_message(st, false, "%s", text);
	else {
		record_action_note_truncation(o, f, &said);
		status_message(st, false, "%s, only %s", text, show);
	}
}
