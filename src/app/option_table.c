#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "capture/source.h"
#include "platform/privilege.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define LOG_WANTED "must be a file, or - for standard output"

static opt_fn option_table_print_help, option_table_print_version;

/* clang-format off */
const struct opt_row opt_rows[] = {
	{ "interface", "NAME", "capture on this interface; repeatable; \"any\": all interfaces", 'i', .fn = option_set_interface },
	{ "read", "FILE", "read a capture file, or all in a directory; \"-\": standard input; repeatable", 'r', .fn = option_set_file },
	{ "demo", NULL, "show synthetic traffic; needs no privileges, no network", 0, FLAG(demo) },
	{ "list-interfaces", NULL, "list the interfaces and exit", 'D', FLAG(list_interfaces) },
	{ "filter", "EXPR", "capture filter, see pcap-filter(7); same as trailing arguments", 'f', .fn = option_add_filter },
	{ "filter-file", "FILE", "read the capture filter from a file", 'F', TEXT(filter_file, "must be a file") },
	{ "no-promiscuous", NULL, "capture only packets that this machine receives anyway", 'p', FLAG(no_promiscuous) },
	{ "snaplen", "BYTES", "capture at most BYTES bytes of each packet (256)", 's', WHOLE(snaplen, 64, 262144) },
	{ "buffer", "MIB", "size of the kernel's buffer for each interface (16)", 'B', WHOLE(buffer_mib, 1, 1024) },
	{ "replay", "[SPEED]", "play files or a recording at their original speed, times SPEED", 0, .fn = option_set_replay },
	{ "delay", "SECONDS", "interval between redraws or reports, 0.1 to 3600 (1)", 'd', REAL(delay, 0.1, 3600) },
	{ "show", "EXPR", "display filter, like the key /", 0, .fn = option_set_show },
	{ "view", "NAME", "start with this view", 'V', .fn = option_set_view },
	{ "table", "NAME", "the same, for reports", 0, .fn = option_set_view },
	{ "sort", "[-]COLUMN", "sort by this column; - reverses the order", 'o', TEXT(sort, "must be a column") },
	{ "numeric", NULL, "show port numbers instead of service names", 'n', FLAG(units.numeric) },
	{ "units", "bits|bytes", "units of rates (bits)", 0, .fn = option_set_units },
	{ "ascii", NULL, "draw with ASCII characters only", 0, FLAG(ascii) },
	{ "color", "auto|always|never", "use colours (auto)", 0, .fn = option_set_color },
	{ "theme", "dark|light|safe|mono", "select the colours (dark)", 0, .fn = option_set_theme },
	{ "local", "NET", "treat these addresses as local, or auto: guess them; repeatable", 0, .fn = option_add_local },
	{ "geoip", "FILE", "read countries and autonomous systems from a MaxMind database; repeatable", 0, .fn = option_add_geoip },
	{ "no-apps", NULL, "do not look for applications and risks with libndpi", 0, FLAG(no_apps) },
	{ "decap", NULL, "use the innermost addresses of tunnels", 0, FLAG(decap) },
	{ "batch", NULL, "print reports: one per delay, or one at the end of a file", 'b', FLAG(batch) },
	{ "format", "text|json|csv", "format of reports (text)", 0, .fn = option_set_format },
	{ "top", "N", "rows of each table, 0 = all (text: 10, else 0)", 0, WHOLE(top, 0, 1000000) },
	{ "from", "TIME", "report a recording from this time on: 03:00, yesterday, -2h, 2026-01-01", 0, TEXT(from, "must be a time") },
	{ "to", "TIME", "and up to this one", 0, TEXT(to, "must be a time") },
	{ "at", "TIME", "show a recording at this time first", 0, TEXT(at, "must be a time") },
	{ "count", "PACKETS", "exit after PACKETS packets", 'c', COUNT(count) },
	{ "duration", "SECONDS", "exit after SECONDS seconds", 0, REAL(duration, 0.001, 1e9) },
	{ "reports", "N", "exit after N reports", 0, COUNT(reports) },
	{ "snapshot-dir", "DIR", "directory for snapshots and for records started by keys", 0, TEXT(snapshot_dir, "must be a directory") },
	{ "packet-log", "FILE", "write a CSV line for each packet; -: standard output", 0, TEXT(packet_log, LOG_WANTED) },
	{ "flow-log", "FILE", "write a line for each finished flow; -: standard output", 0, TEXT(flow_log, LOG_WANTED) },
	{ "flow-log-format", "csv|json", "format of the flow log (csv; json if FILE ends in .json)", 0, .fn = option_set_flow_format },
	{ "ipfix", "[tcp:]HOST:PORT", "send flow records to this IPFIX collector; repeatable", 0, .fn = option_add_ipfix },
	{ "netflow9", "HOST:PORT", "send flow records to this NetFlow 9 collector; repeatable", 0, .fn = option_add_netflow9 },
	{ "active-timeout", "SECONDS", "send long flows in portions of this time (60)", 0, WHOLE(active_timeout, 1, 86400) },
	{ "inactive-timeout", "SECONDS", "send a flow that pauses for this time (15)", 0, WHOLE(inactive_timeout, 1, 86400) },
	{ "biflow", NULL, "send both directions of a flow in one IPFIX record", 0, FLAG(biflow) },
	{ "ip-bytes", NULL, "send the bytes of IP packets instead of those of frames", 0, FLAG(ip_bytes) },
	{ "export-domain", "N", "observation domain in what is sent to collectors (1)", 0, WHOLE(export_domain, 1, INT_MAX) },
	{ "influx", "URL", "write the counters to InfluxDB: http://HOST:PORT/?db=NAME", 0, TEXT(influx, "must be a URL") },
	{ "influx-token-file", "FILE", "read the token of InfluxDB, or user:password, from a file", 0, TEXT(influx_token_file, "must be a file") },
	{ "influx-ca", "FILE", "trust these certificates of InfluxDB, PEM, instead of the system's", 0, TEXT(influx_ca, "must be a file") },
	{ "influx-top", "N", "write the N hosts with most traffic of each interval (10)", 0, WHOLE(influx_top, 0, 1000) },
	{ "influx-create", NULL, "create the database of InfluxDB 1", 0, FLAG(influx_create) },
	{ "spool", "DIR", "keep what InfluxDB does not take in this directory", 0, TEXT(spool, "must be a directory") },
	{ "event-log", "FILE", "write a line for each event; JSON if FILE ends in .json; -: standard output", 0, TEXT(event_log, LOG_WANTED) },
	{ "event-syslog", NULL, "send events to the system log", 0, FLAG(event_syslog) },
	{ "on-event", "COMMAND", "run this program for each event, without a shell", 0, TEXT(on_event, "must be a program") },
	{ "event", "RULE=N", "threshold of a rule of events; 0: off; repeatable", 0, .fn = option_set_event },
	{ "record", "FILE", "record traffic by time in an SQLite database", 0, TEXT(record, "must be a file") },
	{ "record-size", "1G", "largest size of a recording (1G)", 0, .fn = option_set_record_size },
	{ "record-age", "365d", "how long a recording keeps what it has (365d)", 0, .fn = option_set_record_age },
	{ "write", "FILE", "write packets as pcap, or pcapng if FILE ends in .pcapng", 'w', TEXT(write, LOG_WANTED) },
	{ "write-shown", NULL, "write only packets that match the display filter", 0, FLAG(write_shown) },
	{ "comment", "TEXT", "comment stored in pcapng files", 0, .fn = option_set_comment },
	{ "rotate", "100M|1h", "start a new file after this size or time", 0, .fn = option_add_rotation },
	{ "keep", "N", "keep only the N most recent rotated files", 0, .fn = option_set_keep },
	{ "listen", "ADDRESS:PORT|unix:PATH", "answer HTTP requests there; repeatable", 0, .fn = option_add_listener },
	{ "file-streams", "DIR", "let HTTP clients read the capture files in this directory", 0, TEXT(file_streams, "must be a directory") },
	{ "headless", NULL, "run without screen and reports, with or without a source", 0, FLAG(headless) },
	{ "auth-file", "FILE", "HTTP: names and hashes of passwords, as htpasswd -B makes", 0, TEXT(auth_file, "must be a file") },
	{ "token-file", "FILE", "HTTP: bearer tokens, one a line; mode 0600", 0, TEXT(token_file, "must be a file") },
	{ "hash-password", "NAME", "print a line for --auth-file; the password is read from standard input", 0, .fn = option_hash_password },
	{ "tls-cert", "FILE", "HTTP: certificate for TLS, PEM", 0, TEXT(tls_cert, "must be a file") },
	{ "tls-key", "FILE", "HTTP: its key, PEM; mode 0600", 0, TEXT(tls_key, "must be a file") },
	{ "no-tls", NULL, "HTTP: serve other machines without TLS", 0, FLAG(no_tls) },
	{ "allow-host", "NAME", "HTTP: a further name of this machine in URLs; repeatable", 0, .fn = option_add_host },
	{ "pidfile", "FILE", "write the process ID into a file", 0, TEXT(pidfile, "must be a file") },
	{ "memory", "MIB", "memory for all tables together (64), or auto", 0, .fn = option_set_memory },
	{ "keys", "STRING", "type these keys first, such as \"2/dns<Enter>\"", 0, .fn = option_set_keys },
	{ "dump", "COLSxROWS", "print the screen as text and exit", 0, .fn = option_set_dump },
	{ "user", "NAME", "become this user after opening the sources", 'Z', TEXT(user, "must be a user") },
	{ "processes", NULL, "show which process owns each flow; in containers too", 0, FLAG(processes) },
	{ "sandbox-strict", NULL, "do not run without the sandbox", 0, FLAG(sandbox_strict) },
	{ "no-sandbox", NULL, "run without the sandbox, for debugging", 0, FLAG(no_sandbox) },
	{ "no-mouse", NULL, "leave the mouse to the terminal", 0, FLAG(no_mouse) },
	{ "no-config", NULL, "do not read the configuration file", 0, FLAG(no_config) },
	{ "help", NULL, "print this help and exit", 'h', .fn = option_table_print_help },
	{ "version", NULL, "print version and build options, and exit", 0, .fn = option_table_print_version },
};
/* clang-format on */
_Static_assert(sizeof(opt_rows) / sizeof(opt_rows[0]) <= OPTIONS_ROWS, "more rows than OPTS_ROWS");
const unsigned n_opt_rows = sizeof(opt_rows) / sizeof(opt_rows[0]);

