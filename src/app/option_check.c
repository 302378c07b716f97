#include "config.h"

#include "app/options.h"

#include <string.h>

#include "export/writer.h"
#include "ext/crypto.h"
#include "util/attr.h"
#include "view/view.h"

static bool
opt_rule_is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

static bool
opt_rule_is_file(const char *path)
{
	return path != NULL && strcmp(path, "-") != 0;
}

static bool
opt_rule_dumps(const struct options *o)
{
	return o->dump_cols > 0;
}

static bool
opt_rule_has_batch(const struct options *o)
{
	return o->batch;
}

static bool
opt_rule_has_no_batch(const struct options *o)
{
	return !o->batch;
}

static bool
opt_rule_has_no_file(const struct options *o)
{
	return o->n_files == 0;
}

/* True if nothing is captured. */
static bool
opt_rule_is_offline(const struct options *o)
{
	return !options_are_live(o);
}

static bool
opt_rule_has_other_source(const struct options *o)
{
	return o->n_interfaces > 0 || o->n_files > 0;
}

static bool
opt_rule_dumps_files(const struct options *o)
{
	return opt_rule_dumps(o) && opt_rule_is_offline(o);
}

static bool
opt_rule_wants_color_in_batch(const struct options *o)
{
	return o->batch && o->color == TERM_COLOR_ALWAYS;
}

/* Rates of CSV and JSON are always in bits. */
static bool
opt_rule_wants_bytes(const struct options *o)
{
	return o->batch && o->format != REPORT_TEXT && o->units.bytes_per_second;
}

/* On a screen a record can be started later by a key. */
static bool
opt_rule_has_no_log_file(const struct options *o)
{
	return o->batch && !opt_rule_is_file(o->packet_log) && !opt_rule_is_file(o->flow_log) &&
	    !opt_rule_is_file(o->write) && !opt_rule_is_file(o->event_log);
}

static bool
opt_rule_has_no_rotation(const struct options *o)
{
	return o->rotation.bytes == 0 && o->rotation.ns == 0;
}

static bool
opt_rule_has_no_flow_log(const struct options *o)
{
	return o->batch && o->flow_log == NULL;
}

static bool
opt_rule_has_no_capture_file(const struct options *o)
{
	return o->batch && o->write == NULL;
}

static bool
opt_rule_writes_pcap(const struct options *o)
{
	return o->write != NULL && !pcap_writer_is_ng(o->write);
}

static bool
opt_rule_has_no_write(const struct options *o)
{
	return o->write == NULL;
}

static bool
opt_rule_has_no_export(const struct options *o)
{
	return o->n_exports == 0;
}

static bool
opt_rule_has_no_ipfix(const struct options *o)
{
	for (unsigned i = 0; i < o->n_exports; i++)
		if (!o->export_to[i].netflow9)
			return false;
	return true;
}

static bool
opt_rule_has_no_influx(const struct options *o)
{
	return o->influx == NULL;
}

static bool
opt_rule_has_no_show(const struct options *o)
{
	return o->show == NULL;
}

/* --local=auto reads the files twice. */
static bool
opt_rule_guesses_without_files(const struct options *o)
{
	bool again = o->n_files > 0;

	for (unsigned i = 0; i < o->n_files; i++)
		again &= opt_rule_is_file(o->file[i]);
	return o->local_auto && !again;
}

static bool
opt_rule_guesses_and_knows(const struct options *o)
{
	return o->local_auto && o->n_local > 0;
}

static bool
opt_rule_has_no_listen(const struct options *o)
{
	return o->n_listen == 0;
}

static bool
opt_rule_has_no_passwords(const struct options *o ATTR_UNUSED)
{
	return !password_is_available();
}

static bool
opt_rule_has_no_sqlite(const struct options *o ATTR_UNUSED)
{
	return !record_db_is_available();
}

static bool
opt_rule_has_no_record(const struct options *o)
{
	return o->record == NULL;
}

static bool
opt_rule_has_half_tls(const struct options *o)
{
	return (o->tls_cert == NULL) != (o->tls_key == NULL);
}

