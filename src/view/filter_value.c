#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/private.h"

#define NS_PER_S 1e9L

/*
 * Some implementations of regcomp() expand repetitions, so nested ones need unbounded time and
 * memory.
 */
#define REGEX_REPEAT 256

struct filter_unit {
	const char *name;
	long double factor;
};

/* clang-format off */
static const struct filter_unit prefixes[] = {
	{ "Ki", 1024 }, { "Mi", 1048576 }, { "Gi", 1073741824 }, { "Ti", 1099511627776 },
	{ "k", 1e3L }, { "M", 1e6L }, { "G", 1e9L }, { "T", 1e12L }, { "", 1 },
};

static const struct filter_unit seconds[] = {
	{ "", 1e9L }, { "ns", 1 }, { "us", 1e3L }, { "ms", 1e6L }, { "s", 1e9L }, { "sec", 1e9L },
	{ "m", 60e9L }, { "min", 60e9L }, { "h", 3600e9L }, { "d", 86400e9L }, { NULL, 0 },
};

/* Bytes a second are written with a capital B. */
static const struct filter_unit rates[] = {
	{ "", 0.125L }, { "b", 0.125L }, { "bit", 0.125L }, { "bits", 0.125L }, { "bps", 0.125L },
	{ "b/s", 0.125L }, { "bit/s", 0.125L }, { "bits/s", 0.125L },
	{ "B", 1 }, { "B/s", 1 }, { "Bps", 1 }, { NULL, 0 },
};

static const struct filter_unit bytes[] = { { "", 1 }, { "B", 1 }, { "b", 1 }, { NULL, 0 } };
static const struct filter_unit packets[] = {
	{ "", 1 }, { "p/s", 1 }, { "pps", 1 }, { "pkt/s", 1 }, { NULL, 0 },
};
static const struct filter_unit shares[] = { { "", 1 }, { "%", 0.01L }, { NULL, 0 } };
static const struct filter_unit plain[] = { { "", 1 }, { NULL, 0 } };

/* How numbers of a type are written: a prefix, if it takes one, and a unit. */
static const struct {
	bool scaled;
	const struct filter_unit *units;
} unit_kinds[] = {
	[V_COUNT] = { true, plain },
	[V_BYTES] = { true, bytes },
	[V_BYTE_RATE] = { true, rates },
	[V_PACKET_RATE] = { true, packets },
	[V_SHARE] = { false, shares },
	[V_DURATION] = { false, seconds },
	[V_PORT] = { false, plain },
	[V_ID] = { false, plain },
};
/* clang-format on */

/* Digits with an optional decimal point.  Returns the end, or NULL. strtod() would use the
 * locale. */
static const char *
filter_value_read_decimal(const char *s, long double *x)
{
	const char *start = s;
	long double unit = 1;

	for (*x = 0; *s >= '0' && *s <= '9'; s++)
		*x = *x * 10 + (*s - '0');
	if (s == start)
		return NULL;
	if (*s != '.')
		return s;
	for (start = ++s; *s >= '0' && *s <= '9'; s++) {
		unit *= 10;
		*x += (*s - '0') / unit;
	}
	return s == start ? NULL : s;
}

