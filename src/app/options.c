#include "config.h"

#include "app/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define DEFAULT_MEMORY_MIB 64
#define DEFAULT_ACTIVE_S   60
#define DEFAULT_INFLUX_TOP 10
#define DEFAULT_RECORD_BYTES UINT64_C(1000000000)
#define DEFAULT_RECORD_AGE   (UINT64_C(365) * 86400)
#define DEFAULT_INACTIVE_S 15
#define WHOLE_PACKETS      262144
#define LONG_FIRST         1000 /* val of the first row for getopt_long(3) */

/* An argument in brackets, "[SPEED]", is optional. */
static int
options_arg_kind(const struct opt_row *r)
{
	if (r->arg == NULL)
		return no_argument;
	return r->arg[0] == '[' && r->arg[strlen(r->arg) - 1] == ']' ? optional_argument
								     : required_argument;
}

static void
options_make_getopt_tables(struct option *longs, struct buf *shorts)
{
	buf_addc(shorts, ':');
	for (unsigned i = 0; i < n_opt_rows; i++) {
		const struct opt_row *r = &opt_rows[i];

		longs[i] =
		    (struct option){ r->name, options_arg_kind(r), NULL, LONG_FIRST + (int)i };
		if (r->letter == 0)
			continue;
		buf_addc(shorts, (char)r->letter);
		if (options_arg_kind(r) == required_argument)
			buf_addc(shorts, ':');
	}
}

static const struct opt_row *
options_find_row(int c)
{
	if (c >= LONG_FIRST)
		return &opt_rows[c - LONG_FIRST];
	for (unsigned i = 0; i < n_opt_rows; i++)
		if (opt_rows[i].letter == c)
			return &opt_rows[i];
	return NULL;
}

static void
options_apply(struct options *o, int c)
{
	const struct opt_row *r = options_find_row(c);
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	o->given[r - opt_rows] = true;
	if (!option_store(o, r, optarg, &err))
		die_usage("--%s: %s", r->name, err.s);
}

bool
options_has_screen(const struct options *o)
{
	return !o->batch && o->dump_cols == 0;
}

/* Letters may be combined: only getopt() knows which one is wrong. */
static void ATTR_NORETURN
options_fail_word(char *word, const char *why)
{
	const struct opt_row *r = options_find_row(optopt);

	if (optopt >= LONG_FIRST)
		die_usage("--%s: %s; see pkttop --help", r->name, why);
	if (optopt != 0)
		die_usage("-%c: %s; see pkttop --help", optopt, why);
	word[strcspn(word, "=")] = '\0';
	die_usage("%s: no such option; see pkttop --help", word);
}

static const char *
options_explain_error(int c)
{
	if (c == ':')
		return "requires an argument";
	return optopt >= LONG_FIRST ? "does not take an argument" : "no such option";
}

void
options_fini(struct options *o)
{
	free(o->file);
}

void
options_parse(struct options *o, int argc, char **argv)
{
	struct option longs[OPTIONS_ROWS + 1] = { 0 };
	char shorts_text[128], text[256];
	struct buf shorts, err;
	int c;

	*o = (struct options){ .delay = 1,
		.top = -1,
		.export_domain = 1,
		.record_limits = { .bytes = DEFAULT_RECORD_BYTES, .age = DEFAULT_RECORD_AGE },
		.influx_top = DEFAULT_INFLUX_TOP,
		.active_timeout = DEFAULT_ACTIVE_S,
		.inactive_timeout = DEFAULT_INACTIVE_S,
		.memory = (size_t)DEFAULT_MEMORY_MIB << 20,
		.memory_auto = true };
	buf_init(&shorts, shorts_text, sizeof(shorts_text));
	buf_init(&err, text, sizeof(text));
	options_make_getopt_tables(longs, &shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts.s, longs, NULL)) != -1) {
		if (c == ':' || c == '?')
			options_fail_word(argv[optind - 1], options_explain_error(c));
		options_apply(o, c);
	}
	if (!options_take_operands(o, argv + optind, (unsigned)(argc - optind), &err))
		die_usage("%s", err.s);
	/* Without a format, no reports are expected. */
	if (o->batch && o->n_listen > 0 && !options_given(o, "format") && o->reports == 0)
		o->headless = true;
	o->batch |= o->headless;
	if (!option_check(o, &err))
		die_usage("%s", err.s);
	/* A capture file needs whole packets. */
	if (o->write != NULL && o->snaplen == 0)
		o->snaplen = WHOLE_PACKETS;
}