static bool
opt_rule_has_reports(const struct options *o)
{
	return options_given(o, "format") || o->reports > 0 || o->top >= 0;
}

/* The option is refused if the test is true, because it has no effect or no meaning. */
static const struct rule {
	const char *name;
	bool (*is_void)(const struct options *o);
	const char *why;
} rules[] = {
	{ "demo", opt_rule_has_other_source, "cannot be combined with --interface and --read" },
	{ "replay", opt_rule_has_no_file, "requires --read: it plays files" },
	{ "local", opt_rule_guesses_without_files,
	    "auto requires --read: the files are read twice" },
	{ "local", opt_rule_guesses_and_knows, "auto cannot be combined with a network" },
	{ "no-promiscuous", opt_rule_is_offline, "has no effect: nothing is captured live" },
	{ "snaplen", opt_rule_is_offline, "has no effect: nothing is captured live" },
	{ "buffer", opt_rule_is_offline, "has no effect: nothing is captured live" },
	{ "processes", opt_rule_is_offline,
	    "has no effect: processes are known for live traffic only" },
	{ "dump", opt_rule_has_batch, "cannot be combined with --batch and --format" },
	{ "top", opt_rule_has_no_batch, "requires --batch: it applies to reports" },
	{ "reports", opt_rule_has_no_batch, "requires --batch: a screen has no reports" },
	{ "duration", opt_rule_dumps_files, "has no effect: --dump reads files to their end" },
	{ "snapshot-dir", opt_rule_dumps, "cannot be combined with --dump" },
	{ "packet-log", opt_rule_dumps, "cannot be combined with --dump" },
	{ "flow-log", opt_rule_dumps, "cannot be combined with --dump" },
	{ "ipfix", opt_rule_dumps, "cannot be combined with --dump" },
	{ "netflow9", opt_rule_dumps, "cannot be combined with --dump" },
	{ "active-timeout", opt_rule_has_no_export, "requires --ipfix or --netflow9" },
	{ "inactive-timeout", opt_rule_has_no_export, "requires --ipfix or --netflow9" },
	{ "ip-bytes", opt_rule_has_no_export, "requires --ipfix or --netflow9" },
	{ "export-domain", opt_rule_has_no_export, "requires --ipfix or --netflow9" },
	{ "biflow", opt_rule_has_no_ipfix, "requires --ipfix" },
	{ "influx", opt_rule_dumps, "cannot be combined with --dump" },
	{ "influx-token-file", opt_rule_has_no_influx, "requires --influx" },
	{ "influx-ca", opt_rule_has_no_influx, "requires --influx" },
	{ "influx-top", opt_rule_has_no_influx, "requires --influx" },
	{ "influx-create", opt_rule_has_no_influx, "requires --influx" },
	{ "spool", opt_rule_has_no_influx, "requires --influx" },
	{ "at", opt_rule_has_batch, "cannot be combined with --batch; see --from" },
	{ "at", opt_rule_has_no_file, "requires --read: a recording" },
	{ "from", opt_rule_has_no_batch, "requires --batch: it applies to reports" },
	{ "to", opt_rule_has_no_batch, "requires --batch: it applies to reports" },
	{ "from", opt_rule_has_no_file, "requires --read: a recording" },
	{ "to", opt_rule_has_no_file, "requires --read: a recording" },
	{ "record", opt_rule_dumps, "cannot be combined with --dump" },
	{ "record", opt_rule_has_no_sqlite,
	    "is not possible: this pkttop was built without libsqlite3" },
	{ "record-size", opt_rule_has_no_record, "requires --record" },
	{ "record-age", opt_rule_has_no_record, "requires --record" },
	{ "event-log", opt_rule_dumps, "cannot be combined with --dump" },
	{ "write", opt_rule_dumps, "cannot be combined with --dump" },
	{ "flow-log-format", opt_rule_dumps, "cannot be combined with --dump" },
	{ "rotate", opt_rule_dumps, "cannot be combined with --dump" },
	{ "comment", opt_rule_dumps, "cannot be combined with --dump" },
	{ "keys", opt_rule_has_batch, "cannot be combined with --batch: there is no screen" },
	{ "theme", opt_rule_has_batch, "cannot be combined with --batch: reports have no colours" },
	{ "color", opt_rule_wants_color_in_batch,
	    "cannot be combined with --batch: reports have no colours" },
	{ "units", opt_rule_wants_bytes, "has no effect on CSV and JSON: their rates are in bits" },
	{ "keep", opt_rule_has_no_rotation, "requires --rotate" },
	{ "listen", opt_rule_dumps, "cannot be combined with --dump" },
	{ "headless", opt_rule_dumps, "cannot be combined with --dump" },
	{ "headless", opt_rule_has_reports,
	    "cannot be combined with --format, --reports and --top: it prints no reports" },
	{ "auth-file", opt_rule_has_no_listen, "requires --listen" },
	{ "auth-file", opt_rule_has_no_passwords,
	    "is not possible: this pkttop was built without crypt(3)" },
	{ "token-file", opt_rule_has_no_listen, "requires --listen" },
	{ "allow-host", opt_rule_has_no_listen, "requires --listen" },
	{ "no-tls", opt_rule_has_no_listen, "requires --listen" },
	{ "file-streams", opt_rule_has_no_listen, "requires --listen" },
	{ "tls-cert", opt_rule_has_no_listen, "requires --listen" },
	{ "tls-cert", opt_rule_has_half_tls, "requires --tls-key" },
	{ "tls-key", opt_rule_has_half_tls, "requires --tls-cert" },
	{ "rotate", opt_rule_has_no_log_file,
	    "requires a file written by --packet-log, --flow-log or --write" },
	{ "flow-log-format", opt_rule_has_no_flow_log, "requires --flow-log" },
	{ "comment", opt_rule_has_no_capture_file, "requires --write" },
	{ "comment", opt_rule_writes_pcap,
	    "requires pcapng: give --write a name that ends in .pcapng" },
	{ "write-shown", opt_rule_has_no_write, "requires --write" },
	{ "write-shown", opt_rule_has_no_show, "requires a display filter: --show" },
};

