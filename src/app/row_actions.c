#include "config.h"

#include "app/row_actions.h"

#include "app/loop.h"
#include "export/rotating_file.h"
#include "feed/recording.h"
#include "ui/clipboard.h"
#include "view/bpf.h"
#include "view/row_filter.h"

static const struct list_row *
row_of(struct state *st)
{
	const struct list_row *row = detail_row(st);

	if (row == NULL)
		state_say(st, false, "there is no row here");
	return row;
}

/* A file that was read whole; of several, nobody knows in which the row's packets are. */
static const char *
file_of(const struct feed *f)
{
	return f->n_files == 1 ? f->path[0] : NULL;
}

void
row_copy(struct state *st, const struct feed *f, struct term *t)
{
	const struct list_row *row = row_of(st);
	char text[CLIPBOARD_MAX], why_text[128];
	struct buf line, why;

	buf_init(&line, text, sizeof(text));
	buf_init(&why, why_text, sizeof(why_text));
	if (row == NULL)
		return;
	if (st->inner)
		state_say(st, true, "a capture filter does not look for the inner ends of tunnels");
	else if (!bpf_command(&line, f->ledger, views[st->view], row, file_of(f), &why))
		state_say(st, true, "%s", why_text);
	else if (line.truncated)
		state_say(st, true, "the line would be too long to copy");
	else if (term_copy(t, text))
		state_say(st, false, "copied: %s", text);
	else
		state_say(st, false, "no clipboard in this terminal: %s", text);
}

void
row_record(struct state *st, const struct opts *o, struct feed *f)
{
	char show[FILTER_MAX + 1], text[OUTFILE_PATH + 256];
	const struct list_row *row = row_of(st);
	struct buf filter, said;
	bool on = records_on(f->records, RECORD_CAPTURE);

	buf_init(&filter, show, sizeof(show));
	buf_init(&said, text, sizeof(text));
	if (row == NULL && !on)
		return;
	if (!on && !rowterm_flows(&filter, views[st->view], row)) {
		state_say(
		    st, true, "this row has no flows of its own whose packets could be written");
		return;
	}
	if (!records_toggle(f->records, RECORD_CAPTURE, o->snapshot_dir, show, clock_wall(), &said))
		state_say(st, true, "%s", text);
	else if (on)
		state_say(st, false, "%s", text);
	else
		state_say(st, false, "%s, only %s", text, show);
}
