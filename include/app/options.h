/*
 * The command line and the configuration file.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "dissect/addr.h"
#include "export/file.h"
#include "export/report.h"
#include "ext/geoip.h"
#include "ext/sqlite.h"
#include "ui/term.h"
#include "util/buf.h"
#include "view/value.h"

/*
 * The configuration file: pkttop/pkttoprc in $XDG_CONFIG_HOME, or in ~/.config if that is unset.
 *
 * All functions run as the user that pkttop has become (see platform/privilege.h), so that they can
 * access only what that user can. The file is read only if no other user can have written to it.
 */

#define CONFIG_FILE_PATH 1024
#define CONFIG_FILE_MAX  65536 /* bytes */

#define CONFIG_SETTINGS "pkttoprc"
#define CONFIG_HOSTS    "hosts"

/* The path of the current user's file of that name. False if there is no home directory. */
bool config_file_path(struct buf *path, const char *name);

/*
 * Reads the file into text, which stays empty if there is none. False with one sentence in err if
 * the file belongs to another user, is writable for others, is not a regular file or cannot be
 * read.
 */
bool config_file_read(const char *path, struct buf *text, struct buf *err);

/*
 * Replaces the file atomically: writes a new file with mode 0600 in the same directory, syncs it
 * and renames it. Creates missing directories with mode 0700. If the file is a symbolic link, its
 * target is replaced. False with one sentence in err; then nothing has changed.
 */
bool config_file_write(const char *path, const char *text, struct buf *err);

/*
 * True on the first call for this user; that call creates the file's directory. False if the
 * directory cannot be created, because every run would then be a first one.
 */
bool config_file_is_first_run(const char *path);

/*
 * The command line: one row per option in options.c. The rows feed getopt_long(3), --help and the
 * check of the man page.
 */

#define OPTIONS_SOURCES 16
#define OPTIONS_EXPORTS 4
#define OPTIONS_LISTEN  8
#define OPTIONS_HOSTS   16
#define OPTIONS_ROWS    96 /* of the table of options, at most */

struct record_process;

struct options {
	const struct record_process *recording; /* that is read, or NULL */
	double play;                            /* its speed; 0: not playing */
	const char *at;                         /* its first moment shown, or NULL */
	const char *interface[OPTIONS_SOURCES];
	unsigned n_interfaces;
	const char **file; /* any number; borrowed until exit */
	unsigned n_files;
	bool demo, list_interfaces, no_promiscuous;
	int snaplen, buffer_mib;
	double replay;           /* 0: as fast as possible */
	char filter[1025];       /* capture filter: -f or the trailing words */
	const char *filter_file; /* -F: the same, read after privileges are dropped */
	const char *show;        /* display filter */
	double delay;            /* s */
	const char *view, *sort;
	bool numeric, decap, ascii;
	struct units units;
	enum term_color color;
	enum theme theme;
	struct net local[64];
	unsigned n_local;
	bool local_auto; /* guess the local networks */
	const char *geoip[GEOIP_FILES];
	unsigned n_geoip;
	bool batch;
	enum report_format format;
	int top;                 /* -1: the default of the format */
	uint64_t count, reports; /* 0: no limit */
	double duration;         /* s; 0: no limit */
	const char *snapshot_dir;
	const char *packet_log; /* "-": standard output */
	const char *flow_log;   /* likewise */
	bool flow_json, flow_format_set;
	struct export_to {
		const char *where; /* "tcp:HOST:PORT" */
		bool netflow9;
	} export_to[OPTIONS_EXPORTS];
	unsigned n_exports;
	int active_timeout, inactive_timeout; /* s, of exported flows */
	int export_domain;
	bool biflow, ip_bytes;
	const char *influx, *influx_token_file, *influx_ca, *spool;
	int influx_top; /* hosts */
	bool influx_create;
	const char *event_log; /* likewise */
	const char *on_event;  /* a command; NULL: none */
	bool event_syslog;
	struct event_limits events;
	const char *record; /* a recording; NULL: none */
	struct record_limits record_limits;
	const char *from, *to; /* of a report of a recording; NULL: all */
	const char *write;     /* -w, likewise */
	bool write_shown;      /* only packets that match the display filter */
	const char *comment;   /* of pcapng files, printable; NULL: none */
	struct file_rotation rotation;
	size_t memory;    /* bytes */
	bool memory_auto; /* grow it if files need more */
	const char *keys;
	int dump_cols, dump_rows; /* 0: no dump */
	const char *user;         /* -Z */
	bool no_apps, no_config, no_mouse, processes, no_sandbox, sandbox_strict;
	const char *listen[OPTIONS_LISTEN];
	unsigned n_listen;
	const char *allow_host[OPTIONS_HOSTS]; /* further names of this machine in URLs */
	unsigned n_allow_hosts;
	const char *auth_file, *token_file, *tls_cert, *tls_key;
	bool no_tls;              /* other machines may connect without TLS */
	bool headless;            /* no screen and no reports */
	const char *file_streams; /* a directory: clients may read the captures in it */
	const char *pidfile;
	bool given[OPTIONS_ROWS]; /* opt_rows[i] was on the command line */
};