static bool
filter_value_read_time(const char *s, long double *ns)
{
	static const char *const formats[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%dT%H:%M", "%Y-%m-%d" };

	for (unsigned i = 0; i < NITEMS(formats); i++) {
		struct tm tm = { .tm_mday = 1 };
		const char *end = strptime(s, formats[i], &tm);

		if (end == NULL || *end != '\0')
			continue;
		*ns = (long double)timegm(&tm) * NS_PER_S;
		return true;
	}
	return false;
}

static const struct filter_unit *
filter_value_find_unit(const struct filter_unit *u, const char *s, bool exact)
{
	for (; u->name != NULL; u++)
		if ((exact ? strcmp(u->name, s) : strcasecmp(u->name, s)) == 0)
			return u;
	return NULL;
}

/* Multiplies *x by the unit, which is all of s.  "b" and "B" differ in rates only. */
static bool
filter_value_scale(const char *s, enum value_type type, long double *x)
{
	const struct filter_unit *u = NULL, *prefix = &prefixes[NITEMS(prefixes) - 1];
	bool exact = type == V_BYTE_RATE;

	for (size_t i = 0; unit_kinds[type].scaled && i < NITEMS(prefixes) && u == NULL; i++) {
		size_t n = strlen(prefixes[i].name);

		if (strncasecmp(s, prefixes[i].name, n) != 0)
			continue;
		prefix = &prefixes[i];
		u = filter_value_find_unit(unit_kinds[type].units, s + n, exact);
	}
	if (!unit_kinds[type].scaled)
		u = filter_value_find_unit(unit_kinds[type].units, s, exact);
	if (u == NULL)
		return false;
	*x *= prefix->factor * u->factor;
	return true;
}

bool
filter_value_number(const char *s, enum value_type type, long double *x)
{
	if (type == V_TIME)
		return filter_value_read_time(s, x);
	s = filter_value_read_decimal(s, x);
	if (s == NULL)
		return false;
	s += strspn(s, " ");
	return filter_value_scale(s, type, x);
}

bool
filter_value_takes_unit(
    const struct filter_word *number, const struct filter_word *unit, enum value_type type)
{
	char digits[32], name[8];
	long double x;
	const char *end;

	if (type >= NITEMS(unit_kinds) || unit_kinds[type].units == NULL || unit->len == 0)
		return false;
	if (!filter_word_copy(number, digits, sizeof(digits)) ||
	    !filter_word_copy(unit, name, sizeof(name)))
		return false;
	end = filter_value_read_decimal(digits, &x);
	return end != NULL && *end == '\0' && filter_value_scale(name, type, &x);
}

bool
filter_value_is_address(const struct filter_word *w)
{
	char text[80];
	unsigned dots = 0;
	bool slash = false;
	struct net net;

	if (!filter_word_copy(w, text, sizeof(text)) || w->len == 0)
		return false;
	text[strcspn(text, "%")] = '\0';
	if (strchr(text, ':') != NULL)
		return (net_parse(text, &net) && strcmp(text + strlen(text) - 2, "::") != 0) ||
		    (strlen(text) == 17 && strspn(text, "0123456789abcdefABCDEF:") == 17 &&
			text[2] == ':');
	for (const char *s = text; *s != '\0'; s++) {
		dots += *s == '.';
		slash |= *s == '/';
		if (strchr("0123456789./", *s) == NULL)
			return false;
	}
	return slash || (dots == 3 && text[strlen(text) - 1] != '.' && text[0] != '.');
}

bool
filter_value_net(const char *s, struct net *n)
{
	const char *const rest[] = { ".0.0.0", ".0.0", ".0" };
	size_t len = strspn(s, "0123456789.");
	unsigned dots = 0;
	char text[64];

	if (net_parse(s, n))
		return true;
	for (size_t i = 0; i < len; i++)
		dots += s[i] == '.';
	if (len == 0 || len > 15 || dots > 2 || (s[len] != '/' && s[len] != '\0'))
		return false;
	if (s[len] == '/')
		snprintf(text, sizeof(text), "%.*s%s%.4s", (int)len, s, rest[dots], s + len);
	else
		snprintf(text, sizeof(text), "%s%s/%u", s, rest[dots], 8 * (dots + 1));
	return net_parse(text, n);
}

void
filter_value_pattern(struct buf *b, const char *s)
{
	buf_addc(b, '^');
	for (; *s != '\0'; s++) {
		if (*s == '%')
			buf_adds(b, ".*");
		else if (*s == '_')
			buf_addc(b, '.');
		else if (strchr(".*+?^$()[]{}|\\", *s) != NULL)
			buf_addf(b, "\\%c", *s);
		else
			buf_addc(b, *s);
	}
	buf_addc(b, '$');
}

/* The repeat count of the braces whose content starts at s. */
static unsigned long
filter_value_repeat_count(const char *s)
{
	char *end;
	unsigned long least = strtoul(s, &end, 10);
	unsigned long most = *end == ',' ? strtoul(end + 1, NULL, 10) : 0;
	unsigned long n = most > least ? most : least;

	if (n > REGEX_REPEAT)
		return REGEX_REPEAT + 1;
	return n > 0 ? n : 1;
}

const char *
filter_value_regex_error(const char *s)
{
	unsigned long repeat = 1;

	if (strlen(s) > FILTER_REGEX_MAX)
		return "the regular expression is too long";
	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] >= '1' && s[1] <= '9')
			return "back-references are not supported";
		if (*s == '\\' && s[1] != '\0')
			s++;
		else if (*s == '+')
			repeat *= 2;
		else if (*s == '{')
			repeat *= filter_value_repeat_count(s + 1);
		if (repeat > REGEX_REPEAT)
			return "the regular expression repeats too much";
	}
	return NULL;
}
