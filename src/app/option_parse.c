#include "config.h"

#include "app/options.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/keymap.h"
#include "screen/canvas.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/filter.h"
#include "view/view.h"

#define LONGEST_COMMENT 1000

/* MiB for all tables: with half of the address space, sums of sizes do not overflow. */
#define MEMORY_MOST (SIZE_MAX >> 21 < 65536 ? (long long)(SIZE_MAX >> 21) : 65536)

static bool
option_fail(struct buf *err, const char *arg, const char *want)
{
	buf_setf(err, "\"%s\": %s", arg, want);
	return false;
}

static bool
option_parse_number(const char *arg, long long min, long long max, long long *n, struct buf *err)
{
	const char *why;

	*n = strtonum(arg, min, max, &why);
	if (why == NULL)
		return true;
	buf_setf(err, "\"%s\": must be a whole number from %lld to %lld", arg, min, max);
	return false;
}

static bool
option_parse_real(const char *arg, double min, double max, double *x, struct buf *err)
{
	char *end;

	errno = 0;
	*x = strtod(arg, &end);
	if (end != arg && *end == '\0' && errno == 0 && *x >= min && *x <= max)
		return true;
	buf_setf(err, "\"%s\": must be a number from %g to %g", arg, min, max);
	return false;
}

/* The index of arg in names, which ends in NULL; -1 with the choices in err. */
static int
option_parse_choice(const char *arg, const char *const *names, struct buf *err)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(arg, names[i]) == 0)
			return i;
	buf_setf(err, "\"%s\": must be one of", arg);
	for (int i = 0; names[i] != NULL; i++)
		buf_addf(err, "%s %s", i == 0 ? "" : ",", names[i]);
	return -1;
}

bool
option_set_interface(struct options *o, const char *arg, struct buf *err)
{
	if (o->n_interfaces == OPTIONS_SOURCES)
		return option_fail(err, arg, "too many interfaces (maximum 16)");
	if (*arg == '\0')
		return option_fail(err, arg, "must be an interface; -D lists them");
	o->interface[o->n_interfaces++] = arg;
	return true;
}

void
options_add_file(struct options *o, const char *path)
{
	o->file = xreallocarray(o->file, o->n_files + 1, sizeof(*o->file));
	o->file[o->n_files++] = path;
}

bool
option_set_file(struct options *o, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return option_fail(err, arg, "must be a capture file, or - for standard input");
	options_add_file(o, arg);
	return true;
}

bool
option_add_filter(struct options *o, const char *arg, struct buf *err)
{
	if (o->filter[0] != '\0')
		strlcat(o->filter, " ", sizeof(o->filter));
	if (strlcat(o->filter, arg, sizeof(o->filter)) >= sizeof(o->filter)) {
		buf_setf(err, "the capture filter is longer than %zu bytes", sizeof(o->filter) - 1);
		return false;
	}
	return true;
}

bool
option_set_event(struct options *o, const char *arg, struct buf *err)
{
	char name[32];
	const char *equals = strchr(arg, '=');
	enum event_rule r = EVENT_RULES;
	long long n;

	if (equals != NULL && (size_t)(equals - arg) < sizeof(name)) {
		strlcpy(name, arg, (size_t)(equals - arg) + 1);
		r = event_rule_find(name);
	}
	if (r == EVENT_RULES)
		return option_fail(err, arg, "must be a rule and a number, such as port_scan=30");
	if (!option_parse_number(equals + 1, 0, UINT32_MAX, &n, err))
		return false;
	o->events.given[r] = true;
	o->events.n[r] = (uint32_t)n;
	return true;
}

bool
option_set_replay(struct options *o, const char *arg, struct buf *err)
{
	if (arg != NULL)
		return option_parse_real(arg, 0.001, 1e6, &o->replay, err);
	o->replay = 1;
	return true;
}

bool
option_set_show(struct options *o, const char *arg, struct buf *err)
{
	if (strlen(arg) > FILTER_MAX)
		return option_fail(err, "...", "the display filter is longer than 1024 bytes");
	o->show = arg;
	return true;
}

bool
option_set_view(struct options *o, const char *arg, struct buf *err)
{
	if (view_by_name(arg) == NULL) {
		buf_setf(err, "\"%s\": must be one of", arg);
		for (unsigned i = 0; i < n_views; i++)
			buf_addf(err, "%s %s", i == 0 ? "" : ",", views[i]->name);
		return false;
	}
	o->view = arg;
	return true;
}

