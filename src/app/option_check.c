#include "config.h"

#include "app/option_check.h"

#include <string.h>

#include "app/options.h"
#include "export/pcap_writer.h"
#include "util/attr.h"
#include "view/view.h"

static bool
is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static bool
is_file(const char *path)
{
	return path != NULL && strcmp(path, "-") != 0;
}

static bool
dumps(const struct opts *o)
{
	return o->dump_cols > 0;
}

static bool
has_batch(const struct opts *o)
{
	return o->batch;
}

static bool
has_no_batch(const struct opts *o)
{
	return !o->batch;
}

static bool
has_no_file(const struct opts *o)
{
	return o->n_files == 0;
}

/* Nothing is captured. */
static bool
is_offline(const struct opts *o)
{
	return o->n_interfaces == 0 && (o->n_files > 0 || o->demo);
}

static bool
has_other_source(const struct opts *o)
{
	return o->n_interfaces > 0 || o->n_files > 0;
}

static bool
dumps_files(const struct opts *o)
{
	return dumps(o) && is_offline(o);
}

static bool
wants_color_in_batch(const struct opts *o)
{
	return o->batch && o->color == TERM_COLOR_ALWAYS;
}

/* Rates of CSV and JSON are always in bits. */
static bool
wants_bytes_for_programs(const struct opts *o)
{
	return o->batch && o->format != REPORT_TEXT && o->units.bytes_per_second;
}

/* On a screen a key may begin one later. */
static bool
has_no_log_file(const struct opts *o)
{
	return o->batch && !is_file(o->packet_log) && !is_file(o->flow_log) && !is_file(o->write);
}

static bool
has_no_rotation(const struct opts *o)
{
	return o->rotation.bytes == 0 && o->rotation.ns == 0;
}

static bool
has_no_flow_log(const struct opts *o)
{
	return o->batch && o->flow_log == NULL;
}

static bool
has_no_capture_file(const struct opts *o)
{
	return o->batch && o->write == NULL;
}

static bool
writes_pcap(const struct opts *o)
{
	return o->write != NULL && !pcap_writer_is_ng(o->write);
}

static bool
has_no_write(const struct opts *o)
{
	return o->write == NULL;
}

static bool
has_no_show(const struct opts *o)
{
	return o->show == NULL;
}

/* A guess reads the files once before they are read. */
static bool
guesses_without_files(const struct opts *o)
{
	bool again = o->n_files > 0;

	for (unsigned i = 0; i < o->n_files; i++)
		again &= is_file(o->file[i]);
	return o->local_auto && !again;
}

static bool
guesses_and_knows(const struct opts *o)
{
	return o->local_auto && o->n_local > 0;
}

/* An option that has no effect, or none that could be meant, if the test is true. */
static const struct rule {
	const char *name;
	bool (*is_void)(const struct opts *o);
	const char *why;
} rules[] = {
	{ "demo", has_other_source, "cannot be combined with --interface and --read" },
	{ "replay", has_no_file, "requires --read: it plays files" },
	{ "local", guesses_without_files, "auto requires --read of files: they are read twice" },
	{ "local", guesses_and_knows, "auto cannot be combined with a network" },
	{ "no-promiscuous", is_offline, "has no effect: nothing is captured live" },
	{ "snaplen", is_offline, "has no effect: nothing is captured live" },
	{ "buffer", is_offline, "has no effect: nothing is captured live" },
	{ "processes", is_offline, "has no effect: processes are known of live traffic only" },
	{ "processes", has_batch,
	    "cannot be combined with --batch: reports do not show processes" },
	{ "dump", has_batch, "cannot be combined with --batch and --format" },
	{ "top", has_no_batch, "requires --batch: it is about reports" },
	{ "reports", has_no_batch, "requires --batch: a screen has no reports" },
	{ "duration", dumps_files, "has no effect: --dump reads files to their end" },
	{ "snapshot-dir", dumps, "cannot be combined with --dump" },
	{ "packet-log", dumps, "cannot be combined with --dump" },
	{ "flow-log", dumps, "cannot be combined with --dump" },
	{ "write", dumps, "cannot be combined with --dump" },
	{ "flow-log-format", dumps, "cannot be combined with --dump" },
	{ "rotate", dumps, "cannot be combined with --dump" },
	{ "comment", dumps, "cannot be combined with --dump" },
	{ "keys", has_batch, "cannot be combined with --batch: there is no screen" },
	{ "theme", has_batch, "cannot be combined with --batch: reports have no colours" },
	{ "color", wants_color_in_batch,
	    "cannot be combined with --batch: reports have no colours" },
	{ "units", wants_bytes_for_programs,
	    "has no effect on CSV and JSON: their rates are in bits" },
	{ "keep", has_no_rotation, "requires --rotate" },
	{ "rotate", has_no_log_file, "requires a file of --packet-log, --flow-log or --write" },
	{ "flow-log-format", has_no_flow_log, "requires --flow-log" },
	{ "comment", has_no_capture_file, "requires --write" },
	{ "comment", writes_pcap, "requires pcapng: --write a name that ends in .pcapng" },
	{ "write-shown", has_no_write, "requires --write" },
	{ "write-shown", has_no_show, "requires a display filter: --show" },
};

static bool
check_rules(const struct opts *o, struct buf *err)
{
	for (unsigned i = 0; i < NITEMS(rules); i++) {
		const struct rule *r = &rules[i];

		if (opts_given(o, r->name) && r->is_void(o)) {
			buf_setf(err, "--%s %s", r->name, r->why);
			return false;
		}
	}
	return true;
}

static bool
check_list(const struct opts *o, struct buf *err)
{
	for (unsigned i = 0; o->list_interfaces && i < n_opt_rows; i++)
		if (o->given[i] && strcmp(opt_rows[i].name, "list-interfaces") != 0) {
			buf_setf(err, "--%s has no effect: --list-interfaces only lists",
			    opt_rows[i].name);
			return false;
		}
	return true;
}

static bool
check_stdout(const struct opts *o, struct buf *err)
{
	int n = is_stdout(o->packet_log) + is_stdout(o->flow_log) + is_stdout(o->write);

	if (n > 0 && !o->batch)
		buf_setf(err, "a log on standard output requires --batch");
	else if (n > 1)
		buf_setf(err,
		    "only one of --packet-log, --flow-log and --write can have standard output");
	return n == 0 || (n == 1 && o->batch);
}

/* CSV has one view, also if none is named; elsewhere any view may have the column. */
static const char *
view_of_sort(const struct opts *o)
{
	return o->view == NULL && o->format == REPORT_CSV ? REPORT_VIEW : o->view;
}

static bool
check_sort(const struct opts *o, struct buf *err)
{
	const char *view = view_of_sort(o), *name = o->sort;

	if (name == NULL)
		return true;
	name += *name == '-';
	for (unsigned i = 0; i < n_views; i++)
		if ((view == NULL || views[i] == view_by_name(view)) &&
		    view_find_column(views[i], name) != NULL)
			return true;
	buf_setf(err, "--sort: \"%s\": no such column in %s; the manual lists them", name,
	    view != NULL ? view : "any view");
	return false;
}

bool
opts_check(const struct opts *o, struct buf *err)
{
	return check_list(o, err) && check_stdout(o, err) && check_rules(o, err) &&
	    check_sort(o, err);
}