static bool
option_check_rules(const struct options *o, struct buf *err)
{
	for (unsigned i = 0; i < NITEMS(rules); i++) {
		const struct rule *r = &rules[i];

		if (options_given(o, r->name) && r->is_void(o)) {
			buf_setf(err, "--%s %s", r->name, r->why);
			return false;
		}
	}
	return true;
}

static bool
option_check_list(const struct options *o, struct buf *err)
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
option_check_stdout(const struct options *o, struct buf *err)
{
	int n = opt_rule_is_stdout(o->packet_log) + opt_rule_is_stdout(o->flow_log) +
	    opt_rule_is_stdout(o->write) + opt_rule_is_stdout(o->event_log);

	if (n > 0 && !o->batch)
		buf_setf(err, "a log on standard output requires --batch");
	else if (n > 1)
		buf_setf(err,
		    "only one of --packet-log, --flow-log, --event-log and --write can use "
		    "standard output");
	return n == 0 || (n == 1 && o->batch);
}

/* CSV has one view, even if none is named; elsewhere any view may have the column. */
static const char *
option_check_sort_view(const struct options *o)
{
	return o->view == NULL && o->format == REPORT_CSV ? REPORT_VIEW : o->view;
}

static bool
option_check_sort(const struct options *o, struct buf *err)
{
	const char *view = option_check_sort_view(o), *name = o->sort;

	if (name == NULL)
		return true;
	name += *name == '-';
	for (unsigned i = 0; i < n_views; i++)
		if ((view == NULL || views[i] == view_by_name(view)) &&
		    view_match_column(views[i], name) != NULL)
			return true;
	buf_setf(err, "--sort: \"%s\": no such column in %s; the manual lists them", name,
	    view != NULL ? view : "any view");
	return false;
}

bool
option_check(const struct options *o, struct buf *err)
{
	return option_check_list(o, err) && option_check_stdout(o, err) &&
	    option_check_rules(o, err) && option_check_sort(o, err);
}