bool
option_set_units(struct options *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "bits", "bytes", NULL };
	int i = option_parse_choice(arg, names, err);

	o->units.bytes_per_second = i == 1;
	return i >= 0;
}

bool
option_set_color(struct options *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "auto", "always", "never", NULL };
	int i = option_parse_choice(arg, names, err);

	if (i >= 0)
		o->color = (enum term_color)i;
	return i >= 0;
}

bool
option_set_theme(struct options *o, const char *arg, struct buf *err)
{
	int i = option_parse_choice(arg, theme_names, err);

	if (i >= 0)
		o->theme = (enum theme)i;
	return i >= 0;
}

bool
option_add_local(struct options *o, const char *arg, struct buf *err)
{
	if (o->n_local == sizeof(o->local) / sizeof(o->local[0]))
		return option_fail(err, arg, "too many local networks (maximum 64)");
	if (strcmp(arg, "auto") == 0)
		return o->local_auto = true;
	if (!net_parse(arg, &o->local[o->n_local]))
		return option_fail(err, arg, "must be a network such as 192.0.2.0/24, or auto");
	o->n_local++;
	return true;
}

bool
option_add_geoip(struct options *o, const char *arg, struct buf *err)
{
	if (!geoip_is_available())
		return option_fail(err, arg, "this build has no libmaxminddb");
	if (*arg == '\0')
		return option_fail(err, arg, "must be a file");
	if (o->n_geoip == NITEMS(o->geoip))
		return option_fail(err, arg, "too many databases (maximum 8)");
	o->geoip[o->n_geoip++] = arg;
	return true;
}

bool
option_set_format(struct options *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "text", "json", "csv", NULL };
	int i = option_parse_choice(arg, names, err);

	if (i >= 0)
		o->format = (enum report_format)i;
	o->batch = true;
	return i >= 0;
}

bool
option_set_flow_format(struct options *o, const char *arg, struct buf *err)
{
	static const char *const names[] = { "csv", "json", NULL };
	int i = option_parse_choice(arg, names, err);

	o->flow_json = i == 1;
	o->flow_format_set = true;
	return i >= 0;
}

static bool
option_add_export(struct options *o, const char *arg, bool netflow9, struct buf *err)
{
	if (o->n_exports == OPTIONS_EXPORTS)
		return option_fail(err, arg, "too many collectors (maximum 4)");
	if (*arg == '\0')
		return option_fail(err, arg, "must be HOST:PORT");
	o->export_to[o->n_exports++] = (struct export_to){ arg, netflow9 };
	return true;
}

bool
option_add_ipfix(struct options *o, const char *arg, struct buf *err)
{
	return option_add_export(o, arg, false, err);
}

bool
option_add_netflow9(struct options *o, const char *arg, struct buf *err)
{
	if (strncmp(arg, "tcp:", 4) == 0)
		return option_fail(err, arg, "NetFlow 9 is sent over UDP only; see --ipfix");
	return option_add_export(o, arg, true, err);
}

bool
option_set_comment(struct options *o, const char *arg, struct buf *err)
{
	if (*arg == '\0' || strlen(arg) > LONGEST_COMMENT || !text_is_clean(arg))
		return option_fail(err, arg, "must be printable and have 1 to 1000 bytes");
	o->comment = arg;
	return true;
}

/* Parses a size as 100M, or a time as 1h; either may be missing. */
/* "100M" or "1h". False if it is neither. */
static bool
option_parse_amount(const char *arg, bool *is_time, uint64_t *n)
{
	/* clang-format off */
	static const struct {
		char unit;
		bool time;
		uint64_t times; /* bytes, or s */
	} units[] = {
		{ 'k', false, 1000 }, { 'M', false, 1000000 }, { 'G', false, 1000000000 },
		{ 's', true, 1 }, { 'm', true, 60 }, { 'h', true, 3600 }, { 'd', true, 86400 },
	};
	/* clang-format on */
	char digits[16];
	size_t len = strlen(arg);
	const char *why = NULL;

	for (unsigned i = 0; len > 1 && len <= sizeof(digits) && i < NITEMS(units); i++) {
		if (arg[len - 1] != units[i].unit)
			continue;
		strlcpy(digits, arg, len);
		*n = (uint64_t)strtonum(digits, 1, 1000000, &why) * units[i].times;
		*is_time = units[i].time;
		return why == NULL;
	}
	return false;
}

