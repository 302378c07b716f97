/*
 * The command line: one row per option in options.c. The rows feed getopt_long(3), --help and the
 * check of the man page.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dissect/addr.h"
#include "export/report.h"
#include "export/rotating_file.h"
#include "ui/term.h"
#include "view/value.h"

#define OPTIONS_SOURCES 16
#define OPTIONS_ROWS    96 /* of the table of options, at most */

struct options {
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
	bool batch;
	enum report_format format;
	int top;                 /* -1: the default of the format */
	uint64_t count, reports; /* 0: no limit */
	double duration;         /* s; 0: no limit */
	const char *snapshot_dir;
	const char *packet_log; /* "-": standard output */
	const char *flow_log;   /* likewise */
	bool flow_json, flow_format_set;
	const char *write;   /* -w, likewise */
	bool write_shown;    /* only packets that match the display filter */
	const char *comment; /* of pcapng files, printable; NULL: none */
	struct file_rotation rotation;
	size_t memory;    /* bytes */
	bool memory_auto; /* grow it if files need more */
	const char *keys;
	int dump_cols, dump_rows; /* 0: no dump */
	const char *user;         /* -Z */
	bool no_config, no_mouse, processes, no_sandbox, sandbox_strict;
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

/* True if pkttop runs on a terminal, with keys. */
bool options_has_screen(const struct options *o);

/* Parses the command line into *o. Exits with status 2 and a line that names the wrong option;
 * --help and --version print and exit. */
void options_parse(struct options *o, int argc, char **argv);

/* Frees *o, but nothing that is borrowed. */
void options_fini(struct options *o);

#endif