/* Parses an argument. False with one sentence in err. */
typedef bool opt_fn(struct options *o, const char *arg, struct buf *err);

enum opt_kind { OPT_FLAG, OPT_WHOLE, OPT_COUNT, OPT_REAL, OPT_TEXT };

struct opt_row {
	const char *name; /* long name */
	const char *arg;  /* NULL: none; "[X]": optional */
	const char *help;
	int letter;       /* 0: none */
	opt_fn *fn;       /* NULL: kind and at define what is done */
	uint8_t kind;     /* enum opt_kind */
	size_t at;        /* of the field, in struct options */
	double min, max;  /* of numbers */
	const char *want; /* the error if a text is empty */
};

extern const struct opt_row opt_rows[];
extern const unsigned n_opt_rows;

/* True if the option with that long name was on the command line. */
bool options_given(const struct options *o, const char *name);

/* True if interfaces are captured on. */
static inline bool
options_are_live(const struct options *o)
{
	return o->n_interfaces > 0 || (o->n_files == 0 && !o->demo);
}

/* True if pkttop runs on a terminal, with keys. */
bool options_has_screen(const struct options *o);

/* Parses the command line into *o. Exits with status 2 and a line that names the wrong option;
 * --help and --version print and exit. */
void options_parse(struct options *o, int argc, char **argv);

/* Frees *o, but nothing that is borrowed. */
void options_fini(struct options *o);

/*
 * The words after the options. Capture files are read as with -r; the other words are the capture
 * filter.
 */

/* False with one sentence in err if a word is ambiguous, or neither a file nor part of a filter. */
bool options_take_operands(struct options *o, char *const *word, unsigned n, struct buf *err);

/*
 * Checks the options of a command line against each other, after all of them were parsed.
 */

/* False with one sentence in err that names the option that is wrong, or that has no effect with
 * the others. */
bool option_check(const struct options *o, struct buf *err);

/*
 * How options are parsed into struct options. A row of options.c names the type of its argument and
 * the field that stores it; an option that needs more has a function.
 */

/* clang-format off */
#define FLAG(field)            .kind = OPT_FLAG, .at = offsetof(struct options, field)
#define WHOLE(field, low, top) .kind = OPT_WHOLE, .at = offsetof(struct options, field), .min = low, .max = top
#define COUNT(field)           .kind = OPT_COUNT, .at = offsetof(struct options, field)
#define REAL(field, low, top)  .kind = OPT_REAL, .at = offsetof(struct options, field), .min = low, .max = top
#define TEXT(field, wanted)    .kind = OPT_TEXT, .at = offsetof(struct options, field), .want = wanted
/* clang-format on */

/* Parses the argument as the row says. False with one sentence in err. */
bool option_store(struct options *o, const struct opt_row *r, const char *arg, struct buf *err);

/* Adds a file to be read; path is borrowed. */
void options_add_file(struct options *o, const char *path);

opt_fn option_set_event, option_set_interface, option_set_file, option_add_filter,
    option_set_replay, option_set_show, option_set_view, option_set_units, option_set_color,
    option_set_theme, option_add_local, option_add_geoip, option_set_format, option_set_flow_format,
    option_set_comment, option_add_rotation, option_set_record_size, option_set_record_age,
    option_add_ipfix, option_add_netflow9, option_set_keep, option_set_memory, option_set_keys,
    option_set_dump, option_add_listener, option_add_host, option_hash_password;

#endif