bool
option_add_rotation(struct options *o, const char *arg, struct buf *err)
{
	bool is_time;
	uint64_t n;

	if (!option_parse_amount(arg, &is_time, &n))
		return option_fail(err, arg,
		    "must be a size such as 100M (k, M, G) or a time such as 1h (s, m, h, d)");
	if (is_time)
		o->rotation.ns = n * UINT64_C(1000000000);
	else
		o->rotation.bytes = n;
	return true;
}

bool
option_set_record_size(struct options *o, const char *arg, struct buf *err)
{
	bool is_time;

	if (!option_parse_amount(arg, &is_time, &o->record_limits.bytes) || is_time ||
	    o->record_limits.bytes < RECORD_BYTES_MIN)
		return option_fail(
		    err, arg, "must be a size of at least 20M, such as 1G (k, M, G)");
	return true;
}

bool
option_set_record_age(struct options *o, const char *arg, struct buf *err)
{
	bool is_time;

	if (!option_parse_amount(arg, &is_time, &o->record_limits.age) || !is_time)
		return option_fail(err, arg, "must be a time such as 30d (s, m, h, d)");
	return true;
}

bool
option_set_keep(struct options *o, const char *arg, struct buf *err)
{
	long long n;

	if (!option_parse_number(arg, 1, ROTATING_FILE_KEEP, &n, err))
		return false;
	o->rotation.keep = (unsigned)n;
	return true;
}

bool
option_set_memory(struct options *o, const char *arg, struct buf *err)
{
	long long n;

	o->memory_auto = strcmp(arg, "auto") == 0;
	if (o->memory_auto)
		return true;
	if (!option_parse_number(arg, (long long)(LEDGER_MEMORY_MIN >> 20), MEMORY_MOST, &n, err))
		return false;
	o->memory = (size_t)n << 20;
	return true;
}

bool
option_set_keys(struct options *o, const char *arg, struct buf *err)
{
	const char *s = arg;
	uint32_t code;

	while (key_parse(&s, &code))
		;
	if (*s != '\0')
		return option_fail(err, s, "no such key name");
	o->keys = arg;
	return true;
}

bool
option_set_dump(struct options *o, const char *arg, struct buf *err)
{
	const char *why;
	char cols[16], *x;

	strlcpy(cols, arg, sizeof(cols));
	x = strchr(cols, 'x');
	if (x != NULL) {
		*x = '\0';
		o->dump_cols = (int)strtonum(cols, 1, CANVAS_MAX_COLS, &why);
		o->dump_rows = (int)strtonum(x + 1, 1, CANVAS_MAX_ROWS, &why);
	}
	if (o->dump_cols > 0 && o->dump_rows > 0)
		return true;
	return option_fail(err, arg, "must be COLUMNSxROWS, such as 80x24");
}

/* The field of *o that a row without a function stores to. */
static void *
option_field(struct options *o, const struct opt_row *r)
{
	return (char *)o + r->at;
}

static bool
option_store_flag(void *to, const struct opt_row *r, const char *arg, struct buf *err)
{
	(void)r;
	(void)arg;
	(void)err;
	return *(bool *)to = true;
}

static bool
option_store_whole(void *to, const struct opt_row *r, const char *arg, struct buf *err)
{
	long long n;

	if (!option_parse_number(arg, (long long)r->min, (long long)r->max, &n, err))
		return false;
	*(int *)to = (int)n;
	return true;
}

static bool
option_store_count(void *to, const struct opt_row *r, const char *arg, struct buf *err)
{
	long long n;

	(void)r;
	if (!option_parse_number(arg, 1, INT64_MAX, &n, err))
		return false;
	*(uint64_t *)to = (uint64_t)n;
	return true;
}

static bool
option_store_real(void *to, const struct opt_row *r, const char *arg, struct buf *err)
{
	return option_parse_real(arg, r->min, r->max, to, err);
}

static bool
option_store_text(void *to, const struct opt_row *r, const char *arg, struct buf *err)
{
	if (*arg == '\0')
		return option_fail(err, arg, r->want);
	*(const char **)to = arg;
	return true;
}

bool
option_store(struct options *o, const struct opt_row *r, const char *arg, struct buf *err)
{
	static bool (*const store[])(void *, const struct opt_row *, const char *, struct buf *) = {
		[OPT_FLAG] = option_store_flag,
		[OPT_WHOLE] = option_store_whole,
		[OPT_COUNT] = option_store_count,
		[OPT_REAL] = option_store_real,
		[OPT_TEXT] = option_store_text,
	};

	return r->fn != NULL ? r->fn(o, arg, err) : store[r->kind](option_field(o, r), r, arg, err);
}