static bool
option_table_print_help(struct options *o, const char *arg, struct buf *err)
{
	(void)o;
	(void)arg;
	(void)err;
	puts("usage: pkttop [options] [capture filter expression]\n"
	     "Who is talking to whom on this network, over what, and how much.\n");
	for (unsigned i = 0; i < n_opt_rows; i++) {
		const struct opt_row *r = &opt_rows[i];
		char left[64];
		struct buf b;

		buf_init(&b, left, sizeof(left));
		buf_addf(&b, r->letter != 0 ? "-%c, " : "    ", r->letter);
		buf_addf(&b, "--%s", r->name);
		if (r->arg != NULL && strncmp(r->arg, "[S", 2) == 0)
			buf_addf(&b, "[=%s", r->arg + 1);
		else if (r->arg != NULL)
			buf_addf(&b, "=%s", r->arg);
		printf("  %-32s %s\n", left, r->help);
	}
	puts("\nIn the screen, ? lists the keys.  The manual: man pkttop");
	exit(close_stdout(EXIT_DONE));
}

static bool
option_table_print_version(struct options *o, const char *arg, struct buf *err)
{
	(void)o;
	(void)arg;
	(void)err;
	printf("pkttop %s\n%s\nprivileges: %s\n%s", PACKAGE_VERSION, capture_version(),
	    privilege_means(), CONFIGURE_SUMMARY);
	exit(close_stdout(EXIT_DONE));
}

bool
options_given(const struct options *o, const char *name)
{
	for (unsigned i = 0; i < n_opt_rows; i++)
		if (strcmp(opt_rows[i].name, name) == 0)
			return o->given[i];
	return false;
}
